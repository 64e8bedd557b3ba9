"""What a file is stands in its content; what could run, or calls itself otherwise, is refused."""

import zipfile
from io import BytesIO

import pytest

from tests.webapp.conversations import documents
from webapp.conversations import files
from webapp.conversations.files import FileRefusedError, Problem, check, clean_name

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
VIETNAMESE = "Tên,Số\nMai,3\nBình,4\n"


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("plan.pdf", documents.PDF, "application/pdf"),
        ("PLAN.PDF", documents.PDF, "application/pdf"),
        ("a.docx", documents.docx(), documents.WORD),
        ("a.pptx", documents.pptx(), documents.SLIDES),
        ("a.xlsx", documents.xlsx(), XLSX),
        ("a.odt", documents.odt(), documents.ODT),
        ("a.png", documents.png(), "image/png"),
        ("a.jpeg", documents.JPEG, "image/jpeg"),
        ("a.txt", "Xin chào\nOlá".encode(), "text/plain"),
        ("a.txt", "日本語".encode("shift_jis"), "text/plain"),
        ("a.txt", "Olá".encode("utf-16"), "text/plain"),
        ("a.csv", VIETNAMESE.encode("utf-8-sig"), "text/csv"),
        ("a.csv", b"a;b\n1;2\n", "text/csv"),
    ],
)
def test_the_common_kinds_are_taken_for_what_they_are(name: str, content: bytes, kind: str) -> None:
    checked = check(name, content)
    assert (checked.name, checked.kind, checked.content) == (name, kind, content)


def zipped_bomb() -> bytes:
    """A list of parts that unpacks to 50 MB."""
    return documents.package({"[Content_Types].xml": b" " * 50_000_000})


def encrypted() -> bytes:
    """A package that says its members are encrypted."""
    content = bytearray(documents.docx())
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = content.find(signature)
        while start >= 0:
            content[start + at] |= 1
            start = content.find(signature, start + 4)
    return bytes(content)


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("a.txt", b"", Problem.EMPTY),
        ("a.txt", b"a" * (files.LARGEST_FILE + 1), Problem.TOO_LARGE),
        ("photo.png", b"MZ\x90\x00\x03\x00\x00\x00\x04", Problem.UNKNOWN),
        ("photo.png", documents.PDF, Problem.OTHER_NAME),
        ("plan.pdf.exe", documents.PDF, Problem.OTHER_NAME),
        ("plan.pdf", documents.docx(), Problem.OTHER_NAME),
        ("letter.docx", documents.package({"a.js": "x"}), Problem.UNKNOWN),
        ("letter.docx", documents.docx("application/vnd.ms-word.document.macroEnabled.main+xml"), Problem.MACROS),
        ("letter.docx", documents.docx(**{"word/vbaProject.bin": b"x"}), Problem.MACROS),
        ("letter.docx", documents.docx(**{"word/activeX/activeX1.bin": b"x"}), Problem.MACROS),
        ("letter.odt", documents.odt(**{"Basic/Standard/Module1.xml": b"x"}), Problem.MACROS),
        ("letter.docx", documents.docx(f"{documents.WORD[:-8]}&#100;ocument.main+xml"), Problem.UNKNOWN),
        ("letter.docx", documents.docx()[:-30], Problem.UNKNOWN),
        ("letter.docx", b"PK\x03\x04 and nothing more", Problem.UNKNOWN),
        ("letter.docx", zipped_bomb(), Problem.UNKNOWN),
        ("letter.docx", encrypted(), Problem.UNKNOWN),
        ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 20, Problem.UNKNOWN),
        ("run.txt", b"#!/bin/sh\nrm -r /\n", Problem.SCRIPT),
        ("page.txt", b"\n <!DOCTYPE html><p>", Problem.SCRIPT),
        ("page.txt", "<script>alert(1)</script>".encode("utf-16"), Problem.SCRIPT),
        ("picture.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>', Problem.SCRIPT),
        ("run.bat", b"copy a b\r\n", Problem.OTHER_NAME),
        ("run.js", b"alert(1)", Problem.OTHER_NAME),
    ],
)
def test_what_could_run_or_is_something_else_is_refused(name: str, content: bytes, problem: Problem) -> None:
    with pytest.raises(FileRefusedError) as refused:
        check(name, content)
    assert refused.value.problem is problem


def test_a_damaged_part_of_a_package_is_no_reason_to_break() -> None:
    content = bytearray(documents.docx())
    with zipfile.ZipFile(BytesIO(bytes(content))) as package:
        start = package.getinfo("[Content_Types].xml").header_offset + 30 + len("[Content_Types].xml")
    content[start : start + 20] = b"\xff" * 20
    with pytest.raises(FileRefusedError) as refused:
        check("a.docx", bytes(content))
    assert refused.value.problem is Problem.UNKNOWN


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\Mai\\plan.pdf", "plan.pdf"),
        ("invoice\u202efdp.txt", "invoicefdp.txt"),
        ('a"b<c>\r\n.txt', "a_b_c_.txt"),
        ("  .. .txt", "file.txt"),
        ("CON.txt", "_CON.txt"),
        ("kế hoạch tuần 1.pdf", "kế hoạch tuần 1.pdf"),
        ("週の計画.pdf", "週の計画.pdf"),
        ("", "file"),
    ],
)
def test_names_keep_what_a_reader_needs_and_nothing_that_misleads(name: str, clean: str) -> None:
    assert clean_name(name) == clean


def test_a_long_name_keeps_its_ending() -> None:
    assert clean_name("ä" * 400 + ".pdf").endswith("ä.pdf")
    assert len(clean_name("ä" * 400 + ".pdf")) <= files.LONGEST_NAME


def test_a_file_without_an_ending_gets_the_one_of_its_kind() -> None:
    assert check("plan", documents.PDF).name == "plan.pdf"
