"""Weeks in which two classes both teach, and the hours both can be live, from real dates and clocks.

A week is named by its Monday. Hours are computed per date from IANA time zones, so that a course running
through a change of clocks gets the right hours on either side of it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from matcher.pairs import Bools
from matcher.profile import CourseProfile, Slot

DAYS_A_WEEK = 7
# A week counts when most of Monday to Friday is taught, so that one public holiday does not cost a week.
LEAST_TEACHING_DAYS = 3
N_WEEKDAYS = 5
# Assumed when a class names no lesson times: the working day, as in the field's own feasibility studies.
ASSUMED_SLOTS: tuple[Slot, ...] = tuple(Slot(weekday, time(9), time(17)) for weekday in range(N_WEEKDAYS))
HOUR = 3600
_WEEK = timedelta(weeks=1)


@dataclass(frozen=True)
class LiveWeek:
    """The live hours two classes share in one week.

    Parameters
    ----------
    week : date
        The Monday.
    hours : float
        Sum of the windows in hours, 0 when there is none.
    windows : tuple of (datetime, datetime)
        Start and end in UTC, in order, not overlapping.
    assumed : bool
        Whether a side named no lesson times, so that its working day was assumed.
    """

    week: date
    hours: float
    windows: tuple[tuple[datetime, datetime], ...]
    assumed: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Return the week as JSON values."""
        windows = [[start.isoformat(), end.isoformat()] for start, end in self.windows]
        return {"week": self.week.isoformat(), "hours": self.hours, "windows": windows, "assumed": self.assumed}

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> LiveWeek:
        """Read what `to_dict` wrote."""
        windows = tuple(
            (datetime.fromisoformat(start), datetime.fromisoformat(end)) for start, end in stored["windows"]
        )
        return cls(date.fromisoformat(stored["week"]), stored["hours"], windows, stored["assumed"])


def teaching_weeks(profile: CourseProfile) -> tuple[date, ...]:
    """Return the Mondays of the weeks in which at least three of Monday to Friday are taught.

    Days before the start, after the end and in breaks are not taught. Empty when a date is unknown.
    """
    return _weeks_of_term(profile.starts_on, profile.ends_on, profile.breaks)


def shared_weeks(a: CourseProfile, b: CourseProfile) -> tuple[date, ...]:
    """Return the Mondays of the weeks in which both teach, in order; empty when dates are unknown."""
    return tuple(sorted(set(teaching_weeks(a)) & set(teaching_weeks(b))))


def live_hours(a: CourseProfile, b: CourseProfile) -> tuple[LiveWeek, ...]:
    """Return the live hours of each shared week, also of weeks without any.

    A lesson counts on the dates on which its class teaches. Weeks run from Monday to Monday 00:00 UTC, so
    that each hour counts once and both sides agree. Empty when a time zone is unknown or no week is shared.
    """
    if a.time_zone is None or b.time_zone is None:
        return ()
    both = _common(_live_spans(a), _live_spans(b))
    begins, ends = [begin for begin, _ in both], [end for _, end in both]
    assumed = not a.slots or not b.slots
    live = []
    for week in shared_weeks(a, b):
        start = week_start(week)
        until = start + DAYS_A_WEEK * 24 * HOUR
        # Spans are in order and do not overlap: those of the week stand together.
        of_week = both[bisect_right(ends, start) : bisect_left(begins, until)]
        windows = [(max(s, start), min(e, until)) for s, e in of_week]
        hours = sum(e - s for s, e in windows) / HOUR
        in_utc = tuple((datetime.fromtimestamp(s, UTC), datetime.fromtimestamp(e, UTC)) for s, e in windows)
        live.append(LiveWeek(week, hours, in_utc, assumed))
    return tuple(live)


@lru_cache(maxsize=1 << 16)
def instant(zone: str, on: date, at: time) -> int:
    """Return a local date and time as seconds since 1970; the first of the two where clocks are set back."""
    return int(datetime.combine(on, at, ZoneInfo(zone)).timestamp())


def week_start(week: date) -> int:
    """Return when a week begins, Monday 00:00 UTC, in seconds since 1970."""
    return int(datetime.combine(week, time(0), UTC).timestamp())


# Many courses of a catalogue share their term.
@lru_cache(maxsize=1 << 14)
def _weeks_of_term(
    starts_on: date | None, ends_on: date | None, breaks: tuple[tuple[date, date], ...]
) -> tuple[date, ...]:
    days = _teaching_days(starts_on, ends_on, breaks)
    if days is None:
        return ()
    first_monday, taught = days
    is_week = taught.reshape(-1, DAYS_A_WEEK)[:, :N_WEEKDAYS].sum(axis=1) >= LEAST_TEACHING_DAYS
    return tuple(first_monday + int(number) * _WEEK for number in np.flatnonzero(is_week))


def _teaching_days(
    starts_on: date | None, ends_on: date | None, breaks: tuple[tuple[date, date], ...]
) -> tuple[date, Bools] | None:
    """Return the Monday of the first week and, for each day of whole weeks from it, whether it is taught."""
    if starts_on is None or ends_on is None:
        return None
    first_monday = starts_on - timedelta(days=starts_on.weekday())
    n_weeks = (ends_on - first_monday).days // DAYS_A_WEEK + 1
    taught = np.zeros(n_weeks * DAYS_A_WEEK, dtype=bool)
    taught[starts_on.weekday() : (ends_on - first_monday).days + 1] = True
    for first, last in breaks:
        taught[max((first - first_monday).days, 0) : max((last - first_monday).days + 1, 0)] = False
    return first_monday, taught


@lru_cache(maxsize=1 << 14)
def _live_spans(profile: CourseProfile) -> list[tuple[int, int]]:
    """Return the lessons of the whole course in seconds since 1970, in order, overlapping ones joined.

    Kept, because a round explains the same course beside several others.
    """
    joined: list[tuple[int, int]] = []
    for start, end in sorted(_lessons(profile)):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _lessons(profile: CourseProfile) -> Iterator[tuple[int, int]]:
    days = _teaching_days(profile.starts_on, profile.ends_on, profile.breaks)
    if days is None or profile.time_zone is None:
        return
    first_monday, taught = days
    for slot in profile.slots or ASSUMED_SLOTS:
        for number in np.flatnonzero(taught[slot.weekday :: DAYS_A_WEEK]).tolist():
            on = first_monday + timedelta(days=slot.weekday) + number * _WEEK
            start, end = instant(profile.time_zone, on, slot.start), instant(profile.time_zone, on, slot.end)
            # A lesson inside the hour that clocks skip in spring does not take place.
            if start < end:
                yield start, end


def _common(spans_a: list[tuple[int, int]], spans_b: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the overlaps of two ordered lists of spans, walking both once."""
    common = []
    i = j = 0
    while i < len(spans_a) and j < len(spans_b):
        start, end = max(spans_a[i][0], spans_b[j][0]), min(spans_a[i][1], spans_b[j][1])
        if start < end:
            common.append((start, end))
        if spans_a[i][1] < spans_b[j][1]:
            i += 1
        else:
            j += 1
    return common
