"""A walk over every route as everybody: who gets in is written down here, beside nothing but the route's name.

A route that is missing from the table fails the walk, and so does a line whose route is gone.
"""

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

PEOPLE = (
    "stranger",
    "pending",  # a lecturer of A's institution whom nobody has verified
    "own",  # lecturer of side A
    "partner",  # lecturer of side B
    "colleague",  # another lecturer of A's institution
    "office",  # office of A's institution
    "other_office",  # office of a third institution
    "coordinator",
    "administrator",
)
EVERYONE = set(PEOPLE)
SIGNED_IN = EVERYONE - {"stranger"}
LECTURERS = {"pending", "own", "partner", "colleague"}
VERIFIED_LECTURERS = LECTURERS - {"pending"}
OFFICES = {"office", "other_office"}
ABOVE = {"coordinator", "administrator"}

WHO: dict[str, set[str]] = {
    "static": EVERYONE,
    "home.index": EVERYONE,
    "home.healthz": EVERYONE,
    "home.set_language": EVERYONE,
    "institutions.options": EVERYONE,
    "institutions.new": {"administrator"},
    "institutions.add": {"administrator"},
    "institutions.mine": VERIFIED_LECTURERS | OFFICES,
    "institutions.show": SIGNED_IN - {"pending"},
    "institutions.edit": {"office", "administrator"},
    "institutions.update": {"office", "administrator"},
    "institutions.terms": {"office", "administrator"},
    "institutions.add_term": {"office", "administrator"},
    "institutions.term": {"office", "administrator"},
    "institutions.save_term": {"office", "administrator"},
    "institutions.delete_term": {"office", "administrator"},
    "institutions.policy": {"office", "administrator"},
    "institutions.save_policy": {"office", "administrator"},
    "institutions.agreements": OFFICES,
    "institutions.new_agreement": OFFICES,
    "institutions.add_agreement": OFFICES,
    "institutions.agreement": {"office"},
    "institutions.save_agreement": {"office"},
    "institutions.remove_agreement": {"office"},
    "accounts.privacy": EVERYONE,
    "accounts.sign_up": EVERYONE,
    "accounts.sign_up_now": EVERYONE,
    "accounts.mail_sent": EVERYONE,
    "accounts.confirm": EVERYONE,
    "accounts.confirm_now": EVERYONE,
    "accounts.confirm_again": EVERYONE,
    "accounts.sign_in": EVERYONE,
    "accounts.sign_in_now": EVERYONE,
    "accounts.sign_out": EVERYONE,
    "accounts.forgot": EVERYONE,
    "accounts.forgot_now": EVERYONE,
    "accounts.reset": EVERYONE,
    "accounts.reset_now": EVERYONE,
    "accounts.unsubscribe": EVERYONE,
    "accounts.unsubscribe_now": EVERYONE,
    "accounts.subscribe_again": EVERYONE,
    "accounts.preferences": SIGNED_IN,
    "accounts.save_preferences": SIGNED_IN,
    "accounts.change_password": SIGNED_IN,
    "accounts.sign_out_everywhere": SIGNED_IN,
    "accounts.sign_out_browser": SIGNED_IN,
    "own_data.download": SIGNED_IN,
    "own_data.leave": SIGNED_IN,
    "own_data.leave_now": SIGNED_IN,
    "accounts.missing_institution": EVERYONE,
    "accounts.ask_for_institution": EVERYONE,
    "accounts.institution_request_list": {"administrator"},
    "accounts.institution_request": {"administrator"},
    "accounts.add_requested": {"administrator"},
    "accounts.decline_requested": {"administrator"},
    "accounts.people": OFFICES | {"administrator"},
    "accounts.verify": {"office", "administrator"},
    "accounts.refuse": {"office", "administrator"},
    "accounts.members": OFFICES | {"administrator"},
    "accounts.person": {"office", "administrator"},
    "accounts.set_signing": {"office", "administrator"},
    "accounts.change_role": {"administrator"},
    "accounts.hand_over": OFFICES,
    "accounts.hand_over_now": OFFICES,
    "accounts.invites": OFFICES,
    "accounts.invite": OFFICES,
    "accounts.invite_again": {"office"},
    "accounts.withdraw_invite": {"office"},
    "accounts.invitation": EVERYONE,
    "accounts.join": EVERYONE,
    "accounts.audit": OFFICES | {"administrator"},
    "accounts.audit_file": OFFICES | {"administrator"},
    "mail.index": {"administrator"},
    "mail.try_again": {"administrator"},
    "mail.try_all_again": {"administrator"},
    "profiles.index": LECTURERS,
    "profiles.new": LECTURERS,
    "profiles.create": LECTURERS,
    "profiles.lecturer": LECTURERS,
    "profiles.save_lecturer": LECTURERS,
    "profiles.show": {"own", "office"} | ABOVE,
    "profiles.edit": {"own"},
    "profiles.update": {"own"},
    "profiles.publish": {"own"},
    "profiles.pause": {"own"},
    "profiles.resume": {"own"},
    "profiles.withdraw": {"own"},
    "profiles.undo": {"own"},
    "profiles.copy": {"own"},
    "profiles.keep_draft": LECTURERS,
    "syllabus.suggest": LECTURERS,
    "syllabus.take": LECTURERS,
    "profiles.drop_draft": LECTURERS,
    "calendar.show": LECTURERS,
    "insights.index": EVERYONE,
    "insights.public_file": EVERYONE,
    "insights.asem_dictionary": EVERYONE,
    "insights.network": ABOVE,
    "insights.network_file": ABOVE,
    "insights.asem_file": ABOVE,
    "insights.reach_page": ABOVE,
    "insights.reach_file": ABOVE,
    "directory.index": VERIFIED_LECTURERS | OFFICES | ABOVE,
    "directory.show": VERIFIED_LECTURERS | OFFICES | ABOVE,
    "directory.fits": {"own"},
    "directory.invite": VERIFIED_LECTURERS,
    "directory.send_invitation": VERIFIED_LECTURERS,
    "directory.saved": VERIFIED_LECTURERS | OFFICES | ABOVE,
    "directory.new_saved": VERIFIED_LECTURERS | OFFICES | ABOVE,
    "directory.keep": VERIFIED_LECTURERS | OFFICES | ABOVE,
    "directory.rename_saved": {"own"},
    "directory.set_saved_mail": {"own"},
    "directory.delete_saved": {"own"},
    "directory.stop_mail": EVERYONE,
    "directory.stop_mail_now": EVERYONE,
    "imports.new": LECTURERS,
    "imports.upload": LECTURERS,
    "imports.template": LECTURERS,
    "imports.export": LECTURERS,
    "imports.show": {"own"},
    "imports.decide": {"own"},
    "imports.undo": {"own"},
    "matches.index": VERIFIED_LECTURERS,
    "matches.show": {"own", "partner", "office"} | ABOVE,
    "matches.decide": {"own", "partner", "office"},
    "plans.show": {"own", "partner", "office"} | ABOVE,
    "plans.version": {"own", "partner", "office"} | ABOVE,
    "plans.download": {"own", "partner", "office"} | ABOVE,
    "plans.edit": {"own", "partner"},
    "plans.update": {"own", "partner"},
    "matches.approvals": OFFICES,
    "matches.preview_approvals": OFFICES,
    "matches.approve_many": OFFICES,
    "matches.open_link": EVERYONE,
    "matches.open_link_now": EVERYONE,
    "conversations.show": {"own", "partner"},
    "conversations.send": {"own", "partner"},
    "conversations.mark_read": {"own", "partner"},
    "conversations.attachment": {"own", "partner"},
    "conversations.tick": {"own", "partner"},
    "conversations.propose": {"own", "partner"},
    "conversations.agree": {"partner"},
    "conversations.call_off": {"own", "partner"},
    "conversations.calendar_file": {"own", "partner"},
    "digests.index": SIGNED_IN - {"pending"},
    "digests.show": {"own"},
    "offices.mine": OFFICES,
    "offices.balance": {"office"} | ABOVE,
    "offices.balance_file": {"office"} | ABOVE,
    "offices.new_target": {"office", "administrator"},
    "offices.add_target": {"office", "administrator"},
    "offices.target": {"office", "administrator"},
    "offices.change_target": {"office", "administrator"},
    "offices.remove_target": {"office", "administrator"},
    "offices.export": {"office", "administrator"},
    "offices.export_now": {"office", "administrator"},
    "offices.new_import": OFFICES,
    "offices.upload": OFFICES,
    "offices.import_template": OFFICES,
    "offices.show_import": {"office"},
    "offices.decide_import": {"office"},
    "rounds.index": ABOVE,
    "rounds.show": ABOVE,
    "rounds.start": ABOVE,
    "rounds.run_again": ABOVE,
    "rounds.progress": ABOVE,
    "rounds.preview": ABOVE,
    "rounds.publish": ABOVE,
    "rounds.discard": ABOVE,
    "rounds.take_back": ABOVE,
    "rounds.pair": ABOVE,
    "rounds.compare": ABOVE,
    "rounds.decisions": ABOVE,
    "rounds.new_decision": ABOVE,
    "rounds.decide_pair": ABOVE,
    "rounds.undo_pair": ABOVE,
    "rounds.places": ABOVE,
    "rounds.set_places": ABOVE,
    "rounds.undo_places": ABOVE,
    "rounds.left_out": ABOVE,
    "rounds.letter": ABOVE,
    "rounds.send_letter": ABOVE,
    "rounds.dial": ABOVE,
    "rounds.why_not_pair": ABOVE,
    "rounds.why_not_course": ABOVE,
    "rounds.dial_courses": ABOVE,
    "rounds.choose_dial": ABOVE,
    "rounds.run_at": ABOVE,
}


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


def test_the_table_names_every_route_and_no_other(app: Flask) -> None:
    assert set(WHO) == set(app.view_functions)


def restore(app: Flask, folder: Path) -> None:
    """Put the database back to where the walk began."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    for leftover in folder.glob("test.sqlite3-*"):
        leftover.unlink()
    copyfile(folder / "start.sqlite3", folder / "test.sqlite3")


@pytest.mark.parametrize("endpoint", sorted(WHO))
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
    assert let_in == WHO[endpoint]


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
