"""The balance of a house as a table for a file: one line a figure, with its base and its definition."""

from collections.abc import Iterator

from flask_babel import gettext as _

from webapp.offices import wording
from webapp.offices.figures import Balance, Group, Waits
from webapp.offices.wording import DEFINITIONS

Line = list[str | int | float]


def header() -> Line:
    """Name the columns."""
    return [str(_("Figure")), str(_("Of what")), str(_("Value")), str(_("Matches or answers it rests on")),
            str(_("Definition"))]  # fmt: skip


def lines(balance: Balance) -> Iterator[Line]:
    """Give every figure of the page."""
    yield from _of_group(str(_("All together")), balance.total)
    for group in balance.countries:
        yield from _of_group(wording.country_label(group.key), group)
    for group in balance.terms:
        yield from _of_group(wording.term_label(group.key), group)  # type: ignore[arg-type]
    yield from _of_waits(str(_("Lecturers")), balance.lecturers, "lecturers")
    yield from _of_waits(str(_("International office")), balance.office, "office")


def _of_group(name: str, group: Group) -> Iterator[Line]:
    base = group.lead_base
    yield [str(_("Matches")), name, group.n, group.n, str(DEFINITIONS["matches"])]
    yield [str(_("Exchanges")), name, group.n_exchanges, group.n, str(DEFINITIONS["exchanges"])]
    yield [str(_("Students here")), name, group.own_students, group.own_base, str(DEFINITIONS["students"])]
    yield [str(_("Students there")), name, group.partner_students, group.partner_base, str(DEFINITIONS["students"])]
    yield [str(_("Led from here")), name, group.own_leads, base, str(DEFINITIONS["leads"])]
    yield [str(_("Led by the partner")), name, group.partner_leads, base, str(DEFINITIONS["leads"])]
    yield [str(_("Led by both")), name, group.both_lead, base, str(DEFINITIONS["leads"])]


def _of_waits(name: str, found: Waits, key: str) -> Iterator[Line]:
    if found.middle is None or found.most is None:
        return
    half, most = str(_("Days until half had answered")), str(_("Days until 90 of 100 had answered"))
    yield [half, name, round(found.middle, 2), found.n, str(DEFINITIONS[key])]
    yield [most, name, round(found.most, 2), found.n, str(DEFINITIONS[key])]
