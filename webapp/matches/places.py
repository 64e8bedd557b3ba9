"""Who can take one more exchange: the places of a course, and what its lecturer has asked for."""

from datetime import date

from webapp.accounts.models import User
from webapp.matches import queries
from webapp.profiles.models import CourseProfile, CourseState


def takes_proposals(lecturer: User, today: date) -> bool:
    """Whether partners may be proposed to a lecturer at all: at work, verified, and not pausing."""
    is_paused = lecturer.paused_until is not None and lecturer.paused_until > today
    return lecturer.is_active and lecturer.is_verified and not is_paused


def has_room(lecturer: User) -> bool:
    """Whether a lecturer wants one more exchange beside those of all their courses."""
    most = lecturer.exchanges_at_once
    return most is None or queries.n_open_of_lecturer(lecturer.id) < most


def free_places(course: CourseProfile) -> int:
    """Count the partnerships a course can still take; 0 when all its places are taken."""
    return max(course.capacity - queries.n_open(course.id), 0)


def is_free(course: CourseProfile, today: date) -> bool:
    """Whether a partner may be proposed to a course now."""
    if course.state is not CourseState.OPEN or not takes_proposals(course.lecturer, today):
        return False
    return free_places(course) > 0 and has_room(course.lecturer)
