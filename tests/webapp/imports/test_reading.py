"""What the readers understand: tables of every kind, JSON-LD, the Open Education API, dates, names in our languages."""

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale

from matcher.vocabulary.languages import LANGUAGES as TONGUES
from tests.webapp.imports.building import csv, json_file, xlsx
from webapp.i18n import LANGUAGES
from webapp.imports import columns, kinds
from webapp.imports.checking import Checker
from webapp.imports.dates import day_of
from webapp.imports.reading import Place
from webapp.imports.writing import cell_of
from webapp.profiles.rules import no_values
from webapp.profiles.vocabulary_texts import FIELDS, SKILLS

HEADER = "Title,First day of teaching,Keywords"
ROW = "Water,2027-02-15,a"
TABLES: dict[str, Callable[[], bytes]] = {
    "commas": lambda: csv(HEADER, ROW),
    "semicolons": lambda: csv(HEADER.replace(",", ";"), ROW.replace(",", ";")),
    "tabs": lambda: csv(HEADER.replace(",", "\t"), ROW.replace(",", "\t")),
    "excel's own hint": lambda: csv("sep=;", HEADER.replace(",", ";"), ROW.replace(",", ";")),
    "a mark of utf-8": lambda: csv(HEADER, ROW, encoding="utf-8-sig"),
    "utf-16": lambda: csv(HEADER, ROW, encoding="utf-16"),
    "windows line ends": lambda: csv(HEADER, ROW, line_end="\r\n"),
    "old mac line ends": lambda: csv(HEADER, ROW, line_end="\r"),
    "quotes": lambda: csv('"Title","First day of teaching","Keywords"', '"Water","2027-02-15","a"'),
    "a title above": lambda: csv("Courses of the faculty", "", HEADER, ROW),
    "empty rows between": lambda: csv(HEADER, ",,", "", ROW, ",,"),
    "capitals and spaces": lambda: csv(" TITLE , first  day of teaching:, keywords", ROW),
    "french header": lambda: csv(HEADER.replace("Title", "title"), ROW),
    "excel": lambda: xlsx([HEADER.split(","), ["Water", date(2027, 2, 15), "a"]]),
    "excel with a time in its dates": lambda: xlsx([HEADER.split(","), ["Water", datetime(2027, 2, 15, 9), "a"]]),
    "excel on the second sheet": lambda: xlsx([["Notes"]], lambda book: _second(book)),
}


def _second(book: Any) -> None:
    sheet = book.create_sheet("Courses")
    sheet.append(HEADER.split(","))
    sheet.append(ROW.split(","))


@pytest.mark.parametrize("name", TABLES)
def test_tables_of_every_kind_say_the_same(name: str, context: Flask) -> None:
    row = kinds.read(TABLES[name]()).rows[0]
    checked = Checker(no_values()).check(row)
    assert checked.problems == ()
    assert checked.values == {"title": "Water", "starts_on": date(2027, 2, 15), "keywords": ["a"]}


def test_merged_cells_hold_for_every_row_they_cover(context: Flask) -> None:
    rows = [["Title", "Term"], ["Water", "Spring"], ["Air", None], ["Soil", "Autumn"]]
    file = kinds.read(xlsx(rows, lambda book: book.active.merge_cells("B2:B3")))
    assert [(row.n, row.values["title"], row.values["term_name"]) for row in file.rows] == [
        (2, "Water", "Spring"),
        (3, "Air", "Spring"),
        (4, "Soil", "Autumn"),
    ]


def test_formulas_of_a_table_stay_text(context: Flask) -> None:
    row = kinds.read(csv("Title", "=1+1")).rows[0]
    assert Checker(no_values()).check(row).values == {"title": "=1+1"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_headers_and_names_of_each_language_are_understood(language: str, context: Flask) -> None:
    with force_locale(language):
        for column in columns.COLUMNS:
            assert columns.key_of(columns.header(column.key)) == column.key
        for key, value in (
            *(("isced_f", code) for code in FIELDS),
            *(("skills", [skill]) for skill in SKILLS),
            *(("native_languages", [code]) for code in TONGUES),
        ):
            column = columns.BY_KEY[key]
            sent = column.read(key, cell_of(key, {key: value}))
            assert [text for _name, text in sent] == (value if isinstance(value, list) else [value])


@pytest.mark.parametrize(
    "written",
    [
        "2027-02-15",
        "15/02/2027",
        "02/15/2027",
        "15.02.2027",
        "15 February 2027",
        "February 15, 2027",
        "15 Feb. 2027",
        "15 février 2027",
        "2027年2月15日",
        "2027/2/15",
        "2027-02-15T09:00:00Z",
        "２０２７-０２-１５",
        date(2027, 2, 15),
        datetime(2027, 2, 15, 9, 30),
    ],
)
def test_a_date_is_read_in_every_form_that_means_one_day(written: Any, context: Flask) -> None:
    assert day_of(written) == "2027-02-15"


@pytest.mark.parametrize("written", ["02/03/2027", "1/2/2027", "15/15/2027", "soon", "2027-02-30", 46433, True, [2027]])
def test_a_date_that_means_two_days_or_none_is_asked_about(written: Any, context: Flask) -> None:
    with pytest.raises(ValueError, match=r"2027|date|day"):
        day_of(written)


def test_the_same_day_and_month_mean_one_day(context: Flask) -> None:
    assert day_of("03/03/2027") == "2027-03-03"


@pytest.mark.parametrize(
    ("key", "raw", "wanted"),
    [
        ("exchange_languages", "English B2; Japanese", {"en": "B2", "ja": None}),
        ("exchange_languages", "en-GB (C1), français", {"en": "C1", "fr": None}),
        ("exchange_languages", {"en": "b2"}, {"en": "B2"}),
        ("isced_f", 613.0, "0613"),
        ("isced_f", "Law", "0421"),
        ("isced_f", "0712 Environmental protection technology", "0712"),
        (
            "breaks",
            "2027-04-26 to 2027-05-02; 2027-03-01",
            [("2027-03-01", "2027-03-01"), ("2027-04-26", "2027-05-02")],
        ),
        ("breaks", date(2027, 3, 1), [("2027-03-01", "2027-03-01")]),
        ("slots", "Mon 09:00-10:30; mercredi 14h00 à 15h30", [("mon", "09:00", "10:30"), ("wed", "14:00", "15:30")]),
        ("slots", [{"weekday": "tue", "start": time(9), "end": "10:00"}], [("tue", "09:00", "10:00")]),
        ("sdgs", "SDG 6, Climate action; 11", [6, 13, 11]),
        ("sdgs", 6.0, [6]),
        (
            "skills",
            "teamwork; Browsing, searching and filtering data, information and digital content",
            ["U2.3", "D1.1"],
        ),
        ("tools", "MS Teams, our own wiki", ["teams", "our own wiki"]),
        ("wish_countries", "Finland, PT, Japon", ["FI", "PT", "JP"]),
        ("level", "Master", "master"),
        ("mode", "Live", "synchronous"),
        ("bandwidth", "LOW", "low"),
        ("students", 28.0, 28),
        ("time_zone", "Tokyo", "Asia/Tokyo"),
    ],
)
def test_values_are_read_by_name_or_code(key: str, raw: Any, wanted: Any, context: Flask) -> None:
    base = {"title": "Water", "starts_on": "2027-02-15", "ends_on": "2027-06-04", "time_zone": "Asia/Tokyo"}
    row = kinds.read(json_file([base])).rows[0]
    checked = Checker(no_values()).check(type(row)(1, {**row.values, key: raw}))
    assert checked.problems == ()
    found = checked.values[key]
    if key in ("breaks", "slots"):
        found = [tuple(one.values()) for one in found]
    assert found == wanted


def test_a_range_of_students_fills_both_ends(context: Flask) -> None:
    row = kinds.read(csv("Title,Students", "Water,25 to 30")).rows[0]
    values = Checker(no_values()).check(row).values
    assert (values["students"], values["students_most"]) == (25, 30)


def test_a_linked_course_gives_a_row_for_each_instance(context: Flask) -> None:
    thing = {
        "@context": {"@vocab": "https://schema.org/"},
        "@graph": [
            {
                "@type": ["schema:Course", "LearningResource"],
                "@id": "#hyd",
                "schema:name": [{"@value": "L'eau", "@language": "fr"}, {"@value": "Water", "@language": "en"}],
                "courseCode": "HYD-204",
                "about": [
                    {"@type": "DefinedTerm", "inDefinedTermSet": "https://example.org/ISCED-F", "termCode": "0712"},
                    "Hydrology",
                    {"name": "Floods"},
                ],
                "teaches": ["Read a map", {"@type": "DefinedTerm", "name": "Write a report"}],
                "educationalCredentialAwarded": "Bachelor of Science",
                "inLanguage": [{"@type": "Language", "name": "English", "alternateName": "en"}, "fr"],
                "hasCourseInstance": [{"@id": "#spring"}, {"@type": "CourseInstance", "startDate": "2027-09-01"}],
            },
            {
                "@type": "CourseInstance",
                "@id": "#spring",
                "startDate": "2027-02-15",
                "endDate": "2027-06-04",
                "courseMode": ["online", "synchronous"],
                "courseSchedule": {
                    "@type": "Schedule",
                    "byDay": ["https://schema.org/Monday", "WE"],
                    "startTime": "09:00:00",
                    "endTime": "10:30",
                    "scheduleTimezone": "Asia/Ho_Chi_Minh",
                },
            },
        ],
    }
    file = kinds.read(json_file(thing))
    assert file.place is Place.COURSE
    spring, autumn = (Checker(no_values()).check(row) for row in file.rows)
    assert spring.problems == autumn.problems == ()
    assert spring.values == {
        "title": "Water",
        "outcomes": ["Read a map", "Write a report"],
        "isced_f": "0712",
        "discipline": "Hydrology",
        "keywords": ["Floods"],
        "level": "bachelor",
        "exchange_languages": {"en": None, "fr": None},
        "starts_on": date(2027, 2, 15),
        "ends_on": date(2027, 6, 4),
        "mode": "synchronous",
        "slots": [
            {"weekday": "mon", "start": "09:00", "end": "10:30"},
            {"weekday": "wed", "start": "09:00", "end": "10:30"},
        ],
        "time_zone": "Asia/Ho_Chi_Minh",
    }
    assert autumn.values["starts_on"] == date(2027, 9, 1)
    assert "mode" not in autumn.values
    assert file.rows[0].values["own_id"] != file.rows[1].values["own_id"]


def test_an_offered_course_gives_its_days_and_its_term(context: Flask) -> None:
    course = {
        "courseId": "123e4567-e89b-12d3-a456-426614174000",
        "abbreviation": "HYD",
        "name": [{"language": "en-GB", "value": "Water"}],
        "description": [{"language": "en-GB", "value": "Rivers."}],
        "teachingLanguage": "nl-NL",
        "level": "associate degree",
        "modeOfDelivery": ["online"],
        "learningOutcomes": [[{"language": "en", "value": "Read a map"}], [{"language": "en", "value": "Report"}]],
        "fieldsOfStudy": "0712",
        "courseOfferings": [
            {
                "offeringId": "o1",
                "startDate": "2027-02-15",
                "endDate": "2027-06-04",
                "teachingLanguage": "en-GB",
                "academicSession": {"name": [{"language": "en", "value": "Spring 2027"}]},
            }
        ],
    }
    checked = Checker(no_values()).check(kinds.read(json_file(course)).rows[0])
    assert checked.problems == ()
    assert checked.values == {
        "title": "Water",
        "description": "Rivers.",
        "outcomes": ["Read a map", "Report"],
        "exchange_languages": {"en": None},
        "isced_f": "0712",
        "level": "tvet",
        "eqf": 5,
        "starts_on": date(2027, 2, 15),
        "ends_on": date(2027, 6, 4),
        "term_name": "Spring 2027",
    }
