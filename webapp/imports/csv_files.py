"""Tables as text: with commas, semicolons or tabs between the cells."""

import csv
import io
from collections.abc import Iterator, Sequence

from flask_babel import gettext as _

from webapp.imports.reading import File, RefusedFileError, Row, RowProblem
from webapp.imports.tables import HEADER_AMONG, is_header, read_table

DELIMITERS = ",;\t"


def read(text: str) -> File:
    """Read a table; what stands between its cells is seen from the header.

    Raises
    ------
    RefusedFileError
        As `webapp.imports.tables.read_table`, and when quotes are never closed or a cell has no end.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text[:4].lower() == "sep=" and text[5:6] == "\n":
        # Excel's own way of saying what stands between the cells.
        return _read(text[6:], text[4], first=2)
    return _read(text, _delimiter(text), first=1)


def _delimiter(text: str) -> str:
    for line in text.split("\n", HEADER_AMONG)[:HEADER_AMONG]:
        for delimiter in sorted(DELIMITERS, key=line.count, reverse=True):
            if is_header(next(csv.reader([line], delimiter=delimiter), ())):
                return delimiter
    return ","


def _read(text: str, delimiter: str, first: int) -> File:
    try:
        widths: dict[int, int] = {}
        found = read_table(_noted(csv.reader(io.StringIO(text), delimiter=delimiter, strict=True), first, widths))
    except csv.Error as error:
        raise RefusedFileError(_why(error)) from None
    return File(found.place, tuple(_checked(row, widths) for row in found.rows), found.unknown)


def _noted(rows: Iterator[list[str]], first: int, widths: dict[int, int]) -> Iterator[tuple[int, Sequence[str]]]:
    """Count rows as a spreadsheet shows them, and note by how many cells each is wider than the header."""
    width: int | None = None
    for n, cells in enumerate(rows, start=first):
        if width is None and is_header(cells):
            width = len(cells)
        if width is not None and any(cell.strip() for cell in cells[width:]):
            widths[n] = len(cells) - width
        yield n, cells


def _checked(row: Row, widths: dict[int, int]) -> Row:
    if row.n not in widths:
        return row
    problem = RowProblem(
        "",
        _("This row has more cells than the header has columns. Put quotes around texts that hold the separator."),
    )
    return Row(row.n, row.values, (*row.problems, problem))


def _why(error: csv.Error) -> str:
    if "limit" in str(error):
        return str(_("A cell of this file is longer than 131,072 characters; perhaps a quote is never closed."))
    return str(
        _("The quotes in this file do not match: a cell that begins with a quote must end with one. Check and send it.")
    )
