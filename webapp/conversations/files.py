"""Files people send: what they are is found in their content, and what could run is refused."""

import codecs
import csv
import io
import re
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath

MOST_FILES = 3
LARGEST_FILE = 5 * 1024 * 1024
"""Bytes."""
LONGEST_NAME = 120
_MOST_MEMBERS = 5_000
_LONGEST_LIST = 256 * 1024
"""Bytes of the list of parts in an office file; real ones have a hundredth."""


class Problem(StrEnum):
    """Why a file is not taken; the words stand in ``labels.py``."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    UNKNOWN = "unknown"
    MACROS = "macros"
    SCRIPT = "script"
    OTHER_NAME = "other_name"


class FileRefusedError(ValueError):
    """A file that is not taken."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True)
class CheckedFile:
    """A file that may be kept: its cleaned name, its media type found from the content, and the content."""

    name: str
    kind: str
    content: bytes


TEXT, CSV = "text/plain", "text/csv"
_WORD = "application/vnd.openxmlformats-officedocument"
ENDINGS: dict[str, tuple[str, ...]] = {
    "application/pdf": ("pdf",),
    f"{_WORD}.wordprocessingml.document": ("docx",),
    f"{_WORD}.spreadsheetml.sheet": ("xlsx",),
    f"{_WORD}.presentationml.presentation": ("pptx",),
    "application/vnd.oasis.opendocument.text": ("odt",),
    "image/png": ("png",),
    "image/jpeg": ("jpg", "jpeg"),
    TEXT: ("txt", "csv"),
    CSV: ("csv", "txt"),
}
"""Endings a name may have for each kind that is taken, the usual one first."""

_SIGNATURES = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
)
_SCRIPT = re.compile(
    rb"\s*(?:#!|<\?php|<!doctype|<html|<script|<svg|<\?xml|\{\\rtf|@echo\b|mime-version:)", re.IGNORECASE
)
_CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
_RUNS = ("vbaproject", "vbadata", "activex", "macrosheets", "basic/", "scripts/")
_RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}


def check(name: str, content: bytes) -> CheckedFile:
    """Take a file or say why not.

    Parameters
    ----------
    name
        What the browser calls it; any text.
    content
        All of it.

    Raises
    ------
    FileRefusedError
        For what is empty, too large, of an unknown kind, able to run, or named as another kind.
    """
    if not content:
        raise FileRefusedError(Problem.EMPTY)
    if len(content) > LARGEST_FILE:
        raise FileRefusedError(Problem.TOO_LARGE)
    kind = _kind_of(content)
    clean = clean_name(name)
    ending = PurePosixPath(clean).suffix[1:].lower()
    if not ending:
        clean = f"{clean}.{ENDINGS[kind][0]}"
    elif ending not in ENDINGS[kind]:
        raise FileRefusedError(Problem.OTHER_NAME)
    return CheckedFile(clean, kind, content)


def clean_name(name: str) -> str:
    """Keep the last part of a name, without what could mislead a reader or a file system."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    name = "".join(c for c in name if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp"))
    name = " ".join(re.sub(r'[<>:"|?*%]', "_", name).split()).rstrip(". ")
    stem, dot, ending = name.rpartition(".")
    if not dot:
        stem, ending = name, ""
    stem = stem[: LONGEST_NAME - 12].strip(". ") or "file"
    if stem.partition(".")[0].lower() in _RESERVED:
        stem = f"_{stem}"
    return f"{stem}.{ending[:10]}" if ending else stem


def _kind_of(content: bytes) -> str:
    for signature, kind in _SIGNATURES:
        if content.startswith(signature):
            return kind
    if content.startswith(b"PK"):
        return _kind_of_package(content)
    return _kind_of_text(content)


def _kind_of_package(content: bytes) -> str:
    """Tell which office format a zip file is, from the part that says so."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            members = package.infolist()
            if len(members) > _MOST_MEMBERS or any(member.flag_bits & 1 for member in members):
                raise FileRefusedError(Problem.UNKNOWN)
            if any(runs in member.filename.lower() for member in members for runs in _RUNS):
                raise FileRefusedError(Problem.MACROS)
            names = {member.filename for member in members}
            if "[Content_Types].xml" in names:
                return _kind_of_parts(_read(package, "[Content_Types].xml"))
            if "mimetype" in names:
                said = _read(package, "mimetype").strip().decode("ascii", "replace")
                if said in ENDINGS and said.startswith("application/vnd.oasis."):
                    return said
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError) as error:
        if isinstance(error, FileRefusedError):
            raise
    raise FileRefusedError(Problem.UNKNOWN)


def _read(package: zipfile.ZipFile, name: str) -> bytes:
    """Read a small member, however much it claims to unpack to."""
    with package.open(name) as member:
        content = member.read(_LONGEST_LIST + 1)
    if len(content) > _LONGEST_LIST:
        raise FileRefusedError(Problem.UNKNOWN)
    return content


def _kind_of_parts(listed: bytes) -> str:
    """Tell the kind from the list of an office file's parts; the list itself needs no entities and no DTD."""
    text = listed.decode("utf-8-sig")
    if "&" in text or "<!" in text:
        raise FileRefusedError(Problem.UNKNOWN)
    types = [found.lower() for found in re.findall(r"""ContentType\s*=\s*["']([^"']+)""", text)]
    if any("macro" in its or "vba" in its or "activex" in its for its in types):
        raise FileRefusedError(Problem.MACROS)
    kinds = {kind for kind in ENDINGS if f"{kind}.main+xml" in types}
    if len(kinds) != 1:
        raise FileRefusedError(Problem.UNKNOWN)
    return kinds.pop()


def _kind_of_text(content: bytes) -> str:
    """Tell text from everything else: no control characters in it, and nothing that starts as a script does."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    else:
        # Spreadsheets still save in older encodings; as each byte is some character there, it fits all of them.
        encoding = "utf-8-sig" if _is_utf8(content) else "latin-1"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise FileRefusedError(Problem.UNKNOWN) from error
    if _CONTROLS.search(text):
        raise FileRefusedError(Problem.UNKNOWN)
    if _SCRIPT.match(text.encode("utf-8")):
        raise FileRefusedError(Problem.SCRIPT)
    return CSV if _is_table(text) else TEXT


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _is_table(text: str) -> bool:
    """Whether every line has the same number of fields, two or more."""
    lines = text[:20_000].splitlines()[:50]
    for separator in ",;\t":
        try:
            n_fields = {len(row) for row in csv.reader(lines, delimiter=separator) if row}
        except csv.Error:
            continue
        if len(lines) > 1 and len(n_fields) == 1 and n_fields.pop() > 1:
            return True
    return False
