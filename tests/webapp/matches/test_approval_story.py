"""From the mail to an approved exchange and back: two offices, a second person, a paper, and a plan that changes."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.webapp.matches.conftest import LIMITS, Scene, policy
from tests.webapp.matches.test_views import prepare, stored
from webapp.access import Role
from webapp.db import db
from webapp.institutions.models import Chain
from webapp.mail.models import OutboxMessage
from webapp.matches import plan_changes, plan_versions
from webapp.matches.lifecycle import Side, State
from webapp.matches.models import Match

SignIn = Callable[[int], FlaskClient]


def newest_link(app: Flask, address: str) -> str:
    """The path of the link in the newest message to somebody."""
    with app.app_context():
        text = db.session.scalar(
            sa.select(OutboxMessage.text).where(OutboxMessage.to_address == address).order_by(OutboxMessage.id.desc())
        )
    found = re.search(r"http://localhost(/matches/\d+/open/\S+)", text or "")
    assert found is not None, text
    return found[1]


def press(client: FlaskClient, path: str, action: str, **more: str) -> str:
    """Press a button of a match's page with everything that stands in its form, and read the page that follows."""
    page = client.get(path).text
    form = next(it for it in re.findall(r"<form.*?</form>", page, re.S) if f'name="action" value="{action}"' in it)
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
    answer = client.post(f"{path}/decisions", data=fields | more, follow_redirects=True)
    assert answer.status_code == 200, answer.text
    return answer.text


def test_from_the_mail_to_an_approved_exchange_and_once_more_after_a_change(app: Flask, sign_in: SignIn) -> None:
    def stage(scene: Scene) -> None:
        policy(scene, Side.A, chain=Chain.OFFICE_THEN_SECOND, second_title="the dean")
        policy(scene, Side.B, needs_agreement=True, answer_days=30)
        factories.user(
            "dean@hanu.example", Role.OFFICE, scene.office_a.institution, signs_as_second=True, signs_for_office=False
        )

    ids = prepare(app, stage)
    path = f"/matches/{ids.match}"
    for name in ("mai", "rui"):
        press(sign_in(ids.people[name]), path, "accept")

    # The office in Hanoi comes in by its mail and approves; then the dean does, by a mail of their own.
    office_a, dean, office_b = (app.test_client() for _ in range(3))
    for client, address, action in (
        (office_a, "office@hanu.example", "endorse"),
        (dean, "dean@hanu.example", "approve"),
    ):
        link = newest_link(app, address)
        assert "Open as" in client.get(link).text
        assert client.post(link).location == path
        press(client, path, action)
    assert stored(app, ids.match)[0] is State.ACCEPTED

    # Lisbon lacks a paper, puts it on file and approves.
    link = newest_link(app, "office@ulisboa.example")
    office_b.post(link)
    assert "Put it on file" in office_b.get(path).text
    office_b.post("/agreements", data={"partner": "Hanoi University", "reference": "LOA 7"})
    press(office_b, path, "approve")
    assert stored(app, ids.match)[0] is State.APPROVED

    # A lecturer changes the plan: all are asked once more, with what changed, and old links have grown old.
    with app.app_context():
        match = db.session.get_one(Match, ids.match)
        standing = plan_versions.current(match)
        assert standing is not None
        document = dict(standing.document) | {"contingency": "A recorded lecture."}
        plan_changes.revise(match, document, match.course_a.lecturer, datetime.now(UTC), LIMITS)
        db.session.commit()
    assert stored(app, ids.match)[0] is State.ACCEPTED
    assert app.test_client().get(link).status_code == 410
    with app.app_context():
        said = db.session.scalars(sa.select(OutboxMessage.text).where(OutboxMessage.subject.like("The plan changed%")))
        texts = list(said)
    # Rui, the office in Hanoi and the one in Lisbon; the dean is asked after the office.
    assert len(texts) == 3
    assert all("A recorded lecture." in text for text in texts)
    for client, action in ((office_a, "endorse"), (dean, "approve"), (office_b, "approve")):
        press(client, path, action)
    assert stored(app, ids.match)[0] is State.APPROVED
