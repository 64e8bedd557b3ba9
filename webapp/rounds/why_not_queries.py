"""What "Why not these two?" asks the database."""

from collections import Counter
from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, undefer

from matcher.vocabulary.asem import region_of
from webapp.db import db
from webapp.institutions.models import Institution
from webapp.matches.lifecycle import OPEN_STATES
from webapp.matches.models import Match
from webapp.profiles.models import CourseProfile, CourseState
from webapp.rounds.models import Round, RoundPair, RoundState


def round_of(round_id: int) -> Round | None:
    """Find a round with its frontier; None when there is none of this number."""
    return db.session.scalar(sa.select(Round).where(Round.id == round_id).options(undefer(Round.frontier)))


def newest_round() -> int | None:
    """Find the newest round that found pairs, a draft or a published one, by its id; None before the first."""
    states = [RoundState.DRAFT, RoundState.PUBLISHED]
    return db.session.scalar(sa.select(sa.func.max(Round.id)).where(Round.state.in_(states)))


def matches_of(round_id: int) -> list[tuple[int, int, bool]]:
    """List the pairs (ids of both courses) a round proposed, and whether their match is open."""
    rows = db.session.execute(
        sa.select(Match.course_a_id, Match.course_b_id, Match.state)
        .where(Match.round_id == round_id)
        .order_by(Match.id)
    )
    return [(a, b, state in OPEN_STATES) for a, b, state in rows.tuples()]


def most_open_a_side() -> int:
    """Count the open courses of the region that has more of them."""
    rows = db.session.execute(
        sa.select(Institution.country, sa.func.count())
        .join(CourseProfile, CourseProfile.institution_id == Institution.id)
        .where(CourseProfile.state == CourseState.OPEN)
        .group_by(Institution.country)
    )
    sides: Counter[object] = Counter()
    for country, n in rows.tuples():
        sides[region_of(country)] += n
    return max(sides.values(), default=0)


def courses(ids: Collection[int]) -> dict[int, CourseProfile]:
    """Load courses with their institutions, by id."""
    query = (
        sa.select(CourseProfile).where(CourseProfile.id.in_(sorted(ids))).options(joinedload(CourseProfile.institution))
    )
    return {course.id: course for course in db.session.scalars(query)}


def pairs_with(round_id: int, ids: Collection[int]) -> Sequence[RoundPair]:
    """List the pairs of a round in which one of these courses stands, the best first."""
    query = (
        sa.select(RoundPair)
        .where(
            RoundPair.round_id == round_id,
            sa.or_(RoundPair.course_a_id.in_(ids), RoundPair.course_b_id.in_(ids)),
        )
        .order_by(RoundPair.score.desc(), RoundPair.id)
    )
    return db.session.scalars(query).all()
