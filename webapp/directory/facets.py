"""What open courses can be narrowed down by, as arrays: masks and counts without looking at rows."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from matcher.calendars import teaching_weeks
from matcher.pairs import Bools, Ints
from matcher.profile import CourseProfile
from matcher.vocabulary.isced import UNKNOWN_FIELDS
from webapp.directory.entries import Entry

SIZES: dict[str, tuple[int, int]] = {"1-15": (1, 15), "16-30": (16, 30), "31-60": (31, 60), "61-": (61, 10**9)}
"""Sizes of classes by key, least and most students."""

WEEKS_AHEAD = 156
"""Terms are looked at for three years; nobody plans an exchange beyond."""

_NEVER = date.max.toordinal()


@dataclass(frozen=True)
class Facet:
    """Which course has which of some values.

    Parameters
    ----------
    keys : tuple of str
        The values, in order.
    flags : ndarray of bool, shape (n_keys, n)
    """

    keys: tuple[str, ...]
    flags: Bools

    @classmethod
    def of(cls, rows: Sequence[Collection[str]]) -> "Facet":
        """Note the values of each course."""
        keys = tuple(sorted({key for row in rows for key in row}))
        number = {key: at for at, key in enumerate(keys)}
        flags = np.zeros((len(keys), len(rows)), dtype=bool)
        for column, row in enumerate(rows):
            for key in row:
                flags[number[key], column] = True
        return cls(keys, flags)

    def joined(self, other: "Facet") -> "Facet":
        """Put the courses of another list after these."""
        keys = tuple(sorted({*self.keys, *other.keys}))
        n = self.flags.shape[1]
        flags = np.zeros((len(keys), n + other.flags.shape[1]), dtype=bool)
        number = {key: at for at, key in enumerate(keys)}
        flags[[number[key] for key in self.keys], :n] = self.flags
        flags[[number[key] for key in other.keys], n:] = other.flags
        return Facet(keys, flags)

    def taken(self, rows: Ints) -> "Facet":
        """Give some of the courses, in the order given."""
        return Facet(self.keys, self.flags[:, rows])

    def has_any(self, chosen: Collection[str]) -> Bools:
        """Tell which courses have one of the chosen values."""
        rows = [at for at, key in enumerate(self.keys) if key in chosen]
        mask: Bools = np.logical_or.reduce(self.flags[rows], axis=0)
        return mask

    def counts(self, within: Bools) -> dict[str, int]:
        """Count the courses of each value within a mask."""
        return dict(zip(self.keys, (self.flags & within).sum(axis=1).tolist(), strict=True))


def _field(profile: CourseProfile) -> Iterable[str]:
    code = profile.isced_f
    return () if code is None or code in UNKNOWN_FIELDS else (code[:2],)


def size_of(students: int | None) -> Iterable[str]:
    """Give the key of a class's size; nothing when it is unknown."""
    return () if students is None else [key for key, (least, most) in SIZES.items() if least <= students <= most]


FACETS: dict[str, Callable[[CourseProfile], Iterable[str]]] = {
    "region": lambda its: () if its.region is None else (its.region.value,),
    "country": lambda its: (its.country,),
    "field": _field,
    "level": lambda its: () if its.level is None else (its.level.value,),
    "language": lambda its: its.exchange_languages,
    "size": lambda its: size_of(its.students),
    "mode": lambda its: () if its.mode is None else (its.mode.value,),
    "sdg": lambda its: map(str, its.sdgs),
}
"""What each facet reads of a course."""


@dataclass(frozen=True)
class Table:
    """Open courses as arrays, one position a course.

    Parameters
    ----------
    ids, lecturers : ndarray of int
    published : ndarray of float
        Seconds since 1970.
    ends : ndarray of int
        Last day of teaching as an ordinal; far in the future when not stated.
    places : ndarray of int
        Partnerships offered.
    dated : ndarray of bool
        Whether both dates of the term are known.
    weeks : ndarray of 0 and 1, shape (n, WEEKS_AHEAD)
        Teaching weeks, from the first Monday on.
    first_monday : date
    facets : dict of Facet
    """

    ids: Ints
    lecturers: Ints
    published: npt.NDArray[np.float64]
    ends: Ints
    places: Ints
    dated: Bools
    weeks: npt.NDArray[np.float32]
    first_monday: date
    facets: dict[str, Facet]

    @classmethod
    def of(cls, entries: Sequence[Entry], first_monday: date) -> "Table":
        """Read courses."""
        profiles = [entry.profile for entry in entries]
        weeks = np.zeros((len(entries), WEEKS_AHEAD), dtype=np.float32)
        for row, profile in enumerate(profiles):
            weeks[row] = weeks_row(profile, first_monday)
        return cls(
            ids=np.array([entry.course_id for entry in entries], dtype=np.int64),
            lecturers=np.array([entry.lecturer_id for entry in entries], dtype=np.int64),
            published=np.array([entry.published for entry in entries], dtype=np.float64),
            ends=np.array([entry.ends_on.toordinal() if entry.ends_on else _NEVER for entry in entries], np.int64),
            places=np.array([profile.capacity for profile in profiles], dtype=np.int64),
            dated=np.array([is_dated(profile) for profile in profiles], dtype=bool),
            weeks=weeks,
            first_monday=first_monday,
            facets={name: Facet.of([tuple(read(its)) for its in profiles]) for name, read in FACETS.items()},
        )

    def joined(self, other: "Table") -> "Table":
        """Put the courses of another table after these."""
        return Table(
            ids=np.concatenate([self.ids, other.ids]),
            lecturers=np.concatenate([self.lecturers, other.lecturers]),
            published=np.concatenate([self.published, other.published]),
            ends=np.concatenate([self.ends, other.ends]),
            places=np.concatenate([self.places, other.places]),
            dated=np.concatenate([self.dated, other.dated]),
            weeks=np.concatenate([self.weeks, other.weeks]),
            first_monday=self.first_monday,
            facets={name: facet.joined(other.facets[name]) for name, facet in self.facets.items()},
        )

    def taken(self, rows: Ints) -> "Table":
        """Give some of the courses, in the order given."""
        return Table(
            ids=self.ids[rows],
            lecturers=self.lecturers[rows],
            published=self.published[rows],
            ends=self.ends[rows],
            places=self.places[rows],
            dated=self.dated[rows],
            weeks=self.weeks[rows],
            first_monday=self.first_monday,
            facets={name: facet.taken(rows) for name, facet in self.facets.items()},
        )

    def __len__(self) -> int:
        return len(self.ids)


def is_dated(profile: CourseProfile) -> bool:
    """Tell whether both dates of a course's term are known."""
    return profile.starts_on is not None and profile.ends_on is not None


def weeks_row(profile: CourseProfile, first_monday: date) -> npt.NDArray[np.float32]:
    """Mark the teaching weeks of a course, shape (WEEKS_AHEAD,)."""
    row = np.zeros(WEEKS_AHEAD, dtype=np.float32)
    ahead = [(monday - first_monday).days // 7 for monday in teaching_weeks(profile)]
    row[[at for at in ahead if 0 <= at < WEEKS_AHEAD]] = 1
    return row


def monday_before(today: date) -> date:
    """Give the Monday of a day's week."""
    return today - timedelta(days=today.weekday())
