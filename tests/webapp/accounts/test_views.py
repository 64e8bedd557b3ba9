"""Pages for joining."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import TimestampSigner

from tests import factories
from tests.webapp.accounts.steps import PASSWORD, account, come_in, details, link_in, mails, the_user
from webapp.access import Role
from webapp.accounts.tokens import Purpose, sign
from webapp.db import db


@pytest.fixture
def hanoi(app: Flask) -> int:
    """An institution."""
    with app.app_context():
        row = factories.institution(city="Hanoi", website_domain="hanu.edu.vn")
        db.session.commit()
        return row.id


@pytest.mark.parametrize(
    ("path", "heading"),
    [
        ("/sign-up", "Sign up"),
        ("/sign-in", "Sign in"),
        ("/mail-sent", "Look into your mail"),
        ("/password/forgotten", "Set a new password"),
        ("/privacy", "Privacy notice"),
    ],
)
def test_a_stranger_can_open_the_page(client: FlaskClient, path: str, heading: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    assert f"<h1>{heading}</h1>" in answer.text


@pytest.mark.usefixtures("hanoi")
def test_a_lecturer_signs_up_confirms_and_comes_in(app: Flask, client: FlaskClient) -> None:
    answer = client.post("/sign-up", data=details())
    assert (answer.status_code, answer.location) == (303, "/mail-sent")
    assert "mai@hanu.edu.vn" in client.get("/mail-sent").text
    user = the_user(app)
    assert user is not None
    assert (user.language, user.time_zone, user.confirmed_at) == ("fr", "Asia/Ho_Chi_Minh", None)
    [message] = mails(app)
    link = link_in(message)
    assert "mai@hanu.edu.vn" in client.get(link).text
    assert not the_user(app).is_active  # type: ignore[union-attr]
    assert client.post(link).location == "/sign-in"
    assert the_user(app).is_verified  # type: ignore[union-attr]
    assert come_in(client).location == "/"
    assert client.get("/preferences").status_code == 200


def test_the_answer_is_the_same_for_an_address_that_has_an_account(app: Flask, client: FlaskClient) -> None:
    account(app)
    known = client.post("/sign-up", data=details())
    unknown = app.test_client().post("/sign-up", data=details(email="new@hanu.edu.vn"))
    assert (known.status_code, known.location, known.text) == (unknown.status_code, unknown.location, unknown.text)
    assert [m.key.partition(":")[0] for m in mails(app)] == ["known-address", "confirm"]


@pytest.mark.usefixtures("hanoi")
@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"role": ""}, "Choose what you do."),
        ({"role": "administrator"}, "Not a valid choice"),
        ({"institution": ""}, "Write the name of your institution."),
        ({"institution": "zzqq"}, "We know no institution with a name like this."),
        ({"name": " "}, "Write your name as your partners should read it."),
        ({"name": "Win at www.casino.example"}, "Write your name only"),
        ({"email": "mai"}, "no complete mail address"),
        ({"password": "too short"}, "Choose a password of at least 10 characters."),
        ({"password": "mai@hanu.edu.vn"}, "This is easy to guess."),
        ({"password": "x1y2z3" * 40}, "Choose a password of at most 200 characters."),
        ({"time_zone": "Mars/Olympus"}, "Not a valid choice"),
        ({"consent": ""}, "We need your agreement to store your details."),
    ],
)
def test_a_mistake_is_named_and_what_was_typed_stays(
    app: Flask, client: FlaskClient, changes: dict[str, str], sentence: str
) -> None:
    data = {key: value for key, value in details(**changes).items() if value}
    answer = client.post("/sign-up", data=data)
    assert answer.status_code == 422
    assert sentence in answer.text
    if "name" in data and "name" not in changes:
        assert "Nguyễn Thị Mai" in answer.text
    assert PASSWORD not in answer.text
    assert mails(app) == []


@pytest.mark.usefixtures("hanoi")
def test_a_mistyped_institution_brings_the_nearest_to_choose_from(app: Flask, client: FlaskClient, hanoi: int) -> None:
    typed = {"institution": "Univercity of Hanoi"}
    answer = client.post("/sign-up", data=details(**typed))
    assert answer.status_code == 422
    assert "Hanoi University (Hanoi, Vietnam)" in answer.text
    assert "My institution is missing: ask for it" in answer.text
    client.post("/sign-up", data=details(**typed, institution_choice=str(hanoi)))
    user = the_user(app)
    assert user is not None
    assert user.institution_id == hanoi


@pytest.mark.usefixtures("hanoi")
def test_an_institution_that_was_not_offered_cannot_be_chosen(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        other = factories.institution("Zeppelin College", "PT").id
        db.session.commit()
    data = details(institution="Univercity of Hanoi", institution_choice=str(other))
    assert client.post("/sign-up", data=data).status_code == 422


def test_namesakes_in_two_countries_are_asked_about(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        factories.institution("University of Newcastle", "AU")
        british = factories.institution("University of Newcastle", "GB").id
        db.session.commit()
    data = details(institution="University of Newcastle", email="ann@newcastle.example")
    answer = client.post("/sign-up", data=data)
    assert "Several institutions have this name. Choose yours below." in answer.text
    client.post("/sign-up", data=data | {"institution_choice": str(british)})
    assert the_user(app, "ann@newcastle.example").institution_id == british  # type: ignore[union-attr]


def test_a_coordinator_needs_no_institution(app: Flask, client: FlaskClient) -> None:
    client.post("/sign-up", data=details(role="coordinator", institution="", time_zone="Europe/Lisbon"))
    user = the_user(app)
    assert user is not None
    assert (user.role, user.institution_id, user.time_zone) == (Role.COORDINATOR, None, "Europe/Lisbon")


@pytest.mark.usefixtures("hanoi")
def test_a_link_that_is_too_old_offers_a_new_one(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = TimestampSigner("x").get_timestamp
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _self: now() - 73 * 3600)
    client.post("/sign-up", data=details())
    monkeypatch.undo()
    link = link_in(mails(app)[0])
    for answer in (client.get(link), client.post(link)):
        assert answer.status_code == 410
        assert "This link is too old" in answer.text
    assert not the_user(app).is_active  # type: ignore[union-attr]
    assert client.post(f"{link}/again").location == "/mail-sent"
    assert client.post(link_in(mails(app)[1])).location == "/sign-in"
    assert the_user(app).is_active  # type: ignore[union-attr]


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("path", ["/confirm/made-up", "/password/reset/made-up"])
def test_a_made_up_link_does_nothing(client: FlaskClient, path: str, method: str) -> None:
    answer = getattr(client, method)(path)
    assert answer.status_code in (404, 410)
    assert "This link" in answer.text


def test_a_confirmation_link_of_somebody_confirmed_says_so(app: Flask, client: FlaskClient) -> None:
    user = account(app)
    with app.test_request_context():
        link = f"/confirm/{sign(Purpose.CONFIRM, user)}"
    assert "is confirmed" in client.get(link).text
    assert client.post(link).location == "/sign-in"
