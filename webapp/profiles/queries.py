"""Finding lecturers' profiles and courses."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from webapp.accounts.models import User
from webapp.db import db
from webapp.profiles.models import CourseProfile, FormDraft, LecturerProfile

_WITH_PEOPLE = (joinedload(CourseProfile.institution), joinedload(CourseProfile.lecturer))


def lecturer_profile(user: User) -> LecturerProfile | None:
    """Find what a lecturer says about themselves; None when they have said nothing yet."""
    return db.session.scalar(sa.select(LecturerProfile).where(LecturerProfile.user_id == user.id))


def course(course_id: int) -> CourseProfile | None:
    """Find one course with its institution and lecturer; None when there is no such course."""
    return db.session.scalar(sa.select(CourseProfile).where(CourseProfile.id == course_id).options(*_WITH_PEOPLE))


def of_lecturer(user: User) -> Sequence[CourseProfile]:
    """List a lecturer's courses in every state, the latest term first, with institution and lecturer loaded."""
    chosen = (
        sa.select(CourseProfile)
        .where(CourseProfile.lecturer_id == user.id)
        .order_by(CourseProfile.starts_on.desc().nulls_first(), CourseProfile.id.desc())
        .options(*_WITH_PEOPLE)
    )
    return db.session.scalars(chosen).all()


def draft(user: User, key: str) -> FormDraft | None:
    """Find what somebody has typed into a form and not saved; None when nothing is kept."""
    return db.session.scalar(sa.select(FormDraft).where(FormDraft.user_id == user.id, FormDraft.form == key))


def drop_draft(user: User, key: str) -> None:
    """Forget what somebody has typed into a form."""
    db.session.execute(sa.delete(FormDraft).where(FormDraft.user_id == user.id, FormDraft.form == key))


def forget_drafts(before: datetime) -> int:
    """Forget what was typed before an instant (aware) and never saved, for the daily clean-up; give the number."""
    old = db.session.scalars(sa.delete(FormDraft).where(FormDraft.saved_at < before).returning(FormDraft.id))
    return len(old.all())
