"""One file for the stocktaking of ASEM: a row for each indicator, country and half-year, and what they mean.

The words of this file are English and fixed, so that programs can read it year after year.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from matcher.profile import Bandwidth, Mode
from matcher.vocabulary.asem import REGIONS, Region, country_name
from webapp.insights.asem_cells import ALL, Place, named, states, summed
from webapp.insights.facts import Course, Leader, Pair, Rows, Step, half_year
from webapp.insights.suppression import SMALLEST, Status

OTHER = "OTHER"
REGION_CODES = tuple(region.value for region in Region)
_COLLECTIVE = {ALL: "", OTHER: "Other countries"}


class Indicator(NamedTuple):
    """What is counted, and over which matches."""

    name: str
    definition: str
    counts: Callable[[Pair], bool]


def _step(step: Step) -> Callable[[Pair], bool]:
    return lambda pair: pair.step >= step


def _led(leader: Leader) -> Callable[[Pair], bool]:
    return lambda pair: pair.step >= Step.ACCEPTED and pair.leader is leader


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
    "country": "ISO 3166-1 alpha-2 code of the institution's country; ALL: all countries of the region; OTHER: the"
    f" countries with numbers from 1 to {SMALLEST - 1} added together, with others where these alone would be too few"
    " or could be worked out. Which countries OTHER stands for differs from row to row.",
    "country_name": "English name of the country.",
    "region": "ASEM region of the country: asia or europe.",
    "half_year": "YYYY-1: January to June, YYYY-2: July to December; ALL: all; OTHER: half-years added together, as"
    " under country. A match belongs to the half-year of the"
    " first day on which both its courses teach, else of its proposal; a course to that of its first day, else of its"
    " opening.",
    "value": "The number; empty where it is not shown.",
    "unit": "courses, matches or students.",
    "base": "Number of courses, matches or classes the value rests on; empty where it is not shown.",
    "status": f"shown; small: between 1 and {SMALLEST - 1}, not shown; held_back: not shown because a small number"
    " could be worked out from it. Neither a number nor what is left of it without a part of it that stands in this"
    f" file is between 1 and {SMALLEST - 1}; a country and half-year without a row has none or is part of OTHER.",
    "computed_on": "Date of computation (ISO 8601, UTC).",
}


def lines(rows: Rows, today: date) -> Iterator[tuple[str, ...]]:
    """Give the header and every row; combinations of none are left out, small ones stand together as others.

    Parameters
    ----------
    rows
        What is counted; of a coordinator, what touches their institutions.
    today
        The date of computation.
    """
    yield tuple(COLUMNS)
    counts = {region: _counted(rows, region) for region in REGION_CODES}
    found = states(counts)
    for region, layers in counts.items():
        for code in ("courses_opened", *INDICATORS, "students"):
            values = _students(rows, region) if code == "students" else layers[code]
            shown = {place: found[named(code, region, place)] for place, n in summed(layers[code]).items() if n}
            for place, value, base, status in folded(summed(values), summed(layers[code]), shown):
                numbers = (str(value), _unit(code), str(base)) if status is Status.SHOWN else ("", _unit(code), "")
                country, half_year_ = place
                name = _COLLECTIVE[country] if country in _COLLECTIVE else country_name(country)
                yield (code, country, name, region, half_year_, *numbers, status.value, today.isoformat())


def folded(
    values: Counter[Place], bases: Counter[Place], shown: Mapping[Place, Status]
) -> Iterator[tuple[Place, int, int, Status]]:
    """Give the rows of one indicator in a region: value, base and whether they are shown.

    Parameters
    ----------
    values, bases
        What is told, and what it rests on, with all sums.
    shown
        Which of them may be shown; the others are added up.
    """

    def together(places: Iterable[Place], name: Place) -> Iterator[tuple[Place, int, int, Status]]:
        left = [place for place in places if shown[place] is not Status.SHOWN]
        if left:
            yield name, sum(values[at] for at in left), sum(bases[at] for at in left), Status.SHOWN

    whole = (ALL, ALL)
    if whole not in shown:
        return
    if shown[whole] is Status.SHOWN:
        inner = [place for place in sorted(shown) if ALL not in place]
        countries = [place for place in sorted(shown) if place[1] == ALL != place[0]]
        half_years = [place for place in sorted(shown) if place[0] == ALL != place[1]]
        for place in (*inner, *countries, *half_years):
            if shown[place] is Status.SHOWN:
                yield place, values[place], bases[place], Status.SHOWN
        for _all, term in half_years:
            if shown[ALL, term] is Status.SHOWN:
                yield from together([place for place in inner if place[1] == term], (OTHER, term))
        yield from together(countries, (OTHER, ALL))
        yield from together(half_years, (ALL, OTHER))
    yield whole, values[whole], bases[whole], shown[whole]


def _counted(rows: Rows, region: str) -> dict[str, Counter[Place]]:
    """Count all indicators by country and half-year; of students the classes, which their number rests on."""
    found: dict[str, Counter[Place]] = {code: Counter() for code in ("courses_opened", *INDICATORS, "students")}
    for course in rows.courses:
        if course.day and course.spot.region == region:
            found["courses_opened"][course.spot.country, half_year(course.day)] += 1
    for pair in rows.pairs:
        for code, indicator in (*INDICATORS.items(), ("students", STUDENTS)):
            if indicator.counts(pair) and (code != "students" or _side(pair, region).students):
                found[code][_key(pair, region)] += 1
    return found


def _students(rows: Rows, region: str) -> Counter[Place]:
    found = Counter[Place]()
    for pair in rows.pairs:
        if STUDENTS.counts(pair):
            found[_key(pair, region)] += _side(pair, region).students or 0
    return found


def _side(pair: Pair, region: str) -> Course:
    return pair.a if region == Region.ASIA.value else pair.b


def _key(pair: Pair, region: str) -> Place:
    return _side(pair, region).spot.country, half_year(pair.day)


def _unit(code: str) -> str:
    return {"courses_opened": "courses", "students": "students"}.get(code, "matches")


def dictionary() -> Iterator[tuple[str, ...]]:
    """Give what every column and every indicator of the file means."""
    yield ("kind", "code", "name", "definition", "unit")
    for code, definition in COLUMNS.items():
        yield ("column", code, "", definition, "")
    yield ("indicator", "courses_opened", COURSES.name, COURSES.definition, "courses")
    for code, indicator in INDICATORS.items():
        yield ("indicator", code, indicator.name, indicator.definition, "matches")
    yield ("indicator", "students", STUDENTS.name, STUDENTS.definition, "students")
    yield ("country", ALL, "All countries", "All countries of the region.", "")
    yield ("country", OTHER, _COLLECTIVE[OTHER], "Countries added together, as said under country.", "")
    for code in sorted(REGIONS):
        yield ("country", code, country_name(code), f"ASEM region: {REGIONS[code].value}", "")
