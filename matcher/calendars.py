"""Weeks in which two classes both teach, and the hours both can be live, from real dates and clocks.

A week is named by its Monday. Hours are computed per date from IANA time zones, so that a course running
through a change of clocks gets the right hours on either side of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from matcher.profile import CourseProfile, Slot

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

DAYS_A_WEEK = 7
# A week counts when most of Monday to Friday is taught, so that one public holiday does not cost a week.
LEAST_TEACHING_DAYS = 3
N_WEEKDAYS = 5
# Assumed when a class names no lesson times: the working day, as in the field's own feasibility studies.
ASSUMED_SLOTS: tuple[Slot, ...] = tuple(Slot(weekday, time(9), time(17)) for weekday in range(N_WEEKDAYS))
_HOUR = 3600
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


class HourTable(NamedTuple):
    """Live hours per shared week of all pairs, each array of shape (n_left, n_right).

    `mean` and `least` are hours per shared week over all shared weeks; NaN where dates or time zones are
    unknown or no week is shared. `assumed` tells where a side named no lesson times.
    """

    mean: Floats
    least: Floats
    assumed: Bools


def teaching_weeks(profile: CourseProfile) -> tuple[date, ...]:
    """Return the Mondays of the weeks in which at least three of Monday to Friday are taught.

    Days before the start, after the end and in breaks are not taught. Empty when a date is unknown.
    """
    days = _teaching_days(profile)
    if days is None:
        return ()
    first_monday, taught = days
    is_week = taught.reshape(-1, DAYS_A_WEEK)[:, :N_WEEKDAYS].sum(axis=1) >= LEAST_TEACHING_DAYS
    return tuple(first_monday + int(number) * _WEEK for number in np.flatnonzero(is_week))


def week_matrix(profiles: Sequence[CourseProfile]) -> tuple[list[date], Bools, Bools]:
    """Return who teaches in which week.

    Returns
    -------
    weeks : list of date
        Every week in which any profile teaches, in order.
    teaches : ndarray of bool, shape (n_profiles, n_weeks)
    known : ndarray of bool, shape (n_profiles,)
        Whether both dates of the profile are known.
    """
    per_profile = [teaching_weeks(profile) for profile in profiles]
    weeks = sorted(set().union(*per_profile))
    column = {week: number for number, week in enumerate(weeks)}
    teaches = np.zeros((len(profiles), len(weeks)), dtype=bool)
    for row, its_weeks in enumerate(per_profile):
        teaches[row, [column[week] for week in its_weeks]] = True
    known = np.array([_dates_known(profile) for profile in profiles], dtype=bool)
    return weeks, teaches, known


def shared_weeks(a: CourseProfile, b: CourseProfile) -> tuple[date, ...]:
    """Return the Mondays of the weeks in which both teach, in order; empty when dates are unknown."""
    return tuple(sorted(set(teaching_weeks(a)) & set(teaching_weeks(b))))


def shared_week_counts(left: Sequence[CourseProfile], right: Sequence[CourseProfile]) -> tuple[Ints, Bools]:
    """Return the number of shared teaching weeks of all pairs, and where both sides' dates are known.

    Both arrays have the shape (n_left, n_right); the number is 0 where dates are unknown.
    """
    _, teaches, known = week_matrix([*left, *right])
    n_left = len(left)
    # float32 counts exactly far beyond any number of weeks and multiplies much faster than integers.
    counts = teaches[:n_left].astype(np.float32) @ teaches[n_left:].astype(np.float32).T
    return counts.astype(np.int64), known[:n_left, None] & known[None, n_left:]


def live_hours(a: CourseProfile, b: CourseProfile) -> tuple[LiveWeek, ...]:
    """Return the live hours of each shared week, also of weeks without any.

    A lesson counts on the dates on which its class teaches. Weeks run from Monday to Monday 00:00 UTC, so
    that each hour counts once and both sides agree. Empty when a time zone is unknown or no week is shared.
    """
    if a.time_zone is None or b.time_zone is None:
        return ()
    both = _common(_live_spans(a), _live_spans(b))
    assumed = not a.slots or not b.slots
    live = []
    for week in shared_weeks(a, b):
        start = _week_start(week)
        windows = [(max(s, start), min(e, start + DAYS_A_WEEK * 24 * _HOUR)) for s, e in both]
        windows = [(s, e) for s, e in windows if s < e]
        hours = sum(e - s for s, e in windows) / _HOUR
        in_utc = tuple((datetime.fromtimestamp(s, UTC), datetime.fromtimestamp(e, UTC)) for s, e in windows)
        live.append(LiveWeek(week, hours, in_utc, assumed))
    return tuple(live)


def hour_matrix(left: Sequence[CourseProfile], right: Sequence[CourseProfile]) -> HourTable:
    """Return what `live_hours` says, summed up for all pairs at once.

    Each week is cut at every instant at which any class begins or ends a lesson; between two cuts a class is
    live or not, so the shared time of all pairs is one product of two incidence matrices, exactly.
    """
    weeks, teaches, _ = week_matrix([*left, *right])
    n_left, shape = len(left), (len(left), len(right))
    has_zone = np.array([p.time_zone is not None for p in (*left, *right)], dtype=bool)
    teaches &= has_zone[:, None]
    spans = [_live_spans(p) if zone else [] for p, zone in zip((*left, *right), has_zone, strict=True)]
    owners = np.repeat(np.arange(len(spans)), [len(its) for its in spans])
    bounds = np.array([span for its in spans for span in its], dtype=np.int64).reshape(-1, 2)
    total, n_weeks = np.zeros(shape), np.zeros(shape)
    least = np.full(shape, np.inf)
    for column, week in enumerate(weeks):
        rows, columns = np.flatnonzero(teaches[:n_left, column]), np.flatnonzero(teaches[n_left:, column])
        if not rows.size or not columns.size:
            continue
        hours = _hours_of_week(_week_start(week), owners, bounds, rows, columns + n_left)
        block = np.ix_(rows, columns)
        total[block] += hours
        n_weeks[block] += 1
        least[block] = np.minimum(least[block], hours)
    is_known = n_weeks > 0
    mean = np.divide(total, n_weeks, out=np.full(shape, np.nan), where=is_known)
    assumed = np.array([not p.slots for p in (*left, *right)], dtype=bool)
    return HourTable(mean, np.where(is_known, least, np.nan), assumed[:n_left, None] | assumed[None, n_left:])


def _hours_of_week(start: int, owners: Ints, bounds: Ints, rows: Ints, columns: Ints) -> Floats:
    begins, ends = np.maximum(bounds[:, 0], start), np.minimum(bounds[:, 1], start + DAYS_A_WEEK * 24 * _HOUR)
    inside = begins < ends
    owners, begins, ends = owners[inside], begins[inside], ends[inside]
    cuts = np.unique(np.concatenate([begins, ends]))
    if cuts.size == 0:
        return np.zeros((rows.size, columns.size))
    # +1 where a lesson begins and -1 where it ends: the running sum is 1 while the class is live.
    steps = np.zeros((int(max(rows.max(), columns.max())) + 1, cuts.size), dtype=np.float32)
    taking_part = owners < steps.shape[0]
    np.add.at(steps, (owners[taking_part], np.searchsorted(cuts, begins[taking_part])), 1)
    np.add.at(steps, (owners[taking_part], np.searchsorted(cuts, ends[taking_part])), -1)
    live = steps.cumsum(axis=1)[:, :-1]
    # Whole seconds of a week stay below 2**24, so float32 adds them without rounding.
    seconds: npt.NDArray[np.float32] = (live[rows] * np.diff(cuts).astype(np.float32)) @ live[columns].T
    hours: Floats = seconds.astype(np.float64) / _HOUR
    return hours


def _dates_known(profile: CourseProfile) -> bool:
    return profile.starts_on is not None and profile.ends_on is not None


def _teaching_days(profile: CourseProfile) -> tuple[date, Bools] | None:
    """Return the Monday of the first week and, for each day of whole weeks from it, whether it is taught."""
    if profile.starts_on is None or profile.ends_on is None:
        return None
    first_monday = profile.starts_on - timedelta(days=profile.starts_on.weekday())
    n_weeks = (profile.ends_on - first_monday).days // DAYS_A_WEEK + 1
    taught = np.zeros(n_weeks * DAYS_A_WEEK, dtype=bool)
    taught[profile.starts_on.weekday() : (profile.ends_on - first_monday).days + 1] = True
    for first, last in profile.breaks:
        taught[max((first - first_monday).days, 0) : max((last - first_monday).days + 1, 0)] = False
    return first_monday, taught


def _live_spans(profile: CourseProfile) -> list[tuple[int, int]]:
    """Return the lessons of the whole course in seconds since 1970, in order, overlapping ones joined."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(_lessons(profile)):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _lessons(profile: CourseProfile) -> Iterator[tuple[int, int]]:
    days = _teaching_days(profile)
    if days is None or profile.time_zone is None:
        return
    first_monday, taught = days
    for slot in profile.slots or ASSUMED_SLOTS:
        for number in np.flatnonzero(taught[slot.weekday :: DAYS_A_WEEK]).tolist():
            on = first_monday + timedelta(days=slot.weekday) + number * _WEEK
            start, end = _instant(profile.time_zone, on, slot.start), _instant(profile.time_zone, on, slot.end)
            # A lesson inside the hour that clocks skip in spring does not take place.
            if start < end:
                yield start, end


@lru_cache(maxsize=1 << 16)
def _instant(zone: str, on: date, at: time) -> int:
    return int(datetime.combine(on, at, ZoneInfo(zone)).timestamp())


def _week_start(week: date) -> int:
    return int(datetime.combine(week, time(0), UTC).timestamp())


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
