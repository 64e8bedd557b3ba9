"""Failure modes from the field: clocks, calendars, narrow availability and the hard minimum of shared weeks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.embedders import HashedNgrams
from matcher.explanation import Explanation, Share
from matcher.partner_matcher import PartnerMatcher
from matcher.profile import CourseProfile, Slot
from matcher.rules import RuleSettings, check
from matcher.scorer import CompatibilityScorer
from matcher.text import TextEncoder
from tests.matcher.making import ZONES, make_profile, slots

SCORER = CompatibilityScorer(encoder=TextEncoder(HashedNgrams()))
NURSING: dict[str, Any] = {
    "title": "Nursing of the elderly",
    "description": "Students of nursing plan the care of elderly patients at home and in hospital.",
    "isced_f": "0913",
    "students": 25,
    "exchange_languages": {"en": "B2"},
    "sdgs": (3,),
}


def course(zone: str, weekday: int, begins: time, ends: time, **changes: Any) -> CourseProfile:
    term = {"starts_on": date(2026, 10, 5), "ends_on": date(2026, 11, 27)}
    return make_profile(**{**NURSING, "time_zone": zone, "slots": (Slot(weekday, begins, ends),), **term, **changes})


def share(explained: Explanation, criterion: str) -> Share:
    return next(one for one in explained.shares if one.criterion == criterion)


def test_clocks_set_back_in_mid_course_leave_the_mean_of_the_weeks_before_and_after() -> None:
    # 15:30-16:30 in Tokyo is 8:30-9:30 in Paris before 25 October 2026 and 7:30-8:30 afterwards.
    tokyo = course("Asia/Tokyo", 0, time(15, 30), time(16, 30))
    paris = course("Europe/Paris", 0, time(8), time(9, 30), country="FR")
    explained = SCORER.explain(tokyo, paris)
    hours = {week.week: week.hours for week in explained.live_hours}
    assert [hours[week] for week in sorted(hours)] == [1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.5]
    # Two hours a week are as good as more.
    assert share(explained, "live_hours").value == pytest.approx(sum(hours.values()) / len(hours) / 2, abs=1e-6)
    only_summer = replace(paris, ends_on=date(2026, 10, 23))
    assert share(SCORER.explain(tokyo, only_summer), "live_hours").value == 0.5


def test_clocks_set_forward_can_end_the_live_hours_and_the_weeks_without_any_count() -> None:
    term = {"starts_on": date(2027, 3, 1), "ends_on": date(2027, 4, 23)}
    # India keeps its clocks: 13:30 there is 9 in Berlin until 28 March 2027 and 10 afterwards.
    delhi = course("Asia/Kolkata", 2, time(13, 30), time(14, 30), **term)
    berlin = course("Europe/Berlin", 2, time(9), time(10), country="DE", **term)
    explained = SCORER.explain(delhi, berlin)
    assert [week.hours for week in explained.live_hours] == [1, 1, 1, 1, 0, 0, 0, 0]
    assert share(explained, "live_hours").value == 0.25


def test_both_hemispheres_change_their_clocks_at_different_times() -> None:
    term = {"starts_on": date(2026, 9, 14), "ends_on": date(2026, 11, 6)}
    # Auckland goes forward on 27 September, London back on 25 October: 11, 12 and then 13 hours apart.
    auckland = course("Pacific/Auckland", 1, time(20), time(21), **term)
    london = course("Europe/London", 1, time(8), time(9), country="GB", **term)
    hours = [week.hours for week in SCORER.explain(auckland, london).live_hours]
    assert hours == [0, 0, 1, 1, 1, 1, 0, 0]


@pytest.mark.parametrize(
    ("zone", "begins", "hours"),
    [
        ("Asia/Kolkata", time(13, 30), 1.0),
        ("Asia/Kolkata", time(13), 0.5),
        ("Asia/Yangon", time(14, 30), 1.0),
        ("Asia/Yangon", time(14), 0.5),
        ("Asia/Kathmandu", time(13, 45), 1.0),
        ("Asia/Kathmandu", time(13), 0.25),
        ("Australia/Adelaide", time(18, 30), 1.0),
        ("Australia/Adelaide", time(18), 0.5),
        ("Australia/Eucla", time(16, 45), 1.0),
        ("Australia/Eucla", time(16), 0.25),
        ("Asia/Tokyo", time(17), 1.0),
    ],
)
def test_zones_on_half_and_quarter_hours_meet_on_the_minute(zone: str, begins: time, hours: float) -> None:
    # 8-9 in London in winter is 8-9 UTC; Adelaide has summer time then.
    term = {"starts_on": date(2027, 1, 11), "ends_on": date(2027, 2, 12)}
    london = course("Europe/London", 3, time(8), time(9), country="GB", **term)
    asian = course(zone, 3, begins, begins.replace(hour=begins.hour + 1), **term)
    explained = SCORER.explain(asian, london)
    assert {week.hours for week in explained.live_hours} == {hours}
    assert share(explained, "live_hours").value == hours / 2


timetables = st.lists(slots, min_size=1, max_size=5, unique=True).map(tuple)


@settings(max_examples=50, deadline=None)
@given(timetables, timetables, st.integers(1, 5), st.sampled_from(ZONES), st.sampled_from(ZONES))
def test_fewer_lesson_times_never_gain(
    own: tuple[Slot, ...], others: tuple[Slot, ...], n_kept: int, zone: str, other_zone: str
) -> None:
    wide = course(zone, 0, time(9), time(10), slots=own)
    partner = course(other_zone, 0, time(9), time(10), country="FR", slots=others)
    table = SCORER.score([wide, replace(wide, slots=own[:n_kept])], [partner])
    live = table.criteria.index("live_hours")
    assert table.values[live, 1, 0] <= table.values[live, 0, 0]
    assert table.score[1, 0] <= table.score[0, 0]
    assert table.confidence[1, 0] == table.confidence[0, 0]


def test_a_narrow_timetable_is_ranked_below_the_same_course_with_more_room() -> None:
    tokyo = course("Asia/Tokyo", 0, time(16), time(18), id="a")
    # In Paris the morning, of which one hour is live with Tokyo, or all of it.
    narrow = course("Europe/Paris", 0, time(9), time(10), country="FR", id="b1-narrow")
    wide = replace(narrow, id="b2-wide", institution="Paris 2", slots=(*narrow.slots, Slot(0, time(8), time(11))))
    matcher = PartnerMatcher(balance=0.0, scorer=SCORER)
    assert [one.partner_id for one in matcher.rank([tokyo, narrow, wide], "a")] == ["b2-wide", "b1-narrow"]
    assert [pair.b_id for pair in matcher.propose([tokyo, narrow, wide]).pairs] == ["b2-wide"]


def test_a_shorter_term_never_gains() -> None:
    tokyo = course("Asia/Tokyo", 0, time(16), time(18))
    terms = [
        course("Europe/Paris", 0, time(8), time(10), country="FR", ends_on=date(2026, 10, 9) + timedelta(weeks=more))
        for more in range(12)
    ]
    table = SCORER.score([tokyo], terms)
    calendar = table.values[table.criteria.index("calendar"), 0]
    assert (calendar[1:] >= calendar[:-1]).all()
    assert calendar[-1] > calendar[0]


@pytest.mark.parametrize("balance", [0.0, 0.5, 1.0])
def test_a_hard_minimum_is_not_softened_by_a_perfect_score(balance: float) -> None:
    tokyo = course("Asia/Tokyo", 0, time(16), time(18), id="a")
    # The same course in every word and number, three weeks long; the other one fits poorly.
    three = course("Europe/Paris", 0, time(8), time(10), country="FR", id="b1", ends_on=date(2026, 10, 23))
    poor = make_profile(id="b2", country="FR", title="Ship engines", students=300)
    matcher = PartnerMatcher(balance=balance, min_score=0.0, scorer=SCORER)
    perfect, other = (matcher.explain([tokyo, three, poor], "a", its_id) for its_id in ("b1", "b2"))
    assert perfect.score > other.score + 0.3
    assert perfect.reasons[0].code == "too_few_shared_weeks"
    assert [one.partner_id for one in matcher.rank([tokyo, three, poor], "a", top=None)] == ["b2"]
    proposed = matcher.propose([tokyo, three, poor])
    assert [(pair.a_id, pair.b_id) for pair in proposed.pairs] == [("a", "b2")]
    assert "b1" not in {one.partner_id for one in proposed.alternates}
    # One week more, and the rule has nothing against the pair.
    four = replace(three, ends_on=date(2026, 10, 30))
    assert [pair.b_id for pair in PartnerMatcher(0.0, scorer=SCORER).propose([tokyo, four, poor]).pairs] == ["b1"]


def test_a_minimum_set_higher_or_lower_is_kept_to_the_week() -> None:
    a = course("Asia/Tokyo", 0, time(16), time(18))
    b = course("Europe/Paris", 0, time(8), time(10), country="FR", ends_on=date(2026, 11, 13))
    for minimum in range(9):
        broken = check(a, b, RuleSettings(min_shared_weeks=minimum))
        assert [reason.code for reason in broken] == (["too_few_shared_weeks"] if minimum > 6 else []), minimum


@pytest.mark.parametrize("balance", [0.0, 0.5, 1.0])
def test_a_course_without_places_is_never_paired_however_well_it_fits(balance: float) -> None:
    tokyo = course("Asia/Tokyo", 0, time(16), time(18), id="a")
    full = course("Europe/Paris", 0, time(8), time(10), country="FR", id="b", capacity=0)
    matcher = PartnerMatcher(balance=balance, min_score=0.0, scorer=SCORER)
    proposed = matcher.propose([tokyo, full])
    assert proposed.pairs == proposed.alternates == ()
    assert {one.profile_id: one.reason.code for one in proposed.left_out} == {
        "a": "left_out_no_capacity",
        "b": "left_out_own_capacity",
    }
    assert matcher.rank([tokyo, full], "a") == ()
