"""Meetings: proposed, agreed, called off; the file for calendars; mail in between."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from icalendar import Calendar

from tests.conftest import NOW
from tests.webapp.conversations.conftest import Talk
from webapp.conversations import invitations, meeting_rules
from webapp.conversations.models import Meeting
from webapp.conversations.parties import Party
from webapp.db import db
from webapp.errors import NotAllowedError, WrongStateError
from webapp.mail.models import OutboxMessage
from webapp.matches.lifecycle import State

STARTS = datetime(2027, 3, 30, 7, 0, tzinfo=UTC)
"""A Tuesday in Europe's first summer week: 14:00 in Hanoi, 08:00 in Lisbon."""
BOTH = "14:00 in Hanoi, 08:00 in Lisbon"


def propose(party: Party, starts_at: datetime = STARTS, at: datetime = NOW, place: str = "") -> Meeting:
    """Propose an hour as a party."""
    return meeting_rules.propose(party, party.own.lecturer, starts_at, 60, place, at)


def mails() -> Sequence[OutboxMessage]:
    """Everything promised, in order."""
    return db.session.scalars(sa.select(OutboxMessage).order_by(OutboxMessage.id)).all()


def read_back(party: Party, meeting: Meeting) -> tuple[Calendar, dict[str, object]]:
    """The calendar file as a calendar program reads it: the whole, and its event's plain values."""
    calendar = Calendar.from_ical(invitations.calendar_of(party, meeting))
    (event,) = calendar.events
    assert not event.errors
    values = {name: event.get(name) for name in ("UID", "SEQUENCE", "STATUS", "SUMMARY", "LOCATION", "DESCRIPTION")}
    return calendar, values | {"start": event.start, "end": event.end}


def test_a_proposal_is_mailed_to_the_other_with_both_times(talk: Talk) -> None:
    meeting = propose(talk.a, place="https://meet.example/room")
    (mail,) = mails()
    assert mail.to_address == talk.rui.email
    assert mail.key == f"meeting:{meeting.id}:0:proposed:{talk.rui.id}"
    assert "Tue, 30 Mar 2027: 08:00 in Lisbon, 14:00 in Hanoi" in mail.text
    assert "https://meet.example/room" in mail.text
    assert talk.mai.email not in mail.text + mail.html
    assert talk.mai.name not in mail.text + mail.html


def test_proposing_the_same_time_twice_is_one_proposal(talk: Talk) -> None:
    assert propose(talk.a) is propose(talk.a, at=NOW + timedelta(minutes=5))
    assert propose(talk.b).proposed_by is talk.mai
    assert len(mails()) == 1


def test_the_other_agrees_and_both_get_a_mail_with_the_calendar_file(talk: Talk) -> None:
    meeting = propose(talk.a)
    meeting_rules.agree(talk.b, meeting, NOW)
    meeting_rules.agree(talk.b, meeting, NOW + timedelta(minutes=1))
    assert (meeting.agreed_at, meeting.sequence) == (NOW, 1)
    agreed = [mail for mail in mails() if ":agreed:" in mail.key]
    assert {mail.to_address for mail in agreed} == {talk.mai.email, talk.rui.email}
    assert all(f"/meetings/{meeting.id}/meeting.ics" in mail.text for mail in agreed)


def test_nobody_agrees_to_their_own_proposal(talk: Talk) -> None:
    with pytest.raises(NotAllowedError):
        meeting_rules.agree(talk.a, propose(talk.a), NOW)


@pytest.mark.parametrize("who", ["a", "b"])
def test_either_calls_it_off_and_the_other_is_told_once(talk: Talk, who: str) -> None:
    meeting = propose(talk.a)
    meeting_rules.agree(talk.b, meeting, NOW)
    party: Party = getattr(talk, who)
    meeting_rules.call_off(party, meeting, NOW + timedelta(hours=1))
    meeting_rules.call_off(party.other, meeting, NOW + timedelta(hours=2))
    assert (meeting.called_off_at, meeting.sequence) == (NOW + timedelta(hours=1), 2)
    (mail,) = [mail for mail in mails() if ":called_off:" in mail.key]
    assert mail.to_address == party.partner.lecturer.email


def test_a_proposal_that_does_not_suit_is_answered_as_such(talk: Talk) -> None:
    meeting_rules.call_off(talk.b, propose(talk.a), NOW)
    mail = mails()[-1]
    assert mail.to_address == talk.mai.email
    assert mail.subject == "University of Lisbon: a proposed time does not suit"
    assert "cannot meet at this time" in mail.text
    assert "\n\n\n" not in mail.text.partition("-- ")[0].strip()
    assert ".ics" not in mail.text


def test_what_was_called_off_cannot_be_agreed(talk: Talk) -> None:
    meeting = propose(talk.a)
    meeting_rules.call_off(talk.a, meeting, NOW)
    with pytest.raises(WrongStateError):
        meeting_rules.agree(talk.b, meeting, NOW)


def test_when_the_hour_has_come_nothing_can_be_changed(talk: Talk) -> None:
    meeting = propose(talk.a)
    for act in (meeting_rules.agree, meeting_rules.call_off):
        with pytest.raises(WrongStateError):
            act(talk.b, meeting, STARTS)


@pytest.mark.parametrize("starts_at", [NOW, NOW - timedelta(days=1), NOW + timedelta(days=401)])
def test_a_time_that_is_past_or_far_away_is_refused(talk: Talk, starts_at: datetime) -> None:
    with pytest.raises(WrongStateError):
        propose(talk.a, starts_at)


def test_ten_open_proposals_are_enough(talk: Talk) -> None:
    for n in range(meeting_rules.MOST_OPEN):
        propose(talk.a, STARTS + timedelta(days=n))
    with pytest.raises(WrongStateError):
        propose(talk.b, STARTS + timedelta(days=30))
    meeting_rules.agree(talk.b, propose(talk.a), NOW)
    assert propose(talk.b, STARTS + timedelta(days=30)).agreed_at is None


def test_an_ended_match_takes_no_meeting_but_lets_one_be_called_off(talk: Talk) -> None:
    meeting = propose(talk.a)
    talk.match.state = State.WITHDRAWN
    db.session.flush()
    with pytest.raises(WrongStateError):
        propose(talk.a, STARTS + timedelta(days=1))
    with pytest.raises(WrongStateError):
        meeting_rules.agree(talk.b, meeting, NOW)
    meeting_rules.call_off(talk.b, meeting, NOW)
    assert meeting.called_off_at == NOW


def test_a_closed_account_gets_no_mail(talk: Talk) -> None:
    talk.rui.closed_at = NOW
    propose(talk.a)
    assert mails() == []


def test_the_calendar_file_says_the_same_instant_on_both_sides(talk: Talk, context: Flask) -> None:
    meeting = propose(talk.a, place="Room; with, signs\nand lines")
    meeting_rules.agree(talk.b, meeting, NOW)
    with context.test_request_context():
        calendar, own = read_back(talk.a, meeting)
        _, other = read_back(talk.b, meeting)
    assert calendar["METHOD"] == "PUBLISH"
    assert (own["start"], own["end"]) == (STARTS, STARTS + timedelta(hours=1))
    assert own["UID"] == other["UID"] == f"meeting-{meeting.id}@localhost"
    assert (own["SEQUENCE"], own["STATUS"]) == (1, "CONFIRMED")
    assert own["LOCATION"] == "Room; with, signs\nand lines"
    assert f"Tue, 30 Mar 2027: {BOTH}" in str(own["DESCRIPTION"])
    assert talk.rui.name not in str(own["DESCRIPTION"])
    assert talk.rui.email not in str(own)


def test_the_calendar_file_of_a_meeting_called_off_cancels_it(talk: Talk, context: Flask) -> None:
    meeting = propose(talk.a)
    meeting_rules.agree(talk.b, meeting, NOW)
    with context.test_request_context():
        _, before = read_back(talk.a, meeting)
        meeting_rules.call_off(talk.b, meeting, NOW + timedelta(days=1))
        _, after = read_back(talk.a, meeting)
    assert after["UID"] == before["UID"]
    assert (after["SEQUENCE"], after["STATUS"]) == (2, "CANCELLED")


def test_two_meetings_around_the_change_of_clocks_are_one_hour_apart_from_a_week(talk: Talk, context: Flask) -> None:
    winter = propose(talk.a, datetime(2027, 3, 23, 8, 0, tzinfo=UTC))
    meeting_rules.agree(talk.b, winter, NOW)
    summer = propose(talk.a)
    meeting_rules.agree(talk.b, summer, NOW)
    with context.test_request_context():
        (_, a), (_, b) = read_back(talk.b, winter), read_back(talk.b, summer)
    assert b["start"] - a["start"] == timedelta(days=7, hours=-1)  # type: ignore[operator]
    assert "08:00 in Lisbon, 15:00 in Hanoi" in str(a["DESCRIPTION"])
    assert "08:00 in Lisbon, 14:00 in Hanoi" in str(b["DESCRIPTION"])
