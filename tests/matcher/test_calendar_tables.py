"""Shared weeks and live hours of many pairs at once."""

from dataclasses import replace
from datetime import date, time, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.calendar_tables import LiveHours, SharedWeeks
from matcher.calendars import live_hours, shared_weeks
from matcher.pairs import Pairs
from matcher.profile import CourseProfile, Slot
from tests.matcher.making import make_profile, profiles


def course(zone: str | None, *slots: Slot, start: str = "2026-10-05", end: str = "2026-12-18") -> CourseProfile:
    return make_profile(
        starts_on=date.fromisoformat(start), ends_on=date.fromisoformat(end), time_zone=zone, slots=slots
    )


def mean_hours(a: CourseProfile, b: CourseProfile) -> float | None:
    """Hours of one pair by the table, asked from both sides; None where they are unknown."""
    hours, known = LiveHours.of([a], [b]).means(Pairs.every(1, 1))
    mirrored, _ = LiveHours.of([b], [a]).means(Pairs.every(1, 1))
    assert hours[0, 0] == mirrored[0, 0]
    return float(hours[0, 0]) if known[0, 0] else None


def usual_hours(a: CourseProfile, b: CourseProfile) -> float | None:
    """The definition, week by week: both teach all days of the week and of the weeks around it."""
    found = []
    for week in shared_weeks(a, b):
        around = {"starts_on": week - timedelta(weeks=1), "ends_on": week + timedelta(days=13), "breaks": ()}
        found += [live.hours for live in live_hours(replace(a, **around), replace(b, **around)) if live.week == week]
    return sum(found) / len(found) if found else None


@pytest.mark.parametrize(
    ("zone", "hour", "hours"),
    [
        ("Asia/Kolkata", 14, 0.5),
        ("Asia/Yangon", 13, 0.5),
        ("Asia/Kathmandu", 14, 0.75),
        ("Asia/Kathmandu", 12, 0.25),
        ("Asia/Bangkok", 13, 0.0),
    ],
)
def test_zones_on_half_and_quarter_hours_are_exact(zone: str, hour: int, hours: float) -> None:
    asia = course(zone, Slot(2, time(hour), time(hour + 1)), start="2027-01-11", end="2027-01-29")
    # 8-10 in Paris in January is 07:00-09:00 UTC; 14-15 in Nepal begins at 08:15, 12-13 ends at 07:15.
    paris = course("Europe/Paris", Slot(2, time(8), time(10)), start="2027-01-11", end="2027-01-29")
    assert mean_hours(asia, paris) == hours


def test_a_change_of_clocks_in_mid_course_splits_the_mean() -> None:
    tokyo = course("Asia/Tokyo", Slot(0, time(16), time(18)), start="2026-10-05", end="2026-11-06")
    paris = course("Europe/Paris", Slot(0, time(8), time(10)), start="2026-10-05", end="2026-11-06")
    # 16-18 in Tokyo is 9-11 in Paris in three weeks until 25 October 2026, and 8-10 in the two afterwards.
    assert mean_hours(tokyo, paris) == pytest.approx((3 * 1 + 2 * 2) / 5)


def test_a_lesson_on_the_sunday_of_the_change_has_the_clock_of_that_day() -> None:
    paris = course("Europe/Paris", Slot(6, time(9), time(11)), start="2026-10-19", end="2026-11-01")
    tokyo = course("Asia/Tokyo", Slot(6, time(17), time(18)), start="2026-10-19", end="2026-11-01")
    # Clocks go back on Sunday 25 October: from then on 9 in Paris is 17 in Tokyo; in summer time it is 16.
    assert mean_hours(paris, tokyo) == 1.0
    assert mean_hours(replace(paris, starts_on=date(2026, 10, 5), ends_on=date(2026, 10, 18)), tokyo) is None


def test_a_lesson_in_the_skipped_hour_adds_nothing() -> None:
    night = course("Europe/Paris", Slot(6, time(2, 30), time(3, 15)), start="2027-03-22", end="2027-03-28")
    day = course("Europe/Paris", Slot(6, time(0), time(12)), start="2027-03-22", end="2027-03-28")
    assert mean_hours(night, day) == 0.0


def test_days_off_inside_a_teaching_week_are_not_taken_off() -> None:
    friday = Slot(4, time(9), time(11))
    tokyo, seoul = course("Asia/Tokyo", friday, end="2026-10-16"), course("Asia/Seoul", friday, end="2026-10-16")
    off = replace(tokyo, breaks=((date(2026, 10, 9), date(2026, 10, 9)),))
    assert [live.hours for live in live_hours(off, seoul)] == [0.0, 2.0]
    assert mean_hours(off, seoul) == 2.0


def test_lessons_that_overlap_count_once() -> None:
    twice = course("Asia/Tokyo", Slot(0, time(9), time(11)), Slot(0, time(10), time(12)))
    assert mean_hours(twice, course("Asia/Tokyo", Slot(0, time(8), time(18)))) == 3.0


def test_hours_are_unknown_without_a_time_zone_dates_or_a_shared_week() -> None:
    tokyo = course("Asia/Tokyo")
    assert mean_hours(tokyo, course("Asia/Seoul")) == 40.0
    assert mean_hours(tokyo, course(None)) is None
    assert mean_hours(tokyo, make_profile(time_zone="Asia/Seoul")) is None
    assert mean_hours(tokyo, course("Asia/Seoul", start="2027-10-05", end="2027-12-18")) is None


def test_nobody_shares_nothing() -> None:
    hours, known = LiveHours.of([], [make_profile()]).means(Pairs.every(0, 1))
    assert hours.shape == known.shape == (0, 1)
    assert SharedWeeks.of([make_profile()], []).count(Pairs.every(1, 0)).shape == (1, 0)


@settings(max_examples=60, deadline=None)
@given(st.lists(profiles(), min_size=1, max_size=4), st.lists(profiles(), min_size=1, max_size=4))
def test_tables_and_lists_say_what_the_pairs_say(left: list[CourseProfile], right: list[CourseProfile]) -> None:
    weeks, live = SharedWeeks.of(left, right), LiveHours.of(left, right)
    table = Pairs.every(len(left), len(right))
    rows, columns = (positions.ravel() for positions in np.indices(table.shape))
    for pairs in (table, Pairs.listed(rows, columns)):
        counts, known = weeks.count(pairs).ravel(), weeks.known(pairs).ravel()
        hours, hours_known = (found.ravel() for found in live.means(pairs))
        for at, (i, j) in enumerate(zip(rows, columns, strict=True)):
            a, b = left[i], right[j]
            assert counts[at] == len(shared_weeks(a, b))
            assert known[at] == (None not in (a.starts_on, a.ends_on, b.starts_on, b.ends_on))
            expected = usual_hours(a, b)
            assert hours_known[at] == (expected is not None)
            assert hours[at] == pytest.approx(expected or 0.0, abs=1e-4)
