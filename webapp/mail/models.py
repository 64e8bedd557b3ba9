"""Mail promised and not yet sent."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Model, PrimaryKey, ShortText


class OutboxMessage(Model):
    """One message to one address, written in the transaction that promises it."""

    __tablename__ = "outbox_messages"
    __table_args__ = (sa.Index("ix_outbox_messages_due", "sent_at", "gave_up_at", "try_again_at"),)

    id: Mapped[PrimaryKey]
    key: Mapped[ShortText] = mapped_column(unique=True)
    """What is promised, in words a program can repeat (``digest:2026-W48:17``): promised once, sent once."""
    to_address: Mapped[ShortText]
    subject: Mapped[str]
    text: Mapped[str]
    html: Mapped[str]
    headers: Mapped[dict[str, str | None]] = mapped_column(default=dict)
    promised_at: Mapped[datetime]
    try_again_at: Mapped[datetime]
    """Not before this instant; pushed back after each failure."""
    n_attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    gave_up_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(default="")
