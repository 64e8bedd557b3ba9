"""Undoing an import of courses of many lecturers: what nobody touched goes, what somebody has in hand stays."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from config import Settings
from tests import factories
from tests.webapp.imports.building import csv, words
from tests.webapp.offices.conftest import House
from tests.webapp.offices.test_bulk import BINH, HEADER, account, import_all, mails, new_courses, send
from webapp import jobs
from webapp.access import Role
from webapp.accounts import invite_links
from webapp.accounts.models import AccountInvite, User
from webapp.audit.models import AuditEvent
from webapp.db import db
from webapp.imports.models import ImportFile
from webapp.profiles.models import CourseProfile, CourseState, FormDraft

MAI = "Mai,mai@hanu.example,HYD-7,Monsoons,20"
CHI = "Chi,chi@hanu.example,HYD-3,Reefs,25"
Log = Callable[[], list[AuditEvent]]


def titles(app: Flask) -> list[str]:
    """Courses that came out of files."""
    return [course.title for course in new_courses(app)]


def change(app: Flask, title: str, **facts: object) -> None:
    """Change a course as its lecturer might."""
    with app.app_context():
        course = db.session.query(CourseProfile).filter_by(title=title).one()
        for name, value in facts.items():
            setattr(course, name, value)
        db.session.commit()


def joined(app: Flask, email: str) -> None:
    """Let somebody follow the link."""
    with app.app_context():
        user = db.session.query(User).filter_by(email=email).one()
        user.confirmed_at = user.verified_at = factories.AT
        db.session.query(AccountInvite).filter_by(email=email).one().used_at = factories.AT
        db.session.commit()


def invited(app: Flask) -> list[str]:
    """Addresses of the invitations there are."""
    with app.app_context():
        return sorted(db.session.scalars(sa.select(AccountInvite.email)))


def test_the_page_says_what_goes_and_what_stays_and_changes_nothing(
    app: Flask, office: FlaskClient, house: House
) -> None:
    address = import_all(office, BINH, CHI, MAI)
    change(app, "Monsoons", state=CourseState.OPEN)
    page = words(office.get(f"{address}/undo").text)
    assert "What is removed Drafts nobody has changed since they were made. 2 courses Delta cities Tran Binh" in page
    assert "2 accounts that the import made and nobody has begun are removed." in page
    assert "The links of 2 invitations lead nowhere then." in page
    assert "Monsoons Mai, mai@hanu.example The lecturer has published or withdrawn it." in page
    assert titles(app) == ["Delta cities", "Reefs", "Monsoons"]
    assert len(mails(app)) == 3


def test_what_nobody_touched_goes_with_its_accounts_invitations_and_mail(
    app: Flask, office: FlaskClient, house: House, client: FlaskClient
) -> None:
    address = import_all(office, BINH, CHI, MAI)
    link = next(line for line in mails(app)[0].text.split() if "/invitation/" in line)
    done = office.post(f"{address}/undo", follow_redirects=True)
    assert "3 drafts were removed. 2 accounts nobody had used were removed." in words(done.text)
    assert (titles(app), mails(app), invited(app)) == ([], [], [])
    assert account(app, "binh@hanu.example") is account(app, "chi@hanu.example") is None
    assert account(app, "mai@hanu.example") is not None
    assert client.get(link).status_code == 404


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"state": CourseState.OPEN}, "The lecturer has published or withdrawn it."),
        ({"students": 22}, "It has changed since."),
    ],
)
def test_what_a_lecturer_changed_stays_and_is_named(
    app: Flask, office: FlaskClient, house: House, facts: dict[str, object], why: str
) -> None:
    address = import_all(office, BINH, MAI)
    change(app, "Monsoons", **facts)
    assert why in words(office.get(f"{address}/undo").text)
    done = words(office.post(f"{address}/undo", follow_redirects=True).text)
    assert "1 draft was removed." in done
    assert "1 course stays: “Monsoons”." in done
    assert titles(app) == ["Monsoons"]
    # What Mai was to be told about still waits for her.
    assert [mail.to_address for mail in mails(app)] == ["mai@hanu.example"]


def test_what_a_lecturer_is_typing_stays(app: Flask, office: FlaskClient, house: House) -> None:
    address = import_all(office, BINH, MAI)
    with app.app_context():
        course = db.session.query(CourseProfile).filter_by(title="Monsoons").one()
        db.session.add(FormDraft(user_id=house.mai, form=f"course:{course.id}", fields=[], saved_at=factories.AT))
        db.session.commit()
    assert "The lecturer is working on it." in words(office.get(f"{address}/undo").text)
    office.post(f"{address}/undo")
    assert titles(app) == ["Monsoons"]


def test_who_has_come_keeps_the_drafts(app: Flask, office: FlaskClient, house: House) -> None:
    address = import_all(office, BINH, CHI)
    joined(app, "binh@hanu.example")
    assert "Tran Binh, binh@hanu.example The lecturer has begun their account." in words(
        office.get(f"{address}/undo").text
    )
    office.post(f"{address}/undo")
    assert titles(app) == ["Delta cities"]
    assert account(app, "binh@hanu.example").is_active  # type: ignore[union-attr]
    assert account(app, "chi@hanu.example") is None
    assert invited(app) == ["binh@hanu.example"]


def test_an_account_with_drafts_of_another_import_stays_with_its_invitation(
    app: Flask, office: FlaskClient, house: House
) -> None:
    first = import_all(office, BINH)
    import_all(office, BINH.replace("HYD-1", "HYD-9").replace("Delta cities", "Canals"))
    office.post(f"{first}/undo")
    assert titles(app) == ["Canals"]
    assert account(app, "binh@hanu.example") is not None
    assert invited(app) == ["binh@hanu.example"]
    (left,) = mails(app)
    assert "- Canals" in left.text


def test_what_was_there_before_the_import_stays(app: Flask, office: FlaskClient, house: House) -> None:
    data = {"email": "binh@hanu.example", "name": "", "role": "lecturer", "language": "en"}
    office.post("/people/invitations", data=data)
    with app.app_context():
        at = db.session.get_one(factories.Institution, house.hanoi)
        factories.user("chi@hanu.example", Role.LECTURER, at, confirmed_at=None, verified_at=None)
        db.session.commit()
    office.post(f"{import_all(office, BINH, CHI)}/undo")
    assert invited(app) == ["binh@hanu.example"]
    assert account(app, "chi@hanu.example") is not None
    assert account(app, "binh@hanu.example") is None


def test_a_draft_the_import_changed_says_again_what_it_said(
    app: Flask, office: FlaskClient, house: House, noted: Log
) -> None:
    import_all(office, f"{MAI},2027-02-15", header=f"{HEADER},First day of teaching")
    row = f"{MAI.replace('20', '35')},2027-03-01"
    address = import_all(office, row, header=f"{HEADER},First day of teaching")
    (course,) = new_courses(app)
    assert (course.students, str(course.starts_on)) == (35, "2027-03-01")
    assert "What is put back" in words(office.get(f"{address}/undo").text)
    assert "1 draft is as it was before." in words(office.post(f"{address}/undo", follow_redirects=True).text)
    (course,) = new_courses(app)
    assert (course.students, str(course.starts_on)) == (20, "2027-02-15")
    imported, undone = noted()[1:]
    was, is_now = [
        {"title": "Monsoons", "students": n, "starts_on": day} for n, day in ((20, "2027-02-15"), (35, "2027-03-01"))
    ]
    assert (imported.before["changed"], imported.after["changed"]) == ([was], [is_now])
    assert (undone.before["changed"], undone.after["changed"]) == ([is_now], [was])


def test_the_audit_log_tells_what_went_and_what_stayed_in_words(
    app: Flask, office: FlaskClient, house: House, noted: Log
) -> None:
    address = import_all(office, BINH, MAI)
    change(app, "Monsoons", students=23)
    office.post(f"{address}/undo")
    event = noted()[-1]
    assert (event.action, event.actor_id, event.institution_id) == ("offices.undo_import", house.office, house.hanoi)
    assert event.before == {"made": {"binh@hanu.example": ["Delta cities"]}, "new_accounts": ["binh@hanu.example"]}
    assert event.after == {"kept": {"mai@hanu.example": ["Monsoons"]}, "mails_called_back": 1}
    text = words(office.get("/audit").text)
    assert "Undid an import of courses of lecturers" in text
    assert "Made: binh@hanu.example: Delta cities, now empty" in text
    assert "Stays: mai@hanu.example: Monsoons" in text


def test_an_import_is_undone_once_and_can_be_made_again(app: Flask, office: FlaskClient, house: House) -> None:
    address = import_all(office, BINH)
    assert "Undo this import" in office.get(address).text
    assert "Imported lately courses.csv" in words(office.get("/house/import").text)
    assert office.post(f"{address}/undo").status_code == 303
    assert office.post(f"{address}/undo").status_code == office.get(f"{address}/undo").status_code == 409
    assert office.post(address, data={"then": "import"}).status_code == 303
    assert titles(app) == ["Delta cities"]
    assert [mail.to_address for mail in mails(app)] == ["binh@hanu.example"]


def test_nothing_left_to_undo_is_said(app: Flask, office: FlaskClient, house: House) -> None:
    address = import_all(office, MAI)
    change(app, "Monsoons", state=CourseState.OPEN)
    assert "Nothing of this import can be undone any more" in words(office.get(f"{address}/undo").text)
    assert office.post(f"{address}/undo").status_code == 409
    assert titles(app) == ["Monsoons"]


def test_an_import_can_be_undone_as_long_as_its_links_work(
    app: Flask, office: FlaskClient, house: House, settings: Settings
) -> None:
    import_all(office, BINH)
    read_only = send(office, csv(HEADER, CHI))
    with app.app_context():
        at = db.session.scalars(sa.select(ImportFile.imported_at).where(ImportFile.imported_at.is_not(None))).one()
        assert at is not None
        jobs.run_clean_up(settings, at + timedelta(days=2), lambda _text: None)
        assert db.session.scalars(sa.select(ImportFile.imported_at)).all() == [at]
        jobs.run_clean_up(settings, at + invite_links.LIFE + timedelta(seconds=1), lambda _text: None)
        assert db.session.scalars(sa.select(ImportFile.id)).all() == []
    assert office.get(read_only).status_code == 404


def test_what_undoing_asks_does_not_grow_with_the_file(app: Flask, office: FlaskClient, house: House) -> None:
    asked: list[str] = []
    counts = []
    for n in (1, 6):
        rows = [f"L {at},l{n}{at}@hanu.example,C-{n}{at},Course {n}{at},25" for at in range(n)]
        address = import_all(office, *rows)
        with app.app_context():
            sa.event.listen(db.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
        asked.clear()
        assert office.get(f"{address}/undo").status_code == 200
        counts.append(len(asked) // (1 if n == 1 else 2))
    assert counts[0] == counts[1]
