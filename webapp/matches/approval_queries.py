"""The matches of an office: what waits for a person, narrowed by partner, lecturer, state and deadline."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from webapp.accounts.models import User
from webapp.db import db
from webapp.institutions.models import Institution
from webapp.matches.approval_conditions import COURSE_ID, belongs, is_awaited
from webapp.matches.lifecycle import CONTACT_STATES, Side, State
from webapp.matches.models import Match, PlanVersion
from webapp.matches.queries import loaded
from webapp.profiles.models import CourseProfile

WAITING, OTHERS = "waiting", "others"


@dataclass(frozen=True)
class Wanted:
    """Which matches an office wants to see.

    Parameters
    ----------
    show
        ``waiting`` for this person, all ``others``, or the value of a state.
    country
        Only with partners in this country (ISO 3166-1 alpha-2); empty for all.
    lecturer
        Only where the name of a lecturer or the title of a course on either side contains this.
    days
        Only what must be answered within so many days; None for all.
    """

    show: str = WAITING
    country: str = ""
    lecturer: str = ""
    days: int | None = None


def of_office(user: User, wanted: Wanted, now: datetime) -> sa.Select[Match]:
    """Select the matches of an office; the most urgent first where they wait, else the newest change first."""
    found = sa.select(Match).where(sa.or_(*(_is_ours(side, user, wanted) for side in Side))).options(*loaded())
    if wanted.show == WAITING:
        found = found.where(is_awaited(user))
    elif wanted.show == OTHERS:
        found = found.where(~is_awaited(user))
    else:
        found = found.where(Match.state == State(wanted.show))
    if wanted.days is not None:
        found = found.where(Match.respond_by.is_not(None), Match.respond_by <= now + timedelta(days=wanted.days))
    if wanted.show == WAITING:
        return found.order_by(Match.respond_by, Match.id)
    return found.order_by(Match.changed_at.desc(), Match.id.desc())


def _is_ours(side: Side, user: User, wanted: Wanted) -> sa.ColumnElement[bool]:
    """Whether a side is the office's own and the match is as wanted."""
    parts = [belongs(COURSE_ID[side], user)]
    if wanted.country:
        partner = (
            sa.select(CourseProfile.id)
            .join(Institution, CourseProfile.institution_id == Institution.id)
            .where(Institution.country == wanted.country)
        )
        parts.append(COURSE_ID[side.other].in_(partner))
    if wanted.lecturer.strip():
        letters = wanted.lecturer.strip()
        titled = sa.select(CourseProfile.id).where(CourseProfile.title.icontains(letters, autoescape=True))
        named = (
            sa.select(CourseProfile.id)
            .join(User, CourseProfile.lecturer_id == User.id)
            .where(User.name.icontains(letters, autoescape=True))
        )
        # A list that found partners by name before both have accepted would tell whose course it is.
        of_partner = sa.and_(Match.state.in_(CONTACT_STATES), COURSE_ID[side.other].in_(named))
        parts.append(sa.or_(*(COURSE_ID[end].in_(titled) for end in Side), COURSE_ID[side].in_(named), of_partner))
    return sa.and_(*parts)


def partner_countries(user: User) -> list[str]:
    """List the countries of the partners in an office's matches."""
    found: set[str] = set()
    for side in Side:
        partner = aliased(CourseProfile)
        rows = (
            sa.select(Institution.country)
            .distinct()
            .select_from(Match)
            .join(partner, COURSE_ID[side.other] == partner.id)
            .join(Institution, partner.institution_id == Institution.id)
            .where(belongs(COURSE_ID[side], user))
        )
        found.update(db.session.scalars(rows))
    return sorted(found)


def of_ids(user: User, ids: Collection[int], *, hold: bool = False) -> list[Match]:
    """Find those of these matches that have a side at the office's institution, by id; to hold, see `queries.by_id`."""
    ours = sa.or_(*(belongs(COURSE_ID[side], user) for side in Side))
    found = sa.select(Match).where(Match.id.in_(ids), ours).order_by(Match.id).options(*loaded())
    if hold:
        found = found.with_for_update(of=Match, key_share=True).execution_options(populate_existing=True)
    return list(db.session.scalars(found))


def fingerprints(match_ids: Collection[int]) -> dict[int, str]:
    """Give the fingerprint of the plan that stands, for each of these matches that has one, in one query."""
    rows = db.session.execute(
        sa.select(PlanVersion.match_id, PlanVersion.sha256)
        .where(PlanVersion.match_id.in_(match_ids))
        .order_by(PlanVersion.number)
    )
    return dict(rows.tuples().all())
