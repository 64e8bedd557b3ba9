"""Excel workbooks: the values their cells show, never the formulas behind them."""

import io
from collections.abc import Iterator
from typing import Any

import python_calamine as calamine
from flask_babel import gettext as _

from webapp.imports.archives import check_workbook, unpacked
from webapp.imports.reading import File, RefusedFileError
from webapp.imports.tables import HEADER_AMONG, is_header, read_table


def read(data: bytes) -> File:
    """Read the first sheet that has a header.

    Raises
    ------
    RefusedFileError
        When the archive is no sound workbook, or as `webapp.imports.tables.read_table`.
    """
    parts = unpacked(data)
    if not any(name.lower() == "xl/workbook.xml" for name in parts):
        raise RefusedFileError(_not_excel(parts))
    check_workbook(parts)
    try:
        with calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            visible = [
                sheet.name
                for sheet in book.sheets_metadata
                if sheet.typ == calamine.SheetTypeEnum.WorkSheet and sheet.visible == calamine.SheetVisibleEnum.Visible
            ]
            sheets = [book.get_sheet_by_name(name) for name in visible[:HEADER_AMONG]]
            tables = [_table(sheet) for sheet in sheets]
    except (calamine.CalamineError, ValueError, OverflowError) as error:
        raise RefusedFileError(
            _("This Excel file cannot be read. Open it in Excel, save it again, and send the new file.")
        ) from error
    chosen = next((rows for rows in tables if any(map(is_header, rows[:HEADER_AMONG]))), tables[0] if tables else [])
    return read_table(enumerate(chosen, start=1))


def _not_excel(parts: dict[str, bytes]) -> str:
    if "content.xml" in parts:
        return str(_("This is an OpenDocument file. Save it as an Excel workbook (.xlsx) or as CSV, and send that."))
    if "word/document.xml" in parts:
        return str(_("This is a Word document. Put the courses into the Excel template, and send that."))
    return str(_("This is a zip archive, not a list of courses. Unpack it and send the file inside."))


def _table(sheet: calamine.CalamineSheet) -> list[list[Any]]:
    """Give all rows from the first; merged cells say downwards what their first cell says."""
    rows: list[list[Any]] = sheet.to_python(skip_empty_area=False)
    for (top, left), (bottom, _right) in _merged(sheet):
        if top < len(rows) and left < len(rows[top]):
            for row in rows[top + 1 : bottom + 1]:
                row[left] = rows[top][left]
    return rows


def _merged(sheet: calamine.CalamineSheet) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    yield from sheet.merged_cell_ranges or ()
