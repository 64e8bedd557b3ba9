"""Pages of institutions."""

from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from webapp.db import db


def test_suggestions_name_the_institution_and_its_place(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        factories.institution("Hanoi <Open> University", "VN", city="Hanoi")
        db.session.commit()
    page = client.get("/institutions/options?q=hanoi").text
    assert '<option value="Hanoi &lt;Open&gt; University">Hanoi, Vietnam</option>' in page
    assert client.get("/institutions/options?institution=hanoi").text == page


def test_without_anything_typed_there_are_no_suggestions(client: FlaskClient) -> None:
    assert client.get("/institutions/options").text.strip() == ""
