"""Finding uploaded files and the courses they speak of."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from webapp.accounts.models import User
from webapp.db import db
from webapp.imports.keys import id_in
from webapp.imports.models import ImportFile
from webapp.profiles.models import CourseProfile, FormDraft


def file(file_id: int) -> ImportFile | None:
    """Find an uploaded file; None when there is none, or no longer."""
    return db.session.get(ImportFile, file_id)


def waiting(user: User) -> Sequence[ImportFile]:
    """List a person's files that were read and not imported yet, the latest first."""
    chosen = (
        sa.select(ImportFile)
        .where(ImportFile.user_id == user.id, ImportFile.imported_at.is_(None))
        .order_by(ImportFile.id.desc())
        .limit(5)
    )
    return db.session.scalars(chosen).all()


def courses_of_keys(user: User, keys: Iterable[str]) -> dict[str, CourseProfile]:
    """Find which of a lecturer's courses rows of a file speak of, by the key of the row."""
    wanted = set(keys)
    by_id = {course_id: key for key in wanted if (course_id := id_in(key)) is not None}
    chosen = (
        sa.select(CourseProfile)
        .where(
            CourseProfile.lecturer_id == user.id,
            sa.or_(CourseProfile.source_key.in_(wanted), CourseProfile.id.in_(by_id)),
        )
        .options(joinedload(CourseProfile.institution))
    )
    found: dict[str, CourseProfile] = {}
    for course in db.session.scalars(chosen):
        if course.source_key in wanted:
            found[course.source_key or ""] = course
        if course.id in by_id:
            found[by_id[course.id]] = course
    return found


def courses(user: User, course_ids: Iterable[int]) -> Sequence[CourseProfile]:
    """Find some of a lecturer's courses."""
    chosen = sa.select(CourseProfile).where(CourseProfile.lecturer_id == user.id, CourseProfile.id.in_(course_ids))
    return db.session.scalars(chosen).all()


def forget_typed(user: User, course_ids: Iterable[int]) -> None:
    """Delete what somebody has typed for courses that are no more; databases may give their numbers again."""
    forms = [f"course:{course_id}" for course_id in course_ids]
    db.session.execute(sa.delete(FormDraft).where(FormDraft.user_id == user.id, FormDraft.form.in_(forms)))


def forget_before(instant: datetime) -> int:
    """Delete files uploaded before an instant; gives their number."""
    return len(
        db.session.scalars(sa.delete(ImportFile).where(ImportFile.uploaded_at < instant).returning(ImportFile.id)).all()
    )
