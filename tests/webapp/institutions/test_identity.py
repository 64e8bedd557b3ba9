"""Administrators correct the name and the country of an institution, and what follows from it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.conftest import NOW
from webapp.access import Role
from webapp.accounts.models import User
from webapp.audit.models import AuditEvent
from webapp.db import db
from webapp.directory import queries as directory
from webapp.errors import NotAllowedError, WrongStateError
from webapp.institutions import identity_rules, queries, reference
from webapp.institutions.models import Institution
from webapp.profiles.models import CourseProfile

SignIn = Callable[[int], FlaskClient]


@pytest.fixture
def ids(app: Flask) -> dict[str, int]:
    """Two institutions of Vietnam with a course, and an administrator."""
    with app.app_context():
        hanoi = factories.institution()
        factories.institution("Hué Universität", "VN")
        found = {
            "hanoi": hanoi.id,
            "office": factories.user("office@hanu.example", Role.OFFICE, hanoi).id,
            "root": factories.user("root@causeway.example", Role.ADMINISTRATOR).id,
            "course": factories.course(factories.user("mai@hanu.example", at=hanoi)).id,
        }
        db.session.commit()
        return found


def facts(app: Flask, ids: dict[str, int]) -> tuple[str, str, str]:
    with app.app_context():
        row = db.session.get_one(Institution, ids["hanoi"])
        return row.name, row.country, row.search_text


def events(app: Flask) -> list[AuditEvent]:
    with app.app_context():
        return list(db.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id)))


def test_a_name_is_corrected_with_a_line_in_the_audit_log(app: Flask, ids: dict[str, int], sign_in: SignIn) -> None:
    root, here = sign_in(ids["root"]), f"/institutions/{ids['hanoi']}"
    assert f'href="{here}/identity"' in root.get(here).text
    page = root.get(f"{here}/identity").text
    assert 'value="Hanoi University"' in page
    assert '<option selected value="VN">' in page
    assert "The country decides the region" in page
    answer = root.post(f"{here}/identity", data={"name": " Hà Nội University ", "country": "VN"})
    assert (answer.status_code, answer.location) == (303, here)
    shown = root.get(here).text
    assert "Hà Nội University is saved." in shown
    assert "they stay as they were" not in shown
    assert facts(app, ids) == ("Hà Nội University", "VN", "ha noi university")
    (event,) = events(app)
    assert (event.action, event.actor_id, event.institution_id) == ("institutions.identify", ids["root"], ids["hanoi"])
    assert (event.before, event.after) == ({"name": "Hanoi University"}, {"name": "Hà Nội University"})
    root.post(f"{here}/identity", data={"name": "Hà Nội University", "country": "VN"})
    assert "Everything is as before." in root.get(here).text
    assert len(events(app)) == 1


def test_a_country_of_the_other_region_is_asked_about_first(app: Flask, ids: dict[str, int], sign_in: SignIn) -> None:
    root, path = sign_in(ids["root"]), f"/institutions/{ids['hanoi']}/identity"
    data = {"name": "Hanoi University", "country": "PT"}
    answer = root.post(path, data=data)
    assert (answer.status_code, "Portugal belongs to the other region." in answer.text) == (422, True)
    assert facts(app, ids)[1] == "VN"
    shown = root.post(path, data=data | {"sure": "y"}, follow_redirects=True).text
    assert "Look at its city, time zone, credit system and data-protection law too" in shown
    assert facts(app, ids)[1] == "PT"
    assert (events(app)[0].before, events(app)[0].after) == ({"country": "VN"}, {"country": "PT"})
    assert root.post(path, data=data | {"country": "ES"}).status_code == 303


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"name": " ", "country": "VN"}, "Write the name."),
        ({"name": "x" * 201, "country": "VN"}, "This is too long"),
        ({"name": "hue universitat", "country": "VN"}, "This country has an institution of this name already."),
        ({"name": "Hanoi University", "country": "US", "sure": "y"}, "Not a valid choice"),
        ({"name": "Hanoi University", "country": "", "sure": "y"}, "Not a valid choice"),
    ],
)
def test_what_cannot_be_is_refused(
    app: Flask, ids: dict[str, int], sign_in: SignIn, data: dict[str, str], sentence: str
) -> None:
    answer = sign_in(ids["root"]).post(f"/institutions/{ids['hanoi']}/identity", data=data)
    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert facts(app, ids)[:2] == ("Hanoi University", "VN")
    assert events(app) == []


def test_nobody_but_administrators_changes_it(app: Flask, ids: dict[str, int], sign_in: SignIn) -> None:
    office, here = sign_in(ids["office"]), f"/institutions/{ids['hanoi']}"
    assert f"{here}/identity" not in office.get(here).text
    assert office.get(f"{here}/identity").status_code == 403
    assert office.post(f"{here}/identity", data={"name": "Ours", "country": "VN"}).status_code == 403
    assert sign_in(ids["root"]).get("/institutions/4711/identity").status_code == 404
    with app.app_context():
        row, person = db.session.get_one(Institution, ids["hanoi"]), db.session.get_one(User, ids["office"])
        with pytest.raises(NotAllowedError):
            identity_rules.identify(row, "Ours", "VN", person, NOW)
        root = db.session.get_one(User, ids["root"])
        with pytest.raises(WrongStateError, match="neither region of ASEM"):
            identity_rules.identify(row, "Ours", "US", root, NOW)
        with pytest.raises(WrongStateError, match="has an institution of this name already"):
            identity_rules.identify(row, "Hué Universität", "VN", root, NOW)


def test_the_reference_list_takes_no_correction_back(context: Flask) -> None:
    reference.load()
    root = factories.user("root@causeway.example", Role.ADMINISTRATOR)
    listed = queries.by_code("VN-001")
    assert listed is not None
    identity_rules.identify(listed, "University of Somewhere Else", "TH", root, NOW)
    assert reference.load() == (0, 0)
    db.session.refresh(listed)
    assert (listed.name, listed.country) == ("University of Somewhere Else", "TH")


@pytest.mark.parametrize(("country", "has_moved"), [("VN", False), ("TH", True)])
def test_its_courses_are_read_again(app: Flask, ids: dict[str, int], country: str, has_moved: bool) -> None:
    with app.app_context():
        before = directory.signature(NOW.date()), directory.versions(NOW.date())[ids["course"]]
        row, root = db.session.get_one(Institution, ids["hanoi"]), db.session.get_one(User, ids["root"])
        later = NOW + timedelta(days=1)
        identity_rules.identify(row, "University of Hanoi", country, root, later)
        db.session.commit()
        assert directory.signature(NOW.date()) != before[0]
        assert directory.versions(NOW.date())[ids["course"]] == before[1] + 1
        course = db.session.get_one(CourseProfile, ids["course"])
        assert (course.updated_at == later) == has_moved
