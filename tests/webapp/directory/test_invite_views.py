"""The page that invites: what it offers, what it refuses, and the match that begins."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from config import Settings
from tests import factories
from tests.conftest import NOW
from tests.webapp.rounds.conftest import water_course
from webapp.access import Role
from webapp.accounts.models import User
from webapp.db import db
from webapp.jobs import run_deadlines, run_weekly_round
from webapp.mail.models import OutboxMessage
from webapp.matches.lifecycle import State
from webapp.matches.models import Match
from webapp.profiles.models import CourseProfile

SignIn = Callable[[int], FlaskClient]


@dataclass(frozen=True)
class Ids:
    """What is in the database."""

    mai: int
    rui: int
    water: int
    rivers: int


@pytest.fixture
def ids(app: Flask) -> Ids:
    """Two courses that fit, and their lecturers."""
    with app.app_context():
        mai = factories.user(at=factories.institution())
        rui = factories.user("rui@ulisboa.example", at=factories.institution("University of Lisbon", "PT"))
        water, rivers = water_course(mai, "Urban water"), water_course(rui, "Rivers and cities")
        made = Ids(mai.id, rui.id, water.id, rivers.id)
        db.session.commit()
    return made


def matches(app: Flask) -> list[tuple[int, int, State]]:
    with app.app_context():
        rows = db.session.execute(sa.select(Match.course_a_id, Match.course_b_id, Match.state))
        return list(rows.tuples())


def test_an_invitation_begins_a_match_that_both_can_open(app: Flask, ids: Ids, sign_in: SignIn) -> None:
    client = sign_in(ids.mai)
    page = client.get(f"/directory/{ids.rivers}/invitations").text
    assert "Urban water" in page
    assert " checked" in page, "the only course is chosen"
    answer = client.post(f"/directory/{ids.rivers}/invitations", data={"own": ids.water, "note": "Shall we?"})
    assert answer.status_code == 303
    assert matches(app) == [(ids.water, ids.rivers, State.PROPOSED)]
    page = client.get(answer.location).text
    assert "Your invitation is sent. The other lecturer has 9 days to answer." in page
    assert "The lecturer at University of Lisbon is invited and has not answered yet." in page
    assert "Withdraw" in page
    with app.app_context():
        match = db.session.scalars(sa.select(Match)).one()
        assert {share["criterion"] for share in match.explanation["shares"]} >= {"topic", "language"}
        assert match.score == pytest.approx(sum(share["share"] for share in match.explanation["shares"]))
        assert db.session.scalars(sa.select(OutboxMessage.to_address)).all() == ["rui@ulisboa.example"]
    guest = sign_in(ids.rui)
    page = guest.get(answer.location).text
    assert "The lecturer at Hanoi University invites you. Your answer is awaited." in page
    assert "Invited the other side" in page
    assert "Shall we?" in page
    assert "Accept this partner" in page
    assert answer.location in guest.get("/matches").text
    assert answer.location in guest.get("/").text


def test_a_broken_rule_is_shown_and_refused(app: Flask, ids: Ids, sign_in: SignIn) -> None:
    with app.app_context():
        kyoto = factories.user("ken@kyoto.example", at=factories.institution("Kyoto University", "JP"))
        noh = factories.course(kyoto, "Noh theatre").id
        db.session.commit()
    client = sign_in(ids.mai)
    page = client.get(f"/directory/{noh}/invitations").text
    assert "Cannot be matched with this course:" in page
    assert "Send the invitation" not in page
    answer = client.post(f"/directory/{noh}/invitations", data={"own": ids.water})
    assert answer.status_code == 422
    assert "Asia" in answer.text
    assert matches(app) == []


def test_what_was_typed_stays_when_something_is_missing(app: Flask, ids: Ids, sign_in: SignIn) -> None:
    client = sign_in(ids.mai)
    for data in ({"note": "Dear <colleague>"}, {"own": ids.rivers, "note": "Dear <colleague>"}):
        answer = client.post(f"/directory/{ids.rivers}/invitations", data=data)
        assert answer.status_code == 422
        assert "Please choose one of your open courses." in answer.text
        assert "Dear &lt;colleague&gt;" in answer.text
    answer = client.post(f"/directory/{ids.rivers}/invitations", data={"own": ids.water, "note": "x" * 1001})
    assert answer.status_code == 422
    assert "Please write at most 1000 characters." in answer.text
    assert matches(app) == []


def test_a_second_invitation_of_the_pair_is_refused(app: Flask, ids: Ids, sign_in: SignIn) -> None:
    for person, own, partner, status in (
        (ids.mai, ids.water, ids.rivers, 303),
        (ids.mai, ids.water, ids.rivers, 422),
        (ids.rui, ids.rivers, ids.water, 422),
    ):
        answer = sign_in(person).post(f"/directory/{partner}/invitations", data={"own": own})
        assert answer.status_code == status
    assert len(matches(app)) == 1


def test_what_the_directory_does_not_show_cannot_be_invited(app: Flask, ids: Ids, sign_in: SignIn) -> None:
    with app.app_context():
        course = db.session.get_one(CourseProfile, ids.rivers)
        course.lecturer.is_listed = False
        db.session.commit()
    client = sign_in(ids.mai)
    assert client.get(f"/directory/{ids.rivers}/invitations").status_code == 404
    assert client.post(f"/directory/{ids.rivers}/invitations", data={"own": ids.water}).status_code == 404
    assert client.get("/directory/4711/invitations").status_code == 404


def test_without_an_open_course_the_page_says_what_to_do(app: Flask, ids: Ids, sign_in: SignIn) -> None:
    with app.app_context():
        ana = factories.user("ana@hanu.example", at=db.session.get_one(User, ids.mai).institution).id
        db.session.commit()
    page = sign_in(ana).get(f"/directory/{ids.rivers}/invitations").text
    assert "You have no open course" in page
    assert 'href="/courses"' in page


def test_rounds_and_the_clock_go_on_with_a_match_no_round_proposed(
    app: Flask, ids: Ids, sign_in: SignIn, settings: Settings
) -> None:
    assert sign_in(ids.mai).post(f"/directory/{ids.rivers}/invitations", data={"own": ids.water}).status_code == 303
    said: list[str] = []
    with app.app_context():
        match = db.session.scalars(sa.select(Match)).one()
        match.proposed_at, match.respond_by = NOW, NOW.replace(month=12, day=2)
        for event in match.events:
            event.at = NOW
        db.session.commit()
        run_weekly_round(settings, NOW, said.append)
        assert "Round of week 2026-W48 published. Partnerships proposed: 0." in said
        digests = db.session.scalars(sa.select(OutboxMessage.to_address).where(OutboxMessage.key.like("digest:%")))
        assert digests.all() == ["rui@ulisboa.example"]
        run_deadlines(settings, NOW.replace(day=26), said.append)
        assert said[-1] == "Reminders promised: 1."
        run_deadlines(settings, NOW.replace(month=12, day=2), said.append)
    assert matches(app) == [(ids.water, ids.rivers, State.EXPIRED)]
    assert sign_in(ids.mai).get("/matches").status_code == 200


def test_more_courses_of_ones_own_ask_the_database_no_more_often(app: Flask, ids: Ids, sign_in: SignIn) -> None:
    client = sign_in(ids.mai)
    asked: list[str] = []
    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    counts = []
    for _ in range(2):
        asked.clear()
        assert client.get(f"/directory/{ids.rivers}/invitations").status_code == 200
        counts.append(len(asked))
        with app.app_context():
            mai = db.session.get_one(User, ids.mai)
            for n in range(5):
                factories.course(mai, f"Course {n}")
            db.session.commit()
    assert counts[0] == counts[1]


def test_the_page_of_a_course_leads_lecturers_to_the_invitation_and_nobody_else(
    app: Flask, ids: Ids, sign_in: SignIn
) -> None:
    with app.app_context():
        coordinator = factories.user("noor@asem.example", Role.COORDINATOR).id
        db.session.commit()
    address = f"/directory/{ids.rivers}/invitations"
    assert f'{address}?course={ids.water}"' in sign_in(ids.mai).get(f"/directory/{ids.rivers}").text
    assert address not in sign_in(coordinator).get(f"/directory/{ids.rivers}").text
