"""Files nobody can import: each gets an answer that says what to do, and saves nothing."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.webapp.imports.building import (
    GOOD,
    HEADER,
    claiming_less,
    csv,
    deep,
    inline,
    json_file,
    overlapping,
    packed,
    repacked,
    send,
    with_sheet,
    words,
    xlsx,
    zeros,
)
from webapp.imports.models import ImportFile
from webapp.profiles.models import CourseProfile

EVERY_ROW = [str(n) for n in range(1, 9)]
Courses = Callable[[], list[CourseProfile]]

REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    # Nothing in it
    "empty": (lambda: b"", "The file is empty"),
    "spaces": (lambda: b" \n\n ", "The file is empty"),
    "only a mark": (lambda: b"\xef\xbb\xbf", "cannot be read"),
    "header only": (lambda: csv(HEADER), "holds no course"),
    "header only in a workbook": (lambda: xlsx([["Title"]]), "holds no course"),
    "empty workbook": (lambda: xlsx([]), "No header was found"),
    # Encodings
    "latin 1": (lambda: csv(HEADER, "Économie,,,", encoding="latin-1"), "not in UTF-8"),
    "shift jis": (lambda: csv("Title", "都市の水", encoding="shift-jis"), "not in UTF-8"),
    "utf-16 without a mark": (lambda: csv("Title", "Water", encoding="utf-16-le"), "not in UTF-8"),
    "utf-32": (lambda: csv("Title", "Water", encoding="utf-32"), "not in UTF-8"),
    "half a utf-16 file": (lambda: csv("Title", "Water", encoding="utf-16")[:-1], "not in UTF-8"),
    "nul bytes": (lambda: b"Title\nWat\0er\n", "not in UTF-8"),
    # Other kinds of file
    "pdf": (lambda: b"%PDF-1.7\n...", "This is no list of courses"),
    "gzip": (lambda: packed(GOOD.encode()), "This is no list of courses"),
    "old excel": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old Excel file"),
    "web page": (lambda: b"<!doctype html><title>Courses</title>", "web page"),
    "xml with entities": (
        lambda: b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbb"><!ENTITY c "&b;&b;">]><a>&c;</a>',
        "web page",
    ),
    "word": (lambda: repacked(xlsx([]), {"xl/workbook.xml": None, "word/document.xml": b"<a/>"}), "Word document"),
    "opendocument": (lambda: repacked(xlsx([]), {"xl/workbook.xml": None, "content.xml": b"<a/>"}), "OpenDocument"),
    "zip of files": (lambda: repacked(xlsx([]), {"xl/workbook.xml": None}), "zip archive"),
    # Tables
    "no header": (lambda: csv("Urban water,2027-02-15"), "No header was found"),
    "duplicate header": (lambda: csv("Title,Level,level", "Water,Bachelor,Master"), "stands twice"),
    "merged header": (
        lambda: xlsx([["Title", "Level", "Level"], ["Water", "", ""]]),
        "stands twice",
    ),
    "open quote": (lambda: csv(HEADER, '"Urban water,2027-02-15,,'), "quotes in this file do not match"),
    "stray quote": (lambda: csv(HEADER, '"Urban" water,2027-02-15,,'), "quotes in this file do not match"),
    "huge cell": (lambda: csv("Title,Description", "Water," + "x" * 140_000), "longer than 131,072 characters"),
    "16,000 columns": (lambda: csv("Title," + ",".join(f"c{n}" for n in range(16_000)), "Water"), "columns; delete"),
    "501 rows": (lambda: csv("Title", *(f"Water {n}" for n in range(501))), "501 courses"),
    # Workbooks
    "truncated workbook": (lambda: xlsx([["Title"], ["x"]])[:-200], "damaged"),
    "workbook of noise": (lambda: b"PK\x03\x04" + bytes(range(256)) * 8, "damaged"),
    "broken sheet": (lambda: repacked(xlsx([["Title"]]), {"xl/worksheets/sheet1.xml": b"<worksheet>"}), "damaged"),
    "no sheet": (lambda: repacked(xlsx([["Title"]]), {"xl/worksheets/sheet1.xml": None}), "cannot be read"),
    "zip bomb": (lambda: zeros(60 * 1024**2), "far larger than any list"),
    "packed too well": (lambda: zeros(20 * 1024**2), "far larger than any list"),
    "zip that lies": (
        lambda: claiming_less(zeros(60 * 1024**2), "xl/media/image1.png", 100),
        "far larger than any list",
    ),
    "overlapping parts": (
        lambda: overlapping(with_sheet("".join(f"<row><c><v>{n}</v></c></row>" for n in range(40_000)))),
        "far larger than any list",
    ),
    "entities in a sheet": (
        lambda: with_sheet(
            f"<row>{inline('A1', '&b;')}</row>", '<!DOCTYPE worksheet [<!ENTITY a "aaa"><!ENTITY b "&a;&a;">]>'
        ),
        "defines its own XML names",
    ),
    "a cell far away": (
        lambda: with_sheet(f"<row>{inline('A1', 'Title')}</row><row>{inline('XFD1048576', 'x')}</row>"),
        "spans more cells",
    ),
    "too many cells": (
        lambda: with_sheet("<row>" + "<c><v>1</v></c>" * 210_000 + "</row>"),
        "far larger than any list",
    ),
    "one text everywhere": (
        lambda: with_sheet(
            "<row>" + '<c t="s"><v>0</v></c>' * 2_000 + "</row>",
            **{"xl/sharedStrings.xml": b"<sst><si><t>" + bytes(range(97, 123)) * 2_000 + b"</t></si></sst>"},
        ),
        "far larger than any list",
    ),
    "formula without its value": (lambda: xlsx([["Title"], ['="Wa"&"ter"']]), "Cell A2 holds a formula"),
    # JSON
    "broken json": (lambda: b'{"title": "Water"', "This is not JSON"),
    "deep json": (lambda: deep(200), "nested too deeply"),
    "very deep json": (lambda: deep(200_000), "nested too deeply"),
    "long number": (lambda: b'{"title": "Water", "students": ' + b"9" * 5_000 + b"}", "far too long"),
    "no number": (lambda: b'{"title": "Water", "students": NaN}', "no number of JSON"),
    "twice in json": (lambda: b'{"title": "Water", "title": "Air"}', "given twice"),
    "empty list": (lambda: b"[]", "holds no course"),
    "linked data without courses": (
        lambda: json_file({"@context": "https://schema.org", "@type": "Person", "name": "Mai"}),
        "holds no course",
    ),
    "an empty page of courses": (lambda: b'{"pageSize": 10, "items": []}', "holds no course"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_cannot_be_read_says_why_and_saves_nothing(
    name: str, mai: FlaskClient, courses: Courses, app: object
) -> None:
    make, message = REFUSED[name]
    answer = send(mai, make(), name)
    assert answer.status_code == 422
    shown = words(answer.text)
    assert "nothing was saved" in shown
    assert message in shown
    assert courses() == []
    assert "Waiting for your decision" not in words(mai.get("/courses/import").text)


PROBLEMS: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "no title": (lambda: csv("Title,Level", ",Bachelor"), "Title of the course", "Give the course a title"),
    "a date of two meanings": (
        lambda: csv("Title,First day of teaching", "Water,02/03/2027"),
        "First day of teaching",
        "could mean 2027-03-02 or 2027-02-03",
    ),
    "no such day": (lambda: csv("Title,Start date", "Water,31.02.2027"), "First day of teaching", "no such day"),
    "a number for a date": (lambda: xlsx([["Title", "Start date"], ["Water", 46433]]), "First day", "Format the cell"),
    "dates out of order": (
        lambda: csv("Title,Start date,End date", "Water,2027-06-04,2027-02-15"),
        "Last day of teaching",
        "lies before the first",
    ),
    "a language nobody speaks": (
        lambda: csv("Title,Languages of the exchange", "Water,Elvish B2"),
        "Languages of the exchange",
        "is no language we know",
    ),
    "a field nobody teaches": (lambda: csv("Title,Field of education", "Water,7777"), "Field", "no code of a field"),
    "a code that lost its zero": (
        lambda: xlsx([["Title", "Field of education"], ["Water", 21]]),
        "Field of education",
        "could be the field 021 / 0021",
    ),
    "an unknown level": (lambda: csv("Title,Level", "Water,Wizard"), "Level", "is not in our list"),
    "too many students": (lambda: csv("Title,Students", "Water,about 30"), "Students", "whole number"),
    "live hours without end": (lambda: csv("Title,Live hours", "Water,Mon 09:00"), "Live hours", "Mon 09:00-10:30"),
    "goal 18": (lambda: csv("Title,SDG", "Water,18"), "Sustainable Development Goals", "from 1 to 17"),
    "a spreadsheet error": (lambda: csv("Title,Level", "Water,#REF!"), "Level", "spreadsheet error"),
    "more cells than columns": (lambda: csv("Title,Level", "Water,Bachelor,what is this"), "", "more cells than"),
    "the same course twice": (lambda: csv("Title", "Water", "water"), "", "same course as in Row 2"),
    "a line that is no json": (lambda: b'{"title": "Water"}\n{"title": \n', "", "This is not JSON"),
    "a field with a typo": (lambda: b'{"tilte": "Water", "id": 1}\n', "tilte", "No field has this name"),
    "half a character": (lambda: b'{"title": "Water", "term_name": "\\ud800"}\n', "Name of the term", "half a char"),
    "half a character in a name": (
        lambda: b'{"title": "Water", "\\ud800\\u0000x": 1}\n',
        "?x",
        "No field has this name",
    ),
    "a list for a number": (lambda: b'{"title": "Water", "id": [1]}\n', "Course number", "not a list"),
    "a list for a text": (lambda: b'{"title": ["Water"]}\n', "Title of the course", "not a list"),
    "a long title": (lambda: csv("Title", "w" * 300), "Title of the course", "Shorten this to 200 characters"),
    "21 languages": (
        lambda: csv(
            "Title,Languages your students speak at home",
            "W,en;fr;de;es;it;pt;nl;sv;da;fi;pl;cs;sk;hu;ro;bg;el;lv;lt;et;ga",
        ),
        "Languages your students speak at home",
        "Keep the 20 most important",
    ),
}


@pytest.mark.parametrize("name", PROBLEMS)
def test_a_row_with_a_problem_is_listed_by_row_and_column_and_cannot_be_imported(
    name: str, mai: FlaskClient, courses: Courses
) -> None:
    make, column, message = PROBLEMS[name]
    answer = send(mai, make(), name)
    assert answer.status_code == 303, words(answer.text)
    shown = mai.get(answer.location).text
    problems = shown.partition('class="row-problems"')[2].partition("</ul>")[0]
    assert f"<strong>{column}" in problems if column else "<strong>" not in problems
    assert message in words(f"<main{problems}</main>")
    everything = {"shown": EVERY_ROW, "row": EVERY_ROW, "then": "import"}
    refused = mai.post(answer.location, data=everything)
    assert refused.status_code == 422
    assert "Nothing was saved, because chosen rows have problems" in words(refused.text)
    assert courses() == []


def test_a_hundred_megabytes_are_refused_before_they_are_read(mai: FlaskClient, courses: Courses) -> None:
    answer = send(mai, b"Title\n" + b"x" * 100 * 1024**2)
    assert answer.status_code == 413
    assert "The file is larger than 5 MB. Leave out columns" in words(answer.text)
    assert courses() == []


def test_six_megabytes_are_refused_and_four_are_read(mai: FlaskClient) -> None:
    assert send(mai, b"Title\n" + b"x" * 6 * 1024**2).status_code == 413
    four = csv("Title,Notes of the office", *(f"Water {n},{'x' * 100_000}" for n in range(40)))
    assert len(four) > 4 * 1000**2
    assert send(mai, four).status_code == 303


def test_other_addresses_take_no_more_than_before(mai: FlaskClient) -> None:
    assert mai.post("/courses/new", data={"description": "x" * 2 * 1024**2}).status_code == 413


def test_sending_nothing_asks_for_a_file(mai: FlaskClient) -> None:
    answer = mai.post("/courses/import", data={})
    assert answer.status_code == 422
    assert "Choose a file first" in words(answer.text)


def test_there_are_at_least_thirty_kinds_of_malformed_files() -> None:
    assert len(REFUSED) >= 30
    assert ImportFile.__table__.c.keys() == ["id", "user_id", "name", "rows", "uploaded_at", "imported_at"]
