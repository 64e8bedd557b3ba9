"""Indicators of the partnerships themselves: whose they are, what they are about; pure functions over rows.

A partnership is a match that both lecturers have accepted, whatever came of it later.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import chain

import numpy as np

from matcher.balance import gini
from matcher.profile import Bandwidth, Level, Mode
from matcher.vocabulary.asem import REGIONS, Region
from webapp.insights.facts import Course, Leader, Pair, Rows, Step
from webapp.insights.grids import Grid, grid
from webapp.insights.suppression import Status, hidden, share
from webapp.insights.tables import (
    OTHERS,
    Cell,
    Figure,
    Kind,
    Row,
    count,
    others,
    overlapping,
    parts,
    resting_on,
    two_sided,
)
from webapp.insights.totals import totals
from webapp.matches import travel

BEYOND = frozenset({Level.SECONDARY, Level.TVET, Level.LIFELONG})
"""Levels of courses outside the university."""
COUNTRIES_OF = {
    region: len({country for country, its in REGIONS.items() if its is region} - {"HK", "MO"}) for region in Region
}
"""Countries of each region; Hong Kong and Macao count with China."""


def reached(rows: Rows, step: Step = Step.ACCEPTED) -> list[Pair]:
    """Matches that have come so far at any time."""
    return [pair for pair in rows.pairs if pair.step >= step]


def students(rows: Rows) -> Figure:
    """Students on both sides of exchanges that run or ran; only where the class size is known."""
    held, base = reached(rows, Step.RUNNING), totals(rows)[Step.RUNNING]
    lines = []
    for key, side in (("asia", [pair.a for pair in held]), ("europe", [pair.b for pair in held])):
        known = [course.students for course in side if course.students]
        mean = sum(known) / len(known) if known else None
        # With sum and mean anybody knows of how many classes; so these two go together.
        status = share(len(known), len(held)) if base.status is Status.SHOWN else hidden(len(known))
        lines.append(
            Row(
                key,
                (
                    resting_on(Kind.COUNT, sum(known), len(known)),
                    Cell(Kind.COUNT, mean and round(mean), status),
                    count(len(known), status),
                ),
            )
        )
    return Figure("students", ("students", "students_mean", "sizes_known"), tuple(lines), base)


def lead(rows: Rows) -> Figure:
    """Which side leads; those of which nobody says it are a part of their own, so that no part is left to reckon."""
    counted = Counter(pair.leader for pair in reached(rows))
    return parts("lead", [(one.value, counted[one]) for one in Leader], totals(rows)[Step.ACCEPTED])


def links(rows: Rows) -> tuple[dict[tuple[str, str], int], Grid, Cell]:
    """Partnerships by Asian and European country, which of these numbers may be shown, and all of them."""
    counts = dict(Counter((pair.a.spot.country, pair.b.spot.country) for pair in reached(rows)))
    whole = totals(rows)[Step.ACCEPTED]
    return counts, grid(counts, whole.status), whole


def pairs(rows: Rows) -> Figure:
    """Which countries work with each other."""
    counts, states, whole = links(rows)
    ordered = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    lines = [Row("+".join(key), (count(n),)) for key, n in ordered if states.cells[key] is Status.SHOWN]
    folded = [n for key, n in ordered if states.cells[key] is not Status.SHOWN]
    if folded:
        # That each is small is not said: with the numbers of the countries it would tell too much.
        lines.append(Row(OTHERS, (_together(folded, whole),)))
    return Figure("pairs", ("matches",), tuple(lines), whole)


def countries(rows: Rows) -> Figure:
    """How many partnerships each country has; those not shown stand in one row for each region."""
    counts, states, whole = links(rows)
    lines = []
    for region, side, of_side in ((Region.ASIA, 0, states.rows), (Region.EUROPE, 1, states.columns)):
        found = Counter[str]()
        for key, n in counts.items():
            found[key[side]] += n
        ordered = sorted(found.items(), key=lambda one: (-one[1], one[0]))
        lines += [Row(country, (count(n),)) for country, n in ordered if of_side[country] is Status.SHOWN]
        folded = [n for country, n in ordered if of_side[country] is not Status.SHOWN]
        if folded:
            lines.append(Row(f"{others(folded)}-{region.value}", (_together(folded, whole),)))
    return Figure("countries", ("matches",), tuple(lines), whole)


def _together(folded: Sequence[int], whole: Cell) -> Cell:
    return count(sum(folded), None if whole.status is Status.SHOWN else hidden(sum(folded)))


def _both_sides(code: str, rows: Rows, key_of: Callable[[Course], str], order: Sequence[str] = ()) -> Figure:
    """Courses in partnerships by a property, on both sides; unknown ones last."""
    held = reached(rows)
    a, b = Counter(key_of(pair.a) for pair in held), Counter(key_of(pair.b) for pair in held)
    keys = [key for key in (*(order or sorted({*a, *b} - {""})), "") if a[key] or b[key]]
    return two_sided(code, [(key, a[key], b[key]) for key in keys], totals(rows)[Step.ACCEPTED])


def fields(rows: Rows) -> Figure:
    """Broad fields of study."""
    return _both_sides("fields", rows, lambda course: course.field)


def levels(rows: Rows) -> Figure:
    """Levels of courses."""
    return _both_sides("levels", rows, lambda course: course.level, [level.value for level in Level])


def languages(rows: Rows) -> Figure:
    """Languages that both classes can work in."""
    found = Counter(chain.from_iterable(pair.a.languages & pair.b.languages or ("",) for pair in reached(rows)))
    ordered = sorted(found.items(), key=lambda one: (not one[0], -one[1], one[0]))
    return overlapping("languages", ordered, totals(rows)[Step.ACCEPTED])


def goals(rows: Rows) -> Figure:
    """Sustainable Development Goals that either course names."""
    found = Counter(chain.from_iterable(pair.a.goals | pair.b.goals for pair in reached(rows)))
    counted = [(str(goal), n) for goal, n in sorted(found.items())]
    return overlapping("goals", counted, totals(rows)[Step.ACCEPTED])


def inclusion(rows: Rows) -> Figure:
    """Partnerships with a class on a thin line, without meeting hours, or outside the university."""
    asked: dict[str, Callable[[Course], bool]] = {
        "low_bandwidth": lambda course: course.bandwidth == Bandwidth.LOW,
        "asynchronous": lambda course: course.mode == Mode.ASYNCHRONOUS,
        "beyond_university": lambda course: course.level in BEYOND,
    }
    held = reached(rows)
    counted = [(key, sum(is_so(pair.a) or is_so(pair.b) for pair in held)) for key, is_so in asked.items()]
    return overlapping("inclusion", counted, totals(rows)[Step.ACCEPTED])


def coverage(rows: Rows) -> Figure:
    """How many countries have a partnership, and how evenly partnerships are spread over those that offer courses."""
    held = reached(rows)
    served = Counter(country for pair in held for country in (pair.a.spot.country, pair.b.spot.country))
    offered = Counter(course.spot.country for course in rows.courses)
    lines = []
    for region in Region:
        there = sorted(country for country in offered if REGIONS.get(country) is region)
        n = sum(country in served for country in REGIONS if REGIONS[country] is region)
        rates = np.array([served[country] / offered[country] for country in there], dtype=np.float64)
        lines.append(
            Row(
                region.value,
                (
                    resting_on(Kind.COUNT, n, len(held)),
                    Cell(Kind.COUNT, COUNTRIES_OF[region]),
                    Cell(Kind.COUNT, len(there)),
                    resting_on(Kind.INDEX, gini(rates), len(held)),
                ),
            )
        )
    return Figure("coverage", ("served", "of_countries", "offering", "gini"), tuple(lines), totals(rows)[Step.ACCEPTED])


def climate(rows: Rows) -> Figure:
    """Greenhouse gases of the visits that exchanges stood in for."""
    low = high = 0.0
    n = 0
    held, base = reached(rows, Step.RUNNING), totals(rows)[Step.RUNNING]
    for pair in held:
        saved = _saved(pair)
        if saved is not None:
            low, high, n = low + saved[0], high + saved[1], n + 1
    # With the sum and the mean anybody knows of how many exchanges.
    status = share(n, len(held)) if base.status is Status.SHOWN else hidden(n)
    lines = [
        Row(key, (resting_on(Kind.TONNES, whole, n), Cell(Kind.TONNES, whole / n if n else None, status)))
        for key, whole in (("low", low), ("high", high))
    ]
    return Figure("climate", ("tonnes", "tonnes_each"), tuple(lines), count(n, status))


def _saved(pair: Pair) -> tuple[float, float] | None:
    """Tonnes without and with effects of height, reckoned as the page of a match does; None where nobody knows."""
    a, b = pair.a.spot, pair.b.spot
    if a.place is None or b.place is None:
        return None
    kilometres = travel.distance(a.place, b.place)
    if kilometres <= travel.NEAR:
        return None
    route = "uk" if travel.UNITED_KINGDOM in (a.country, b.country) else "elsewhere"
    guests = min((n for n in (pair.a.students, pair.b.students) if n), default=1)
    low, high = travel.factors()[route]
    there_and_back = 2 * kilometres * guests / 1000
    return there_and_back * low, there_and_back * high
