"""The page of the audit log, and its file."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from webapp.access import Role
from webapp.audit.log import note
from webapp.db import db

SignIn = Callable[[int], FlaskClient]


@pytest.fixture
def ids(app: Flask) -> dict[str, int]:
    """Events at two institutions, and those who read of them."""
    with app.app_context():
        hanoi = factories.institution()
        lisbon = factories.institution("University of Lisbon", "PT")
        people = {
            "office": factories.user("lan@hanu.example", Role.OFFICE, hanoi),
            "other office": factories.user("rui@lisbon.example", Role.OFFICE, lisbon),
            "lecturer": factories.user("mai@hanu.example", at=hanoi),
            "coordinator": factories.user("noor@asem.example", Role.COORDINATOR),
            "root": factories.user("root@causeway.example", Role.ADMINISTRATOR, time_zone="Asia/Tokyo"),
        }
        at = factories.AT
        about = {"kind": "users", "object_id": 1, "name": "Binh", "institution_id": hanoi.id}
        note("accounts.verify", actor_id=people["office"].id, now=at, after={"verified_at": at}, **about)
        role = {"before": {"role": Role.LECTURER}, "after": {"role": Role.OFFICE, "institution_id": lisbon.id}}
        note("accounts.refuse", actor_id=people["root"].id, now=at + timedelta(days=1), **about, **role)
        note(
            "institutions.edit",
            actor_id=None,
            now=at + timedelta(days=2),
            kind="institutions",
            name='=HYPERLINK("x")',
            institution_id=lisbon.id,
            before={"networks": ["Unica"], "more_domains": []},
            after={"networks": [], "more_domains": ["a.pt", "b.pt"]},
        )
        db.session.commit()
        return {name: user.id for name, user in people.items()}


def test_an_administrator_reads_everything_in_words_newest_first(sign_in: SignIn, ids: dict[str, int]) -> None:
    page = sign_in(ids["root"]).get("/audit").text
    assert "3 events" in page
    assert (
        page.index("Causeway itself")
        < page.index("Refused a person: <strong>Binh")
        < page.index("Verified a person: <strong>")
    )
    assert "Role: Lecturer, now International office" in page
    assert "Institution: University of Lisbon" in page
    assert "Networks: Unica, now empty" in page
    assert "Further domains: a.pt and b.pt" in page
    assert "Verified: Mon, 23 Nov 2026, 18:00 (Tokyo)" in page
    assert "accounts.verify" not in page.replace('value="accounts.verify"', "")


def test_an_office_reads_what_concerns_its_institution_only(sign_in: SignIn, ids: dict[str, int]) -> None:
    page = sign_in(ids["office"]).get("/audit").text
    assert "2 events" in page
    assert "Causeway itself" not in page
    assert 'value="institutions.edit"' not in page
    other = sign_in(ids["other office"])
    assert "1 event<" in other.get("/audit").text.replace(" ·", "<")
    assert "Binh" not in other.get("/audit.csv").text


@pytest.mark.parametrize("who", ["lecturer", "coordinator"])
def test_others_do_not_read_it(sign_in: SignIn, ids: dict[str, int], who: str) -> None:
    assert sign_in(ids[who]).get("/audit").status_code == 403
    assert sign_in(ids[who]).get("/audit.csv").status_code == 403


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("who=ROOT", {"Refused a person"}),
        ("who=lan@hanu", {"Verified a person"}),
        ("action=accounts.verify", {"Verified a person"}),
        ("from=2026-11-24", {"Refused a person", "Changed the page of an institution"}),
        ("until=2026-11-24", {"Verified a person", "Refused a person"}),
        ("from=2026-11-24&until=2026-11-24", {"Refused a person"}),
        ("who=%25", set()),
        ("from=soon&until=9999-12-31", {"Verified a person", "Refused a person", "Changed the page of an institution"}),
        ("from=0001-01-01", {"Verified a person", "Refused a person", "Changed the page of an institution"}),
    ],
)
def test_filters_stand_in_the_address_and_hold_for_the_file(
    sign_in: SignIn, ids: dict[str, int], query: str, found: set[str]
) -> None:
    root = sign_in(ids["root"])
    rows = list(csv.DictReader(io.StringIO(root.get(f"/audit.csv?{query}").text.removeprefix("\ufeff"))))
    assert {row["What"] for row in rows} == found
    assert ("Nothing fits" in root.get(f"/audit?{query}").text) == (not found)


def test_the_file_holds_words_and_no_formulas(sign_in: SignIn, ids: dict[str, int]) -> None:
    answer = sign_in(ids["root"]).get("/audit.csv")
    assert answer.content_type == "text/csv; charset=utf-8"
    first, second, _third = csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff")))
    assert first["Whom or what"] == """'=HYPERLINK("x")"""
    assert second == {
        "When (UTC)": "2026-11-24 09:00:00",
        "Who": "Root",
        "What": "Refused a person",
        "Whom or what": "Binh",
        "Institution": "Hanoi University",
        "Changes": "Role: Lecturer, now International office; Institution: University of Lisbon",
    }


def test_a_long_log_is_shown_page_by_page(app: Flask, sign_in: SignIn, ids: dict[str, int]) -> None:
    with app.app_context():
        for n in range(31):
            note("accounts.verify", actor_id=None, now=factories.AT, kind="users", name=f"Person {n}")
        db.session.commit()
    root = sign_in(ids["root"])
    assert "Page 1 of 2" in root.get("/audit?action=accounts.verify").text
    second = root.get("/audit?action=accounts.verify&page=2").text
    assert 'href="/audit?action=accounts.verify&amp;page=1"' in second
    assert root.get(f"/audit?page={10**30}").status_code == 200


def test_an_office_finds_by_address_its_own_people_only(sign_in: SignIn, ids: dict[str, int]) -> None:
    office = sign_in(ids["office"])
    assert "Nothing fits" not in office.get("/audit?who=lan@hanu").text
    assert "Nothing fits" not in office.get("/audit?who=root").text
    assert "Nothing fits" in office.get("/audit?who=root@causeway").text
