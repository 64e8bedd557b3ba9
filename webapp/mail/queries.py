"""Questions about the outbox."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from flask_sqlalchemy.pagination import Pagination

from webapp.db import db
from webapp.mail.models import OutboxMessage

PER_PAGE = 30


class Counts(NamedTuple):
    """How the outbox stands."""

    waiting: int
    resting: int
    sent: int


def get(message_id: int) -> OutboxMessage | None:
    """Find a message by id."""
    return db.session.get(OutboxMessage, message_id)


def unsent(page: int) -> Pagination:
    """List what has not been sent: what rests with an error first, then what waits longest."""
    query = (
        sa.select(OutboxMessage)
        .where(OutboxMessage.sent_at.is_(None))
        .order_by(OutboxMessage.gave_up_at.is_(None), OutboxMessage.try_again_at, OutboxMessage.id)
    )
    return db.paginate(query, page=page, per_page=PER_PAGE, error_out=False)


def counts() -> Counts:
    """Count what waits, rests and was sent."""
    is_sent = OutboxMessage.sent_at.is_not(None)
    rests = sa.and_(OutboxMessage.sent_at.is_(None), OutboxMessage.gave_up_at.is_not(None))
    row = db.session.execute(
        sa.select(
            sa.func.count(OutboxMessage.id),
            sa.func.count(sa.case((rests, 1))),
            sa.func.count(sa.case((is_sent, 1))),
        )
    ).one()
    return Counts(waiting=row[0] - row[1] - row[2], resting=row[1], sent=row[2])


def n_promised_to(address: str, since: datetime) -> int:
    """Count the messages promised to an address since an instant."""
    query = sa.select(sa.func.count(OutboxMessage.id)).where(
        OutboxMessage.to_address == address, OutboxMessage.promised_at >= since
    )
    return db.session.scalar(query) or 0


def times_of(beginnings: Collection[str], since: datetime) -> Sequence[tuple[str, datetime]]:
    """Tell when mail went or will go, by its key.

    Parameters
    ----------
    beginnings
        How the keys begin.
    since
        Mail that went before this instant is left out.
    """
    query = sa.select(OutboxMessage.key, sa.func.coalesce(OutboxMessage.sent_at, OutboxMessage.try_again_at)).where(
        sa.or_(OutboxMessage.sent_at.is_(None), OutboxMessage.sent_at >= since),
        sa.or_(*(OutboxMessage.key.startswith(one, autoescape=True) for one in beginnings)),
    )
    return [(key, at) for key, at in db.session.execute(query).tuples() if at >= since]
