"""A course as the matcher sees it."""

from datetime import date, timedelta
from typing import Any

from matcher.profile import CourseProfile as MatcherProfile
from webapp.profiles.models import CourseProfile

# Fields that carry the same name and the same values on both sides.
_SAME = (
    "title",
    "discipline",
    "description",
    "outcomes",
    "isced_f",
    "level",
    "eqf",
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
        # A theme that is a keyword already says nothing more.
        "keywords": list(dict.fromkeys([*course.keywords, *(course.themes or [])])),
        "students": usual_students(course),
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
            "field": course.wish_field,
        },
    }
    return MatcherProfile.from_dict(values)


def usual_students(course: CourseProfile) -> int | None:
    """Give the size of a class: the middle of its range, where it states one; None when unknown."""
    if course.students is None or course.students_most is None:
        return course.students
    return round((course.students + course.students_most) / 2)
