"""What digests ask of the database."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload, selectinload

from webapp.access import Role
from webapp.accounts import scope
from webapp.accounts.models import User
from webapp.conversations.models import Meeting, Message
from webapp.db import db
from webapp.institutions.models import Institution
from webapp.matches.lifecycle import Action, State
from webapp.matches.models import Match, MatchEvent
from webapp.profiles.models import CourseProfile
from webapp.rounds.models import DigestIssue, LeftOut, Round, RoundState

READERS = (Role.LECTURER, Role.OFFICE, Role.COORDINATOR)
"""Roles that get a digest."""


class Pair(NamedTuple):
    """What the balance counts of a match: its state; of each side, Asia first, course, institution and students."""

    state: State
    courses: tuple[int, int]
    institutions: tuple[int, int]
    students: tuple[int, int]


class Free(NamedTuple):
    """A course a round left out, where it is taught."""

    course_id: int
    institution_id: int
    country: str


def reader_ids() -> Sequence[int]:
    """List the people who want the weekly digest and can be reached, by id."""
    query = (
        sa.select(User.id)
        .where(
            User.wants_digest.is_(True),
            User.confirmed_at.is_not(None),
            User.verified_at.is_not(None),
            User.closed_at.is_(None),
            User.role.in_(READERS),
        )
        .order_by(User.id)
    )
    return db.session.scalars(query).all()


def people(ids: Collection[int]) -> Sequence[User]:
    """Read some people, by id."""
    return db.session.scalars(sa.select(User).where(User.id.in_(ids)).order_by(User.id)).unique().all()


def pairs_since(since: datetime) -> list[Pair]:
    """List the matches proposed from an instant on, by a round or by hand, without those taken back."""
    a, b = aliased(CourseProfile), aliased(CourseProfile)
    query = (
        sa.select(Match.state, a.id, b.id, a.institution_id, b.institution_id, a.students, b.students)
        .join(a, Match.course_a_id == a.id)
        .join(b, Match.course_b_id == b.id)
        .where(Match.proposed_at >= since, Match.state != State.TAKEN_BACK)
        .order_by(Match.id)
    )
    return [
        Pair(state, (course_a, course_b), (at_a, at_b), (students_a or 0, students_b or 0))
        for state, course_a, course_b, at_a, at_b, students_a, students_b in db.session.execute(query).tuples()
    ]


def left_out_since(since: datetime) -> list[Free]:
    """List the courses that rounds published from an instant on left out, each once."""
    query = (
        sa.select(CourseProfile.id, Institution.id, Institution.country)
        .join(LeftOut, LeftOut.course_id == CourseProfile.id)
        .join(Round, LeftOut.round_id == Round.id)
        .join(Institution, CourseProfile.institution_id == Institution.id)
        .where(Round.state == RoundState.PUBLISHED, Round.published_at >= since)
        .distinct()
        .order_by(CourseProfile.id)
    )
    return [Free(*row) for row in db.session.execute(query).tuples()]


def institution_ids(user: User) -> frozenset[int]:
    """Tell which institutions a coordinator works for."""
    return frozenset(db.session.scalars(sa.select(Institution.id).where(scope.condition(user))))


def silent_since(instant: datetime) -> Sequence[Match]:
    """Matches that started before an instant, and nobody wrote or agreed to meet; with courses and events, by id."""
    started = sa.exists().where(
        MatchEvent.match_id == Match.id, MatchEvent.action == Action.START, MatchEvent.at <= instant
    )
    wrote = sa.exists().where(Message.match_id == Match.id)
    meets = sa.exists().where(Meeting.match_id == Match.id, Meeting.called_off_at.is_(None))
    courses = [
        joinedload(course).options(joinedload(CourseProfile.institution), joinedload(CourseProfile.lecturer))
        for course in (Match.course_a, Match.course_b)
    ]
    query = (
        sa.select(Match)
        .where(Match.state == State.ACTIVE, started, ~wrote, ~meets)
        .options(selectinload(Match.events), *courses)
        .order_by(Match.id)
    )
    return db.session.scalars(query).all()


def to_verify() -> Sequence[User]:
    """Lecturers who confirmed their address and wait for their office to verify them, the longest first."""
    query = (
        sa.select(User)
        .where(
            User.role == Role.LECTURER,
            User.confirmed_at.is_not(None),
            User.verified_at.is_(None),
            User.closed_at.is_(None),
        )
        .order_by(User.confirmed_at, User.id)
    )
    return db.session.scalars(query).unique().all()


def issues_of_week(user_ids: Collection[int], week: str) -> dict[int, DigestIssue]:
    """Find the digests of some people that were made for an ISO week before, by person."""
    query = sa.select(DigestIssue).where(DigestIssue.user_id.in_(user_ids), DigestIssue.week == week)
    return {issue.user_id: issue for issue in db.session.scalars(query)}


def issues_of(user: User) -> sa.Select[DigestIssue]:
    """Select one person's digests, the newest first; for ``db.paginate``."""
    return (
        sa.select(DigestIssue)
        .where(DigestIssue.user_id == user.id)
        .order_by(DigestIssue.week.desc(), DigestIssue.id.desc())
    )


def issue(issue_id: int) -> DigestIssue | None:
    """Find one digest; None when there is none of this number."""
    return db.session.get(DigestIssue, issue_id)


def forget_issues_before(instant: datetime) -> int:
    """Delete digests made before an instant from the archives; tells how many."""
    gone = sa.delete(DigestIssue).where(DigestIssue.made_at < instant)
    return int(db.session.execute(gone).rowcount)  # type: ignore[attr-defined]
