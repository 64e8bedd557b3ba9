"""Proposing, agreeing and calling off on the page, with the times that do not exist or come twice."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask
from icalendar import Calendar
from werkzeug.test import TestResponse

from tests import factories
from tests.webapp.conversations.conftest import Browsers
from webapp.conversations.models import Meeting
from webapp.db import db
from webapp.matches.models import Match

LISBON = ZoneInfo("Europe/Lisbon")


def changes_of_clocks() -> tuple[datetime, datetime]:
    """The next days on which Lisbon's clocks go forward and back."""
    day, found = datetime.now(UTC) + timedelta(days=2), {}
    while len(found) < 2:
        step = (day + timedelta(days=1)).astimezone(LISBON).utcoffset() - day.astimezone(LISBON).utcoffset()  # type: ignore[operator]
        if step:
            found.setdefault(step > timedelta(0), (day + timedelta(days=1)))
        day += timedelta(days=1)
    last_sunday = [at - timedelta(days=(at.weekday() + 1) % 7) for at in (found[True], found[False])]
    return last_sunday[0], last_sunday[1]


def propose(browsers: Browsers, **fields: str) -> TestResponse:
    """Send the form as Rui in Lisbon."""
    data = {"meeting-when": "own", "meeting-minutes": "60"} | {f"meeting-{name}": its for name, its in fields.items()}
    return browsers.rui.post(browsers.path("meetings"), data=data)


def meetings(app: Flask) -> list[Meeting]:
    """All meetings, by id."""
    with app.app_context():
        return list(db.session.scalars(sa.select(Meeting).order_by(Meeting.id)))


def test_an_offered_time_is_proposed_agreed_and_saved_to_a_calendar(app: Flask, browsers: Browsers) -> None:
    page = BeautifulSoup(browsers.rui.get(browsers.path()).text, "html.parser")
    offered = page.select("input[name=meeting-when]")
    assert len(offered) >= 4
    assert "in Lisbon" in offered[0].parent.text  # type: ignore[union-attr]
    assert "in Hanoi" in offered[0].parent.text  # type: ignore[union-attr]
    assert propose(browsers, when=str(offered[0]["value"])).status_code == 303
    (meeting,) = meetings(app)
    assert meeting.starts_at.isoformat() == offered[0]["value"]
    waiting = browsers.mai.get(browsers.path()).text
    assert "your answer is awaited" in waiting
    assert "This time does not suit me" in waiting
    assert "This time does not suit me" not in browsers.rui.get(browsers.path()).text
    assert browsers.mai.get(browsers.path(f"meetings/{meeting.id}/meeting.ics")).status_code == 404
    assert browsers.rui.post(browsers.path(f"meetings/{meeting.id}/agree")).status_code == 403
    assert browsers.mai.post(browsers.path(f"meetings/{meeting.id}/agree")).status_code == 303
    answer = browsers.rui.get(browsers.path(f"meetings/{meeting.id}/meeting.ics"))
    assert answer.headers["Content-Type"].startswith("text/calendar")
    (event,) = Calendar.from_ical(answer.data).events
    assert event.start == meeting.starts_at
    browsers.rui.post(browsers.path(f"meetings/{meeting.id}/call-off"))
    assert "Called off" in browsers.mai.get(browsers.path()).text
    assert b"STATUS:CANCELLED" in browsers.mai.get(browsers.path(f"meetings/{meeting.id}/meeting.ics")).data


def test_a_time_of_ones_own_is_read_on_the_own_clock(app: Flask, browsers: Browsers) -> None:
    forward, _back = changes_of_clocks()
    summer = (forward + timedelta(days=2)).date().isoformat()
    assert propose(browsers, day=summer, time="08:00", place="https://meet.example/1").status_code == 303
    (meeting,) = meetings(app)
    assert meeting.starts_at == datetime.fromisoformat(f"{summer}T07:00Z")
    assert '<a href="https://meet.example/1"' in browsers.mai.get(browsers.path()).text


def test_a_time_that_clocks_skip_is_refused_and_said(app: Flask, browsers: Browsers) -> None:
    forward, _back = changes_of_clocks()
    answer = propose(browsers, day=forward.date().isoformat(), time="01:30", place="Room 5")
    assert answer.status_code == 422
    assert "clocks in Lisbon are set forward over 01:30, so this time does not exist" in answer.text
    assert 'value="Room 5"' in answer.text
    assert meetings(app) == []


@pytest.mark.parametrize(("which", "hour"), [("0", "00"), ("1", "01")])
def test_a_time_that_comes_twice_is_asked_for(app: Flask, browsers: Browsers, which: str, hour: str) -> None:
    _forward, back = changes_of_clocks()
    day = back.date().isoformat()
    answer = propose(browsers, day=day, time="01:30")
    assert answer.status_code == 422
    assert len(BeautifulSoup(answer.text, "html.parser").select("input[name=meeting-which]")) == 2
    assert "07:30 in Hanoi" in answer.text
    assert "08:30 in Hanoi" in answer.text
    assert propose(browsers, day=day, time="01:30", which=which).status_code == 303
    assert meetings(app)[0].starts_at == datetime.fromisoformat(f"{day}T{hour}:30Z")


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"day": "2020-01-01", "time": "08:00"},
        {"day": "9999-12-31", "time": "23:59"},
        {"day": "0001-01-01", "time": "00:00"},
        {"day": "2099-01-01", "time": ""},
        {"when": "tomorrow"},
        {"when": "0001-01-01T00:00:00+14:00"},
        {"when": "2026-11-24T08:00:00"},
        {"minutes": "7", "when": "2026-12-01T08:00:00+00:00"},
    ],
)
def test_times_nobody_can_meet_at_are_refused(app: Flask, browsers: Browsers, fields: dict[str, str]) -> None:
    answer = propose(browsers, **fields)
    assert answer.status_code == 422
    assert "error-summary" in answer.text
    assert meetings(app) == []


def test_an_address_as_the_place_waits_until_both_have_accepted(app: Flask, browsers: Browsers) -> None:
    in_a_week = (datetime.now(UTC) + timedelta(days=7)).date().isoformat()
    answer = propose(browsers, day=in_a_week, time="12:00", place="rui@ulisboa.example")
    assert answer.status_code == 422
    assert "Addresses are exchanged once both of you accept" in answer.text


def test_a_meeting_of_another_match_is_not_found_here(app: Flask, browsers: Browsers) -> None:
    with app.app_context():
        match = db.session.get_one(Match, browsers.match_id)
        others = [factories.course(factories.user(f"{n}@x.example", at=match.course_a.institution)) for n in "ab"]
        elsewhere = factories.meeting(factories.match(*others, factories.round_("2026-W49")), others[0].lecturer).id
        db.session.commit()
    for action in ("agree", "call-off"):
        assert browsers.mai.post(browsers.path(f"meetings/{elsewhere}/{action}")).status_code == 404
