"""Brings the demonstration into the database: institutions, people, courses with what was filled in marked."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from webapp.db import db
from webapp.demo import people, queries
from webapp.demo.dates import shift_to
from webapp.institutions import queries as institution_queries
from webapp.institutions import reference
from webapp.profiles.models import CourseProfile, CourseState, LecturerProfile

FOLDER = Path(__file__).parent
_DATES = ("starts_on", "ends_on")
# What a line says about the institution stands in the institution's own row.
_NOT_OF_THE_COURSE = {"id", "institution", "country"}


@dataclass(frozen=True)
class Loaded:
    """What loading added.

    Parameters
    ----------
    n_people, n_courses
        Rows that were not there before.
    """

    n_people: int
    n_courses: int


def read(name: str) -> Any:
    """Read one JSON file of the demonstration by its name without ending."""
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def originals() -> list[dict[str, Any]]:
    """Read the courses as mappings, with the dates of the file."""
    lines = (FOLDER / "profiles.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def courses(today: date) -> list[dict[str, Any]]:
    """Read the courses as mappings, moved so that most of them lie ahead of a day."""
    return shift_to(originals(), today)


def load(now: datetime, password: str) -> Loaded:
    """Add what is missing of the demonstration, inside the caller's transaction; the rest stays as it is.

    Parameters
    ----------
    now
        The instant (aware); terms are moved so that they lie ahead of it.
    password
        The password of everybody in the demonstration.
    """
    code_of = read("institution_ids")
    filled_in = read("filled_in")
    reference.load()
    by_code = {row.code: row for row in institution_queries.everything() if row.code}
    cast = people.load((by_code[code] for code in sorted(set(code_of.values()))), password, now)
    _describe_lecturers(cast, now)
    present = queries.titles_of([lecturer.id for lecturer in cast.lecturers.values()])
    n_courses = 0
    for mapping in courses(now.date()):
        lecturer = cast.lecturers[code_of[mapping["id"]]]
        if (lecturer.id, mapping["title"]) not in present:
            values = {name: value for name, value in mapping.items() if name not in _NOT_OF_THE_COURSE}
            values |= {name: date.fromisoformat(values[name]) for name in _DATES if name in values}
            db.session.add(
                CourseProfile(
                    lecturer=lecturer,
                    institution=lecturer.institution,
                    state=CourseState.OPEN,
                    filled_in=filled_in[mapping["id"]],
                    created_at=now,
                    updated_at=now,
                    published_at=now,
                    **values,
                )
            )
            n_courses += 1
    db.session.flush()
    return Loaded(cast.n_added, n_courses)


def _describe_lecturers(cast: people.Cast, now: datetime) -> None:
    present = queries.described([lecturer.id for lecturer in cast.lecturers.values()])
    for lecturer in cast.lecturers.values():
        if lecturer.id not in present:
            db.session.add(
                LecturerProfile(
                    user=lecturer,
                    biography="Nobody in particular: this person was invented for the demonstration.",
                    updated_at=now,
                )
            )
