"""What rounds ask of the database."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from webapp.accounts.models import User
from webapp.db import db
from webapp.institutions.models import Institution
from webapp.matches.lifecycle import State
from webapp.matches.models import Match
from webapp.profiles.models import CourseProfile, CourseState
from webapp.rounds.models import LeftOut, Round, RoundState


def of_week(week: str) -> Round | None:
    """The published round of an ISO week such as ``2026-W48``, None when there is none."""
    return db.session.scalar(sa.select(Round).where(Round.published_week == week))


def by_id(round_id: int) -> Round | None:
    """One round with the people who had a hand in it, None when there is none of this number."""
    people = (Round.asked_by, Round.settled_by, Round.dial_by)
    return db.session.get(Round, round_id, options=[joinedload(person) for person in people])


def before(week: str) -> Round | None:
    """The published round before a week, whenever it ran; ISO weeks sort as text."""
    found = sa.select(Round).where(Round.published_week < week).order_by(Round.published_week.desc())
    return db.session.scalar(found.limit(1))


def of_job(week: str) -> Round | None:
    """The newest round the weekly job itself began in a week and did not fail at; None when there is none."""
    query = sa.select(Round).where(Round.week == week, Round.asked_by_id.is_(None), Round.state != RoundState.FAILED)
    return db.session.scalar(query.order_by(Round.id.desc()).limit(1))


def step(round_id: int, before: Collection[RoundState], to: RoundState, **values: Any) -> bool:
    """Move a round from one state to another, unless somebody else moved it meanwhile.

    Parameters
    ----------
    round_id
        The round.
    before
        The states it may be in.
    to
        The next state.
    **values
        What changes with it, by column.

    Returns
    -------
    bool
        Whether it moved; a round that somebody moved before is left as it is.
    """
    moved = db.session.execute(
        sa.update(Round)
        .where(Round.id == round_id, Round.state.in_(before))
        .values(state=to, **values)
        .execution_options(synchronize_session="fetch")
        .returning(Round.id)
    ).scalar()
    return moved is not None


def newest_first() -> sa.Select[Round]:
    """Select all rounds, the newest first; for ``db.paginate``."""
    return sa.select(Round).order_by(Round.week.desc(), Round.id.desc())


def latest() -> Round | None:
    """The newest published round; None before the first."""
    published = sa.select(Round).where(Round.state == RoundState.PUBLISHED).order_by(Round.published_week.desc())
    return db.session.scalar(published.limit(1))


class OpenPlace(NamedTuple):
    """Of an open course what says whether it has a free place: ``at_once`` is how many its lecturer wants."""

    course_id: int
    lecturer_id: int
    country: str
    capacity: int
    at_once: int | None


def _open_on(today: date) -> tuple[sa.ColumnElement[bool], ...]:
    """Conditions of courses that take part, in a query that joins their lecturers."""
    return (
        CourseProfile.state == CourseState.OPEN,
        User.confirmed_at.is_not(None),
        User.verified_at.is_not(None),
        User.closed_at.is_(None),
        sa.or_(User.paused_until.is_(None), User.paused_until <= today),
        sa.or_(CourseProfile.ends_on.is_(None), CourseProfile.ends_on >= today),
    )


def open_places(today: date) -> list[OpenPlace]:
    """List the open courses, see `open_courses`, with their places only."""
    columns = (CourseProfile.id, User.id, Institution.country, CourseProfile.capacity, User.exchanges_at_once)
    query = (
        sa.select(*columns)
        .select_from(CourseProfile)
        .join(CourseProfile.lecturer)
        .join(Institution, CourseProfile.institution_id == Institution.id)
        .where(*_open_on(today))
    )
    return [OpenPlace(*row) for row in db.session.execute(query).tuples()]


def courses_asked() -> set[int]:
    """Collect the ids of courses with a proposal that waits for an answer."""
    found = sa.select(Match.course_a_id, Match.course_b_id).where(Match.state == State.PROPOSED)
    return {course_id for pair in db.session.execute(found).tuples() for course_id in pair}


def open_courses(today: date, *, hold: bool = False) -> Sequence[CourseProfile]:
    """Open courses of verified lecturers who do not pause, their term not over, with lecturer and institution, by id.

    Parameters
    ----------
    today
        Courses whose last day lies before it are left away.
    hold
        Whether nobody else may change these courses until the transaction ends. On SQLite every writing
        transaction holds everything anyway.
    """
    query = (
        sa.select(CourseProfile)
        .join(CourseProfile.lecturer)
        .join(CourseProfile.institution)
        .where(*_open_on(today))
        .options(contains_eager(CourseProfile.lecturer), contains_eager(CourseProfile.institution))
        .order_by(CourseProfile.id)
        .execution_options(populate_existing=True)
    )
    if hold:
        query = query.with_for_update(of=CourseProfile, read=True)
    return db.session.scalars(query).unique().all()


def _with_people() -> list[ExecutableOption]:
    loaded: list[ExecutableOption] = [selectinload(Match.events)]
    for course in (Match.course_a, Match.course_b):
        loaded += [
            joinedload(course).joinedload(CourseProfile.lecturer),
            joinedload(course).joinedload(CourseProfile.institution),
        ]
    return loaded


def awaited_matches() -> Sequence[Match]:
    """Matches that wait for a lecturer or an office, with both courses, people and events, by id."""
    query = (
        sa.select(Match)
        .where(Match.state.in_([State.PROPOSED, State.ACCEPTED]))
        .options(*_with_people())
        .order_by(Match.id)
    )
    return db.session.scalars(query).all()


def expired_between(since: datetime, until: datetime) -> Sequence[Match]:
    """Matches that ran out of time from an instant on and before another, with both courses and people, by id."""
    query = (
        sa.select(Match)
        .where(Match.state == State.EXPIRED, Match.changed_at >= since, Match.changed_at < until)
        .options(*_with_people())
        .order_by(Match.id)
    )
    return db.session.scalars(query).all()


def n_by_state(round_id: int) -> dict[State, int]:
    """How many matches of a round stand in which state, in the order of the steps of a match."""
    query = sa.select(Match.state, sa.func.count()).where(Match.round_id == round_id).group_by(Match.state)
    found = dict(db.session.execute(query).tuples().all())
    return {state: found[state] for state in State if state in found}


def institutions_in(round_id: int, within: sa.Select[int] | None = None) -> Sequence[Institution]:
    """Institutions with a course in a match of this round, by name.

    Parameters
    ----------
    round_id
        The round.
    within
        Only matches with a side among these courses; None for all.
    """
    found = sa.select(Match.course_a_id, Match.course_b_id).where(Match.round_id == round_id)
    if within is not None:
        found = found.where(sa.or_(Match.course_a_id.in_(within), Match.course_b_id.in_(within)))
    return institutions_of(found)


def institutions_of(pairs: sa.Select[int, int]) -> Sequence[Institution]:
    """Institutions of pairs of courses, by name."""
    both = pairs.cte()
    courses = sa.union(*(sa.select(side) for side in both.c))
    of = sa.select(CourseProfile.institution_id).where(CourseProfile.id.in_(courses))
    query = sa.select(Institution).where(Institution.id.in_(of))
    return db.session.scalars(query.order_by(Institution.name, Institution.id)).all()


def left_out_of(round_id: int, *, country: str = "") -> Sequence[LeftOut]:
    """Courses a round found no partner for, with course, lecturer and institution, by country and title."""
    query = (
        sa.select(LeftOut)
        .join(LeftOut.course)
        .join(CourseProfile.institution)
        .where(LeftOut.round_id == round_id)
        .options(
            contains_eager(LeftOut.course).contains_eager(CourseProfile.institution),
            contains_eager(LeftOut.course).joinedload(CourseProfile.lecturer),
        )
        .order_by(Institution.country, CourseProfile.title, CourseProfile.id)
    )
    if country:
        query = query.where(Institution.country == country)
    return db.session.scalars(query).unique().all()


def left_out_codes(round_id: int) -> dict[int, str]:
    """Why a round found no partner, as codes of the matcher's reasons, by course id."""
    rows = db.session.execute(sa.select(LeftOut.course_id, LeftOut.reason).where(LeftOut.round_id == round_id))
    return {course_id: str(reason.get("code", "")) for course_id, reason in rows.tuples()}


def answered() -> Sequence[Match]:
    """All matches with their events, by id: what became of proposals and invitations."""
    return db.session.scalars(sa.select(Match).options(selectinload(Match.events)).order_by(Match.id)).all()
