"""The versions of a match's plan: the first once both lecturers have accepted, then one for each change, all kept."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from webapp.accounts.models import User
from webapp.db import db
from webapp.errors import WrongStateError
from webapp.matches import plan_documents
from webapp.matches.models import Match, PlanVersion

ACCEPTED, EDITED, COURSES_CHANGED = "accepted", "edited", "courses_changed"


def current(match: Match) -> PlanVersion | None:
    """Give the version of the plan that stands; None while there is none."""
    found = sa.select(PlanVersion).where(PlanVersion.match_id == match.id).options(joinedload(PlanVersion.made_by))
    return db.session.scalar(found.order_by(PlanVersion.number.desc()).limit(1))


def all_of(match: Match) -> list[PlanVersion]:
    """List every version of a plan, the first one first."""
    found = sa.select(PlanVersion).where(PlanVersion.match_id == match.id).options(joinedload(PlanVersion.made_by))
    return list(db.session.scalars(found.order_by(PlanVersion.number)))


def of_each(match_ids: Collection[int]) -> dict[int, list[PlanVersion]]:
    """List every version of the plans of these matches, the first one first, in one query."""
    found: dict[int, list[PlanVersion]] = {match_id: [] for match_id in match_ids}
    if found:
        rows = sa.select(PlanVersion).where(PlanVersion.match_id.in_(found)).order_by(PlanVersion.number)
        for version in db.session.scalars(rows):
            found[version.match_id].append(version)
    return found


def ensure(match: Match, now: datetime) -> PlanVersion:
    """Give the version that stands as offices are asked, made or brought up to date with the courses where needed.

    For the moment in which both lecturers have accepted: nobody has approved yet, so nobody is asked again.

    Raises
    ------
    WrongStateError
        When somebody wrote a version at the same moment; the session must be rolled back.
    """
    standing = current(match)
    if standing is None:
        return add(match, plan_documents.build(match), cause=ACCEPTED, made_by=None, now=now)
    document = plan_documents.followed(match, standing.document)
    if document == standing.document:
        return standing
    return add(match, document, cause=COURSES_CHANGED, made_by=None, now=now)


def add(match: Match, document: Mapping[str, Any], *, cause: str, made_by: User | None, now: datetime) -> PlanVersion:
    """Add the next version of a plan, flushed; versions that stand are never changed.

    Raises
    ------
    WrongStateError
        When somebody wrote a version at the same moment; the session must be rolled back.
    """
    standing = current(match)
    version = PlanVersion(
        match=match,
        number=1 if standing is None else standing.number + 1,
        document=dict(document),
        sha256=plan_documents.fingerprint(document),
        cause=cause,
        made_by=made_by,
        made_at=now,
    )
    db.session.add(version)
    try:
        db.session.flush()
    except IntegrityError as error:
        raise WrongStateError() from error
    return version
