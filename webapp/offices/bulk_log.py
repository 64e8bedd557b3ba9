"""What the audit log tells of an import of courses of many lecturers, and of undoing one."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from webapp.accounts.models import User
from webapp.audit.log import note
from webapp.imports.models import ImportFile
from webapp.imports.rules import as_json
from webapp.offices.bulk import Outcome
from webapp.profiles import rules as profile_rules
from webapp.profiles.models import CourseProfile

PLAIN = ("title", "discipline", "term_name", "starts_on", "ends_on", "students", "students_most", "capacity")
"""What of a course the log tells word for word; of the rest it names what changed."""


def titles(courses: Iterable[CourseProfile]) -> dict[str, list[str]]:
    """Name courses, by the address of their lecturer."""
    found: dict[str, list[str]] = {}
    for course in courses:
        found.setdefault(course.lecturer.email, []).append(course.title)
    return found


def difference(was: Mapping[str, Any], became: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Tell what changed in a course: before, and after."""
    names = [name for name in profile_rules.COLUMNS if was[name] != became[name]]
    plain = [name for name in PLAIN if name in names and name != "title"]
    further = [name for name in names if name not in PLAIN]
    before = {"title": was["title"]} | as_json({name: was[name] for name in plain})
    after = {"title": became["title"]} | as_json({name: became[name] for name in plain})
    return before, after | ({"also_changed": further} if further else {})


def log_import(file: ImportFile, outcome: Outcome, office: User, now: datetime) -> None:
    """Note what was imported for whom, and what it changed."""
    pairs = [difference(was, profile_rules.values_of(course)) for course, was in outcome.changed.values()]
    _note(
        "offices.import",
        file,
        office,
        now,
        {"changed": [before for before, _after in pairs]},
        {
            "made": {user.email: [course.title for course in its] for user, its in outcome.of_lecturers.items()},
            "changed": [after for _before, after in pairs],
            "on_the_offices_word": sorted(
                row["lecturer"]["email"]
                for row in file.rows
                if row["chosen"] and row["lecturer"]["word"] and not row["lecturer"]["vouched"]
            ),
        },
    )


def _note(
    action: str, file: ImportFile, office: User, now: datetime, before: dict[str, Any], after: dict[str, Any]
) -> None:
    note(
        action,
        actor_id=office.id,
        now=now,
        kind="import_files",
        object_id=file.id,
        name=file.name,
        institution_id=office.institution_id,
        before={name: value for name, value in before.items() if value},
        after={name: value for name, value in after.items() if value},
    )


def log_undo(
    file: ImportFile,
    office: User,
    now: datetime,
    *,
    removed: dict[str, list[str]],
    kept: dict[str, list[str]],
    restored: Iterable[tuple[dict[str, Any], dict[str, Any]]],
    accounts: Iterable[str],
    n_mails: int,
) -> None:
    """Note what undoing an import took away, and what stayed."""
    pairs = list(restored)
    before = {"made": removed, "changed": [before for before, _after in pairs], "new_accounts": sorted(accounts)}
    after = {"changed": [after for _before, after in pairs], "kept": kept, "mails_called_back": n_mails}
    _note("offices.undo_import", file, office, now, before, after)
