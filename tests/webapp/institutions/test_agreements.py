"""Agreements an institution has on file."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from webapp.access import Role
from webapp.audit.labels import ACTION_LABELS
from webapp.audit.models import AuditEvent
from webapp.db import db
from webapp.institutions.models import Institution, PartnerAgreement

SignIn = Callable[[int], FlaskClient]


@pytest.fixture
def people(app: Flask) -> dict[str, int]:
    """Ids of two offices, of their institutions and of a third one."""
    with app.app_context():
        hanoi, kyoto = factories.institution(), factories.institution("Kyoto University", "JP")
        lisbon = factories.institution("University of Lisbon", "PT")
        found = {
            "office": factories.user("office@hanu.example", Role.OFFICE, hanoi).id,
            "other": factories.user("office@kyoto.example", Role.OFFICE, kyoto).id,
            "hanoi": hanoi.id,
            "lisbon": lisbon.id,
        }
        db.session.commit()
        return found


def on_file(app: Flask) -> list[tuple[str, str]]:
    with app.app_context():
        rows = db.session.scalars(sa.select(PartnerAgreement).order_by(PartnerAgreement.id))
        return [(row.partner.name, row.reference) for row in rows]


def put(app: Flask, people: dict[str, int], days: int | None = None, reference: str = "LOA 7") -> int:
    """An agreement of Hanoi with Lisbon that ends in so many days."""
    with app.app_context():
        hanoi, lisbon = (db.session.get_one(Institution, people[name]) for name in ("hanoi", "lisbon"))
        ends_on = None if days is None else datetime.now(UTC).date() + timedelta(days=days)
        row = factories.agreement(hanoi, lisbon, reference, ends_on=ends_on)
        db.session.commit()
        return row.id


def test_an_agreement_comes_on_file_changes_and_goes_and_the_log_tells(
    app: Flask, people: dict[str, int], sign_in: SignIn
) -> None:
    client = sign_in(people["office"])
    assert "No agreement is on file" in client.get("/agreements").text
    data = {"partner": "university of lisbon", "reference": "LOA 7", "kept_at": "Cabinet 3", "signed_on": "2026-01-15"}
    assert client.post("/agreements", data=data).status_code == 303
    page = client.get("/agreements").text
    for words in ("University of Lisbon, Portugal", "LOA 7", "Cabinet 3", "Thu, 15 Jan 2026", "no end"):
        assert words in page
    key = 1
    page = client.get(f"/agreements/{key}").text
    assert "Agreement with University of Lisbon" in page
    assert 'value="2026-01-15"' in page
    changed = {"reference": "LOA 8", "kept_at": "Cabinet 3", "signed_on": "2026-01-15", "ends_on": "2030-12-31"}
    assert client.post(f"/agreements/{key}", data=changed).status_code == 303
    assert client.post(f"/agreements/{key}", data=changed).status_code == 303
    assert on_file(app) == [("University of Lisbon", "LOA 8")]
    assert client.post(f"/agreements/{key}/remove").status_code == 303
    assert on_file(app) == []
    with app.app_context():
        lines = db.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id)).all()
        assert [line.action.removeprefix("institutions.agreement_") for line in lines] == ["add", "change", "remove"]
        assert {line.actor_id for line in lines} == {people["office"]}
        assert {line.institution_id for line in lines} == {people["hanoi"]}
        assert {line.action for line in lines} <= set(ACTION_LABELS)
        assert (lines[1].before, lines[1].after) == (
            {"reference": "LOA 7", "ends_on": None},
            {"reference": "LOA 8", "ends_on": "2030-12-31"},
        )
        assert lines[2].before["reference"] == "LOA 8"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"partner": "Nowhere"}, "No institution here has this name."),
        ({"partner": ""}, "Name the partner institution."),
        ({"partner": "Hanoi University"}, "An agreement is made with another institution."),
        ({"partner": "University of Twins"}, "Choose the country as well."),
        ({"reference": " "}, "Write its name or number"),
        ({"reference": "LOA 7"}, "is on file already"),
        ({"signed_on": "2026-05-01", "ends_on": "2026-04-30"}, "This lies before the day it was signed on."),
        ({"ends_on": "tomorrow"}, "Not a valid date value"),
    ],
)
def test_what_cannot_be_is_refused_with_what_was_typed(
    app: Flask, people: dict[str, int], sign_in: SignIn, wrong: dict[str, str], words: str
) -> None:
    put(app, people)
    with app.app_context():
        for country in ("FR", "DE"):
            factories.institution("University of Twins", country)
        db.session.commit()
    data = {"partner": "University of Lisbon", "reference": "New", "kept_at": "Shelf <2>"} | wrong
    answer = sign_in(people["office"]).post("/agreements", data=data)
    assert answer.status_code == 422
    assert words in answer.text
    assert "Shelf &lt;2&gt;" in answer.text
    assert len(on_file(app)) == 1
    if "Twins" in wrong.get("partner", ""):
        assert sign_in(people["office"]).post("/agreements", data=data | {"country": "FR"}).status_code == 303


def test_another_of_the_same_name_is_refused_when_one_is_changed(
    app: Flask, people: dict[str, int], sign_in: SignIn
) -> None:
    put(app, people)
    key = put(app, people, reference="LOA 9")
    answer = sign_in(people["office"]).post(f"/agreements/{key}", data={"reference": "LOA 7"})
    assert answer.status_code == 422
    assert "is on file already" in answer.text


@pytest.mark.parametrize(
    ("days", "is_soon", "has_ended"), [(-1, 0, 1), (0, 1, 0), (89, 1, 0), (92, 0, 0), (None, 0, 0)]
)
def test_what_ends_within_ninety_days_is_pointed_out(
    app: Flask, people: dict[str, int], sign_in: SignIn, days: int | None, is_soon: int, has_ended: int
) -> None:
    put(app, people, days)
    page = sign_in(people["office"]).get("/agreements").text
    assert page.count("One agreement ends within 90 days.") == is_soon
    assert page.count("(has ended)") == has_ended


def test_an_agreement_is_the_business_of_the_office_that_keeps_it(
    app: Flask, people: dict[str, int], sign_in: SignIn
) -> None:
    key = put(app, people)
    other = sign_in(people["other"])
    assert "LOA 7" not in other.get("/agreements").text
    assert other.get(f"/agreements/{key}").status_code == 403
    assert other.post(f"/agreements/{key}", data={"reference": "Mine"}).status_code == 403
    assert other.post(f"/agreements/{key}/remove").status_code == 403
    assert sign_in(people["office"]).get("/agreements/4711").status_code == 404
    assert on_file(app) == [("University of Lisbon", "LOA 7")]


def test_a_long_file_has_pages(app: Flask, people: dict[str, int], sign_in: SignIn) -> None:
    for n in range(27):
        put(app, people, reference=f"LOA {n:02d}")
    client = sign_in(people["office"])
    assert "LOA 26" not in client.get("/agreements").text
    assert "LOA 26" in client.get("/agreements?page=2").text
