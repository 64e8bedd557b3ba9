"""Shared teaching weeks and live hours of many pairs at once; `calendars` says the same of one pair.

Live hours here are those of a usual week, averaged over the shared teaching weeks with the clocks of each:
days off inside a teaching week, and the weeks before and after a term, are not taken off. Weeks in which
every lesson falls on the same hours in UTC form a season, so that the total is a sum over few seasons of

    (shared weeks of the season) x (hours both are live in a week of it)

and both factors are products of incidence matrices: of courses with weeks, and of courses with the intervals
between all instants of the week at which any lesson begins or ends. That is exact for clocks that differ by
half and quarter hours and for a change of clocks in the middle of a course.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import chain
from zoneinfo import ZoneInfo

import numpy as np

from matcher.calendars import ASSUMED_SLOTS, DAYS_A_WEEK, HOUR, instant, teaching_weeks, week_start
from matcher.criterion import Singles
from matcher.kinds import ByKind, Holdings, numbered, who_meet
from matcher.pairs import Bools, Ints, Pairs
from matcher.profile import CourseProfile, Slot

_SECONDS_A_WEEK = DAYS_A_WEEK * 24 * HOUR
_WEEK = timedelta(weeks=1)
_SUNDAY = 6
# A lesson falls on one span of a week in UTC, and on another one where it crosses from the next or last week.
_N_SPANS = 2

_Timetable = tuple[str, tuple[Slot, ...]]


@dataclass(frozen=True)
class SharedWeeks:
    """Counts the weeks in which both sides of a pair teach.

    Parameters
    ----------
    teaches : Holdings
        Teaching weeks of each course.
    known_left, known_right : ndarray of bool, shapes (n_left,) and (n_right,)
        Whether both dates of a course are known.
    """

    teaches: Holdings
    known_left: Bools
    known_right: Bools

    @classmethod
    def of(cls, left: Sequence[CourseProfile], right: Sequence[CourseProfile]) -> SharedWeeks:
        """Read the terms of both sides."""
        weeks_left, weeks_right = [teaching_weeks(p) for p in left], [teaching_weeks(p) for p in right]
        return cls(Holdings.of(weeks_left, weeks_right), _dates_known(left), _dates_known(right))

    def count(self, pairs: Pairs) -> Singles:
        """Return the number of shared teaching weeks, 0 where dates are unknown."""
        return self.teaches.count(pairs)

    def known(self, pairs: Pairs) -> Bools:
        """Return where the dates of both sides are known."""
        both: Bools = self.known_left[pairs.rows] & self.known_right[pairs.columns]
        return both


@dataclass(frozen=True)
class Season:
    """Weeks in which every lesson falls on the same hours in UTC.

    Parameters
    ----------
    teaches_left, teaches_right : ndarray of 0 and 1, shapes (n_left, n_weeks) and (n_right, n_weeks)
    takes_part_left, takes_part_right : ndarray of bool, shapes (n_left,) and (n_right,)
        Whether a course teaches in any of the weeks.
    hours : ByKind
        Hours both sides are live in a week of the season, by their timetables.
    """

    teaches_left: Singles
    teaches_right: Singles
    takes_part_left: Bools
    takes_part_right: Bools
    hours: ByKind

    @classmethod
    def of(cls, teaches_left: Singles, teaches_right: Singles, hours: ByKind) -> Season:
        """Note who takes part."""
        return cls(teaches_left, teaches_right, teaches_left.max(axis=1) > 0, teaches_right.max(axis=1) > 0, hours)


@dataclass(frozen=True)
class LiveHours:
    """Live hours of a usual week, averaged over the shared teaching weeks of each pair.

    Parameters
    ----------
    weeks : Holdings
        Teaching weeks of each course with a time zone.
    seasons : tuple of Season
    """

    weeks: Holdings
    seasons: tuple[Season, ...]

    @classmethod
    def of(cls, left: Sequence[CourseProfile], right: Sequence[CourseProfile]) -> LiveHours:
        """Read the terms and timetables of both sides; each timetable is put into UTC once a season."""
        weeks_left, weeks_right = _weeks_with_clocks(left), _weeks_with_clocks(right)
        both = sorted(set(chain.from_iterable(weeks_left)) & set(chain.from_iterable(weeks_right)))
        timetables, codes = numbered(map(_timetable, (*left, *right)))
        lessons = _Lessons.of(timetables)
        seasons = [
            Season.of(
                _teaches(weeks_left, weeks),
                _teaches(weeks_right, weeks),
                ByKind.prepare(
                    codes[: len(left)].tolist(),
                    codes[len(left) :].tolist(),
                    lambda rows, columns, spans=spans: _SharedHours.of(lessons, spans, rows, columns),  # type: ignore[misc]
                ),
            )
            for weeks, spans in lessons.seasons(both)
        ]
        return cls(Holdings.of(weeks_left, weeks_right), tuple(seasons))

    def means(self, pairs: Pairs) -> tuple[Singles, Bools]:
        """Return the mean hours a week, 0 where none are known, and where they are known.

        They are known where both sides have dates and a time zone and share a week.
        """
        n_shared = self.weeks.count(pairs)
        total = np.zeros(pairs.shape, dtype=np.float32)
        in_a_row = total.reshape(-1)
        for season in self.seasons:
            # Terms of autumn and of spring fall into different seasons, so that a part of a table is enough.
            at, part = who_meet(season.takes_part_left, season.takes_part_right, pairs)
            n_weeks = part.dot(season.teaches_left, season.teaches_right)
            (hours,) = season.hours(part)
            n_weeks *= hours
            in_a_row[at] += n_weeks.reshape(-1)
        known = n_shared > 0
        total /= np.maximum(n_shared, 1, out=n_shared)
        return total, known


@dataclass(frozen=True)
class _SharedHours:
    """Whether a timetable has a lesson in each interval, shapes (n_kinds, n_intervals); seconds on the left."""

    left: Singles
    right: Singles

    @classmethod
    def of(cls, lessons: _Lessons, spans: Ints, left: Sequence[int], right: Sequence[int]) -> _SharedHours:
        live, seconds = lessons.incidence(spans)
        live_left, live_right = live[left], live[right]
        # An interval in which only one side is ever live adds nothing.
        met = live_left.any(axis=0) & live_right.any(axis=0)
        live_left, live_right, seconds = live_left[:, met], live_right[:, met], seconds[met]
        # Neighbouring intervals that make no difference to anybody are one.
        changes = (live_left[:, 1:] != live_left[:, :-1]).any(axis=0) | (live_right[:, 1:] != live_right[:, :-1]).any(
            axis=0
        )
        firsts = np.flatnonzero(np.concatenate([[True], changes])) if seconds.size else np.zeros(0, dtype=np.int64)
        seconds = np.add.reduceat(seconds, firsts) if seconds.size else seconds
        # Whole seconds of a week stay below 2**24, so single precision adds them without rounding.
        weighted = (live_left[:, firsts] * seconds).astype(np.float32)
        return cls(weighted, live_right[:, firsts].astype(np.float32))

    def __call__(self, pairs: Pairs) -> tuple[Singles]:
        hours = pairs.dot(self.left, self.right)
        hours *= np.float32(1 / HOUR)
        return (hours,)


@dataclass(frozen=True)
class _Lessons:
    """All lessons of all timetables, each lesson of a time zone once.

    `slots` lists the lessons of each zone, zone after zone; lesson `of_lesson[k]` belongs to timetable
    `of_timetable[k]`.
    """

    slots: dict[str, dict[Slot, int]]
    n_timetables: int
    of_timetable: Ints
    of_lesson: Ints

    @classmethod
    def of(cls, timetables: Sequence[_Timetable | None]) -> _Lessons:
        slots: dict[str, dict[Slot, int]] = {}
        for zone, its in filter(None, timetables):
            slots.setdefault(zone, {}).update(dict.fromkeys(its, 0))
        numbers = iter(range(sum(map(len, slots.values()))))
        slots = {zone: {slot: next(numbers) for slot in its} for zone, its in slots.items()}
        cells = [
            (number, slots[timetable[0]][slot])
            for number, timetable in enumerate(timetables)
            if timetable is not None
            for slot in timetable[1]
        ]
        table = np.array(cells, dtype=np.int64).reshape(-1, 2)
        return cls(slots, len(timetables), table[:, 0], table[:, 1])

    def seasons(self, weeks: Sequence[date]) -> list[tuple[list[date], Ints]]:
        """Group weeks by the spans of all lessons in seconds from Monday 00:00 UTC, (n_lessons, 2, 2)."""
        converted: dict[tuple[str, object], Ints] = {}
        grouped: dict[tuple[bytes, ...], tuple[list[date], Ints]] = {}
        for week in weeks:
            of_zones = []
            for zone, its in self.slots.items():
                clock = (zone, _clock(zone, week))
                if clock not in converted:
                    converted[clock] = _spans(zone, list(its), week)
                of_zones.append(converted[clock])
            key = tuple(spans.tobytes() for spans in of_zones)
            if key not in grouped:
                grouped[key] = ([], np.concatenate(of_zones))
            grouped[key][0].append(week)
        return list(grouped.values())

    def incidence(self, spans: Ints) -> tuple[Bools, Ints]:
        """Return which timetable is live in which interval of a week, and the length of each in seconds."""
        bounds = spans[self.of_lesson].reshape(-1, 2)
        owners = np.repeat(self.of_timetable, _N_SPANS)
        inside = bounds[:, 0] < bounds[:, 1]
        bounds, owners = bounds[inside], owners[inside]
        cuts = np.unique(bounds)
        # +1 where a lesson begins and -1 where it ends: the running sum counts the lessons that overlap.
        steps = np.zeros((self.n_timetables, len(cuts)), dtype=np.int16)
        np.add.at(steps, (owners, np.searchsorted(cuts, bounds[:, 0])), 1)
        np.add.at(steps, (owners, np.searchsorted(cuts, bounds[:, 1])), -1)
        return steps.cumsum(axis=1)[:, :-1] > 0, np.diff(cuts)


def _clock(zone: str, week: date) -> object:
    """Return what decides where lessons fall in UTC: the offset, or the week itself where it changes."""
    info = ZoneInfo(zone)
    before, after = (
        datetime.combine(week + timedelta(days=days), time(0), info).utcoffset() for days in (-1, DAYS_A_WEEK + 1)
    )
    return before if before == after else week


def _spans(zone: str, slots: Sequence[Slot], week: date) -> Ints:
    """Return where each lesson falls within one week in UTC; begin and end are 0 where it does not."""
    spans = np.zeros((len(slots), _N_SPANS, 2), dtype=np.int64)
    start_of_week = week_start(week)
    for row, slot in enumerate(slots):
        on = week + timedelta(days=slot.weekday)
        # Of the weeks before and after, at most the Sunday and the Monday reach into this one.
        others = {_SUNDAY: (on - _WEEK,), 0: (on + _WEEK,)}.get(slot.weekday, ())
        for place, day in enumerate((on, *others)):
            start, end = instant(zone, day, slot.start), instant(zone, day, slot.end)
            # A lesson inside the hour that clocks skip in spring does not take place.
            if start < end:
                spans[row, place] = np.clip([start - start_of_week, end - start_of_week], 0, _SECONDS_A_WEEK)
    spans[spans[..., 0] >= spans[..., 1]] = 0
    return spans


def _timetable(profile: CourseProfile) -> _Timetable | None:
    return None if profile.time_zone is None else (profile.time_zone, profile.slots or ASSUMED_SLOTS)


def _weeks_with_clocks(profiles: Sequence[CourseProfile]) -> list[tuple[date, ...]]:
    return [() if p.time_zone is None else teaching_weeks(p) for p in profiles]


def _teaches(weeks_of: Sequence[tuple[date, ...]], weeks: Sequence[date]) -> Singles:
    columns = {week: column for column, week in enumerate(weeks)}
    teaches = np.zeros((len(weeks_of), len(columns)), dtype=np.float32)
    for row, its in enumerate(weeks_of):
        teaches[row, [columns[week] for week in its if week in columns]] = 1
    return teaches


def _dates_known(profiles: Sequence[CourseProfile]) -> Bools:
    return np.array([p.starts_on is not None and p.ends_on is not None for p in profiles], dtype=bool)
