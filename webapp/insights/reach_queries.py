"""What the page about the under-served asks of the database."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa

from matcher.vocabulary.asem import region_of
from webapp.access import Role
from webapp.accounts import scope
from webapp.accounts.models import User
from webapp.db import db
from webapp.insights.reach import Offer
from webapp.institutions.models import Institution
from webapp.matches.queries import open_counts
from webapp.profiles.models import CourseProfile, CourseState
from webapp.rounds.models import LeftOut, Round, RoundState

N_ROUNDS = 2
"""Published rounds in a row in which a course found no partner."""


class Person(NamedTuple):
    """Somebody to write to."""

    name: str
    email: str
    institution: str
    country: str
    course: str
    """Title of the lecturer's course; empty for an office."""
    n_courses: int = 0
    """Open courses of the office's institution without any open match."""


def offers(user: User, today: date) -> list[Offer]:
    """List all open courses whose term is not over, and mark those of the coordinator's institutions.

    The same courses take part in a round: of verified lecturers who do not pause.
    """
    inside = set(db.session.scalars(sa.select(Institution.id).where(scope.condition(user))))
    taken = open_counts()
    it = CourseProfile
    rows = db.session.execute(
        sa.select(
            it.id,
            it.lecturer_id,
            it.institution_id,
            Institution.country,
            it.level,
            Institution.institution_type,
            it.capacity,
        )
        .join(Institution, it.institution_id == Institution.id)
        .join(User, it.lecturer_id == User.id)
        .where(*_open(today))
        .order_by(it.id)
    )
    return [
        Offer(key, lecturer, at, country, region_of(country) or "", level or "", of, places, taken[key], at in inside)
        for key, lecturer, at, country, level, of, places in rows.tuples()
    ]


def _open(today: date) -> list[sa.ColumnElement[bool]]:
    return [
        CourseProfile.state == CourseState.OPEN,
        User.confirmed_at.is_not(None),
        User.verified_at.is_not(None),
        User.closed_at.is_(None),
        sa.or_(User.paused_until.is_(None), User.paused_until <= today),
        sa.or_(CourseProfile.ends_on.is_(None), CourseProfile.ends_on >= today),
    ]


def offices(user: User, countries: Collection[str], without_match: Mapping[int, int]) -> list[Person]:
    """Find the people of international offices in some countries, at the coordinator's institutions.

    Those of the institutions with the most open courses without a match come first.
    """
    rows = db.session.execute(
        sa.select(Institution.id, User.name, User.email, Institution.name, Institution.country)
        .join(Institution, User.institution_id == Institution.id)
        .where(
            User.role == Role.OFFICE,
            User.confirmed_at.is_not(None),
            User.verified_at.is_not(None),
            User.closed_at.is_(None),
            Institution.country.in_(countries),
            scope.condition(user),
        )
        .order_by(Institution.country, Institution.name, User.name, User.id)
    )
    found = [Person(*row[1:], "", without_match.get(row[0], 0)) for row in rows.tuples()]
    return sorted(found, key=lambda person: -person.n_courses)


def left_out_twice(user: User, countries: Collection[str], today: date) -> list[Person]:
    """Find the lecturers in some countries, at the coordinator's institutions, with an open course that the last two
    published rounds left without a partner and that has none since; a line for each course."""
    last = sa.select(Round.id).where(Round.state == RoundState.PUBLISHED)
    last = last.order_by(Round.published_week.desc()).limit(N_ROUNDS)
    twice = (
        sa.select(LeftOut.course_id)
        .where(LeftOut.round_id.in_(sa.select(last.subquery().c.id)))
        .group_by(LeftOut.course_id)
        .having(sa.func.count() == N_ROUNDS)
    )
    taken = open_counts()
    rows = db.session.execute(
        sa.select(
            CourseProfile.id, User.name, User.email, Institution.name, Institution.country, CourseProfile.title
        )
        .join(Institution, CourseProfile.institution_id == Institution.id)
        .join(User, CourseProfile.lecturer_id == User.id)
        .where(
            CourseProfile.id.in_(twice),
            Institution.country.in_(countries),
            scope.condition(user),
            *_open(today),
        )
        .order_by(Institution.country, Institution.name, User.name, CourseProfile.title, CourseProfile.id)
    )  # fmt: skip
    return [Person(*row[1:]) for row in rows.tuples() if not taken[row[0]]]
