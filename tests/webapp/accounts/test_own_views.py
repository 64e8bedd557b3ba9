"""Preferences of a person, and the digest's unsubscribe link."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from webapp.accounts import passwords
from webapp.accounts.models import User
from webapp.accounts.tokens import unsubscribe_url
from webapp.db import db

SignIn = Callable[[int], FlaskClient]
PASSWORD = "three wise herons"


@pytest.fixture
def mai(app: Flask) -> int:
    """A lecturer with a password."""
    with app.app_context():
        user = factories.user("mai@hanu.edu.vn", at=factories.institution(), password_hash=passwords.make(PASSWORD))
        db.session.commit()
        return user.id


def the(app: Flask, user_id: int) -> User:
    """A person as the database has them now."""
    with app.app_context():
        user = db.session.get_one(User, user_id)
        db.session.expunge(user)
        return user


def test_a_stranger_is_asked_to_sign_in(client: FlaskClient) -> None:
    assert client.get("/preferences").location == "/sign-in?next=/preferences"
    assert client.post("/preferences").location == "/sign-in"


def test_the_page_names_role_and_institution(sign_in: SignIn, mai: int) -> None:
    page = sign_in(mai).get("/preferences").text
    assert "<h1>Preferences</h1>" in page
    assert "Lecturer, Hanoi University (Vietnam)" in page
    assert "Verified" in page


def test_preferences_are_kept_and_answered_in_the_new_language(app: Flask, sign_in: SignIn, mai: int) -> None:
    client = sign_in(mai)
    data = {"name": "Mai Nguyễn", "language": "fr", "mail_language": "", "time_zone": "Asia/Tokyo"}
    assert client.post("/preferences", data=data).location == "/preferences"
    user = the(app, mai)
    assert (user.name, user.language, user.time_zone, user.wants_digest) == ("Mai Nguyễn", "fr", "Asia/Tokyo", False)
    assert 'lang="fr"' in client.get("/preferences").text


def test_a_mistake_is_named_and_nothing_kept(app: Flask, sign_in: SignIn, mai: int) -> None:
    answer = sign_in(mai).post("/preferences", data={"name": "", "language": "tlh", "time_zone": "Asia/Tokyo"})
    assert answer.status_code == 422
    assert "Write your name as your partners should read it." in answer.text
    assert the(app, mai).time_zone == "UTC"


def test_a_changed_password_keeps_this_browser_and_ends_the_others(app: Flask, sign_in: SignIn, mai: int) -> None:
    here, elsewhere = sign_in(mai), sign_in(mai)
    data = {"present": PASSWORD, "password": "four wiser herons"}
    assert here.post("/preferences/password", data=data).location == "/preferences"
    assert here.get("/preferences").status_code == 200
    assert elsewhere.get("/preferences").status_code == 302
    assert passwords.matches(the(app, mai).password_hash, "four wiser herons")


@pytest.mark.parametrize(
    ("present", "password", "sentence"),
    [
        ("three wise hens", "four wiser herons", "This is not your present password."),
        ("", "four wiser herons", "Write your present password."),
        (PASSWORD, "short", "Choose a password of at least 10 characters."),
        (PASSWORD, "mai@hanu.edu.vn", "This is easy to guess."),
    ],
)
def test_a_password_is_not_changed_without_the_present_one_or_to_a_weak_one(
    app: Flask, sign_in: SignIn, mai: int, present: str, password: str, sentence: str
) -> None:
    answer = sign_in(mai).post("/preferences/password", data={"present": present, "password": password})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert passwords.matches(the(app, mai).password_hash, PASSWORD)


def test_signing_out_everywhere_ends_every_session(sign_in: SignIn, mai: int) -> None:
    here, elsewhere = sign_in(mai), sign_in(mai)
    assert here.post("/preferences/sign-out-everywhere").location == "/sign-in"
    assert here.get("/preferences").status_code == elsewhere.get("/preferences").status_code == 302


@pytest.fixture
def link(app: Flask, mai: int) -> str:
    """The digest's unsubscribe link, as a path."""
    with app.app_context():
        return unsubscribe_url(db.session.get_one(User, mai)).removeprefix("http://localhost")


def test_opening_the_unsubscribe_link_changes_nothing(app: Flask, client: FlaskClient, mai: int, link: str) -> None:
    page = client.get(link)
    assert page.status_code == 200
    assert "mai@hanu.edu.vn" in page.text
    assert the(app, mai).wants_digest


def test_one_click_of_a_mail_program_stops_the_digest(app: Flask, client: FlaskClient, mai: int, link: str) -> None:
    for _ in range(2):
        answer = client.post(link, data={"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        assert "no longer sent" in answer.text
        assert not the(app, mai).wants_digest


def test_the_digest_can_be_had_again(app: Flask, client: FlaskClient, mai: int, link: str) -> None:
    client.post(link)
    assert client.post(f"{link}/undo").status_code == 200
    assert the(app, mai).wants_digest


@pytest.mark.parametrize("path", ["/unsubscribe/made-up", "/unsubscribe/made-up/undo"])
def test_a_made_up_link_does_nothing(client: FlaskClient, path: str) -> None:
    assert client.post(path).status_code == 404
    assert client.get("/unsubscribe/made-up").status_code == 404


def test_only_the_one_click_needs_no_form_token(app: Flask, mai: int, link: str) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    stranger = app.test_client()
    assert stranger.post(link, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert stranger.post(f"{link}/undo").status_code == 400
    assert stranger.post("/sign-in", data={"email": "mai@hanu.edu.vn", "password": PASSWORD}).status_code == 400
    assert stranger.post("/sign-out").status_code == 400
    assert not the(app, mai).wants_digest
