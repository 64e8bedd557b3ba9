"""The parts of the course form, and how far each has come."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp.profiles import completeness
from webapp.profiles.completeness import Needs


class Progress(StrEnum):
    """How far a part of the form has come."""

    DONE = "done"
    BEGUN = "begun"
    EMPTY = "empty"
    OPTIONAL = "optional"


# Heading's id, title, columns. What a new course states by itself (places, time zone) tells of no beginning.
_SECTIONS: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    (
        "part-course",
        _l("The course"),
        ("title", "discipline", "isced_f", "description", "outcomes", "keywords"),
    ),
    (
        "part-brings",
        _l("What the class brings"),
        (
            *("level", "eqf", "students", "students_most", "exchange_languages", "native_languages"),
            *("learning_languages", "bandwidth", "tools", "blocked_tools"),
        ),
    ),
    ("part-when", _l("When"), ("term_name", "starts_on", "ends_on", "breaks", "slots")),
    ("part-offers", _l("What it offers"), ("mode", "weeks_wanted", "themes", "sdgs", "skills")),
    ("part-seeks", _l("What it seeks"), ("wish_field", "wish_disciplines", "wish_regions", "wish_countries")),
    ("part-must-have", _l("One must-have"), ("must_have_topic",)),
)
# Columns that more than one control of the form makes up.
_CONTROLS = {"tools": ("tools", "tools_other"), "blocked_tools": ("blocked_tools", "blocked_other")}


@dataclass(frozen=True)
class Section:
    """One part of the form.

    Parameters
    ----------
    id
        The id of its heading.
    title
        Its name.
    columns
        What it asks for.
    needs
        What makes it complete; nothing for a part one may leave out.
    progress
        How far it has come.
    """

    id: str
    title: str
    columns: tuple[str, ...]
    needs: Needs
    progress: Progress


def of(values: Mapping[str, Any]) -> list[Section]:
    """List the parts of the form with how far each has come.

    Parameters
    ----------
    values
        Columns of a course by name, as `webapp.profiles.rules.values_of` gives them.
    """
    parts = completeness.of(values).parts
    found = []
    for section_id, title, columns in _SECTIONS:
        own = [part.needs for part in parts if part.field in columns]
        needs: Needs = ((("title",),) if "title" in columns else ()) + tuple(group for its in own for group in its)
        found.append(Section(section_id, str(title), columns, needs, _progress(columns, needs, values)))
    return found


def progress_label(progress: str) -> str:
    """Say how far a part has come."""
    words = {
        Progress.DONE: _("complete"),
        Progress.BEGUN: _("begun"),
        Progress.EMPTY: _("still empty"),
        Progress.OPTIONAL: _("only if you need one"),
    }
    return str(words[Progress(progress)])


def controls(columns: tuple[str, ...]) -> list[str]:
    """Name the form's controls that make up some columns."""
    return [name for column in columns for name in _CONTROLS.get(column, (column,))]


def needed_controls(needs: Needs) -> list[list[str]]:
    """Name the form's controls of which, group by group, one must be filled in."""
    return [controls(group) for group in needs]


def level_texts(levels: list[tuple[int, str]]) -> list[list[object]]:
    """Give the sentences for points, with ``{percent}`` in the place of their number, for a script to fill in."""
    return [[least, _("%(percent)s of 100: %(words)s", percent="{percent}", words=words)] for least, words in levels]


def _progress(columns: tuple[str, ...], needs: Needs, values: Mapping[str, Any]) -> Progress:
    has_begun = any(completeness.is_stated(values, column) for column in columns)
    if not needs:
        return Progress.DONE if has_begun else Progress.OPTIONAL
    if completeness.are_met(needs, values):
        return Progress.DONE
    return Progress.BEGUN if has_begun else Progress.EMPTY
