"""Files for tests, built in code: tables of all kinds, workbooks bent out of shape, archives that lie."""

import io
import json
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from flask.testing import FlaskClient
from openpyxl import Workbook
from werkzeug.test import TestResponse

HEADER = "Title of the course,First day of teaching,Last day of teaching,Languages of the exchange"
GOOD = f"{HEADER}\nUrban water,2027-02-15,2027-06-04,English B2; French\n"


def csv(*rows: str, encoding: str = "utf-8", line_end: str = "\n") -> bytes:
    """A table as text."""
    return (line_end.join(rows) + line_end).encode(encoding)


def xlsx(rows: Iterable[Sequence[Any]], change: Callable[[Workbook], object] | None = None) -> bytes:
    """A workbook with one sheet."""
    book = Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(list(row))
    if change:
        change(book)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def repacked(data: bytes, changes: dict[str, bytes | None]) -> bytes:
    """An archive with some parts replaced, added or (None) left out."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in changes:
                new.writestr(name, old.read(name))
        for name, content in changes.items():
            if content is not None:
                new.writestr(name, content)
    return file.getvalue()


def sheet_xml(cells: str, before: str = "") -> bytes:
    """The XML of a sheet with these rows."""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'{before}<worksheet xmlns="{space}"><sheetData>{cells}</sheetData></worksheet>'.encode()


def with_sheet(cells: str, before: str = "", **parts: bytes) -> bytes:
    """A workbook whose sheet is this XML."""
    return repacked(xlsx([["Title"], ["x"]]), {"xl/worksheets/sheet1.xml": sheet_xml(cells, before), **parts})


def inline(reference: str, text: str) -> str:
    """A cell with its text inside."""
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'


def claiming_less(data: bytes, member: str, size: int) -> bytes:
    """An archive that claims a part to be small once it is unpacked."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        true = archive.getinfo(member).file_size.to_bytes(4, "little")
    return data.replace(true, size.to_bytes(4, "little"))


def zeros(n: int) -> bytes:
    """An Excel file that holds a picture of so many zeros."""
    return repacked(xlsx([["Title"], ["x"]]), {"xl/media/image1.png": bytes(n)})


def json_file(value: Any) -> bytes:
    """JSON in one piece."""
    return json.dumps(value, ensure_ascii=False).encode()


def deep(n: int) -> bytes:
    """JSON nested so deep."""
    return b'{"title": ' + b"[" * n + b"]" * n + b"}"


def overlapping(data: bytes) -> bytes:
    """An archive whose list names one part many times, as bombs without size do."""
    file = io.BytesIO(data)
    with zipfile.ZipFile(file, "a") as archive:
        one = archive.getinfo("xl/worksheets/sheet1.xml")
        for n in range(200):
            copy = zipfile.ZipInfo(f"xl/worksheets/copy{n}.xml")
            for name in ("header_offset", "compress_size", "file_size", "CRC", "compress_type"):
                setattr(copy, name, getattr(one, name))
            archive.filelist.append(copy)
        archive._didModify = True  # type: ignore[attr-defined]
    return file.getvalue()


def send(client: FlaskClient, data: bytes, name: str = "courses.csv") -> TestResponse:
    """Send a file to be read."""
    mark = "a-mark-that-stands-in-no-file"
    head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    body = head.encode() + data + f"\r\n--{mark}--\r\n".encode()
    return client.post("/courses/import", data=body, content_type=f"multipart/form-data; boundary={mark}")


def words(page: str) -> str:
    """The text of a page's main part, without marks."""
    main = page.partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def packed(text: bytes) -> bytes:
    """Text as gzip packs it."""
    return b"\x1f\x8b" + zlib.compress(text)
