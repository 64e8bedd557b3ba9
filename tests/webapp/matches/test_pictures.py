"""The weeks strip and the hours chart: what is drawn is what is said."""

from datetime import date
from itertools import pairwise

import pytest
from flask import Flask
from flask_babel import force_locale

from tests.webapp.matches.conftest import Scene
from tests.webapp.matches.samples import explanation, weeks
from webapp.matches import wording
from webapp.matches.clocks import LONGEST_BAR, city, hours_picture
from webapp.matches.pictures import Axis, weeks_picture


@pytest.fixture(autouse=True)
def _towns(scene: Scene) -> None:
    for course, town in ((scene.match.course_a, "Hanoi"), (scene.match.course_b, "Lisbon")):
        course.institution.city = town
        course.time_zone = course.institution.time_zone


def test_each_teaching_week_is_drawn_and_weeks_between_are_off(scene: Scene) -> None:
    picture = weeks_picture(scene.match, wording.read(explanation()))
    assert picture is not None
    hanoi, lisbon = picture.rows
    assert (hanoi.region, hanoi.institution, len(hanoi.teaching)) == ("asia", "Hanoi University", 11)
    assert [(span.first, span.last) for span in hanoi.off] == [(date(2027, 3, 8), date(2027, 3, 8))]
    assert (lisbon.region, len(lisbon.teaching), lisbon.off) == ("europe", 14, ())
    # 15 weeks from 22 February to 4 June.
    assert (hanoi.teaching[0].x, lisbon.teaching[0].x) == (0, round(100 / 15, 3))
    assert lisbon.teaching[-1].x + lisbon.teaching[-1].width == pytest.approx(100, abs=0.01)


def test_the_common_window_is_outlined_where_both_teach_and_said_in_words(scene: Scene) -> None:
    picture = weeks_picture(scene.match, wording.read(explanation()))
    assert picture is not None
    assert [(span.first, span.last) for span in picture.shared] == [
        (date(2027, 3, 1), date(2027, 3, 1)),
        (date(2027, 3, 15), date(2027, 5, 10)),
    ]
    assert picture.n_shared == 10
    assert picture.words == (
        "Both teach in 10 weeks: Mon, 1 Mar 2027 to Fri, 5 Mar 2027 and Mon, 15 Mar 2027 to Fri, 14 May 2027."
    )
    assert picture.rows[0].words.startswith("Hanoi University teaches: Mon, 22 Feb 2027 to Fri, 5 Mar 2027 and ")


def test_months_are_named_in_the_readers_language_and_never_crowd(scene: Scene) -> None:
    stored = wording.read(explanation())
    picture = weeks_picture(scene.match, stored)
    assert picture is not None
    assert [mark.label for mark in picture.months] == ["Mar", "Apr", "May"]
    with force_locale("ja"):
        picture = weeks_picture(scene.match, stored)
    assert picture is not None
    assert picture.months[0].label == "3月"


@pytest.mark.parametrize("n_weeks", [1, 2, 5, 17, 40])
@pytest.mark.parametrize("first", [date(2026, 12, 28), date(2027, 2, 1), date(2027, 8, 30)])
def test_month_marks_stay_inside_and_in_order(context: Flask, first: date, n_weeks: int) -> None:
    axis = Axis(list(weeks(first, n_weeks)))
    marks = [mark.x for mark in axis.months()]
    assert marks
    assert all(0 <= x <= 91 for x in marks)
    assert all(one < other for one, other in pairwise(marks))


def test_public_holidays_of_both_countries_are_marked_on_school_days(scene: Scene) -> None:
    picture = weeks_picture(scene.match, wording.read(explanation()))
    assert picture is not None
    hanoi, lisbon = picture.rows
    assert [(off.on, off.name) for off in hanoi.holidays] == [
        (date(2027, 4, 16), "Hung Kings' Commemoration Day"),
        (date(2027, 4, 30), "Liberation Day/Reunification Day"),
        (date(2027, 5, 3), "International Labor Day (observed)"),
    ]
    assert date(2027, 3, 26) in {off.on for off in lisbon.holidays}
    assert hanoi.holidays[0].words == "Fri, 16 Apr 2027 (Hung Kings' Commemoration Day)"
    assert hanoi.holiday_words.startswith("Public holidays at Hanoi University: Fri, 16 Apr 2027 (Hung Kings'")
    # A Friday is the last fifth of its week: 12 April is the eighth of 15 weeks.
    assert hanoi.holidays[0].x == pytest.approx(100 / 15 * 7.8, abs=0.01)
    assert hanoi.holidays[0].width == pytest.approx(100 / 15 / 5, abs=0.01)


def test_holidays_have_names_in_the_readers_language_where_there_are_any(scene: Scene) -> None:
    scene.match.course_b.institution.country = "FR"
    with force_locale("fr"):
        picture = weeks_picture(scene.match, wording.read(explanation()))
    assert picture is not None
    assert "Lundi de Pâques" in [off.name for off in picture.rows[1].holidays]
    assert "Hung Kings' Commemoration Day" in [off.name for off in picture.rows[0].holidays]


def test_holidays_outside_the_dates_of_the_course_are_left_out(scene: Scene) -> None:
    scene.match.course_a.ends_on = date(2027, 4, 15)
    picture = weeks_picture(scene.match, wording.read(explanation()))
    assert picture is not None
    assert picture.rows[0].holidays == ()
    assert picture.rows[0].holiday_words.startswith("No public holiday is known on the school days of Hanoi University")


def test_the_proposed_window_is_drawn_where_it_is_said(scene: Scene) -> None:
    scene.match.course_a.weeks_wanted = 6
    picture = weeks_picture(scene.match, wording.read(explanation()))
    assert picture is not None
    assert picture.window is not None
    assert picture.proposed is not None
    assert (picture.window.first, picture.window.last) == (date(2027, 3, 15), date(2027, 4, 19))
    assert picture.window.width == pytest.approx(600 / 15, abs=0.01)
    assert "6 weeks, Mon, 15 Mar 2027 to Fri, 23 Apr 2027" in picture.proposed.words


def test_unknown_dates_leave_a_row_empty_and_say_so(scene: Scene) -> None:
    stored = wording.read(explanation(teaching_weeks_b=(), shared_weeks=(), live_hours=()))
    picture = weeks_picture(scene.match, stored)
    assert picture is not None
    assert picture.rows[1].teaching == ()
    assert picture.rows[1].words == "The teaching dates of University of Lisbon are not known."
    assert picture.words == "No week is known in which both classes teach."
    assert picture.rows[1].holiday_words == ""
    assert picture.window is picture.proposed is None
    assert hours_picture(scene.match, stored) is None


def test_without_any_dates_nothing_is_drawn(scene: Scene) -> None:
    assert weeks_picture(scene.match, wording.read({})) is None
    assert hours_picture(scene.match, wording.read({})) is None


def test_live_hours_are_told_on_both_clocks_and_change_with_them(scene: Scene) -> None:
    picture = hours_picture(scene.match, wording.read(explanation()))
    assert picture is not None
    # Before 28 March Hanoi is 7 hours ahead of Lisbon, afterwards 6.
    assert [(group.first, group.n_weeks, group.hours) for group in picture.groups] == [
        (date(2027, 3, 1), 3, 4.0),
        (date(2027, 3, 29), 7, 4.0),
    ]
    assert [group.windows for group in picture.groups] == [
        ("Monday and Tuesday: 15:00–17:00 in Hanoi, 08:00–10:00 in Lisbon",),
        ("Monday and Tuesday: 14:00–16:00 in Hanoi, 08:00–10:00 in Lisbon",),
    ]
    assert picture.groups[0].changes == ("Clocks change in Lisbon on Sun, 28 Mar 2027.",)
    assert [mark.label for mark in picture.changes] == ["Clocks change in Lisbon on Sun, 28 Mar 2027."]
    assert picture.words == "Live hours in every shared week: 4. Clocks change in Lisbon on Sun, 28 Mar 2027."


def test_bars_stand_on_the_base_line_and_the_most_reaches_the_top(scene: Scene) -> None:
    stored = explanation()
    stored["live_hours"][0] |= {"hours": 2.0, "windows": stored["live_hours"][0]["windows"][:1]}
    picture = hours_picture(scene.match, wording.read(stored))
    assert picture is not None
    assert (picture.most, picture.bars[0].height, picture.bars[1].height) == (4.0, LONGEST_BAR / 2, LONGEST_BAR)
    assert all(bar.y + bar.height == LONGEST_BAR for bar in picture.bars)
    assert picture.words.startswith("Live hours in a shared week: from 2 to 4.")


def test_weeks_without_a_common_hour_are_said_and_divide_nothing_by_zero(scene: Scene) -> None:
    stored = explanation()
    for week in stored["live_hours"]:
        week |= {"hours": 0.0, "windows": []}
    picture = hours_picture(scene.match, wording.read(stored))
    assert picture is not None
    assert {bar.height for bar in picture.bars} == {0.0}
    assert picture.words.startswith("The two classes have no live hours in common.")


def test_a_window_that_falls_on_two_days_names_both(scene: Scene) -> None:
    stored = explanation()
    first = stored["live_hours"][0]
    first |= {"hours": 1.0, "windows": [["2027-03-01T17:30:00+00:00", "2027-03-01T18:30:00+00:00"]]}
    picture = hours_picture(scene.match, wording.read(stored))
    assert picture is not None
    assert picture.groups[0].windows == ("Tuesday: 00:30–01:30 in Hanoi, Monday 17:30–18:30 in Lisbon",)


def test_a_course_that_keeps_another_zone_than_its_town_is_named_by_the_zone(scene: Scene) -> None:
    course = scene.match.course_a
    assert city(course) == "Hanoi"
    course.time_zone = "Asia/Tokyo"
    assert city(course) == "Tokyo"
    course.time_zone, course.institution.city = None, ""
    assert city(course) == "Ho Chi Minh City"
