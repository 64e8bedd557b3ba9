"""Everything that belongs to one person."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from webapp.access import Role
from webapp.accounts.models import AccountInvite, BrowserSession, SignInAttempt, User
from webapp.audit.models import AuditEvent
from webapp.conversations.models import Attachment, ChecklistTick, Meeting, Message, ReadMark
from webapp.db import Model, db
from webapp.directory.models import SavedSearch
from webapp.imports.models import ImportFile
from webapp.mail.models import OutboxMessage
from webapp.matches.lifecycle import OPEN_STATES
from webapp.matches.models import Alternate, Match, MatchEvent, PlanVersion
from webapp.profiles.models import CourseProfile, FormDraft, LecturerProfile
from webapp.rounds.models import DigestIssue, LeftOut, PairDecision, PlaceDecision, RoundPair

BY_USER: tuple[type[Any], ...] = (
    DigestIssue,
    LecturerProfile,
    FormDraft,
    SavedSearch,
    ImportFile,
    ReadMark,
    BrowserSession,
)
"""Rows that belong to a person by ``user_id`` and go with them."""


def rows_of(model: type[Any], *conditions: sa.ColumnElement[bool]) -> Sequence[Any]:
    """List rows by id."""
    return db.session.scalars(sa.select(model).where(*conditions).order_by(model.id)).all()


def belongings(user: User) -> dict[str, Sequence[Model]]:
    """Give every row that belongs to a person, by the name of its table."""
    messages = rows_of(Message, Message.author_id == user.id)
    of_messages = Attachment.message_id.in_([message.id for message in messages])
    found = {
        "users": [user],
        **{model.__tablename__: rows_of(model, model.user_id == user.id) for model in BY_USER},
        "course_profiles": courses_of(user),
        "matches": matches_of(user),
        "match_events": rows_of(MatchEvent, MatchEvent.actor_id == user.id),
        "plan_versions": rows_of(PlanVersion, PlanVersion.made_by_id == user.id),
        "messages": messages,
        "attachments": rows_of(Attachment, of_messages),
        "meetings": rows_of(Meeting, Meeting.proposed_by_id == user.id),
        "checklist_ticks": rows_of(ChecklistTick, ChecklistTick.ticked_by_id == user.id),
        "audit_events": rows_of(AuditEvent, AuditEvent.actor_id == user.id),
        "account_invites": rows_of(AccountInvite, AccountInvite.email == user.email),
        "outbox": rows_of(OutboxMessage, OutboxMessage.to_address == user.email),
        "sign_in_attempts": rows_of(SignInAttempt, SignInAttempt.email == user.email),
    }
    return found


def courses_of(user: User) -> Sequence[CourseProfile]:
    """List somebody's courses."""
    return rows_of(CourseProfile, CourseProfile.lecturer_id == user.id)


def _own_courses(user: User) -> sa.Select[Any]:
    return sa.select(CourseProfile.id).where(CourseProfile.lecturer_id == user.id)


def matches_of(user: User, *, only_open: bool = False) -> Sequence[Match]:
    """List the matches of somebody's courses."""
    own = _own_courses(user)
    conditions = [sa.or_(Match.course_a_id.in_(own), Match.course_b_id.in_(own))]
    if only_open:
        conditions.append(Match.state.in_(OPEN_STATES))
    return rows_of(Match, *conditions)


def courses_nobody_met(user: User) -> Sequence[CourseProfile]:
    """List somebody's courses that no match, alternate or round speaks of: they can go without a trace."""
    spoken_of = sa.union(
        *(
            sa.select(column)
            for column in (
                *(Match.course_a_id, Match.course_b_id, Alternate.course_id, Alternate.partner_id, LeftOut.course_id),
                *(RoundPair.course_a_id, RoundPair.course_b_id, PlaceDecision.course_id),
                *(PairDecision.course_a_id, PairDecision.course_b_id),
            )
        )
    ).subquery()
    return rows_of(
        CourseProfile, CourseProfile.lecturer_id == user.id, CourseProfile.id.not_in(sa.select(spoken_of.c[0]))
    )


def is_last_administrator(user: User) -> bool:
    """Whether nobody else looks after this installation."""
    if user.role is not Role.ADMINISTRATOR:
        return False
    others = sa.select(sa.func.count(User.id)).where(
        User.role == Role.ADMINISTRATOR,
        User.id != user.id,
        User.closed_at.is_(None),
        User.confirmed_at.is_not(None),
        User.verified_at.is_not(None),
    )
    return not db.session.scalar(others)
