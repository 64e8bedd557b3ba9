"""What a message looks like when it arrives."""

import pytest

from config import Settings
from tests.smtp import MailServer, free_port, text_of
from webapp.mail import outbox
from webapp.mail.models import OutboxMessage
from webapp.mail.smtp import Line, NoServerError, build, connect

from .test_outbox import NOW, promise


@pytest.fixture
def to_server(settings: Settings, mail_server: MailServer) -> Settings:
    """Settings that send to the test's own server."""
    return mail_server.settings(settings)


def message(key: str = "a", subject: str = "Your week", **headers: str | None) -> OutboxMessage:
    """A row that is in no database."""
    return OutboxMessage(
        key=key,
        to_address="mai@hanu.example",
        subject=subject,
        text="text\n",
        html="<p>text</p>",
        headers=headers,
        promised_at=NOW,
    )


@pytest.mark.usefixtures("context")
def test_a_subject_in_any_script_arrives_as_it_was_written(to_server: Settings, mail_server: MailServer) -> None:
    promise("a", subject="今週の交流授業 – votre semaine à Hà Nội")
    outbox.send_due(to_server, NOW)
    [received] = mail_server.received
    assert received["Subject"] == "今週の交流授業 – votre semaine à Hà Nội"
    assert received.get_body(preferencelist=("html",)) is not None
    assert text_of(received).startswith("Bonjour")


@pytest.mark.usefixtures("context")
def test_the_unsubscribe_headers_arrive(to_server: Settings, mail_server: MailServer) -> None:
    url = "http://localhost/unsubscribe/" + "x" * 120
    promise("a", List_Unsubscribe=f"<{url}>", List_Unsubscribe_Post="List-Unsubscribe=One-Click")
    outbox.send_due(to_server, NOW)
    [received] = mail_server.received
    assert received["List-Unsubscribe"].strip() == f"<{url}>"
    assert received["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert received["Auto-Submitted"] == "auto-generated"


def test_the_same_promise_has_the_same_message_id_and_another_one_has_not(settings: Settings) -> None:
    first, again, other = (build(message(key), settings)["Message-ID"] for key in "aab")
    assert first == again
    assert first != other


@pytest.mark.parametrize("field", ["subject", "X-Reason"])
def test_a_line_break_in_a_header_is_an_error(field: str, settings: Settings) -> None:
    with pytest.raises(ValueError, match="line break"):
        build(message(**{field: "Your week\nBcc: everybody@hanu.example"}), settings)


def test_a_server_that_offers_no_encryption_is_refused_when_encryption_is_demanded(to_server: Settings) -> None:
    strict = to_server.model_copy(update={"mail_starttls": True})
    with Line(strict) as line, pytest.raises(NoServerError, match="STARTTLS"):
        line.send(build(message(), strict), "mai@hanu.example")


def test_a_server_nobody_runs_is_an_error(settings: Settings) -> None:
    nobody = settings.model_copy(update={"mail_host": "127.0.0.1", "mail_port": free_port()})
    with pytest.raises(ConnectionRefusedError):
        connect(nobody)
