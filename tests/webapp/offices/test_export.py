"""Everything of an institution as files: all tables, no formula, no student, no private word, and noted."""

import csv
import io
import zipfile
from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale
from openpyxl import load_workbook

from tests import factories
from tests.webapp.imports.building import words
from tests.webapp.offices.conftest import House
from webapp.access import Role
from webapp.audit.models import AuditEvent
from webapp.db import db
from webapp.i18n import LANGUAGES
from webapp.institutions.models import Institution, InstitutionTerm
from webapp.matches.models import Match, MatchEvent
from webapp.offices import export_queries, exporting, files
from webapp.profiles.models import CourseProfile

Tables = dict[str, list[list[str]]]


def as_zip(client: FlaskClient, house: House) -> Tables:
    answer = client.post(f"/house/{house.hanoi}/export", data={"ending": "zip"})
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        return {
            name.removesuffix(".csv"): list(csv.reader(io.StringIO(archive.read(name).decode("utf-8-sig"))))
            for name in archive.namelist()
        }


def as_workbook(client: FlaskClient, house: House) -> Tables:
    answer = client.post(f"/house/{house.hanoi}/export", data={"ending": "xlsx"})
    book = load_workbook(io.BytesIO(answer.data))
    return {
        sheet.title: [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
        for sheet in book
    }


def test_the_tables_hold_what_the_institution_has(app: Flask, office: FlaskClient, house: House) -> None:
    with app.app_context():
        factories.agreement(db.session.get_one(Institution, house.hanoi), db.session.get_one(Institution, house.lisbon))
        db.session.commit()
    tables = as_zip(office, house)
    assert tuple(tables) == exporting.NAMES
    assert [row[1] for row in tables["courses"]] == ["Title of the course", "Urban water", "Law", "Poems"]
    assert [row[:2] for row in tables["lecturers"][1:]] == [["Mai", "mai@hanu.example"]]
    assert [(row[1], row[3], row[5], row[6]) for row in tables["matches"][1:]] == [
        ("Approved", "Urban water", "Rivers", "University of Lisbon"),
        ("Proposed", "Law", "Droit", "Sorbonne"),
        ("Declined", "Poems", "Cities", "University of Lisbon"),
    ]
    assert [row[1:6] for row in tables["approvals"][1:]] == [
        ["Urban water", "2026-11-27 09:00", "Approved", "The partner", ""],
        ["Urban water", "2026-12-01 09:00", "Approved", "Your side", "Lan"],
    ]
    assert [row[0] for row in tables["agreements"][1:]] == ["University of Lisbon"]


def test_the_workbook_says_the_same_a_sheet_each(office: FlaskClient, house: House) -> None:
    sheets, tables = as_workbook(office, house), as_zip(office, house)
    assert list(sheets) == [
        *("Read me", "Institution", "Terms", "Courses", "Lecturers", "Colleagues"),
        *("Matches", "Steps", "Plans", "Approvals", "Agreements", "Targets"),
    ]
    # The first sheet tells when its file was made; CSV knows no line ends of its own.
    assert list(sheets.values())[1:] == list(tables.values())[1:]


def test_the_first_sheet_explains_every_column_of_the_others(office: FlaskClient, house: House) -> None:
    sheets = as_workbook(office, house)
    dictionary = {(sheet, column): meaning for sheet, column, meaning in sheets["Read me"][1:] if sheet}
    assert set(dictionary) == {
        (name, column) for name, rows in sheets.items() if name != "Read me" for column in rows[0]
    }
    assert all(dictionary.values())
    notes = " ".join(meaning for sheet, _column, meaning in sheets["Read me"] if not sheet)
    assert "Everything Hanoi University has on Causeway, as it was on" in notes


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_dictionary_fits_in_every_language(app: Flask, house: House, language: str) -> None:
    with app.test_request_context(), force_locale(language):
        at = db.session.get_one(Institution, house.hanoi)
        tables = exporting.tables(at, export_queries.everything(house.hanoi), factories.AT)
        assert len(tables) == len(exporting.NAMES)
        assert load_workbook(io.BytesIO(files.as_xlsx(tables))).sheetnames == [name[:31] for name in tables]


def test_what_the_house_says_and_wants_and_who_works_there_is_in_it(
    app: Flask, office: FlaskClient, house: House
) -> None:
    with app.app_context():
        at = db.session.get_one(Institution, house.hanoi)
        at.credit_system, at.support = "ects", "A room for live hours"
        factories.target(at)
        db.session.add(
            InstitutionTerm(
                institution_id=at.id, name="Semester 2", starts_on=date(2027, 2, 15), ends_on=date(2027, 6, 4),
                breaks=[{"from": "2027-04-26", "to": "2027-05-02"}],
            )
        )  # fmt: skip
        db.session.commit()
    tables = as_zip(office, house)
    says = dict(tables["institution"][1:])
    assert (says["Name"], says["Country"], says["What the office offers"], says["Who approves"]) == (
        "Hanoi University", "Vietnam", "A room for live hours", "the office",
    )  # fmt: skip
    assert tables["terms"][1:] == [["Semester 2", "2027-02-15", "2027-06-04", "2027-04-26/2027-05-02"]]
    assert [row[:5] for row in tables["colleagues"][1:]] == [["Lan", "office@hanu.example", "English", "yes", "no"]]
    assert len(tables["targets"]) == 2


def test_every_step_and_every_version_of_a_plan_is_in_it(office: FlaskClient, house: House) -> None:
    tables = as_zip(office, house)
    assert [row[1:6] for row in tables["steps"][1:6]] == [
        ["Urban water", "2026-11-23 09:00", "Proposed by the matching round", "Both", ""],
        ["Urban water", "2026-11-24 09:00", "Accepted", "Your side", "Mai"],
        ["Urban water", "2026-11-26 09:00", "Accepted", "The partner", ""],
        ["Urban water", "2026-11-27 09:00", "Approved", "The partner", ""],
        ["Urban water", "2026-12-01 09:00", "Approved", "Your side", "Lan"],
    ]
    (plan,) = [dict(zip(tables["plans"][0], row, strict=True)) for row in tables["plans"][1:]]
    told = ("Your course", "Version of the plan", "Why", "Who leads", "Your students", "Weeks")
    assert [plan[name] for name in told] == [
        *("Urban water", "1", "Both lecturers accepted", "Hanoi University leads", "24 to 26 students", ""),
    ]
    assert plan["Fingerprint of the plan (SHA-256)"] == "f" * 64


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "'=1"])
def test_no_cell_is_ever_computed(app: Flask, office: FlaskClient, house: House, text: str) -> None:
    with app.app_context():
        db.session.query(CourseProfile).filter_by(title="Urban water").one().title = text
        db.session.commit()
    for tables in (as_zip(office, house), as_workbook(office, house)):
        courses, matches = (
            next(rows for name, rows in tables.items() if name.lower() == n) for n in ("courses", "matches")
        )
        assert courses[1][1] == matches[1][3] == f"'{text}"
    answer = office.post(f"/house/{house.hanoi}/export", data={"ending": "xlsx"})
    cells = [cell for sheet in load_workbook(io.BytesIO(answer.data)) for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}


def test_signs_no_workbook_bears_are_left_out() -> None:
    table = [["Title"], ["a\x00b\x0b\ud800c\nd"]]
    assert files.as_csv(table).decode("utf-8-sig").splitlines() == ["Title", '"abc', 'd"']
    cell = load_workbook(io.BytesIO(files.as_xlsx({"Sheet": table}))).active["A2"]
    assert cell.value == "abc\nd"


def test_neither_notes_nor_messages_nor_the_partners_people_are_in_it(
    app: Flask, office: FlaskClient, house: House
) -> None:
    with app.app_context():
        match = db.session.get_one(Match, 1)
        factories.message(match, match.course_a.lecturer, "A private word")
        for event in db.session.query(MatchEvent):
            event.note = "A quiet note"
        db.session.commit()
    text = str(as_zip(office, house))
    for word in ("A private word", "A quiet note", "Rui", "rui@ulisboa.example", "office@ulisboa.example"):
        assert word not in text


def test_taking_the_file_is_noted_and_looking_at_the_page_is_not(
    office: FlaskClient, house: House, noted: Callable[[], list[AuditEvent]]
) -> None:
    assert office.get(f"/house/{house.hanoi}/export").status_code == 200
    assert noted() == []
    as_zip(office, house)
    (event,) = noted()
    assert (event.action, event.actor_id, event.institution_id) == ("offices.export", house.office, house.hanoi)
    assert event.after == {"file": "zip", "courses": 3, "lecturers": 1, "matches": 3}
    page = words(office.get("/audit").text)
    assert "File: CSV files in one archive" in page
    assert "Matches: 3" in page
    assert office.post(f"/house/{house.hanoi}/export", data={"ending": "exe"}).status_code == 400


def test_the_export_is_for_the_own_office_and_administrators(
    app: Flask, house: House, sign_in: Callable[[int], FlaskClient]
) -> None:
    with app.app_context():
        lisbon = db.session.get_one(Institution, house.lisbon)
        refused = [
            factories.user("office2@ulisboa.example", Role.OFFICE, lisbon).id,
            factories.user("noor@asem.example", Role.COORDINATOR).id,
            house.mai,
        ]
        db.session.commit()
    for person in refused:
        assert sign_in(person).get(f"/house/{house.hanoi}/export").status_code == 403
        answer = sign_in(person).post(f"/house/{house.hanoi}/export", data={"ending": "zip"})
        assert answer.status_code == 403
    assert as_zip(sign_in(house.administrator), house)["courses"]


def test_what_is_asked_of_the_database_does_not_grow(app: Flask, house: House) -> None:
    asked: list[str] = []
    with app.app_context():
        sa.event.listen(db.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
        db.session.connection()
        asked.clear()
        lisbon = db.session.get_one(Institution, house.lisbon)
        exporting.tables(lisbon, export_queries.everything(house.lisbon), factories.AT)
        few = len(asked)
        db.session.expunge_all()
        hanoi = db.session.get_one(Institution, house.hanoi)
        found = export_queries.everything(house.hanoi)
        exporting.tables(hanoi, found, factories.AT)
    assert (len(found.courses), len(found.lecturers), len(found.matches), len(found.approvals)) == (3, 1, 3, 2)
    assert len(asked) == 2 * few
