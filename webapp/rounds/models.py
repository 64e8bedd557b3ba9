"""Rounds, what they found, what coordinators decided about them, and the digests they sent."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from webapp.accounts.models import User
from webapp.db import EnumText, Model, PrimaryKey
from webapp.profiles.models import CourseProfile


class RoundState(StrEnum):
    """Where a round stands."""

    WAITING = "waiting"
    COMPUTING = "computing"
    DRAFT = "draft"
    PUBLISHED = "published"
    TAKEN_BACK = "taken_back"
    DISCARDED = "discarded"
    FAILED = "failed"


class DecisionKind(StrEnum):
    """What a coordinator decides about a pair."""

    LOCK = "lock"
    FORBID = "forbid"


_others = sa.table("rounds", sa.column("id"), sa.column("week")).alias("others")


class Round(Model):
    """One matching computation: a draft until it is published, by itself or by a coordinator."""

    __tablename__ = "rounds"
    __table_args__ = (
        sa.CheckConstraint("balance between 0 and 1", name="balance_in_range"),
        sa.CheckConstraint(f"state in ({', '.join(repr(state.value) for state in RoundState)})", name="state_known"),
        sa.CheckConstraint("(published_week is not null) = (state = 'published')", name="week_when_published"),
    )

    id: Mapped[PrimaryKey] = mapped_column()
    week: Mapped[str] = mapped_column(sa.String(8), index=True)
    """ISO week, ``2026-W48``, in which it was asked for."""
    published_week: Mapped[str | None] = mapped_column(sa.String(8), unique=True)
    """The same once published: one published round a week, whoever starts it."""
    state: Mapped[RoundState] = mapped_column(EnumText(RoundState), index=True)
    started_at: Mapped[datetime]
    """When it was asked for, later when its courses were read."""
    published_at: Mapped[datetime | None]
    taken_back_at: Mapped[datetime | None]
    asked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    """Who asked for it; None for the weekly job."""
    settled_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    """Who published, discarded or took it back last; None when it published itself."""
    balance: Mapped[float]
    """Position of the dial, 0..1."""
    dial_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    """Who chose that position; None for the setting of the installation."""
    based_on_id: Mapped[int | None] = mapped_column(sa.ForeignKey("rounds.id"))
    """The draft it was run again from."""
    progress: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What is being done: ``{"what": "comparing", "done": 3, "total": 10}``; once published, see `digest_progress`."""
    error: Mapped[str] = mapped_column(default="")
    """What went wrong, for an administrator."""
    n_courses_a: Mapped[int] = mapped_column(default=0)
    n_courses_b: Mapped[int] = mapped_column(default=0)
    n_matches: Mapped[int] = mapped_column(default=0)
    """Pairs found; once published, matches proposed."""
    report: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """``matcher.BalanceReport.to_dict()``: fit, imbalance, price of balance, coverage."""
    frontier: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True), deferred=True)
    """What every position of the dial would give; None for rounds of former times."""
    statistics: Mapped[bytes | None] = mapped_column(sa.LargeBinary, deferred=True)
    """``matcher.text_statistics.TextStatistics.to_bytes()``: with them every pair of the round scores the same
    again. Some megabytes, therefore read only where somebody asks for them; None for rounds of former times."""
    certificate: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    """``matcher.Certificate.to_dict()``: how near the choice is to the best; None for rounds of former times."""
    digests_done_at: Mapped[datetime | None]
    """When the last of its digests was promised; None while there are some to promise."""
    digests_up_to: Mapped[int] = mapped_column(default=0)
    """The person (id) up to whom digests are promised; the next batch goes on behind."""

    has_namesake: Mapped[bool] = column_property(
        sa.exists().where(_others.c.week == week, _others.c.id != id).correlate_except(_others), expire_on_flush=False
    )
    """Whether there are other rounds of its week, whatever became of them: its name then needs its number."""

    asked_by: Mapped[User | None] = relationship(foreign_keys=asked_by_id)
    settled_by: Mapped[User | None] = relationship(foreign_keys=settled_by_id)
    dial_by: Mapped[User | None] = relationship(foreign_keys=dial_by_id)


class RoundPair(Model):
    """A pair a round found; a match once the round is published."""

    __tablename__ = "round_pairs"
    __table_args__ = (
        sa.UniqueConstraint("round_id", "course_a_id", "course_b_id"),
        sa.CheckConstraint("course_a_id <> course_b_id", name="two_courses"),
    )

    id: Mapped[PrimaryKey]
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"), index=True)
    course_a_id: Mapped[int] = mapped_column(sa.ForeignKey("course_profiles.id"), index=True)
    course_b_id: Mapped[int] = mapped_column(sa.ForeignKey("course_profiles.id"), index=True)
    version_a: Mapped[int]
    """Version of the course the round read: another one now means that somebody changed it since."""
    version_b: Mapped[int]
    score: Mapped[float]
    confidence: Mapped[float]
    is_locked: Mapped[bool] = mapped_column(default=False)
    """Whether a coordinator had locked the pair."""
    explanation: Mapped[dict[str, Any]]

    course_a: Mapped[CourseProfile] = relationship(foreign_keys=course_a_id)
    course_b: Mapped[CourseProfile] = relationship(foreign_keys=course_b_id)


class LeftOut(Model):
    """An open course the round found no partner for, and why."""

    __tablename__ = "left_out_courses"
    __table_args__ = (sa.UniqueConstraint("round_id", "course_id"),)

    id: Mapped[PrimaryKey]
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"), index=True)
    course_id: Mapped[int] = mapped_column(sa.ForeignKey("course_profiles.id"), index=True)
    reason: Mapped[dict[str, Any]]
    """``matcher.Reason`` as a mapping."""
    change: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    """The smallest change that would bring a partner; None where none was found or looked for."""

    round: Mapped[Round] = relationship()
    course: Mapped[CourseProfile] = relationship()


class PairDecision(Model):
    """Two courses a coordinator keeps together or apart in every round until the decision is undone."""

    __tablename__ = "pair_decisions"
    __table_args__ = (
        sa.UniqueConstraint("course_a_id", "course_b_id"),
        sa.CheckConstraint("kind in ('lock', 'forbid')", name="kind_known"),
        sa.CheckConstraint("course_a_id <> course_b_id", name="two_courses"),
    )

    id: Mapped[PrimaryKey]
    course_a_id: Mapped[int] = mapped_column(sa.ForeignKey("course_profiles.id"), index=True)
    course_b_id: Mapped[int] = mapped_column(sa.ForeignKey("course_profiles.id"), index=True)
    kind: Mapped[DecisionKind] = mapped_column(EnumText(DecisionKind))
    note: Mapped[str] = mapped_column(default="")
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    at: Mapped[datetime]

    course_a: Mapped[CourseProfile] = relationship(foreign_keys=course_a_id)
    course_b: Mapped[CourseProfile] = relationship(foreign_keys=course_b_id)
    by: Mapped[User | None] = relationship()


class PlaceDecision(Model):
    """Fewer partnerships for a course in coming rounds than its lecturer offers, as a coordinator decided."""

    __tablename__ = "place_decisions"
    __table_args__ = (sa.CheckConstraint("places >= 0", name="places_not_negative"),)

    id: Mapped[PrimaryKey]
    course_id: Mapped[int] = mapped_column(sa.ForeignKey("course_profiles.id"), unique=True)
    places: Mapped[int]
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    at: Mapped[datetime]

    course: Mapped[CourseProfile] = relationship()
    by: Mapped[User | None] = relationship()


class DialChoice(Model):
    """A position of the dial somebody chose for coming rounds; the newest row holds, older ones are history."""

    __tablename__ = "dial_choices"
    __table_args__ = (sa.CheckConstraint("balance between 0 and 1", name="balance_in_range"),)

    id: Mapped[PrimaryKey]
    balance: Mapped[float]
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    at: Mapped[datetime]
    note: Mapped[str] = mapped_column(default="")

    by: Mapped[User | None] = relationship()


class DigestIssue(Model):
    """One person's weekly digest as it was sent, for their archive."""

    __tablename__ = "digest_issues"
    __table_args__ = (sa.UniqueConstraint("user_id", "week", "number"),)

    id: Mapped[PrimaryKey]
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), index=True)
    week: Mapped[str] = mapped_column(sa.String(8))
    number: Mapped[int] = mapped_column(default=1)
    """Which digest of this week it is to them: the second comes where a round was taken back after the first."""
    subject: Mapped[str]
    text: Mapped[str]
    html: Mapped[str]
    made_at: Mapped[datetime]
