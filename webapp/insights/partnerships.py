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
from webapp.insights.suppression import Grid, Status, column, grid, share
from webapp.insights.tables import Cell, Figure, Kind, Row, base, count, parts, resting_on
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
    held = reached(rows, Step.RUNNING)
    lines = []
    for key, side in (("asia", [pair.a for pair in held]), ("europe", [pair.b for pair in held])):
        known = [course.students for course in side if course.students]
        mean = sum(known) / len(known) if known else None
        lines.append(
            Row(
                key,
                (
                    resting_on(Kind.COUNT, sum(known), len(known)),
                    resting_on(Kind.COUNT, mean and round(mean), len(known)),
                    count(len(known)),
                ),
            )
        )
    return Figure("students", ("students", "students_mean", "sizes_known"), tuple(lines), base(len(held)))


def lead(rows: Rows) -> Figure:
    """Which side leads; those of which nobody says it are a part of their own, so that no part is left to reckon."""
    held = reached(rows)
    counted = Counter(pair.leader for pair in held)
    return parts("lead", [(one.value, counted[one]) for one in Leader], whole=len(held))


def links(rows: Rows) -> tuple[dict[tuple[str, str], int], Grid]:
    """Partnerships by Asian and European country, and which of these numbers may be shown."""
    counts = dict(Counter((pair.a.spot.country, pair.b.spot.country) for pair in reached(rows)))
    return counts, grid(counts)


def pairs(rows: Rows) -> Figure:
    """Which countries work with each other."""
    counts, states = links(rows)
    ordered = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    lines = [Row("+".join(key), (count(n, states.cells[key]),)) for key, n in ordered]
    return Figure("pairs", ("matches",), tuple(lines), count(sum(counts.values()), states.whole))


def countries(rows: Rows) -> Figure:
    """How many partnerships each country has."""
    counts, states = links(rows)
    may_be_shown = states.rows | states.columns
    found = Counter[str]()
    for key, n in counts.items():
        found.update(dict.fromkeys(key, n))
    ordered = sorted(found.items(), key=lambda one: (REGIONS.get(one[0], ""), -one[1], one[0]))
    lines = [Row(country, (count(n, may_be_shown[country]),)) for country, n in ordered]
    return Figure("countries", ("matches",), tuple(lines), count(sum(counts.values()), states.whole))


def _both_sides(code: str, rows: Rows, key_of: Callable[[Course], str], order: Sequence[str] = ()) -> Figure:
    """Courses in partnerships by a property, on both sides; unknown ones last."""
    held = reached(rows)
    sides = [Counter(key_of(pair.a) for pair in held), Counter(key_of(pair.b) for pair in held)]
    known = [key for key in order or sorted({*sides[0], *sides[1]} - {""}) if sides[0][key] or sides[1][key]]
    keys = [*known, ""] if sides[0][""] or sides[1][""] else known
    columns = [column([side[key] for key in keys]) for side in sides]
    lines = [
        Row(key, tuple(count(side[key], states[at]) for side, (states, _) in zip(sides, columns, strict=True)))
        for at, key in enumerate(keys)
    ]
    whole = max((of_sum for _, of_sum in columns), key=lambda it: it is not Status.SHOWN)
    return Figure(code, ("courses_asia", "courses_europe"), tuple(lines), count(len(held), whole))


def fields(rows: Rows) -> Figure:
    """Broad fields of study."""
    return _both_sides("fields", rows, lambda course: course.field)


def levels(rows: Rows) -> Figure:
    """Levels of courses."""
    return _both_sides("levels", rows, lambda course: course.level, [level.value for level in Level])


def languages(rows: Rows) -> Figure:
    """Languages that both classes can work in."""
    held = reached(rows)
    found = Counter(chain.from_iterable(pair.a.languages & pair.b.languages or ("",) for pair in held))
    ordered = sorted(found.items(), key=lambda one: (not one[0], -one[1], one[0]))
    return parts("languages", ordered, whole=len(held))


def goals(rows: Rows) -> Figure:
    """Sustainable Development Goals that either course names."""
    held = reached(rows)
    found = Counter(chain.from_iterable(pair.a.goals | pair.b.goals for pair in held))
    return parts("goals", [(str(goal), n) for goal, n in sorted(found.items())], whole=len(held))


def inclusion(rows: Rows) -> Figure:
    """Partnerships with a class on a thin line, without meeting hours, or outside the university."""
    held = reached(rows)
    asked: dict[str, Callable[[Course], bool]] = {
        "low_bandwidth": lambda course: course.bandwidth == Bandwidth.LOW,
        "asynchronous": lambda course: course.mode == Mode.ASYNCHRONOUS,
        "beyond_university": lambda course: course.level in BEYOND,
    }
    lines = []
    for key, is_so in asked.items():
        n = sum(is_so(pair.a) or is_so(pair.b) for pair in held)
        status = share(n, len(held))
        lines.append(Row(key, (count(n, status), Cell(Kind.SHARE, n / len(held) if held else None, status))))
    return Figure("inclusion", ("matches", "share"), tuple(lines), base(len(held)))


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
    return Figure("coverage", ("served", "of_countries", "offering", "gini"), tuple(lines), base(len(held)))


def climate(rows: Rows) -> Figure:
    """Greenhouse gases of the visits that exchanges stood in for."""
    low = high = 0.0
    n = 0
    for pair in reached(rows, Step.RUNNING):
        saved = _saved(pair)
        if saved is not None:
            low, high, n = low + saved[0], high + saved[1], n + 1
    lines = [
        Row(key, tuple(resting_on(Kind.TONNES, value, n) for value in (whole, whole / n if n else 0.0)))
        for key, whole in (("low", low), ("high", high))
    ]
    return Figure("climate", ("tonnes", "tonnes_each"), tuple(lines), base(n))


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
