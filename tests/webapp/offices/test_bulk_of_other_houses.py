"""A file of one office never reaches what belongs to another institution."""

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.webapp.imports.building import csv, words
from tests.webapp.offices.conftest import House
from tests.webapp.offices.test_bulk import BINH, HEADER, account, import_all, new_courses, send
from webapp.access import Role
from webapp.accounts.models import User
from webapp.db import db

SignIn = Callable[[int], FlaskClient]


def test_drafts_another_office_made_for_somebody_who_has_not_come_are_neither_shown_nor_changed(
    app: Flask, office: FlaskClient, house: House, sign_in: SignIn
) -> None:
    import_all(office, BINH)
    with app.app_context():
        lisbon = db.session.get_one(factories.Institution, house.lisbon)
        stranger = factories.user("eva@ulisboa.example", Role.OFFICE, lisbon).id
        db.session.commit()
    other = sign_in(stranger)
    address = send(other, csv(HEADER, BINH.replace("Delta cities", "Stolen")))
    assert "Delta cities" not in words(other.get(address).text)
    answer = other.post(address, data={"then": "import", "works_here": "binh@hanu.example"})
    assert answer.status_code == 409
    assert [(one.title, one.institution_id) for one in new_courses(app)] == [("Delta cities", house.hanoi)]


def test_what_placed_somebody_at_the_former_house_of_an_office_does_not_place_them_at_the_new_one(
    app: Flask, office: FlaskClient, house: House
) -> None:
    address = send(office, csv(HEADER, BINH))
    with app.app_context():
        db.session.get_one(User, house.office).institution_id = house.lisbon
        db.session.commit()
    assert office.post(address, data={"then": "import"}).status_code == 409
    assert account(app, "binh@hanu.example") is None
