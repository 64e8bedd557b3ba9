"""What a hostile browser may send: it gets a plain refusal, never a fault of ours, and never somebody else's link."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, request, url_for
from flask.testing import FlaskClient
from pydantic import ValidationError

from config import Settings
from tests import factories
from tests.conftest import make_settings
from webapp import create_app
from webapp.access import Role
from webapp.db import db

SignIn = Callable[[int], FlaskClient]
HUGE = "9" * 23


@pytest.fixture
def browsers(app: Flask, sign_in: SignIn) -> dict[str, FlaskClient]:
    """Browsers by who uses them."""
    with app.app_context():
        match = factories.pair()
        ids = {
            "lecturer": match.course_a.lecturer_id,
            "office": factories.user("office@hanu.example", Role.OFFICE, at=match.course_a.institution).id,
            "coordinator": factories.user("noor@asem.example", Role.COORDINATOR).id,
            "administrator": factories.user("kei@causeway.example", Role.ADMINISTRATOR).id,
        }
        db.session.commit()
    return {"stranger": app.test_client()} | {name: sign_in(user_id) for name, user_id in ids.items()}


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("administrator", "/people"),
        ("administrator", "/mail"),
        ("administrator", "/rounds"),
        ("coordinator", "/rounds/1"),
        ("lecturer", "/matches"),
        ("office", "/approvals"),
    ],
)
@pytest.mark.parametrize("page", [HUGE, "9223372036854775807", "9" * 5000, "-1", "²"])
def test_a_page_number_beyond_all_bounds_is_an_empty_page(
    browsers: dict[str, FlaskClient], who: str, path: str, page: str
) -> None:
    assert browsers[who].get(path, query_string={"page": page}).status_code == 200


@pytest.mark.parametrize("number", [HUGE, "9223372036854775808", "2147483648"])
def test_a_number_no_row_can_have_is_not_found(browsers: dict[str, FlaskClient], number: str) -> None:
    assert browsers["lecturer"].get(f"/courses/{number}").status_code == 404
    assert browsers["lecturer"].get(f"/matches/{number}").status_code == 404
    assert browsers["coordinator"].get(f"/rounds/{number}").status_code == 404
    assert browsers["administrator"].post(f"/people/{number}/verify").status_code == 404
    assert browsers["administrator"].post(f"/mail/{number}/try-again").status_code == 404


@pytest.mark.parametrize("version", ["9" * 5000, "²", "-1", ""])
def test_an_undo_of_a_version_that_never_was_changes_nothing(browsers: dict[str, FlaskClient], version: str) -> None:
    answer = browsers["lecturer"].post("/courses/1/undo", data={"version": version, "to": "open"})
    assert answer.status_code == 409


@pytest.mark.parametrize("row", ["²", "9" * 5000, "\u0000", "x" * 200])
def test_names_of_fields_no_form_of_ours_has_are_refused(browsers: dict[str, FlaskClient], row: str) -> None:
    answer = browsers["lecturer"].post("/courses/new", data={"title": "x", f"breaks-{row}-first": "2027-01-01"})
    assert answer.status_code == 400
    assert "This request could not be understood" in answer.text


@pytest.mark.parametrize("sent", [{"data": {"email": "a\0b@x.example"}}, {"query_string": {"next": "\0"}}])
def test_the_sign_databases_refuse_in_texts_is_dropped_at_the_door(
    app: Flask, client: FlaskClient, sent: dict[str, Any]
) -> None:
    seen: list[str] = []
    app.before_request(lambda: seen.extend([*request.form.values(), *request.args.values()]))
    assert client.post("/sign-in", **sent).status_code == 422
    assert seen
    assert "\0" not in "".join(seen)


def test_many_rows_sent_at_once_stay_within_the_rows_there_are(browsers: dict[str, FlaskClient]) -> None:
    rows = {f"native_languages-{n}": "vi" for n in range(20_000)}
    answer = browsers["lecturer"].post("/courses/new", data={"title": "x"} | rows)
    assert answer.status_code == 303


@pytest.mark.parametrize("text", ["a b " * 60_000, "x" * 100_000, "İ" * 60_000])
def test_an_institution_name_of_any_length_is_refused_before_it_is_looked_for(client: FlaskClient, text: str) -> None:
    answer = client.post("/sign-up", data={"role": "lecturer", "institution": text})
    assert answer.status_code == 422
    assert "This is too long; 200 characters are the most." in answer.text


def test_an_administrator_may_mistype_at_any_length_too(browsers: dict[str, FlaskClient]) -> None:
    answer = browsers["administrator"].post("/institutions/new", data={"name": "x" * 100_000, "country": "VN"})
    assert answer.status_code == 422


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_links_to_ourselves_come_from_the_settings_and_not_from_the_request(settings: Settings, scheme: str) -> None:
    app = create_app(settings.model_copy(update={"public_url": "https://causeway.example"}))
    with app.test_request_context("/", base_url=f"{scheme}://evil.example:81", headers={"X-Forwarded-Host": "evil"}):
        assert url_for("accounts.forgot", _external=True) == "https://causeway.example/password/forgotten"
        assert url_for("accounts.forgot") == "/password/forgotten"


@pytest.mark.parametrize("url", ["causeway.example", "ftp://causeway.example", "https://", "https://x.example/path"])
def test_a_public_address_links_cannot_be_built_from_is_refused(tmp_path: Any, url: str) -> None:
    with pytest.raises(ValidationError, match="public_url"):
        make_settings(tmp_path, public_url=url)


def test_a_slash_at_the_end_of_the_public_address_is_no_matter(settings: Settings) -> None:
    app = create_app(settings.model_copy(update={"public_url": "https://causeway.example/"}))
    with app.app_context():
        assert url_for("home.index", _external=True) == "https://causeway.example/"


def test_errors_of_the_database_keep_what_was_stored_out_of_the_log(context: Flask) -> None:
    assert db.engine.hide_parameters


def test_static_files_too_are_never_taken_for_another_type(client: FlaskClient) -> None:
    with client.get("/static/css/causeway.css") as answer:
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
