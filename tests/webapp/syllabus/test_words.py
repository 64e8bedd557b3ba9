"""Levels, sizes, languages, days and hours as words of a text tell them; what is unclear is not suggested."""

from typing import Any

import pytest

from webapp.syllabus.class_size import suggest_students
from webapp.syllabus.filling import Filling, filled, filling_of, typed_in
from webapp.syllabus.level import suggest_level
from webapp.syllabus.reading import page_of
from webapp.syllabus.spoken import suggest_languages
from webapp.syllabus.suggestion import Suggestion
from webapp.syllabus.when import suggest_dates, suggest_slots


def values(found: list[Suggestion]) -> dict[str, Any]:
    return {name: value for it in found for name, value in it.values.items()}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("An undergraduate course for engineers.", {"level": "bachelor"}),
        ("Cours de licence 3, semestre 5.", {"level": "bachelor"}),
        ("大学院の授業です。", {"level": "master"}),
        ("Level: Master\nOpen to undergraduate students too.", {"level": "master"}),
        ("EQF level 7", {"level": "master", "eqf": 7}),
        ("BIO 101 Genes and cells\nA course.", {"level": "bachelor"}),
        ("Dành cho sinh viên năm thứ 2", {"level": "bachelor"}),
        ("For undergraduate and postgraduate learners.", {}),
        ("Lecturer: Jane Roe, PhD, MSc. We study rivers.", {}),
        ("Students must master the basics.", {}),
        ("Prerequisite: a bachelor's degree. We study rivers.", {}),
        ("Conference of 2027 in HALL 2025", {}),
        ("We study rivers.", {}),
    ],
)
def test_levels(text: str, expected: dict[str, Any]) -> None:
    assert values(suggest_level(page_of(text))) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Class size: 20-25", {"students": 20, "students_most": 25}),
        ("max. 25 students take part", {"students": 25}),
        ("定員：40名", {"students": 40}),
        ("人数：30人", {"students": 30}),
        ("Sĩ số: 45", {"students": 45}),
        ("In teams of 6 students you build a bridge.", {}),
        ("30 students in spring, 45 students in autumn", {}),
        ("Our university has 24,000 students.", {}),
        ("2 students", {}),
    ],
)
def test_sizes(text: str, expected: dict[str, Any]) -> None:
    assert values(suggest_students(page_of(text))) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The course is taught in English and open to all.", {"en": None}),
        ("Der Kurs wird auf Deutsch unterrichtet.\nUnterrichtssprache: Englisch (B2)", {"en": "B2"}),
        ("Language: French\nStudents have level B1 in French or better.", {"fr": "B1"}),
        ("Language of instruction: Chinese (HSK 4)", {"zh": None}),
        ("Language: English. Room B2 in the main building.", {"en": None}),
    ],
)
def test_languages_of_the_exchange(text: str, expected: dict[str, Any]) -> None:
    assert values(suggest_languages(page_of(text), ""))["exchange_languages"] == expected


def test_a_language_the_title_names_as_its_subject_is_being_learnt() -> None:
    found = suggest_languages(page_of("Japanese as a foreign language\nWe read and talk together."), "Japanese 2")
    assert values(found)["learning_languages"] == ["ja"]


def test_the_language_of_the_text_stands_in_with_a_low_chance() -> None:
    (found,) = suggest_languages(page_of("Les étudiants observent la ville et ses habitants pendant un semestre."), "")
    assert (found.values["exchange_languages"], found.chance) == ({"fr": None}, 0.5)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2027-02-15 to 2027-05-28", ("2027-02-15", "2027-05-28")),
        ("February 15, 2027 – May 28, 2027", ("2027-02-15", "2027-05-28")),
        ("from 15 February to 28 May 2027", ("2027-02-15", "2027-05-28")),
        ("2027年4月8日から7月22日まで", ("2027-04-08", "2027-07-22")),
        ("15.02.2027 bis 28.05.2027", ("2027-02-15", "2027-05-28")),
        ("03/04/2027 - 05/06/2027", None),
        ("2027-02-15 to 2027-02-16", None),
        ("Report due 2027-03-01. Exam on 2027-06-10.", None),
        ("2027-02-15 to 2027-05-28, or 2027-09-01 to 2027-12-18", None),
        ("31 February 2027 to 28 May 2027", None),
    ],
)
def test_days_of_the_term(text: str, expected: tuple[str, str] | None) -> None:
    found = values(suggest_dates(page_of(text)))
    assert (tuple(day.isoformat() for day in found.values()) or None) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mondays 9:00-10:30", [("mon", "09:00", "10:30")]),
        ("Friday, 2–4 pm", [("fri", "14:00", "16:00")]),
        ("mercredi de 8h30 à 10h", [("wed", "08:30", "10:00")]),
        ("水曜日 13:00~14:30", [("wed", "13:00", "14:30")]),
        ("Monday 10-12", []),
        ("月曜3限", []),
        ("Monday 10:30-9:00", []),
        ("Monday 25:00-26:00", []),
    ],
)
def test_weekly_hours(text: str, expected: list[tuple[str, str, str]]) -> None:
    slots = values(suggest_slots(page_of(text))).get("slots", [])
    assert [(one["weekday"], one["start"], one["end"]) for one in slots] == expected


def test_a_filling_adds_rows_and_boxes_and_replaces_only_single_values() -> None:
    typed = [
        ["title", "Mine"],
        ["sdgs", "4"],
        ["exchange_languages-0-language", "en"],
        ["exchange_languages-0-level", "C1"],
        ["slots-0-weekday", ""],
        ["slots-0-start", ""],
        ["slots-0-end", ""],
    ]
    given = {
        "title": "Theirs",
        "sdgs": [4, 6],
        "exchange_languages": {"en": "B2", "fr": None},
        "slots": [{"weekday": "tue", "start": "10:00", "end": "11:30"}],
    }
    filling = filling_of(given)
    assert typed_in(typed, filling) == {"title": "Mine"}
    assert sorted(filled(typed, filling)) == [
        ["exchange_languages-0-language", "en"],
        ["exchange_languages-0-level", "C1"],
        ["exchange_languages-1-language", "fr"],
        ["exchange_languages-1-level", ""],
        ["sdgs", "4"],
        ["sdgs", "6"],
        ["slots-0-end", "11:30"],
        ["slots-0-start", "10:00"],
        ["slots-0-weekday", "tue"],
        ["title", "Theirs"],
    ]
    assert Filling.from_json(filling.to_dict()) == filling
