"""Times on two clocks: what a local time means, how an instant reads at both places, and when both could meet."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from matcher.calendars import LiveWeek, live_hours
from matcher.profile import CourseProfile as MatcherProfile
from matcher.profile import ProfileError, Slot
from webapp.conversations.parties import Party
from webapp.i18n import clock, day, instant
from webapp.matches.clocks import city
from webapp.profiles.for_matcher import to_matcher
from webapp.profiles.labels import WEEKDAYS, weekday_label
from webapp.profiles.models import CourseProfile

N_OFFERS = 5
HOUR, HALF_HOUR = timedelta(hours=1), timedelta(minutes=30)
NOTICE = timedelta(hours=12)
"""Nobody is offered a time sooner than this."""
N_WEEKS = 4
"""Weeks ahead in which times are offered."""
LONG_DAY = tuple(Slot(weekday, time(7), time(21)) for weekday in range(5))
"""Hours somebody may meet a partner from far away, where nothing better is left."""


@dataclass(frozen=True)
class Offers:
    """Times at which both could meet.

    Parameters
    ----------
    spans
        Start and end of each (UTC), in order, on different days.
    basis
        ``lessons`` when both classes name weekly hours, ``assumed`` when one names none and its working day was
        taken, ``working_day`` when the hours have nothing in common and both working days were taken, ``long_day``
        when these have nothing in common either and early mornings and evenings were taken.
    """

    spans: tuple[tuple[datetime, datetime], ...]
    basis: str


def zone_of(course: CourseProfile) -> ZoneInfo:
    """The clock a course lives by."""
    return ZoneInfo(course.time_zone or course.institution.time_zone)


def instants(on: date, at: time, zone: ZoneInfo) -> list[datetime]:
    """Tell which instants a local time can mean.

    Returns
    -------
    list of datetime
        In UTC: one, none when clocks skip this time, two in order when they are set back over it.
    """
    local = datetime.combine(on, at.replace(tzinfo=None, fold=0))
    found: list[datetime] = []
    for fold in (0, 1):
        meant = local.replace(tzinfo=zone, fold=fold).astimezone(UTC)
        if meant.astimezone(zone).replace(tzinfo=None, fold=0) == local and meant not in found:
            found.append(meant)
    return found


def on_both_clocks(party: Party, start: datetime, end: datetime | None = None) -> str:
    """Write an instant, or a span, on both clocks: "Tue, 24 Nov 2026: 14:00 in Hanoi, 08:00 in Lisbon".

    The party's own clock comes first. A lecturer who is elsewhere now reads their present clock too.
    """
    here = zone_of(party.own)
    local = start.astimezone(here)
    words = str(
        _(
            "%(day)s: %(here)s, %(there)s",
            day=day(start, here.key),
            here=_on_clock(party.own, start, end, local.date()),
            there=_on_clock(party.partner, start, end, local.date()),
        )
    )
    reader = ZoneInfo(party.own.lecturer.time_zone)
    offsets = {start.astimezone(zone_of(course)).utcoffset() for course in (party.own, party.partner)}
    if start.astimezone(reader).utcoffset() in offsets:
        return words
    return str(_("%(both)s; on your present clock: %(own)s", both=words, own=instant(start, reader.key)))


def _on_clock(course: CourseProfile, start: datetime, end: datetime | None, reference: date) -> str:
    """Write an instant or a span on one clock with its city, and with its weekday where that is another."""
    zone = zone_of(course)
    local = start.astimezone(zone)
    values = {
        "start": clock(start, zone.key),
        "city": city(course),
        "weekday": weekday_label(WEEKDAYS[local.weekday()]),
    }
    if end is not None:
        values["end"] = clock(end, zone.key)
    is_same_day = local.date() == reference
    if end is None:
        return str(
            _("%(start)s in %(city)s", **values) if is_same_day else _("%(weekday)s %(start)s in %(city)s", **values)
        )
    return str(
        _("%(start)s–%(end)s in %(city)s", **values)
        if is_same_day
        else _("%(weekday)s %(start)s–%(end)s in %(city)s", **values)
    )


def offers(party: Party, now: datetime) -> Offers:
    """Find the next times at which the weekly hours of both classes overlap, in and out of term.

    Parameters
    ----------
    party
        Who asks; days are counted on their clock.
    now
        The present instant (aware).

    Returns
    -------
    Offers
        At most one a day, `N_OFFERS` in all; none only when the matcher cannot read a course.
    """
    try:
        own, partner = (_in_the_next_weeks(course, now) for course in (party.own, party.partner))
    except ProfileError:
        return Offers((), "lessons")
    basis = "lessons" if own.slots and partner.slots else "assumed"
    spans = _chosen(live_hours(own, partner), zone_of(party.own), now)
    if not spans and (own.slots or partner.slots):
        basis = "working_day"
        spans = _chosen(live_hours(replace(own, slots=()), replace(partner, slots=())), zone_of(party.own), now)
    if not spans:
        basis = "long_day"
        both = live_hours(replace(own, slots=LONG_DAY), replace(partner, slots=LONG_DAY))
        spans = tuple(_middle(start, end) for start, end in _chosen(both, zone_of(party.own), now))
    return Offers(spans, basis)


def _in_the_next_weeks(course: CourseProfile, now: datetime) -> MatcherProfile:
    """A course with its weekly hours, as if it were taught in the weeks ahead: lecturers meet before term begins."""
    today = now.astimezone(zone_of(course)).date()
    monday = today - timedelta(days=today.weekday())
    profile = to_matcher(course, 1, today)
    return replace(
        profile,
        starts_on=monday,
        ends_on=monday + timedelta(weeks=N_WEEKS, days=6),
        breaks=(),
        time_zone=zone_of(course).key,
    )


def _middle(start: datetime, end: datetime) -> tuple[datetime, datetime]:
    """Take the hour in the middle of a long span, the fairest to both, on a half hour; a short span as it is."""
    if end - start <= HOUR:
        return start, end
    halves = (end - start - HOUR) / 2 // HALF_HOUR
    return start + halves * HALF_HOUR, start + halves * HALF_HOUR + HOUR


def _chosen(live: tuple[LiveWeek, ...], zone: ZoneInfo, now: datetime) -> tuple[tuple[datetime, datetime], ...]:
    """Take the longest span of each day, the first of equal ones, that is long enough and not too soon."""
    by_day: dict[date, tuple[datetime, datetime]] = {}
    for start, end in _spans(live):
        if start >= now + NOTICE and end - start >= HALF_HOUR:
            first, last = by_day.setdefault(start.astimezone(zone).date(), (start, end))
            if end - start > last - first:
                by_day[start.astimezone(zone).date()] = (start, end)
    return tuple(list(by_day.values())[:N_OFFERS])


def _spans(live: tuple[LiveWeek, ...]) -> Iterator[tuple[datetime, datetime]]:
    for week in live:
        yield from week.windows
