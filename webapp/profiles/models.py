"""Lecturer profiles and course profiles."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.accounts.models import User
from webapp.db import EnumText, Model, PrimaryKey, ShortText
from webapp.institutions.models import Institution


class CourseState(StrEnum):
    """Where a course profile stands."""

    DRAFT = "draft"
    OPEN = "open"
    PAUSED = "paused"
    WITHDRAWN = "withdrawn"


class LecturerProfile(Model):
    """Who the lecturer is, for a partner who has never met them."""

    __tablename__ = "lecturer_profiles"

    id: Mapped[PrimaryKey]
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), unique=True)
    biography: Mapped[str] = mapped_column(default="")
    web_page: Mapped[ShortText] = mapped_column(default="")
    languages: Mapped[dict[str, str | None]] = mapped_column(default=dict)
    """BCP 47 language to CEFR level; None where the level is not stated."""
    experience: Mapped[str] = mapped_column(sa.String(20), default="")
    """``none``, ``some`` or ``experienced`` with virtual exchange; empty when not stated."""
    looking_for: Mapped[str] = mapped_column(default="")
    updated_at: Mapped[datetime]

    user: Mapped[User] = relationship()


class CourseProfile(Model):
    """One course offered for exchange in one term; what is unknown is None or empty, never guessed."""

    __tablename__ = "course_profiles"
    __table_args__ = (
        sa.CheckConstraint("state in ('draft', 'open', 'paused', 'withdrawn')", name="state_known"),
        sa.CheckConstraint("capacity >= 1", name="capacity_positive"),
        sa.CheckConstraint("students is null or students >= 1", name="students_positive"),
        sa.CheckConstraint(
            "students_most is null or (students is not null and students_most >= students)", name="students_in_order"
        ),
        sa.CheckConstraint(
            "wish_field is null or wish_field in ('same', 'adjacent', 'complementary', 'any')", name="wish_field_known"
        ),
        sa.UniqueConstraint("lecturer_id", "source_key"),
        sa.CheckConstraint("starts_on is null or ends_on is null or starts_on <= ends_on", name="dates_in_order"),
    )

    id: Mapped[PrimaryKey]
    lecturer_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id"), index=True)
    institution_id: Mapped[int] = mapped_column(sa.ForeignKey("institutions.id"), index=True)
    state: Mapped[CourseState] = mapped_column(EnumText(CourseState), default=CourseState.DRAFT, index=True)

    title: Mapped[ShortText]
    discipline: Mapped[ShortText] = mapped_column(default="")
    description: Mapped[str] = mapped_column(default="")
    outcomes: Mapped[list[str]] = mapped_column(default=list)
    keywords: Mapped[list[str]] = mapped_column(default=list)
    isced_f: Mapped[str | None] = mapped_column(sa.String(4))
    level: Mapped[str | None] = mapped_column(sa.String(12))
    eqf: Mapped[int | None]
    students: Mapped[int | None]
    capacity: Mapped[int] = mapped_column(default=1)
    """Partnerships offered."""
    students_most: Mapped[int | None]
    """The largest class expected, where a lecturer states a range; ``students`` is the smallest then."""
    themes: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    """What the class could work on with a partner, in the lecturer's words."""
    wish_field: Mapped[str | None] = mapped_column(sa.String(20))
    """``same``, ``adjacent``, ``complementary`` or ``any``: the partner's field of education."""

    exchange_languages: Mapped[dict[str, str | None]] = mapped_column(default=dict)
    native_languages: Mapped[list[str]] = mapped_column(default=list)
    learning_languages: Mapped[list[str]] = mapped_column(default=list)

    term_name: Mapped[ShortText] = mapped_column(default="")
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    breaks: Mapped[list[Any]] = mapped_column(default=list)
    """Weeks without teaching: ``[{"from": "2027-02-08", "to": "2027-02-14"}]``."""
    time_zone: Mapped[ShortText | None]
    slots: Mapped[list[Any]] = mapped_column(default=list)
    """Hours the class can meet live, local time: ``[{"weekday": "mon", "start": "09:00", "end": "10:30"}]``."""
    weeks_wanted: Mapped[int | None]
    mode: Mapped[str | None] = mapped_column(sa.String(12))

    tools: Mapped[list[str]] = mapped_column(default=list)
    blocked_tools: Mapped[list[str]] = mapped_column(default=list)
    bandwidth: Mapped[str | None] = mapped_column(sa.String(12))
    sdgs: Mapped[list[int]] = mapped_column(default=list)
    skills: Mapped[list[str]] = mapped_column(default=list)

    wish_regions: Mapped[list[str]] = mapped_column(default=list)
    wish_countries: Mapped[list[str]] = mapped_column(default=list)
    wish_disciplines: Mapped[list[str]] = mapped_column(default=list)
    must_have_topic: Mapped[ShortText] = mapped_column(default="")

    filled_in: Mapped[list[str]] = mapped_column(default=list)
    """Fields a program filled in plausibly (demonstration data only); shown as such."""
    source_key: Mapped[ShortText | None]
    """How the file it was imported from names the course: a second import of the file finds it again."""
    copied_from_id: Mapped[int | None] = mapped_column(sa.ForeignKey("course_profiles.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    lecturer: Mapped[User] = relationship()
    institution: Mapped[Institution] = relationship()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class FormDraft(Model):
    """What somebody has typed into a form and not saved yet, so that it outlives a lost page or session."""

    __tablename__ = "form_drafts"
    __table_args__ = (sa.UniqueConstraint("user_id", "form"),)

    id: Mapped[PrimaryKey]
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), index=True)
    form: Mapped[ShortText]
    """``course:new`` or ``course:<id>``."""
    fields: Mapped[list[Any]] = mapped_column(default=list)
    """Names and values as the browser sent them, in order: ``[["title", "Urban water"], ...]``."""
    saved_at: Mapped[datetime]
