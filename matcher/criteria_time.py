"""The two criteria of time: weeks both classes teach, and hours both can be live in those weeks."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from matcher.calendars import hour_matrix, shared_week_counts
from matcher.criterion import Compared, Floats
from matcher.profile import CourseProfile, Mode
from matcher.text import EncodedProfiles

# An exchange of eight weeks is comfortable where no side says how long it should be; below four there is
# hardly one (the usual hard minimum).
COMFORTABLE_WEEKS, LEAST_WEEKS = 8, 4
# Two live hours a week are as good as more: classes seldom meet more often.
ENOUGH_HOURS = 2.0
# The working day is assumed where no lesson times are given: a guess.
CONFIDENCE_OF_ASSUMED_HOURS = 0.5


def compare_calendars(left: EncodedProfiles, right: EncodedProfiles) -> Compared:
    """Compare terms: shared teaching weeks beyond three, as a share of what the longer-wishing side wants."""
    n_shared, known = shared_week_counts(left.profiles, right.profiles)
    wanted = np.maximum(_weeks_wanted(left)[:, None], _weeks_wanted(right)[None, :])
    below = LEAST_WEEKS - 1
    value = np.clip((n_shared - below) / (wanted - below), 0, 1)
    return Compared(np.where(known, value, np.nan), known.astype(np.float64))


def compare_live_hours(left: EncodedProfiles, right: EncodedProfiles) -> Compared:
    """Compare clocks: live hours per shared week, two being enough; moot when both work asynchronously.

    Narrow availability never pays: hours that are not offered are not counted.
    """
    hours = hour_matrix(left.profiles, right.profiles)
    value = np.minimum(hours.mean / ENOUGH_HOURS, 1)
    moot = _asynchronous(left.profiles)[:, None] & _asynchronous(right.profiles)[None, :]
    value = np.where(moot, np.nan, value)
    confidence = np.where(hours.assumed, CONFIDENCE_OF_ASSUMED_HOURS, 1.0)
    return Compared(value, np.where(np.isnan(value), 0.0, confidence))


def weeks_wanted(a: CourseProfile, b: CourseProfile) -> int:
    """Return the weeks of exchange the longer-wishing side wants, eight where neither says."""
    return max(a.weeks_wanted or 0, b.weeks_wanted or 0, LEAST_WEEKS) if a.weeks_wanted or b.weeks_wanted else 8


def _weeks_wanted(encoded: EncodedProfiles) -> Floats:
    wanted = [p.weeks_wanted if p.weeks_wanted is not None else COMFORTABLE_WEEKS for p in encoded.profiles]
    return np.maximum(np.array(wanted, dtype=np.float64), LEAST_WEEKS)


def _asynchronous(profiles: tuple[CourseProfile, ...]) -> npt.NDArray[np.bool_]:
    return np.array([p.mode is Mode.ASYNCHRONOUS for p in profiles], dtype=bool)
