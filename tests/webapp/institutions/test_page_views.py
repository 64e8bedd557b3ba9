"""The page of an institution, and what its office changes there."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from webapp.access import Role
from webapp.audit.models import AuditEvent
from webapp.db import db
from webapp.institutions.models import Institution, InstitutionTerm

SignIn = Callable[[int], FlaskClient]


@pytest.fixture
def ids(app: Flask) -> dict[str, int]:
    """Hanoi with its people, and the office of Lisbon."""
    with app.app_context():
        hanoi = factories.institution(website_domain="hanu.edu.vn", code="VN-001")
        lisbon = factories.institution("University of Lisbon", "PT", website_domain="ulisboa.pt", networks=["Unica"])
        people = {
            "office": factories.user("office@hanu.example", Role.OFFICE, hanoi),
            "other office": factories.user("office@lisbon.example", Role.OFFICE, lisbon),
            "lecturer": factories.user("mai@hanu.example", at=hanoi),
            "partner": factories.user("rui@lisbon.example", at=lisbon),
            "coordinator": factories.user("noor@asem.example", Role.COORDINATOR),
            "root": factories.user("root@causeway.example", Role.ADMINISTRATOR),
        }
        db.session.commit()
        return {name: user.id for name, user in people.items()} | {"hanoi": hanoi.id, "lisbon": lisbon.id}


def told(**changes: Any) -> dict[str, Any]:
    """What the form sends."""
    values = {
        "description": "A university of languages.\nAnd of more.",
        "web_page": "www.hanu.edu.vn/en",
        "city": "Hanoi",
        "institution_type": "university",
        "time_zone": "Asia/Ho_Chi_Minh",
        "domains": "https://www.hanu.edu.vn/\nstudents.hanu.edu.vn",
        "credit_system": "VN-TINCHI",
        "support": "Two hours off a week.",
        "privacy_regime": "national",
        "transfer_basis": "no_transfer",
        "networks-0": "unica",
        "networks-1": "",
        "networks-2": "ASEAN  University Network",
    }
    return values | changes


def the(app: Flask, institution_id: int) -> Institution:
    """An institution, loaded and let go."""
    with app.app_context():
        row = db.session.get_one(Institution, institution_id)
        db.session.refresh(row)
        db.session.expunge(row)
        return row


def events(app: Flask) -> list[AuditEvent]:
    """Everything in the audit log."""
    with app.app_context():
        return list(db.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id)))


def test_an_office_says_what_partners_should_know(app: Flask, sign_in: SignIn, ids: dict[str, int]) -> None:
    office, here = sign_in(ids["office"]), f"/institutions/{ids['hanoi']}"
    assert office.post(f"{here}/edit", data=told()).location == here
    page = sign_in(ids["partner"]).get(here).text
    for words in (
        "A university of languages.",
        "https://www.hanu.edu.vn/en",
        "Vietnamese credits (tín chỉ)",
        "<dd>University</dd>",
        "The data-protection law of Vietnam",
        "No student data crosses the border",
        "Unica; ASEAN University Network",
        "Two hours off a week.",
    ):
        assert words in page, words
    assert "students.hanu.edu.vn" not in page
    assert "students.hanu.edu.vn" in sign_in(ids["lecturer"]).get(here).text
    row = the(app, ids["hanoi"])
    assert (row.website_domain, row.more_domains) == ("hanu.edu.vn", ["students.hanu.edu.vn"])
    assert row.networks == ["Unica", "ASEAN University Network"]


def test_a_change_is_in_the_audit_log_with_before_and_after(app: Flask, sign_in: SignIn, ids: dict[str, int]) -> None:
    office, here = sign_in(ids["office"]), f"/institutions/{ids['hanoi']}/edit"
    office.post(here, data=told())
    office.post(here, data=told(city="Ha Noi"))
    office.post(here, data=told(city="Ha Noi"))
    _first, second = events(app)
    assert (second.action, second.actor_id, second.institution_id) == (
        "institutions.edit",
        ids["office"],
        ids["hanoi"],
    )
    assert (second.before, second.after) == ({"city": "Hanoi"}, {"city": "Ha Noi"})


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"domains": "hanu.edu.vn\ngmail.com"}, "Addresses in gmail.com belong to many people"),
        ({"domains": "edu.vn"}, "Addresses in edu.vn belong to many people"),
        ({"domains": "hanu"}, "A domain looks like hanu.edu.vn."),
        ({"domains": "ulisboa.pt"}, "ulisboa.pt is a domain of University of Lisbon."),
        ({"web_page": "javascript://x.y/%0aalert(1)"}, "Write the address as browsers show it"),
        ({"credit_system": "MOON"}, "Not a valid choice"),
        ({"institution_type": "castle"}, "Not a valid choice"),
        ({"networks-0": "n" * 121}, "Use a shorter name."),
        ({"description": "x" * 3001}, "Write at most 3,000 characters."),
    ],
)
def test_what_cannot_be_is_refused_and_kept_in_the_form(
    app: Flask, sign_in: SignIn, ids: dict[str, int], changes: dict[str, str], sentence: str
) -> None:
    answer = sign_in(ids["office"]).post(f"/institutions/{ids['hanoi']}/edit", data=told(**changes))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Two hours off a week." in answer.text
    assert the(app, ids["hanoi"]).support == ""
    assert events(app) == []


@pytest.mark.parametrize("who", ["other office", "lecturer", "partner", "coordinator"])
def test_nobody_else_changes_an_institution(app: Flask, sign_in: SignIn, ids: dict[str, int], who: str) -> None:
    client, here = sign_in(ids[who]), f"/institutions/{ids['hanoi']}"
    assert client.get(here).status_code == 200
    assert "Change this page" not in client.get(here).text
    assert client.get(f"{here}/edit").status_code == 403
    assert client.post(f"{here}/edit", data=told()).status_code == 403
    assert client.post(f"{here}/terms", data={"name": "x"}).status_code == 403
    assert the(app, ids["hanoi"]).description == ""


def test_networks_of_others_are_suggested(sign_in: SignIn, ids: dict[str, int]) -> None:
    page = sign_in(ids["root"]).get(f"/institutions/{ids['hanoi']}/edit").text
    assert '<option value="Unica"></option>' in page


def test_ones_own_institution_has_a_short_address(sign_in: SignIn, ids: dict[str, int]) -> None:
    assert sign_in(ids["lecturer"]).get("/institution").location == f"/institutions/{ids['hanoi']}"
    assert sign_in(ids["root"]).get("/institutions/4711").status_code == 404


TERM = {
    "name": "Semester 2",
    "starts_on": "2027-02-15",
    "ends_on": "2027-06-04",
    "breaks-1-first": "2027-04-30",
    "breaks-0-first": "2027-05-10",
    "breaks-0-last": "2027-05-14",
}


def test_an_office_adds_changes_and_deletes_a_term(app: Flask, sign_in: SignIn, ids: dict[str, int]) -> None:
    office, here = sign_in(ids["office"]), f"/institutions/{ids['hanoi']}/terms"
    assert office.post(here, data=TERM).location == here
    with app.app_context():
        [term] = db.session.scalars(sa.select(InstitutionTerm)).all()
        assert (term.starts_on, term.ends_on) == (date(2027, 2, 15), date(2027, 6, 4))
        assert term.breaks == [
            {"from": "2027-04-30", "to": "2027-04-30"},
            {"from": "2027-05-10", "to": "2027-05-14"},
        ]
        term_id = term.id
    shown = office.get(f"{here}/{term_id}").text
    assert 'value="2027-05-14"' in shown
    office.post(f"{here}/{term_id}", data={key: value for key, value in TERM.items() if "breaks" not in key})
    assert "Without teaching" not in office.get(f"/institutions/{ids['hanoi']}").text
    assert "Semester 2 is deleted." in office.post(f"{here}/{term_id}/delete", follow_redirects=True).text
    assert [event.action for event in events(app)] == [
        "institutions.add_term",
        "institutions.edit_term",
        "institutions.delete_term",
    ]
    assert events(app)[0].object_name == "Hanoi University: Semester 2"
    assert office.get(f"{here}/{term_id}").status_code == 404


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "Write the name."),
        ({"starts_on": "soon"}, "Write the date as year-month-day"),
        ({"ends_on": "2027-02-14"}, "The term ends before it starts"),
        ({"ends_on": "2028-06-04"}, "The term is longer than a year"),
        ({"breaks-1-first": "2027-08-01"}, "This break lies outside the term"),
        ({"breaks-0-last": "2027-05-09"}, "This break ends before it starts"),
        ({"breaks-0-first": ""}, "Give the first day of this break."),
    ],
)
def test_a_term_that_cannot_be_is_refused(
    app: Flask, sign_in: SignIn, ids: dict[str, int], changes: dict[str, str], sentence: str
) -> None:
    answer = sign_in(ids["office"]).post(f"/institutions/{ids['hanoi']}/terms", data=TERM | changes)
    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert events(app) == []


def test_a_term_of_another_institution_is_not_found(app: Flask, sign_in: SignIn, ids: dict[str, int]) -> None:
    sign_in(ids["root"]).post(f"/institutions/{ids['lisbon']}/terms", data=TERM)
    office = sign_in(ids["office"])
    assert office.post(f"/institutions/{ids['hanoi']}/terms/1/delete").status_code == 404
    assert office.post(f"/institutions/{ids['lisbon']}/terms/1/delete").status_code == 403
