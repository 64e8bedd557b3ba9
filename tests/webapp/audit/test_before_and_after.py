"""What offices and administrators do stands in the log with what was before and what is after, in words."""

from collections.abc import Callable
from datetime import UTC, datetime

from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.webapp.imports.building import words
from webapp.access import Role
from webapp.db import db
from webapp.mail.models import OutboxMessage

SignIn = Callable[[int], FlaskClient]


def shown(client: FlaskClient, action: str) -> str:
    """The page of the log with one kind of event, in words."""
    return words(client.get(f"/audit?action={action}").text)


def test_a_message_put_back_in_the_line_is_named_with_its_tries(app: Flask, sign_in: SignIn) -> None:
    with app.app_context():
        root = factories.user("kei@causeway.example", Role.ADMINISTRATOR).id
        for n, key in enumerate(("first", "second", "third")):
            row = OutboxMessage(
                key=key, to_address="mai@hanu.example", subject=f"About {key}", text="", html="", n_attempts=12 + n,
                promised_at=factories.AT, try_again_at=factories.AT, gave_up_at=factories.AT,
            )  # fmt: skip
            db.session.add(row)
        db.session.commit()
    client = sign_in(root)
    client.post("/mail/1/try-again")
    client.post("/mail/try-all-again")
    one = shown(client, "mail.try_again")
    assert "Put a message back in the line: About first" in one
    assert "Tries: 12, now 0" in one
    assert "Gave up: Mon, 23 Nov 2026" in one
    assert "Messages that rest: 2, now 0" in shown(client, "mail.try_all_again")


def test_a_changed_target_says_whom_it_speaks_of(app: Flask, sign_in: SignIn) -> None:
    with app.app_context():
        person = factories.user("lan@hanu.example", Role.OFFICE, factories.institution())
        db.session.commit()
        person_id, at = person.id, person.institution_id
    client = sign_in(person_id)
    sent = {"scope": "country", "partner_country": "PT", "at_most": "3"}
    added = client.post(f"/house/{at}/targets/new", data=sent)
    assert added.status_code == 303, words(added.text)
    client.post(f"/house/{at}/targets/1", data=sent | {"at_most": "5"})
    text = shown(client, "offices.change_target")
    assert "For: one country" in text
    assert "Country of the partner: Portugal" in text
    assert "At most: 3, now 5" in text


def test_an_invitation_and_its_end_are_told_with_when(app: Flask, sign_in: SignIn) -> None:
    with app.app_context():
        person = factories.user("lan@hanu.example", Role.OFFICE, factories.institution())
        db.session.commit()
        person_id = person.id
    client = sign_in(person_id)
    client.post(
        "/people/invitations", data={"email": "mai@hanu.example", "name": "", "role": "office", "language": "en"}
    )
    client.post("/people/invitations/1/withdraw")
    year = str(datetime.now(UTC).year)
    invited, withdrawn = shown(client, "accounts.invite"), shown(client, "accounts.withdraw_invite")
    assert "Invited somebody: mai@hanu.example" in invited
    assert "Role: International office" in invited
    assert "Role: International office, now empty" in withdrawn
    assert year in withdrawn.partition("Invited: ")[2]
