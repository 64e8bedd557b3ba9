"""The live hours of a match, week by week, on both clocks: a picture on the axis of `pictures`, and its words."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby, pairwise
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from matcher.calendars import LiveWeek
from matcher.explanation import Explanation
from webapp.i18n import clock, day, join, zone_city
from webapp.matches.lifecycle import Side
from webapp.matches.models import Match
from webapp.matches.pictures import WEEK, Mark, axis_of
from webapp.matches.wording import decimal
from webapp.profiles.labels import WEEKDAYS, weekday_label
from webapp.profiles.models import CourseProfile

LONGEST_BAR = 72.0
"""Height of the tallest bar of hours, in pixels."""


@dataclass(frozen=True)
class HourBar:
    """Live hours of one shared week: ``x`` and ``width`` in percent, ``y`` and ``height`` in pixels."""

    x: float
    width: float
    y: float
    height: float
    week: date
    hours: float


@dataclass(frozen=True)
class HourGroup:
    """Shared weeks in a row with the same live hours on both clocks."""

    first: date
    last: date
    n_weeks: int
    hours: float
    windows: tuple[str, ...]
    changes: tuple[str, ...]


@dataclass(frozen=True)
class HoursPicture:
    """Live hours week by week, drawn and in words."""

    bars: tuple[HourBar, ...]
    months: tuple[Mark, ...]
    changes: tuple[Mark, ...]
    groups: tuple[HourGroup, ...]
    most: float
    is_assumed: bool
    words: str


def hours_picture(match: Match, explanation: Explanation) -> HoursPicture | None:
    """Lay out the live hours of the shared weeks; None when a time zone was unknown or no week is shared."""
    axis = axis_of(explanation)
    if axis is None or not explanation.live_hours:
        return None
    live = explanation.live_hours
    most = max(week.hours for week in live)
    width = 100 / axis.n
    bars = []
    for week in live:
        height = round(week.hours / most * LONGEST_BAR, 2) if most else 0.0
        x = round(axis.x(week.week) + width * 0.12, 3)
        bars.append(HourBar(x, round(width * 0.76, 3), LONGEST_BAR - height, height, week.week, week.hours))
    groups = _groups(match, live)
    # Also in weeks off between shared ones: the hours after them differ from those before.
    n_weeks = (live[-1].week - live[0].week) // WEEK + 1
    changes = tuple(
        Mark(round(axis.x(week) + width / 2, 3), words)
        for week in (live[0].week + at * WEEK for at in range(n_weeks))
        for words in _changes(match, week)
    )
    is_assumed = any(week.assumed for week in live)
    words = " ".join((_hours_words(live), *(mark.label for mark in changes)))
    return HoursPicture(tuple(bars), axis.months(), changes, groups, most, is_assumed, words)


def _hours_words(live: tuple[LiveWeek, ...]) -> str:
    least, most = min(week.hours for week in live), max(week.hours for week in live)
    if not most:
        return str(_("The two classes have no live hours in common."))
    if least == most:
        return str(_("Live hours in every shared week: %(n)s.", n=decimal(most)))
    return str(_("Live hours in a shared week: from %(least)s to %(most)s.", least=decimal(least), most=decimal(most)))


def _groups(match: Match, live: tuple[LiveWeek, ...]) -> tuple[HourGroup, ...]:
    """Join weeks in a row whose live hours read the same on both clocks."""
    groups = []
    for (hours, windows), its in groupby(live, key=lambda week: (week.hours, _windows(match, week))):
        weeks = [week.week for week in its]
        changes = tuple(words for week in weeks for words in _changes(match, week))
        groups.append(HourGroup(weeks[0], weeks[-1], len(weeks), hours, windows, changes))
    return tuple(groups)


def _windows(match: Match, week: LiveWeek) -> tuple[str, ...]:
    """Write a week's windows in both local times, equal ones of several days in one line."""
    by_time: dict[tuple[str, str], list[str]] = {}
    for start, end in week.windows:
        local = start.astimezone(_zone(match.course_a))
        both = (_local(match.course_a, start, end, local), _local(match.course_b, start, end, local))
        by_time.setdefault(both, []).append(weekday_label(WEEKDAYS[local.weekday()]))
    return tuple(
        str(_("%(weekdays)s: %(here)s, %(there)s", weekdays=join(days), here=here, there=there))
        for (here, there), days in by_time.items()
    )


def _local(course: CourseProfile, start: datetime, end: datetime, reference: datetime) -> str:
    """Write a window on one clock, with its city, and with its day where that is another than on the first clock."""
    zone = _zone(course)
    times = {"start": clock(start, zone.key), "end": clock(end, zone.key), "city": city(course)}
    local = start.astimezone(zone)
    if local.date() == reference.date():
        return str(_("%(start)s–%(end)s in %(city)s", **times))
    weekday = weekday_label(WEEKDAYS[local.weekday()])
    return str(_("%(weekday)s %(start)s–%(end)s in %(city)s", weekday=weekday, **times))


def city(course: CourseProfile) -> str:
    """Name the place of a course's clock: its town, unless the course keeps another zone than its institution."""
    institution = course.institution
    if institution.city and course.time_zone in (None, institution.time_zone):
        return institution.city
    return zone_city(_zone(course).key)


def _zone(course: CourseProfile) -> ZoneInfo:
    return ZoneInfo(course.time_zone or course.institution.time_zone)


def _changes(match: Match, week: date) -> list[str]:
    """Say where clocks change in a week, and on which day."""
    found = []
    for side in Side:
        zone = _zone(match.course(side))
        noons = [datetime(week.year, week.month, week.day, 12, tzinfo=zone) + timedelta(days=n) for n in range(-1, 7)]
        for before, after in pairwise(noons):
            if before.utcoffset() != after.utcoffset():
                where = city(match.course(side))
                found.append(str(_("Clocks change in %(city)s on %(day)s.", city=where, day=day(after.date()))))
    return found
