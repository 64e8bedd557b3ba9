"""Many messages take no more memory than few, and one can see how far they are."""

import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from config import Settings
from tests.webapp.mail.servers import OddServer
from webapp.db import db
from webapp.mail import outbox
from webapp.mail.models import OutboxMessage

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
FEW, MANY = 100, 700
ROOM = 512 * 1024
"""Bytes the peak may differ by: caches that fill once. The messages themselves are some three million."""
pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def counting() -> Iterator[OddServer]:
    """A server that takes everything and keeps nothing."""
    with OddServer(keeps=False).running() as server:
        yield server


def fill(n: int) -> None:
    """Put this many digests into the outbox."""
    rows = (
        {
            "key": f"digest:2026-W48:{at}:{n}",
            "to_address": f"reader{at}@hanu.example",
            "subject": "Matching round of 23–29 Nov 2026",
            "text": f"Reader {at}\n" + "A line of the digest, with words.\n" * 30,
            "html": f"<p>Reader {at}</p>" + "<p>A paragraph of the digest, with words.</p>\n" * 80,
            "headers": {},
            "promised_at": NOW,
            "try_again_at": NOW,
            "n_attempts": 0,
            "last_error": "",
        }
        for at in range(n)
    )
    while batch := [row for _, row in zip(range(500), rows, strict=False)]:
        db.session.execute(sa.insert(OutboxMessage), batch)
    db.session.commit()


def test_sending_many_takes_no_more_memory_than_sending_few_and_says_how_far_it_is(
    settings: Settings, counting: OddServer
) -> None:
    peaks: dict[int, int] = {}
    said: list[str] = []
    for n in (FEW, MANY):
        fill(n)
        tracemalloc.start()
        sent = outbox.send_due(counting.settings(settings), NOW, said.append, longest=timedelta(minutes=10))
        peaks[n] = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert sent == (n, 0)
    assert counting.n_taken == FEW + MANY
    assert counting.n_connections == 2
    assert peaks[MANY] < peaks[FEW] + ROOM, peaks
    # Told every hundred, and every few seconds on a slow machine.
    told = {f"Mail: {n} of {MANY} done, {n} sent." for n in range(100, MANY + 1, 100)}
    assert told <= set(said)
    assert f"Mail: {FEW} of {FEW} done, {FEW} sent." in said
