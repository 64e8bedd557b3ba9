"""What somebody tries who wants an account that is not theirs, or to learn who has one."""

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.webapp.accounts.steps import PASSWORD, account, come_in, details, link_in, mails, the_user
from webapp.accounts import emails, rules, throttle
from webapp.db import db

OTHER = "seven grey geese"


@pytest.fixture
def hanoi(app: Flask) -> None:
    """An institution whose addresses show who works there."""
    with app.app_context():
        factories.institution(city="Hanoi", website_domain="hanu.edu.vn")
        db.session.commit()


@pytest.mark.usefixtures("hanoi")
def test_who_signed_up_confirms_with_one_click_in_the_same_browser(app: Flask, client: FlaskClient) -> None:
    client.post("/sign-up", data=details())
    [message] = mails(app)
    assert 'type="password"' not in client.get(link_in(message)).text
    assert client.post(link_in(message)).status_code == 303
    assert the_user(app).confirmed_at is not None  # type: ignore[union-attr]


@pytest.mark.usefixtures("hanoi")
def test_in_another_browser_the_password_shows_that_it_is_the_same_person(app: Flask, client: FlaskClient) -> None:
    client.post("/sign-up", data=details())
    [message] = mails(app)
    phone = app.test_client()
    assert 'type="password"' in phone.get(link_in(message)).text
    for wrong in ("", "three wise hens"):
        answer = phone.post(link_in(message), data={"password": wrong})
        assert answer.status_code == 422
        assert the_user(app).confirmed_at is None  # type: ignore[union-attr]
    assert "This is not the password chosen at sign-up." in answer.text
    assert phone.post(link_in(message), data={"password": PASSWORD}).status_code == 303
    assert the_user(app).confirmed_at is not None  # type: ignore[union-attr]


@pytest.mark.usefixtures("hanoi")
def test_nobody_confirms_a_password_a_stranger_chose_for_their_address(app: Flask, client: FlaskClient) -> None:
    client.post("/sign-up", data=details())
    stranger = app.test_client()
    stranger.post("/sign-up", data=details(password=OTHER))
    ours, theirs = mails(app)
    assert client.get(link_in(ours)).status_code == 404
    assert client.post(link_in(theirs)).status_code == 422
    assert client.post(link_in(theirs), data={"password": PASSWORD}).status_code == 422
    assert the_user(app).confirmed_at is None  # type: ignore[union-attr]
    assert come_in(stranger, OTHER).location == "/mail-sent"


@pytest.mark.usefixtures("hanoi")
def test_who_signs_in_before_confirming_confirms_with_one_click_too(app: Flask, client: FlaskClient) -> None:
    client.post("/sign-up", data=details())
    phone = app.test_client()
    assert come_in(phone).location == "/mail-sent"
    assert phone.post(link_in(mails(app)[-1])).status_code == 303


def test_a_forgotten_password_costs_the_same_work_whether_or_not_there_is_an_account(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    account(app)
    written: list[str] = []
    write = emails.reset
    monkeypatch.setattr(emails, "reset", lambda user, minutes: written.append(user.email) or write(user, minutes))
    for address in ("mai@hanu.edu.vn", "nobody@hanu.edu.vn"):
        assert client.post("/password/forgotten", data={"email": address}).status_code == 303
    assert written == ["mai@hanu.edu.vn", "nobody@hanu.edu.vn"]
    assert [message.to_address for message in mails(app)] == ["mai@hanu.edu.vn"]


@pytest.mark.usefixtures("hanoi")
def test_two_sign_ups_at_the_same_moment_make_one_account_and_no_fault(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_up = rules.sign_up

    def overtaken(_data: rules.SignUp, _now: datetime, _link_hours: int) -> None:
        monkeypatch.setattr(rules, "sign_up", sign_up)
        for n in range(2):
            factories.user(details()["email"], at=factories.institution(f"Elsewhere {n}"))

    monkeypatch.setattr(rules, "sign_up", overtaken)
    assert client.post("/sign-up", data=details()).location == "/mail-sent"
    assert [message.to_address for message in mails(app)] == ["mai@hanu.edu.vn"]


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("unix:" + "x" * 500, "elsewhere"),
        (None, "elsewhere"),
    ],
)
def test_whoever_has_a_whole_network_of_addresses_is_one_place(address: str | None, place: str) -> None:
    assert throttle.place_of(address) == place


def test_guessing_the_present_password_of_an_open_session_is_slowed_down_too(app: Flask, client: FlaskClient) -> None:
    account(app)
    come_in(client)
    for _ in range(8):
        guess = {"present": "three wise hens", "password": OTHER}
        assert client.post("/preferences/password", data=guess).status_code == 422
    assert client.post("/preferences/password", data={"present": PASSWORD, "password": OTHER}).status_code == 429
    assert come_in(app.test_client()).status_code == 429
