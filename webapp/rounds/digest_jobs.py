"""Promising the digests of published rounds, batch by batch; each batch is one short transaction.

What is told is read and written without holding the database; only then are a batch's rows and how far the round is
written together. A process may die at any moment: the next run goes on behind the last batch that was committed, and
the keys of the outbox keep anybody from getting two.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog

from webapp.db import db, reading
from webapp.locks import exclusive
from webapp.rounds import digest, digest_queries, gathering, queries
from webapp.rounds.digest_progress import Counts
from webapp.rounds.models import Round
from webapp.rounds.news import News

log = structlog.get_logger()

LOCK = "digests"
BATCH = 100
"""People whose digests are promised in one transaction, and held in memory."""
LONGEST_RUN = timedelta(seconds=30)
"""After so long other jobs have their turn, and the next run goes on."""

Say = Callable[[str], None]


def run(now: datetime, say: Say, longest: timedelta = LONGEST_RUN) -> None:
    """Promise the digests that published rounds still owe; one process at a time, a failing round stops no other.

    Parameters
    ----------
    now
        The instant (aware).
    say
        Where progress is told.
    longest
        After this long the run ends, and the next one goes on.
    """
    began = time.monotonic()
    with reading():
        owing = digest_queries.rounds_that_owe()
        db.session.rollback()
    if not owing:
        return
    with exclusive(LOCK) as held:
        if not held:
            return
        for round_id in owing:
            try:
                with _keeping_what_was_read():
                    _of_round(round_id, now, say, began + longest.total_seconds())
            except Exception:
                db.session.rollback()
                log.exception("digests not promised", round_id=round_id)


@contextmanager
def _keeping_what_was_read() -> Iterator[None]:
    """Let what was read outlive commits: it is read once and told in many batches."""
    session = db.session()
    session.expire_on_commit = False
    try:
        yield
    finally:
        session.expire_on_commit = True
        session.expire_all()


def _of_round(round_id: int, now: datetime, say: Say, until: float) -> None:
    with reading():
        this_round = queries.by_id(round_id)
        newest = queries.latest()
        if this_round is None or newest is None or this_round.published_at is None:
            db.session.commit()
            return
        is_newest = newest.id == round_id
        counts = Counts.of(this_round)
        # Sent and taken back by the hour of the publication, also where another machine's clock is behind.
        now = max(now, this_round.published_at)
        db.session.commit()
    if not is_newest:
        # Its proposals that still wait stand in the digest of the round after it; nobody gets two at once.
        if digest_queries.advance(round_id, this_round.digests_up_to, digests_done_at=now):
            db.session.commit()
            say(
                f"Round {round_id} was followed by another before all its digests were promised; the rest are left out."
            )
        return
    batches = _Batches(this_round, counts, now)
    while not batches.are_done:
        if not batches.promise_next():
            say("The round was taken back, or another process writes its digests; nothing more was done.")
            return
        said = batches.counts
        say(f"Digests: {said.done} of {said.total} people looked at, {said.promised} promised.")
        if not batches.are_done and time.monotonic() > until:
            say("The next run goes on with the digests.")
            return


class _Batches:
    """The digests of one round, from the person on up to whom they were promised before."""

    def __init__(self, this_round: Round, counts: Counts, now: datetime) -> None:
        self.counts = counts
        self.are_done = False
        self._round_id = this_round.id
        self._round = this_round
        self._up_to = this_round.digests_up_to
        self._now = now
        self._news: News | None = None
        self._newest_step = 0
        with reading():
            self.counts.total = counts.done + digest_queries.n_readers_after(self._up_to)
            db.session.commit()

    def promise_next(self) -> bool:
        """Write a batch, then promise it in a transaction of its own; False when this is no longer ours to do."""
        with reading():
            news = self._news_of_now()
            ids = digest_queries.reader_ids(after=self._up_to, most=BATCH + 1)
            is_last, ids = len(ids) <= BATCH, ids[:BATCH]
            letters, n_failed = digest.write(digest_queries.people(ids), news)
            db.session.commit()
        up_to = ids[-1] if ids else self._up_to
        facts: dict[str, Any] = {"digests_up_to": up_to} | ({"digests_done_at": self._now} if is_last else {})
        # Locks the round's row: whoever takes it back waits for the batch and then finds all of it.
        if not digest_queries.advance(self._round_id, self._up_to, **facts):
            db.session.rollback()
            return False
        wanting = set(digest_queries.reader_ids(after=self._up_to, most=BATCH))
        self.counts.promised += digest.promise_letters(self._round, letters, wanting, self._now)
        self.counts.done += len(ids)
        self.counts.failed += n_failed
        digest_queries.note_progress(self._round_id, self.counts.to_dict(datetime.now(UTC)))
        db.session.commit()
        self._up_to, self.are_done = up_to, is_last
        return True

    def _news_of_now(self) -> News:
        """Give what there is to tell, read anew when anything happened to a match since."""
        newest_step = digest_queries.newest_step()
        if self._news is None or newest_step != self._newest_step:
            self._news, self._newest_step = None, newest_step
            db.session.expire_all()
            self._news = gathering.gather_for(self._round)
        return self._news
