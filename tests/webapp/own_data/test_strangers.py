"""People an office brought in who never came: they can have their data deleted at once, and it ends by itself."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from config import Settings
from tests import factories
from tests.factories import AT
from tests.webapp.imports.building import csv, words
from tests.webapp.offices.test_bulk import BINH, HEADER, account, import_all, mails, new_courses, send
from webapp.access import Role
from webapp.accounts.models import AccountInvite, User
from webapp.audit.models import AuditEvent
from webapp.db import db
from webapp.jobs import run_clean_up
from webapp.mail.models import OutboxMessage
from webapp.offices import strangers
from webapp.profiles.models import CourseProfile, CourseState

SignIn = Callable[[int], FlaskClient]
ASKED = {"email": "binh@hanu.example", "name": "Binh", "role": "lecturer", "language": "en"}


@pytest.fixture
def office(app: Flask, sign_in: SignIn) -> FlaskClient:
    """The browser of the office of Hanoi."""
    with app.app_context():
        person = factories.user("lan@hanu.example", Role.OFFICE, factories.institution(website_domain="hanu.example"))
        db.session.commit()
        person_id = person.id
    return sign_in(person_id)


def way_out(app: Flask) -> str:
    """The link of the newest mail by which data is deleted, as a path."""
    with app.app_context():
        texts = db.session.scalars(sa.select(OutboxMessage.text).order_by(OutboxMessage.id.desc()))
        return next(
            word.removeprefix("http://localhost") for text in texts for word in text.split() if word.endswith("/not-me")
        )


def everything(app: Flask) -> str:
    """All rows of the tables that hold addresses, as text."""
    with app.app_context():
        tables = (User, AccountInvite, OutboxMessage, AuditEvent, CourseProfile)
        return "\n".join(str(tuple(row)) for one in tables for row in db.session.execute(sa.select(one.__table__)))


def sent(app: Flask) -> None:
    """Let all mail be sent."""
    with app.app_context():
        db.session.execute(sa.update(OutboxMessage).values(sent_at=datetime.now(UTC)))
        db.session.commit()


def test_opening_the_page_says_who_gave_the_address_and_changes_nothing(
    app: Flask, office: FlaskClient, client: FlaskClient
) -> None:
    import_all(office, BINH)
    page = client.get(way_out(app))
    assert "The international office of Hanoi University gave us binh@hanu.example." in words(page.text)
    assert len(new_courses(app)) == len(mails(app)) == 1
    assert client.get("/invitation/made-up/not-me").status_code == 404
    assert client.post("/invitation/made-up/not-me").status_code == 404


@pytest.mark.parametrize("has_gone", [True, False])
def test_who_does_not_want_it_leaves_no_trace(
    app: Flask, office: FlaskClient, client: FlaskClient, has_gone: bool
) -> None:
    import_all(office, BINH)
    path = way_out(app)
    if has_gone:
        sent(app)
    assert "We will not write to you." in words(client.post(path).text)
    left = everything(app)
    for word in ("binh@hanu.example", "Tran Binh", "Delta cities"):
        assert word not in left.replace("['Delta cities']", "")
    assert client.post(path).status_code == client.get(path.removesuffix("/not-me")).status_code == 404


def test_no_office_writes_to_them_again_and_they_may_come_themselves(
    app: Flask, office: FlaskClient, client: FlaskClient, sign_in: SignIn
) -> None:
    office.post("/people/invitations", data=ASKED)
    client.post(way_out(app))
    with app.app_context():
        lisbon = factories.institution("University of Lisbon", "PT", website_domain="hanu.example")
        other = factories.user("rui@hanu.example", Role.OFFICE, lisbon).id
        db.session.commit()
    for browser in (office, sign_in(other)):
        answer = browser.post("/people/invitations", data=ASKED)
        assert (answer.status_code, "asked us not to write to them" in answer.text) == (422, True)
    address = send(office, csv(HEADER, BINH))
    assert "Whoever has this address asked us not to write to them." in words(office.get(address).text)
    assert office.post(address, data={"shown": ["2"], "row": ["2"], "then": "import"}).status_code == 422
    assert account(app, "binh@hanu.example") is None
    assert "Nobody is awaited" in office.get("/people/invitations").text
    with app.app_context():
        factories.user("binh@hanu.example", at=db.session.get(factories.Institution, 1))
        db.session.commit()
    assert office.post("/people/invitations", data=ASKED).status_code == 303


def test_a_wish_between_reading_and_importing_counts(app: Flask, office: FlaskClient, client: FlaskClient) -> None:
    office.post("/people/invitations", data=ASKED)
    address = send(office, csv(HEADER, BINH))
    client.post(way_out(app))
    refused = office.post(address, data={"then": "import"})
    assert refused.status_code == 422
    assert "some people asked us not to write to them (binh@hanu.example)" in words(refused.text)
    assert new_courses(app) == []


def test_an_account_of_ones_own_stays(app: Flask, office: FlaskClient, client: FlaskClient) -> None:
    with app.app_context():
        factories.course(factories.user("binh@hanu.example", at=db.session.get(factories.Institution, 1)))
        db.session.commit()
    office.post("/people/invitations", data=ASKED)
    path = way_out(app)
    assert "You have an account of your own, which stays as it is" in client.get(path).text
    client.post(path)
    assert account(app, "binh@hanu.example").is_active  # type: ignore[union-attr]
    with app.app_context():
        assert db.session.query(CourseProfile).count() == 1


def test_the_office_sees_that_somebody_asked_and_not_who(app: Flask, office: FlaskClient, client: FlaskClient) -> None:
    office.post("/people/invitations", data=ASKED, follow_redirects=True)
    client.post(way_out(app))
    text = words(office.get("/audit").text)
    assert "Deleted the data of somebody who was invited and asked for that" in text
    assert "binh" not in text.lower()


def test_who_never_came_is_forgotten_after_a_while(app: Flask, office: FlaskClient, settings: Settings) -> None:
    import_all(office, BINH)
    office.post("/people/invitations", data=ASKED | {"email": "chi@hanu.example", "name": "Chi"})
    sent(app)
    now = datetime.now(UTC)
    with app.app_context():
        factories.user("eve@hanu.example", at=db.session.get(factories.Institution, 1),
                       confirmed_at=None, verified_at=None, created_at=now)  # fmt: skip
        db.session.commit()
        last = now + timedelta(days=settings.keep_strangers_days - 1)
        run_clean_up(settings, last, lambda _text: None)
    assert account(app, "eve@hanu.example") is not None
    assert len(new_courses(app)) == 1
    with app.app_context():
        run_clean_up(settings, last + timedelta(days=1, hours=1), lambda _text: None)
    left = everything(app)
    for word in ("binh@hanu.example", "chi@hanu.example", "eve@hanu.example", "Tran Binh"):
        assert word not in left
    assert "lan@hanu.example" in left
    assert new_courses(app) == []


def test_who_came_and_who_was_asked_again_is_not_forgotten(app: Flask, office: FlaskClient, settings: Settings) -> None:
    import_all(office, BINH, "Chi,chi@hanu.example,HYD-3,Reefs,25")
    later = datetime.now(UTC) + timedelta(days=settings.keep_strangers_days + 1)
    with app.app_context():
        came = db.session.query(User).filter_by(email="binh@hanu.example").one()
        came.confirmed_at = came.verified_at = AT
        db.session.query(AccountInvite).filter_by(email="binh@hanu.example").one().used_at = AT
        db.session.query(AccountInvite).filter_by(email="chi@hanu.example").one().invited_at = later
        db.session.commit()
        run_clean_up(settings, later, lambda _text: None)
    assert [one.title for one in new_courses(app)] == ["Delta cities", "Reefs"]
    assert "binh@hanu.example" in everything(app)


def test_who_was_refused_is_forgotten_too_and_the_number_of_the_account_is_not_given_again(context: Flask) -> None:
    at = factories.institution()
    refused = factories.user("eve@hanu.example", at=at, verified_at=None, closed_at=AT, session_version=2)
    factories.course(refused, state=CourseState.DRAFT)
    assert strangers.forget_before(AT, AT) == 0
    now = AT + timedelta(days=1)
    assert strangers.forget_before(now, now) == 1
    assert (refused.name, refused.email) == ("A former member", f"closed-{refused.id}@causeway.invalid")
    assert db.session.query(CourseProfile).count() == 0
    assert strangers.forget_before(now, now) == 0


def test_what_others_speak_of_keeps_its_row_without_a_name(context: Flask) -> None:
    match = factories.pair()
    lecturer = match.course_a.lecturer
    lecturer.confirmed_at = None
    strangers.forget(lecturer.email, AT)
    assert lecturer.name == "A former member"
    assert match.course_a.lecturer is lecturer
