"""The jobs that compute rounds: the weekly one, and those coordinators ask for.

A round is a row with a state, and each step of it is one commit, so that a process may die at any moment: what it
left is picked up by the next run. One process computes at a time.
"""

from collections.abc import Callable
from datetime import datetime

import structlog
from sqlalchemy.exc import OperationalError

from config import Settings
from webapp.db import db, reading
from webapp.errors import WrongStateError
from webapp.locks import exclusive
from webapp.rounds import (
    candidates,
    console,
    digest_jobs,
    draft,
    draft_emails,
    draft_publishing,
    draft_queries,
    matching,
    queries,
)
from webapp.rounds.draft_publishing import WeekTakenError
from webapp.rounds.models import Round, RoundState

log = structlog.get_logger()

Say = Callable[[str], None]

LOCK = "weekly-round"
BUSY = "Another process is doing this right now; nothing was done here."
MOST_TRIES = 3
"""Times a computation may end with the death of its process before it counts as failed."""

_PENDING = (RoundState.WAITING, RoundState.COMPUTING)


def is_due(week: str, settings: Settings) -> bool:
    """Whether the weekly job still has something to do in a week; reads only."""
    with reading():
        due = _why_not(week, settings) is None
        db.session.rollback()
    return due


def run_weekly_round(settings: Settings, now: datetime, say: Say) -> None:
    """Propose partners for all open courses, once a week whoever starts it and however often.

    Makes the week's round, computes without holding the database, writes the draft in one commit and publishes it
    in another, unless drafts are to wait for a coordinator. Then the digests are promised, batch by batch.
    """
    _begin_and_publish(settings, now, say)
    digest_jobs.run(now, say)


def _begin_and_publish(settings: Settings, now: datetime, say: Say) -> None:
    week = matching.week_of(now)
    with exclusive(LOCK) as held:
        if not held:
            say(BUSY)
            return
        with reading():
            why_not = _why_not(week, settings)
            db.session.rollback()
        if why_not is not None:
            say(why_not)
            return
        if settings.round_waits:
            _discard_old(week, say)
        this_round = queries.of_job(week)
        if this_round is None:
            this_round = console.begin(now, settings, asked_by=None)
        round_id = this_round.id
        db.session.commit()
        carry_on(round_id, settings, now, say)


def run_asked_rounds(settings: Settings, now: datetime, say: Say) -> None:
    """Promise the digests that are owed, and compute the rounds that wait for it, one after the other."""
    digest_jobs.run(now, say)
    if _compute_asked(settings, now, say):
        digest_jobs.run(now, say)


def _compute_asked(settings: Settings, now: datetime, say: Say) -> bool:
    """Compute the rounds that wait; a failing one stops no other. False when there was nothing to do."""
    with reading():
        waiting = draft_queries.waiting()
        db.session.rollback()
    if not waiting:
        return False
    with exclusive(LOCK) as held:
        if not held:
            return False
        for round_id in waiting:
            try:
                carry_on(round_id, settings, now, say)
            except Exception:
                db.session.rollback()
                log.exception("round failed", round_id=round_id)
    return True


def carry_on(round_id: int, settings: Settings, now: datetime, say: Say) -> None:
    """Take a round as far as it goes by itself: computed, and published where nobody is waited for.

    Call it with the lock held.

    Raises
    ------
    Exception
        Whatever went wrong; a round that failed while it was computed has been marked as such.
    """
    this_round = queries.by_id(round_id)
    if this_round is None:
        return
    if this_round.state in _PENDING:
        try:
            is_draft = _compute(this_round, settings, now, say)
        except Exception as error:
            db.session.rollback()
            queries.step(round_id, _PENDING, RoundState.FAILED, error=f"{type(error).__name__}: {error}"[:2000])
            db.session.commit()
            raise
        if not is_draft:
            return
    by_itself = this_round.asked_by_id is None and not settings.round_waits
    if this_round.state is RoundState.DRAFT and by_itself:
        _publish(round_id, settings, now, say)


def _why_not(week: str, settings: Settings) -> str | None:
    """Say why the weekly job has nothing to do in this week; None when it has."""
    if queries.of_week(week) is not None:
        return f"The round of week {week} has already run; nothing was done."
    own = queries.of_job(week)
    if own is None or own.state in _PENDING:
        return None
    if own.state is not RoundState.DRAFT:
        return f"A coordinator settled the round of week {week}; nothing was done."
    return f"The round of week {week} waits for a coordinator; nothing was done." if settings.round_waits else None


def _discard_old(week: str, say: Say) -> None:
    """Discard drafts of earlier weeks that the job made and nobody settled; drafts people asked for stay."""
    for round_id in draft_queries.unsettled_of_job(week):
        if console.put_away(round_id):
            say(f"Draft {round_id} of an earlier week was discarded: nobody had published it.")
    db.session.commit()


def _compute(this_round: Round, settings: Settings, now: datetime, say: Say) -> bool:
    """Compute a round and write it as a draft; False when somebody discarded it meanwhile."""
    round_id, balance = this_round.id, this_round.balance
    tries = int(this_round.progress.get("tries", 0)) + 1
    if tries > MOST_TRIES:
        error = f"The computation ended {MOST_TRIES} times before it was done."
        queries.step(round_id, _PENDING, RoundState.FAILED, error=error)
        db.session.commit()
        say(error)
        return False
    queries.step(round_id, _PENDING, RoundState.COMPUTING, started_at=now, progress={"tries": tries})
    db.session.commit()
    with reading():
        found = candidates.load(now)
        db.session.rollback()

    def tell(what: str, done: int, total: int) -> None:
        _note_progress(round_id, {"tries": tries, "what": what, "done": done, "total": total})

    computed = matching.compute(found, now, settings, say, balance=balance, tell=tell)
    this_round = queries.by_id(round_id) or this_round
    try:
        draft.write(this_round, computed)
    except WrongStateError:
        db.session.rollback()
        say(f"Round {round_id} was discarded while it was computed; nothing was kept.")
        return False
    if this_round.asked_by_id is None and settings.round_waits:
        draft_emails.promise_to_coordinators(this_round, now)
    n_pairs = this_round.n_matches
    db.session.commit()
    say(f"Draft {round_id} computed. Pairs found: {n_pairs}.")
    return True


def _publish(round_id: int, settings: Settings, now: datetime, say: Say) -> None:
    """Publish a round by itself; whoever was faster is left in peace."""
    week = matching.week_of(now)
    this_round = queries.by_id(round_id)
    if this_round is None:
        return
    try:
        n_matches = len(draft_publishing.publish(this_round, now, settings))
        db.session.commit()
    except WeekTakenError:
        db.session.rollback()
        console.put_away(round_id)
        db.session.commit()
        say(f"The round of week {week} was run by another process meanwhile; nothing was done.")
        return
    say(f"Round of week {week} published. Partnerships proposed: {n_matches}.")


def _note_progress(round_id: int, progress: dict[str, object]) -> None:
    """Write down how far the computation is; a busy database loses a line of it and nothing else."""
    try:
        queries.step(round_id, [RoundState.COMPUTING], RoundState.COMPUTING, progress=progress)
        db.session.commit()
    except OperationalError:
        db.session.rollback()
