"""Institutions people miss."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.webapp.accounts.steps import details, mails
from webapp.access import Role
from webapp.accounts import institution_requests
from webapp.db import db
from webapp.institutions.models import Institution, InstitutionRequest

WANTED = {
    "name": "Ayutthaya Arts College",
    "country": "TH",
    "city": "Ayutthaya",
    "web_page": "https://www.ayutthaya-arts.example/en",
    "email": "Noi@ayutthaya-arts.example",
}


@pytest.fixture
def root(app: Flask, sign_in: Callable[[int], FlaskClient]) -> FlaskClient:
    with app.app_context():
        user_id = factories.user("root@causeway.example", Role.ADMINISTRATOR).id
        db.session.commit()
    return sign_in(user_id)


def only_request(app: Flask) -> InstitutionRequest:
    with app.app_context():
        return db.session.scalars(sa.select(InstitutionRequest)).one()


def test_who_finds_no_institution_at_sign_up_is_led_to_asking_for_it(client: FlaskClient) -> None:
    page = client.post("/sign-up", data=details(institution="Ayutthaya Arts College"))
    assert page.status_code == 422
    assert "/institutions/missing?name=Ayutthaya+Arts+College" in page.text
    assert 'value="Ayutthaya Arts College"' in client.get("/institutions/missing?name=Ayutthaya Arts College").text


def test_a_wish_is_kept_once_and_the_administrators_are_told(
    app: Flask, root: FlaskClient, client: FlaskClient
) -> None:
    for _ in range(2):
        assert client.post("/institutions/missing", data=WANTED).location == "/"
    row = only_request(app)
    assert (row.name, row.country, row.email) == ("Ayutthaya Arts College", "TH", "noi@ayutthaya-arts.example")
    told = mails(app)
    assert [mail.to_address for mail in told] == ["root@causeway.example"]
    assert f"/institutions/requests/{row.id}" in told[0].text
    assert "Ayutthaya Arts College" in root.get("/institutions/requests").text


def test_the_administrator_adds_it_and_whoever_asked_reads_its_name(
    app: Flask, root: FlaskClient, client: FlaskClient
) -> None:
    client.post("/institutions/missing", data=WANTED)
    address = f"/institutions/requests/{only_request(app).id}"
    page = root.get(address).text
    assert 'value="ayutthaya-arts.example"' in page
    fields = {name: WANTED[name] for name in ("country", "city")} | {"name": "Ayutthaya College of Arts"}
    fields |= {"website_domain": "ayutthaya-arts.example", "time_zone": ""}
    assert root.post(f"{address}/add", data=fields).location == "/institutions/requests"
    with app.app_context():
        made = db.session.scalars(sa.select(Institution)).one()
        assert (made.name, made.time_zone) == ("Ayutthaya College of Arts", "Asia/Bangkok")
    last = mails(app)[-1]
    assert last.to_address == "noi@ayutthaya-arts.example"
    assert "Ayutthaya College of Arts" in last.text
    assert root.post(f"{address}/add", data=fields | {"name": "Another"}).status_code == 409
    assert "Nobody misses an institution" in root.get("/institutions/requests").text


def test_the_administrator_says_why_not(app: Flask, root: FlaskClient, client: FlaskClient) -> None:
    client.post("/institutions/missing", data=WANTED)
    address = f"/institutions/requests/{only_request(app).id}"
    assert root.post(f"{address}/decline", data={"reason": " "}).status_code == 422
    assert root.post(f"{address}/decline", data={"reason": "It is a shop."}).status_code == 303
    last = mails(app)[-1]
    assert "It is a shop." in last.text
    assert "Ayutthaya" not in last.text
    with app.app_context():
        assert db.session.scalars(sa.select(Institution)).all() == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "Write the name."),
        ({"name": "Win at www.shop.example"}, "without addresses of web pages"),
        ({"country": "US"}, "Not a valid choice"),
        ({"web_page": "none"}, "A web page looks like"),
        ({"email": "noi"}, "no complete mail address"),
    ],
)
def test_a_wish_nobody_can_act_on_is_sent_back(
    app: Flask, client: FlaskClient, changes: dict[str, str], sentence: str
) -> None:
    answer = client.post("/institutions/missing", data=WANTED | changes)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert mails(app) == []


def test_an_institution_on_the_list_is_not_asked_for(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        factories.institution("Ayutthaya Arts College", "TH")
        db.session.commit()
    assert "choose it when you sign up" in client.post("/institutions/missing", data=WANTED).text


def test_nobody_can_ask_without_end(app: Flask, client: FlaskClient) -> None:
    for number in range(institution_requests.MOST_OF_ONE):
        data = WANTED | {"name": f"College {number}"}
        assert client.post("/institutions/missing", data=data).status_code == 303
    assert client.post("/institutions/missing", data=WANTED).status_code == 403
