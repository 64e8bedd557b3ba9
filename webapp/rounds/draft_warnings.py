"""What a coordinator should look at before a draft is published, pair by pair; found once, when it is written."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matcher.explanation import Explanation
from webapp.matches.comparison import missing
from webapp.profiles.models import CourseProfile
from webapp.rounds.models import RoundPair

LOW_CONFIDENCE = "low_confidence"
THIN_PROFILE = "thin_profile"
SIZES_APART = "sizes_apart"
FEW_LIVE_HOURS = "few_live_hours"
SAME_TWO = "same_two"

CODES = (LOW_CONFIDENCE, THIN_PROFILE, SIZES_APART, FEW_LIVE_HOURS, SAME_TWO)

LEAST_CONFIDENCE = 0.55
"""Below it much is unknown, as the page of a match says."""
MANY_MISSING = 4
"""So many things a course does not say make its profile thin, as on the page of a match."""
SIZE_RATIO = 2.5
"""A class so many times as large as the other needs groups of another kind."""
LEAST_HOURS = 1.0
"""Live hours a week, on average, below which a pair can hardly meet."""
MOST_OF_TWO = 2
"""Open exchanges of the same two institutions that give no reason to ask."""


@dataclass(frozen=True)
class Found:
    """A pair as it is about to be written, with what the warnings look at."""

    row: RoundPair
    explanation: Explanation
    course_a: CourseProfile
    course_b: CourseProfile


def of(pairs: Sequence[Found], open_now: Mapping[frozenset[int], int]) -> dict[str, list[int]]:
    """Find the warnings of all pairs of a draft.

    Parameters
    ----------
    pairs
        The pairs, flushed.
    open_now
        How many matches are open between each two institutions, by both ids.

    Returns
    -------
    dict
        Ids of pairs by the code of the warning, one of `CODES`.
    """
    warned: defaultdict[str, list[int]] = defaultdict(list)
    together = Counter(open_now)
    gaps = {course.id: len(missing(course)) for one in pairs for course in (one.course_a, one.course_b)}
    for one in sorted(pairs, key=lambda it: (-it.row.score, it.row.id)):
        two = frozenset((one.course_a.institution_id, one.course_b.institution_id))
        together[two] += 1
        hours = [week.hours for week in one.explanation.live_hours]
        applies = {
            LOW_CONFIDENCE: one.row.confidence < LEAST_CONFIDENCE,
            THIN_PROFILE: max(gaps[one.course_a.id], gaps[one.course_b.id]) >= MANY_MISSING,
            SIZES_APART: _sizes_apart(one.course_a.students, one.course_b.students),
            FEW_LIVE_HOURS: bool(hours) and sum(hours) / len(hours) < LEAST_HOURS,
            SAME_TWO: together[two] > MOST_OF_TWO,
        }
        for code, it_applies in applies.items():
            if it_applies:
                warned[code].append(one.row.id)
    return {code: sorted(warned[code]) for code in CODES}


def _sizes_apart(a: int | None, b: int | None) -> bool:
    return a is not None and b is not None and max(a, b) >= SIZE_RATIO * min(a, b)
