"""What kind of file this is: seen from its content, never from its name."""

import codecs

from flask_babel import gettext as _

from webapp.imports import csv_files, json_lines, ooapi, schema_org, xlsx_files
from webapp.imports.columns import LECTURER_COLUMNS
from webapp.imports.json_texts import JsonError, parsed
from webapp.imports.reading import MOST_BYTES, File, RefusedFileError

_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_OTHERS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"{\\rtf")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, ""),
    (codecs.BOM_UTF32_BE, ""),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read(data: bytes) -> File:
    """Read a file of any kind we know.

    Raises
    ------
    RefusedFileError
        When it is none, or cannot be read; the message says what to do.
    """
    if not data.strip():
        raise RefusedFileError(_("The file is empty."))
    if len(data) > MOST_BYTES:
        raise too_large()
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return xlsx_files.read(data)
    if data.startswith(_OLD_EXCEL):
        raise RefusedFileError(
            _("This is an old Excel file (.xls), or one with a password. Save it as .xlsx without a password.")
        )
    if data.startswith(_OTHERS):
        raise RefusedFileError(_("This is no list of courses. Send a CSV, Excel (.xlsx), JSON Lines or JSON file."))
    return _read_text(_decoded(data))


def lecturer_columns(file: File) -> list[str]:
    """Name the columns about lecturers a file has, which an import of one's own courses leaves out."""
    return [str(_(column.header)) for column in LECTURER_COLUMNS if any(column.key in row.values for row in file.rows)]


def too_large() -> RefusedFileError:
    """Say that a file is larger than any list of courses."""
    return RefusedFileError(
        _("The file is larger than %(most)d MB. Leave out columns and pictures, or send it in several parts.", most=5)
    )


def _decoded(data: bytes) -> str:
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding) if encoding else ""
    except UnicodeDecodeError:
        text = ""
    if not text or "\0" in text:
        raise RefusedFileError(
            _(
                "The signs of this file cannot be read: it is not in UTF-8. In Excel choose “Save as” and "
                "“CSV UTF-8”; in other programs choose UTF-8 where the file is saved."
            )
        )
    return text.removeprefix("\ufeff")


def _read_text(text: str) -> File:
    start = text.lstrip()[:1]
    if start == "<":
        raise RefusedFileError(
            _("This is a web page or an XML file. Send a CSV, Excel (.xlsx), JSON Lines or JSON file.")
        )
    if not start:
        raise RefusedFileError(_("The file is empty."))
    return _read_json(text) if start in "{[" else csv_files.read(text)


def _read_json(text: str) -> File:
    try:
        value = parsed(text)
    except JsonError as error:
        # Several lines that are JSON one by one are JSON Lines, whatever is wrong in some of them.
        lines = [line for line in text.split("\n") if line.strip()]
        if len(lines) > 1 and all(line.lstrip()[:1] == "{" for line in lines[:2]) and _is_json(lines):
            return json_lines.read(text)
        raise RefusedFileError(str(error)) from None
    if schema_org.is_linked_data(value):
        return schema_org.read(value)
    if ooapi.is_ooapi(value):
        return ooapi.read(value)
    return json_lines.read_objects(value) if isinstance(value, list) else json_lines.read(_one_line(text))


def _is_json(lines: list[str]) -> bool:
    """Tell whether at least one line is JSON by itself."""
    for line in lines:
        try:
            parsed(line)
        except JsonError:
            continue
        return True
    return False


def _one_line(text: str) -> str:
    """Write one object on one line; line feeds inside JSON texts are always escaped."""
    return " ".join(text.split("\n"))
