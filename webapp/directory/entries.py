"""What the index keeps of a course: plain data that outlives the database session."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import structlog

from matcher.profile import CourseProfile as MatcherProfile
from matcher.profile import ProfileError
from webapp.profiles.for_matcher import to_matcher
from webapp.profiles.models import CourseProfile

log = structlog.get_logger()


@dataclass(frozen=True)
class Entry:
    """One open course.

    Parameters
    ----------
    course_id, version
        Row and version it was read from.
    lecturer_id
        Whose it is.
    published
        Instant of publication in seconds since 1970; 0 when unknown.
    ends_on
        Last day of teaching; None when not stated.
    city
        Of its institution; empty when unknown.
    profile
        As the matcher reads it, with all its places free: matches come and go without a new version.
    """

    course_id: int
    version: int
    lecturer_id: int
    published: float
    ends_on: date | None
    city: str
    profile: MatcherProfile


def read(rows: Iterable[CourseProfile], today: date) -> list[Entry]:
    """Read rows of courses, with their institutions loaded; one the matcher cannot read is logged and left away.

    Parameters
    ----------
    today
        Weeks before the Monday after this day are no weeks to share.
    """
    found = []
    for row in rows:
        try:
            profile = to_matcher(row, row.capacity, today)
        except ProfileError as error:
            log.error("course left out of the directory", course_id=row.id, problems=str(error))
            continue
        found.append(
            Entry(
                course_id=row.id,
                version=row.version,
                lecturer_id=row.lecturer_id,
                published=row.published_at.timestamp() if row.published_at else 0.0,
                ends_on=row.ends_on,
                city=row.institution.city,
                profile=profile,
            )
        )
    return found
