"""Pasting a syllabus: who may, what is shown and what is kept, with and without scripts."""

import json
import re
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from webapp.access import Role
from webapp.db import db
from webapp.institutions.models import Institution
from webapp.profiles.models import FormDraft
from webapp.syllabus import views
from webapp.syllabus.suggestion import Suggestion

SYLLABI = Path(__file__).parent / "data" / "syllabi"
ENGLISH = (SYLLABI / "en.txt").read_text(encoding="utf-8")
PART = {"HX-Request": "true"}

SignIn = Callable[[int], FlaskClient]


@pytest.fixture
def lecturer(app: Flask, sign_in: SignIn) -> FlaskClient:
    """The browser of a lecturer nobody has verified yet."""
    with app.app_context():
        person = factories.user("linh@hanu.example", at=factories.institution(), verified_at=None)
        db.session.commit()
        person_id = person.id
    return sign_in(person_id)


def drafts_of(app: Flask) -> dict[str, list[list[str]]]:
    with app.app_context():
        return {draft.form: draft.fields for draft in db.session.scalars(sa.select(FormDraft))}


def suggested(page: str) -> dict[str, BeautifulSoup]:
    return {str(it["data-part"]): it for it in BeautifulSoup(page, "html.parser").select(".suggestion")}


def payloads(page: str, *parts: str) -> list[str]:
    return [str(it.select_one("input")["value"]) for part, it in suggested(page).items() if part in parts]


def test_the_form_of_a_new_course_offers_the_box_open_and_says_that_the_text_is_not_stored(
    lecturer: FlaskClient,
) -> None:
    page = BeautifulSoup(lecturer.get("/courses/new").text, "html.parser")
    box = page.select_one("#syllabus")
    assert box is not None
    assert box.has_attr("open")
    assert "not stored" in box.get_text()
    assert page.select_one("#course-form #syllabus") is None


def test_the_part_beside_the_form_names_everything_and_shows_no_codes(lecturer: FlaskClient) -> None:
    answer = lecturer.post("/courses/suggestions", data={"text": ENGLISH}, headers=PART)
    found = suggested(answer.text)
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert "Urban Water and Climate Adaptation" in found["title"].get_text()
    assert "Bachelor" in found["level"].get_text()
    assert "English, B2: discusses most topics" in found["exchange_languages"].get_text()
    assert "SDG 6: Clean water and sanitation" in found["sdgs"].get_text()
    assert "Tuesday, 10:00 to 11:30" in found["slots"].get_text()
    assert "Teamwork" in found["skills"].get_text()
    words = " ".join(it.get_text() for it in found.values())
    assert not re.search(r"\b(0\d{3}|U2\.3|bachelor|isced_f)\b", words)
    for it in found.values():
        assert re.search(r"\b(sure|likely|perhaps)\b", it.get_text())
        assert json.loads(str(it.select_one("[data-take]")["data-take"]))


def test_the_field_of_education_is_shown_with_its_chance_and_two_alternates(lecturer: FlaskClient) -> None:
    it = suggested(lecturer.post("/courses/suggestions", data={"text": ENGLISH}, headers=PART).text)["isced_f"]
    assert re.search(r"\d+ of 100", it.select_one(".why").get_text())
    assert len(it.select("[data-take]")) == 3


def test_nothing_of_the_text_is_stored(app: Flask, lecturer: FlaskClient) -> None:
    lecturer.post("/courses/suggestions", data={"text": ENGLISH})
    with app.app_context():
        names = sa.inspect(db.engine).get_table_names()
    kept = []
    with app.app_context():
        for name in names:
            kept += db.session.execute(sa.select(sa.text("*")).select_from(sa.table(name))).all()
    assert kept
    assert "Riverside" not in repr(kept)
    assert "urban water" not in repr(kept).lower()
    assert not list(Path(app.config["SETTINGS"].cache_folder).glob("*"))


def test_reading_a_text_keeps_nobody_from_writing(
    app: Flask, lecturer: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write_meanwhile(text: str, meaning: object) -> list[Suggestion]:
        other = sqlite3.connect(app.config["SETTINGS"].database_url.removeprefix("sqlite:///"), timeout=1)
        other.execute("update institutions set name = 'Written meanwhile'")
        other.commit()
        other.close()
        return []

    monkeypatch.setattr(views, "read", write_meanwhile)
    assert lecturer.post("/courses/suggestions", data={"text": ENGLISH}).status_code == 200
    with app.app_context():
        assert db.session.scalar(sa.select(Institution.name)) == "Written meanwhile"


def test_without_scripts_what_is_chosen_stands_in_the_form_of_a_new_course(app: Flask, lecturer: FlaskClient) -> None:
    page = lecturer.post("/courses/suggestions", data={"text": ENGLISH}).text
    chosen = payloads(page, "title", "level", "exchange_languages", "slots", "sdgs", "students", "starts_on")
    field = BeautifulSoup(page, "html.parser").select_one("input[type=radio]:checked")
    answer = lecturer.post("/courses/suggestions/taken", data={"take": chosen, "take-isced_f": str(field["value"])})
    assert answer.status_code == 303
    form = BeautifulSoup(lecturer.get(answer.location).text, "html.parser")
    assert form.select_one("#title")["value"] == "Urban Water and Climate Adaptation"
    assert form.select_one("#level option[selected]")["value"] == "bachelor"
    assert form.select_one("#isced_f option[selected]")["value"] == json.loads(str(field["value"]))["fields"]["isced_f"]
    assert form.select_one("#exchange_languages-0-language option[selected]")["value"] == "en"
    assert form.select_one("#exchange_languages-0-level option[selected]")["value"] == "B2"
    assert form.select_one("#starts_on")["value"] == "2027-02-15"
    assert form.select_one("#students")["value"] == "25"
    assert form.select_one("#capacity")["value"] == "1"
    assert [it["value"] for it in form.select("[name=sdgs][checked]")] == ["6", "13"]
    assert [form.select_one(f"#slots-1-{cell}")["value"] for cell in ("start", "end")] == ["14:00", "15:30"]
    assert not form.select_one("#description").get_text(strip=True)
    assert set(drafts_of(app)) == {"course:new"}


def test_without_scripts_what_was_typed_is_shown_and_stays_unless_one_chooses_otherwise(
    app: Flask, lecturer: FlaskClient
) -> None:
    lecturer.post("/courses/drafts", data={"title": "My own title", "discipline": "Water", "level": "master"})
    page = lecturer.post("/courses/suggestions", data={"text": ENGLISH}).text
    found = suggested(page)
    assert "You have typed: My own title" in " ".join(found["title"].get_text().split())
    assert "Master" in found["level"].get_text()
    assert not found["title"].select_one("input").has_attr("checked")
    assert found["students"].select_one("input").has_attr("checked")
    lecturer.post("/courses/suggestions/taken", data={"take": payloads(page, "students", "level")})
    kept = drafts_of(app)["course:new"]
    assert ["title", "My own title"] in kept
    assert ["discipline", "Water"] in kept
    assert [value for name, value in kept if name == "level"] == ["bachelor"]


def test_choosing_nothing_changes_nothing(app: Flask, lecturer: FlaskClient) -> None:
    answer = lecturer.post("/courses/suggestions/taken", data={"take-isced_f": ""}, follow_redirects=True)
    assert "Nothing was chosen" in answer.text
    assert drafts_of(app) == {}


@pytest.mark.parametrize("given", ["{", "[]", "7", '{"fields": 3, "checks": ["x"], "rows": {"slots": 1}}', "[" * 5000])
def test_what_no_page_of_ours_sends_is_no_error(lecturer: FlaskClient, given: str) -> None:
    assert lecturer.post("/courses/suggestions/taken", data={"take": given}).status_code == 303


def test_only_fields_that_suggestions_fill_are_filled(app: Flask, lecturer: FlaskClient) -> None:
    given = {"fields": {"title": "A", "version": "9", "csrf_token": "x"}, "rows": {"breaks": [{"first": "x"}]}}
    lecturer.post("/courses/suggestions/taken", data={"take": json.dumps(given)})
    assert drafts_of(app)["course:new"] == [["capacity", "1"], ["title", "A"]]


def test_markup_in_a_text_is_shown_as_text(lecturer: FlaskClient) -> None:
    hostile = f'Course title: Water "><img src=x onerror=alert(1)> {{{{7*7}}}}\n{ENGLISH}'
    for headers in (PART, {}):
        page = lecturer.post("/courses/suggestions", data={"text": hostile}, headers=headers).text
        assert "<img" not in page
        assert "&lt;img src=x" in page
        assert "{{7*7}}" in page


@pytest.mark.parametrize("headers", [PART, {}])
def test_an_empty_box_is_answered_with_what_to_do(lecturer: FlaskClient, headers: dict[str, str]) -> None:
    answer = lecturer.post("/courses/suggestions", data={"text": "  "}, headers=headers)
    assert answer.status_code == 422
    assert "Paste the text first" in answer.text


@pytest.mark.parametrize("headers", [PART, {}])
def test_a_text_that_says_nothing_is_answered_kindly(lecturer: FlaskClient, headers: dict[str, str]) -> None:
    answer = lecturer.post("/courses/suggestions", data={"text": "1 2 3"}, headers=headers)
    assert answer.status_code == 200
    assert "Nothing found to suggest" in answer.text


def test_a_long_text_is_cut_and_the_page_says_so(lecturer: FlaskClient) -> None:
    answer = lecturer.post("/courses/suggestions", data={"text": ENGLISH + " water" * 12_000}, headers=PART)
    assert answer.status_code == 200
    assert "first 60,000 characters were read" in answer.text


@pytest.mark.parametrize("role", [Role.OFFICE, Role.COORDINATOR, Role.ADMINISTRATOR])
def test_only_lecturers_may(app: Flask, sign_in: SignIn, role: Role) -> None:
    with app.app_context():
        person = factories.user("other@hanu.example", role, at=factories.institution())
        db.session.commit()
        person_id = person.id
    client = sign_in(person_id)
    for address in ("/courses/suggestions", "/courses/suggestions/taken"):
        assert client.post(address, data={"text": ENGLISH}).status_code == 403
