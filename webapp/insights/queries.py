"""What insights ask of the database: columns and sums, never a query for each row."""

import json
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from matcher.vocabulary.isced import UNKNOWN_FIELDS
from webapp.accounts import scope
from webapp.accounts.models import User
from webapp.db import db
from webapp.insights.facts import REACHED_BY_STATE, Course, Leader, Origin, Pair, Rows, Spot, Step
from webapp.institutions.models import Institution
from webapp.matches.lifecycle import Action, Side, State
from webapp.matches.models import Match, MatchEvent, PlanVersion
from webapp.matches.travel import place_of
from webapp.profiles.models import CourseProfile

_LATER = tuple((step, step - 1) for step in Step if step is not Step.PROPOSED)
"""Steps after the first, and where in `Pair.at` their time stands."""
_LEADERS = {"a": Leader.ASIA, "b": Leader.EUROPE, "both": Leader.BOTH}
_STATES = {state.value: state for state in State}


def _plain(instant: InstrumentedAttribute[datetime]) -> sa.ColumnElement[datetime]:
    """Read an instant as UTC without its zone: nothing but differences and dates are taken of so many."""
    return sa.type_coerce(instant, sa.DateTime)


@lru_cache(maxsize=4096)
def _set_of(text: str) -> frozenset[Any]:
    """Read a stored list, or the keys of a stored mapping; courses repeat each other."""
    return frozenset(json.loads(text))


def load(user: User | None) -> Rows:
    """Load courses and matches in five queries, whatever their number.

    Parameters
    ----------
    user
        A coordinator: only what touches their institutions; for a match one side is enough. None, an administrator
        or a coordinator of all: everything.

    Returns
    -------
    Rows
        Courses that were ever open, and matches; a proposal that was taken back is no match.
    """
    inside = None
    if user is not None and not scope.is_of_all(user):
        inside = set(db.session.scalars(sa.select(Institution.id).where(scope.condition(user))))
    spots = _spots()
    courses, at, lecturers = _courses(spots)
    moves, planned = _moves(), _planned_leaders()
    pairs = []
    for match in db.session.execute(
        sa.select(
            Match.id, Match.invited_by_id, Match.course_a_id, Match.course_b_id,
            sa.type_coerce(Match.state, sa.String), Match.score, _plain(Match.proposed_at),
            Match.explanation["lead"].as_string(),
        ).where(Match.state != State.TAKEN_BACK).order_by(Match.id)
    ).tuples():  # fmt: skip
        key, invited_by, a_id, b_id, state, score, proposed_at, named = match
        if inside is not None and at[a_id] not in inside and at[b_id] not in inside:
            continue
        origin = Origin.ROUND
        if invited_by is not None:
            origin = Origin.ASIA if lecturers[a_id] == invited_by else Origin.EUROPE
        leader = _LEADERS.get(planned.get(key) or named, Leader.UNSAID)
        pairs.append(
            _pair(courses[a_id], courses[b_id], origin, _STATES[state], score, proposed_at, leader, moves.get(key, []))
        )
    kept = [course for key, course in courses.items() if inside is None or at[key] in inside]
    return Rows([course for course in kept if course.is_offered], pairs)


def _spots() -> dict[int, Spot]:
    rows = db.session.scalars(sa.select(Institution).where(Institution.id.in_(sa.select(CourseProfile.institution_id))))
    return {row.id: Spot(row.country, row.region, tuple(row.networks), place_of(row)) for row in rows}


def _courses(spots: dict[int, Spot]) -> tuple[dict[int, Course], dict[int, int], dict[int, int]]:
    """Courses by id, and their institutions' and lecturers' ids by id."""
    it = CourseProfile
    found = db.session.execute(
        sa.select(
            it.id, it.institution_id, it.lecturer_id, it.published_at, it.starts_on, it.students, it.isced_f, it.level,
            it.bandwidth, it.mode, sa.cast(it.exchange_languages, sa.Text), sa.cast(it.sdgs, sa.Text),
        )
    )  # fmt: skip
    courses, at, lecturers = {}, {}, {}
    for (key, institution_id, lecturer_id, published_at, starts_on, students, isced_f, level, bandwidth, mode,
         languages, goals) in found.tuples():  # fmt: skip
        at[key], lecturers[key] = institution_id, lecturer_id
        courses[key] = Course(
            spots[institution_id],
            published_at is not None,
            starts_on or (published_at.date() if published_at else None),
            starts_on,
            students,
            isced_f[:2] if isced_f and isced_f not in UNKNOWN_FIELDS else "",
            level or "",
            bandwidth or "",
            mode or "",
            _set_of(languages),
            _set_of(goals),
        )
    return courses, at, lecturers


def _moves() -> dict[int, list[Any]]:
    """For each match (id) its turns in order: when each side accepted and approved, when it started and completed,
    and the reason it ended for."""
    it = MatchEvent

    def when(action: Action, side: Side | None = None) -> sa.ColumnElement[datetime | None]:
        is_it = it.action == action if side is None else sa.and_(it.action == action, it.side == side)
        return sa.func.max(sa.case((is_it, _plain(it.at))))

    reason = sa.func.max(sa.case((it.action.in_([Action.DECLINE, Action.WITHDRAW]), it.reason), else_=""))
    found = db.session.execute(
        sa.select(
            it.match_id,
            when(Action.ACCEPT, Side.A),
            when(Action.ACCEPT, Side.B),
            when(Action.APPROVE, Side.A),
            when(Action.APPROVE, Side.B),
            when(Action.START),
            when(Action.COMPLETE),
            reason,
        )
        .group_by(it.match_id, it.turn)
        .order_by(it.match_id, it.turn)
    )
    moves: dict[int, list[Any]] = {}
    for row in found.tuples():
        moves.setdefault(row[0], []).append(row[1:])
    return moves


def _planned_leaders() -> dict[int, str | None]:
    """For each match (id) with a plan the side that its newest version names to lead; None where it names none."""
    it = PlanVersion
    newest = sa.select(it.match_id, sa.func.max(it.number).label("number")).group_by(it.match_id).subquery()
    found = db.session.execute(
        sa.select(it.match_id, it.document["leader"].as_string()).join(
            newest, sa.and_(newest.c.match_id == it.match_id, newest.c.number == it.number)
        )
    )
    return dict(found.tuples().all())


def _pair(
    a: Course,
    b: Course,
    origin: Origin,
    state: State,
    score: float,
    proposed_at: datetime,
    leader: Leader,
    turns: list[Any],
) -> Pair:
    """Put a match together from its row and its turns: each step counts from the first time it was reached."""
    accepted = approved = started = completed = None
    first_yes, reason = None, ""
    for yes_a, yes_b, approved_a, approved_b, start, complete, why in turns:
        if accepted is None and yes_a and yes_b:
            accepted = max(yes_a, yes_b)
            first_yes = None if yes_a == yes_b else Side.A if yes_a < yes_b else Side.B
        if approved is None and approved_a and approved_b:
            approved = max(approved_a, approved_b)
        started, completed = started or start, completed or complete
        reason = why or reason
    at = (proposed_at, accepted, approved, started, completed)
    reached = Step.PROPOSED
    for step, when in _LATER:
        if at[when] is not None:
            reached = step
    known = [day for day in (a.starts_on, b.starts_on) if day is not None]
    return Pair(
        a,
        b,
        origin,
        state,
        max(reached, REACHED_BY_STATE.get(state, reached)),
        score,
        at,
        first_yes,
        leader,
        reason,
        max(known) if len(known) == 2 else proposed_at.date(),
    )
