"""The balance a digest shows: how many open courses of each shore got a partner, and how many students meet."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from matcher.profile import Region
from matcher.vocabulary.asem import region_of
from webapp.matches.lifecycle import CONTACT_STATES
from webapp.matches.models import Match
from webapp.rounds.digest_queries import Free, Pair
from webapp.rounds.models import LeftOut

Covers = Callable[[int], bool]
"""Whether an institution (by id) is one of those a coordinator works for."""

SHORES = (Region.ASIA, Region.EUROPE)
SECOND_HALF = 7
"""Month in which the second half-year begins."""


@dataclass(frozen=True)
class Shore:
    """One region's part.

    Parameters
    ----------
    region
        Which one.
    n_courses
        Open courses that took part.
    n_with_partner
        Those of them that were proposed to a partner.
    n_students
        Students of this side in matches both lecturers accepted.
    """

    region: Region
    n_courses: int
    n_with_partner: int
    n_students: int

    @property
    def share(self) -> float:
        """How many of the courses have a partner, 0..1; 0 when no course took part."""
        return self.n_with_partner / self.n_courses if self.n_courses else 0.0


@dataclass(frozen=True)
class Balance:
    """Asia and Europe, in this round and since the half-year began.

    Parameters
    ----------
    since
        First day of the running half-year.
    week, half_year
        Asia first.
    """

    since: date
    week: tuple[Shore, ...]
    half_year: tuple[Shore, ...]


def half_year_of(now: datetime) -> datetime:
    """Tell when the running half-year began: on 1 January or on 1 July, at midnight UTC."""
    day = now.astimezone(UTC)
    return datetime(day.year, SECOND_HALF if day.month >= SECOND_HALF else 1, 1, tzinfo=UTC)


def of_matches(matches: Iterable[Match]) -> list[Pair]:
    """Take from matches what the balance counts."""
    return [
        Pair(
            match.state,
            (match.course_a_id, match.course_b_id),
            (match.course_a.institution_id, match.course_b.institution_id),
            (match.course_a.students or 0, match.course_b.students or 0),
        )
        for match in matches
    ]


def of_left_out(rows: Iterable[LeftOut]) -> list[Free]:
    """Take from courses without a partner what the balance counts."""
    return [Free(row.course_id, row.course.institution_id, row.course.institution.country) for row in rows]


def shores(pairs: Sequence[Pair], free: Sequence[Free], covers: Covers) -> tuple[Shore, ...]:
    """Count both regions.

    Parameters
    ----------
    pairs
        The matches of the time that is counted.
    free
        Courses rounds left out in that time.
    covers
        Whose courses count; students count on both sides of a match with one side of theirs.
    """
    counted = []
    for place, region in enumerate(SHORES):
        matched = {pair.courses[place] for pair in pairs if covers(pair.institutions[place])}
        waited = {row.course_id for row in free if covers(row.institution_id) and region_of(row.country) is region}
        n_students = sum(
            pair.students[place]
            for pair in pairs
            if pair.state in CONTACT_STATES and any(covers(each) for each in pair.institutions)
        )
        counted.append(Shore(region, len(matched | waited), len(matched), n_students))
    return tuple(counted)
