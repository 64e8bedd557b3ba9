"""What is typed into the course form and not saved yet is kept, offered, and forgotten in time."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from config import Settings
from tests import factories
from tests.webapp.profiles.filling import FULL, as_lists, sent_back
from webapp import jobs
from webapp.db import db
from webapp.profiles import drafts, queries
from webapp.profiles.models import CourseProfile, FormDraft

SignIn = Callable[[int], FlaskClient]


@pytest.fixture
def place(app: Flask, sign_in: SignIn) -> tuple[FlaskClient, int, int]:
    """The browser of a lecturer, a course of theirs, and a course of a colleague."""
    with app.app_context():
        hanoi = factories.institution()
        mai, linh = factories.user(at=hanoi), factories.user("linh@hanu.example", at=hanoi)
        own = factories.course(mai, updated_at=datetime(2026, 1, 5, 9, 0, tzinfo=UTC))
        other = factories.course(linh)
        db.session.commit()
        ids = mai.id, own.id, other.id
    return sign_in(ids[0]), ids[1], ids[2]


def kept(app: Flask) -> dict[str, dict[str, list[str]]]:
    """The drafts in the database: values by name, by form."""
    with app.app_context():
        return {
            row.form: MultiDict([(name, value) for name, value in row.fields]).to_dict(flat=False)
            for row in db.session.scalars(sa.select(FormDraft))
        }


def test_what_is_typed_is_kept_as_sent_and_nothing_is_published(
    app: Flask, place: tuple[FlaskClient, int, int]
) -> None:
    mai, _own, _other = place
    answer = mai.post("/courses/drafts", data=FULL | {"csrf_token": "x", "then": "publish", "add": "slots"})
    assert answer.status_code == 200
    assert answer.get_json()["text"].startswith("Kept at ")
    assert kept(app) == {"course:new": as_lists(FULL)}
    with app.app_context():
        assert db.session.query(CourseProfile).count() == 2


def test_a_new_course_goes_on_where_it_was_left(app: Flask, place: tuple[FlaskClient, int, int]) -> None:
    mai, _own, _other = place
    mai.post("/courses/drafts", data={"title": "Old"})
    mai.post("/courses/drafts", data=FULL | {"students": "about thirty"})
    page = mai.get("/courses/new")
    assert "This is what you typed here on" in page.text
    back = sent_back(page.text)
    assert {name: back[name] for name in FULL} == as_lists(FULL | {"students": "about thirty"})
    assert "error-summary" not in page.text


def test_saving_a_course_forgets_what_was_kept_of_its_form(app: Flask, place: tuple[FlaskClient, int, int]) -> None:
    mai, own, _other = place
    mai.post("/courses/drafts", data=FULL)
    mai.post(f"/courses/drafts?course={own}", data=FULL)
    assert set(kept(app)) == {"course:new", f"course:{own}"}
    answer = mai.post("/courses/new", data=FULL | {"then": "save"})
    assert answer.status_code == 303
    assert set(kept(app)) == {f"course:{own}"}
    assert 'data-autosave-forget="causeway:' in mai.get(answer.location).text
    assert 'data-autosave-forget="causeway:' not in mai.get(answer.location).text
    version = sent_back(mai.get(f"/courses/{own}/edit").text)["version"]
    assert mai.post(f"/courses/{own}/edit", data=FULL | {"version": version}).status_code == 303
    assert kept(app) == {}


def test_a_form_with_errors_keeps_the_draft(app: Flask, place: tuple[FlaskClient, int, int]) -> None:
    mai, _own, _other = place
    mai.post("/courses/drafts", data=FULL)
    assert mai.post("/courses/new", data=FULL | {"title": ""}).status_code == 422
    assert set(kept(app)) == {"course:new"}


def test_a_course_is_shown_as_saved_and_offers_what_was_typed_since(
    app: Flask, place: tuple[FlaskClient, int, int]
) -> None:
    mai, own, _other = place
    typed = sent_back(mai.get(f"/courses/{own}/edit").text) | {"title": ["Urban floods"]}
    mai.post(f"/courses/drafts?course={own}", data=typed)
    page = mai.get(f"/courses/{own}/edit").text
    assert "You were typing here on" in page
    assert sent_back(page)["title"] == ["Urban water"]
    assert f"/courses/{own}/edit?draft=continue" in page
    again = mai.get(f"/courses/{own}/edit?draft=continue").text
    assert sent_back(again)["title"] == ["Urban floods"]
    assert "This is what you typed here on" in again
    assert mai.post(f"/courses/{own}/edit", data=sent_back(again)).status_code == 303
    assert "You were typing" not in mai.get(f"/courses/{own}/edit").text


def test_a_draft_that_says_what_is_saved_or_is_older_is_not_offered(
    app: Flask, place: tuple[FlaskClient, int, int]
) -> None:
    mai, own, _other = place
    typed = sent_back(mai.get(f"/courses/{own}/edit").text)
    mai.post(f"/courses/drafts?course={own}", data=typed)
    assert "You were typing" not in mai.get(f"/courses/{own}/edit").text
    mai.post(f"/courses/drafts?course={own}", data=typed | {"title": ["Urban floods"]})
    assert "You were typing" in mai.get(f"/courses/{own}/edit").text
    with app.app_context():
        row = db.session.scalars(sa.select(FormDraft)).one()
        row.saved_at = db.session.get_one(CourseProfile, own).updated_at - timedelta(minutes=1)
        db.session.commit()
    assert "You were typing" not in mai.get(f"/courses/{own}/edit").text
    mai.post("/courses/drafts", data=sent_back(mai.get("/courses/new").text))
    assert "This is what you typed" not in mai.get("/courses/new").text


def test_a_draft_typed_over_an_older_version_is_shown_beside_the_newer(
    app: Flask, place: tuple[FlaskClient, int, int]
) -> None:
    mai, own, _other = place
    typed = sent_back(mai.get(f"/courses/{own}/edit").text)
    assert mai.post(f"/courses/{own}/edit", data=typed | {"title": ["Rivers"]}).status_code == 303
    mai.post(f"/courses/drafts?course={own}", data=typed | {"title": ["Urban floods"]})
    again = sent_back(mai.get(f"/courses/{own}/edit?draft=continue").text)
    answer = mai.post(f"/courses/{own}/edit", data=again)
    assert answer.status_code == 409
    assert "Rivers" in answer.text
    assert sent_back(answer.text)["title"] == ["Urban floods"]


def test_a_draft_can_be_dropped(app: Flask, place: tuple[FlaskClient, int, int]) -> None:
    mai, own, _other = place
    mai.post("/courses/drafts", data=FULL)
    mai.post(f"/courses/drafts?course={own}", data=FULL)
    answer = mai.post("/courses/drafts/drop")
    assert (answer.status_code, answer.location) == (303, "/courses/new")
    assert set(kept(app)) == {f"course:{own}"}
    answer = mai.post(f"/courses/drafts/drop?course={own}")
    assert (answer.status_code, answer.location) == (303, f"/courses/{own}/edit")
    assert kept(app) == {}


def test_drafts_belong_to_their_person(app: Flask, place: tuple[FlaskClient, int, int], sign_in: SignIn) -> None:
    mai, own, other = place
    mai.post("/courses/drafts", data=FULL)
    assert mai.post(f"/courses/drafts?course={other}", data=FULL).status_code == 403
    assert mai.post(f"/courses/drafts/drop?course={other}").status_code == 403
    for wrong in ("999999", "0x1", "-1", "²", "9" * 30):
        assert mai.post("/courses/drafts", query_string={"course": wrong}, data=FULL).status_code == 404, wrong
    with app.app_context():
        linh_id = db.session.get_one(CourseProfile, other).lecturer_id
    linh = sign_in(linh_id)
    assert "Rivers &amp; cities" not in linh.get("/courses/new").text
    assert linh.post("/courses/drafts/drop").status_code == 303
    assert set(kept(app)) == {"course:new"}
    assert own != other


@pytest.mark.parametrize(
    "data",
    [
        {"description": "x" * (drafts.MOST_CHARACTERS + 1)},
        {f"field-{n}": "x" for n in range(drafts.MOST_FIELDS + 1)},
    ],
)
def test_more_than_a_form_can_hold_is_refused(
    app: Flask, place: tuple[FlaskClient, int, int], data: dict[str, str]
) -> None:
    mai, _own, _other = place
    assert mai.post("/courses/drafts", data=data).status_code == 413
    assert kept(app) == {}


def test_a_draft_of_nonsense_breaks_no_page(place: tuple[FlaskClient, int, int]) -> None:
    mai, own, _other = place
    nonsense = {
        **{
            "isced_f": "x",
            "eqf": "x",
            "level": "x",
            "mode": "x",
            "sdgs": ["x", "99"],
            "tools": ["?"],
            "starts_on": "x",
        },
        **{"slots-0-weekday": "Funday", "slots-0-start": "09:00", "slots-0-end": "08:00", "starts_on": "x"},
        **{"exchange_languages-7-language": "x", "breaks-0-first": "2027-02-30", "version": "x", "wish_field": "x"},
    }
    mai.post("/courses/drafts", data=nonsense)
    mai.post(f"/courses/drafts?course={own}", data=nonsense)
    for address in ("/courses/new", f"/courses/{own}/edit", f"/courses/{own}/edit?draft=continue"):
        assert mai.get(address).status_code == 200, address


def test_a_draft_needs_its_token_and_a_signed_in_person(
    app: Flask, place: tuple[FlaskClient, int, int], client: FlaskClient
) -> None:
    mai, _own, _other = place
    assert client.post("/courses/drafts", data=FULL).status_code == 302
    app.config["WTF_CSRF_ENABLED"] = True
    assert mai.post("/courses/drafts", data=FULL).status_code == 400
    assert kept(app) == {}


def test_old_drafts_are_forgotten_by_the_daily_clean_up(context: Flask, settings: Settings, now: datetime) -> None:
    mai = factories.user(at=factories.institution())
    for name, age in (("course:1", drafts.KEPT_FOR + timedelta(hours=1)), ("course:2", timedelta(days=59))):
        db.session.add(drafts.keep(None, mai, name, [["title", "Rivers"]], now - age))
    db.session.commit()
    said: list[str] = []
    jobs.run_clean_up(settings, now, said.append)
    assert db.session.scalars(sa.select(FormDraft.form)).all() == ["course:2"]
    assert any("old drafts of forms 1" in line for line in said)
    assert queries.draft(mai, "course:1") is None
