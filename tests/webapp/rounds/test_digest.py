"""The digest: who gets one, what it tells, and that nobody gets it without news or against their will."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.webapp.rounds.conftest import Market, water_course
from webapp.access import Role
from webapp.accounts.models import User
from webapp.db import db
from webapp.mail.models import OutboxMessage
from webapp.matches.lifecycle import Action, Side, State
from webapp.matches.models import Match
from webapp.profiles.models import CourseProfile, CourseState

RunRound = Callable[[datetime], list[str]]


@pytest.fixture
def mails(app: Flask) -> Callable[[], dict[str, OutboxMessage]]:
    """What the outbox holds, by address; each address may be written to once."""

    def _mails() -> dict[str, OutboxMessage]:
        with app.app_context():
            rows = db.session.scalars(sa.select(OutboxMessage)).all()
        found = {row.to_address: row for row in rows}
        assert len(found) == len(rows)
        return found

    return _mails


Mails = Callable[[], dict[str, OutboxMessage]]


def forget_mail(app: Flask) -> None:
    """Empty the outbox."""
    with app.app_context():
        db.session.execute(sa.delete(OutboxMessage))
        db.session.commit()


def test_lecturers_offices_and_coordinators_are_each_told_what_concerns_them(
    market: Market, run_round: RunRound, mails: Mails, now: datetime
) -> None:
    run_round(now)
    found = mails()
    assert sorted(found) == [
        "coordinator@asem.example",
        "mai@hanu.example",
        "office@hanu.example",
        "rui@ulisboa.example",
    ]
    mai = found["mai@hanu.example"]
    assert mai.key == f"digest:2026-W48:{market.mai}"
    assert mai.subject == "A new partner is proposed for your course"
    for part in (mai.text, mai.html):
        assert "“Rivers and cities” for your course “Urban water”" in part
        assert "University of Lisbon, Portugal" in part
        assert "Please answer by Wed, 2 Dec 2026, 16:00 (Ho Chi Minh City)." in part
        assert "http://localhost/matches/1" in part
        assert "Rui" not in part
    assert "Please answer by Wed, 2 Dec 2026, 09:00 (Lisbon)." in found["rui@ulisboa.example"].text
    office = found["office@hanu.example"].text
    assert "“Urban water” (Mai) with “Rivers and cities”, University of Lisbon, Portugal" in office
    coordinator = found["coordinator@asem.example"]
    assert coordinator.subject == "Matching round of 23–29 Nov 2026: 1 partnership proposed"
    assert "Courses with a free place: 1 in Asia, 1 in Europe." in coordinator.text
    assert "Courses with a partner: 100% in Asia, 100% in Europe." in coordinator.text
    assert "http://localhost/rounds/1" in coordinator.text


def test_every_digest_can_be_left_with_one_click(app: Flask, market: Market, run_round: RunRound, mails: Mails, now):
    run_round(now)
    for message in mails().values():
        address = str(message.headers["List-Unsubscribe"]).strip("<>")
        assert message.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert address in message.text
        assert address in message.html
        app.config["WTF_CSRF_ENABLED"] = True
        answer = app.test_client().post(address, data={"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
    with app.app_context():
        assert not any(db.session.scalars(sa.select(User.wants_digest)).all())


@pytest.mark.parametrize(
    "change",
    [{"wants_digest": False}, {"closed_at": factories.AT}, {"confirmed_at": None}, {"verified_at": None}],
    ids=str,
)
def test_who_does_not_want_it_or_cannot_be_reached_gets_none(
    app: Flask, market: Market, run_round: RunRound, mails: Mails, now: datetime, change: dict[str, object]
) -> None:
    with app.app_context():
        for name, value in change.items():
            setattr(db.session.get_one(User, market.coordinator), name, value)
        db.session.commit()
    run_round(now)
    assert "coordinator@asem.example" not in mails()


def test_nobody_is_written_to_when_there_is_nothing_to_tell(
    app: Flask, run_round: RunRound, mails: Mails, now: datetime
) -> None:
    with app.app_context():
        factories.user("coordinator@asem.example", Role.COORDINATOR)
        factories.user("mai@hanu.example", at=factories.institution())
        db.session.commit()
    run_round(now)
    assert mails() == {}


def test_each_person_reads_it_in_their_language(
    app: Flask, market: Market, run_round: RunRound, mails: Mails, now: datetime
) -> None:
    with app.app_context():
        db.session.get_one(User, market.rui).language = "fr"
        db.session.commit()
    run_round(now)
    found = mails()
    assert '<html lang="fr"' in found["rui@ulisboa.example"].html
    assert "Viêt Nam" in found["rui@ulisboa.example"].text or "Viet Nam" in found["rui@ulisboa.example"].text
    assert "2 déc. 2026" in found["rui@ulisboa.example"].text
    assert '<html lang="en' in found["mai@hanu.example"].html


def test_a_course_left_out_is_told_why_and_only_again_when_the_reason_changed(
    app: Flask, market: Market, run_round: RunRound, mails: Mails, now: datetime
) -> None:
    with app.app_context():
        db.session.get_one(CourseProfile, market.rivers).exchange_languages = {"pt": None}
        db.session.commit()
    run_round(now)
    mai = mails()["mai@hanu.example"]
    assert mai.subject == "No partner yet for your course, and why"
    assert (
        "* Urban water\n  No permitted partner. Courses on the other side: 1; without a language in common: 1."
        in mai.text
    )
    assert "http://localhost/courses/" in mai.text
    assert "Urban water (Mai): No permitted partner." in mails()["office@hanu.example"].text
    assert "* No shared language (2)" in mails()["coordinator@asem.example"].text
    forget_mail(app)
    run_round(now + timedelta(days=7))
    assert sorted(mails()) == ["coordinator@asem.example"]
    with app.app_context():
        db.session.get_one(CourseProfile, market.rivers).state = CourseState.PAUSED
        db.session.commit()
    forget_mail(app)
    run_round(now + timedelta(days=14))
    assert "No course of the other region had a free place in this round." in mails()["mai@hanu.example"].text


def test_who_is_awaited_is_reminded_and_the_coordinator_sees_since_when(
    app: Flask, market: Market, run_round: RunRound, mails: Mails, now: datetime
) -> None:
    run_round(now)
    with app.app_context():
        match = db.session.scalars(sa.select(Match)).one()
        match.respond_by = now + timedelta(days=10)
        factories.acted(match, Side.A, Action.ACCEPT, db.session.get_one(User, market.mai))
        db.session.commit()
    forget_mail(app)
    run_round(now + timedelta(days=7))
    found = mails()
    assert sorted(found) == ["coordinator@asem.example", "rui@ulisboa.example"]
    assert found["rui@ulisboa.example"].subject == "One match waits for your answer"
    assert "“Urban water” for your course “Rivers and cities”" in found["rui@ulisboa.example"].text
    awaited = "Rui, University of Lisbon, for “Rivers and cities”, since Mon, 23 Nov 2026, 09:00 (UTC)"
    assert awaited in found["coordinator@asem.example"].text


def test_an_office_is_reminded_of_what_waits_for_its_approval(
    app: Flask, market: Market, run_round: RunRound, mails: Mails, now: datetime
) -> None:
    with app.app_context():
        water, rivers = (db.session.get_one(CourseProfile, each) for each in (market.water, market.rivers))
        match = factories.match(water, rivers, factories.round_("2026-W47"), State.ACCEPTED)
        for side in Side:
            factories.acted(match, side, Action.ACCEPT, match.course(side).lecturer)
        db.session.commit()
    run_round(now)
    found = mails()
    assert sorted(found) == ["coordinator@asem.example", "office@hanu.example"]
    assert found["office@hanu.example"].subject == "One match waits for your approval"
    assert "International office of University of Lisbon" in found["coordinator@asem.example"].text
    assert "International office of Hanoi University" in found["coordinator@asem.example"].text


def test_matches_that_ran_out_of_time_since_the_last_round_are_told_once(
    app: Flask, market: Market, run_round: RunRound, mails: Mails, now: datetime
) -> None:
    with app.app_context():
        water, rivers = (db.session.get_one(CourseProfile, each) for each in (market.water, market.rivers))
        last = factories.round_("2026-W47", published_at=now - timedelta(days=7))
        factories.match(water, rivers, last, State.EXPIRED, changed_at=now - timedelta(days=1))
        ana = factories.user("ana@hanu.example", at=water.institution)
        old = water_course(ana, "Old tanks", state=CourseState.PAUSED)
        factories.match(old, rivers, last, State.EXPIRED, changed_at=now - timedelta(days=9))
        db.session.commit()
    run_round(now)
    text = mails()["coordinator@asem.example"].text
    assert "“Urban water” (Hanoi University) and “Rivers and cities” (University of Lisbon)" in text
    assert "Old tanks" not in text
    forget_mail(app)
    run_round(now + timedelta(days=7))
    assert "Rivers and cities" not in mails()["coordinator@asem.example"].text
