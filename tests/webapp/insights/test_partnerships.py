"""Figures of partnerships on rows small enough to reckon by hand."""

from datetime import date

import pytest

from tests.webapp.insights.rows import HANOI, LISBON, course, pair
from webapp.insights import asem, flow, partnerships
from webapp.insights.facts import Leader, Origin, Pair, Rows, Step, Wanted, half_year, narrowed
from webapp.insights.suppression import Status
from webapp.insights.tables import others
from webapp.matches.lifecycle import Side, State
from webapp.matches.travel import distance, factors


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


def test_a_small_part_of_who_leads_stands_with_the_next_smallest_for_all_partnerships_are_known() -> None:
    rows = Rows([], [pair(leader=Leader.ASIA)] * 9 + [pair(leader=Leader.EUROPE)] * 6 + [pair(leader=Leader.BOTH)] * 2)
    assert [(row.key, row.cells[0].shown) for row in partnerships.lead(rows).rows] == [("asia", 9), ("others", 8)]


def test_in_the_file_for_asem_a_small_part_of_who_leads_takes_another_with_it_too() -> None:
    rows = Rows([], [pair(leader=Leader.ASIA)] * 9 + [pair(leader=Leader.EUROPE)] * 6 + [pair(leader=Leader.BOTH)] * 2)
    lines = [line for line in asem.lines(rows, date(2027, 2, 1)) if line[0].startswith("partnerships")]
    assert {(line[0], line[5], line[8]) for line in lines} == {
        ("partnerships", "17", "shown"),
        ("partnerships_led_asia", "9", "shown"),
        ("partnerships_led_europe", "", "held_back"),
        ("partnerships_led_both", "", "small"),
    }


def test_small_countries_stand_together_in_their_region_and_are_not_named() -> None:
    held = [pair("VN", "PT")] * 20 + [pair("JP", "PT")] * 3 + [pair("ID", "FR")] * 3 + [pair("VN", "FR")] * 6
    rows = Rows([], held)
    assert [(row.key, row.cells[0].shown) for row in partnerships.countries(rows).rows] == [
        ("VN", 26), ("others_each-asia", 6), ("PT", 23), ("FR", 9),
    ]  # fmt: skip
    assert {row.key for row in partnerships.pairs(rows).rows} <= {"VN+PT", "VN+FR", "others"}


def test_others_are_said_to_be_small_only_where_that_does_not_tell_how_small() -> None:
    assert others([3, 2, 1]) == "others_each"
    assert others([4, 4]) == "others"
    assert others([3, 6]) == "others"


def test_fields_of_which_either_side_is_small_stand_together_with_both_sides() -> None:
    held = [
        pair(a=course("VN", field=one), b=course("PT", field=other))
        for one, other in [("01", "01")] * 12 + [("02", "01")] * 9 + [("01", "02")] * 2 + [("03", "03")] * 6
    ]
    assert [(row.key, [cell.shown for cell in row.cells]) for row in partnerships.fields(Rows([], held)).rows] == [
        ("01", [14, 21]), ("others", [15, 8]),
    ]  # fmt: skip


def test_a_language_in_which_few_cannot_work_is_not_named_either() -> None:
    both, english = {"languages": frozenset({"en", "fr"})}, {"languages": frozenset({"en"})}
    held = [pair(a=course("VN", **both), b=course("FR", **both))] * 12
    held += [pair(a=course("VN", **english), b=course("FR", **english))] * 20
    held += [pair(a=course("VN", languages=frozenset({"fr"})), b=course("FR", **both))] * 3
    found = partnerships.languages(Rows([], held))
    assert [(row.key, [cell.shown for cell in row.cells]) for row in found.rows] == [
        ("fr", [15, 15 / 35]),
        ("others", [None, None]),
    ]


def test_a_sum_and_a_mean_are_not_both_shown_where_they_tell_of_how_few_the_size_is_unknown() -> None:
    known, unknown = course("VN", students=20), course("VN")
    rows = Rows([], [pair(step=Step.RUNNING, a=known)] * 9 + [pair(step=Step.RUNNING, a=unknown)] * 2)
    asia = partnerships.students(rows).rows[0]
    assert [cell.shown for cell in asia.cells] == [180, None, None]


def test_matches_of_which_few_were_lost_before_the_next_step_are_not_shown() -> None:
    held = [pair(step=Step.PROPOSED)] * 3 + [pair(step=Step.ACCEPTED)] * 9
    found = flow.funnel(Rows([], held))
    assert [(row.key, row.cells[0].shown) for row in found.rows[1:3]] == [("proposed", None), ("accepted", 9)]
    assert found.base.shown is None
    assert [row.key for row in flow.origin(Rows([], held)).rows] == ["others"]
    assert flow.origin(Rows([], held)).rows[0].cells[0].shown is None


def test_how_many_said_yes_first_is_not_added_up_where_few_partnerships_were_not_asked() -> None:
    held = [pair(first_yes=Side.A)] * 20 + [pair(first_yes=Side.B)] * 15 + [pair(origin=Origin.ASIA)] * 2
    found = flow.first_yes(Rows([], held))
    assert [(row.key, [cell.shown for cell in row.cells]) for row in found.rows] == [
        ("asia", [20, None]),
        ("others", [None, None]),
    ]
    assert found.base.shown is None


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


def decided(score: float, *, accepted: bool) -> Pair:
    """A proposal of a round that was accepted or declined."""
    return pair(step=Step.ACCEPTED if accepted else Step.PROPOSED, state=State.DECLINED, score=score)


@pytest.mark.parametrize(("n", "groups"), [(100, 10), (60, 5), (30, 3), (20, 2)])
def test_scores_are_cut_into_as_many_groups_as_can_all_be_shown(n: int, groups: int) -> None:
    found = flow.calibration(Rows([], [decided(at / n, accepted=bool(at % 2)) for at in range(n)]))
    assert [row.key for row in found.rows] == [f"group_{at}_{groups}" for at in range(1, groups + 1)]
    assert {row.cells[2].status for row in found.rows} == {Status.SHOWN}


def test_where_even_halves_have_few_who_said_yes_tenths_stand_together() -> None:
    found = flow.calibration(Rows([], [decided(at / 100, accepted=at >= 97) for at in range(100)]))
    assert [row.key for row in found.rows if row.key.startswith("others")]
    assert found.rows[0].key == "group_1_10"
