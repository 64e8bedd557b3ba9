"""What the office's pages ask of the database."""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from webapp.db import db
from webapp.institutions.models import BalanceTarget, Institution
from webapp.matches.lifecycle import Side
from webapp.matches.models import Match, PlanVersion
from webapp.offices.figures import HouseMatch, seen_from
from webapp.offices.filters import Wanted
from webapp.profiles.models import CourseProfile


def _courses(institution_id: int) -> sa.ScalarSelect[int]:
    return sa.select(CourseProfile.id).where(CourseProfile.institution_id == institution_id).scalar_subquery()


def _of_house(institution_id: int) -> sa.ColumnElement[bool]:
    courses = _courses(institution_id)
    return sa.or_(Match.course_a_id.in_(courses), Match.course_b_id.in_(courses))


def within(institution_id: int, wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    """Give the conditions on matches of an institution that are wanted."""
    found = [_of_house(institution_id), Match.state.in_(wanted.states)]
    if wanted.since is not None:
        found.append(Match.proposed_at >= _midnight(wanted.since))
    if wanted.until is not None and wanted.until < date.max:
        found.append(Match.proposed_at < _midnight(wanted.until + timedelta(days=1)))
    return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def both_sides() -> list[ORMOption]:
    """Load both courses of matches with institution and lecturer."""
    return [
        joinedload(side).joinedload(end)
        for side in (Match.course_a, Match.course_b)
        for end in (CourseProfile.institution, CourseProfile.lecturer)
    ]


def matches_of(institution_id: int, wanted: Wanted) -> list[HouseMatch]:
    """Find the matches of an institution as it sees them, by id; in three queries."""
    conditions = within(institution_id, wanted)
    plans: dict[int, dict[str, Any]] = dict(
        db.session.execute(
            sa.select(PlanVersion.match_id, PlanVersion.document)
            .where(PlanVersion.match_id.in_(sa.select(Match.id).where(*conditions)))
            .order_by(PlanVersion.number)
        )
        .tuples()
        .all()
    )
    found = sa.select(Match).where(*conditions).order_by(Match.id).options(*both_sides(), selectinload(Match.events))
    return [
        seen_from(
            match,
            Side.A if match.course_a.institution_id == institution_id else Side.B,
            plans.get(match.id),
        )
        for match in db.session.scalars(found)
    ]


def targets_of(institution_id: int) -> Sequence[BalanceTarget]:
    """List the targets of an institution with their partners, by id."""
    found = sa.select(BalanceTarget).where(BalanceTarget.institution_id == institution_id)
    return db.session.scalars(found.order_by(BalanceTarget.id).options(joinedload(BalanceTarget.partner))).all()


def target(institution_id: int, target_id: int) -> BalanceTarget | None:
    """Find one target of an institution; None when it has none of this number."""
    found = db.session.get(BalanceTarget, target_id)
    return found if found is not None and found.institution_id == institution_id else None


def n_targets(institution_id: int) -> int:
    """Count the targets of an institution."""
    found = sa.select(sa.func.count(BalanceTarget.id)).where(BalanceTarget.institution_id == institution_id)
    return db.session.scalar(found) or 0


def names_of(institution_ids: Collection[int]) -> dict[int, str]:
    """Name some institutions, by id."""
    found = sa.select(Institution.id, Institution.name).where(Institution.id.in_(institution_ids))
    return dict(db.session.execute(found).tuples().all())
