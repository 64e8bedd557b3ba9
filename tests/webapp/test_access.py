"""Who is let in where."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from config import Settings
from tests import factories
from webapp import access, create_app
from webapp.access import Access, Role, allow, open_to_everyone
from webapp.db import db

SignIn = Callable[[int], FlaskClient]


@pytest.fixture
def doors(settings: Settings) -> Flask:
    """The app with a few views of the test's own."""
    app = create_app(settings)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)

    @app.get("/door/office")
    @allow(Role.OFFICE)
    def office_door() -> str:
        return "in"

    @app.route("/door/anybody", methods=["GET", "POST"])
    @allow()
    def anybody_door() -> str:
        return "in"

    @app.get("/door/pending")
    @allow(Role.LECTURER, pending_ok=True)
    def pending_door() -> str:
        return "in"

    @app.get("/door/street")
    @open_to_everyone
    def street_door() -> str:
        return "in"

    @app.get("/door/forgotten")
    def forgotten_door() -> str:
        return "in"

    return app


def enter(app: Flask, path: str, role: Role | None, *, verified: bool = True) -> int:
    """What a person of a role gets at a door."""
    client = app.test_client()
    if role is not None:
        with app.app_context():
            user = factories.user(role=role, at=factories.institution())
            if not verified:
                user.verified_at = None
            key = user.get_id()
            db.session.commit()
        with client.session_transaction() as session:
            session["_user_id"] = key
    return client.get(path).status_code


@pytest.mark.parametrize(
    ("path", "role", "status"),
    [
        ("/door/street", None, 200),
        ("/door/office", Role.OFFICE, 200),
        ("/door/office", Role.LECTURER, 403),
        ("/door/office", Role.ADMINISTRATOR, 403),
        ("/door/anybody", Role.COORDINATOR, 200),
        ("/door/forgotten", Role.ADMINISTRATOR, 403),
        ("/door/forgotten", None, 403),
        ("/door/nowhere", None, 404),
    ],
)
def test_only_those_named_are_let_in(doors: Flask, path: str, role: Role | None, status: int) -> None:
    assert enter(doors, path, role) == status


def test_a_person_not_verified_yet_is_let_in_only_where_that_is_said(doors: Flask) -> None:
    assert enter(doors, "/door/pending", Role.LECTURER, verified=False) == 200


def test_a_person_not_verified_yet_is_kept_out_elsewhere(doors: Flask) -> None:
    assert enter(doors, "/door/anybody", Role.LECTURER, verified=False) == 403


def test_a_stranger_is_sent_to_sign_in_and_back_to_the_page_they_wanted(doors: Flask) -> None:
    answer = doors.test_client().get("/door/anybody?page=2")
    assert (answer.status_code, answer.location) == (302, "/sign-in?next=/door/anybody?page%3D2")


def test_a_stranger_who_sends_a_form_is_sent_to_sign_in_without_a_way_back(doors: Flask) -> None:
    assert doors.test_client().post("/door/anybody").location == "/sign-in"


def test_the_app_does_not_start_with_a_route_that_says_nothing_about_access(doors: Flask) -> None:
    with pytest.raises(RuntimeError, match="forgotten_door"):
        access.init_app(doors)


def test_every_route_of_the_service_says_who_may_use_it(app: Flask) -> None:
    assert [name for name in app.view_functions if access.access_of(app, name) is None] == []


def test_an_empty_list_of_roles_means_every_role() -> None:
    @allow()
    def view() -> str:
        return ""

    assert view.access == Access(frozenset(Role))  # type: ignore[attr-defined]
