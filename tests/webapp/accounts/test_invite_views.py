"""Inviting people of one's institution, and following the link."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.webapp.accounts.steps import PASSWORD, come_in, mails, the_user
from webapp.access import Role
from webapp.accounts.models import AccountInvite, User
from webapp.audit.models import AuditEvent
from webapp.db import db

SignIn = Callable[[int], FlaskClient]


@pytest.fixture
def ids(app: Flask) -> dict[str, int]:
    """The office of Hanoi with a lecturer, and another office."""
    with app.app_context():
        hanoi = factories.institution()
        lisbon = factories.institution("University of Lisbon", "PT")
        people = {
            "office": factories.user("lan@hanu.example", Role.OFFICE, hanoi),
            "other office": factories.user("rui@lisbon.example", Role.OFFICE, lisbon),
            "lecturer": factories.user("binh@hanu.example", at=hanoi),
            "root": factories.user("root@causeway.example", Role.ADMINISTRATOR),
        }
        db.session.commit()
        return {name: user.id for name, user in people.items()} | {"hanoi": hanoi.id}


def asked(**changes: str) -> dict[str, str]:
    """What the form sends."""
    return {"email": " Mai@hanu.edu.vn", "name": "Mai", "role": "lecturer", "language": "fr"} | changes


def joined(**changes: str) -> dict[str, str]:
    """What whoever follows the link sends."""
    return {"name": "Nguyễn Thị Mai", "password": PASSWORD, "language": "en", "consent": "y"} | changes


def link(app: Flask) -> str:
    """The newest invitation's link, as a path."""
    words = [word for mail in mails(app) for word in mail.text.split() if "/invitation/" in word]
    found = [word for word in words if not word.endswith("/not-me")]
    return found[-1].removeprefix("http://localhost")


def sent_before(app: Flask, span: timedelta) -> None:
    """Make every invitation older, and forget its mail."""
    with app.app_context():
        for row in db.session.scalars(sa.select(AccountInvite)):
            row.invited_at = datetime.now(UTC) - span
        db.session.commit()


def actions(app: Flask) -> list[str]:
    """What the audit log tells."""
    with app.app_context():
        return list(db.session.scalars(sa.select(AuditEvent.action).order_by(AuditEvent.id)))


@pytest.mark.parametrize("role", ["lecturer", "office"])
def test_who_follows_the_link_is_confirmed_and_verified(
    app: Flask, client: FlaskClient, sign_in: SignIn, ids: dict[str, int], role: str
) -> None:
    office = sign_in(ids["office"])
    answer = office.post("/people/invitations", data=asked(role=role), follow_redirects=True)
    assert "mai@hanu.edu.vn is invited." in answer.text
    assert [mail.to_address for mail in mails(app)] == ["mai@hanu.edu.vn"]
    assert 'value="Mai"' in client.get(link(app)).text
    assert the_user(app) is None
    assert client.post(link(app), data=joined()).location == "/sign-in"
    user = the_user(app)
    assert user is not None
    assert (user.role, user.institution_id, user.is_verified, user.is_active) == (Role(role), ids["hanoi"], True, True)
    assert come_in(client).location == "/"
    assert client.get(link(app)).status_code == 404
    assert client.post(link(app), data=joined()).status_code == 404
    assert "Nobody is awaited" in office.get("/people/invitations").text
    assert actions(app) == ["accounts.invite", "accounts.join"]


def test_the_answer_is_the_same_whether_the_address_is_known(app: Flask, sign_in: SignIn, ids: dict[str, int]) -> None:
    office = sign_in(ids["office"])
    pages = []
    for address in ("rui@lisbon.example", "new@lisbon.example"):
        page = office.post("/people/invitations", data=asked(email=address), follow_redirects=True).text
        pages.append(page.replace(address, "x").split("Who has not come yet")[0])
    assert pages[0] == pages[1]
    assert [mail.to_address for mail in mails(app)] == ["rui@lisbon.example", "new@lisbon.example"]


def test_an_account_elsewhere_is_not_taken_over(
    app: Flask, client: FlaskClient, sign_in: SignIn, ids: dict[str, int]
) -> None:
    sign_in(ids["office"]).post("/people/invitations", data=asked(email="rui@lisbon.example"))
    assert "You have an account with rui@lisbon.example already." in client.get(link(app)).text
    assert client.post(link(app), data=joined()).status_code == 409
    user = the_user(app, "rui@lisbon.example")
    assert user is not None
    assert (user.role, user.id, user.password_hash) == (Role.OFFICE, ids["other office"], "!")


def test_the_link_verifies_an_account_that_waits_here(
    app: Flask, client: FlaskClient, sign_in: SignIn, ids: dict[str, int]
) -> None:
    with app.app_context():
        db.session.get_one(User, ids["lecturer"]).verified_at = None
        db.session.commit()
    sign_in(ids["office"]).post("/people/invitations", data=asked(email="binh@hanu.example"))
    assert "This invitation verifies it." in client.get(link(app)).text
    assert client.post(link(app)).location == "/sign-in"
    user = the_user(app, "binh@hanu.example")
    assert user is not None
    assert user.is_verified


def test_an_account_begun_by_a_stranger_is_taken_over_with_the_new_password(
    app: Flask, client: FlaskClient, sign_in: SignIn, ids: dict[str, int]
) -> None:
    with app.app_context():
        lisbon = db.session.get_one(User, ids["other office"]).institution
        factories.user("mai@hanu.edu.vn", Role.OFFICE, lisbon, confirmed_at=None, verified_at=None)
        db.session.commit()
    sign_in(ids["office"]).post("/people/invitations", data=asked())
    client.post(link(app), data=joined())
    user = the_user(app)
    assert user is not None
    assert (user.institution_id, user.role, user.session_version) == (ids["hanoi"], Role.LECTURER, 2)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "Write your name"),
        ({"password": "short"}, "Choose a password of at least 10 characters."),
        ({"password": "mai@hanu.edu.vn"}, "This is easy to guess."),
        ({"consent": ""}, "We need your agreement"),
    ],
)
def test_joining_needs_a_name_a_password_and_agreement(
    app: Flask, client: FlaskClient, sign_in: SignIn, ids: dict[str, int], changes: dict[str, str], sentence: str
) -> None:
    sign_in(ids["office"]).post("/people/invitations", data=asked())
    answer = client.post(link(app), data={key: value for key, value in joined(**changes).items() if value})
    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert the_user(app) is None


def test_a_link_lives_for_14_days_and_can_be_sent_again(
    app: Flask, client: FlaskClient, sign_in: SignIn, ids: dict[str, int]
) -> None:
    office = sign_in(ids["office"])
    office.post("/people/invitations", data=asked())
    sent_before(app, timedelta(days=14, minutes=1))
    path = link(app)
    assert client.get(path).status_code == 410
    assert client.post(path, data=joined()).status_code == 410
    assert "The link is too old" in office.get("/people/invitations").text
    assert office.post("/people/invitations/1/again").location == "/people/invitations"
    assert office.post("/people/invitations/1/again").status_code == 409
    assert client.get(path).status_code == 200
    assert len(mails(app)) == 2


def test_inviting_the_same_person_again_corrects_the_invitation(
    app: Flask, client: FlaskClient, sign_in: SignIn, ids: dict[str, int]
) -> None:
    office = sign_in(ids["office"])
    office.post("/people/invitations", data=asked())
    answer = office.post("/people/invitations", data=asked())
    assert (answer.status_code, "was written to within the last hour" in answer.text) == (422, True)
    old = link(app)
    sent_before(app, timedelta(hours=2))
    office.post("/people/invitations", data=asked(role="office"))
    assert client.get(old).status_code == 404
    assert "International office" in client.get(link(app)).text


def test_a_withdrawn_invitation_leads_nowhere(
    app: Flask, client: FlaskClient, sign_in: SignIn, ids: dict[str, int]
) -> None:
    office = sign_in(ids["office"])
    office.post("/people/invitations", data=asked())
    path = link(app)
    assert client.get(path).status_code == 200
    assert office.post("/people/invitations/1/withdraw").location == "/people/invitations"
    assert client.get(path).status_code == 404
    assert client.get("/invitation/made-up").status_code == 404
    assert office.post("/people/invitations/1/withdraw").status_code == 404


@pytest.mark.parametrize("data", [{"email": "mai"}, {"role": "administrator"}, {"name": "see www.win.example"}])
def test_what_cannot_be_invited_is_refused(
    app: Flask, sign_in: SignIn, ids: dict[str, int], data: dict[str, str]
) -> None:
    assert sign_in(ids["office"]).post("/people/invitations", data=asked(**data)).status_code == 422
    assert mails(app) == []


@pytest.mark.parametrize("who", ["other office", "lecturer", "root"])
def test_others_do_not_touch_an_offices_invitations(app: Flask, sign_in: SignIn, ids: dict[str, int], who: str) -> None:
    sign_in(ids["office"]).post("/people/invitations", data=asked())
    other = sign_in(ids[who])
    assert other.post("/people/invitations/1/again").status_code == 403
    assert other.post("/people/invitations/1/withdraw").status_code == 403
    page: Any = other.get("/people/invitations")
    assert "mai@hanu.edu.vn" not in page.text
