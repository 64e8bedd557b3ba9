"""Tables: which row is the header, which column is which, and the rows below it."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import gettext as _

from webapp.imports.columns import OWN_ID, key_of
from webapp.imports.columns import header as header_of
from webapp.imports.reading import (
    MOST_ROWS,
    File,
    Place,
    RefusedFileError,
    Row,
    RowProblem,
    check_number,
    shortened,
)

MOST_COLUMNS = 200
HEADER_AMONG = 10
"""The header is one of the first rows: titles and notes may stand above it."""
_ERRORS = frozenset(("#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#N/A", "#NULL!", "#NUM!", "#SPILL!"))
_PROTECTED = re.compile(r"'+[=+\-@\t\r]")


def is_header(cells: Iterable[Any]) -> bool:
    """Tell whether a row names one of the columns by which a course is known: its title, or its number."""
    return any(key_of(cell) in ("title", OWN_ID) for cell in cells)


def read_table(rows: Iterable[tuple[int, Sequence[Any]]]) -> File:
    """Read a table.

    Parameters
    ----------
    rows
        Every row of the table with its number.

    Raises
    ------
    RefusedFileError
        When there is no header, a column stands twice, or there are too many rows or columns.
    """
    header: dict[int, str] | None = None
    unknown: tuple[str, ...] = ()
    found: list[Row] = []
    n_before = n_rows = 0
    for n, cells in rows:
        if header is None:
            n_before += 1
            if is_header(cells):
                header, unknown = _header(cells)
            elif n_before >= HEADER_AMONG:
                break
        elif any(not _is_empty(cell) for cell in cells):
            n_rows += 1
            if n_rows <= MOST_ROWS:
                found.append(_row(n, header, cells))
    if header is None:
        raise RefusedFileError(
            _(
                "No header was found. The first row must name the columns, one of them “%(title)s”; "
                "the template shows all of them.",
                title=header_of("title"),
            )
        )
    check_number(n_rows)
    return File(Place.ROW, tuple(found), unknown)


def _is_empty(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _header(cells: Sequence[Any]) -> tuple[dict[int, str], tuple[str, ...]]:
    named = {at: cell for at, cell in enumerate(cells) if not _is_empty(cell)}
    if len(named) > MOST_COLUMNS:
        raise RefusedFileError(
            _("The table has %(n)d columns; delete those that are not in the template.", n=len(named))
        )
    known = {at: key for at, cell in named.items() if (key := key_of(cell))}
    for at, key in known.items():
        twice = [other for other, its in known.items() if its == key]
        if len(twice) > 1:
            raise RefusedFileError(
                _(
                    "The column “%(name)s” stands twice in the header; keep one of the two.",
                    name=shortened(named[at]),
                )
            )
    return known, tuple(shortened(cell) for at, cell in named.items() if at not in known)


def _row(n: int, header: dict[int, str], cells: Sequence[Any]) -> Row:
    problems = [
        RowProblem(key, _("This cell holds the spreadsheet error %(error)s; mend the formula.", error=cells[at]))
        for at, key in header.items()
        if at < len(cells) and cells[at] in _ERRORS
    ]
    values = {key: _unprotected(cells[at]) if at < len(cells) else "" for at, key in header.items()}
    return Row(n, values, tuple(problems))


def _unprotected(cell: Any) -> Any:
    """Take off the apostrophe that keeps a spreadsheet from computing a text."""
    return cell[1:] if isinstance(cell, str) and _PROTECTED.match(cell) else cell
