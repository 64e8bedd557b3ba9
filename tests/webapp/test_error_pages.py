"""Pages for what went wrong."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import RequestEntityTooLarge, ServiceUnavailable, TooManyRequests

from tests import factories
from webapp import create_app
from webapp.access import open_to_everyone
from webapp.db import db
from webapp.errors import NotAllowedError, WrongStateError

SignIn = Callable[[int], FlaskClient]


def failing(app: Flask, error: Exception) -> FlaskClient:
    """A stranger's browser, in an app with one more page that always fails."""

    @open_to_everyone
    def fail() -> str:
        raise error

    app.add_url_rule("/fails", "fails", fail, methods=["GET", "POST"])
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app.test_client()


def test_a_missing_page_says_what_happened_and_leads_home(client: FlaskClient) -> None:
    answer = client.get("/nowhere")
    assert answer.status_code == 404
    assert "<h1>There is no such page</h1>" in answer.text
    assert 'href="/"' in answer.text


@pytest.mark.parametrize(
    ("error", "status", "heading"),
    [
        (NotAllowedError(), 403, "You may not open this"),
        (WrongStateError(), 409, "This changed meanwhile"),
        (StaleDataError(), 409, "This changed meanwhile"),
        (RequestEntityTooLarge(), 413, "That is too large"),
        (TooManyRequests(), 429, "Too many tries"),
        (ServiceUnavailable(), 503, "Something broke on our side"),
        (RuntimeError("secret detail"), 500, "Something broke on our side"),
    ],
)
def test_each_error_has_a_page_of_plain_words(app: Flask, error: Exception, status: int, heading: str) -> None:
    answer = failing(app, error).get("/fails")
    assert answer.status_code == status
    assert f"<h1>{heading}</h1>" in answer.text
    assert "secret detail" not in answer.text


def test_a_rules_own_sentence_is_shown_and_cannot_carry_markup(app: Flask) -> None:
    answer = failing(app, WrongStateError("Somebody <b>answered</b>.")).get("/fails")
    assert "Somebody &lt;b&gt;answered&lt;/b&gt;." in answer.text


def test_a_form_without_its_token_is_refused_with_a_way_back(settings: object) -> None:
    app = create_app(settings)  # type: ignore[arg-type]
    answer = app.test_client().post("/language", data={"language": "fr"})
    assert answer.status_code == 400
    assert "This form was open too long" in answer.text
    with app.app_context():
        db.engine.dispose()


def test_the_wrong_method_is_explained(client: FlaskClient) -> None:
    answer = client.post("/healthz")
    assert answer.status_code == 405
    assert "use the buttons of the page" in answer.text


@pytest.mark.parametrize(("address", "status"), [("/", 500), ("/nowhere", 404)])
def test_error_pages_appear_even_when_the_database_cannot_say_who_is_reading(
    app: Flask, sign_in: SignIn, address: str, status: int
) -> None:
    with app.app_context():
        person = factories.user(at=factories.institution()).id
        db.session.commit()
    browser = sign_in(person)
    with app.app_context():
        db.session.execute(sa.text("ALTER TABLE users RENAME TO lost"))
        db.session.commit()
    app.config["PROPAGATE_EXCEPTIONS"] = False
    answer = browser.get(address)
    assert answer.status_code == status
    assert '<main id="main"' in answer.text
    assert "Sign in" in answer.text


def test_strangers_pages_need_no_database(app: Flask) -> None:
    with app.app_context():
        db.session.execute(sa.text("ALTER TABLE users RENAME TO lost"))
        db.session.commit()
    assert app.test_client().get("/").status_code == 200
    assert app.test_client().get("/nowhere").status_code == 404
