"""The partners kept in reserve for a course, as numbers only: nobody is named before a match is proposed."""

from dataclasses import dataclass

import sqlalchemy as sa

from webapp.db import db
from webapp.institutions.models import Institution
from webapp.matches.house_limits import House, house_of, within_caps
from webapp.matches.lifecycle import OPEN_STATES, Actor
from webapp.matches.models import Alternate, Match
from webapp.matches.people import Place
from webapp.matches.queries import UNDECIDED_STATES
from webapp.profiles.models import CourseProfile, CourseState


@dataclass(frozen=True)
class Reserve:
    """How many other partners a course could still be proposed, and the best score among them (0..1)."""

    n: int
    best: float | None


def of(match: Match, place: Place | None) -> Reserve | None:
    """Count the reserve of the course of the lecturer who looks.

    Parameters
    ----------
    match
        The match that may fall away.
    place
        Where the reader stands.

    Returns
    -------
    Reserve or None
        None for all but the two lecturers, and once an alternate would no longer come in.
    """
    if place is None or place.actor is not Actor.LECTURER or match.state not in UNDECIDED_STATES:
        return None
    return count(match.course(place.side), but_for=match.id)


def count(course: CourseProfile, *, but_for: int | None = None) -> Reserve:
    """Count what rounds kept beside a course, was never proposed to it and could be now.

    These are open courses with a free place, with whose institution one more exchange breaks no limit.

    Parameters
    ----------
    course
        With its institution loaded.
    but_for
        A match (id) that is to fall away: it counts for no limit.
    """
    course_id = course.id
    other = sa.case((Alternate.course_id == course_id, Alternate.partner_id), else_=Alternate.course_id)
    tried = sa.exists().where(
        sa.or_(
            sa.and_(Match.course_a_id == course_id, Match.course_b_id == CourseProfile.id),
            sa.and_(Match.course_b_id == course_id, Match.course_a_id == CourseProfile.id),
        )
    )
    busy = (
        sa.select(sa.func.count(Match.id))
        .where(
            sa.or_(Match.course_a_id == CourseProfile.id, Match.course_b_id == CourseProfile.id),
            Match.state.in_(OPEN_STATES),
        )
        .correlate(CourseProfile)
        .scalar_subquery()
    )
    found = (
        sa.select(CourseProfile.id, Institution.id, Institution.country, sa.func.max(Alternate.score))
        .select_from(Alternate)
        .join(CourseProfile, CourseProfile.id == other)
        .join(Institution, CourseProfile.institution_id == Institution.id)
        .where(
            sa.or_(Alternate.course_id == course_id, Alternate.partner_id == course_id),
            CourseProfile.state == CourseState.OPEN,
            CourseProfile.capacity > busy,
            ~tried,
        )
        .group_by(CourseProfile.id, Institution.id, Institution.country)
    )
    kept = [(House(at, country), score) for _id, at, country, score in db.session.execute(found).tuples()]
    possible = within_caps(house_of(course), {house for house, _score in kept}, but_for=but_for)
    scores = [score for house, score in kept if house in possible]
    return Reserve(len(scores), max(scores, default=None))
