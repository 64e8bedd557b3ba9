"""What the dial asks the database."""

from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, undefer

from webapp.db import db
from webapp.institutions.models import Institution
from webapp.profiles.models import CourseProfile
from webapp.rounds.models import DialChoice, Round

N_CHOICES = 10
"""Former choices that are shown."""
_MOST_IDS = 30_000
# More parameters than this a statement cannot have.


def with_frontier(round_id: int) -> Round | None:
    """Find a round with what its dial would give; None when there is none of this number."""
    query = sa.select(Round).where(Round.id == round_id).options(undefer(Round.frontier), joinedload(Round.dial_by))
    return db.session.scalar(query)


def courses(ids: Iterable[int]) -> sa.Select[CourseProfile]:
    """Select courses by their ids, with their institutions, by country and title; for ``db.paginate``."""
    return (
        sa.select(CourseProfile)
        .join(CourseProfile.institution)
        .where(CourseProfile.id.in_(sorted(ids)[:_MOST_IDS]))
        .options(contains_eager(CourseProfile.institution))
        .order_by(Institution.country, CourseProfile.title, CourseProfile.id)
    )


def first_courses(ids: Iterable[int], most: int) -> Sequence[CourseProfile]:
    """Find the first of these courses, by country and title, with their institutions."""
    return db.session.scalars(courses(ids).limit(most)).unique().all()


def choices() -> Sequence[DialChoice]:
    """List the positions chosen last and who chose them, the newest first."""
    query = (
        sa.select(DialChoice)
        .options(joinedload(DialChoice.by))
        .order_by(DialChoice.at.desc(), DialChoice.id.desc())
        .limit(N_CHOICES)
    )
    return db.session.scalars(query).all()
