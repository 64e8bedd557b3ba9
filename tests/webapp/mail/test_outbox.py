"""Promising and sending mail, over a real SMTP server."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from flask import Flask

from config import Settings
from tests.smtp import MailServer, free_port, text_of
from webapp.db import db
from webapp.errors import WrongStateError
from webapp.mail import outbox, queries
from webapp.mail.models import OutboxMessage
from webapp.mail.render import Mail

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def to_server(settings: Settings, mail_server: MailServer) -> Settings:
    """Settings that send to the test's own server."""
    return mail_server.settings(settings)


def promise(key: str, to: str = "mai@hanu.example", subject: str = "Your week", **headers: str) -> OutboxMessage:
    """Promise a message and commit it."""
    mail = Mail(
        to_address=to,
        subject=subject,
        text="Bonjour à Hà Nội\n",
        html="<p>Bonjour à Hà Nội</p>",
        headers={name.replace("_", "-"): value for name, value in headers.items()},
    )
    outbox.promise(key, mail, NOW)
    db.session.commit()
    return row(key)


def row(key: str) -> OutboxMessage:
    """The message of a key, as the database has it now."""
    db.session.expire_all()
    return next(m for m in db.session.query(OutboxMessage) if m.key == key)


def test_a_message_is_promised_once_for_each_key() -> None:
    mail = Mail("mai@hanu.example", "Your week", "text", "<p>text</p>")
    assert outbox.promise("digest:2026-W48:1", mail, NOW)
    assert not outbox.promise("digest:2026-W48:1", mail, NOW)
    assert queries.counts() == (1, 0, 0)


def test_a_promise_taken_back_with_its_transaction_is_no_promise() -> None:
    outbox.promise("digest:2026-W48:1", Mail("mai@hanu.example", "s", "t", "<p>t</p>"), NOW)
    db.session.rollback()
    assert queries.counts() == (0, 0, 0)


def test_a_message_is_sent_once(to_server: Settings, mail_server: MailServer) -> None:
    promise("a")
    assert outbox.send_due(to_server, NOW) == (1, 0)
    assert outbox.send_due(to_server, NOW + timedelta(days=1)) == (0, 0)
    [received] = mail_server.received
    assert received["To"] == "mai@hanu.example"
    assert text_of(received) == "Bonjour à Hà Nội\n"
    assert row("a").sent_at == NOW


def test_a_message_is_not_sent_before_its_time(to_server: Settings, mail_server: MailServer) -> None:
    promise("a")
    assert outbox.send_due(to_server, NOW - timedelta(seconds=1)) == (0, 0)
    assert mail_server.received == []


def test_all_messages_of_a_run_go_over_one_line(to_server: Settings, mail_server: MailServer) -> None:
    for key in "abc":
        promise(key)
    outbox.send_due(to_server, NOW)
    assert (len(mail_server.received), mail_server.n_connections) == (3, 1)


def test_a_busy_mailbox_is_tried_again_with_growing_pauses(to_server: Settings, mail_server: MailServer) -> None:
    mail_server.refuse_recipient["mai@hanu.example"] = "450 mailbox busy"
    promise("a")
    assert outbox.send_due(to_server, NOW) == (0, 1)
    first = row("a")
    assert (first.n_attempts, first.try_again_at, first.gave_up_at) == (1, NOW + timedelta(minutes=1), None)
    assert first.last_error == "450 mailbox busy"
    assert outbox.send_due(to_server, NOW + timedelta(seconds=59)) == (0, 0)
    second_try = NOW + timedelta(minutes=1)
    assert outbox.send_due(to_server, second_try) == (0, 1)
    assert row("a").try_again_at == second_try + timedelta(minutes=2)
    mail_server.refuse_recipient.clear()
    assert outbox.send_due(to_server, second_try + timedelta(minutes=2)) == (1, 0)
    assert (row("a").n_attempts, row("a").last_error) == (3, "")


def test_pauses_double_up_to_six_hours() -> None:
    pauses = [outbox.pause_after(n) for n in range(1, 40)]
    assert pauses[:3] == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
    assert all(a <= b for a, b in pairwise(pauses))
    assert pauses[-1] == timedelta(hours=6)


def test_a_message_that_keeps_failing_rests_with_its_error(to_server: Settings, mail_server: MailServer) -> None:
    mail_server.refuse_content["mai@hanu.example"] = "451 try later"
    few = to_server.model_copy(update={"mail_max_attempts": 2})
    promise("a")
    outbox.send_due(few, NOW)
    later = NOW + timedelta(hours=1)
    outbox.send_due(few, later)
    assert (row("a").gave_up_at, row("a").last_error) == (later, "451 try later")
    assert outbox.send_due(few, NOW + timedelta(days=9)) == (0, 0)
    assert queries.counts() == (0, 1, 0)


def test_an_address_that_does_not_exist_rests_at_once(to_server: Settings, mail_server: MailServer) -> None:
    mail_server.refuse_recipient["mai@hanu.example"] = "550 no such user"
    promise("a")
    outbox.send_due(to_server, NOW)
    assert (row("a").gave_up_at, row("a").last_error) == (NOW, "550 no such user")


@pytest.mark.parametrize("answer", ["450 mailbox busy", "421 closing", "550 no such user"])
def test_one_refused_address_delays_nobody(answer: str, to_server: Settings, mail_server: MailServer) -> None:
    mail_server.refuse_recipient["gone@hanu.example"] = answer
    promise("a", to="gone@hanu.example")
    promise("b")
    assert outbox.send_due(to_server, NOW) == (1, 1)
    assert len(mail_server.to("mai@hanu.example")) == 1


def test_a_line_that_breaks_delays_nobody(to_server: Settings, mail_server: MailServer) -> None:
    mail_server.hang_up_on.add("gone@hanu.example")
    promise("a", to="gone@hanu.example")
    promise("b")
    assert outbox.send_due(to_server, NOW) == (1, 1)
    assert mail_server.n_connections == 2
    assert row("a").n_attempts == 1


def test_without_a_server_everything_is_kept_and_nothing_counted(settings: Settings) -> None:
    promise("a")
    promise("b")
    nobody = settings.model_copy(update={"mail_host": "127.0.0.1", "mail_port": free_port()})
    assert outbox.send_due(nobody, NOW) == (0, 1)
    assert "ConnectionRefusedError" in row("a").last_error
    assert [(m.n_attempts, m.gave_up_at, m.try_again_at) for m in (row("a"), row("b"))] == [(0, None, NOW)] * 2


def test_a_server_that_comes_back_gets_everything(to_server: Settings, mail_server: MailServer) -> None:
    promise("a")
    nobody = to_server.model_copy(update={"mail_port": free_port()})
    outbox.send_due(nobody, NOW)
    assert outbox.send_due(to_server, NOW) == (1, 0)
    assert row("a").last_error == ""


def test_a_line_break_in_a_header_is_refused_and_rests(to_server: Settings, mail_server: MailServer) -> None:
    promise("a", subject="Your week\r\nBcc: everybody@hanu.example")
    promise("b")
    assert outbox.send_due(to_server, NOW) == (1, 1)
    assert row("a").gave_up_at == NOW
    assert [m["Subject"] for m in mail_server.received] == ["Your week"]


def test_a_resting_message_can_be_tried_again(to_server: Settings, mail_server: MailServer) -> None:
    mail_server.refuse_recipient["mai@hanu.example"] = "550 no such user"
    promise("a")
    outbox.send_due(to_server, NOW)
    mail_server.refuse_recipient.clear()
    assert outbox.try_all_again(NOW) == 1
    db.session.commit()
    assert outbox.send_due(to_server, NOW) == (1, 0)


def test_a_message_that_was_sent_is_not_tried_again(to_server: Settings) -> None:
    promise("a")
    outbox.send_due(to_server, NOW)
    with pytest.raises(WrongStateError):
        outbox.try_again(row("a"), NOW)


def test_what_one_address_was_promised_can_be_counted(context: Flask) -> None:
    promise("a")
    promise("b", to="rui@ulisboa.example")
    assert queries.n_promised_to("mai@hanu.example", NOW) == 1
    assert queries.n_promised_to("mai@hanu.example", NOW + timedelta(seconds=1)) == 0
