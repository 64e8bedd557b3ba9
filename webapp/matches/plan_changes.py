"""Changing a plan: by its two lecturers, and by the clock when the courses it copies have changed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.exc import StaleDataError

from webapp.accounts.models import User
from webapp.db import db
from webapp.errors import NotAllowedError, WrongStateError
from webapp.matches import approval, plan_documents, plan_versions, queries
from webapp.matches.decisions import Limits, move
from webapp.matches.lifecycle import Action, Actor, State
from webapp.matches.models import Match, PlanVersion
from webapp.matches.people import place_of
from webapp.profiles.models import CourseProfile

OFFICES_ASKED = frozenset({State.ACCEPTED, State.APPROVED})
"""States in which a change of the plan concerns the offices."""


def may_edit(match: Match, user: User) -> bool:
    """Whether a person may change the plan now: a lecturer of either side, before teaching together begins.

    Also while both look at it again because an office returned it with a question.
    """
    place = place_of(match, user)
    is_lecturer = place is not None and place.actor is Actor.LECTURER and user.is_active and user.is_verified
    return is_lecturer and (match.state in OFFICES_ASKED or match.state is State.PROPOSED)


def revise(match: Match, document: Mapping[str, Any], actor: User, now: datetime, limits: Limits) -> PlanVersion | None:
    """Write the next version of a plan, and ask both offices again where somebody approved the one before.

    Parameters
    ----------
    match
        With its courses and events loaded.
    document
        The whole plan as it shall be.
    actor
        A lecturer of either side.
    now
        The instant (aware).
    limits
        How long those awaited next have.

    Returns
    -------
    PlanVersion or None
        The new version; None when the document says what stands already.

    Raises
    ------
    NotAllowedError
        When this person may not change it now.
    WrongStateError
        When there is no plan yet, or somebody was faster; after the last the session must be rolled back.
    """
    if not may_edit(match, actor):
        raise NotAllowedError(_("The plan is changed by its two lecturers, before teaching together begins."))
    standing = plan_versions.current(match)
    if standing is None:
        raise WrongStateError(_("There is a plan once both lecturers have accepted."))
    if standing.document == dict(document):
        return None
    version = plan_versions.add(match, document, cause=plan_versions.EDITED, made_by=actor, now=now)
    _ask_again(match, standing, version, actor, now, limits)
    return version


def due() -> list[int]:
    """List the ids of the matches whose plan says something else than its courses do now, or is missing.

    Meant for a job that takes each one in a transaction of its own, as `deadlines.due` is.
    """
    return [match.id for match, standing in _asked() if _following(match, standing) is not None]


def follow_courses(match_id: int, now: datetime, limits: Limits) -> PlanVersion | None:
    """Bring one plan up to date with its courses, and ask the offices again; calling it again changes nothing.

    Returns
    -------
    PlanVersion or None
        The new version; None when nothing was left to do.

    Raises
    ------
    WrongStateError
        When somebody changed plan or match at the same moment; roll back and go on with the next.
    """
    match = queries.by_id(match_id)
    if match is None or match.state not in OFFICES_ASKED:
        return None
    standing = plan_versions.current(match)
    document = _following(match, standing)
    if document is None:
        return None
    if standing is None:
        return plan_versions.add(match, document, cause=plan_versions.ACCEPTED, made_by=None, now=now)
    version = plan_versions.add(match, document, cause=plan_versions.COURSES_CHANGED, made_by=None, now=now)
    _ask_again(match, standing, version, None, now, limits)
    return version


def _ask_again(
    match: Match, before: PlanVersion, after: PlanVersion, actor: User | None, now: datetime, limits: Limits
) -> None:
    """Ask the offices again where somebody approved the version before.

    The row of the match is written in any case: who decides on a page that shows an older version is refused.
    """
    if approval.must_ask_again(match):
        changes = plan_documents.sentences(before.document, after.document)
        move(match, Action.CHANGE, actor=actor, now=now, limits=limits, changes=changes)
        return
    match.changed_at = now
    try:
        db.session.flush()
    except StaleDataError as error:
        raise WrongStateError() from error


def _following(match: Match, standing: PlanVersion | None) -> dict[str, Any] | None:
    """The document the courses ask for; None when the one that stands says it already."""
    if standing is None:
        return plan_documents.build(match)
    document = plan_documents.followed(match, standing.document)
    return None if document == standing.document else document


def _asked() -> list[tuple[Match, PlanVersion | None]]:
    """Every match that offices look at or have approved, with the version of its plan that stands, by id."""
    newest = (
        sa.select(PlanVersion.match_id, sa.func.max(PlanVersion.number).label("number"))
        .group_by(PlanVersion.match_id)
        .subquery()
    )
    sides = [joinedload(Match.course_a), joinedload(Match.course_b)]
    loaded = [side.options(joinedload(CourseProfile.institution), joinedload(CourseProfile.lecturer)) for side in sides]
    found = (
        sa.select(Match, PlanVersion)
        .outerjoin(newest, newest.c.match_id == Match.id)
        .outerjoin(PlanVersion, sa.and_(PlanVersion.match_id == Match.id, PlanVersion.number == newest.c.number))
        .where(Match.state.in_(OFFICES_ASKED))
        .order_by(Match.id)
        .options(*loaded)
    )
    return [(match, standing) for match, standing in db.session.execute(found).tuples()]
