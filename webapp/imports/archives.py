"""Excel workbooks are zip archives: what is inside is measured before anything opens it."""

import io
import re
import struct
import zipfile
import zlib
from xml.parsers import expat

from flask_babel import gettext as _

from webapp.imports.reading import RefusedFileError

MOST_UNPACKED = 50 * 1024 * 1024
MOST_RATIO = 100
# Below this size a high ratio hurts nobody: sheets of equal cells pack well.
SMALL = 1024 * 1024
MOST_MEMBERS = 1000
MOST_CELLS = 200_000
MOST_TABLE = 2_000_000
"""Cells of the rectangle around everything: the reader makes room for all of them, filled or not."""
LOCAL_HEADER = 30
"""Bytes before the name of a part."""
_CELL = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")


def _bomb() -> RefusedFileError:
    return RefusedFileError(
        _("Unpacked, this file is far larger than any list of courses. Save it again in Excel, or send it as CSV.")
    )


def _damaged() -> RefusedFileError:
    return RefusedFileError(
        _("This Excel file is damaged or incomplete. Open it in Excel, save it again, and send the new file.")
    )


def unpacked(data: bytes) -> dict[str, bytes]:
    """Unpack an archive within its limits, whatever sizes it claims for its parts.

    Raises
    ------
    RefusedFileError
        When it is damaged, encrypted, or larger inside than any list of courses.
    """
    try:
        members = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, struct.error, OSError, UnicodeDecodeError):
        raise _damaged() from None
    if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > MOST_UNPACKED:
        raise _bomb()
    if len({member.filename.lower() for member in members}) < len(members):
        raise _damaged()
    found: dict[str, bytes] = {}
    room = MOST_UNPACKED
    for member in members:
        found[member.filename] = _member(data, member, room)
        room -= len(found[member.filename])
    if MOST_UNPACKED - room > max(SMALL, MOST_RATIO * len(data)):
        raise _bomb()
    return found


def _member(data: bytes, member: zipfile.ZipInfo, room: int) -> bytes:
    """Unpack one part; zipfile would stop at the size the archive claims, the reader behind us would not."""
    if member.flag_bits & 0x1 or member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise RefusedFileError(
            _("This file is protected or packed in an unusual way. Save it without a password, and send it again.")
        )
    header = data[member.header_offset : member.header_offset + LOCAL_HEADER]
    if len(header) < LOCAL_HEADER or header[:4] != b"PK\x03\x04":
        raise _damaged()
    n_name, n_extra = struct.unpack("<HH", header[26:30])
    start = member.header_offset + LOCAL_HEADER + n_name + n_extra
    packed = data[start : start + member.compress_size]
    if len(packed) < member.compress_size:
        raise _damaged()
    if member.compress_type == zipfile.ZIP_STORED:
        content = packed
    else:
        try:
            content = zlib.decompressobj(-15).decompress(packed, room + 1)
        except zlib.error:
            raise _damaged() from None
    if len(content) > room:
        raise _bomb()
    return content


class _Part:
    """Measures one XML part without keeping it: where its cells lie, and how much text they stand for."""

    def __init__(self) -> None:
        self.n_cells = self.widest = self.deepest = self.row = 0
        self.by_number: dict[int, int] = {}
        self.n_signs = 0
        self.strings: list[int] = []
        self.uncomputed = ""
        self.odd_sheet = False
        self._reference = self._kind = self._value = ""
        self._in_string = self._has_formula = False
        self._inside = ""

    def start(self, name: str, given: dict[str, str]) -> None:
        """Take the start of an element."""
        name = name.rpartition(":")[2]
        if name == "row":
            self.row = _number(given.get("r"), self.row + 1)
        elif name == "c":
            self.n_cells += 1
            if self.n_cells > MOST_CELLS:
                raise _bomb()
            self._reference, self._kind, self._value = given.get("r", ""), given.get("t", ""), ""
            self._has_formula = False
        elif name == "f":
            self._has_formula = True
        elif name == "si":
            self.strings.append(0)
            self._in_string = True
        elif name == "Relationship" and given.get("Type", "").endswith("/worksheet"):
            self.odd_sheet |= not given.get("Target", "").lower().endswith(".xml")
        self._inside = name

    def text(self, text: str) -> None:
        """Take text."""
        if self._in_string:
            self.strings[-1] += len(text)
        elif self._inside in ("v", "t"):
            self._value += text
            self.n_signs += len(text)

    def end(self, name: str) -> None:
        """Take the end of an element."""
        name = name.rpartition(":")[2]
        if name == "si":
            self._in_string = False
        elif name == "c":
            self._end_cell()
        self._inside = ""

    def _end_cell(self) -> None:
        if self._has_formula and not self._value and not self.uncomputed:
            self.uncomputed = self._reference or "?"
        if not self._value:
            return
        place = _CELL.fullmatch(self._reference)
        row, column = (int(place[2]), _column(place[1])) if place else (self.row, self.n_cells)
        self.deepest, self.widest = max(self.deepest, row), max(self.widest, column)
        if self._kind == "s":
            number = _number(self._value, -1)
            self.by_number[number] = self.by_number.get(number, 0) + 1


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and re.fullmatch(r"[0-9]{1,7}", text) else otherwise


def _column(letters: str) -> int:
    n = 0
    for letter in letters.upper():
        n = 26 * n + ord(letter) - 64
    return n


def check_workbook(parts: dict[str, bytes]) -> None:
    """Refuse a workbook whose XML would grow when it is read, or whose formulas nobody has computed.

    Raises
    ------
    RefusedFileError
        With what to do.
    """
    measured = [_measure(content) for name, content in parts.items() if name.lower().endswith((".xml", ".rels"))]
    if any(part.odd_sheet for part in measured):
        raise _damaged()
    strings = [n for part in measured for n in part.strings]
    n_signs = sum(part.n_signs for part in measured)
    for part in measured:
        if part.deepest * part.widest > MOST_TABLE:
            raise RefusedFileError(
                _("The sheet spans more cells than any list of courses. Delete what stands far below or to the right.")
            )
        n_signs += sum(strings[n] * times for n, times in part.by_number.items() if 0 <= n < len(strings))
    if n_signs > MOST_UNPACKED:
        raise _bomb()
    uncomputed = next((part.uncomputed for part in measured if part.uncomputed), "")
    if uncomputed:
        raise RefusedFileError(
            _(
                "Cell %(cell)s holds a formula whose result is not in the file; formulas are not computed here. "
                "Open the file in Excel, save it, and send it again, or write the value itself.",
                cell=uncomputed,
            )
        )


def _measure(content: bytes) -> _Part:
    part = _Part()
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def refuse_definitions(*_given: object) -> None:
        raise RefusedFileError(
            _("This file defines its own XML names, which no list of courses needs. Save it again in Excel.")
        )

    parser.StartDoctypeDeclHandler = refuse_definitions
    parser.EntityDeclHandler = refuse_definitions
    parser.StartElementHandler = part.start
    parser.EndElementHandler = part.end
    parser.CharacterDataHandler = part.text
    try:
        parser.Parse(content, True)
    except expat.ExpatError:
        raise _damaged() from None
    return part
