"""Which indicators there are, in the order of the pages."""

from collections.abc import Callable

from webapp.insights import flow, partnerships
from webapp.insights.facts import Rows
from webapp.insights.tables import Figure

FIGURES: dict[str, Callable[[Rows], Figure]] = {
    "funnel": flow.funnel,
    "students": partnerships.students,
    "origin": flow.origin,
    "lead": partnerships.lead,
    "first-yes": flow.first_yes,
    "coverage": partnerships.coverage,
    "pairs": partnerships.pairs,
    "countries": partnerships.countries,
    "fields": partnerships.fields,
    "levels": partnerships.levels,
    "languages": partnerships.languages,
    "goals": partnerships.goals,
    "inclusion": partnerships.inclusion,
    "ended": flow.ended,
    "calibration": flow.calibration,
    "climate": partnerships.climate,
}
PUBLIC = ("funnel", "students", "origin", "lead", "first-yes", "coverage", "pairs", "countries", "fields", "climate")
"""Those everybody may see."""


def computed(rows: Rows, codes: tuple[str, ...] = tuple(FIGURES)) -> list[Figure]:
    """Compute indicators, in the order of the pages."""
    return [FIGURES[code](rows) for code in codes]
