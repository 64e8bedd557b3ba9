"""When a match ends early, the next best partners of the two courses it frees come in at once."""

import math
from datetime import datetime, timedelta

from webapp.db import db
from webapp.mail.outbox import promise
from webapp.matches import emails, queries
from webapp.matches.house_limits import breaks_cap
from webapp.matches.labels import NO_TIME
from webapp.matches.lifecycle import Side
from webapp.matches.models import Alternate, Match, MatchEvent
from webapp.matches.places import is_free
from webapp.matches.proposals import in_order, propose
from webapp.profiles.models import CourseProfile


def bring_in(ended: Match, event: MatchEvent, now: datetime, time_to_respond: timedelta) -> list[Match]:
    """Propose an alternate to each of the two courses a match frees, and tell the lecturers.

    The best partner the rounds kept for the course is taken that is still open, has a free place, whose lecturer
    takes proposals and has room for one more exchange, that breaks no limit of the two institutions, and that has
    never been proposed to it; failing that, the course itself may be the alternate of one that has no partner.
    Pairs of which a profile changed after the round ranked it are passed over: what was computed no longer
    describes them, and the next round computes afresh. A course whose own lecturer just said that they have no
    time is left in peace.

    Parameters
    ----------
    ended
        A match that has just ended before both offices approved it; flushed.
    event
        What ended it.
    now
        The instant (aware).
    time_to_respond
        How long both lecturers have to answer.

    Returns
    -------
    list of Match
        The new proposals, at most two; flushed, their mail promised. The better ranked goes first when both
        courses want the same partner.
    """
    courses = [ended.course(side) for side in Side if not (event.reason == NO_TIME and event.side is side)]
    new: list[Match] = []
    for course in sorted(courses, key=lambda it: _rank_of_best(it, now)):
        # Looked up anew each time: the first proposal may have taken the place the second counted on.
        best = _best(course, now)
        if best is not None:
            new.append(_propose(best, now, time_to_respond))
    return new


def _rank_of_best(course: CourseProfile, now: datetime) -> tuple[float, int]:
    best = _best(course, now)
    return (math.inf if best is None or best.course_id != course.id else best.rank, course.id)


def _best(course: CourseProfile, now: datetime) -> Alternate | None:
    """Find the best alternate of a course that can still be proposed; None when there is none."""
    today = now.date()
    if not is_free(course, today):
        return None
    tried = queries.partners_tried(course.id)
    for alternate in queries.alternates_of(course.id):
        partner = alternate.partner if alternate.course_id == course.id else alternate.course
        if partner.id not in tried and is_free(partner, today) and _still_holds(alternate):
            # Two matches that end at the same moment must not both take the partner's last place.
            queries.lock_courses({course.id, partner.id})
            if is_free(course, today) and is_free(partner, today) and breaks_cap(course, partner, hold=True) is None:
                return alternate
    return None


def _still_holds(alternate: Alternate) -> bool:
    """Whether both profiles are as the round saw them."""
    seen_at = queries.proposed_at(alternate.round_id)
    return seen_at is None or max(alternate.course.updated_at, alternate.partner.updated_at) <= seen_at


def _propose(alternate: Alternate, now: datetime, time_to_respond: timedelta) -> Match:
    a, b = in_order(alternate.course, alternate.partner)
    match = propose(
        a,
        b,
        round_id=alternate.round_id,
        score=alternate.score,
        confidence=alternate.confidence,
        explanation=alternate.explanation,
        respond_by=now + time_to_respond,
        now=now,
        is_alternate=True,
    )
    db.session.flush()
    for key, mail in emails.of_alternate(match):
        promise(key, mail, now)
    return match
