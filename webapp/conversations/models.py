"""Messages of a match, the files with them, agreed meetings and the list for the first one."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.accounts.models import User
from webapp.db import Model, PrimaryKey, ShortText
from webapp.matches.models import Match


class Message(Model):
    """What one lecturer of a match wrote to the other; plain text."""

    __tablename__ = "messages"

    id: Mapped[PrimaryKey]
    match_id: Mapped[int] = mapped_column(sa.ForeignKey("matches.id"), index=True)
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"), index=True)
    text: Mapped[str]
    sent_at: Mapped[datetime]

    match: Mapped[Match] = relationship()
    author: Mapped[User | None] = relationship()
    attachments: Mapped[list["Attachment"]] = relationship(order_by="Attachment.id", back_populates="message")


class Attachment(Model):
    """A file sent with a message."""

    __tablename__ = "attachments"

    id: Mapped[PrimaryKey]
    message_id: Mapped[int] = mapped_column(sa.ForeignKey("messages.id"), index=True)
    name: Mapped[ShortText]
    kind: Mapped[ShortText]
    """Media type, found from the content, not from the name."""
    size: Mapped[int]
    """Bytes."""
    content: Mapped[bytes] = mapped_column(sa.LargeBinary, deferred=True)

    message: Mapped[Message] = relationship(back_populates="attachments")


class ReadMark(Model):
    """How far somebody has read a conversation."""

    __tablename__ = "read_marks"
    __table_args__ = (sa.UniqueConstraint("match_id", "user_id"),)

    id: Mapped[PrimaryKey]
    match_id: Mapped[int] = mapped_column(sa.ForeignKey("matches.id"), index=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), index=True)
    read_at: Mapped[datetime]


class Meeting(Model):
    """A time one lecturer proposed for a live meeting, and the other's answer."""

    __tablename__ = "meetings"
    __table_args__ = (sa.CheckConstraint("minutes between 10 and 480", name="minutes_sensible"),)

    id: Mapped[PrimaryKey]
    match_id: Mapped[int] = mapped_column(sa.ForeignKey("matches.id"), index=True)
    proposed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"))
    starts_at: Mapped[datetime]
    minutes: Mapped[int]
    place: Mapped[str] = mapped_column(default="")
    """Where to meet online, in the lecturers' words or as an address."""
    proposed_at: Mapped[datetime]
    agreed_at: Mapped[datetime | None]
    called_off_at: Mapped[datetime | None]
    """When either lecturer took it back, before or after it was agreed."""
    sequence: Mapped[int] = mapped_column(default=0)
    """Raised with every change, for calendars (RFC 5545)."""

    match: Mapped[Match] = relationship()
    proposed_by: Mapped[User | None] = relationship()


class ChecklistTick(Model):
    """One point of the list for the first meeting that somebody has ticked off."""

    __tablename__ = "checklist_ticks"
    __table_args__ = (sa.UniqueConstraint("match_id", "item"),)

    id: Mapped[PrimaryKey]
    match_id: Mapped[int] = mapped_column(sa.ForeignKey("matches.id"), index=True)
    item: Mapped[str] = mapped_column(sa.String(40))
    """Code of the point; its text stands in ``conversations/labels.py``."""
    ticked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"))
    ticked_at: Mapped[datetime]

    ticked_by: Mapped[User | None] = relationship()
