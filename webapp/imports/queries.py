"""Finding uploaded files and the courses they speak of."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from webapp.access import Role
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
    return [found for found in db.session.scalars(chosen) if is_of_office(found) is (user.role is Role.OFFICE)]


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


def is_of_office(found: ImportFile) -> bool:
    """Whether an office sent a file for its lecturers; such a file is imported at the office's own address only."""
    return any("lecturer" in row for row in found.rows)


def of_lecturers(user_ids: Iterable[int], keys: Iterable[str]) -> dict[tuple[int, str], CourseProfile]:
    """Find the courses that rows of an office's file speak of, by lecturer (id) and the key of the row."""
    wanted = set(keys)
    by_id = {course_id: key for key in wanted if (course_id := id_in(key)) is not None}
    chosen = (
        sa.select(CourseProfile)
        .where(
            CourseProfile.lecturer_id.in_(set(user_ids)),
            sa.or_(CourseProfile.source_key.in_(wanted), CourseProfile.id.in_(by_id)),
        )
        .options(joinedload(CourseProfile.institution), joinedload(CourseProfile.lecturer))
    )
    found: dict[tuple[int, str], CourseProfile] = {}
    for course in db.session.scalars(chosen):
        if course.source_key in wanted:
            found[course.lecturer_id, course.source_key or ""] = course
        if course.id in by_id:
            found[course.lecturer_id, by_id[course.id]] = course
    return found


def courses(user: User, course_ids: Iterable[int]) -> Sequence[CourseProfile]:
    """Find some of a lecturer's courses."""
    chosen = sa.select(CourseProfile).where(CourseProfile.lecturer_id == user.id, CourseProfile.id.in_(course_ids))
    return db.session.scalars(chosen).all()


def forget_typed(user: User, course_ids: Iterable[int]) -> None:
    """Delete what somebody has typed for courses that are no more; databases may give their numbers again."""
    forms = [f"course:{course_id}" for course_id in course_ids]
    db.session.execute(sa.delete(FormDraft).where(FormDraft.user_id == user.id, FormDraft.form.in_(forms)))


def forget_before(uploaded: datetime, imported: datetime) -> int:
    """Delete files uploaded before an instant and those imported before another; gives their number."""
    old = sa.or_(
        sa.and_(ImportFile.imported_at.is_(None), ImportFile.uploaded_at < uploaded), ImportFile.imported_at < imported
    )
    return len(db.session.scalars(sa.delete(ImportFile).where(old).returning(ImportFile.id)).all())
