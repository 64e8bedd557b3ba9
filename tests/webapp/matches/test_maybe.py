"""The answer "maybe, ask me in a week": what it changes, for whom, and how often."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.conftest import NOW
from tests.webapp.matches.conftest import LIMITS, Scene
from webapp.db import db
from webapp.errors import NotAllowedError, WrongStateError
from webapp.mail.models import OutboxMessage
from webapp.matches import steps
from webapp.matches.decisions import move
from webapp.matches.lifecycle import Action, Side, State
from webapp.matches.people import actions_for, asked_for_time


def maybe(scene: Scene, days: int = 0, actor: str = "mai") -> None:
    now = NOW + timedelta(days=days)
    move(scene.match, Action.MAYBE, actor=getattr(scene, actor), now=now, limits=LIMITS)


def test_a_maybe_leaves_both_time_after_the_week(scene: Scene) -> None:
    maybe(scene, days=5)
    assert (scene.match.state, scene.match.respond_by) == (State.PROPOSED, NOW + timedelta(days=5 + 9))
    assert asked_for_time(scene.match, Side.A) == NOW + timedelta(days=5)
    assert asked_for_time(scene.match, Side.B) is None


def test_a_maybe_never_shortens_the_time(scene: Scene) -> None:
    scene.match.respond_by = NOW + timedelta(days=30)
    maybe(scene)
    assert scene.match.respond_by == NOW + timedelta(days=30)


def test_a_side_asks_once_in_a_turn_and_again_in_the_next(scene: Scene) -> None:
    maybe(scene)
    with pytest.raises(WrongStateError):
        maybe(scene, days=8)
    maybe(scene, days=9, actor="rui")
    assert scene.match.respond_by == NOW + timedelta(days=18)
    scene.go_to(State.ACCEPTED)
    scene.act(Action.RETURN, scene.office_a, "details_missing", "Which credits?")
    assert asked_for_time(scene.match, Side.A) is None
    maybe(scene)
    assert asked_for_time(scene.match, Side.A) == NOW


def test_who_has_accepted_has_nothing_left_to_think_over(scene: Scene) -> None:
    scene.act(Action.ACCEPT, scene.mai)
    with pytest.raises(WrongStateError, match="accepted already"):
        maybe(scene)
    assert Action.MAYBE not in actions_for(scene.match, scene.mai)
    assert Action.MAYBE in actions_for(scene.match, scene.rui)


def test_an_office_does_not_say_maybe(scene: Scene) -> None:
    with pytest.raises(NotAllowedError):
        maybe(scene, actor="office_a")


@pytest.mark.parametrize(("action", "reason", "to"), [("accept", "", "accepted"), ("decline", "topic", "declined")])
def test_a_maybe_hinders_no_later_answer(scene: Scene, action: str, reason: str, to: str) -> None:
    maybe(scene)
    assert actions_for(scene.match, scene.mai) == (Action.ACCEPT, Action.DECLINE)
    scene.act(Action.ACCEPT, scene.rui)
    scene.act(Action(action), scene.mai, reason)
    assert scene.match.state is State(to)


def test_the_partner_hears_of_it_and_both_see_who_is_awaited(scene: Scene) -> None:
    maybe(scene)
    message = db.session.scalars(sa.select(OutboxMessage)).one()
    assert message.to_address == scene.rui.email
    assert message.subject == "Hanoi University asks for a week: Rivers and cities"
    assert "stays open until" in message.text
    assert scene.mai.name not in message.text
    assert steps.waiting_words(scene.match, scene.mai)[0] == (
        "Your answer is awaited; you asked for a week to think it over."
    )
    assert steps.waiting_words(scene.match, scene.rui)[0] == (
        "The lecturer at Hanoi University is awaited, and asked for a week to think it over."
    )
