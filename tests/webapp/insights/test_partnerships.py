"""Figures of partnerships on rows small enough to reckon by hand."""

from datetime import date, datetime
from typing import Any

import pytest

from webapp.insights import asem, flow, partnerships
from webapp.insights.facts import Course, Leader, Origin, Pair, Rows, Spot, Step, Wanted, half_year, narrowed
from webapp.insights.suppression import Status
from webapp.matches.lifecycle import State
from webapp.matches.travel import Place, distance, factors

REGIONS = {"VN": "asia", "JP": "asia", "PT": "europe", "FR": "europe"}
HANOI, LISBON = Place(21.0245, 105.8412), Place(38.7167, -9.1333)


def course(country: str, **fields: Any) -> Course:
    """A course in a country."""
    spot = Spot(country, REGIONS[country], (), HANOI if REGIONS[country] == "asia" else LISBON)
    values: dict[str, Any] = {
        "spot": spot, "is_offered": True, "day": date(2027, 2, 1), "starts_on": None, "students": None, "field": "",
        "level": "", "bandwidth": "", "mode": "", "languages": frozenset(), "goals": frozenset(),
    }  # fmt: skip
    return Course(**(values | fields))


def pair(at_a: str = "VN", at_b: str = "PT", step: Step = Step.ACCEPTED, **fields: Any) -> Pair:
    """A match between two countries."""
    at = tuple(datetime(2027, 1, day) if day <= step else None for day in range(1, 6))
    values: dict[str, Any] = {
        "a": course(at_a), "b": course(at_b), "origin": Origin.ROUND, "state": State.ACCEPTED, "step": step,
        "score": 0.5, "at": at, "first_yes": None, "leader": Leader.UNSAID, "reason": "", "day": date(2027, 2, 1),
    }  # fmt: skip
    return Pair(**(values | fields))


def test_gini_is_over_partnerships_for_each_course_of_countries_that_offer_any() -> None:
    courses = [course("VN"), course("VN"), course("JP"), course("PT")]
    rows = Rows(courses, [pair("VN", "PT")] * 4 + [pair("JP", "PT")] * 6)
    asia, europe = partnerships.coverage(rows).rows
    # Two a course in Vietnam, six in Japan: (2 * 6 - 2 * 2) / (2 * 2 * (2 + 6)) of the mean difference.
    assert [cell.value for cell in asia.cells] == [2, 21, 2, pytest.approx(0.25)]
    assert [cell.value for cell in europe.cells] == [1, 30, 1, 0.0]


def test_flights_are_those_of_the_smaller_class_there_and_back() -> None:
    a, b = course("VN", students=30), course("PT", students=12)
    rows = Rows([], [pair(step=Step.RUNNING, a=a, b=b)] * 5)
    low, high = partnerships.climate(rows).rows
    kilometres = distance(HANOI, LISBON)
    assert low.cells[0].value == pytest.approx(5 * 2 * kilometres * 12 * factors()["elsewhere"][0] / 1000)
    assert high.cells[1].value == pytest.approx(2 * kilometres * 12 * factors()["elsewhere"][1] / 1000)


def test_the_students_of_fewer_than_five_classes_are_not_shown() -> None:
    rows = Rows([], [pair(step=Step.RUNNING, a=course("VN", students=30))] * 4)
    asia, europe = partnerships.students(rows).rows
    assert [cell.status for cell in asia.cells] == [Status.SMALL] * 3
    assert [cell.shown for cell in europe.cells] == [None, None, 0]


def test_who_leads_counts_partnerships_only_and_those_of_which_nobody_says_it_too() -> None:
    found = partnerships.lead(
        Rows([], [pair(leader=Leader.ASIA)] * 9 + [pair(leader=Leader.EUROPE)] * 6 + [pair()] * 5
             + [pair(step=Step.PROPOSED, leader=Leader.BOTH)] * 7)
    )  # fmt: skip
    assert {row.key: [cell.shown for cell in row.cells] for row in found.rows} == {
        "asia": [9, 0.45], "europe": [6, 0.3], "both": [0, 0.0], "unsaid": [5, 0.25],
    }  # fmt: skip
    assert found.base.shown == 20


def test_a_small_part_of_who_leads_takes_another_with_it_for_all_partnerships_are_known() -> None:
    rows = Rows([], [pair(leader=Leader.ASIA)] * 9 + [pair(leader=Leader.EUROPE)] * 6 + [pair(leader=Leader.BOTH)] * 2)
    assert [row.cells[0].status for row in partnerships.lead(rows).rows] == ["shown", "held_back", "small", "shown"]


def test_in_the_file_for_asem_a_small_part_of_who_leads_takes_another_with_it_too() -> None:
    rows = Rows([], [pair(leader=Leader.ASIA)] * 9 + [pair(leader=Leader.EUROPE)] * 6 + [pair(leader=Leader.BOTH)] * 2)
    lines = [line for line in asem.lines(rows, date(2027, 2, 1)) if line[0].startswith("partnerships")]
    assert {(line[0], line[5], line[8]) for line in lines} == {
        ("partnerships", "17", "shown"),
        ("partnerships_led_asia", "9", "shown"),
        ("partnerships_led_europe", "", "held_back"),
        ("partnerships_led_both", "", "small"),
    }


def test_a_median_of_fewer_than_five_matches_is_not_shown() -> None:
    found = flow.funnel(Rows([], [pair()] * 4 + [pair(step=Step.PROPOSED)] * 6))
    accepted = next(row for row in found.rows if row.key == "accepted")
    assert [cell.status for cell in accepted.cells] == [Status.SMALL] * 3
    found = flow.funnel(Rows([], [pair()] * 5))
    accepted = next(row for row in found.rows if row.key == "accepted")
    assert [cell.shown for cell in accepted.cells] == [5, 1.0, 5]


def test_half_years_begin_in_january_and_july() -> None:
    days = [date(2027, 1, 1), date(2027, 6, 30), date(2027, 7, 1), date(2027, 12, 31)]
    assert [half_year(day) for day in days] == ["2027-1", "2027-1", "2027-2", "2027-2"]


def test_a_match_counts_for_a_country_when_either_side_is_there() -> None:
    rows = Rows([course("VN"), course("FR")], [pair("VN", "PT"), pair("JP", "FR"), pair("JP", "PT")])
    kept = narrowed(rows, Wanted(country="FR"))
    assert [one.spot.country for one in kept.courses] == ["FR"]
    assert [(one.a.spot.country, one.b.spot.country) for one in kept.pairs] == [("JP", "FR")]
    assert narrowed(rows, Wanted(term="2026-2")) == Rows([], [])
