"""Who takes part in a round: open courses as the matcher sees them, and pairs that were tried before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import structlog

from matcher.profile import CourseProfile as MatcherProfile
from matcher.profile import ProfileError
from webapp.matches import queries as match_queries
from webapp.profiles.models import CourseProfile
from webapp.rounds import queries

log = structlog.get_logger()

# Fields that carry the same name and the same values on both sides.
_SAME = (
    "title",
    "discipline",
    "description",
    "outcomes",
    "keywords",
    "isced_f",
    "level",
    "eqf",
    "students",
    "exchange_languages",
    "native_languages",
    "learning_languages",
    "breaks",
    "time_zone",
    "slots",
    "weeks_wanted",
    "mode",
    "tools",
    "blocked_tools",
    "bandwidth",
    "sdgs",
    "skills",
)


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


def load(now: datetime, *, hold: bool = False) -> Candidates:
    """Load everything a round needs to know, in three queries.

    Left away are courses whose lecturer is not verified, courses whose term has ended, and courses whose
    places are all taken by open matches. A row the matcher cannot read is left away and logged: one broken
    row must not cost everybody their round.

    Parameters
    ----------
    now
        The instant (aware).
    hold
        Whether nobody else may change these courses until the transaction ends.
    """
    today = now.date()
    taken = match_queries.open_counts()
    courses: dict[int, CourseProfile] = {}
    profiles: list[MatcherProfile] = []
    for course in queries.open_courses(today, hold=hold):
        free = course.capacity - taken[course.id]
        if free < 1:
            continue
        try:
            profiles.append(to_matcher(course, free, today))
        except ProfileError as error:
            log.error("course left out of the round", course_id=course.id, problems=str(error))
            continue
        courses[course.id] = course
    return Candidates(
        courses=courses,
        profiles=tuple(profiles),
        versions={course_id: course.version for course_id, course in courses.items()},
        tried=frozenset(frozenset(map(str, pair)) for pair in match_queries.tried_pairs()),
    )


def to_matcher(course: CourseProfile, capacity: int, today: date) -> MatcherProfile:
    """Turn a row into the matcher's profile.

    Parameters
    ----------
    course
        The row, with its institution loaded.
    capacity
        Partnerships it can still take.
    today
        Teaching counts from the Monday after this day: weeks that are over are no weeks to share.

    Raises
    ------
    matcher.profile.ProfileError
        When a value of the row is not one the matcher knows, with every problem.
    """
    values: dict[str, Any] = {name: getattr(course, name) for name in _SAME}
    monday = today + timedelta(days=7 - today.weekday())
    starts_on, ends_on = course.starts_on, course.ends_on
    if starts_on is not None and starts_on < monday:
        # In its last week a course has no week ahead; its last day keeps the dates in order.
        starts_on = monday if ends_on is None else min(monday, ends_on)
    values |= {
        "id": str(course.id),
        "institution": course.institution.name,
        "country": course.institution.country,
        "capacity": capacity,
        "starts_on": None if starts_on is None else starts_on.isoformat(),
        "ends_on": None if ends_on is None else ends_on.isoformat(),
        "wishes": {
            "regions": course.wish_regions,
            "countries": course.wish_countries,
            "disciplines": course.wish_disciplines,
            "must_have_topic": course.must_have_topic,
        },
    }
    return MatcherProfile.from_dict(values)
