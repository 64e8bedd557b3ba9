"""Weekly rounds and the courses they left out."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.db import Model, PrimaryKey
from webapp.profiles.models import CourseProfile


class Round(Model):
    """One weekly matching computation."""

    __tablename__ = "rounds"
    __table_args__ = (sa.CheckConstraint("balance between 0 and 1", name="balance_in_range"),)

    id: Mapped[PrimaryKey]
    week: Mapped[str] = mapped_column(sa.String(8), unique=True)
    """ISO week, ``2026-W48``: one round a week, whoever starts it."""
    started_at: Mapped[datetime]
    published_at: Mapped[datetime]
    balance: Mapped[float]
    """Position of the dial, 0..1."""
    n_courses_a: Mapped[int]
    n_courses_b: Mapped[int]
    n_matches: Mapped[int]
    report: Mapped[dict[str, Any]]
    """``matcher.BalanceReport.to_dict()``: fit, imbalance, price of balance, coverage."""
    statistics: Mapped[bytes | None] = mapped_column(sa.LargeBinary, deferred=True)
    """``matcher.text_statistics.TextStatistics.to_bytes()``: with them every pair of the round scores the same
    again. Some megabytes, therefore read only where somebody asks for them; None for rounds of former times."""
    certificate: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    """``matcher.Certificate.to_dict()``: how near the choice is to the best; None for rounds of former times."""


class LeftOut(Model):
    """An open course the round found no partner for, and why."""

    __tablename__ = "left_out_courses"
    __table_args__ = (sa.UniqueConstraint("round_id", "course_id"),)

    id: Mapped[PrimaryKey]
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"), index=True)
    course_id: Mapped[int] = mapped_column(sa.ForeignKey("course_profiles.id"), index=True)
    reason: Mapped[dict[str, Any]]
    """``matcher.Reason`` as a mapping."""

    round: Mapped[Round] = relationship()
    course: Mapped[CourseProfile] = relationship()
