"""What the clock does to matches: deadlines that pass, first and last shared days of teaching."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from webapp.matches import queries
from webapp.matches.decisions import Limits, move
from webapp.matches.lifecycle import Action, Side, State
from webapp.matches.models import Match
from webapp.profiles.models import CourseProfile

FIRST_WEEKEND_DAY = 5


def due(now: datetime) -> list[int]:
    """List the ids of the matches the clock has something to do for.

    Meant for a job that takes each one in a transaction of its own, so that one bad row stops no other::

        for match_id in deadlines.due(now):
            try:
                deadlines.apply(match_id, now, limits)
                db.session.commit()
            except Exception:
                db.session.rollback()  # and log it
    """
    return [match.id for match in queries.under_the_clock(now) if next_action(match, now) is not None]


def apply(match_id: int, now: datetime, limits: Limits) -> Action | None:
    """Do what the clock has to do for one match; alternates come in with an expiry.

    Calling it again changes nothing.

    Parameters
    ----------
    match_id
        A match, as `due` lists it.
    now
        The instant (aware).
    limits
        How long those awaited next have.

    Returns
    -------
    Action or None
        What was done; None when nothing was left to do, because somebody was faster or the match is gone.

    Raises
    ------
    WrongStateError
        When somebody changed the match at the same moment; roll back and go on with the next.
    """
    match = queries.by_id(match_id)
    action = None if match is None else next_action(match, now)
    if match is None or action is None:
        return None
    move(match, action, actor=None, now=now, limits=limits)
    return action


def next_action(match: Match, now: datetime) -> Action | None:
    """Tell what the clock has to do for a match at an instant; None for nothing."""
    if match.state in queries.UNDECIDED_STATES:
        return Action.EXPIRE if match.respond_by is not None and match.respond_by <= now else None
    period = shared_period(match)
    if period is None:
        return None
    first, last = period
    if match.state is State.APPROVED and first <= now:
        return Action.START
    if match.state is State.ACTIVE and last <= now:
        return Action.COMPLETE
    return None


def shared_period(match: Match) -> tuple[datetime, datetime] | None:
    """Tell from when until when both classes teach.

    Returns
    -------
    (datetime, datetime) or None
        The instant at which the first shared teaching day begins where it begins first, and the one at which the
        last ends where it ends last. None when the dates are unknown or no day is shared.
    """
    days = shared_days(match)
    if days is None:
        return None
    zones = [_zone(match.course(side)) for side in Side]
    first, last = days[0], days[1] + timedelta(days=1)
    begins = min(datetime.combine(first, time(0), zone) for zone in zones)
    ends = max(datetime.combine(last, time(0), zone) for zone in zones)
    return begins, ends


def shared_days(match: Match) -> tuple[date, date] | None:
    """Find the first and the last day both classes teach, Monday to Friday outside the breaks of either."""
    a, b = match.course_a, match.course_b
    if a.starts_on is None or b.starts_on is None or a.ends_on is None or b.ends_on is None:
        return None
    first, last = max(a.starts_on, b.starts_on), min(a.ends_on, b.ends_on)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    taught = [day for day in days if day.weekday() < FIRST_WEEKEND_DAY and not _is_off(a, day) and not _is_off(b, day)]
    return (taught[0], taught[-1]) if taught else None


def _is_off(course: CourseProfile, day: date) -> bool:
    # ISO dates compare as text in the order of the calendar.
    return any(off["from"] <= day.isoformat() <= off["to"] for off in course.breaks)


def _zone(course: CourseProfile) -> ZoneInfo:
    return ZoneInfo(course.time_zone or course.institution.time_zone)
