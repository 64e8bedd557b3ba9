"""Courses as files: the template, and a lecturer's own courses to download."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.worksheet import Worksheet

from matcher.vocabulary.tools import TOOLS
from webapp.i18n import country_name, language_name
from webapp.imports.columns import COLUMNS, LECTURER_COLUMNS, Column
from webapp.imports.names import code_of
from webapp.profiles import choices, labels
from webapp.profiles.for_matcher import usual_students
from webapp.profiles.models import CourseProfile
from webapp.profiles.vocabulary_texts import FIELDS, GOALS, SKILLS
from webapp.spreadsheets import harmless, would_be_computed

_LIKE_PROTECTED = re.compile(r"'+[=+\-@\t\r]")


def _named(kind: str, code: str, name: str) -> str:
    """Give the name of an entry of a list where an import understands it, else its code."""
    return name if code_of(kind, name) == code else code


def _language(code: str, level: str | None = None) -> str:
    name = _named("language", code, language_name(code))
    return f"{name} {level}" if level else name


def cell_of(key: str, values: Mapping[str, Any]) -> str:
    """Write what a course says in one column, as an import reads it."""
    value = values.get(key)
    if value is None or value in ("", [], {}):
        return ""
    many: dict[str, Callable[[], str]] = {
        "outcomes": lambda: "\n".join(value),
        "exchange_languages": lambda: "; ".join(_language(code, level) for code, level in value.items()),
        "native_languages": lambda: "; ".join(map(_language, value)),
        "learning_languages": lambda: "; ".join(map(_language, value)),
        "breaks": lambda: "; ".join(f"{one['from']} to {one['to']}" for one in value),
        "slots": lambda: "; ".join(f"{one['weekday'].title()} {one['start']}-{one['end']}" for one in value),
        "tools": lambda: ", ".join(_named("tool", tool, labels.tool_label(tool)) for tool in value),
        "blocked_tools": lambda: ", ".join(_named("tool", tool, labels.tool_label(tool)) for tool in value),
        "sdgs": lambda: "; ".join(map(str, value)),
        "skills": lambda: "; ".join(_named("skill", skill, labels.skill_label(skill)) for skill in value),
        "wish_regions": lambda: ", ".join(_named("region", one, labels.region_label(one)) for one in value),
        "wish_countries": lambda: ", ".join(_named("country", one, country_name(one)) for one in value),
        "isced_f": lambda: f"{value} {labels.isced_label(value)}".strip(),
        "level": lambda: labels.level_label(value),
        "students": lambda: f"{value}-{values['students_most']}" if values.get("students_most") else str(value),
        "starts_on": lambda: value.isoformat(),
        "ends_on": lambda: value.isoformat(),
    }
    if key in many:
        return many[key]()
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _header(columns: Sequence[Column] = COLUMNS) -> list[str]:
    return [str(_(column.header)) for column in columns]


def _example(columns: Sequence[Column]) -> list[str]:
    return [str(_(column.example)) if column.example else "" for column in columns]


def _rows(courses: Iterable[Mapping[str, Any]]) -> list[list[str]]:
    return [[cell_of(column.key, values) for column in COLUMNS] for values in courses]


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    # Without the mark at its beginning Excel takes the file for another encoding.
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _cell(sheet: Worksheet, text: str, bold: bool = False) -> WriteOnlyCell:
    # An import takes one apostrophe off such texts.
    cell = WriteOnlyCell(sheet, f"'{text}" if _LIKE_PROTECTED.match(text) else text)
    # A text that begins with a sign of equality stays a text, also after somebody has edited it.
    cell.data_type = "s" if text else "n"
    cell.quotePrefix = would_be_computed(text)
    cell.font = Font(bold=bold)
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    return cell


def _xlsx(rows: Iterable[Sequence[str]], explained: Sequence[Column] = ()) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Courses"))
    sheet.freeze_panes = "B2"
    for n in range(len(COLUMNS) + len(LECTURER_COLUMNS)):
        sheet.column_dimensions[_letters(n)].width = 24
    for n, row in enumerate(rows):
        sheet.append([_cell(sheet, text, bold=n == 0) for text in row])
    if explained:
        _explain(book.create_sheet(_("Explanation")), explained)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _letters(n: int) -> str:
    return ("" if n < 26 else chr(64 + n // 26)) + chr(65 + n % 26)


def _explain(sheet: Worksheet, columns: Sequence[Column]) -> None:
    for letter, width in (("A", 28), ("B", 48), ("C", 32), ("D", 60)):
        sheet.column_dimensions[letter].width = width
    names = [_("Column"), _("What may stand there"), _("Example"), _("Entries to choose from")]
    sheet.append([_cell(sheet, str(name), bold=True) for name in names])
    for column in columns:
        example = str(_(column.example)) if column.example else ""
        texts = (str(_(column.header)), str(_(column.help)), example, "\n".join(_entries(column.key)))
        sheet.append([_cell(sheet, text) for text in texts])


def _entries(key: str) -> list[str]:
    """List what one can choose from in a column, where that is no long list everybody knows."""
    lists: dict[str, Callable[[], list[str]]] = {
        "isced_f": lambda: [f"{code} {labels.isced_label(code)}" for code in sorted(FIELDS)],
        "level": lambda: [str(label) for label in labels.LEVELS.values()],
        "mode": lambda: [f"{mode.value}: {label}" for mode, label in labels.MODES.items()],
        "bandwidth": lambda: [str(label) for label in labels.BANDWIDTHS.values()],
        "tools": lambda: [tool.name for tool in TOOLS.values()],
        "sdgs": lambda: [labels.sdg_label(goal) for goal in GOALS],
        "skills": lambda: [f"{skill} {labels.skill_label(skill)}" for skill in SKILLS],
        "wish_field": lambda: [f"{wish.value}: {label}" for wish, label in labels.FIELD_WISHES.items()],
        "wish_regions": lambda: [str(label) for label in labels.REGIONS.values()],
        "wish_countries": lambda: [name for group in choices.countries() for _code, name in group.options],
    }
    return lists[key]() if key in lists else []


def template(ending: str, columns: Sequence[Column] = COLUMNS) -> bytes:
    """Write the template: the header and one example, in a workbook also what may stand in each column."""
    rows = [_header(columns), _example(columns)]
    return _xlsx(rows, explained=columns) if ending == "xlsx" else _csv(rows)


def table(ending: str, courses: Iterable[Mapping[str, Any]]) -> bytes:
    """Write courses as a table.

    Parameters
    ----------
    ending
        ``csv`` or ``xlsx``.
    courses
        Values by column, with the course's own number under `webapp.imports.columns.OWN_ID`.
    """
    rows = [_header(), *_rows(courses)]
    return _xlsx(rows) if ending == "xlsx" else _csv(rows)


_PLAIN = (
    *("title", "discipline", "description", "outcomes", "keywords", "isced_f", "level", "eqf"),
    *("exchange_languages", "native_languages", "learning_languages", "breaks", "time_zone", "slots", "weeks_wanted"),
    *("mode", "tools", "blocked_tools", "bandwidth", "sdgs", "skills", "capacity"),
)
_WISHES = {
    "regions": "wish_regions",
    "countries": "wish_countries",
    "disciplines": "wish_disciplines",
    "must_have_topic": "must_have_topic",
    "field": "wish_field",
}


def json_lines(courses: Iterable[tuple[CourseProfile, str]]) -> bytes:
    """Write courses in the matcher's own format, each under a name of its own; of a range of students its middle."""
    return "".join(json.dumps(_object(course, name), ensure_ascii=False) + "\n" for course, name in courses).encode()


def _object(course: CourseProfile, name: str) -> dict[str, Any]:
    days = {
        key: value.isoformat() for key in ("starts_on", "ends_on") if isinstance(value := getattr(course, key), date)
    }
    values = {
        "id": name,
        "institution": course.institution.name,
        "country": course.institution.country,
        **{key: getattr(course, key) for key in _PLAIN},
        **days,
        "students": usual_students(course),
        "wishes": _stated({wish: getattr(course, key) for wish, key in _WISHES.items()}),
    }
    return _stated(values)


def _stated(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None and value not in ("", [], {})}
