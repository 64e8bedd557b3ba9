"""Questions about conversations, their files and meetings."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from flask_sqlalchemy.pagination import Pagination
from sqlalchemy.orm import joinedload, selectinload, undefer

from webapp.accounts.models import User
from webapp.conversations.models import Attachment, ChecklistTick, Meeting, Message, ReadMark
from webapp.db import db
from webapp.matches.lifecycle import OPEN_STATES
from webapp.matches.models import Match
from webapp.profiles.models import CourseProfile

PER_PAGE = 20


class Unread(NamedTuple):
    """New messages of one match."""

    match: Match
    n: int
    last_at: datetime


def page(match_id: int) -> Pagination:
    """Give one page of a conversation, the newest message first, with the files but not what is in them."""
    found = (
        sa.select(Message)
        .where(Message.match_id == match_id)
        .order_by(Message.sent_at.desc(), Message.id.desc())
        .options(selectinload(Message.attachments))
    )
    return db.paginate(found, per_page=PER_PAGE, error_out=False)


def lock(match_id: int) -> None:
    """Let one writer at a time into a conversation, so that a double click is seen as one."""
    db.session.execute(sa.select(Match.id).where(Match.id == match_id).with_for_update())


def read_mark(match_id: int, user_id: int) -> ReadMark | None:
    """Find how far somebody has read a conversation; None when not at all."""
    return db.session.scalar(sa.select(ReadMark).where(ReadMark.match_id == match_id, ReadMark.user_id == user_id))


def unread_times(match_id: int, user_id: int, read_at: datetime | None) -> list[datetime]:
    """Tell when the messages somebody has not read yet were sent, in order; their own are none of them."""
    found = sa.select(Message.sent_at).where(Message.match_id == match_id, _not_by(user_id))
    if read_at is not None:
        found = found.where(Message.sent_at > read_at)
    return list(db.session.scalars(found.order_by(Message.sent_at, Message.id)))


def sent_at(match_id: int, message_id: int) -> datetime | None:
    """Tell when a message of a match was sent; None when the match has no such message."""
    return db.session.scalar(sa.select(Message.sent_at).where(Message.match_id == match_id, Message.id == message_id))


def recent(match_id: int, author_id: int, text: str, since: datetime) -> Sequence[Message]:
    """Find the messages somebody sent with the same text since an instant, with their files' names."""
    found = sa.select(Message).where(
        Message.match_id == match_id, Message.author_id == author_id, Message.text == text, Message.sent_at >= since
    )
    return db.session.scalars(found.options(selectinload(Message.attachments))).all()


def attachment(match_id: int, attachment_id: int) -> Attachment | None:
    """Find a file of a match, with its content."""
    return db.session.scalar(
        sa.select(Attachment)
        .join(Attachment.message)
        .where(Message.match_id == match_id, Attachment.id == attachment_id)
        .options(undefer(Attachment.content))
    )


def meetings(match_id: int) -> Sequence[Meeting]:
    """List what was proposed as meetings of a match, in the order of their times."""
    return db.session.scalars(
        sa.select(Meeting).where(Meeting.match_id == match_id).order_by(Meeting.starts_at, Meeting.id)
    ).all()


def meeting(match_id: int, meeting_id: int) -> Meeting | None:
    """Find a meeting of a match."""
    return db.session.scalar(sa.select(Meeting).where(Meeting.match_id == match_id, Meeting.id == meeting_id))


def ticks(match_id: int) -> dict[str, ChecklistTick]:
    """Give what is ticked on the list for the first meeting, by the point's code."""
    rows = db.session.scalars(sa.select(ChecklistTick).where(ChecklistTick.match_id == match_id))
    return {row.item: row for row in rows}


def unread_of(user: User) -> list[Unread]:
    """Find the matches in which a lecturer has new messages, the longest silence first.

    Parameters
    ----------
    user
        A lecturer.

    Returns
    -------
    list of Unread
        Matches with both courses and institutions loaded; empty when everything is read.
    """
    own = sa.select(CourseProfile.id).where(CourseProfile.lecturer_id == user.id)
    last_at = sa.func.max(Message.sent_at).label("last_at")
    counted = (
        sa.select(Message.match_id, sa.func.count(Message.id).label("n"), last_at)
        .join(Match, Message.match_id == Match.id)
        .outerjoin(ReadMark, sa.and_(ReadMark.match_id == Match.id, ReadMark.user_id == user.id))
        .where(
            sa.or_(Match.course_a_id.in_(own), Match.course_b_id.in_(own)),
            _not_by(user.id),
            sa.or_(ReadMark.read_at.is_(None), Message.sent_at > ReadMark.read_at),
        )
        .group_by(Message.match_id)
        .subquery()
    )
    found = (
        sa.select(Match, counted.c.n, counted.c.last_at)
        .join(counted, counted.c.match_id == Match.id)
        .options(
            joinedload(Match.course_a).joinedload(CourseProfile.institution),
            joinedload(Match.course_b).joinedload(CourseProfile.institution),
        )
        .order_by(counted.c.last_at, Match.id)
    )
    return [Unread(match, n, at) for match, n, at in db.session.execute(found).unique().tuples()]


def forget_files(before: datetime) -> int:
    """Delete the files of matches that ended before an instant; what was written stays.

    Returns
    -------
    int
        How many files there were.
    """
    ended = sa.select(Match.id).where(Match.state.not_in(OPEN_STATES), Match.changed_at < before)
    messages = sa.select(Message.id).where(Message.match_id.in_(ended))
    doomed = sa.delete(Attachment).where(Attachment.message_id.in_(messages)).returning(Attachment.id)
    return len(db.session.scalars(doomed.execution_options(synchronize_session=False)).all())


def _not_by(user_id: int) -> sa.ColumnElement[bool]:
    return sa.or_(Message.author_id.is_(None), Message.author_id != user_id)
