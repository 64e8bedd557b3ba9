"""What coordinators decided about pairs, places and the dial."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.interfaces import ORMOption

from matcher.vocabulary.asem import REGIONS
from webapp.accounts import scope
from webapp.accounts.models import User
from webapp.db import db
from webapp.institutions.models import Institution
from webapp.matches.lifecycle import State
from webapp.matches.models import Match
from webapp.profiles.models import CourseProfile, CourseState
from webapp.rounds.models import DecisionKind, DialChoice, PairDecision, PlaceDecision, Round

Pair = tuple[str, str]


def pairs_by_kind() -> Mapping[DecisionKind, tuple[Pair, ...]]:
    """Give the pairs coordinators keep together and apart, as ids in text, the oldest decision first."""
    rows = db.session.execute(
        sa.select(PairDecision.kind, PairDecision.course_a_id, PairDecision.course_b_id).order_by(
            PairDecision.at, PairDecision.id
        )
    ).tuples()
    found: dict[DecisionKind, list[Pair]] = {kind: [] for kind in DecisionKind}
    for kind, a, b in rows:
        found[kind].append((str(a), str(b)))
    return {kind: tuple(pairs) for kind, pairs in found.items()}


def places_by_course() -> dict[int, int]:
    """Give the places coordinators left to courses, by course id."""
    return dict(db.session.execute(sa.select(PlaceDecision.course_id, PlaceDecision.places)).tuples().all())


def newest_dial() -> DialChoice | None:
    """The position of the dial somebody chose last; None while nobody has."""
    return db.session.scalar(sa.select(DialChoice).order_by(DialChoice.at.desc(), DialChoice.id.desc()).limit(1))


def courses_of(user: User) -> sa.Select[int]:
    """Select the ids of the courses a coordinator works for."""
    return sa.select(CourseProfile.id).join(CourseProfile.institution).where(scope.condition(user))


def _with_both() -> tuple[ORMOption, ...]:
    return tuple(
        joinedload(side).options(joinedload(CourseProfile.institution), joinedload(CourseProfile.lecturer))
        for side in (PairDecision.course_a, PairDecision.course_b)
    )


def pair_decisions(user: User) -> sa.Select[PairDecision]:
    """Select what was decided about pairs with a side of this coordinator's, the newest first."""
    mine = courses_of(user)
    return (
        sa.select(PairDecision)
        .where(sa.or_(PairDecision.course_a_id.in_(mine), PairDecision.course_b_id.in_(mine)))
        .options(*_with_both(), joinedload(PairDecision.by))
        .order_by(PairDecision.at.desc(), PairDecision.id.desc())
    )


def place_decisions(user: User) -> Sequence[PlaceDecision]:
    """List what was decided about places of courses of this coordinator's, the newest first."""
    query = (
        sa.select(PlaceDecision)
        .where(PlaceDecision.course_id.in_(courses_of(user)))
        .options(
            joinedload(PlaceDecision.course).joinedload(CourseProfile.institution),
            joinedload(PlaceDecision.by),
        )
        .order_by(PlaceDecision.at.desc(), PlaceDecision.id.desc())
    )
    return db.session.scalars(query).all()


def pair_decision(decision_id: int) -> PairDecision | None:
    """Find a decision about a pair with both courses; None when it is gone."""
    return db.session.scalar(sa.select(PairDecision).where(PairDecision.id == decision_id).options(*_with_both()))


def decision_about(a_id: int, b_id: int) -> PairDecision | None:
    """Find what was decided about a pair, whichever course is named first."""
    return db.session.scalar(
        sa.select(PairDecision).where(
            sa.or_(
                sa.and_(PairDecision.course_a_id == a_id, PairDecision.course_b_id == b_id),
                sa.and_(PairDecision.course_a_id == b_id, PairDecision.course_b_id == a_id),
            )
        )
    )


def _is_of_match() -> sa.ColumnElement[bool]:
    """Whether a match is the proposal of a decision's pair; both name the Asian course first."""
    return sa.and_(
        Match.course_a_id == PairDecision.course_a_id,
        Match.course_b_id == PairDecision.course_b_id,
        Match.state != State.TAKEN_BACK,
    )


def proposed(decision_ids: Collection[int]) -> dict[int, tuple[int | None, str | None]]:
    """Give the round (id, ISO week) that proposed the pair of a decision, by its id; of no round by an invitation."""
    rows = db.session.execute(
        sa.select(PairDecision.id, Round.id, sa.func.coalesce(Round.published_week, Round.week))
        .join(Match, _is_of_match())
        .outerjoin(Round, Round.id == Match.round_id)
        .where(PairDecision.id.in_(decision_ids))
    ).tuples()
    return {decision_id: (round_id, week) for decision_id, round_id, week in rows}


def waiting_locks() -> Sequence[PairDecision]:
    """List the pairs to be kept together that are not proposed yet, with courses and people, the oldest first."""
    query = (
        sa.select(PairDecision)
        .where(PairDecision.kind == DecisionKind.LOCK, ~sa.exists().where(_is_of_match()))
        .options(*_with_both())
        .order_by(PairDecision.at, PairDecision.id)
    )
    return db.session.scalars(query).all()


def n_locks(ids: Collection[int], without: int | None) -> Counter[int]:
    """Count the pairs each of these courses (ids) is to be kept together in, one decision (id) not counted.

    Those that were proposed by now take no place any longer that their match does not take.
    """
    rows = db.session.execute(
        sa.select(PairDecision.id, PairDecision.course_a_id, PairDecision.course_b_id).where(
            PairDecision.kind == DecisionKind.LOCK,
            ~sa.exists().where(_is_of_match()),
            sa.or_(PairDecision.course_a_id.in_(ids), PairDecision.course_b_id.in_(ids)),
        )
    ).tuples()
    return Counter(course_id for decision_id, *both in rows if decision_id != without for course_id in both)


def place_decision(course_id: int) -> PlaceDecision | None:
    """Find what was decided about the places of a course; None when nothing was."""
    return db.session.scalar(sa.select(PlaceDecision).where(PlaceDecision.course_id == course_id))


def decisions_among(ids: Sequence[int]) -> dict[tuple[int, int], PairDecision]:
    """Give the decisions about pairs of these courses, by ids of both."""
    rows = db.session.scalars(
        sa.select(PairDecision).where(PairDecision.course_a_id.in_(ids), PairDecision.course_b_id.in_(ids))
    )
    return {(row.course_a_id, row.course_b_id): row for row in rows}


def course(course_id: int) -> CourseProfile | None:
    """Find a course with its institution and lecturer; None when there is none."""
    return db.session.scalar(
        sa.select(CourseProfile)
        .where(CourseProfile.id == course_id)
        .options(joinedload(CourseProfile.institution), joinedload(CourseProfile.lecturer))
    )


def find_courses(text: str, region: str, most: int) -> Sequence[CourseProfile]:
    """Find open courses of a region whose title, institution or lecturer contains a text, by title."""
    countries = [code for code, its in REGIONS.items() if its == region]
    query = (
        sa.select(CourseProfile)
        .join(CourseProfile.institution)
        .join(CourseProfile.lecturer)
        .where(CourseProfile.state == CourseState.OPEN, Institution.country.in_(countries))
        .options(joinedload(CourseProfile.institution), joinedload(CourseProfile.lecturer))
        .order_by(CourseProfile.title, CourseProfile.id)
        .limit(most)
    )
    if text:
        columns = (CourseProfile.title, Institution.name, User.name)
        query = query.where(sa.or_(*(column.icontains(text, autoescape=True) for column in columns)))
    return db.session.scalars(query).all()
