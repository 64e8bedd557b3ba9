"""Matches, what happened to them, and the alternates kept for each course."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.accounts.models import User
from webapp.db import EnumText, Model, PrimaryKey
from webapp.matches.lifecycle import Action, Side, State
from webapp.profiles.models import CourseProfile

_STATES = ", ".join(f"'{state}'" for state in State)
_ACTIONS = ", ".join(f"'{action}'" for action in Action)


class Match(Model):
    """Two course profiles put together; side A is the Asian one, side B the European."""

    __tablename__ = "matches"
    __table_args__ = (
        sa.UniqueConstraint("course_a_id", "course_b_id"),
        sa.CheckConstraint("course_a_id <> course_b_id", name="two_courses"),
        sa.CheckConstraint(f"state in ({_STATES})", name="state_known"),
        sa.CheckConstraint("round_id is not null or invited_by_id is not null", name="origin_known"),
        sa.CheckConstraint("score between 0 and 1", name="score_in_range"),
        sa.CheckConstraint("confidence between 0 and 1", name="confidence_in_range"),
    )

    id: Mapped[PrimaryKey]
    round_id: Mapped[int | None] = mapped_column(sa.ForeignKey("rounds.id"), index=True)
    """The round that proposed it; None when a lecturer invited the other."""
    invited_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"), index=True)
    """The lecturer who invited the other; None when a round proposed it."""
    course_a_id: Mapped[int] = mapped_column(sa.ForeignKey("course_profiles.id"), index=True)
    course_b_id: Mapped[int] = mapped_column(sa.ForeignKey("course_profiles.id"), index=True)
    state: Mapped[State] = mapped_column(EnumText(State), index=True)
    turn: Mapped[int] = mapped_column(default=1)
    """Raised when an office returns the match, so that both lecturers can accept once more."""
    is_alternate: Mapped[bool] = mapped_column(default=False)
    """Whether it came in for a match that fell away."""
    score: Mapped[float]
    """0..1."""
    confidence: Mapped[float]
    """0..1: how much of the score rests on known facts."""
    explanation: Mapped[dict[str, Any]]
    """``matcher.Explanation.to_dict()`` of the round that proposed it."""
    proposed_at: Mapped[datetime]
    respond_by: Mapped[datetime | None]
    """Until when those awaited can act; None once nobody is awaited."""
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    invited_by: Mapped[User | None] = relationship()
    course_a: Mapped[CourseProfile] = relationship(foreign_keys=course_a_id)
    course_b: Mapped[CourseProfile] = relationship(foreign_keys=course_b_id)
    events: Mapped[list["MatchEvent"]] = relationship(order_by="MatchEvent.id", back_populates="match")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    def course(self, side: Side) -> CourseProfile:
        """The course of one side."""
        return self.course_a if side is Side.A else self.course_b

    def has_acted(self, side: Side, action: Action) -> bool:
        """Whether a side has taken an action in the present turn; counted from the events."""
        return any(e.side == side and e.action == action and e.turn == self.turn for e in self.events)


class MatchEvent(Model):
    """One thing that happened to a match; rows are added, never changed."""

    __tablename__ = "match_events"
    __table_args__ = (
        sa.UniqueConstraint("match_id", "turn", "side", "action"),
        sa.CheckConstraint(f"action in ({_ACTIONS})", name="action_known"),
        sa.CheckConstraint("side in ('a', 'b')", name="side_known"),
    )

    id: Mapped[PrimaryKey]
    match_id: Mapped[int] = mapped_column(sa.ForeignKey("matches.id"), index=True)
    turn: Mapped[int]
    action: Mapped[Action] = mapped_column(EnumText(Action))
    side: Mapped[Side | None] = mapped_column(EnumText(Side))
    """None when the round or the clock acted."""
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    reason: Mapped[str] = mapped_column(sa.String(40), default="")
    """Code of the reason given; its text stands in ``matches/labels.py``."""
    note: Mapped[str] = mapped_column(default="")
    """The actor's own words."""
    at: Mapped[datetime]
    plan_id: Mapped[int | None] = mapped_column(sa.ForeignKey("plan_versions.id"))
    """The version of the plan that stood when somebody endorsed or approved."""

    match: Mapped[Match] = relationship(back_populates="events")
    actor: Mapped[User | None] = relationship()


class PlanVersion(Model):
    """What the two courses want to do together, as it stood at one time; versions are added, never changed."""

    __tablename__ = "plan_versions"
    __table_args__ = (
        sa.UniqueConstraint("match_id", "number"),
        sa.CheckConstraint("cause in ('accepted', 'edited', 'courses_changed')", name="cause_known"),
    )

    id: Mapped[PrimaryKey]
    match_id: Mapped[int] = mapped_column(sa.ForeignKey("matches.id"), index=True)
    number: Mapped[int]
    """1 is the first."""
    document: Mapped[dict[str, Any]]
    sha256: Mapped[str] = mapped_column(sa.String(64))
    """Of the document as canonical JSON."""
    cause: Mapped[str] = mapped_column(sa.String(20))
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    """None when it was made out of the courses."""
    made_at: Mapped[datetime]

    match: Mapped[Match] = relationship()
    made_by: Mapped[User | None] = relationship()


class Alternate(Model):
    """The next best partners a round kept for a course, in case its match falls through."""

    __tablename__ = "alternates"
    __table_args__ = (
        sa.UniqueConstraint("round_id", "course_id", "partner_id"),
        sa.CheckConstraint("course_id <> partner_id", name="two_courses"),
    )

    id: Mapped[PrimaryKey]
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("rounds.id"), index=True)
    course_id: Mapped[int] = mapped_column(sa.ForeignKey("course_profiles.id"), index=True)
    partner_id: Mapped[int] = mapped_column(sa.ForeignKey("course_profiles.id"), index=True)
    rank: Mapped[int]
    """1 is the best."""
    score: Mapped[float]
    confidence: Mapped[float]
    explanation: Mapped[dict[str, Any]]

    course: Mapped[CourseProfile] = relationship(foreign_keys=course_id)
    partner: Mapped[CourseProfile] = relationship(foreign_keys=partner_id)
