"""What the gallery of pages adds to the demonstration, so that no page is empty."""

import json
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

from flask import Flask

from webapp.access import Role
from webapp.accounts import invite_links, invites
from webapp.accounts import office as account_office
from webapp.accounts import queries as people
from webapp.accounts.models import User
from webapp.accounts.office import Signing
from webapp.accounts.refusals import asked_not_to
from webapp.db import db
from webapp.directory import saved
from webapp.directory.filters import Wanted
from webapp.imports import kinds
from webapp.imports import rules as import_rules
from webapp.institutions import queries as institutions
from webapp.institutions.models import (
    BalanceTarget,
    Institution,
    InstitutionRequest,
    InstitutionTerm,
    PartnerAgreement,
    TargetScope,
)
from webapp.matches import plan_changes, plan_documents, plan_versions
from webapp.matches import queries as matches
from webapp.matches.decisions import Limits, move
from webapp.matches.lifecycle import Action, State
from webapp.matches.models import Match
from webapp.offices import bulk, newcomers
from webapp.rounds import digest_queries


def staged(app: Flask, lecturer: User) -> dict[str, Any]:
    """Add what the demonstration lacks: a missing institution, a search kept, a file read; inside an app context."""
    now = datetime.now(UTC)
    with app.test_request_context():
        wanted = InstitutionRequest(name="Ayutthaya Arts College", country="TH", email="noi@example.org", asked_at=now)
        search = saved.keep(lecturer, "Rivers", Wanted(text="rivers"), wants_mail=True, now=now)
        office = people.offices_of(lecturer.institution_id or 0)[0]
        place = institutions.get(lecturer.institution_id or 0)
        if place is None:
            raise LookupError("the demonstration's lecturers have an institution")
        to = "new.colleague@example.org"
        invited = invites.invite(place, to, "Tam", Role.LECTURER, "en", office, now)
        account_office.set_signing(office, Signing(signs_as_second=True), office, now)
        rows = json.dumps({"title": "Rivers and cities", "level": "bachelor", "students": "many"})
        read = kinds.read(f"{json.dumps({'title': 'Urban water'})}\n{rows}\n".encode())
        file = import_rules.read_in(read, "courses.jsonl", lecturer, now, lambda _keys: {})
        teaching = InstitutionTerm(
            institution_id=lecturer.institution_id,
            name="Semester 2",
            starts_on=date(now.year + 1, 2, 15),
            ends_on=date(now.year + 1, 6, 4),
            breaks=[{"from": f"{now.year + 1}-04-26", "to": f"{now.year + 1}-05-02"}],
        )
        sheet = (
            "Lecturer,Address of the lecturer,Title of the course,Students\n"
            f'"{lecturer.name}",{lecturer.email},Delta cities,25\n'
            "Tam Nguyen,tam@elsewhere.example,Law of rivers,30\n"
            ",nobody,Floods,many\n"
        )
        house = office.institution
        if house is None:
            raise RuntimeError("the office of the demonstration has no institution")
        bulk_file = bulk.read_in(
            kinds.read(sheet.encode()),
            "courses of lecturers.csv",
            office,
            now,
            newcomers.people_of,
            partial(newcomers.courses_of, house),
            asked_not_to,
        )
        imported = _imported(office, house, now)
        target = BalanceTarget(
            institution_id=lecturer.institution_id, scope=TargetScope.EACH_COUNTRY, at_most=3, set_at=now
        )
        db.session.add_all([wanted, file, teaching, bulk_file, target])
        db.session.commit()
        token = saved.stop_url(search).rpartition("/")[2]
        return {
            "request_id": wanted.id,
            "file_id": file.id,
            "bulk_id": bulk_file.id,
            "offices.ask_undo": imported,
            "institution_id": lecturer.institution_id,
            "user_id": office.id,
            "target_id": target.id,
            "term_id": teaching.id,
            "accounts.invitation": invite_links.token(invited),
            "own_data.not_me": invite_links.token(invited),
            "directory.stop_mail": token,
        }


def _imported(office: User, house: Institution, now: datetime) -> int:
    """Import courses of two lecturers, one of whom has changed theirs since; gives the number of the file."""
    rows = "".join(
        f"{name},{name.lower()}@{house.website_domain or 'example.org'},Course of {name},25\n"
        for name in ("Anh", "Bao")
    )
    read = kinds.read(f"Lecturer,Address of the lecturer,Title of the course,Students\n{rows}".encode())
    find = partial(newcomers.courses_of, house)
    file = bulk.read_in(read, "courses of last week.csv", office, now, newcomers.people_of, find, asked_not_to)
    bulk.give_word(file, [row["lecturer"]["email"] for row in file.rows])
    db.session.add(file)
    db.session.flush()

    def make(name: str, email: str) -> User:
        return newcomers.account_for(name, email, house, office, now)

    outcome = bulk.import_chosen(file, office, {}, {}, make, now)
    db.session.add_all(outcome.made.values())
    db.session.flush()
    bulk.note_done(file, outcome, newcomers.tell(file, outcome.of_lecturers, office, house, now))
    next(iter(outcome.made.values())).students = 30
    return file.id


def staged_digest(email: str) -> int:
    """Find the digest that the demonstration's round wrote to somebody; inside an app context."""
    reader = people.by_email(email)
    issue = db.session.scalar(digest_queries.issues_of(reader).limit(1)) if reader else None
    if issue is None:
        raise RuntimeError(f"the round wrote no digest to {email}")
    return issue.id


def staged_agreement(match: Match) -> int:
    """Put an agreement of the two institutions of a match on file, which ends soon; inside an app context."""
    now = datetime.now(UTC)
    row = PartnerAgreement(
        institution_id=match.course_a.institution_id,
        partner_id=match.course_b.institution_id,
        reference="2026/14",
        kept_at="International office, cabinet 3",
        ends_on=(now + timedelta(days=40)).date(),
        added_at=now,
    )
    db.session.add(row)
    db.session.commit()
    return row.id


def staged_plan(app: Flask, match: Match) -> Match:
    """Give another match of the same round whose plan one office approved before it was changed.

    Inside an app context.

    Raises
    ------
    LookupError
        When no other proposal of the round has an office on side A.
    """
    now = datetime.now(UTC)
    settings = app.config["SETTINGS"]
    limits = Limits(respond=settings.respond_days, approve=settings.approve_days)
    others = matches.listed(matches.in_round(match.round_id or 0, state=State.PROPOSED))
    planned, office = next(
        (one, offices[0])
        for one in others
        if one.id != match.id and (offices := people.offices_of(one.course_a.institution_id))
    )
    lecturer = planned.course_a.lecturer
    with app.test_request_context():
        for person in (lecturer, planned.course_b.lecturer):
            move(planned, Action.ACCEPT, actor=person, now=now, limits=limits)
        move(planned, Action.APPROVE, actor=office, now=now, limits=limits)
        standing = plan_versions.ensure(planned, now)
        words = {"contingency": "Each class goes on alone; students are told within two days.", "leader": "b"}
        document = plan_documents.edited(planned, standing.document, words)
        plan_changes.revise(planned, document, lecturer, now, limits)
        db.session.commit()
    return planned
