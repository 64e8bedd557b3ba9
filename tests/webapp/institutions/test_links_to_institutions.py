"""Where the name of an institution stands as a fact it leads to its page, and no link stands in another."""

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from tests import factories
from tests.webapp.matches.test_views import Ids, SignIn, prepare
from webapp.access import Role
from webapp.accounts.models import User
from webapp.db import db
from webapp.matches.models import Match


@pytest.fixture
def ids(app: Flask) -> Ids:
    return prepare(app)


def links(page: str) -> list[str]:
    """The links of a page's main part in the order of the keyboard; none may stand inside another."""
    soup = BeautifulSoup(page, "html.parser")
    assert soup.select("a a") == []
    return [str(link["href"]) for link in soup.select("main a[href]")]


def test_the_page_of_a_match_leads_to_both_institutions(app: Flask, ids: Ids, sign_in: SignIn) -> None:
    for name in ("mai", "office_b", "coordinator", "administrator"):
        found = links(sign_in(ids.people[name]).get(f"/matches/{ids.match}").text)
        at = [href for href in found if href.startswith("/institutions/") and href.count("/") == 2]
        assert at == ["/institutions/1", "/institutions/2"], name


def test_a_course_and_its_entry_in_the_directory_lead_there_after_the_course(
    app: Flask, ids: Ids, sign_in: SignIn
) -> None:
    with app.app_context():
        match = db.session.get_one(Match, ids.match)
        own, partner = match.course_a_id, match.course_b_id
    mai = sign_in(ids.people["mai"])
    assert "/institutions/1" in links(mai.get(f"/courses/{own}").text)
    assert "/institutions/2" in links(mai.get(f"/directory/{partner}").text)
    found = [
        href
        for href in links(mai.get("/directory").text)
        if "/institutions/" in href or f"/directory/{partner}" in href
    ]
    assert [href.partition("?")[0] for href in found[:2]] == [f"/directory/{partner}", "/institutions/2"]


def test_who_waits_to_be_verified_is_not_led_to_a_page_that_is_closed_to_them(
    app: Flask, ids: Ids, sign_in: SignIn
) -> None:
    with app.app_context():
        at = db.session.get_one(User, ids.people["mai"]).institution
        pending = factories.user("new@hanu.example", at=at, verified_at=None)
        own, person = factories.course(pending).id, pending.id
        db.session.commit()
    page = sign_in(person).get(f"/courses/{own}")
    assert page.status_code == 200
    assert [href for href in links(page.text) if href.startswith("/institutions/")] == []


def test_lists_of_people_lead_there(app: Flask, ids: Ids, sign_in: SignIn) -> None:
    with app.app_context():
        at = db.session.get_one(User, ids.people["rui"]).institution
        factories.user("new@ulisboa.example", Role.LECTURER, at, verified_at=None)
        db.session.commit()
    root = sign_in(ids.people["administrator"])
    assert "/institutions/2" in links(root.get("/people").text)
    assert {"/institutions/1", "/institutions/2"} <= set(links(root.get("/people/all").text))
