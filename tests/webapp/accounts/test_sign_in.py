"""Pages for coming in, leaving, and setting a forgotten password."""

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from config import Settings
from tests import factories
from tests.webapp.accounts.steps import PASSWORD, account, come_in, link_in, mails, the_user
from webapp.accounts import passwords
from webapp.accounts.models import SignInAttempt
from webapp.db import db


def test_a_wrong_password_and_an_unknown_address_are_refused_in_the_same_words(app: Flask, client: FlaskClient) -> None:
    account(app)
    wrong = come_in(client, "three wise hens")
    unknown = come_in(client, PASSWORD, email="nobody@hanu.edu.vn")
    sentence = "Address and password do not belong together."
    assert (wrong.status_code, unknown.status_code) == (422, 422)
    assert sentence in wrong.text
    assert wrong.text.replace("mai@", "nobody@") == unknown.text


def test_after_too_many_tries_even_the_right_password_waits(
    app: Flask, client: FlaskClient, settings: Settings
) -> None:
    account(app)
    for _ in range(settings.sign_in_tries):
        assert come_in(client, "three wise hens").status_code == 422
    answer = come_in(client)
    assert answer.status_code == 429
    assert "Too many tries" in answer.text
    with app.app_context():
        db.session.execute(sa.delete(SignInAttempt))
        db.session.commit()
    assert come_in(client).status_code == 303


@pytest.mark.parametrize(
    ("target", "location"),
    [
        ("/matches?page=2", "/matches?page=2"),
        ("//elsewhere.example/", "/"),
        ("https://elsewhere.example/", "/"),
        ("/\\elsewhere.example", "/"),
        ("/\t/elsewhere.example", "/"),
        ("", "/"),
    ],
)
def test_who_comes_in_is_led_to_our_own_pages_only(app: Flask, client: FlaskClient, target: str, location: str) -> None:
    account(app)
    answer = client.post(
        "/sign-in", query_string={"next": target}, data={"email": "mai@hanu.edu.vn", "password": PASSWORD}
    )
    assert answer.location == location


def test_a_session_starts_empty_but_keeps_the_language(app: Flask, client: FlaskClient) -> None:
    account(app)
    with client.session_transaction() as session:
        session["language"] = "fr"
        session["planted"] = "by somebody else"
    come_in(client)
    with client.session_transaction() as session:
        assert "planted" not in session
        assert session["language"] == "fr"
        assert session.permanent


def test_a_person_not_confirmed_yet_is_sent_the_link_again(app: Flask, client: FlaskClient) -> None:
    account(app, confirmed_at=None)
    assert come_in(client).location == "/mail-sent"
    assert [m.key.partition(":")[0] for m in mails(app)] == ["confirm"]
    assert client.get("/preferences").status_code == 302


def test_a_person_not_verified_yet_is_told_what_they_wait_for(app: Flask, client: FlaskClient) -> None:
    account(app, verified_at=None)
    come_in(client)
    assert "Until then you can prepare your courses as drafts" in client.get("/preferences").text


def test_an_old_hash_is_renewed_when_its_owner_comes_in(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = account(app).password_hash
    monkeypatch.setattr(passwords, "TIME_COST", 2)
    come_in(client)
    assert the_user(app).password_hash != old  # type: ignore[union-attr]
    assert come_in(app.test_client()).status_code == 303


def test_a_closed_account_stays_closed(app: Flask, client: FlaskClient) -> None:
    account(app, closed_at=factories.AT)
    assert "This account was closed." in come_in(client).text


def test_signing_out_ends_the_session(app: Flask, client: FlaskClient) -> None:
    account(app)
    come_in(client)
    assert client.get("/sign-in").location == "/"
    assert client.post("/sign-out").location == "/"
    assert client.get("/preferences").status_code == 302


def test_a_forgotten_password_is_set_anew_once_and_ends_every_session(app: Flask, client: FlaskClient) -> None:
    account(app)
    elsewhere = app.test_client()
    come_in(elsewhere)
    client.post("/password/forgotten", data={"email": "mai@hanu.edu.vn"})
    link = link_in(mails(app)[0])
    assert "mai@hanu.edu.vn" in client.get(link).text
    assert client.post(link, data={"password": "short"}).status_code == 422
    assert client.post(link, data={"password": "four wiser herons"}).location == "/sign-in"
    assert elsewhere.get("/preferences").status_code == 302
    assert client.post(link, data={"password": "five wisest herons"}).status_code == 410
    assert come_in(client).status_code == 422
    assert come_in(client, "four wiser herons").status_code == 303


def test_asking_for_an_address_nobody_has_looks_the_same_and_sends_nothing(app: Flask, client: FlaskClient) -> None:
    answer = client.post("/password/forgotten", data={"email": "nobody@hanu.edu.vn"})
    assert (answer.status_code, answer.location) == (303, "/mail-sent")
    assert mails(app) == []
