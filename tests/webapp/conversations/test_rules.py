"""Messages are kept once, mailed with measure, and marked as read; points are ticked by either; clocks move."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from tests import factories
from tests.conftest import NOW
from tests.webapp.conversations.conftest import Talk
from webapp.conversations import queries, rules
from webapp.conversations.files import CheckedFile
from webapp.conversations.models import Attachment, ChecklistTick, Message
from webapp.conversations.parties import Party, party_of
from webapp.db import db
from webapp.errors import NotAllowedError, WrongStateError
from webapp.mail.models import OutboxMessage
from webapp.matches.lifecycle import OPEN_STATES, State

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
PLAN = CheckedFile("plan.txt", "text/plain", b"week 1")


def mails() -> Sequence[OutboxMessage]:
    """Everything promised, in order."""
    return db.session.scalars(sa.select(OutboxMessage).order_by(OutboxMessage.id)).all()


def write(party: Party, text: str = "Hello", at: datetime = NOW, files: Sequence[CheckedFile] = ()) -> Message:
    """Send a message as a party."""
    return rules.send(party, party.own.lecturer, text, files, at)


def n_messages() -> int:
    """How many messages there are."""
    return db.session.scalar(sa.select(sa.func.count(Message.id))) or 0


def test_the_other_lecturer_gets_the_text_by_mail_in_their_language_and_no_address(talk: Talk) -> None:
    talk.rui.language, talk.rui.mail_language = "ja", "fr"
    sent = write(talk.a, "Xin chào\nsecond line", files=[PLAN])
    (mail,) = mails()
    assert mail.to_address == talk.rui.email
    assert mail.key == f"message:{talk.match.id}:{talk.rui.id}:{sent.id}"
    assert "Xin chào\nsecond line" in mail.text
    assert "plan.txt" in mail.text
    assert f"http://localhost/matches/{talk.match.id}/conversation#newest" in mail.text
    assert '<html lang="fr"' in mail.html
    for part in (mail.subject, mail.text, mail.html, str(mail.headers)):
        assert talk.mai.email not in part
        assert talk.mai.name not in part
    assert "Hanoi University" in mail.subject


def test_the_name_is_in_the_mail_once_both_have_accepted(talk: Talk) -> None:
    talk.match.state = State.ACCEPTED
    write(talk.a)
    assert f"{talk.mai.name} wrote:" in mails()[0].text
    assert talk.mai.email not in mails()[0].text


def test_hostile_text_stays_text_in_mail(talk: Talk) -> None:
    write(talk.a, "<script>alert(1)</script>\nSubject: x")
    assert "<script>alert" not in mails()[0].html
    assert "&lt;script&gt;alert(1)" in mails()[0].html


def test_a_double_click_sends_one_message(talk: Talk) -> None:
    first = write(talk.a)
    assert write(talk.a, at=NOW + timedelta(seconds=59)) is first
    assert n_messages() == 1
    assert len(mails()) == 1


def test_the_same_text_later_or_with_a_file_or_from_the_other_is_a_message_of_its_own(talk: Talk) -> None:
    write(talk.a)
    write(talk.a, at=NOW + timedelta(seconds=5), files=[PLAN])
    write(talk.b, at=NOW + timedelta(seconds=6))
    write(talk.a, at=NOW + timedelta(minutes=2))
    assert n_messages() == 4


def test_unread_messages_bring_one_mail_an_hour(talk: Talk) -> None:
    for n, after in enumerate((0 * MINUTE, 5 * MINUTE, 59 * MINUTE, HOUR, HOUR + 5 * MINUTE, 2 * HOUR)):
        write(talk.a, f"message {n}", NOW + after)
    assert [message.promised_at - NOW for message in mails()] == [0 * MINUTE, HOUR, 2 * HOUR]


def test_what_was_read_makes_the_next_message_worth_a_mail_at_once(talk: Talk) -> None:
    first = write(talk.a, "one")
    rules.mark_read(talk.b, talk.rui, first.id)
    write(talk.a, "two", NOW + MINUTE)
    assert len(mails()) == 2


def test_an_answer_marks_what_came_before_as_read(talk: Talk) -> None:
    write(talk.a, "one")
    write(talk.b, "two", NOW + MINUTE)
    assert queries.unread_of(talk.rui) == []
    ((match, n, _at),) = queries.unread_of(talk.mai)
    assert (match, n) == (talk.match, 1)


def test_nobody_writes_to_a_closed_account(talk: Talk) -> None:
    talk.rui.closed_at = NOW
    write(talk.a)
    assert mails() == []
    assert n_messages() == 1


def test_a_mark_never_goes_back(talk: Talk) -> None:
    first, second = write(talk.a, "one"), write(talk.a, "two", NOW + MINUTE)
    rules.mark_read(talk.b, talk.rui, second.id)
    rules.mark_read(talk.b, talk.rui, first.id)
    assert queries.unread_of(talk.rui) == []


def test_a_mark_needs_a_message_of_this_match(talk: Talk) -> None:
    elsewhere = factories.match(
        factories.course(talk.mai, "Other"), factories.course(talk.rui, "Rivers"), factories.round_("2026-W49")
    )
    other = factories.message(elsewhere, talk.mai)
    with pytest.raises(WrongStateError):
        rules.mark_read(talk.b, talk.rui, other.id)


@pytest.mark.parametrize("state", sorted(State))
def test_writing_and_ticking_end_with_the_match(talk: Talk, state: State) -> None:
    talk.match.state = state
    if state in OPEN_STATES:
        write(talk.a)
        rules.tick(talk.a, talk.mai, "goals", done=True, now=NOW)
        assert n_messages() == 1
        return
    with pytest.raises(WrongStateError):
        write(talk.a)
    with pytest.raises(WrongStateError):
        rules.tick(talk.a, talk.mai, "goals", done=True, now=NOW)


def test_only_the_two_lecturers_are_a_party(talk: Talk) -> None:
    assert party_of(talk.match, talk.mai) == talk.a
    assert party_of(talk.match, talk.rui) == talk.b
    with pytest.raises(NotAllowedError):
        party_of(talk.match, factories.user("binh@hanu.example", at=talk.mai.institution))


def test_a_point_is_ticked_by_one_and_unticked_by_the_other(talk: Talk) -> None:
    rules.tick(talk.a, talk.mai, "goals", done=True, now=NOW)
    db.session.flush()
    rules.tick(talk.b, talk.rui, "goals", done=True, now=NOW + HOUR)
    db.session.flush()
    (row,) = db.session.scalars(sa.select(ChecklistTick))
    assert (row.ticked_by, row.ticked_at) == (talk.mai, NOW)
    rules.tick(talk.b, talk.rui, "goals", done=False, now=NOW)
    rules.tick(talk.b, talk.rui, "goals", done=False, now=NOW)
    db.session.flush()
    assert queries.ticks(talk.match.id) == {}


def test_a_point_nobody_knows_is_refused(talk: Talk) -> None:
    with pytest.raises(WrongStateError):
        rules.tick(talk.a, talk.mai, "lunch", done=True, now=NOW)


@pytest.mark.parametrize(
    ("state", "days", "n_left"), [(State.COMPLETED, 366, 0), (State.COMPLETED, 364, 1), (State.ACTIVE, 366, 1)]
)
def test_files_of_matches_that_ended_long_ago_are_forgotten_and_their_texts_stay(
    talk: Talk, state: State, days: int, n_left: int
) -> None:
    write(talk.a, files=[PLAN])
    talk.match.state, talk.match.changed_at = state, NOW - timedelta(days=days)
    db.session.flush()
    assert queries.forget_files(NOW - timedelta(days=365)) == 1 - n_left
    assert db.session.scalar(sa.select(sa.func.count(Attachment.id))) == n_left
    assert n_messages() == 1
