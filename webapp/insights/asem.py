"""One file for the stocktaking of ASEM: a row for each indicator, country and half-year, and what they mean.

The words of this file are English and fixed, so that programs can read it year after year.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import date
from itertools import product
from typing import NamedTuple

from matcher.profile import Bandwidth, Mode
from matcher.vocabulary.asem import REGIONS, country_name
from webapp.insights.facts import Leader, Pair, Rows, Step, half_year
from webapp.insights.suppression import SMALLEST, Status, column, grid, of_base

ALL = "ALL"


class Indicator(NamedTuple):
    """What is counted, and over which matches."""

    name: str
    definition: str
    counts: Callable[[Pair], bool]


def _step(step: Step) -> Callable[[Pair], bool]:
    return lambda pair: pair.step >= step


def _led(leader: Leader) -> Callable[[Pair], bool]:
    return lambda pair: pair.step >= Step.ACCEPTED and pair.leader is leader


LED = {
    "partnerships_led_asia": Leader.ASIA,
    "partnerships_led_europe": Leader.EUROPE,
    "partnerships_led_both": Leader.BOTH,
}
"""Indicators that are parts of the partnerships."""
_NAMED = "as named in the newest version of the lecturers' plan, else by the round that proposed the match."


INDICATORS: dict[str, Indicator] = {
    "matches_proposed": Indicator(
        "Matches proposed",
        "Pairs of courses that a matching round or a lecturer proposed; proposals taken back are not counted.",
        _step(Step.PROPOSED),
    ),
    "partnerships": Indicator(
        "Partnerships", "Matches that both lecturers accepted, whatever came of them later.", _step(Step.ACCEPTED)
    ),
    "exchanges_approved": Indicator(
        "Exchanges approved", "Matches that both institutions approved at any time.", _step(Step.APPROVED)
    ),
    "exchanges_running": Indicator(
        "Exchanges that run or ran", "Approved matches that reached their first shared day.", _step(Step.RUNNING)
    ),
    "exchanges_completed": Indicator(
        "Exchanges completed", "Exchanges whose last shared day has passed.", _step(Step.COMPLETED)
    ),
    "partnerships_low_bandwidth": Indicator(
        "Partnerships with low bandwidth",
        "Partnerships with at least one class whose students' connections carry little.",
        lambda pair: pair.step >= Step.ACCEPTED and Bandwidth.LOW in (pair.a.bandwidth, pair.b.bandwidth),
    ),
    "partnerships_asynchronous": Indicator(
        "Asynchronous partnerships",
        "Partnerships with at least one class that needs no live hours.",
        lambda pair: pair.step >= Step.ACCEPTED and Mode.ASYNCHRONOUS in (pair.a.mode, pair.b.mode),
    ),
    "partnerships_led_asia": Indicator(
        "Partnerships led from Asia", f"Partnerships in which the class in Asia leads, {_NAMED}", _led(Leader.ASIA)
    ),
    "partnerships_led_europe": Indicator(
        "Partnerships led from Europe",
        f"Partnerships in which the class in Europe leads, {_NAMED}",
        _led(Leader.EUROPE),
    ),
    "partnerships_led_both": Indicator(
        "Partnerships led by both sides", f"Partnerships in which both classes lead, {_NAMED}", _led(Leader.BOTH)
    ),
}
COURSES = Indicator("Courses opened", "Courses that were opened for exchange at any time.", lambda _pair: True)
STUDENTS = Indicator(
    "Students taking part",
    "Students of the country's classes in exchanges that run or ran, where the class size is known; base: such"
    " classes.",
    _step(Step.RUNNING),
)

COLUMNS: dict[str, str] = {
    "indicator": "Code of the indicator; defined in this dictionary.",
    "country": "ISO 3166-1 alpha-2 code of the institution's country; ALL: all countries of the region.",
    "country_name": "English name of the country.",
    "region": "ASEM region of the country: asia or europe.",
    "half_year": "YYYY-1: January to June, YYYY-2: July to December; ALL: all. A match belongs to the half-year of the"
    " first day on which both its courses teach, else of its proposal; a course to that of its first day, else of its"
    " opening.",
    "value": "The number; empty where it is not shown.",
    "unit": "courses, matches or students.",
    "base": "Number of courses, matches or classes the value rests on; empty where it is not shown.",
    "status": f"shown; small: between 1 and {SMALLEST - 1}, not shown; held_back: not shown because a small number"
    " could be worked out from it.",
    "computed_on": "Date of computation (ISO 8601, UTC).",
}


def lines(rows: Rows, today: date) -> Iterator[tuple[str, ...]]:
    """Give the header and every row; combinations of none are left out.

    Parameters
    ----------
    rows
        What is counted; of a coordinator, what touches their institutions.
    today
        The date of computation.
    """
    yield tuple(COLUMNS)
    for region in ("asia", "europe"):
        courses = Counter(
            (course.spot.country, half_year(course.day))
            for course in rows.courses
            if course.day and course.spot.region == region
        )
        yield from _written("courses_opened", region, "courses", courses, courses, today)
        apart = _parts_of_partnerships(rows, region)
        for code, indicator in INDICATORS.items():
            found = Counter(_key(pair, region) for pair in rows.pairs if indicator.counts(pair))
            yield from _written(code, region, "matches", found, found, today, apart.get(code))
        classes, students = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
        for pair in rows.pairs:
            n = (pair.a if region == "asia" else pair.b).students
            if pair.step >= Step.RUNNING and n:
                classes[_key(pair, region)] += 1
                students[_key(pair, region)] += n
        yield from _written("students", region, "students", students, classes, today)


def _key(pair: Pair, region: str) -> tuple[str, str]:
    return (pair.a if region == "asia" else pair.b).spot.country, half_year(pair.day)


def _parts_of_partnerships(rows: Rows, region: str) -> dict[str, dict[tuple[str, str], Status]]:
    """Protect who leads against the number of partnerships: for each such indicator its cells and sums."""
    counts: dict[tuple[str, str], Counter[Leader]] = defaultdict(Counter)
    for pair in rows.pairs:
        if pair.step >= Step.ACCEPTED:
            country, term = _key(pair, region)
            for key in product((country, ALL), (term, ALL)):
                counts[key][pair.leader] += 1
    states = {
        key: dict(zip(Leader, column([of_it[one] for one in Leader])[0], strict=True)) for key, of_it in counts.items()
    }
    return {code: {key: by_leader[leader] for key, by_leader in states.items()} for code, leader in LED.items()}


def _written(
    code: str,
    region: str,
    unit: str,
    values: Counter[tuple[str, str]],
    bases: Counter[tuple[str, str]],
    today: date,
    apart: dict[tuple[str, str], Status] | None = None,
) -> Iterator[tuple[str, ...]]:
    """Write one indicator of a region with its sums; a value is shown where its base is.

    What `apart` hides of its cells and sums is not shown either.
    """
    if not bases:
        return
    states = grid(dict(bases))
    countries, terms = sorted({key[0] for key in bases}), sorted({key[1] for key in bases})

    def line(country: str, term: str, status: Status) -> tuple[str, ...]:
        keys = [
            key for key in bases if (country == ALL or key[0] == country) and (term == ALL or key[1] == term)
        ]  # fmt: skip
        if status is Status.SHOWN and apart:
            status = apart[country, term]
        value, base = sum(values[key] for key in keys), sum(bases[key] for key in keys)
        is_shown = status is Status.SHOWN and of_base(base) is Status.SHOWN
        name = "" if country == ALL else country_name(country)
        shown = (str(value), unit, str(base)) if is_shown else ("", unit, "")
        return (code, country, name, region, term, *shown, status.value, today.isoformat())

    for country in countries:
        for term in terms:
            if (country, term) in bases:
                yield line(country, term, states.cells[country, term])
        yield line(country, ALL, states.rows[country])
    for term in terms:
        yield line(ALL, term, states.columns[term])
    yield line(ALL, ALL, states.whole)


def dictionary() -> Iterator[tuple[str, ...]]:
    """Give what every column and every indicator of the file means."""
    yield ("kind", "code", "name", "definition", "unit")
    for code, definition in COLUMNS.items():
        yield ("column", code, "", definition, "")
    yield ("indicator", "courses_opened", COURSES.name, COURSES.definition, "courses")
    for code, indicator in INDICATORS.items():
        yield ("indicator", code, indicator.name, indicator.definition, "matches")
    yield ("indicator", "students", STUDENTS.name, STUDENTS.definition, "students")
    for code in sorted(REGIONS):
        yield ("country", code, country_name(code), f"ASEM region: {REGIONS[code].value}", "")
