"""The two criteria of time: weeks both classes teach, and hours both can be live in those weeks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matcher.calendar_tables import LiveHours, SharedWeeks
from matcher.criterion import Compared, Singles
from matcher.encoded import EncodedProfiles
from matcher.kinds import KindTable
from matcher.pairs import Pairs
from matcher.profile import CourseProfile, Mode

# An exchange of eight weeks is comfortable where no side says how long it should be; below four there is
# hardly one (the usual hard minimum).
COMFORTABLE_WEEKS, LEAST_WEEKS = 8, 4
# Two live hours a week are as good as more: classes seldom meet more often.
ENOUGH_HOURS = 2.0
# The working day is assumed where no lesson times are given: a guess.
CONFIDENCE_OF_ASSUMED_HOURS = 0.5

# Whether a class names no lesson times, and whether it works at its own time.
_Way = tuple[bool, bool]


@dataclass(frozen=True)
class Calendars:
    """Compares terms.

    Parameters
    ----------
    weeks : SharedWeeks
    per_week_left, per_week_right : ndarray, shapes (n_left,) and (n_right,)
        What each week beyond three adds to the value, by what a side wants.
    """

    weeks: SharedWeeks
    per_week_left: Singles
    per_week_right: Singles

    def __call__(self, pairs: Pairs) -> Compared:
        """Return shared teaching weeks beyond three, as a share of what the longer-wishing side wants."""
        value = self.weeks.count(pairs)
        value -= LEAST_WEEKS - 1
        value *= np.minimum(self.per_week_left[pairs.rows], self.per_week_right[pairs.columns])
        # Where dates are unknown no week is shared, which gives 0 here.
        np.clip(value, 0, 1, out=value)
        return Compared(value, self.weeks.known(pairs).astype(np.float32))


def prepare_calendars(left: EncodedProfiles, right: EncodedProfiles) -> Calendars:
    """Prepare the teaching weeks of both sides."""
    return Calendars(SharedWeeks.of(left.profiles, right.profiles), _per_week(left.profiles), _per_week(right.profiles))


@dataclass(frozen=True)
class Clocks:
    """Compares clocks: live hours per shared week.

    Parameters
    ----------
    hours : LiveHours
    confidence : KindTable
        Where hours are known: less where a side's are assumed, 0 where both work at their own time.
    """

    hours: LiveHours
    confidence: KindTable

    def __call__(self, pairs: Pairs) -> Compared:
        """Return live hours a week over two, at most 1; moot when both work asynchronously.

        Narrow availability never pays: hours that are not offered are not counted.
        """
        value, known = self.hours.means(pairs)
        confidence = self.confidence(pairs)
        confidence *= known
        value *= np.float32(1 / ENOUGH_HOURS)
        np.minimum(value, 1, out=value)
        value *= confidence > 0
        return Compared(value, confidence)


def prepare_live_hours(left: EncodedProfiles, right: EncodedProfiles) -> Clocks:
    """Prepare the terms and timetables of both sides."""
    return Clocks(LiveHours.of(left.profiles, right.profiles), KindTable.of(_ways(left), _ways(right), _confidences))


def weeks_wanted(a: CourseProfile, b: CourseProfile) -> int:
    """Return the weeks of exchange the longer-wishing side wants, eight where neither says."""
    return max(a.weeks_wanted or 0, b.weeks_wanted or 0, LEAST_WEEKS) if a.weeks_wanted or b.weeks_wanted else 8


def _per_week(profiles: Sequence[CourseProfile]) -> Singles:
    wanted = [p.weeks_wanted if p.weeks_wanted is not None else COMFORTABLE_WEEKS for p in profiles]
    per_week = 1 / (np.maximum(np.array(wanted, dtype=np.float64), LEAST_WEEKS) - (LEAST_WEEKS - 1))
    return per_week.astype(np.float32)


def _ways(encoded: EncodedProfiles) -> list[_Way]:
    return [(not p.slots, p.mode is Mode.ASYNCHRONOUS) for p in encoded.profiles]


def _confidences(left: Sequence[_Way], right: Sequence[_Way]) -> Singles:
    table = np.ones((len(left), len(right)), dtype=np.float32)
    for row, (assumed_a, own_time_a) in enumerate(left):
        for column, (assumed_b, own_time_b) in enumerate(right):
            if own_time_a and own_time_b:
                table[row, column] = 0
            elif assumed_a or assumed_b:
                table[row, column] = CONFIDENCE_OF_ASSUMED_HOURS
    return table
