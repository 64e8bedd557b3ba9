"""Courses of many lecturers out of one file: checked row by row, made as drafts that are nobody's but the lecturers'.

An office vouches for people: by an address in one of the institution's domains, or by its word. Somebody unknown gets
an account that nobody can use before they follow the link in their mail. Nothing is public before a lecturer publishes.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _

from webapp.access import Role
from webapp.accounts.models import User
from webapp.errors import WrongStateError
from webapp.imports import reading
from webapp.imports import rules as imports
from webapp.imports.checking import Checker
from webapp.imports.columns import LECTURER_EMAIL, LECTURER_NAME
from webapp.imports.keys import key_of
from webapp.imports.models import ImportFile
from webapp.imports.reading import Row, RowProblem, place_name
from webapp.imports.rules import Courses, Fate
from webapp.imports.values import text_of
from webapp.institutions import domains
from webapp.institutions.models import Institution
from webapp.profiles import rules as profile_rules
from webapp.profiles.models import CourseProfile

People = Mapping[str, User]
"""Accounts by mail address; addresses without one are missing."""
LONGEST = 200
_BETWEEN = "\n"


@dataclass(frozen=True)
class Teacher:
    """Who teaches a course of a file.

    Parameters
    ----------
    email
        Lower case; empty when the row names nobody.
    is_vouched
        Whether the address is in a domain of the institution, or the account there is its lecturer's already.
    """

    name: str
    email: str
    is_vouched: bool


@dataclass(frozen=True)
class Outcome:
    """What an import has done.

    Parameters
    ----------
    made, of_lecturers
        Courses made, by row and by lecturer.
    changed, n_same
        By row, courses changed and what they said before; how many were left as they were.
    new_people
        Addresses nobody here had an account with before.
    """

    made: Mapping[int, CourseProfile]
    of_lecturers: Mapping[User, list[CourseProfile]]
    changed: Mapping[int, tuple[CourseProfile, dict[str, Any]]]
    n_same: int
    new_people: frozenset[str]

    @property
    def n_changed(self) -> int:
        """How many courses were changed."""
        return len(self.changed)


def read_in(
    file: reading.File,
    name: str,
    office: User,
    now: datetime,
    find_people: Callable[[Iterable[str]], People],
    find_courses: Callable[[People, Iterable[tuple[str, str]]], Courses],
    find_refusals: Callable[[Collection[str]], Collection[str]],
) -> ImportFile:
    """Check every row, its course and its lecturer, and keep the file with what was found.

    Parameters
    ----------
    office
        Who sends the file; courses go to lecturers of the same institution.
    find_people, find_courses, find_refusals
        Find accounts by address, courses by address and key, and addresses we were asked not to write to.

    Raises
    ------
    WrongStateError
        When the person belongs to no institution.
    """
    house = office.institution
    if house is None:
        raise WrongStateError(_("Courses belong to an institution, and your account names none."))
    stated = [_stated(row) for row in file.rows]
    addresses = {email for _name, email in stated if email}
    people, refusals = find_people(addresses), find_refusals(addresses)
    rows, keys = [], []
    for row, (who, email) in zip(file.rows, stated, strict=True):
        problem = _refused() if email in refusals else _problem(who, email, people.get(email), house)
        rows.append(Row(row.n, row.values, (*row.problems, *problem)))
        key = key_of(row)
        keys.append(composed(email, key) if key else "")
    found = find_courses(people, [parts(key) for key in keys if key])
    checked = imports.kept_rows(
        reading.File(file.place, tuple(rows), file.unknown), keys, found, Checker(imports.empty_values(office))
    )
    for kept, (who, email) in zip(checked, stated, strict=True):
        known = people.get(email)
        name_now = known.name if known is not None and known.is_active else who
        vouched = (known is not None and known.is_active) or domains.shows(email, house)
        kept["lecturer"] = {"name": name_now, "email": email, "vouched": vouched, "word": False, "house": house.id}
        # What an office may not change is seen only now that the row says whose it is.
        kept["chosen"] = imports.fate(kept, found) in imports.TAKEN
    return ImportFile(user_id=office.id, name=name, rows=checked, uploaded_at=now)


def composed(email: str, key: str) -> str:
    """Join an address and the key of a row: rows of different lecturers are different courses."""
    return f"{email}{_BETWEEN}{key}"


def parts(key: str) -> tuple[str, str]:
    """Take address and key of a row apart."""
    email, _between, own = key.partition(_BETWEEN)
    return email, own


def _stated(row: Row) -> tuple[str, str]:
    """Name and address as a row gives them; empty where they are no texts."""
    found = []
    for column in (LECTURER_NAME, LECTURER_EMAIL):
        try:
            text = text_of(row.values.get(column))
        except ValueError:
            text = ""
        found.append(" ".join(text.encode(errors="replace").decode().replace("\0", "").split())[:LONGEST])
    return found[0], found[1].lower()


def _refused() -> list[RowProblem]:
    return [RowProblem(LECTURER_EMAIL, str(_("Whoever has this address asked us not to write to them.")))]


def _problem(name: str, email: str, known: User | None, house: Institution) -> list[RowProblem]:
    if not email:
        return [RowProblem(LECTURER_EMAIL, str(_("Write the mail address of who teaches the course.")))]
    try:
        validate_email(email, check_deliverability=False)
    except EmailNotValidError:
        text = _("This is no complete mail address; it looks like name@university.edu.")
        return [RowProblem(LECTURER_EMAIL, str(text))]
    if known is not None and known.is_active:
        if known.role is not Role.LECTURER or known.institution_id != house.id:
            text = _("The account with this address is not that of a lecturer of your institution. Ask the person.")
            return [RowProblem(LECTURER_EMAIL, str(text))]
        return []
    if not name:
        return [RowProblem(LECTURER_NAME, str(_("Write the lecturer’s name; they are new here.")))]
    if "://" in name or "www." in name.lower() or not name.isprintable():
        return [RowProblem(LECTURER_NAME, str(_("Write the name only, without addresses of web pages.")))]
    return []


def teacher_of(row: Mapping[str, Any]) -> Teacher:
    """Tell who teaches the course of a kept row."""
    its = row["lecturer"]
    return Teacher(its["name"], its["email"], bool(its["vouched"]))


def need_word(file: ImportFile) -> list[tuple[Teacher, bool]]:
    """List the people nothing but the office's word can place at the institution, and whether it was given."""
    found: dict[str, tuple[Teacher, bool]] = {}
    for row in file.rows:
        teacher = teacher_of(row)
        if teacher.email and not teacher.is_vouched and not row["problems"]:
            found.setdefault(teacher.email, (teacher, bool(row["lecturer"]["word"])))
    return [found[email] for email in sorted(found)]


def give_word(file: ImportFile, emails: Iterable[str]) -> None:
    """Keep for whom the office says that they work at the institution."""
    given = set(emails)
    file.rows = [
        {**row, "lecturer": {**row["lecturer"], "word": row["lecturer"]["email"] in given}} for row in file.rows
    ]


def hindrance(file: ImportFile, courses: Courses) -> str:
    """Say what keeps the chosen rows from being imported; empty when nothing does."""
    problem = imports.hindrance(file, courses)
    if problem:
        return problem
    unplaced = [
        place_name(row["place"], row["n"])
        for row in file.rows
        if row["chosen"] and not row["lecturer"]["vouched"] and not row["lecturer"]["word"]
    ]
    if unplaced:
        return str(
            _(
                "Nothing was saved, because addresses of chosen rows are not at your institution (%(places)s). Tick "
                "the people who work at your institution, or take these rows out of your choice.",
                places=", ".join(unplaced[:5]) + ("…" if len(unplaced) > 5 else ""),
            )
        )
    return ""


def import_chosen(
    file: ImportFile, office: User, people: People, courses: Courses, make: Callable[[str, str], User], now: datetime
) -> Outcome:
    """Make drafts of the chosen rows; all of it or nothing.

    Parameters
    ----------
    people, courses
        As they are now, found in this transaction.
    make
        Makes the account of somebody who cannot sign in yet, from name and address.

    Raises
    ------
    WrongStateError
        When a row has problems, or accounts or courses have changed since the file was read.
    """
    problem = hindrance(file, courses)
    if problem or office.institution is None:
        raise WrongStateError(problem)
    empty = imports.empty_values(office)
    checker = Checker(empty)
    present = {email: user for email, user in people.items() if user.is_active}
    made: dict[int, CourseProfile] = {}
    of_lecturers: dict[User, list[CourseProfile]] = {}
    changed: dict[int, tuple[CourseProfile, dict[str, Any]]] = {}
    new_people: set[str] = set()
    n_same = 0
    for row in (row for row in file.rows if row["chosen"]):
        its_fate, values, teacher = imports.fate(row, courses), imports.values_of(row), teacher_of(row)
        if its_fate is Fate.NEW:
            known = people.get(teacher.email)
            active = known is not None and known.is_active
            placed = active or row["lecturer"]["word"] or domains.shows(teacher.email, office.institution)
            if not placed or _problem(teacher.name, teacher.email, known, office.institution):
                raise WrongStateError(_("The account of %(name)s has changed. Send the file again.", name=teacher.name))
            if teacher.email not in present:
                if known is None:
                    new_people.add(teacher.email)
                present[teacher.email] = make(teacher.name, teacher.email)
            known = present[teacher.email]
            course = profile_rules.new_course(known, {**empty, **values}, now)
            course.source_key = parts(row["key"])[1] or None
            made[row["n"]] = course
            of_lecturers.setdefault(known, []).append(course)
        elif its_fate is Fate.CHANGED:
            course = courses[row["key"]]
            changed[row["n"]] = course, profile_rules.values_of(course)
            imports.change(course, values, checker, now)
        else:
            n_same += 1
    file.imported_at = now
    return Outcome(made, of_lecturers, changed, n_same, frozenset(new_people))


def note_done(file: ImportFile, outcome: Outcome, invited: Collection[str]) -> None:
    """Keep what an import did, so that it can be undone; once its courses have numbers and versions.

    Parameters
    ----------
    invited
        Addresses that had no invitation before.
    """
    imports.note_made(file, outcome.made)
    awaited = {user.email for user in outcome.of_lecturers if not user.is_active}
    rows = []
    for row in file.rows:
        email, changed = row["lecturer"]["email"], None
        if row["n"] in outcome.changed:
            course, was = outcome.changed[row["n"]]
            changed = {"course": course.id, "version": course.version, "was": imports.as_json(was)}
        its = {
            **row["lecturer"],
            "is_new": email in outcome.new_people,
            "is_invited": email in invited,
            "is_awaited": email in awaited,
        }
        rows.append({**row, "changed": changed, "lecturer": its})
    file.rows = rows
