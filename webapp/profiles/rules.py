"""What may be done with courses and lecturers' profiles, by whom and when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext as _

from webapp.access import Role
from webapp.accounts import scope
from webapp.accounts.models import User
from webapp.errors import NotAllowedError, WrongStateError
from webapp.i18n import country_name, day
from webapp.profiles.models import CourseProfile, CourseState, LecturerProfile
from webapp.profiles.terms import Term

COLUMNS = (
    *("title", "discipline", "description", "outcomes", "keywords", "isced_f", "level", "eqf", "students"),
    *("students_most", "capacity", "exchange_languages", "native_languages", "learning_languages", "term_name"),
    *("starts_on", "ends_on", "breaks", "time_zone", "slots", "weeks_wanted", "mode", "tools", "blocked_tools"),
    *("bandwidth", "themes", "sdgs", "skills", "wish_field", "wish_regions", "wish_countries", "wish_disciplines"),
    "must_have_topic",
)
"""What a course says about itself."""

LISTS = frozenset(
    {
        *("outcomes", "keywords", "themes", "native_languages", "learning_languages", "breaks", "slots", "tools"),
        *("blocked_tools", "sdgs", "skills", "wish_regions", "wish_countries", "wish_disciplines"),
    }
)
TEXTS = frozenset({"title", "discipline", "description", "term_name", "must_have_topic"})

# 52 whole weeks keep the weekdays, on which terms and lessons hang.
ONE_YEAR = timedelta(weeks=52)

_FROM = {
    "publish": (CourseState.DRAFT,),
    "pause": (CourseState.OPEN,),
    "resume": (CourseState.PAUSED,),
    "withdraw": (CourseState.DRAFT, CourseState.OPEN, CourseState.PAUSED),
}

# State now -> states the last step may have come from.
_UNDO = {
    CourseState.OPEN: (CourseState.DRAFT, CourseState.PAUSED),
    CourseState.PAUSED: (CourseState.OPEN,),
    CourseState.WITHDRAWN: (CourseState.DRAFT, CourseState.OPEN, CourseState.PAUSED),
}


def values_of(course: CourseProfile) -> dict[str, Any]:
    """Give what a course says about itself, column by column."""
    return {name: getattr(course, name) for name in COLUMNS}


def no_values(time_zone: str | None = None) -> dict[str, Any]:
    """Give the values of a course that says nothing yet but its time zone (IANA)."""
    values: dict[str, Any] = {name: [] if name in LISTS else "" if name in TEXTS else None for name in COLUMNS}
    return values | {"exchange_languages": {}, "capacity": 1, "time_zone": time_zone}


def may_see(course: CourseProfile, person: User) -> bool:
    """Tell whether somebody may read a course outside a match; coordinators read those of others once they are open."""
    if course.lecturer_id == person.id:
        return True
    if not person.is_verified:
        return False
    if person.role is Role.OFFICE:
        return person.institution_id == course.institution_id
    is_open_to_all = person.role is Role.COORDINATOR and course.state is CourseState.OPEN
    return is_open_to_all or scope.covers(person, course.institution)


def new_course(lecturer: User, values: Mapping[str, Any], now: datetime) -> CourseProfile:
    """Make a draft at the lecturer's institution.

    Raises
    ------
    NotAllowedError
        When the person belongs to no institution.
    """
    if lecturer.institution is None:
        raise NotAllowedError(_("Courses belong to an institution, and your account names none."))
    return CourseProfile(
        lecturer=lecturer,
        institution=lecturer.institution,
        state=CourseState.DRAFT,
        filled_in=[],
        created_at=now,
        updated_at=now,
        **{name: values[name] for name in COLUMNS},
    )


def save(course: CourseProfile, values: Mapping[str, Any], now: datetime) -> None:
    """Write new values; what somebody has changed is no longer marked as filled in by a program.

    Raises
    ------
    WrongStateError
        When the course has been withdrawn.
    """
    if course.state is CourseState.WITHDRAWN:
        raise WrongStateError(_("This course is withdrawn. Copy it to work on it again; the copy starts as a draft."))
    changed = {name for name in COLUMNS if getattr(course, name) != values[name]}
    for name in changed:
        setattr(course, name, values[name])
    wishes_changed = any(name.startswith("wish_") or name == "must_have_topic" for name in changed)
    course.filled_in = [
        name for name in course.filled_in if name not in changed and not (name == "wishes" and wishes_changed)
    ]
    course.updated_at = now


def hindrances(course: CourseProfile, person: User, today: date) -> list[str]:
    """List in sentences what keeps a course from being open for partners; empty when nothing does."""
    found = []
    if not person.is_verified:
        found.append(_("Your account still has to be verified for your institution; we will write to you when it is."))
    if course.institution.id != person.institution_id:
        # Refused by one institution and verified by another, a person must not speak for the first.
        name = course.institution.name
        found.append(
            _(
                "This course belongs to %(institution)s, and your account does not; copy it to offer it.",
                institution=name,
            )
        )
    if not course.title:
        found.append(_("The course needs a title."))
    if not course.institution.region:
        where = country_name(course.institution.country)
        found.append(
            _("%(country)s is outside the ASEM regions, so no partner can be proposed.", country=where),
        )
    if course.ends_on is not None and course.ends_on < today:
        found.append(_("The term ended on %(day)s; change its dates first.", day=day(course.ends_on)))
    return [str(text) for text in found]


def publish(course: CourseProfile, actor: User, now: datetime) -> None:
    """Open a draft for partners.

    Raises
    ------
    WrongStateError
        When the course is no draft.
    NotAllowedError
        When something keeps it from being open; the message says what.
    """
    _check_state(course, "publish")
    _open(course, actor, now)


def pause(course: CourseProfile) -> None:
    """Take a course out of the next rounds for now.

    Raises
    ------
    WrongStateError
        When the course is not open.
    """
    _check_state(course, "pause")
    course.state = CourseState.PAUSED


def resume(course: CourseProfile, actor: User, now: datetime) -> None:
    """Open a paused course again.

    Raises
    ------
    WrongStateError
        When the course is not paused.
    NotAllowedError
        As `publish`.
    """
    _check_state(course, "resume")
    _open(course, actor, now)


def withdraw(course: CourseProfile) -> None:
    """Take a course out for good; it stays readable and can be copied.

    Raises
    ------
    WrongStateError
        When it is withdrawn already.
    """
    _check_state(course, "withdraw")
    course.state = CourseState.WITHDRAWN


def undo(course: CourseProfile, actor: User, to: str, version: int, now: datetime) -> None:
    """Take the last step back.

    Parameters
    ----------
    to
        The state before that step.
    version
        The course's version after it.

    Raises
    ------
    WrongStateError
        When the course has changed since, or no such step leads to its present state.
    NotAllowedError
        As `publish`, when the step back opens the course.
    """
    before = next((state for state in _UNDO.get(course.state, ()) if state == to), None)
    if before is None or course.version != version:
        raise WrongStateError(_("This course has changed since; look at how it stands now before you go on."))
    if before is CourseState.OPEN:
        _open(course, actor, now)
    else:
        course.state = before


def original_of_fresh_copy(course: CourseProfile, version: int) -> int:
    """Give the id of the course a copy was made from, if nothing has been done with the copy since.

    Raises
    ------
    WrongStateError
        When the course is no copy, or has changed since it was made.
    """
    if course.copied_from_id is None or course.state is not CourseState.DRAFT or not course.version == version == 1:
        raise WrongStateError(_("This course has changed since; look at how it stands now before you go on."))
    return course.copied_from_id


@dataclass(frozen=True)
class Copied:
    """A copy of a course, and by how many weeks its dates were moved: 0 when it had none, or took those of a term."""

    course: CourseProfile
    weeks: int


def copy(course: CourseProfile, now: datetime, term: Term | None = None) -> Copied:
    """Make a draft for another term: everything as it was, with the dates of that term.

    Where no term is given, dates move by whole years of 52 weeks into the future, and the name of the term is left
    open, because it would be the old one.
    """
    values = values_of(course)
    if term is not None:
        days = {"term_name": term.name, "starts_on": term.starts_on, "ends_on": term.ends_on}
        return _copied(course, values | days | {"breaks": term.break_rows}, now, weeks=0)
    shift = timedelta(0)
    begin = course.starts_on or course.ends_on
    if begin or course.breaks:
        shift = ONE_YEAR
        while begin and begin + shift <= now.date():
            shift += ONE_YEAR
    for name in ("starts_on", "ends_on"):
        values[name] = values[name] + shift if values[name] else None
    values["breaks"] = [{name: _moved(text, shift) for name, text in one.items()} for one in course.breaks]
    return _copied(course, values | {"term_name": ""}, now, weeks=shift.days // 7)


def _copied(course: CourseProfile, values: dict[str, Any], now: datetime, *, weeks: int) -> Copied:
    made = new_course(course.lecturer, values, now)
    made.filled_in = list(course.filled_in)
    made.copied_from_id = course.id
    return Copied(made, weeks)


def save_lecturer(profile: LecturerProfile | None, person: User, values: Mapping[str, Any], now: datetime) -> Any:
    """Write what a lecturer says about themselves; the row is made when there is none yet."""
    profile = profile or LecturerProfile(user=person)
    for name, value in values.items():
        setattr(profile, name, value)
    profile.updated_at = now
    return profile


def _moved(text: str, shift: timedelta) -> str:
    return (date.fromisoformat(text) + shift).isoformat()


def _check_state(course: CourseProfile, step: str) -> None:
    if course.state not in _FROM[step]:
        raise WrongStateError(_("This course has changed since; look at how it stands now before you go on."))


def _open(course: CourseProfile, actor: User, now: datetime) -> None:
    problems = hindrances(course, actor, now.date())
    if problems:
        raise NotAllowedError(" ".join(problems))
    course.state = CourseState.OPEN
    course.published_at = now
