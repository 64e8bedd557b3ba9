"""How an institution says that it approves."""

import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from webapp.access import Role
from webapp.audit.labels import ACTION_LABELS
from webapp.audit.models import AuditEvent
from webapp.db import db
from webapp.institutions import policy_queries
from webapp.institutions.models import Chain

SignIn = Callable[[int], FlaskClient]


@pytest.fixture
def people(app: Flask) -> dict[str, int]:
    """Ids of those who may come across a policy, and of the institution."""
    with app.app_context():
        hanoi, kyoto = factories.institution(), factories.institution("Kyoto University", "JP")
        found = {
            "office": factories.user("office@hanu.example", Role.OFFICE, hanoi).id,
            "other": factories.user("office@kyoto.example", Role.OFFICE, kyoto).id,
            "lecturer": factories.user("mai@hanu.example", at=hanoi).id,
            "administrator": factories.user("admin@causeway.example", Role.ADMINISTRATOR).id,
            "hanoi": hanoi.id,
        }
        db.session.commit()
        return found


def lines(app: Flask) -> list[AuditEvent]:
    with app.app_context():
        return list(db.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id)))


def test_without_a_word_the_office_alone_approves(app: Flask, people: dict[str, int], sign_in: SignIn) -> None:
    with app.app_context():
        policy = policy_queries.of(people["hanoi"])
        assert (policy.chain, policy.needs_agreement, policy.answer_days) == (Chain.OFFICE, False, None)
    page = sign_in(people["office"]).get(f"/institutions/{people['hanoi']}/policy").text
    assert re.search(r'<input[^>]* checked [^>]*value="office">|<input checked[^>]*value="office">', page)
    assert "Empty means the usual 21 days." in page


def test_a_policy_is_kept_and_stands_in_the_audit_log_with_what_was_before(
    app: Flask, people: dict[str, int], sign_in: SignIn
) -> None:
    client, path = sign_in(people["office"]), f"/institutions/{people['hanoi']}/policy"
    data = {
        "chain": "office_then_second",
        "second_title": "the dean",
        "needs_agreement": "y",
        "answer_days": "30",
        "asks": "Is the credit right?",
    }
    answer = client.post(path, data=data)
    assert (answer.status_code, answer.location) == (303, path)
    page = client.get(path).text
    assert "How you approve is saved." in page
    assert all(f'value="{value}"' in page for value in ("the dean", "30"))
    assert "Is the credit right?" in page
    assert client.post(path, data=data).status_code == 303
    assert "Everything is as before." in client.get(path).text
    data |= {"chain": "none"}
    data.pop("needs_agreement")
    sign_in(people["administrator"]).post(path, data=data)
    first, second = lines(app)
    assert (first.action, first.actor_id, first.institution_id) == (
        "institutions.policy",
        people["office"],
        people["hanoi"],
    )
    assert first.before == {
        "chain": "office", "second_title": "", "needs_agreement": False, "answer_days": None, "asks": "",
    }  # fmt: skip
    assert first.after["chain"] == "office_then_second"
    assert second.actor_id == people["administrator"]
    assert second.before == {"chain": "office_then_second", "second_title": "the dean", "needs_agreement": True}
    assert second.after == {"chain": "none", "second_title": "", "needs_agreement": False}
    assert first.action in ACTION_LABELS


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"chain": ""}, "Choose who approves."),
        ({"chain": "office_then_second", "second_title": " "}, "Write who the second person is"),
        ({"answer_days": "0"}, "Write a number of days from 1 to 120"),
        ({"answer_days": "many"}, "Not a valid integer value"),
        ({"asks": "x" * 1001}, "Write at most 1,000 characters."),
    ],
)
def test_what_cannot_be_is_refused_with_what_was_typed(
    app: Flask, people: dict[str, int], sign_in: SignIn, wrong: dict[str, str], words: str
) -> None:
    data = {"chain": "office", "second_title": "the board", "asks": "Credit?"} | wrong
    answer = sign_in(people["office"]).post(f"/institutions/{people['hanoi']}/policy", data=data)
    assert answer.status_code == 422
    assert words in answer.text
    assert data["asks"] in answer.text
    assert lines(app) == []


def test_a_policy_is_the_business_of_its_office_and_administrators(people: dict[str, int], sign_in: SignIn) -> None:
    path = f"/institutions/{people['hanoi']}/policy"
    for name in ("other", "lecturer"):
        assert sign_in(people[name]).get(path).status_code == 403
        assert sign_in(people[name]).post(path, data={"chain": "none"}).status_code == 403
    assert sign_in(people["administrator"]).get(path).status_code == 200
    assert sign_in(people["administrator"]).get("/institutions/4711/policy").status_code == 404
