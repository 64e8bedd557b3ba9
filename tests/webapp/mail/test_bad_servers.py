"""A mail server that is down, slow, or refuses one address loses nothing and delays no one else."""

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from config import Settings
from tests.smtp import free_port
from tests.webapp.mail.servers import HANG_UP, OddServer
from webapp.db import db
from webapp.mail import outbox, queries
from webapp.mail.models import OutboxMessage
from webapp.mail.render import Mail

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=10)
pytestmark = pytest.mark.usefixtures("context")


def promise(*names: str, kind: str = "hello") -> None:
    """Promise a message to each of these people, in this order."""
    for name in names:
        outbox.promise(f"{kind}:{name}", Mail(f"{name}@hanu.example", "Hello", "Hello\n", "<p>Hello</p>"), NOW)
    db.session.commit()


def row(name: str) -> OutboxMessage:
    """The message to a person, as the database has it now."""
    db.session.expire_all()
    return next(m for m in db.session.query(OutboxMessage) if m.to_address == f"{name}@hanu.example")


def untouched(name: str) -> bool:
    """Whether a message waits as it did when it was promised, its error apart."""
    message = row(name)
    return (message.n_attempts, message.try_again_at, message.sent_at, message.gave_up_at) == (0, NOW, None, None)


@pytest.fixture
def usual() -> Iterator[OddServer]:
    """A server that does as all do."""
    with OddServer().running() as server:
        yield server


def test_with_nothing_listening_everything_waits_uncounted(settings: Settings, usual: OddServer) -> None:
    promise("a", "b", "c")
    nobody = settings.model_copy(update={"mail_host": "127.0.0.1", "mail_port": free_port()})
    assert outbox.send_due(nobody, NOW) == (0, 1)
    assert all(untouched(name) for name in "abc")
    assert outbox.send_due(usual.settings(settings), NOW) == (3, 0)


def test_a_server_that_never_answers_costs_one_timeout_and_no_more(settings: Settings, usual: OddServer) -> None:
    promise(*"abcdef")
    with OddServer(greeting=None).running() as silent:
        assert outbox.send_due(silent.settings(settings), NOW) == (0, 1)
        assert silent.n_connections == 1
    assert all(untouched(name) for name in "abcdef")
    assert "timed out" in row("a").last_error
    assert outbox.send_due(usual.settings(settings), NOW) == (6, 0)


def test_a_server_that_falls_silent_over_every_message_is_left_after_three(
    settings: Settings, usual: OddServer
) -> None:
    promise(*"abcdef")
    with OddServer(lambda line: None if line == "DATA." else "").running() as silent:
        assert outbox.send_due(silent.settings(settings), NOW) == (0, 3)
        assert silent.n_connections == 3
    assert all(untouched(name) for name in "def")
    for name in "abc":
        message = row(name)
        assert (message.n_attempts, message.gave_up_at, message.sent_at) == (0, None, None)
        assert message.try_again_at == NOW + timedelta(minutes=5)
    # The next run begins with the others, so that three bad messages hold nobody up.
    assert outbox.send_due(usual.settings(settings), NOW) == (3, 0)
    assert outbox.send_due(usual.settings(settings), LATER) == (3, 0)


def test_a_message_the_server_falls_silent_over_delays_no_other(settings: Settings) -> None:
    promise(*"abc")
    with OddServer(lambda line: None if "b@hanu" in line else "").running() as server:
        assert outbox.send_due(server.settings(settings), NOW) == (2, 1)
        assert [server.to(name) for name in "abc"] == [1, 0, 1]
    assert (row("b").n_attempts, row("b").try_again_at) == (1, NOW + timedelta(minutes=1))
    assert "timed out" in row("b").last_error


def test_a_421_in_the_middle_costs_one_message_a_minute(settings: Settings) -> None:
    promise(*"abcd")
    is_tired = iter([False, False, True])
    answers = OddServer(
        lambda line: "421 too many messages on one line" if line == "DATA." and next(is_tired, False) else ""
    )
    with answers.running() as server:
        there = server.settings(settings)
        assert outbox.send_due(there, NOW) == (3, 1)
        assert [server.to(name) for name in "abcd"] == [1, 1, 0, 1]
        assert server.n_connections == 2
        assert row("c").last_error == "421 too many messages on one line"
        assert outbox.send_due(there, NOW + timedelta(minutes=1)) == (1, 0)
        assert server.to("c") == 1


def test_an_unknown_address_rests_a_greylisted_one_waits_and_the_others_go(settings: Settings) -> None:
    promise("gone", "a", "grey", "b")
    refused = {"gone": "550 no such user", "grey": "451 greylisted, come back"}

    def answer(line: str) -> str:
        return next((said for name, said in refused.items() if line.startswith(f"RCPT TO:<{name}@")), "")

    with OddServer(answer).running() as server:
        there = server.settings(settings)
        assert outbox.send_due(there, NOW) == (2, 2)
        assert (server.to("a"), server.to("b"), server.n_connections) == (1, 1, 1)
        assert (row("gone").gave_up_at, row("gone").last_error) == (NOW, "550 no such user")
        assert (row("grey").gave_up_at, row("grey").try_again_at) == (None, NOW + timedelta(minutes=1))
        assert queries.counts() == (1, 1, 2)
        refused.clear()
        assert outbox.send_due(there, LATER) == (1, 0)
        assert server.to("grey") == 1


def test_a_line_dropped_after_the_message_means_a_second_copy_with_the_same_id(settings: Settings) -> None:
    promise("a", "b")
    drops = iter([HANG_UP])
    with OddServer(lambda line: next(drops, "") if line == "DATA." else "").running() as server:
        there = server.settings(settings)
        assert outbox.send_due(there, NOW) == (1, 1)
        assert (server.to("a"), server.to("b"), row("a").sent_at) == (0, 1, None)
        assert outbox.send_due(there, LATER) == (1, 0)
        assert server.to("a") == 1
    first, other, again = (re.findall(r"Message-ID: (\S+)", message) for message in server.got)
    assert first == again
    assert first != other


def test_without_the_encryption_we_demand_nothing_is_said_and_all_waits(settings: Settings, usual: OddServer) -> None:
    promise("a", "b")
    there = usual.settings(settings)
    strict = there.model_copy(update={"mail_starttls": True})
    assert outbox.send_due(strict, NOW) == (0, 1)
    assert not any(line.startswith(("MAIL", "RCPT", "DATA")) for line in usual.heard)
    assert all(untouched(name) for name in "ab")
    assert "STARTTLS" in row("a").last_error
    assert outbox.send_due(there, NOW) == (2, 0)


def test_a_server_that_takes_no_mail_from_us_is_asked_once(settings: Settings, usual: OddServer) -> None:
    promise(*"abc")
    with OddServer(lambda line: "550 you may not send" if line.startswith("MAIL") else "").running() as strict:
        assert outbox.send_due(strict.settings(settings), NOW) == (0, 1)
        assert sum(line.startswith("MAIL") for line in strict.heard) == 1
    assert all(untouched(name) for name in "abc")
    assert outbox.send_due(usual.settings(settings), NOW) == (3, 0)


def test_a_message_too_large_rests_and_the_others_go(settings: Settings) -> None:
    promise("a", "b")
    sizes = iter(["552 too large"])
    with OddServer(lambda line: next(sizes, "") if line.startswith("MAIL") else "").running() as server:
        assert outbox.send_due(server.settings(settings), NOW) == (1, 1)
    assert (row("a").gave_up_at, row("a").last_error) == (NOW, "552 too large")
    assert row("b").sent_at == NOW


def test_a_slow_server_does_not_hold_the_scheduler(settings: Settings) -> None:
    promise(*"abcdefgh")
    said: list[str] = []

    def slowly(line: str) -> str:
        time.sleep(0.2 if line == "DATA." else 0)
        return ""

    with OddServer(slowly).running() as server:
        there = server.settings(settings, timeout=5)
        n_sent, n_failed = outbox.send_due(there, NOW, said.append, longest=timedelta(seconds=0.5))
        assert 1 <= n_sent < 8
        assert n_failed == 0
        assert said[-1] == f"Mail: {n_sent} of 8 done; the next run goes on."
        assert outbox.send_due(there, NOW) == (8 - n_sent, 0)
        assert [server.to(name) for name in "abcdefgh"] == [1] * 8


def test_what_one_person_waits_for_goes_before_the_digests(settings: Settings, usual: OddServer) -> None:
    promise("a", "b", kind="digest")
    promise("c", kind="reset")
    outbox.send_due(usual.settings(settings), NOW)
    assert [re.findall(r"To: (\w)@", message) for message in usual.taken] == [["c"], ["a"], ["b"]]
