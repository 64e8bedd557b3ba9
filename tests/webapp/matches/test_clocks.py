"""Live hours on both clocks of pairs far apart: half hours, and clocks that change in spring and autumn."""

from datetime import date, time
from typing import Any

import pytest

from matcher.calendars import live_hours, shared_weeks, teaching_weeks
from matcher.profile import CourseProfile, Slot
from tests.webapp.matches.conftest import Scene
from tests.webapp.matches.samples import explanation
from webapp.matches import wording
from webapp.matches.clocks import HoursPicture, hours_picture


def picture(
    scene: Scene, a: tuple[str, str, Slot], b: tuple[str, str, Slot], start: date, end: date, **changes: Any
) -> HoursPicture:
    """The chart of two courses, each with its town, time zone and one weekly lesson."""
    profiles = []
    for course, (town, zone, slot) in ((scene.match.course_a, a), (scene.match.course_b, b)):
        course.institution.city, course.institution.time_zone, course.time_zone = town, zone, zone
        profiles.append(
            CourseProfile(
                id=str(course.id),
                institution=town,
                country=course.institution.country,
                title=course.title,
                starts_on=start,
                ends_on=end,
                time_zone=zone,
                slots=(slot,),
            )
        )
    one, other = profiles
    stored = explanation(
        teaching_weeks_a=teaching_weeks(one),
        teaching_weeks_b=teaching_weeks(other),
        shared_weeks=shared_weeks(one, other),
        live_hours=live_hours(one, other),
        **changes,
    )
    found = hours_picture(scene.match, wording.read(stored))
    assert found is not None
    return found


def test_delhi_and_vienna_over_the_spring_of_2027(scene: Scene) -> None:
    found = picture(
        scene,
        ("Delhi", "Asia/Kolkata", Slot(1, time(13), time(16))),
        ("Vienna", "Europe/Vienna", Slot(1, time(9), time(11))),
        date(2027, 3, 15),
        date(2027, 4, 9),
    )
    assert [group.windows for group in found.groups] == [
        ("Tuesday: 13:30–15:30 in Delhi, 09:00–11:00 in Vienna",),
        ("Tuesday: 13:00–14:30 in Delhi, 09:30–11:00 in Vienna",),
    ]
    assert [group.hours for group in found.groups] == [2.0, 1.5]
    assert [mark.label for mark in found.changes] == ["Clocks change in Vienna on Sun, 28 Mar 2027."]


def test_the_autumn_change_is_shown_too(scene: Scene) -> None:
    found = picture(
        scene,
        ("Hanoi", "Asia/Ho_Chi_Minh", Slot(0, time(14), time(17))),
        ("Lisbon", "Europe/Lisbon", Slot(0, time(8), time(10))),
        date(2027, 10, 18),
        date(2027, 11, 12),
    )
    assert [mark.label for mark in found.changes] == ["Clocks change in Lisbon on Sun, 31 Oct 2027."]
    assert [group.windows for group in found.groups] == [
        ("Monday: 14:00–16:00 in Hanoi, 08:00–10:00 in Lisbon",),
        ("Monday: 15:00–17:00 in Hanoi, 08:00–10:00 in Lisbon",),
    ]


def test_yangon_is_half_an_hour_off_the_others(scene: Scene) -> None:
    found = picture(
        scene,
        ("Yangon", "Asia/Yangon", Slot(2, time(14), time(16))),
        ("London", "Europe/London", Slot(2, time(8), time(10))),
        date(2027, 3, 22),
        date(2027, 4, 9),
    )
    assert [group.windows for group in found.groups] == [
        ("Wednesday: 14:30–16:00 in Yangon, 08:00–09:30 in London",),
        ("Wednesday: 14:00–15:30 in Yangon, 08:30–10:00 in London",),
    ]


def test_sydney_changes_a_week_after_helsinki(scene: Scene) -> None:
    found = picture(
        scene,
        ("Sydney", "Australia/Sydney", Slot(3, time(16), time(19))),
        ("Helsinki", "Europe/Helsinki", Slot(3, time(8), time(11))),
        date(2027, 3, 22),
        date(2027, 4, 16),
    )
    assert [mark.label for mark in found.changes] == [
        "Clocks change in Helsinki on Sun, 28 Mar 2027.",
        "Clocks change in Sydney on Sun, 4 Apr 2027.",
    ]
    # Nine hours apart, then eight, then seven.
    assert [(group.hours, group.windows) for group in found.groups] == [
        (2.0, ("Thursday: 17:00–19:00 in Sydney, 08:00–10:00 in Helsinki",)),
        (3.0, ("Thursday: 16:00–19:00 in Sydney, 08:00–11:00 in Helsinki",)),
        (2.0, ("Thursday: 16:00–18:00 in Sydney, 09:00–11:00 in Helsinki",)),
    ]


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "Asia/Ho_Chi_Minh", "Asia/Kolkata"])
def test_clocks_that_never_change_are_never_said_to(scene: Scene, zone: str) -> None:
    found = picture(
        scene,
        ("Here", zone, Slot(0, time(9), time(12))),
        ("There", zone, Slot(0, time(10), time(11))),
        date(2027, 3, 1),
        date(2027, 5, 28),
    )
    assert found.changes == ()
    assert len(found.groups) == 1
