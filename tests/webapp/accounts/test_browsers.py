"""The browsers a person is signed in with."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.webapp.accounts.steps import account, come_in
from webapp.accounts import browsers
from webapp.accounts.models import BrowserSession, User
from webapp.db import db

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 "
    "Mobile/15E148 Safari/604.1"
)


def rows(app: Flask) -> list[BrowserSession]:
    with app.app_context():
        return list(db.session.scalars(sa.select(BrowserSession).order_by(BrowserSession.id)))


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (FIREFOX, "Firefox, Windows"),
        (IPHONE, "Safari, iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Linux"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", "Chrome, Android"),
        ("curl/8.0", ""),
        ("<script>alert(1)</script>", ""),
    ],
)
def test_a_browser_is_named_by_what_it_tells(user_agent: str, name: str) -> None:
    assert browsers.names(user_agent) == name


def test_each_sign_in_is_listed_and_one_can_end_another_from_afar(app: Flask) -> None:
    account(app)
    here, phone = app.test_client(), app.test_client()
    come_in(here)
    phone.environ_base["HTTP_USER_AGENT"] = IPHONE
    come_in(phone)
    page = here.get("/preferences").text
    assert "Safari, iPhone" in page
    assert page.count("(this one)") == 1
    on_phone = rows(app)[1]
    assert here.post(f"/preferences/browsers/{on_phone.id}/sign-out").location == "/preferences"
    assert phone.get("/preferences").status_code == 302
    assert here.get("/preferences").status_code == 200
    assert "Safari, iPhone" not in here.get("/preferences").text.partition("<h1>")[2].partition("flash")[2]


def test_nobody_ends_somebody_elses_browser(app: Flask, sign_in: Callable[[int], FlaskClient]) -> None:
    account(app)
    come_in(app.test_client())
    with app.app_context():
        other = factories.user("rui@ulisboa.example", at=factories.institution("Lisbon", "PT")).id
        db.session.commit()
    assert sign_in(other).post(f"/preferences/browsers/{rows(app)[0].id}/sign-out").status_code == 404
    assert rows(app)[0].ended_at is None


def test_signing_out_ends_this_browser_and_a_copied_cookie_is_worth_nothing(app: Flask) -> None:
    account(app)
    client = app.test_client()
    come_in(client)
    cookie = client.get_cookie("session")
    assert cookie is not None
    client.post("/sign-out")
    assert rows(app)[0].ended_at is not None
    thief = app.test_client()
    thief.set_cookie("session", cookie.value)
    assert thief.get("/preferences").status_code == 302


def test_signing_out_everywhere_ends_all_of_them(app: Flask) -> None:
    account(app)
    here, there = app.test_client(), app.test_client()
    come_in(here)
    come_in(there)
    here.post("/preferences/sign-out-everywhere")
    assert all(row.ended_at is not None for row in rows(app))
    assert there.get("/preferences").status_code == 302


def test_use_is_noted_to_the_hour_and_old_browsers_are_forgotten(context: Flask) -> None:
    mai = factories.user(at=factories.institution())
    value = browsers.begin(mai, FIREFOX, factories.AT)
    db.session.flush()
    found = browsers.of_value(value)
    assert found is not None
    assert value not in found.key
    browsers.note_use(found, factories.AT + timedelta(minutes=59))
    assert found.seen_at == factories.AT
    later = factories.AT + timedelta(hours=2)
    browsers.note_use(found, later)
    assert found.seen_at == later
    db.session.flush()
    assert browsers.forget_before(later + timedelta(days=browsers.KEPT_DAYS)) == 0
    assert browsers.forget_before(later + timedelta(days=browsers.KEPT_DAYS, minutes=1)) == 1
    assert browsers.open_of(db.session.get_one(User, mai.id)) == []
