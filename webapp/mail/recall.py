"""Mail called back: what was promised to an address and has not gone is taken out of the outbox again."""

from collections.abc import Iterable

import sqlalchemy as sa

from webapp.db import db
from webapp.mail.models import OutboxMessage


def _begins(key: str) -> sa.ColumnElement[bool]:
    return OutboxMessage.key.startswith(key, autoescape=True)


def call_back(beginnings: Iterable[str], address: str) -> int:
    """Delete mail to an address that was not sent yet.

    Parameters
    ----------
    beginnings
        How the keys of the messages begin.
    address
        Whom they go to.

    Returns
    -------
    int
        How many there were.
    """
    unsent = sa.delete(OutboxMessage).where(
        OutboxMessage.to_address == address,
        OutboxMessage.sent_at.is_(None),
        sa.or_(*(_begins(one) for one in beginnings)),
    )
    return len(db.session.scalars(unsent.returning(OutboxMessage.id)).all())


def forget_address(address: str) -> None:
    """Delete what an address was not sent yet, and empty what it was; keys stay, so that what was sent still counts."""
    to = OutboxMessage.to_address == address
    db.session.execute(sa.delete(OutboxMessage).where(to, OutboxMessage.sent_at.is_(None)))
    emptied = {"to_address": "", "subject": "", "text": "", "html": "", "headers": {}, "last_error": ""}
    db.session.execute(sa.update(OutboxMessage).where(to).values(emptied))
