"""Tables as files: CSV, and workbooks with a sheet a table. Nothing in them is ever computed by a spreadsheet."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.worksheet import Worksheet

from webapp.spreadsheets import harmless

Cell = str | int | float
Table = Sequence[Sequence[Cell]]
"""Rows of a table, the header first."""

_LONGEST = 32_767
"""Characters a cell of a workbook may hold."""
_WIDEST = 48
_UNBEARABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def text_of(value: object) -> str:
    """Write a value as a text without signs that neither XML nor databases bear."""
    return _UNBEARABLE.sub("", "" if value is None else str(value))


def instant_cell(value: datetime | None) -> str:
    """Write an instant in UTC; empty when there is none."""
    return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M") if value else ""


def day_cell(value: date | None) -> str:
    """Write a day; empty when there is none."""
    return value.isoformat() if value else ""


def as_csv(table: Table) -> bytes:
    """Write a table as CSV; texts that a spreadsheet would compute get an apostrophe."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([harmless(text_of(cell)) if isinstance(cell, str) else cell for cell in row]
                               for row in table)  # fmt: skip
    # Without the mark at its beginning Excel takes the file for another encoding.
    return text.getvalue().encode("utf-8-sig", errors="replace")


def as_xlsx(tables: Mapping[str, Table]) -> bytes:
    """Write tables as the sheets of a workbook.

    Parameters
    ----------
    tables
        By the name of the sheet.
    """
    book = Workbook(write_only=True)
    for name, rows in tables.items():
        sheet = book.create_sheet(name[:31])
        sheet.freeze_panes = "A2"
        for at in range(len(rows[0]) if rows else 0):
            longest = max(len(str(row[at])) for row in rows[:200])
            sheet.column_dimensions[_letters(at)].width = min(max(longest + 2, 8), _WIDEST)
        for n, row in enumerate(rows):
            sheet.append([_cell(sheet, value, bold=n == 0) for value in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def as_zip(tables: Mapping[str, Table]) -> bytes:
    """Write tables as CSV files in one archive.

    Parameters
    ----------
    tables
        By the name of the file, without its ending.
    """
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, rows in tables.items():
            archive.writestr(f"{name}.csv", as_csv(rows))
    return file.getvalue()


def _cell(sheet: Worksheet, value: Cell, *, bold: bool) -> WriteOnlyCell:
    if isinstance(value, str):
        text = harmless(text_of(value))[:_LONGEST]
        cell = WriteOnlyCell(sheet, text)
        cell.data_type = "s" if text else "n"
    else:
        cell = WriteOnlyCell(sheet, value)
    cell.font = Font(bold=bold)
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    return cell


def _letters(n: int) -> str:
    return ("" if n < 26 else chr(64 + n // 26)) + chr(65 + n % 26)


def rows_of(header: Sequence[Cell], lines: Iterable[Sequence[Cell]]) -> list[Sequence[Cell]]:
    """Put the header above the lines."""
    return [header, *lines]
