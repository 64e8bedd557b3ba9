"""Who takes part in a round: open courses as the matcher sees them, and pairs that were tried before."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from matcher.profile import CourseProfile as MatcherProfile
from matcher.profile import ProfileError
from webapp.matches import queries as match_queries
from webapp.profiles.for_matcher import to_matcher
from webapp.profiles.models import CourseProfile
from webapp.rounds import decision_queries, house_caps, queries
from webapp.rounds.house_caps import Caps
from webapp.rounds.models import DecisionKind

log = structlog.get_logger()


@dataclass(frozen=True)
class Candidates:
    """The courses of a round, as they stood at one instant.

    Parameters
    ----------
    courses
        Rows by id, with lecturer and institution loaded.
    profiles
        The same courses as the matcher reads them, by id in ascending order; ``id`` is the row's id as text.
    versions
        Version of each row, by id: another version means that somebody changed the course.
    tried
        Pairs of ids (as text) that were matched before, whatever became of them.
    """

    courses: Mapping[int, CourseProfile]
    profiles: tuple[MatcherProfile, ...]
    versions: Mapping[int, int]
    tried: frozenset[frozenset[str]]
    room: Mapping[int, int]
    """Exchanges each lecturer (id) still wants over all their courses; only those who stated how many at once."""
    locked: tuple[tuple[str, str], ...] = ()
    """Pairs coordinators keep together, as (Asian, European) ids in the order of the decisions; whether they can be
    kept is not looked at here."""
    forbidden: frozenset[tuple[str, str]] = frozenset()
    """Pairs coordinators keep apart."""
    caps: Caps | None = None
    """Limits of the institutions whose courses take part."""


def load(now: datetime, *, hold: bool = False, undone: Sequence[tuple[int, int, bool]] = ()) -> Candidates:
    """Load everything a round needs to know, in six queries, and one each where lecturers or institutions limit
    their exchanges.

    Left away are courses whose lecturer is not verified or pauses, courses whose term has ended, courses whose
    places are all taken by open matches or by a coordinator, and those of lecturers who have as many exchanges as
    they want. A row the matcher cannot read is left away and logged: one broken row must not cost everybody their
    round.

    Parameters
    ----------
    now
        The instant (aware).
    hold
        Whether nobody else may change these courses until the transaction ends.
    undone
        Matches (ids of both courses, whether it is open) that count as never proposed.
    """
    today = now.date()
    freed = Counter(course_id for a, b, is_open in undone if is_open for course_id in (a, b))
    taken = match_queries.open_counts() - freed
    courses: dict[int, CourseProfile] = {}
    profiles: list[MatcherProfile] = []
    rows = queries.open_courses(today, hold=hold)
    room = _room(rows, freed)
    places = decision_queries.places_by_course()
    for course in rows:
        offered = min(course.capacity, places.get(course.id, course.capacity))
        free = n_free(offered, taken[course.id], room.get(course.lecturer_id))
        if not free:
            continue
        try:
            profiles.append(to_matcher(course, free, today))
        except ProfileError as error:
            log.error("course left out of the round", course_id=course.id, problems=str(error))
            continue
        courses[course.id] = course
    pairs = decision_queries.pairs_by_kind()
    untried = {frozenset((a, b)) for a, b, _ in undone}
    return Candidates(
        courses=courses,
        profiles=tuple(profiles),
        versions={course_id: course.version for course_id, course in courses.items()},
        tried=frozenset(frozenset(map(str, pair)) for pair in match_queries.tried_pairs() - untried),
        room=room,
        locked=pairs[DecisionKind.LOCK],
        forbidden=frozenset(pairs[DecisionKind.FORBID]),
        caps=house_caps.load(courses.values(), now, hold=hold),
    )


def n_free(offered: int, taken: int, room: int | None) -> int:
    """Count the free places of a course.

    Parameters
    ----------
    offered
        Its places.
    taken
        Open matches it stands in.
    room
        Exchanges its lecturer still wants; None when they never said how many at once.
    """
    return max(0, offered - taken if room is None else min(offered - taken, room))


def _room(courses: Sequence[CourseProfile], freed: Counter[int]) -> dict[int, int]:
    most = {
        course.lecturer_id: course.lecturer.exchanges_at_once
        for course in courses
        if course.lecturer.exchanges_at_once is not None
    }
    freed_of = Counter[int]()
    for course in courses:
        freed_of[course.lecturer_id] += freed[course.id]
    return room_of(most, freed_of)


def room_of(most: Mapping[int, int], freed: Mapping[int, int] | None = None) -> dict[int, int]:
    """Count the exchanges lecturers still want, by id.

    Parameters
    ----------
    most
        How many they want at once, for those who said so.
    freed
        How many of their open matches count as never proposed.
    """
    if not most:
        return {}
    taken = match_queries.open_counts_of_lecturers(list(most))
    taken.subtract(freed or {})
    return {user_id: max(its - taken[user_id], 0) for user_id, its in most.items()}
