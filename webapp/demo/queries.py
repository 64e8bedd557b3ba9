"""What of the demonstration is in the database already."""

from collections.abc import Sequence

import sqlalchemy as sa

from webapp.accounts.models import User
from webapp.db import db
from webapp.profiles.models import CourseProfile, LecturerProfile


def people_at(domain: str) -> Sequence[User]:
    """People whose address ends in a domain, by id."""
    query = sa.select(User).where(User.email.endswith(f"@{domain}", autoescape=True)).order_by(User.id)
    return db.session.scalars(query).unique().all()


def titles_of(lecturer_ids: Sequence[int]) -> set[tuple[int, str]]:
    """Lecturer and title of every course of some lecturers (ids), in whatever state it is."""
    query = sa.select(CourseProfile.lecturer_id, CourseProfile.title).where(CourseProfile.lecturer_id.in_(lecturer_ids))
    return set(db.session.execute(query).tuples())


def described(lecturer_ids: Sequence[int]) -> set[int]:
    """Those of some lecturers (ids) who have a profile."""
    return set(db.session.scalars(sa.select(LecturerProfile.user_id).where(LecturerProfile.user_id.in_(lecturer_ids))))
