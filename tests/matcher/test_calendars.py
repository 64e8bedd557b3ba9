from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings

from matcher.calendars import LiveWeek, live_hours, shared_weeks, teaching_weeks
from matcher.profile import CourseProfile, Slot
from tests.matcher.making import make_profile, profiles


def course(zone: str | None, *slots: Slot, start: str = "2026-10-05", end: str = "2026-12-18") -> CourseProfile:
    return make_profile(
        starts_on=date.fromisoformat(start), ends_on=date.fromisoformat(end), time_zone=zone, slots=slots
    )


def hours_by_week(a: CourseProfile, b: CourseProfile) -> dict[str, float]:
    return {live.week.isoformat(): live.hours for live in live_hours(a, b)}


def test_a_week_counts_when_three_of_five_weekdays_are_taught() -> None:
    from_wednesday = course(None, start="2026-10-07", end="2026-10-20")
    assert teaching_weeks(from_wednesday) == (date(2026, 10, 5), date(2026, 10, 12))
    from_thursday = course(None, start="2026-10-08", end="2026-10-21")
    assert teaching_weeks(from_thursday) == (date(2026, 10, 12), date(2026, 10, 19))


def test_saturdays_and_sundays_do_not_make_a_week() -> None:
    assert teaching_weeks(course(None, start="2026-10-09", end="2026-10-13")) == ()


def test_a_term_crosses_the_new_year_with_its_break() -> None:
    term = make_profile(
        starts_on=date(2026, 12, 14), ends_on=date(2027, 1, 15), breaks=((date(2026, 12, 24), date(2027, 1, 6)),)
    )
    # The week of 21 December keeps Monday to Wednesday; that of 4 January only Thursday and Friday.
    assert teaching_weeks(term) == (date(2026, 12, 14), date(2026, 12, 21), date(2027, 1, 11))


def test_a_break_wider_than_the_term_or_outside_it_is_no_error() -> None:
    inside = {"starts_on": date(2026, 10, 5), "ends_on": date(2026, 10, 16)}
    assert teaching_weeks(make_profile(**inside, breaks=((date(2026, 1, 1), date(2027, 1, 1)),))) == ()
    around = ((date(2026, 9, 1), date(2026, 9, 9)), (date(2026, 11, 1), date(2026, 11, 9)))
    assert len(teaching_weeks(make_profile(**inside, breaks=around))) == 2


def test_weeks_are_unknown_without_both_dates() -> None:
    half = make_profile(starts_on=date(2026, 10, 5))
    assert teaching_weeks(half) == ()


def test_japan_and_austria_share_the_weeks_both_teach() -> None:
    japan = course(None, start="2026-09-21", end="2027-01-22")
    austria = course(None, start="2026-10-01", end="2026-12-18")
    assert shared_weeks(japan, austria)[0] == date(2026, 10, 5)
    assert len(shared_weeks(japan, austria)) == 11
    assert shared_weeks(japan, austria) == shared_weeks(austria, japan)


def test_the_end_of_summer_time_changes_the_live_hours_in_mid_course() -> None:
    tokyo = course("Asia/Tokyo", Slot(0, time(16), time(18)), start="2026-10-12", end="2026-11-06")
    paris = course("Europe/Paris", Slot(0, time(8), time(10)), start="2026-10-12", end="2026-11-06")
    # 16-18 in Tokyo is 9-11 in Paris until 25 October 2026 and 8-10 afterwards.
    assert hours_by_week(tokyo, paris) == {
        "2026-10-12": 1.0,
        "2026-10-19": 1.0,
        "2026-10-26": 2.0,
        "2026-11-02": 2.0,
    }


def test_the_start_of_summer_time_changes_the_live_hours_in_mid_course() -> None:
    seoul = course("Asia/Seoul", Slot(1, time(17), time(18)), start="2027-03-15", end="2027-04-09")
    berlin = course("Europe/Berlin", Slot(1, time(9), time(10)), start="2027-03-15", end="2027-04-09")
    # 9 in Berlin is 17 in Seoul until 28 March 2027 and 16 afterwards.
    assert list(hours_by_week(seoul, berlin).values()) == [1.0, 1.0, 0.0, 0.0]
    assert [live.windows for live in live_hours(seoul, berlin)][2:] == [(), ()]


@pytest.mark.parametrize(
    ("zone", "hour", "hours"), [("Asia/Kolkata", 14, 0.5), ("Asia/Yangon", 13, 0.5), ("Asia/Bangkok", 13, 0.0)]
)
def test_zones_on_half_hours_give_half_hours(zone: str, hour: int, hours: float) -> None:
    asia = course(zone, Slot(2, time(hour), time(hour + 1)), start="2027-01-11", end="2027-01-15")
    # 8-10 in Paris in January is 07:00-09:00 UTC; 14-15 in India begins at 08:30, 13-14 in Myanmar at 06:30.
    paris = course("Europe/Paris", Slot(2, time(8), time(10)), start="2027-01-11", end="2027-01-15")
    assert hours_by_week(asia, paris) == {"2027-01-11": hours}


def test_windows_are_instants_in_utc() -> None:
    delhi = course("Asia/Kolkata", Slot(0, time(13), time(15)), start="2026-11-02", end="2026-11-06")
    london = course("Europe/London", Slot(0, time(8), time(9)), start="2026-11-02", end="2026-11-06")
    (week,) = live_hours(delhi, london)
    assert week.windows == ((datetime(2026, 11, 2, 8, tzinfo=UTC), datetime(2026, 11, 2, 9, tzinfo=UTC)),)
    assert not week.assumed
    assert LiveWeek.from_dict(week.to_dict()) == week


def test_unknown_lessons_are_assumed_from_nine_to_five_and_said_to_be() -> None:
    (week,) = live_hours(
        course("Asia/Tokyo", start="2027-01-11", end="2027-01-15"),
        course("Asia/Kolkata", start="2027-01-11", end="2027-01-15"),
    )
    # 9-17 in Tokyo is 05:30-13:30 in India: four and a half hours on five days.
    assert (week.hours, week.assumed, len(week.windows)) == (22.5, True, 5)


def test_nothing_is_known_of_live_hours_without_a_time_zone() -> None:
    tokyo, nowhere = course("Asia/Tokyo"), course(None)
    assert shared_weeks(tokyo, nowhere)
    assert live_hours(tokyo, nowhere) == ()


def test_a_lesson_on_a_day_off_does_not_count() -> None:
    slots = (Slot(3, time(9), time(11)), Slot(4, time(9), time(11)))
    tokyo, seoul = course("Asia/Tokyo", *slots, end="2026-10-09"), course("Asia/Seoul", *slots, end="2026-10-09")
    with_holiday = make_profile(
        starts_on=tokyo.starts_on,
        ends_on=tokyo.ends_on,
        time_zone="Asia/Tokyo",
        slots=slots,
        breaks=((date(2026, 10, 9), date(2026, 10, 9)),),
    )
    assert hours_by_week(tokyo, seoul) == {"2026-10-05": 4.0}
    assert hours_by_week(with_holiday, seoul) == {"2026-10-05": 2.0}


def test_lessons_that_overlap_count_once() -> None:
    twice = course("Asia/Tokyo", Slot(0, time(9), time(11)), Slot(0, time(10), time(12)), end="2026-10-09")
    once = course("Asia/Tokyo", Slot(0, time(8), time(18)), end="2026-10-09")
    assert hours_by_week(twice, once) == {"2026-10-05": 3.0}


def test_monday_morning_in_auckland_is_sunday_evening_in_london() -> None:
    auckland = course("Pacific/Auckland", Slot(0, time(9), time(10)), end="2026-10-16")
    london = course("Europe/London", Slot(6, time(20), time(22)), start="2026-09-28", end="2026-10-16")
    # The Sunday between the two shared weeks belongs to the first in UTC; the one before to neither.
    assert hours_by_week(auckland, london) == {"2026-10-05": 1.0, "2026-10-12": 0.0}


def test_a_lesson_in_the_skipped_hour_does_not_take_place() -> None:
    night = course("Europe/Paris", Slot(6, time(2, 30), time(3, 15)), start="2027-03-22", end="2027-03-28")
    day = course("Europe/Paris", Slot(6, time(0), time(12)), start="2027-03-22", end="2027-03-28")
    assert hours_by_week(night, day) == {"2027-03-22": 0.0}


@settings(max_examples=60, deadline=None)
@given(profiles(), profiles())
def test_live_hours_are_the_same_from_both_sides(a: CourseProfile, b: CourseProfile) -> None:
    assert live_hours(a, b) == live_hours(b, a)
    for week in live_hours(a, b):
        bounds = [instant for window in week.windows for instant in window]
        assert bounds == sorted(bounds)
        lengths = [(end - start) / timedelta(hours=1) for start, end in week.windows]
        assert week.hours == pytest.approx(sum(lengths))
