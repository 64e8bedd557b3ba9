"""A walk over every route as everybody, with things of their own and of others: who gets in is what the table of roles
says."""

from datetime import date
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from config import Settings
from tests import factories
from webapp import create_app
from webapp.access import Role
from webapp.accounts.models import AccountInvite
from webapp.db import db
from webapp.imports.models import ImportFile
from webapp.institutions.models import InstitutionRequest, InstitutionTerm
from webapp.mail.models import OutboxMessage
from webapp.matches.lifecycle import Side
from webapp.roles import ROUTES
from webapp.standings import Standing

PEOPLE = tuple(Standing)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory, migrated_file: Path) -> tuple[Flask, dict[str, Any], Path]:
    """The service with one match, everybody around it, and the ids of things."""
    folder = tmp_path_factory.mktemp("walk")
    copyfile(migrated_file, folder / "test.sqlite3")
    values = {"secret_key": "k" * 40, "database_url": f"sqlite:///{folder / 'test.sqlite3'}"}
    app = create_app(Settings(**values, public_url="http://localhost", cache_folder=folder))  # type: ignore[arg-type]
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    with app.app_context():
        match = factories.pair()
        hanoi = match.course_a.institution
        kyoto = factories.institution("Kyoto University", "JP")
        people = {
            "pending": factories.user("new@hanu.example", at=hanoi, verified_at=None),
            "own": match.course(Side.A).lecturer,
            "partner": match.course(Side.B).lecturer,
            "colleague": factories.user("binh@hanu.example", at=hanoi),
            "office": factories.user("office@hanu.example", Role.OFFICE, at=hanoi),
            "other_office": factories.user("office@kyoto.example", Role.OFFICE, at=kyoto),
            "coordinator_here": factories.user("linh@asem.example", Role.COORDINATOR, countries=["VN"]),
            "coordinator_elsewhere": factories.user("zoe@asem.example", Role.COORDINATOR, countries=["AU"]),
            "coordinator": factories.user("noor@asem.example", Role.COORDINATOR),
            "administrator": factories.user("kei@causeway.example", Role.ADMINISTRATOR),
        }
        message = OutboxMessage(
            key="test", to_address="mai@hanu.example", subject="s", text="t", html="h",
            promised_at=factories.AT, try_again_at=factories.AT, gave_up_at=factories.AT,
        )  # fmt: skip
        wanted = InstitutionRequest(
            name="Ayutthaya Arts College", country="TH", email="noi@ayutthaya.example", asked_at=factories.AT
        )
        sent = ImportFile(user_id=people["own"].id, name="a.csv", rows=[], uploaded_at=factories.AT)
        teaching = InstitutionTerm(
            institution_id=hanoi.id, name="Semester 2", starts_on=date(2027, 2, 15), ends_on=date(2027, 6, 4)
        )
        invited = AccountInvite(
            institution_id=hanoi.id, email="tam@hanu.example", role=Role.LECTURER, invited_at=factories.AT
        )
        db.session.add_all([message, wanted, sent, invited, teaching])
        db.session.flush()
        facts: dict[str, Any] = {
            "course_id": match.course_a_id,
            "match_id": match.id,
            "pair_id": factories.round_pair(match).id,
            "decision_id": factories.pair_decision(match).id,
            "round_id": match.round_id,
            "user_id": people["pending"].id,
            "issue_id": factories.digest_issue(people["own"]).id,
            "message_id": message.id,
            "token": "not-a-token",
            "attachment_id": factories.message(match, people["own"], files={"a.txt": b"text"}).attachments[0].id,
            "meeting_id": factories.meeting(match, people["own"]).id,
            "session_id": 1,
            "search_id": factories.saved_search(people["own"]).id,
            "file_id": sent.id,
            "ending": "csv",
            "name": "funnel",
            "request_id": wanted.id,
            "institution_id": hanoi.id,
            "target_id": factories.target(hanoi).id,
            "bulk_id": factories.bulk_file(people["office"]).id,
            "term_id": teaching.id,
            "invite_id": invited.id,
            "agreement_id": factories.agreement(hanoi, kyoto).id,
            "filename": "css/causeway.css",
            "number": 1,
            "keys": {name: person.get_id() for name, person in people.items()},
        }
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    copyfile(folder / "test.sqlite3", folder / "start.sqlite3")
    return app, facts, folder


def restore(app: Flask, folder: Path) -> None:
    """Put the database back to where the walk began."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    for leftover in folder.glob("test.sqlite3-*"):
        leftover.unlink()
    copyfile(folder / "start.sqlite3", folder / "test.sqlite3")


@pytest.mark.parametrize("endpoint", sorted(ROUTES))
def test_each_route_lets_in_those_it_is_for_and_nobody_else(
    endpoint: str, town: tuple[Flask, dict[str, Any], Path]
) -> None:
    app, facts, folder = town
    rule = next(rule for rule in app.url_map.iter_rules() if rule.endpoint == endpoint)
    method = "POST" if "POST" in (rule.methods or ()) else "GET"
    with app.test_request_context():
        address = app.url_for(endpoint, **{name: facts[name] for name in rule.arguments}, _external=False)
    let_in = set()
    for person in PEOPLE:
        client = app.test_client()
        if person != "stranger":
            with client.session_transaction() as session:
                session["_user_id"] = facts["keys"][person]
        # An empty form changes nothing that needs a field, but passes or fails the question of access.
        answer = client.open(address, method=method, data={"action": "accept"} if method == "POST" else None)
        sent_away = answer.status_code == 403 or (answer.status_code == 302 and answer.location.startswith("/sign-in"))
        assert answer.status_code < 500, f"{person}: {answer.status_code}"
        assert person == "stranger" or not (answer.location or "").startswith("/sign-in?next"), person
        answer.close()
        if not sent_away:
            let_in.add(person)
        if method == "POST":
            restore(app, folder)
    assert let_in == ROUTES[endpoint]


def test_reading_a_page_writes_nothing(town: tuple[Flask, dict[str, Any], Path]) -> None:
    """Mail scanners and browsers open pages ahead of people."""
    app, facts, folder = town
    before = (folder / "test.sqlite3").read_bytes()
    written: list[str] = []

    def watch(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.lstrip().split(" ", 1)[0].upper() in ("INSERT", "UPDATE", "DELETE"):
            written.append(statement)

    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", watch)
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()):
            continue
        with app.test_request_context():
            address = app.url_for(rule.endpoint, **{n: facts[n] for n in rule.arguments}, _external=False)
        for person in ("own", "office", "administrator"):
            client = app.test_client()
            with client.session_transaction() as session:
                session["_user_id"] = facts["keys"][person]
            client.get(address).close()
    sa.event.remove(engine, "before_cursor_execute", watch)
    assert written == []
    assert (folder / "test.sqlite3").read_bytes() == before


def test_every_form_needs_its_token(settings: Settings) -> None:
    app = create_app(settings)
    without = set()
    for rule in app.url_map.iter_rules():
        if "POST" in (rule.methods or ()):
            with app.test_request_context():
                address = app.url_for(
                    rule.endpoint, **dict.fromkeys(rule.arguments, 1), _external=False
                )  # fmt: skip
            if app.test_client().post(address).status_code != 400:
                without.add(rule.endpoint)
    # One-click unsubscription comes from mail programs, which have no token (RFC 8058).
    assert without == {"accounts.unsubscribe_now", "directory.stop_mail_now"}
