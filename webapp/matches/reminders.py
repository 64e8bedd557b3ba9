"""Who is reminded, and when: lecturers who have not answered, offices that have not approved."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from webapp.mail.outbox import promise
from webapp.matches import approval, emails, queries
from webapp.matches.lifecycle import Actor
from webapp.matches.models import Match
from webapp.matches.people import Place, asked_for_time, awaited, waiting_since

WEEK = timedelta(weeks=1)
"""What "ask me in a week" means."""


@dataclass(frozen=True)
class Days:
    """On which days of waiting people are reminded: lecturers of a proposal, offices of an accepted match."""

    lecturers: tuple[int, ...]
    offices: tuple[int, ...]


def due(now: datetime, days: Days) -> list[int]:
    """List the ids of the matches of which somebody is to be reminded now, for a job that takes them one by one."""
    waiting = queries.awaited(now)
    if not waiting:
        return []
    told = queries.reminders_promised(min(map(waiting_since, waiting)))
    return [match.id for match in waiting if any(_due_of(match, now, days, told))]


def remind(match_id: int, now: datetime, days: Days) -> int:
    """Promise the reminders of one match that are due; doing it again promises nothing.

    Where several fell due while nobody looked, only the last is sent.

    Parameters
    ----------
    match_id
        A match, as `due` lists it.
    now
        The instant (aware).
    days
        When people are reminded.

    Returns
    -------
    int
        How many messages were promised; 0 when somebody answered meanwhile.
    """
    match = queries.by_id(match_id)
    if match is None or match.respond_by is None or match.respond_by <= now:
        return 0
    n_promised = 0
    on = approval.ground(match, now)
    for place, moment in _due_of(match, now, days, frozenset()):
        for key, mail in emails.reminder(match, place, moment, on):
            n_promised += promise(key, mail, now)
    return n_promised


def _due_of(match: Match, now: datetime, days: Days, told: Iterable[str]) -> list[tuple[Place, str]]:
    found = []
    for place in awaited(match):
        past = [(at, moment) for at, moment in _moments(match, place, days) if at <= now]
        if past and emails.reminder_key(match, place, max(past)[1]) not in told:
            found.append((place, max(past)[1]))
    return found


def _moments(match: Match, place: Place, days: Days) -> list[tuple[datetime, str]]:
    """Tell when somebody is reminded; who asked for a week is left in peace until it is over."""
    since = waiting_since(match)
    if place.actor is Actor.OFFICE:
        return [(since + timedelta(days=n), str(n)) for n in days.offices]
    asked = asked_for_time(match, place.side)
    moments = [(since + timedelta(days=n), str(n)) for n in days.lecturers]
    if asked is None:
        return moments
    return [(at, moment) for at, moment in moments if at < asked] + [(asked + WEEK, emails.AFTER_MAYBE)]
