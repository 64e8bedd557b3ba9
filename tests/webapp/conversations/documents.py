"""Small real files, made in code."""

import io
import struct
import zipfile
import zlib

from openpyxl import Workbook

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
ODT = "application/vnd.oasis.opendocument.text"


def package(members: dict[str, bytes | str]) -> bytes:
    """A zip file of these members."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in members.items():
            zipped.writestr(name, content)
    return stream.getvalue()


def parts(main: str, kind: str, *more: str) -> str:
    """The list of an office file's parts."""
    overrides = "".join(
        f'<Override PartName="/{name}" ContentType="{its}"/>' for name, its in ((main, kind), *((m, m) for m in more))
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{overrides}</Types>'
    )


def docx(kind: str = f"{WORD}.main+xml", **members: bytes) -> bytes:
    """A Word document with one paragraph."""
    text = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body/></w:document>'
    return package({"[Content_Types].xml": parts("word/document.xml", kind), "word/document.xml": text} | members)


def pptx() -> bytes:
    """A presentation."""
    listed = parts("ppt/presentation.xml", f"{SLIDES}.main+xml")
    return package({"[Content_Types].xml": listed, "ppt/presentation.xml": "<p/>"})


def odt(**members: bytes) -> bytes:
    """An OpenDocument text."""
    return package({"mimetype": ODT, "content.xml": "<office/>"} | members)


def xlsx() -> bytes:
    """A workbook as openpyxl writes it."""
    stream = io.BytesIO()
    Workbook().save(stream)
    return stream.getvalue()


def png() -> bytes:
    """One white pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    data = zlib.compress(b"\0\xff")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9"
