"""The strip of a term's weeks with breaks and public holidays."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale

from matcher.calendars import teaching_weeks
from tests import factories
from webapp.db import db
from webapp.profiles import for_matcher, public_holidays
from webapp.profiles.teaching_calendar import TeachingCalendar, lay_out

FIRST, LAST = date(2027, 2, 1), date(2027, 6, 4)


def drawn(app: Flask, first: date, last: date, country: str = "VN", *breaks: tuple[date, date]) -> TeachingCalendar:
    """The calendar of a term, in English."""
    with app.test_request_context():
        found = lay_out(first, last, list(breaks), country)
    assert found is not None
    return found


def test_tet_2027_is_one_period_with_its_weekend() -> None:
    found = public_holidays.between("VN", FIRST, LAST, "en")
    tet, liberation = public_holidays.periods(found, public_holidays.weekdays_of("VN"), FIRST, LAST)
    assert (tet.first, tet.last) == (date(2027, 2, 4), date(2027, 2, 10))
    assert (liberation.first, liberation.last) == (date(2027, 4, 30), date(2027, 5, 3))


def test_golden_week_2027_is_one_period_and_single_holidays_are_none() -> None:
    first, last = date(2027, 4, 6), date(2027, 7, 31)
    found = public_holidays.between("JP", first, last, "ja")
    (golden,) = public_holidays.periods(found, public_holidays.weekdays_of("JP"), first, last)
    assert (golden.first, golden.last) == (date(2027, 5, 1), date(2027, 5, 5))
    assert golden.names == ("憲法記念日", "みどりの日", "こどもの日")
    assert date(2027, 4, 29) in {it.on for it in found}


def test_a_period_does_not_reach_beyond_the_term() -> None:
    last = date(2027, 2, 9)
    found = public_holidays.between("VN", FIRST, last, "en")
    (tet,) = public_holidays.periods(found, public_holidays.weekdays_of("VN"), FIRST, last)
    assert tet.last == last


@pytest.mark.parametrize(
    ("country", "language", "on", "name"),
    [
        ("FR", "fr", date(2027, 3, 29), "Lundi de Pâques"),
        ("JP", "ja", date(2027, 4, 29), "昭和の日"),
        ("VN", "fr", date(2027, 2, 6), "Lunar New Year"),  # no French names: English ones
        ("NZ", "ja", date(2027, 3, 29), "Easter Monday"),  # names in one language only
    ],
)
def test_holidays_are_named_in_the_readers_language_or_in_english(
    country: str, language: str, on: date, name: str
) -> None:
    assert {it.on: it.names for it in public_holidays.between(country, FIRST, LAST, language)}[on] == (name,)


def test_estimated_holidays_are_marked_once_and_not_in_their_name() -> None:
    found = {it.on: it for it in public_holidays.between("ID", FIRST, LAST, "en")}
    assert found[date(2027, 3, 10)].is_estimated
    assert found[date(2027, 3, 10)].names == ("Eid al-Fitr",)
    assert not found[date(2027, 3, 26)].is_estimated


def test_a_country_whose_holidays_are_not_known_has_none_and_the_strip_says_so(context: Flask) -> None:
    assert public_holidays.between("QQ", FIRST, LAST, "en") == ()
    assert drawn(context, FIRST, LAST, "QQ").unknown_country
    assert not drawn(context, FIRST, LAST, "VN").unknown_country


def test_weekdays_are_those_of_the_country() -> None:
    assert public_holidays.weekdays_of("VN") == {0, 1, 2, 3, 4}
    assert public_holidays.weekdays_of("BD") == {0, 1, 2, 3, 6}


def test_each_week_has_its_place_and_its_number_of_free_weekdays(context: Flask) -> None:
    strip = drawn(context, FIRST, LAST)
    assert [week.monday for week in strip.weeks] == [FIRST + n * timedelta(weeks=1) for n in range(18)]
    assert [week.n_free for week in strip.weeks[:3]] == [2, 3, 0]
    assert (strip.weeks[0].days.x, strip.weeks[1].days.x) == (0.0, pytest.approx(100 / 18, abs=0.001))
    assert strip.weeks[-1].days.width == pytest.approx(100 / 18 * 5 / 7, abs=0.001)
    assert [mark.label for mark in strip.months][:2] == ["Feb", "Mar"]
    assert strip.weeks[1].words.startswith("Week of Mon, 8 Feb 2027: 3 holidays (8 Feb: Third Day of Lunar New Year")
    assert strip.weeks[2].words == ""


def test_a_term_that_starts_in_the_middle_of_a_week_leaves_its_first_days_empty(context: Flask) -> None:
    strip = drawn(context, date(2027, 2, 17), date(2027, 3, 2), "PT")
    assert strip.weeks[0].days.x == pytest.approx(2 / 21 * 100, abs=0.001)
    assert strip.weeks[0].days.width == pytest.approx(5 / 21 * 100, abs=0.001)


def test_a_break_takes_its_holidays_in_and_is_no_longer_offered(context: Flask) -> None:
    before = drawn(context, FIRST, LAST)
    after = drawn(context, FIRST, LAST, "VN", (date(2027, 2, 4), date(2027, 2, 10)))
    assert [offer.first for offer in before.offers] == [date(2027, 2, 4), date(2027, 4, 30)]
    assert [offer.first for offer in after.offers] == [date(2027, 4, 30)]
    assert (after.weeks[0].n_free, after.weeks[0].n_in_break) == (0, 2)
    assert after.weeks[0].words == "Week of Mon, 1 Feb 2027: 2 weekdays in a break"
    assert len(after.breaks) == 1


def test_weeks_are_counted_as_rounds_count_them(context: Flask) -> None:
    breaks = [{"from": "2027-02-04", "to": "2027-02-10"}, {"from": "2027-04-26", "to": "2027-05-02"}]
    mai = factories.user(at=factories.institution())
    course = factories.course(mai, starts_on=date(2027, 1, 28), ends_on=LAST, breaks=breaks)
    spans = [(date.fromisoformat(one["from"]), date.fromisoformat(one["to"])) for one in breaks]
    strip = drawn(context, date(2027, 1, 28), LAST, "VN", *spans)
    counted = teaching_weeks(for_matcher.to_matcher(course, 1, date(2026, 11, 23)))
    assert tuple(week.monday for week in strip.weeks if week.is_taught) == counted
    assert f"{len(counted)} teaching weeks between Thu, 28 Jan 2027 and Fri, 4 Jun 2027." in strip.words


@pytest.mark.parametrize(
    ("first", "last"),
    [(None, LAST), (FIRST, None), (LAST, FIRST), (FIRST, FIRST + timedelta(weeks=52))],
)
def test_without_a_term_that_can_be_there_is_no_strip(context: Flask, first: date | None, last: date | None) -> None:
    with context.test_request_context():
        assert lay_out(first, last, [], "VN") is None


def test_months_are_named_in_the_readers_language_and_do_not_touch(context: Flask) -> None:
    with context.test_request_context(), force_locale("ja"):
        found = lay_out(date(2026, 9, 1), date(2027, 8, 27), [], "JP")
    assert found is not None
    assert found.months[0].label == "9月"
    gaps = [right.x - left.x for left, right in zip(found.months, found.months[1:], strict=False)]
    assert min(gaps) > 10


@pytest.fixture
def mai(app: Flask, sign_in: Callable[[int], FlaskClient]) -> FlaskClient:
    """The browser of a lecturer in Hanoi."""
    with app.app_context():
        mai_id = factories.user(at=factories.institution()).id
        db.session.commit()
    return sign_in(mai_id)


def test_the_strip_is_drawn_for_the_days_in_the_address(mai: FlaskClient) -> None:
    data = {"starts_on": "2027-02-01", "ends_on": "2027-06-04", "breaks-0-first": "2027-04-26", "breaks-0-last": ""}
    page = mai.get("/courses/calendar", query_string=data).text
    assert "Week of Mon, 26 Apr 2027: 1 weekday in a break and 1 holiday" in page
    assert 'value="break|2027-02-04|2027-02-10"' in page
    assert "<html" not in page


@pytest.mark.parametrize(
    "query",
    ["", "starts_on=x&ends_on=y", "starts_on=2027-02-01&ends_on=9999-99-99", "breaks-0-first=1&breaks-99-last=2"],
)
def test_days_that_cannot_be_read_give_no_strip_and_no_error(mai: FlaskClient, query: str) -> None:
    answer = mai.get(f"/courses/calendar?{query}")
    assert answer.status_code == 200
    assert "<svg" not in answer.text


def test_a_break_that_covers_a_century_leaves_no_week(mai: FlaskClient) -> None:
    query = {"starts_on": "2027-02-01", "ends_on": "2027-06-04", "breaks-0-first": "2000-01-01"}
    answer = mai.get("/courses/calendar", query_string=query | {"breaks-0-last": "2099-12-31"})
    assert "0 teaching weeks" in answer.text


def test_a_holiday_is_taken_over_into_the_form(mai: FlaskClient) -> None:
    data = {"title": "Water", "starts_on": "2027-02-01", "ends_on": "2027-06-04", "add": "break|2027-02-04|2027-02-10"}
    page = mai.post("/courses/new", data=data).text
    assert 'name="breaks-0-first"' in page
    assert 'value="2027-02-04"' in page
    assert "Taken over as a break." in page
    assert 'value="break|2027-02-04|2027-02-10"' not in page
