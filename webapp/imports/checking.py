"""The checks of the course form, for rows: nothing can be imported that the form would refuse."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import Form
from wtforms.fields.core import UnboundField

from webapp.imports.columns import BY_KEY, OWN_ID, Column
from webapp.imports.reading import Row, RowProblem
from webapp.imports.values import Sent, text_of
from webapp.profiles import rows
from webapp.profiles.forms import CourseForm, course_data
from webapp.profiles.rules import COLUMNS


@dataclass(frozen=True)
class Checked:
    """A row after all checks.

    Parameters
    ----------
    values
        What it says about the course, by column; columns with problems and columns the file lacks are missing.
    """

    values: Mapping[str, Any]
    problems: tuple[RowProblem, ...]


class Checker:
    """Checks many rows; the lists of the form are made once, in the reader's language.

    Parameters
    ----------
    empty
        Values of a course that says nothing yet.
    """

    def __init__(self, empty: Mapping[str, Any]) -> None:
        self._form: type[CourseForm] = _with_lists_made_once(CourseForm)
        self._empty = empty
        self._empty_sent = self._sent(empty)

    def _sent(self, values: Mapping[str, Any]) -> list[tuple[str, str]]:
        """What a browser would send for a course as it stands."""
        form = self._form(formdata=None, data=course_data(values), meta={"csrf": False})
        return [
            (leaf.name, str(text))
            for field in form
            for _n, leaf in rows.leaves(field)
            for text in (
                leaf.data or [] if isinstance(leaf.data, list) and not hasattr(leaf, "_value") else [_text(leaf)]
            )
        ]

    def check(self, row: Row, saved: Mapping[str, Any] | None = None) -> Checked:
        """Check a row.

        Parameters
        ----------
        saved
            Values of the course the row would change; None for a new one. What the file is silent about stays.
        """
        if row.problems and not row.values:
            return Checked({}, row.problems)
        sent = MultiDict(self._empty_sent if saved is None else self._sent(saved))
        problems = [*row.problems, *_number_problems(row)]
        stated = [column for key in row.values if (column := BY_KEY.get(key)) and key != OWN_ID]
        for column in stated:
            new: Sent = []
            try:
                new = column.read(column.key, row.values[column.key])
            except ValueError as error:
                problems.append(RowProblem(column.key, str(error)))
            _replace(sent, column, new)
        form = self._form(formdata=sent, data=course_data(saved or self._empty), meta={"csrf": False})
        if not form.validate():
            told = {problem.column for problem in problems}
            problems += [one for one in _problems(form) if one.column not in told]
        values = form.values()
        wrong = {problem.column for problem in problems}
        return Checked(
            {name: values[name] for column in stated if column.key not in wrong for name in _course_columns(column)},
            tuple(problems),
        )

    def is_sound(self, values: Mapping[str, Any], saved: Mapping[str, Any]) -> bool:
        """Tell whether a course may be saved with new values in the place of some it has."""
        sent = MultiDict(self._sent({**saved, **values}))
        return bool(self._form(formdata=sent, data=course_data({**saved, **values}), meta={"csrf": False}).validate())


def _number_problems(row: Row) -> list[RowProblem]:
    """A number of the course that is no text names no course."""
    try:
        text_of(row.values.get(OWN_ID))
    except ValueError as error:
        return [RowProblem(OWN_ID, str(error))]
    return []


def _text(leaf: Any) -> Any:
    return leaf._value() if hasattr(leaf, "_value") else leaf.data or ""


def _course_columns(column: Column) -> Iterable[str]:
    return (name for name in column.fields if name in COLUMNS)


def _replace(sent: MultiDict[str, str], column: Column, new: Sent) -> None:
    """Put what a row says in the place of what stood in its fields."""
    for name in list(sent):
        if any(name == field or name.startswith(f"{field}-") for field in column.fields):
            sent.poplist(name)
    for name, value in new:
        sent.add(name, value)


def _problems(form: CourseForm) -> list[RowProblem]:
    found = []
    for problem in form.problems():
        field = problem.field_id.partition("-")[0]
        column = next((key for key, its in BY_KEY.items() if field in its.fields), field)
        found.append(RowProblem(column, problem.message))
    return found


def _with_lists_made_once(form: type[Any]) -> type[Any]:
    """Derive a form that asks for its lists of choices once, however many rows it reads."""
    fields = {name: _once(field) for name in dir(form) if isinstance(field := getattr(form, name, None), UnboundField)}
    return type(f"Quick{form.__name__}", (form,), fields)


def _once(field: Any) -> Any:
    inner = [
        _once(one) if isinstance(one, UnboundField) else _with_lists_made_once(one) if _is_form(one) else one
        for one in field.args
    ]
    lists = {
        name: cache(make) for name, make in field.kwargs.items() if name in ("choices", "groups") and callable(make)
    }
    copy = UnboundField(field.field_class, *inner, **{**field.kwargs, **lists})
    copy.creation_counter = field.creation_counter
    return copy


def _is_form(one: Any) -> bool:
    return isinstance(one, type) and issubclass(one, Form)
