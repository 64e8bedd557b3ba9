"""The administrator's page of mail."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from webapp.access import Role
from webapp.db import db
from webapp.mail.models import OutboxMessage

SignIn = Callable[[int], FlaskClient]


@pytest.fixture
def ids(app: Flask) -> dict[str, int]:
    """People, and messages in every condition."""
    with app.app_context():
        hanoi = factories.institution()
        people = {role.value: factories.user(f"{role.value}@hanu.example", role, hanoi) for role in Role}
        rows = {
            name: OutboxMessage(
                key=name,
                to_address=f"{name}@hanu.example",
                subject=f"About {name}",
                text="",
                html="",
                promised_at=factories.AT,
                try_again_at=factories.AT,
                **fields,
            )
            for name, fields in {
                "waiting": {},
                "failing": {"n_attempts": 3, "last_error": "450 mailbox busy"},
                "resting": {"n_attempts": 12, "last_error": "550 no such user", "gave_up_at": factories.AT},
                "sent": {"n_attempts": 1, "sent_at": factories.AT},
            }.items()
        }
        db.session.add_all(rows.values())
        db.session.commit()
        return {name: row.id for name, row in (people | rows).items()}


def test_an_administrator_sees_what_waits_and_what_rests_with_its_error(sign_in: SignIn, ids: dict[str, int]) -> None:
    page = sign_in(ids["administrator"]).get("/mail").text
    assert "<h1>Mail</h1>" in page
    assert "2 messages wait to be sent." in page
    assert "550 no such user" in page
    assert page.index("About resting") < page.index("About waiting")
    assert "About sent" not in page


@pytest.mark.parametrize("role", ["lecturer", "office", "coordinator"])
def test_others_are_kept_out(sign_in: SignIn, ids: dict[str, int], role: str) -> None:
    client = sign_in(ids[role])
    assert client.get("/mail").status_code == 403
    assert client.post(f"/mail/{ids['resting']}/try-again").status_code == 403
    assert client.post("/mail/try-all-again").status_code == 403


def test_a_stranger_is_asked_to_sign_in(client: FlaskClient) -> None:
    assert client.get("/mail").location == "/sign-in?next=/mail"


@pytest.mark.parametrize("path", ["/mail/{resting}/try-again", "/mail/try-all-again"])
def test_a_resting_message_is_put_back_in_the_line(app: Flask, sign_in: SignIn, ids: dict[str, int], path: str) -> None:
    answer = sign_in(ids["administrator"]).post(path.format(**ids), follow_redirects=True)
    assert "will be tried again" in answer.text
    with app.app_context():
        row = db.session.get_one(OutboxMessage, ids["resting"])
        assert (row.n_attempts, row.gave_up_at) == (0, None)


def test_a_message_that_was_sent_is_not_sent_again(sign_in: SignIn, ids: dict[str, int]) -> None:
    assert sign_in(ids["administrator"]).post(f"/mail/{ids['sent']}/try-again").status_code == 409


def test_there_is_nothing_to_try_for_a_message_that_does_not_exist(sign_in: SignIn, ids: dict[str, int]) -> None:
    assert sign_in(ids["administrator"]).post("/mail/4711/try-again").status_code == 404


def test_with_nothing_unsent_the_page_says_so(app: Flask, sign_in: SignIn) -> None:
    with app.app_context():
        root = factories.user("root@causeway.example", Role.ADMINISTRATOR).id
        db.session.commit()
    assert "Nothing waits" in sign_in(root).get("/mail").text
