"""What the directory asks of the database."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from webapp.accounts.models import User
from webapp.db import db
from webapp.institutions.models import Institution
from webapp.profiles.models import CourseProfile, CourseState
from webapp.rounds.models import Round, RoundState

# Databases take some thousand values a statement.
_IDS_A_QUERY = 900


class Signature(NamedTuple):
    """What changes whenever a listed course is changed, comes or goes, or a round brings new statistics."""

    n_courses: int
    ids: int
    versions: int
    updated_at: datetime | None
    round_id: int | None


def _is_listed(today: date) -> sa.ColumnElement[bool]:
    """Whether the directory shows a course: open, its term not over, its lecturer verified, active and listed."""
    return sa.and_(
        CourseProfile.state == CourseState.OPEN,
        sa.or_(CourseProfile.ends_on.is_(None), CourseProfile.ends_on >= today),
        User.confirmed_at.is_not(None),
        User.verified_at.is_not(None),
        User.closed_at.is_(None),
        User.is_listed.is_(True),
    )


def signature(today: date) -> Signature:
    """Ask, in one query, what tells whether anything changed."""
    # A draft's statistics may yet be thrown away; scores go by what was published.
    is_published = (Round.statistics.is_not(None), Round.state == RoundState.PUBLISHED)
    latest = sa.select(sa.func.max(Round.id)).where(*is_published).scalar_subquery()
    query = (
        sa.select(
            sa.func.count(),
            sa.func.coalesce(sa.func.sum(CourseProfile.id), 0),
            sa.func.coalesce(sa.func.sum(CourseProfile.version), 0),
            sa.func.max(CourseProfile.updated_at),
            latest,
        )
        .select_from(CourseProfile)
        .join(User, CourseProfile.lecturer_id == User.id)
        .where(_is_listed(today))
    )
    return Signature(*db.session.execute(query).one().tuple())


def versions(today: date) -> dict[int, int]:
    """Give the version of every listed course, by id."""
    query = (
        sa.select(CourseProfile.id, CourseProfile.version)
        .join(User, CourseProfile.lecturer_id == User.id)
        .where(_is_listed(today))
    )
    return dict(db.session.execute(query).tuples().all())


def courses(ids: Collection[int]) -> Sequence[CourseProfile]:
    """Load courses with their institutions, whatever state they are in."""
    wanted = sorted(ids)
    found: list[CourseProfile] = []
    for start in range(0, len(wanted), _IDS_A_QUERY):
        query = (
            sa.select(CourseProfile)
            .where(CourseProfile.id.in_(wanted[start : start + _IDS_A_QUERY]))
            .options(joinedload(CourseProfile.institution))
        )
        found += db.session.scalars(query)
    return found


def _with_people(today: date) -> sa.Select[Any]:
    return (
        sa.select(CourseProfile)
        .join(CourseProfile.lecturer)
        .join(CourseProfile.institution)
        .where(_is_listed(today))
        .options(contains_eager(CourseProfile.lecturer), contains_eager(CourseProfile.institution))
    )


def cards(ids: Collection[int], today: date) -> dict[int, CourseProfile]:
    """Load those of some courses that are listed now, with lecturer and institution, by id."""
    if not ids:
        return {}
    query = _with_people(today).where(CourseProfile.id.in_(ids))
    return {course.id: course for course in db.session.scalars(query).unique()}


def plain_search(text: str, today: date, not_of: int) -> sa.Select[CourseProfile]:
    """Select listed courses that hold every word of a text, the newest first; for ``db.paginate``.

    Parameters
    ----------
    not_of
        Person (id) whose own courses are left away.
    """
    query = _with_people(today).where(CourseProfile.lecturer_id != not_of)
    columns = (
        CourseProfile.title, CourseProfile.discipline, CourseProfile.description, Institution.name, Institution.city
    )  # fmt: skip
    for word in text.split()[:10]:
        query = query.where(sa.or_(*(column.icontains(word, autoescape=True) for column in columns)))
    return query.order_by(CourseProfile.published_at.desc().nulls_last(), CourseProfile.id.desc())


def statistics(round_id: int) -> bytes | None:
    """Load what the scores of a round were computed from."""
    return db.session.scalar(sa.select(Round.statistics).where(Round.id == round_id))
