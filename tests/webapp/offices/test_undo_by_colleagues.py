"""Undoing an import is for everybody of the office it was made for, and for nobody else."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.webapp.imports.building import csv, words
from tests.webapp.offices.conftest import House
from tests.webapp.offices.test_bulk import BINH, HEADER, account, import_all, mails, new_courses, send
from webapp.access import Role
from webapp.accounts.models import User
from webapp.audit.models import AuditEvent
from webapp.db import db
from webapp.errors import NotAllowedError
from webapp.imports.models import ImportFile
from webapp.institutions.models import Institution
from webapp.offices import undoing

SignIn = Callable[[int], FlaskClient]
Log = Callable[[], list[AuditEvent]]


@pytest.fixture
def hoa(app: Flask, house: House) -> int:
    """A colleague of the office in Hanoi."""
    with app.app_context():
        found = factories.user("hoa@hanu.example", Role.OFFICE, db.session.get_one(Institution, house.hanoi)).id
        db.session.commit()
    return found


def moved(app: Flask, user_id: int, **facts: object) -> None:
    """Give somebody another place or role."""
    with app.app_context():
        user = db.session.get_one(User, user_id)
        for name, value in facts.items():
            setattr(user, name, value)
        db.session.commit()


def titles(app: Flask) -> list[str]:
    """Courses that came out of files."""
    return [course.title for course in new_courses(app)]


def test_a_colleague_finds_and_undoes_an_import_and_the_log_names_who_did(
    app: Flask, office: FlaskClient, house: House, hoa: int, noted: Log, sign_in: SignIn
) -> None:
    address = import_all(office, BINH)
    colleague = sign_in(hoa)
    listed = words(colleague.get("/house/import").text)
    assert "Imported lately courses.csv" in listed
    assert ", by Lan Undo this import courses.csv" in listed
    assert "by Lan" in words(colleague.get(address).text)
    assert "by Lan What is removed" in words(colleague.get(f"{address}/undo").text)
    done = colleague.post(f"{address}/undo", follow_redirects=True)
    assert done.request.path == "/house/import"
    assert "1 draft was removed. 1 account nobody had used was removed." in words(done.text)
    assert (titles(app), mails(app), account(app, "binh@hanu.example")) == ([], [], None)
    event = noted()[-1]
    assert (event.action, event.actor_id, event.institution_id) == ("offices.undo_import", hoa, house.hanoi)
    assert event.after["mails_called_back"] == 1
    assert "Hoa" in words(office.get("/audit?action=offices.undo_import").text)
    # Both are told that it is done when they try again.
    assert [client.post(f"{address}/undo").status_code for client in (office, colleague)] == [409, 409]


def test_ones_own_imports_name_nobody(office: FlaskClient, house: House) -> None:
    address = import_all(office, BINH)
    for page in ("/house/import", address, f"{address}/undo"):
        assert "by Lan" not in words(office.get(page).text)


def test_what_is_not_imported_yet_is_of_who_sent_it(
    app: Flask, office: FlaskClient, house: House, hoa: int, sign_in: SignIn
) -> None:
    address = send(office, csv(HEADER, BINH))
    colleague = sign_in(hoa)
    assert colleague.get(address).status_code == colleague.post(address, data={"then": "import"}).status_code == 403
    assert "courses.csv" not in colleague.get("/house/import").text
    assert colleague.post(f"{address}/undo").status_code == 409
    assert titles(app) == []


def test_an_import_can_be_undone_when_who_made_it_has_left_the_office(
    app: Flask, office: FlaskClient, house: House, hoa: int, sign_in: SignIn
) -> None:
    address = import_all(office, BINH)
    moved(app, house.office, role=Role.LECTURER)
    assert sign_in(hoa).post(f"{address}/undo").status_code == 303
    assert (titles(app), mails(app)) == ([], [])


def test_who_has_gone_to_another_office_undoes_it_no_longer_and_the_former_one_does(
    app: Flask, office: FlaskClient, house: House, hoa: int, sign_in: SignIn
) -> None:
    address = import_all(office, BINH)
    moved(app, house.office, institution_id=house.lisbon)
    assert office.get(f"{address}/undo").status_code == office.post(f"{address}/undo").status_code == 403
    assert "Undo this import" not in office.get(address).text
    assert "courses.csv" not in office.get("/house/import").text
    assert titles(app) == ["Delta cities"]
    colleague = sign_in(hoa)
    assert "courses.csv" in colleague.get("/house/import").text
    assert colleague.post(f"{address}/undo").status_code == 303
    assert titles(app) == []


def test_nobody_of_another_office_and_nobody_else_undoes(
    app: Flask, office: FlaskClient, house: House, sign_in: SignIn
) -> None:
    address = import_all(office, BINH)
    with app.app_context():
        lisbon = db.session.get_one(Institution, house.lisbon)
        stranger = factories.user("eva@ulisboa.example", Role.OFFICE, lisbon).id
        db.session.commit()
    for person in (stranger, house.mai, house.administrator):
        client = sign_in(person)
        assert [client.get(page).status_code for page in (address, f"{address}/undo")] == [403, 403]
        assert client.post(f"{address}/undo").status_code == 403
    assert "courses.csv" not in sign_in(stranger).get("/house/import").text
    assert titles(app) == ["Delta cities"]
    with app.app_context():
        file, eva = db.session.query(ImportFile).one(), db.session.get_one(User, stranger)
        with pytest.raises(NotAllowedError):
            undoing.undo(file, db.session.get_one(Institution, house.hanoi), eva, factories.AT)
