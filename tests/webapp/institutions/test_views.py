"""Pages of institutions."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from webapp.access import Role
from webapp.db import db
from webapp.institutions import queries

SignIn = Callable[[int], FlaskClient]


def test_suggestions_name_the_institution_and_its_place(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        factories.institution("Hanoi <Open> University", "VN", city="Hanoi")
        db.session.commit()
    page = client.get("/institutions/options?q=hanoi").text
    assert '<option value="Hanoi &lt;Open&gt; University">Hanoi, Vietnam</option>' in page
    assert client.get("/institutions/options?institution=hanoi").text == page


def test_without_anything_typed_there_are_no_suggestions(client: FlaskClient) -> None:
    assert client.get("/institutions/options").text.strip() == ""


@pytest.fixture
def root(app: Flask, sign_in: SignIn) -> FlaskClient:
    """An administrator's browser."""
    with app.app_context():
        user_id = factories.user("root@causeway.example", Role.ADMINISTRATOR).id
        db.session.commit()
    return sign_in(user_id)


def details(**changes: str) -> dict[str, str]:
    """An institution that is missing."""
    values = {"name": "Perth College", "country": "AU", "city": "Perth", "website_domain": "", "time_zone": ""}
    return values | changes


def test_an_administrator_adds_an_institution_that_stands_in_its_citys_zone(app: Flask, root: FlaskClient) -> None:
    assert "<h1>Add an institution</h1>" in root.get("/institutions/new").text
    data = details(website_domain=" https://www.Perth.edu.au/en/ ")
    assert "Perth College is added." in root.post("/institutions/new", data=data, follow_redirects=True).text
    with app.app_context():
        [row] = queries.search("perth college")
        assert (row.country, row.website_domain, row.time_zone) == ("AU", "perth.edu.au", "Australia/Perth")
        assert (row.code, row.region) == (None, "asia")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "Write the name."),
        ({"country": "US"}, "Not a valid choice"),
        ({"website_domain": "perth"}, "A domain looks like hanu.edu.vn."),
        ({"name": "HANOI university", "country": "VN"}, "This country has an institution of this name already."),
    ],
)
def test_a_mistake_is_named_and_nothing_added(
    app: Flask, root: FlaskClient, changes: dict[str, str], sentence: str
) -> None:
    with app.app_context():
        factories.institution()
        db.session.commit()
    answer = root.post("/institutions/new", data=details(**changes))
    assert answer.status_code == 422
    assert sentence in answer.text
    with app.app_context():
        assert len(queries.everything()) == 1


def test_only_administrators_add_institutions(app: Flask, client: FlaskClient, sign_in: SignIn) -> None:
    assert client.get("/institutions/new").location == "/sign-in?next=/institutions/new"
    with app.app_context():
        office = factories.user("office@hanu.example", Role.OFFICE, factories.institution()).id
        db.session.commit()
    assert sign_in(office).get("/institutions/new").status_code == 403
    assert sign_in(office).post("/institutions/new", data=details()).status_code == 403
