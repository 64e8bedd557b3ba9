"""The same hostile browser before PostgreSQL, which is stricter than SQLite about texts and numbers."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade

from tests import factories
from tests.conftest import make_settings
from webapp import create_app
from webapp.access import Role
from webapp.db import db

LONGEST = "\U0001f30a" * 200


@pytest.fixture
def town(postgres_url: str, tmp_path: Path) -> Iterator[tuple[Flask, FlaskClient, FlaskClient]]:
    """The service on PostgreSQL, with the browsers of a lecturer and an administrator."""
    app = create_app(make_settings(tmp_path, database_url=postgres_url))
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    with app.app_context():
        upgrade()
        match = factories.pair()
        keys = [match.course_a.lecturer.get_id(), factories.user("kei@x.example", Role.ADMINISTRATOR).get_id()]
        db.session.commit()
    browsers = []
    for key in keys:
        browser = app.test_client()
        with browser.session_transaction() as session:
            session["_user_id"] = key
        browsers.append(browser)
    yield app, browsers[0], browsers[1]
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_numbers_and_texts_at_and_beyond_the_limits_get_plain_answers(
    town: tuple[Flask, FlaskClient, FlaskClient],
) -> None:
    app, lecturer, administrator = town
    stranger = app.test_client()
    for number in (2**31, 2**63, 10**30):
        assert lecturer.get(f"/courses/{number}").status_code == 404
        assert lecturer.get("/matches", query_string={"page": number}).status_code == 200
        assert administrator.post(f"/people/{number}/verify").status_code == 404
    assert lecturer.get(f"/courses/{2**31 - 1}").status_code == 404
    assert stranger.post("/sign-in", data={"email": "a\0@x.example", "password": "\0x"}).status_code == 422
    assert stranger.get("/institutions/options", query_string={"institution": "%_\\" * 50}).status_code == 200
    assert stranger.post("/sign-in", data={"email": "ß" * 500, "password": "x"}).status_code == 422
    assert stranger.post("/sign-up", data={"role": "lecturer", "institution": "a b " * 60_000}).status_code == 422
    texts = {"title": LONGEST, "discipline": LONGEST, "term_name": LONGEST, "must_have_topic": LONGEST}
    assert lecturer.post("/courses/new", data=texts).status_code == 303
    assert lecturer.post("/courses/new", data={"title": f"{LONGEST}x"}).status_code == 422
    assert lecturer.post("/courses/new", data={"title": "x", "description": "a\x01b\x7f\ufffe"}).status_code == 303
    name = {"name": LONGEST, "language": "en", "time_zone": "UTC"}
    assert lecturer.post("/preferences", data=name).status_code == 303
    added = {"name": LONGEST, "city": LONGEST, "country": "VN", "time_zone": ""}
    assert administrator.post("/institutions/new", data=added).status_code == 303
    for path in ("/", "/courses", "/courses/3", "/preferences"):
        assert lecturer.get(path).status_code == 200
    row = "/rounds/1"
    assert administrator.get(row, query_string={"text": LONGEST * 20, "institution": "9" * 40}).status_code == 200


def test_an_office_is_verified_while_nobody_else_can_judge_it(town: tuple[Flask, FlaskClient, FlaskClient]) -> None:
    app, _lecturer, administrator = town
    with app.app_context():
        waiting = factories.user("new@x.example", Role.COORDINATOR, verified_at=None).id
        db.session.commit()
    assert administrator.post(f"/people/{waiting}/verify").status_code == 303
    assert administrator.post(f"/people/{waiting}/refuse", data={"reason": "No."}).status_code == 409
