"""What taking a round back asks of the database."""

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from webapp.db import db
from webapp.mail.models import OutboxMessage
from webapp.matches.lifecycle import Action
from webapp.matches.models import Match
from webapp.profiles.models import CourseProfile
from webapp.rounds.models import DigestIssue


def matches_of(round_id: int) -> Sequence[Match]:
    """Load the matches of a round with courses, lecturers, institutions and events, by id."""
    query = (
        sa.select(Match)
        .where(Match.round_id == round_id)
        .options(
            *(
                joinedload(side).options(joinedload(CourseProfile.institution), joinedload(CourseProfile.lecturer))
                for side in (Match.course_a, Match.course_b)
            ),
            selectinload(Match.events),
        )
        .order_by(Match.id)
    )
    return db.session.scalars(query).all()


def forget_digests(week: str, since: datetime) -> tuple[set[int], int]:
    """Drop the digests of a week that were promised from an instant on and have not been sent.

    Nobody finds in their archive what they never got; what was sent stays there.

    Returns
    -------
    sent : set of int
        Ids of the people whose digest had been sent.
    n_dropped : int
        How many had not, and never will be.
    """
    prefix = f"digest:{week}:"
    rows = db.session.execute(
        sa.select(OutboxMessage.id, OutboxMessage.key, OutboxMessage.sent_at, OutboxMessage.promised_at).where(
            OutboxMessage.key.startswith(prefix, autoescape=True)
        )
    ).tuples()
    sent: set[int] = set()
    unsent: dict[int, int] = {}
    for message_id, key, sent_at, promised_at in rows:
        receiver = int(key.removeprefix(prefix).partition(":")[0])
        if promised_at >= since and sent_at is not None:
            sent.add(receiver)
        elif promised_at >= since:
            unsent[message_id] = receiver
    db.session.execute(sa.delete(OutboxMessage).where(OutboxMessage.id.in_(unsent)))
    never_got = (DigestIssue.week == week, DigestIssue.made_at >= since, DigestIssue.user_id.in_(unsent.values()))
    db.session.execute(sa.delete(DigestIssue).where(*never_got))
    return sent, len(unsent)


def keep_notices(match_ids: Collection[int], told: Collection[int], now: datetime) -> set[int]:
    """Of the messages that say that a proposal was taken back keep those to people who knew of it.

    Parameters
    ----------
    match_ids
        The matches that were taken back just now.
    told
        Ids of the people who knew of them.
    now
        When they were taken back.

    Returns
    -------
    set of int
        Ids of the people who are written to.
    """
    db.session.flush()
    rows = db.session.execute(
        sa.select(OutboxMessage.id, OutboxMessage.key).where(
            OutboxMessage.promised_at == now, OutboxMessage.key.like(f"match:%:{Action.TAKE_BACK}:%")
        )
    ).tuples()
    ids, dropped = set(match_ids), []
    kept: set[int] = set()
    for message_id, key in rows:
        parts = key.split(":")
        if int(parts[1]) not in ids:
            continue
        receiver = int(parts[-1])
        if receiver in told:
            kept.add(receiver)
        else:
            dropped.append(message_id)
    db.session.execute(sa.delete(OutboxMessage).where(OutboxMessage.id.in_(dropped)))
    return kept
