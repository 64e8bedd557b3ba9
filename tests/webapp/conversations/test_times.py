"""Both clocks are right on each date, also where clocks change, and with offsets of half hours."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.conftest import NOW
from tests.webapp.conversations.conftest import Talk
from webapp.conversations.times import instants, offers, on_both_clocks

LISBON, PARIS = ZoneInfo("Europe/Lisbon"), ZoneInfo("Europe/Paris")


def utc(*values: int) -> datetime:
    """An instant in UTC."""
    return datetime(*values, tzinfo=UTC)  # type: ignore[arg-type,misc]


@pytest.mark.parametrize(
    ("on", "at", "zone", "expected"),
    [
        (date(2027, 2, 16), time(8), LISBON, [utc(2027, 2, 16, 8)]),
        (date(2027, 6, 1), time(8), LISBON, [utc(2027, 6, 1, 7)]),
        (date(2027, 3, 28), time(1, 30), LISBON, []),
        (date(2027, 3, 28), time(2), LISBON, [utc(2027, 3, 28, 1)]),
        (date(2027, 3, 28), time(2, 30), PARIS, []),
        (date(2027, 10, 31), time(2, 30), PARIS, [utc(2027, 10, 31, 0, 30), utc(2027, 10, 31, 1, 30)]),
        (date(2027, 3, 1), time(9), ZoneInfo("Asia/Kolkata"), [utc(2027, 3, 1, 3, 30)]),
        (date(2027, 3, 1), time(9), ZoneInfo("Asia/Kathmandu"), [utc(2027, 3, 1, 3, 15)]),
    ],
)
def test_a_local_time_means_one_instant_or_none_or_two(
    on: date, at: time, zone: ZoneInfo, expected: list[datetime]
) -> None:
    assert instants(on, at, zone) == expected


def test_an_instant_is_written_on_both_clocks_the_own_first(talk: Talk) -> None:
    assert on_both_clocks(talk.a, utc(2027, 2, 16, 8)) == "Tue, 16 Feb 2027: 15:00 in Hanoi, 08:00 in Lisbon"
    assert on_both_clocks(talk.b, utc(2027, 2, 16, 8)) == "Tue, 16 Feb 2027: 08:00 in Lisbon, 15:00 in Hanoi"


def test_the_distance_follows_the_change_of_clocks(talk: Talk) -> None:
    talk.rui.time_zone = "Europe/Lisbon"
    assert on_both_clocks(talk.b, utc(2027, 3, 23, 8)).endswith("08:00 in Lisbon, 15:00 in Hanoi")
    assert on_both_clocks(talk.b, utc(2027, 3, 30, 7)).endswith("08:00 in Lisbon, 14:00 in Hanoi")


def test_another_day_at_the_other_place_is_named(talk: Talk) -> None:
    assert on_both_clocks(talk.b, utc(2027, 2, 16, 20)) == (
        "Tue, 16 Feb 2027: 20:00 in Lisbon, Wednesday 03:00 in Hanoi"
    )


def test_a_half_hour_zone_is_written_as_it_is(talk: Talk) -> None:
    talk.match.course_a.time_zone = talk.mai.time_zone = "Asia/Kolkata"
    assert on_both_clocks(talk.b, utc(2027, 2, 16, 8)).endswith("08:00 in Lisbon, 13:30 in Kolkata")


def test_a_lecturer_who_is_elsewhere_reads_their_present_clock_too(talk: Talk) -> None:
    talk.mai.time_zone = "Asia/Tokyo"
    assert on_both_clocks(talk.a, utc(2027, 2, 16, 8)).endswith(
        "on your present clock: Tue, 16 Feb 2027, 17:00 (Tokyo)"
    )


def test_offers_are_the_next_overlaps_of_the_weekly_hours_before_term_too(talk: Talk) -> None:
    found = offers(talk.b, NOW)
    assert found.basis == "lessons"
    # Hanoi 14-17 is 7-10 in Lisbon's winter, where the class meets from 8 to 10.30.
    assert found.spans[0] == (utc(2026, 11, 24, 8), utc(2026, 11, 24, 10))
    assert [start.date() for start, _end in found.spans] == [
        date(2026, 11, 24) + n * timedelta(days=7) for n in range(len(found.spans))
    ]
    assert len(found.spans) >= 4


def test_offers_follow_the_change_of_clocks(talk: Talk) -> None:
    before, after = offers(talk.a, utc(2027, 3, 22)).spans[:2]
    assert before == (utc(2027, 3, 23, 8), utc(2027, 3, 23, 10))
    assert after == (utc(2027, 3, 30, 7), utc(2027, 3, 30, 9, 30))


def test_without_a_common_hour_the_working_days_are_offered(talk: Talk) -> None:
    talk.match.course_b.slots = [{"weekday": "wed", "start": "08:00", "end": "10:00"}]
    found = offers(talk.a, NOW)
    assert found.basis == "working_day"
    assert found.spans[0] == (utc(2026, 11, 24, 9), utc(2026, 11, 24, 10))


def test_a_course_without_hours_counts_with_its_working_day(talk: Talk) -> None:
    talk.match.course_b.slots = []
    found = offers(talk.a, NOW)
    assert found.basis == "assumed"
    assert found.spans[0] == (utc(2026, 11, 24, 9), utc(2026, 11, 24, 10))


def test_a_time_within_half_a_day_is_not_offered(talk: Talk) -> None:
    assert offers(talk.a, utc(2026, 11, 23, 20)).spans[0][0] == utc(2026, 11, 24, 8)
    assert offers(talk.a, utc(2026, 11, 23, 21)).spans[0][0] == utc(2026, 12, 1, 8)


def test_where_working_days_never_meet_the_fairest_early_and_late_hour_is_offered(talk: Talk) -> None:
    talk.match.course_a.time_zone, talk.match.course_a.slots = "Australia/Adelaide", []
    talk.match.course_b.slots = []
    found = offers(talk.b, NOW)
    assert found.basis == "long_day"
    # Lisbon 7:00-10:30 is Adelaide 17:30-21:00, in its summer; Adelaide's early morning is much shorter.
    assert found.spans[0] == (utc(2026, 11, 24, 8), utc(2026, 11, 24, 9))
    assert offers(talk.a, NOW).spans == found.spans


def test_a_profile_the_matcher_cannot_read_brings_no_offers(talk: Talk) -> None:
    talk.match.course_b.level = "nobody knows this level"
    assert offers(talk.a, NOW).spans == ()
