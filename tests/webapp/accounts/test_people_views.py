"""Pages for verifying people."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from webapp.access import Role
from webapp.accounts.models import User
from webapp.db import db

SignIn = Callable[[int], FlaskClient]


@pytest.fixture
def ids(app: Flask) -> dict[str, int]:
    """Somebody who waits in Hanoi, somebody who waits in Lisbon, and those who may or may not decide."""
    with app.app_context():
        hanoi = factories.institution(website_domain="hanu.edu.vn")
        lisbon = factories.institution("University of Lisbon", "PT")
        people = {
            "mai": factories.user("mai@mail.example", at=hanoi, verified_at=None),
            "rui": factories.user("rui@mail.example", at=lisbon, verified_at=None),
            "root": factories.user("root@causeway.example", Role.ADMINISTRATOR),
            "office": factories.user("office@hanu.example", Role.OFFICE, hanoi),
            "new office": factories.user("new@hanu.example", Role.OFFICE, hanoi, verified_at=None),
            "lecturer": factories.user("lan@hanu.example", Role.LECTURER, hanoi),
            "coordinator": factories.user("kim@network.example", Role.COORDINATOR),
        }
        db.session.commit()
        return {name: user.id for name, user in people.items()}


def is_verified(app: Flask, user_id: int) -> bool:
    """Whether a person is verified by now."""
    with app.app_context():
        return db.session.get_one(User, user_id).is_verified


def test_an_administrator_sees_everyone_who_waits(sign_in: SignIn, ids: dict[str, int]) -> None:
    page = sign_in(ids["root"]).get("/people").text
    assert "<h1>People who wait to be verified</h1>" in page
    assert "mai@mail.example" in page
    assert "rui@mail.example" in page
    assert "Addresses of this institution usually end in hanu.edu.vn." in page
    assert "lan@hanu.example" not in page


def test_an_office_sees_its_own_lecturers_only(sign_in: SignIn, ids: dict[str, int]) -> None:
    page = sign_in(ids["office"]).get("/people").text
    assert "mai@mail.example" in page
    assert "rui@mail.example" not in page
    assert "new@hanu.example" not in page


def test_when_nobody_waits_the_page_says_so(app: Flask, sign_in: SignIn, ids: dict[str, int]) -> None:
    office = sign_in(ids["office"])
    office.post(f"/people/{ids['mai']}/verify")
    assert "Nobody waits" in office.get("/people").text


def test_the_page_says_to_whom_we_write_when_somebody_new_waits(
    app: Flask, sign_in: SignIn, ids: dict[str, int]
) -> None:
    with app.app_context():
        hanoi = db.session.get_one(User, ids["office"]).institution
        dean = factories.user("dean@hanu.example", Role.OFFICE, hanoi, signs_for_office=False, signs_as_second=True).id
        db.session.execute(sa.update(User).values(verified_at=factories.AT))
        db.session.commit()
    people = {"root": ids["root"], "office": ids["office"], "dean": dean}
    said = {who: sign_in(user_id).get("/people").text for who, user_id in people.items()}
    assert "We write to your colleagues when somebody new waits." in said.pop("dean")
    assert all("We write to you when somebody new waits." in page for page in said.values())


@pytest.mark.parametrize("who", ["lecturer", "coordinator", "new office"])
def test_others_are_kept_out(app: Flask, sign_in: SignIn, ids: dict[str, int], who: str) -> None:
    client = sign_in(ids[who])
    assert client.get("/people").status_code == 403
    assert client.post(f"/people/{ids['mai']}/verify").status_code == 403
    assert client.post(f"/people/{ids['mai']}/refuse", data={"reason": "no"}).status_code == 403
    assert not is_verified(app, ids["mai"])


def test_a_stranger_is_asked_to_sign_in(app: Flask, client: FlaskClient, ids: dict[str, int]) -> None:
    assert client.get("/people").location == "/sign-in?next=/people"
    assert client.post(f"/people/{ids['mai']}/verify").location == "/sign-in"
    assert not is_verified(app, ids["mai"])


def test_an_office_verifies_its_lecturer(app: Flask, sign_in: SignIn, ids: dict[str, int]) -> None:
    answer = sign_in(ids["office"]).post(f"/people/{ids['mai']}/verify", follow_redirects=True)
    assert "Mai is verified, and we have written to them." in answer.text
    assert is_verified(app, ids["mai"])


def test_an_office_cannot_verify_somebody_elsewhere(app: Flask, sign_in: SignIn, ids: dict[str, int]) -> None:
    answer = sign_in(ids["office"]).post(f"/people/{ids['rui']}/verify")
    assert answer.status_code == 403
    assert not is_verified(app, ids["rui"])


def test_the_second_of_two_decisions_is_told_so(sign_in: SignIn, ids: dict[str, int]) -> None:
    sign_in(ids["office"]).post(f"/people/{ids['mai']}/verify")
    answer = sign_in(ids["root"]).post(f"/people/{ids['mai']}/refuse", data={"reason": "no"})
    assert answer.status_code == 409
    assert "Somebody decided about Mai already" in answer.text


def test_a_person_is_refused_with_a_reason(app: Flask, sign_in: SignIn, ids: dict[str, int]) -> None:
    root = sign_in(ids["root"])
    empty = root.post(f"/people/{ids['mai']}/refuse", data={"reason": "  "})
    assert empty.status_code == 422
    assert "Say in a sentence why; the person reads it." in empty.text
    assert root.post(f"/people/{ids['mai']}/refuse", data={"reason": "Unknown here."}).location == "/people"
    with app.app_context():
        assert db.session.get_one(User, ids["mai"]).closed_at is not None


def test_there_is_no_page_for_a_person_who_does_not_exist(sign_in: SignIn, ids: dict[str, int]) -> None:
    assert sign_in(ids["root"]).post("/people/4711/verify").status_code == 404
