"""Lateness and drop-out with a moved clock: nothing is lost, nobody is left alone, and both sides are told."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from config import Settings
from tests import factories
from tests.conftest import NOW
from tests.webapp.matches.conftest import LIMITS, Scene, make_scene
from tests.webapp.matches.samples import explanation
from webapp.accounts.models import User
from webapp.db import db
from webapp.jobs import run_deadlines
from webapp.mail.models import OutboxMessage
from webapp.matches.decisions import move
from webapp.matches.lifecycle import Action, State
from webapp.matches.models import Match
from webapp.matches.proposals import keep_alternate
from webapp.profiles.models import CourseProfile

LATER = NOW + timedelta(days=12)


def keep(scene: Scene, course: CourseProfile, name: str, country: str) -> CourseProfile:
    """Keep an alternate for a course of the scene."""
    lecturer = factories.user(f"{name.lower()}@uni.example", at=factories.institution(f"University of {name}", country))
    spare = factories.course(lecturer, f"Course of {name}")
    keep_alternate(
        course, spare, round_id=scene.match.round_id or 0, rank=1, score=0.6, confidence=0.7, explanation=explanation()
    )
    db.session.flush()
    return spare


def new_matches(scene: Scene) -> list[Match]:
    return list(db.session.scalars(sa.select(Match).where(Match.id != scene.match.id).order_by(Match.id)))


@pytest.mark.parametrize("state", [State.PROPOSED, State.ACCEPTED])
def test_who_drops_out_after_accepting_leaves_both_with_an_alternate_and_all_are_told(
    scene: Scene, state: State
) -> None:
    keep(scene, scene.match.course_a, "Porto", "PT")
    keep(scene, scene.match.course_b, "Kyoto", "JP")
    scene.act(Action.ACCEPT, scene.rui)
    if state is State.ACCEPTED:
        scene.act(Action.ACCEPT, scene.mai)
    move(
        scene.match, Action.WITHDRAW, actor=scene.rui, now=LATER, limits=LIMITS, reason="other", note="We moved house."
    )
    assert scene.match.state is State.WITHDRAWN
    assert [(its.course_a.title, its.course_b.title, its.respond_by) for its in new_matches(scene)] == [
        ("Urban water", "Course of Porto", LATER + timedelta(days=9)),
        ("Course of Kyoto", "Rivers and cities", LATER + timedelta(days=9)),
    ]
    written = sa.select(OutboxMessage.to_address, OutboxMessage.subject).where(OutboxMessage.promised_at == LATER)
    told = [(to, subject) for to, subject in db.session.execute(written).tuples() if "A new partner" in subject]
    assert sorted(to for to, _subject in told) == sorted(
        [scene.mai.email, scene.rui.email, "porto@uni.example", "kyoto@uni.example"]
    )
    ended = [text for text in db.session.scalars(sa.select(OutboxMessage.text)) if "We moved house." in text]
    assert len(ended) == (1 if state is State.PROPOSED else 3)


def _pause(lecturer: User) -> None:
    lecturer.paused_until = LATER.date() + timedelta(days=1)


def _limit(lecturer: User) -> None:
    lecturer.exchanges_at_once = 1


@pytest.mark.parametrize("change", [_pause, _limit])
def test_who_pauses_or_has_enough_exchanges_comes_in_for_nobody(scene: Scene, change: Callable[[User], None]) -> None:
    spare = keep(scene, scene.match.course_a, "Porto", "PT")
    kyoto = factories.course(factories.user("aiko@osaka.example", at=factories.institution("Osaka University", "JP")))
    other = factories.course(spare.lecturer, "Another of Porto")
    busy = factories.match(kyoto, other, factories.round_("2026-W47"))
    change(spare.lecturer)
    move(scene.match, Action.DECLINE, actor=scene.rui, now=LATER, limits=LIMITS, reason="topic")
    assert new_matches(scene) == [busy]


@pytest.mark.parametrize(("action", "fields"), [("accept", {}), ("maybe", {}), ("decline", {"reason": "topic"})])
def test_an_answer_that_comes_too_late_gets_a_clear_page_and_changes_nothing(
    app: Flask,
    settings: Settings,
    sign_in: Callable[[int], FlaskClient],
    action: str,
    fields: dict[str, str],
) -> None:
    with app.app_context():
        scene = make_scene()
        match_id, mai = scene.match.id, scene.mai.id
        db.session.commit()
        run_deadlines(settings, NOW + timedelta(days=9), lambda _said: None)
        after = db.session.get_one(Match, match_id).version
        n_events = len(db.session.get_one(Match, match_id).events)
    client = sign_in(mai)
    for sent in ("1:proposed:none:", "1:expired:none:"):
        answer = client.post(f"/matches/{match_id}/decisions", data={"action": action, "seen": sent, **fields})
        assert answer.status_code == 409
        assert "The time to answer ran out before your answer came, so nothing was changed." in answer.text
        assert "<h1>Urban water with Rivers and cities</h1>" in answer.text
        assert 'name="action"' not in answer.text
    with app.app_context():
        match = db.session.get_one(Match, match_id)
        assert (match.state, match.version, len(match.events)) == (State.EXPIRED, after, n_events)


def test_an_answer_after_the_other_side_declined_says_how_it_ended(
    app: Flask, sign_in: Callable[[int], FlaskClient]
) -> None:
    with app.app_context():
        scene = make_scene()
        scene.act(Action.DECLINE, scene.rui, "calendar")
        match_id, mai = scene.match.id, scene.mai.id
        db.session.commit()
    data = {"action": "accept", "seen": "1:proposed:none:"}
    answer = sign_in(mai).post(f"/matches/{match_id}/decisions", data=data)
    assert answer.status_code == 409
    assert "This match ended before your answer came" in answer.text
    assert "Our dates or hours do not fit" in answer.text


def test_a_maybe_on_the_page_is_kept_told_and_offered_once(app: Flask, sign_in: Callable[[int], FlaskClient]) -> None:
    with app.app_context():
        scene = make_scene()
        match_id, mai, rui = scene.match.id, scene.mai.id, scene.rui.id
        db.session.commit()
    client = sign_in(mai)
    assert "Maybe, ask me in a week" in client.get(f"/matches/{match_id}").text
    answer = client.post(f"/matches/{match_id}/decisions", data={"action": "maybe", "seen": "1:proposed:none:"})
    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert "We will ask you again in a week" in page
    assert "Maybe, ask me in a week" not in page
    assert "Accept this partner" in page
    assert "asked for a week to think it over" in sign_in(rui).get("/matches").text
