"""What of the demonstration is in the database already."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from webapp.accounts.models import User
from webapp.conversations.models import Message
from webapp.db import db
from webapp.mail.models import OutboxMessage
from webapp.matches import queries as matches
from webapp.matches.lifecycle import State
from webapp.matches.models import Match
from webapp.profiles.models import CourseProfile, LecturerProfile
from webapp.rounds.models import Round


def people_at(domain: str) -> Sequence[User]:
    """People whose address ends in a domain, by id."""
    query = sa.select(User).where(User.email.endswith(f"@{domain}", autoescape=True)).order_by(User.id)
    return db.session.scalars(query).unique().all()


def titles_of(lecturer_ids: Sequence[int]) -> set[tuple[int, str]]:
    """Lecturer and title of every course of some lecturers (ids), in whatever state it is."""
    query = sa.select(CourseProfile.lecturer_id, CourseProfile.title).where(CourseProfile.lecturer_id.in_(lecturer_ids))
    return set(db.session.execute(query).tuples())


def described(lecturer_ids: Sequence[int]) -> set[int]:
    """Those of some lecturers (ids) who have a profile."""
    return set(db.session.scalars(sa.select(LecturerProfile.user_id).where(LecturerProfile.user_id.in_(lecturer_ids))))


def best_match(domain: str) -> Match | None:
    """The proposal with the best score between people whose addresses end in a domain; None when there is none."""
    own = sa.select(CourseProfile.id).join(User).where(User.email.endswith(f"@{domain}", autoescape=True))
    found = db.session.scalar(
        sa.select(Match.id)
        .where(Match.state == State.PROPOSED, Match.course_a_id.in_(own), Match.course_b_id.in_(own))
        .order_by(Match.score.desc(), Match.id)
        .limit(1)
    )
    return None if found is None else matches.by_id(found)


def has_messages(match_id: int) -> bool:
    """Whether anything was written in the conversation of a match."""
    return db.session.scalar(sa.select(sa.exists().where(Message.match_id == match_id))) or False


def has_rounds() -> bool:
    """Whether any round was ever asked for."""
    return db.session.scalar(sa.select(sa.exists().where(Round.id.is_not(None)))) or False


def forget_mail(domain: str, before: datetime) -> None:
    """Delete mail promised before an instant and not sent, to people whose address ends in a domain."""
    is_theirs = OutboxMessage.to_address.endswith(f"@{domain}", autoescape=True)
    db.session.execute(
        sa.delete(OutboxMessage).where(is_theirs, OutboxMessage.promised_at < before, OutboxMessage.sent_at.is_(None))
    )
