"""What digests ask of the database."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

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
from webapp.rounds.models import DigestIssue, LeftOut, Round, RoundPair, RoundState

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


def _reads() -> tuple[sa.ColumnElement[bool], ...]:
    """Who wants the weekly digest and can be reached."""
    return (
        User.wants_digest.is_(True),
        User.confirmed_at.is_not(None),
        User.verified_at.is_not(None),
        User.closed_at.is_(None),
        User.role.in_(READERS),
    )


def reader_ids(*, after: int, most: int) -> Sequence[int]:
    """List so many of the people who get the weekly digest, by id, from the one on who follows a number."""
    query = sa.select(User.id).where(User.id > after, *_reads()).order_by(User.id).limit(most)
    return db.session.scalars(query).all()


def n_readers_after(user_id: int) -> int:
    """Count the people who get the weekly digest behind a number."""
    return db.session.scalar(sa.select(sa.func.count(User.id)).where(User.id > user_id, *_reads())) or 0


def people(ids: Collection[int]) -> Sequence[User]:
    """Read some people as they are now, by id."""
    query = sa.select(User).where(User.id.in_(ids)).order_by(User.id).execution_options(populate_existing=True)
    return db.session.scalars(query).unique().all()


def rounds_that_owe() -> Sequence[int]:
    """List the ids of published rounds whose digests are not all promised, the oldest week first."""
    query = sa.select(Round.id).where(Round.state == RoundState.PUBLISHED, Round.digests_done_at.is_(None))
    return db.session.scalars(query.order_by(Round.published_week)).all()


def advance(round_id: int, seen: int, **values: Any) -> bool:
    """Note that a round's digests go on, unless it was taken back or another process was there first.

    Parameters
    ----------
    round_id
        The round.
    seen
        The person (id) up to whom they were promised when this process looked.
    **values
        What changes, by column.

    Returns
    -------
    bool
        Whether it was noted; the row then is this transaction's until its end.
    """
    noted = db.session.execute(
        sa.update(Round)
        .where(
            Round.id == round_id,
            Round.state == RoundState.PUBLISHED,
            Round.digests_done_at.is_(None),
            Round.digests_up_to == seen,
        )
        .values(**values)
        .execution_options(synchronize_session=False)
        .returning(Round.id)
    )
    return noted.scalar() is not None


def note_progress(round_id: int, progress: dict[str, Any]) -> None:
    """Write down how far a round's digests are."""
    noted = sa.update(Round).where(Round.id == round_id).values(progress=progress)
    db.session.execute(noted.execution_options(synchronize_session=False))


def newest_step() -> int:
    """The number of the newest thing that happened to any match."""
    return db.session.scalar(sa.select(sa.func.max(MatchEvent.id))) or 0


def n_readers(round_id: int) -> dict[Role, int]:
    """Count who would get a digest for the pairs of a draft, by role: only people who want it and can be reached."""
    sides = (RoundPair.course_a_id, RoundPair.course_b_id)
    its_courses = sa.union(*(sa.select(side).where(RoundPair.round_id == round_id) for side in sides)).subquery()
    its = sa.select(its_courses.c[0])
    concerned = sa.or_(
        User.role == Role.COORDINATOR,
        sa.and_(
            User.role == Role.OFFICE,
            User.institution_id.in_(sa.select(CourseProfile.institution_id).where(CourseProfile.id.in_(its))),
        ),
        sa.and_(
            User.role == Role.LECTURER,
            User.id.in_(sa.select(CourseProfile.lecturer_id).where(CourseProfile.id.in_(its))),
        ),
    )
    query = (
        sa.select(User.role, sa.func.count())
        .where(
            concerned,
            *_reads(),
        )
        .group_by(User.role)
    )
    return dict(db.session.execute(query).tuples().all())


def pairs_between(since: datetime, until: datetime) -> list[Pair]:
    """List the matches proposed from an instant to another, by a round or by hand, without those taken back."""
    a, b = aliased(CourseProfile), aliased(CourseProfile)
    query = (
        sa.select(Match.state, a.id, b.id, a.institution_id, b.institution_id, a.students, b.students)
        .join(a, Match.course_a_id == a.id)
        .join(b, Match.course_b_id == b.id)
        .where(Match.proposed_at >= since, Match.proposed_at <= until, Match.state != State.TAKEN_BACK)
        .order_by(Match.id)
    )
    return [
        Pair(state, (course_a, course_b), (at_a, at_b), (students_a or 0, students_b or 0))
        for state, course_a, course_b, at_a, at_b, students_a, students_b in db.session.execute(query).tuples()
    ]


def left_out_between(since: datetime, until: datetime) -> list[Free]:
    """List the courses that rounds published from an instant to another left out, each once."""
    query = (
        sa.select(CourseProfile.id, Institution.id, Institution.country)
        .join(LeftOut, LeftOut.course_id == CourseProfile.id)
        .join(Round, LeftOut.round_id == Round.id)
        .join(Institution, CourseProfile.institution_id == Institution.id)
        .where(Round.state == RoundState.PUBLISHED, Round.published_at >= since, Round.published_at <= until)
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
    """Find the newest digest of each of some people that was made for an ISO week before, by person."""
    query = sa.select(DigestIssue).where(DigestIssue.user_id.in_(user_ids), DigestIssue.week == week)
    query = query.order_by(DigestIssue.number)
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
