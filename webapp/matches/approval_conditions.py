"""For whom a match waits, as conditions of a query."""

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from webapp.access import Role
from webapp.accounts.models import User
from webapp.institutions.models import ApprovalPolicy, Chain
from webapp.matches.lifecycle import Action, Side, State
from webapp.matches.models import Match, MatchEvent
from webapp.profiles.models import CourseProfile

COURSE_ID: dict[Side, InstrumentedAttribute[int]] = {Side.A: Match.course_a_id, Side.B: Match.course_b_id}


def belongs(course_id: InstrumentedAttribute[int], user: User) -> sa.ColumnElement[bool]:
    """Whether the course of one side is this lecturer's, or of this office's institution."""
    courses = sa.select(CourseProfile.id)
    if user.role is Role.OFFICE:
        return course_id.in_(courses.where(CourseProfile.institution_id == user.institution_id))
    return course_id.in_(courses.where(CourseProfile.lecturer_id == user.id))


def has_acted(side: Side, action: Action, by: User | None = None) -> sa.ColumnElement[bool]:
    """Whether a side took an action in the present turn, or one person did so for it."""
    found = sa.exists().where(
        MatchEvent.match_id == Match.id,
        MatchEvent.turn == Match.turn,
        MatchEvent.side == side,
        MatchEvent.action == action,
    )
    return found if by is None else found.where(MatchEvent.actor_id == by.id)


def is_awaited(user: User) -> sa.ColumnElement[bool]:
    """Whether a match waits for this person; nothing ever waits for coordinators and administrators."""
    if user.role is Role.LECTURER:
        mine = (sa.and_(belongs(COURSE_ID[side], user), ~has_acted(side, Action.ACCEPT)) for side in Side)
        return sa.and_(Match.state == State.PROPOSED, sa.or_(*mine))
    if user.role is Role.OFFICE:
        ours = (
            sa.and_(belongs(COURSE_ID[side], user), ~has_acted(side, Action.APPROVE), _step_is_of(user, side))
            for side in Side
        )
        return sa.and_(Match.state == State.ACCEPTED, sa.or_(*ours))
    return sa.false()


def _step_is_of(user: User, side: Side) -> sa.ColumnElement[bool]:
    """Whether the next step of an institution's approval is one this person of its office takes."""
    takes_second = sa.exists().where(
        ApprovalPolicy.institution_id == user.institution_id, ApprovalPolicy.chain == Chain.OFFICE_THEN_SECOND
    )
    is_endorsed = has_acted(side, Action.ENDORSE)
    signs_first = sa.true() if user.signs_for_office else sa.false()
    signs_second = sa.true() if user.signs_as_second else sa.false()
    return sa.or_(
        sa.and_(~takes_second, signs_first),
        sa.and_(takes_second, ~is_endorsed, signs_first),
        sa.and_(takes_second, is_endorsed, ~has_acted(side, Action.ENDORSE, by=user), signs_second),
    )
