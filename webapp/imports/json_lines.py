"""JSON Lines, the matcher's own format: one course a line."""

from dataclasses import fields
from typing import Any

from flask_babel import gettext as _

from matcher.profile import CourseProfile
from webapp.imports.columns import BY_KEY, LECTURER_EMAIL, LECTURER_NAME, OWN_ID
from webapp.imports.json_texts import JsonError, parsed
from webapp.imports.reading import File, Place, Row, RowProblem, check_number, shortened

_ELSEWHERE = frozenset(("institution", "country"))
"""Fields the matcher needs and a profile here takes from its lecturer."""
_WISHES = {
    "regions": "wish_regions",
    "countries": "wish_countries",
    "disciplines": "wish_disciplines",
    "must_have_topic": "must_have_topic",
    "field": "wish_field",
}


def read(text: str) -> File:
    """Read the lines; blank ones are skipped, and each line that cannot be read is a problem of its own row.

    Raises
    ------
    RefusedFileError
        When there is no line, or too many.
    """
    # Only line feeds end a line: JSON text may hold other separators, such as U+2028.
    numbered = [(n, line) for n, line in enumerate(text.split("\n"), start=1) if line.strip()]
    check_number(len(numbered))
    return File(Place.LINE, tuple(_line(n, line) for n, line in numbered))


def read_objects(objects: list[Any]) -> File:
    """Read the same objects from one JSON list."""
    check_number(len(objects))
    return File(Place.COURSE, tuple(_row(n, given) for n, given in enumerate(objects, start=1)))


def _line(n: int, line: str) -> Row:
    try:
        return _row(n, parsed(line))
    except JsonError as error:
        return Row(n, {}, (RowProblem("", str(error)),))


def _row(n: int, given: Any) -> Row:
    if not isinstance(given, dict):
        return Row(n, {}, (RowProblem("", _("A course must be a JSON object, in curly brackets.")),))
    values: dict[str, Any] = {}
    problems: list[RowProblem] = []
    for name, value in given.items():
        if name == "id":
            values[OWN_ID] = value
        elif name == "wishes" and isinstance(value, dict):
            values |= {_WISHES[wish]: its for wish, its in value.items() if wish in _WISHES}
            problems += [_unknown(f"wishes.{wish}") for wish in value if wish not in _WISHES]
        elif name in BY_KEY or name in (LECTURER_NAME, LECTURER_EMAIL):
            values[name] = value
        elif name == "students_most":
            values["students"] = f"{given.get('students')}-{value}" if value else given.get("students")
        elif name not in _ELSEWHERE:
            problems.append(_unknown(name))
    return Row(n, values, tuple(problems))


def _unknown(name: str) -> RowProblem:
    known = ", ".join(field.name for field in fields(CourseProfile))
    return RowProblem(shortened(name), _("No field has this name; the fields are %(known)s.", known=known))
