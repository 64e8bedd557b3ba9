"""What an import does: reads rows with their problems, and saves all chosen ones or none."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _

from webapp.accounts.models import User
from webapp.errors import WrongStateError
from webapp.imports import reading
from webapp.imports.checking import Checker
from webapp.imports.keys import key_of
from webapp.imports.models import ImportFile
from webapp.imports.reading import Row, RowProblem
from webapp.profiles import rules as profile_rules
from webapp.profiles.models import CourseProfile, CourseState

_DAYS = ("starts_on", "ends_on")


class Fate(StrEnum):
    """What an import makes of a row."""

    WRONG = "wrong"
    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    WITHDRAWN = "withdrawn"
    THEIRS = "theirs"


TAKEN = frozenset((Fate.NEW, Fate.CHANGED))
"""Rows an import does something with."""
Courses = Mapping[str, CourseProfile]
"""Courses by the key of the row that speaks of them."""


@dataclass(frozen=True)
class Outcome:
    """What an import has done: courses made, numbers of courses changed and left as they were."""

    made: Mapping[int, CourseProfile]
    n_changed: int
    n_same: int


def empty_values(person: User) -> dict[str, Any]:
    """Give the values of a new course of a lecturer before anything is said."""
    zone = person.institution.time_zone if person.institution else "UTC"
    return profile_rules.no_values(None if zone == "UTC" else zone)


def read_in(
    file: reading.File, name: str, person: User, now: datetime, find: Callable[[Iterable[str]], Courses]
) -> ImportFile:
    """Check every row, and keep the file with what was found.

    Parameters
    ----------
    find
        Finds the courses that keys speak of.
    """
    checker = Checker(empty_values(person))
    keys = [key_of(row) for row in file.rows]
    courses = find({key for key in keys if key})
    rows = kept_rows(file, keys, courses, checker)
    return ImportFile(user_id=person.id, name=name, rows=rows, uploaded_at=now)


def kept_rows(file: reading.File, keys: Sequence[str], courses: Courses, checker: Checker) -> list[dict[str, Any]]:
    """Check every row, and give what is kept of it; those are chosen that an import does something with.

    Parameters
    ----------
    keys
        By which each row finds its course again, in the order of the rows; empty where it says too little.
    courses
        Courses by these keys.
    """
    first: dict[str, int] = {}
    rows = []
    for row, key in zip(file.rows, keys, strict=True):
        if key and key in first:
            row = Row(row.n, row.values, (*row.problems, _twice(file, first[key])))
        first.setdefault(key, row.n)
        course = courses.get(key)
        checked = checker.check(row, profile_rules.values_of(course) if course else None)
        rows.append(
            {
                "place": file.place.value,
                "n": row.n,
                "title": _title(row, course),
                "key": key,
                "values": as_json(checked.values),
                "problems": [[problem.column, problem.message] for problem in checked.problems],
                "chosen": False,
                "made": None,
            }
        )
    for kept in rows:
        kept["chosen"] = fate(kept, courses) in TAKEN
    return rows


def _twice(file: reading.File, n: int) -> RowProblem:
    message = _(
        "This is the same course as in %(place)s. Keep one of the two, or give each a course number of its own.",
        place=reading.place_name(file.place, n),
    )
    return RowProblem("", str(message))


def _title(row: Row, course: CourseProfile | None) -> str:
    given = row.values.get("title")
    if isinstance(given, str) and given.strip():
        return given.encode(errors="replace").decode().replace("\0", "").strip()[:200]
    return course.title if course else ""


def as_json(values: Mapping[str, Any]) -> dict[str, Any]:
    """Give values of a course as a file keeps them."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def of_json(values: Mapping[str, Any]) -> dict[str, Any]:
    """Give values of a course out of those a file keeps."""
    return {name: date.fromisoformat(value) if name in _DAYS and value else value for name, value in values.items()}


def values_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """Give what a kept row says about its course, by column."""
    return of_json(row["values"])


def fate(row: Mapping[str, Any], courses: Courses) -> Fate:
    """Tell what an import would make of a kept row now."""
    if row["problems"]:
        return Fate.WRONG
    course = courses.get(row["key"])
    if course is None:
        return Fate.NEW
    saved = profile_rules.values_of(course)
    if all(_is_same(saved[name], value) for name, value in values_of(row).items()):
        return Fate.SAME
    if course.state is CourseState.WITHDRAWN:
        return Fate.WITHDRAWN
    return Fate.CHANGED if "lecturer" not in row or office_may_change(course) else Fate.THEIRS


def office_may_change(course: CourseProfile) -> bool:
    """Whether an import of an office may change a course: a draft its lecturer has not seen or not touched yet."""
    return course.state is CourseState.DRAFT and (course.version == 1 or not course.lecturer.is_active)


def _is_same(saved: Any, stated: Any) -> bool:
    """Compare, languages in their order too."""
    if isinstance(saved, dict) and isinstance(stated, dict):
        return list(saved.items()) == list(stated.items())
    return bool(saved == stated)


def choose(file: ImportFile, shown: Iterable[int], chosen: Iterable[int]) -> None:
    """Keep which of the rows shown somebody has chosen."""
    shown, chosen = set(shown), set(chosen)
    file.rows = [{**row, "chosen": row["n"] in chosen} if row["n"] in shown else row for row in file.rows]


def choose_sound(file: ImportFile, courses: Courses, wanted: bool) -> None:
    """Choose all rows that can be imported, or none."""
    file.rows = [{**row, "chosen": wanted and fate(row, courses) in TAKEN} for row in file.rows]


def hindrance(file: ImportFile, courses: Courses) -> str:
    """Say what keeps the chosen rows from being imported; empty when nothing does."""
    chosen = [row for row in file.rows if row["chosen"]]
    if not chosen and not any(row["problems"] or fate(row, courses) in TAKEN for row in file.rows):
        return str(_("All courses of this file are the same as before, so there is nothing to save."))
    if not chosen:
        return str(_("No row is chosen. Choose the courses to import."))
    wrong = [reading.place_name(row["place"], row["n"]) for row in chosen if row["problems"]]
    if wrong:
        return str(
            _(
                "Nothing was saved, because chosen rows have problems (%(places)s). Mend them in the file and send it "
                "again, or take these rows out of your choice.",
                places=", ".join(wrong[:5]) + ("…" if len(wrong) > 5 else ""),
            )
        )
    return ""


def import_chosen(file: ImportFile, person: User, courses: Courses, now: datetime) -> Outcome:
    """Make drafts of the chosen rows and change the courses they speak of; all of it or nothing.

    Raises
    ------
    WrongStateError
        When a row has problems, or a course has changed since the file was read so that both no longer go together.
    """
    problem = hindrance(file, courses)
    if problem:
        raise WrongStateError(problem)
    empty = empty_values(person)
    checker = Checker(empty)
    made: dict[int, CourseProfile] = {}
    n_changed = n_same = 0
    for row in (row for row in file.rows if row["chosen"]):
        its_fate, values = fate(row, courses), values_of(row)
        if its_fate is Fate.NEW:
            course = profile_rules.new_course(person, {**empty, **values}, now)
            course.source_key = row["key"]
            made[row["n"]] = course
        elif its_fate is Fate.CHANGED:
            change(courses[row["key"]], values, checker, now)
            n_changed += 1
        else:
            n_same += 1
    file.imported_at = now
    return Outcome(made, n_changed, n_same)


def change(course: CourseProfile, values: Mapping[str, Any], checker: Checker, now: datetime) -> None:
    """Write what a row says into the course it speaks of.

    Raises
    ------
    WrongStateError
        When both no longer go together.
    """
    saved = profile_rules.values_of(course)
    if not checker.is_sound(values, saved):
        raise WrongStateError(
            _(
                "“%(title)s” has changed since the file was read, and both no longer go together. Nothing was "
                "saved; send the file again.",
                title=course.title,
            )
        )
    profile_rules.save(course, {**saved, **values}, now)


def note_made(file: ImportFile, made: Mapping[int, CourseProfile]) -> None:
    """Keep which courses came from which rows, once they have numbers."""
    file.rows = [{**row, "made": made[row["n"]].id} if row["n"] in made else row for row in file.rows]


def made_by(file: ImportFile) -> list[int]:
    """List the courses an import has made, by number."""
    return [row["made"] for row in file.rows if row["made"]]


def untouched(courses: Sequence[CourseProfile]) -> list[CourseProfile]:
    """Choose the drafts nobody has changed since they were made."""
    return [course for course in courses if course.state is CourseState.DRAFT and course.version == 1]


def take_back(file: ImportFile) -> None:
    """Let a file be imported again after its drafts were removed."""
    file.rows = [{**row, "made": None} for row in file.rows]
    file.imported_at = None
