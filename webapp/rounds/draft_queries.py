"""What the writing, publishing and showing of drafts ask of the database."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, contains_eager, defer, joinedload, undefer

from webapp.db import db
from webapp.institutions.models import Institution
from webapp.matches.lifecycle import OPEN_STATES
from webapp.matches.models import Alternate, Match
from webapp.profiles.models import CourseProfile
from webapp.rounds import queries
from webapp.rounds.models import LeftOut, PairDecision, PlaceDecision, Round, RoundPair, RoundState

InstitutionPair = frozenset[int]

AT_ONCE = 10_000
"""Ids in one question: databases refuse more than some ten thousands."""


def batched(ids: Sequence[int], n: int) -> Iterator[Sequence[int]]:
    """Cut a list into parts of so many."""
    return (ids[start : start + n] for start in range(0, len(ids), n))


def waiting() -> Sequence[int]:
    """List the ids of rounds to be computed: asked for, or begun by a process that is gone; the oldest first."""
    query = sa.select(Round.id).where(Round.state.in_([RoundState.WAITING, RoundState.COMPUTING]))
    return db.session.scalars(query.order_by(Round.id)).all()


def unsettled_of_job(before_week: str) -> Sequence[int]:
    """List the ids of drafts the weekly job made in weeks before this one, and nobody settled."""
    query = sa.select(Round.id).where(
        Round.week < before_week, Round.asked_by_id.is_(None), Round.state == RoundState.DRAFT
    )
    return db.session.scalars(query.order_by(Round.id)).all()


def open_drafts() -> Sequence[Round]:
    """List rounds that are waiting, being computed or drafts, the newest first."""
    states = [RoundState.WAITING, RoundState.COMPUTING, RoundState.DRAFT]
    return db.session.scalars(sa.select(Round).where(Round.state.in_(states)).order_by(Round.id.desc())).all()


def drafts() -> Sequence[Round]:
    """List the drafts that somebody has to publish or discard, the newest first."""
    return db.session.scalars(sa.select(Round).where(Round.state == RoundState.DRAFT).order_by(Round.id.desc())).all()


def courses(ids: Collection[int]) -> dict[int, CourseProfile]:
    """Load courses with institution and lecturer, by id; those that are gone are missing."""
    found: dict[int, CourseProfile] = {}
    for some in batched(sorted(ids), AT_ONCE):
        query = (
            sa.select(CourseProfile)
            .where(CourseProfile.id.in_(some))
            .options(joinedload(CourseProfile.institution), joinedload(CourseProfile.lecturer))
        )
        found |= {course.id: course for course in db.session.scalars(query)}
    return found


def open_matches_by_institutions() -> Counter[InstitutionPair]:
    """Count the open matches between each two institutions, by the ids of both."""
    a, b = aliased(CourseProfile), aliased(CourseProfile)
    rows = db.session.execute(
        sa.select(a.institution_id, b.institution_id)
        .select_from(Match)
        .join(a, Match.course_a_id == a.id)
        .join(b, Match.course_b_id == b.id)
        .where(Match.state.in_(OPEN_STATES))
    )
    return Counter(frozenset(pair) for pair in rows.tuples())


def pairs_to_publish(round_id: int) -> Sequence[RoundPair]:
    """Load the pairs of a draft with their explanations: locked ones first, then the better ones."""
    query = (
        sa.select(RoundPair)
        .where(RoundPair.round_id == round_id)
        .order_by(RoundPair.is_locked.desc(), RoundPair.score.desc(), RoundPair.course_a_id, RoundPair.course_b_id)
    )
    return db.session.scalars(query).all()


def left_out_courses(round_id: int) -> Sequence[LeftOut]:
    """Load the left-out courses of a round with lecturer and institution."""
    query = (
        sa.select(LeftOut)
        .where(LeftOut.round_id == round_id)
        .options(
            joinedload(LeftOut.course).options(
                joinedload(CourseProfile.institution), joinedload(CourseProfile.lecturer)
            )
        )
        .order_by(LeftOut.id)
    )
    return db.session.scalars(query).all()


def forget_left_out(ids: Iterable[int]) -> None:
    """Delete left-out rows: their courses no longer look for a partner."""
    db.session.execute(sa.delete(LeftOut).where(LeftOut.id.in_(list(ids))))


def forget_changed_alternates(round_id: int, versions: Mapping[int, int]) -> None:
    """Delete the alternates of a draft whose courses changed since it was computed, or no longer take part.

    Parameters
    ----------
    round_id
        The draft.
    versions
        Versions of the courses that take part now, by id.
    """
    seen = [Alternate.explanation["versions"][at].as_integer() for at in (0, 1)]
    rows = db.session.execute(
        sa.select(Alternate.id, Alternate.course_id, Alternate.partner_id, *seen).where(Alternate.round_id == round_id)
    )
    gone = [
        row_id
        for row_id, course_id, partner_id, course_version, partner_version in rows
        if (versions.get(course_id), versions.get(partner_id)) != (course_version, partner_version)
    ]
    for some in batched(gone, AT_ONCE):
        db.session.execute(sa.delete(Alternate).where(Alternate.id.in_(some)))


def forget_all_alternates(round_id: int) -> None:
    """Delete the alternates of a round that nobody will propose any longer."""
    db.session.execute(sa.delete(Alternate).where(Alternate.round_id == round_id))


def n_changed(round_id: int) -> int:
    """Count the pairs of a draft of which a course was changed since it was computed."""
    a, b = aliased(CourseProfile), aliased(CourseProfile)
    query = (
        sa.select(sa.func.count(RoundPair.id))
        .join(a, RoundPair.course_a_id == a.id)
        .join(b, RoundPair.course_b_id == b.id)
        .where(
            RoundPair.round_id == round_id,
            sa.or_(RoundPair.version_a != a.version, RoundPair.version_b != b.version),
        )
    )
    return db.session.scalar(query) or 0


def n_decisions_since(instant: datetime) -> int:
    """Count the decisions about pairs and places from an instant on; a draft computed before knows nothing of them."""
    tables = (PairDecision, PlaceDecision)
    return sum(db.session.scalar(sa.select(sa.func.count(one.id)).where(one.at > instant)) or 0 for one in tables)


def pair(round_id: int, pair_id: int) -> RoundPair | None:
    """Load one pair of a round with everything its page shows; None when there is none."""
    return db.session.scalar(
        sa.select(RoundPair)
        .where(RoundPair.round_id == round_id, RoundPair.id == pair_id)
        .options(
            *(
                joinedload(side).options(joinedload(CourseProfile.institution), joinedload(CourseProfile.lecturer))
                for side in (RoundPair.course_a, RoundPair.course_b)
            ),
            undefer(RoundPair.explanation),
        )
    )


ORDERS = ("best", "worst", "unsure", "title")
"""How the pairs of a draft can be sorted."""


def pairs(
    round_id: int,
    *,
    within: sa.Select[int] | None = None,
    text: str = "",
    country: str = "",
    institution_id: int | None = None,
    at_least: float | None = None,
    at_most: float | None = None,
    among: Collection[int] | None = None,
    is_locked: bool | None = None,
    order: str = "best",
) -> sa.Select[RoundPair]:
    """Select the pairs of a round without their explanations; for ``db.paginate``.

    Parameters
    ----------
    round_id
        The round.
    within
        Only pairs with a side among these courses.
    text
        Only pairs whose title or institution contains this text, in any case.
    country
        Only pairs with a side in this country (ISO 3166-1 alpha-2).
    institution_id
        Only pairs with a side at this institution.
    at_least, at_most
        Only scores in this range, 0..1.
    among
        Only these pairs (ids).
    is_locked
        Only pairs that were locked, or that were not.
    order
        One of `ORDERS`.
    """
    a, b = aliased(CourseProfile), aliased(CourseProfile)
    at_a, at_b = aliased(Institution), aliased(Institution)
    found = (
        sa.select(RoundPair)
        .join(a, RoundPair.course_a_id == a.id)
        .join(b, RoundPair.course_b_id == b.id)
        .join(at_a, a.institution_id == at_a.id)
        .join(at_b, b.institution_id == at_b.id)
        .where(RoundPair.round_id == round_id)
        .options(
            contains_eager(RoundPair.course_a.of_type(a)).contains_eager(a.institution.of_type(at_a)),
            contains_eager(RoundPair.course_b.of_type(b)).contains_eager(b.institution.of_type(at_b)),
            defer(RoundPair.explanation),
        )
    )
    if within is not None:
        found = found.where(sa.or_(a.id.in_(within), b.id.in_(within)))
    if text:
        columns = (a.title, b.title, at_a.name, at_b.name)
        found = found.where(sa.or_(*(column.icontains(text, autoescape=True) for column in columns)))
    if country:
        found = found.where(sa.or_(at_a.country == country, at_b.country == country))
    if institution_id is not None:
        found = found.where(sa.or_(at_a.id == institution_id, at_b.id == institution_id))
    if at_least is not None:
        found = found.where(RoundPair.score >= at_least)
    if at_most is not None:
        found = found.where(RoundPair.score <= at_most)
    if among is not None:
        found = found.where(RoundPair.id.in_(among))
    if is_locked is not None:
        found = found.where(RoundPair.is_locked.is_(is_locked))
    return found.order_by(*_ORDERS[order](a), RoundPair.id)


_ORDERS: dict[str, Callable[[Any], tuple[Any, ...]]] = {
    "best": lambda _a: (RoundPair.score.desc(),),
    "worst": lambda _a: (RoundPair.score,),
    "unsure": lambda _a: (RoundPair.confidence,),
    "title": lambda a: (a.title,),
}


def institutions_in(round_id: int, within: sa.Select[int] | None = None) -> Sequence[Institution]:
    """List institutions with a course in a pair of this round, by name; only of pairs with a side among some courses.

    Parameters
    ----------
    round_id
        The round.
    within
        The courses; None for all pairs.
    """
    pairs = sa.select(RoundPair.course_a_id, RoundPair.course_b_id).where(RoundPair.round_id == round_id)
    if within is not None:
        pairs = pairs.where(sa.or_(RoundPair.course_a_id.in_(within), RoundPair.course_b_id.in_(within)))
    return queries.institutions_of(pairs)
