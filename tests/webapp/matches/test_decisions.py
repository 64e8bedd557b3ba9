"""The one door: every action by everyone in every state, and what it leaves behind."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import product

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from tests import factories
from tests.conftest import NOW
from tests.webapp.matches.conftest import LIMITS, Scene, policy
from webapp.accounts.models import User
from webapp.db import db
from webapp.errors import CausewayError, NotAllowedError, WrongStateError
from webapp.institutions.models import Chain
from webapp.mail.models import OutboxMessage
from webapp.matches.decisions import LONGEST_NOTE, move
from webapp.matches.labels import REASONS, reason_choices
from webapp.matches.lifecycle import OPEN_STATES, TRANSITIONS, Action, Actor, Side, State
from webapp.matches.models import MatchEvent
from webapp.matches.people import actions_for

MOVES = [action for action in Action if action is not Action.PROPOSE]
REACHED = (State.PROPOSED, State.ACCEPTED, State.APPROVED, State.ACTIVE, State.COMPLETED)


def reason_for(state: State, action: Action, kind: Actor) -> str:
    found = TRANSITIONS.get((state, action))
    return next(iter(reason_choices(action, kind))) if found and found.needs_reason else ""


@contextmanager
def undone(scene: Scene) -> Iterator[None]:
    """Try something and take it back, so that one scene serves for many tries."""
    state = scene.match.state
    with db.session.begin_nested() as savepoint:
        yield
        savepoint.rollback()
    db.session.refresh(scene.match)
    assert scene.match.state is state


@pytest.mark.parametrize("state", REACHED)
def test_every_action_by_everyone_does_what_the_table_says_and_nothing_else(scene: Scene, state: State) -> None:
    match = scene.go_to(state)
    for action, kind, side in product(MOVES, Actor, Side):
        found = TRANSITIONS.get((state, action))
        actor = None if kind is Actor.CLOCK else scene.actor(side, kind)
        reason = reason_for(state, action, kind)
        with undone(scene):
            if action is Action.CHANGE and state is State.ACCEPTED:
                factories.acted(match, Side.A, Action.APPROVE, scene.office_a)
            if action is Action.ENDORSE:
                policy(scene, Side.A, chain=Chain.OFFICE_THEN_SECOND)
                policy(scene, Side.B, chain=Chain.OFFICE_THEN_SECOND)
            n_events = len(match.events)
            if kind is Actor.COORDINATOR and action is not Action.TAKE_BACK:
                with pytest.raises(NotAllowedError):
                    scene.act(action, actor, reason)
            elif found is None:
                with pytest.raises(WrongStateError):
                    scene.act(action, actor, reason)
            elif kind not in found.actors:
                with pytest.raises(NotAllowedError):
                    scene.act(action, actor, reason)
            else:
                scene.act(action, actor, reason, "Which credits?" if action is Action.RETURN else "")
                assert match.state is (state if found.needs_both else found.to)
                assert [e.action for e in match.events[n_events:]] == [action]
                continue
            assert (match.state, len(match.events)) == (state, n_events)


@pytest.mark.parametrize("state", REACHED)
def test_nobody_outside_the_match_moves_it(scene: Scene, state: State) -> None:
    scene.go_to(state)
    outsiders = (scene.stranger, scene.other_office, scene.coordinator, scene.administrator)
    for action, outsider in product(MOVES, outsiders):
        if action is Action.TAKE_BACK and outsider in (scene.coordinator, scene.administrator):
            continue
        with pytest.raises(NotAllowedError):
            scene.act(action, outsider, "other", "because")
    assert scene.match.state is state


def test_both_lecturers_accept_and_then_both_offices_approve(scene: Scene) -> None:
    match = scene.match
    scene.act(Action.ACCEPT, scene.rui)
    assert (match.state, match.respond_by) == (State.PROPOSED, NOW + timedelta(days=9))
    scene.act(Action.ACCEPT, scene.mai)
    assert (match.state, match.respond_by) == (State.ACCEPTED, NOW + timedelta(days=21))
    scene.act(Action.APPROVE, scene.office_b)
    assert match.state is State.ACCEPTED
    scene.act(Action.APPROVE, scene.office_a)
    assert (match.state, match.respond_by) == (State.APPROVED, None)


def test_a_side_does_not_act_twice(scene: Scene) -> None:
    scene.act(Action.ACCEPT, scene.mai)
    with pytest.raises(WrongStateError):
        scene.act(Action.ACCEPT, scene.mai)
    scene.act(Action.ACCEPT, scene.rui)
    scene.act(Action.APPROVE, scene.office_a)
    with pytest.raises(WrongStateError):
        scene.act(Action.APPROVE, scene.office_a)
    assert scene.match.state is State.ACCEPTED


def test_two_people_of_one_office_count_once(scene: Scene) -> None:
    scene.go_to(State.ACCEPTED)
    second = factories.user("dean@hanu.example", scene.office_a.role, scene.office_a.institution)
    scene.act(Action.APPROVE, scene.office_a)
    with pytest.raises(WrongStateError):
        scene.act(Action.APPROVE, second)
    assert scene.match.state is State.ACCEPTED


def test_the_database_refuses_a_second_approval_the_door_did_not_see(scene: Scene) -> None:
    match = scene.go_to(State.ACCEPTED)
    # The row of the faster colleague is in the table, and not among the events loaded before.
    db.session.connection().execute(
        sa.insert(MatchEvent).values(
            match_id=match.id, turn=1, action=Action.APPROVE, side=Side.A, reason="", note="", at=NOW
        )
    )
    with pytest.raises(WrongStateError) as caught:
        scene.act(Action.APPROVE, scene.office_a)
    assert isinstance(caught.value.__cause__, IntegrityError)
    db.session.rollback()


def test_a_match_somebody_changed_meanwhile_is_not_overwritten(scene: Scene) -> None:
    match = scene.match
    version = match.version
    db.session.commit()
    assert match.version == version, "read before the other is faster"
    assert match.events[0].action is Action.PROPOSE
    assert (match.course_a.lecturer, match.course_b.lecturer) == (scene.mai, scene.rui)
    # The same connection plays the faster person: SQLite lets only one transaction write at a time.
    db.session.connection().execute(sa.text("update matches set version = version + 1"))
    with pytest.raises(WrongStateError):
        move(match, Action.ACCEPT, actor=scene.mai, now=NOW + timedelta(minutes=1), limits=LIMITS)
    db.session.rollback()
    assert match.version == version
    assert [e.action for e in match.events] == [Action.PROPOSE]


def test_returning_starts_a_new_turn_in_which_both_accept_once_more(scene: Scene) -> None:
    match = scene.go_to(State.ACCEPTED)
    scene.act(Action.APPROVE, scene.office_a)
    scene.act(Action.RETURN, scene.office_b, "details_missing", "Which credits?")
    assert (match.state, match.turn, match.respond_by) == (State.PROPOSED, 2, NOW + timedelta(days=9))
    assert match.events[-1].turn == 1
    scene.go_to(State.APPROVED)
    assert [e.action for e in match.events if e.turn == 2] == [Action.ACCEPT] * 2 + [Action.APPROVE] * 2


@pytest.mark.parametrize(("reason", "note"), [("", ""), ("bored", "x"), ("other", "  "), ("institution_rules", "")])
def test_a_lecturer_declines_only_with_a_reason_of_the_list(scene: Scene, reason: str, note: str) -> None:
    with pytest.raises(WrongStateError):
        scene.act(Action.DECLINE, scene.mai, reason, note)
    assert scene.match.state is State.PROPOSED


def test_a_reason_where_none_is_asked_and_a_very_long_note_are_refused(scene: Scene) -> None:
    with pytest.raises(WrongStateError):
        scene.act(Action.ACCEPT, scene.mai, "topic")
    with pytest.raises(WrongStateError):
        scene.act(Action.DECLINE, scene.mai, "topic", "x" * (LONGEST_NOTE + 1))
    event = scene.act(Action.DECLINE, scene.mai, "other", "  we moved to autumn ")
    assert (event.reason, event.note) == ("other", "we moved to autumn")


@pytest.mark.parametrize("change", [{"verified_at": None}, {"closed_at": NOW}])
def test_an_account_that_is_pending_or_closed_decides_nothing(scene: Scene, change: dict[str, object]) -> None:
    for name, value in change.items():
        setattr(scene.mai, name, value)
    with pytest.raises(NotAllowedError):
        scene.act(Action.ACCEPT, scene.mai)
    assert actions_for(scene.match, scene.mai) == () or scene.mai.closed_at


@pytest.mark.parametrize("seed", range(6))
def test_no_sequence_of_actions_leaves_the_table_or_rewrites_history(scene: Scene, seed: int) -> None:
    dice = random.Random(seed)
    match = scene.match
    actors: list[User | None] = [scene.mai, scene.rui, scene.office_a, scene.office_b, scene.stranger, None]
    table = {(state, action): found.to for (state, action), found in TRANSITIONS.items()}
    for _ in range(40):
        before, action = match.state, dice.choice(MOVES)
        history = [(e.id, e.turn, e.action, e.side, e.actor_id, e.reason, e.note) for e in match.events]
        try:
            scene.act(action, dice.choice(actors), dice.choice(["", "", *REASONS]), "words")
        except CausewayError:
            assert match.state is before
        else:
            assert match.state in (before, table[before, action])
            assert match.events[-1].action is action
        kept = [(e.id, e.turn, e.action, e.side, e.actor_id, e.reason, e.note) for e in match.events]
        assert kept[: len(history)] == history
        assert (match.respond_by is not None) == (match.state in (State.PROPOSED, State.ACCEPTED))
    if match.state not in OPEN_STATES:
        assert all(action not in MOVES for state, action in TRANSITIONS if state is match.state)


@pytest.mark.parametrize("state", REACHED)
def test_what_the_page_offers_is_what_the_door_lets_through(scene: Scene, state: State) -> None:
    match = scene.go_to(state)
    for kind, side in product((Actor.LECTURER, Actor.OFFICE), Side):
        for action in actions_for(match, scene.actor(side, kind)):
            with undone(scene):
                scene.act(action, scene.actor(side, kind), reason_for(state, action, kind), "words")
                assert match.events[-1].action is action


def test_before_accepting_one_declines_and_afterwards_one_withdraws(scene: Scene) -> None:
    assert actions_for(scene.match, scene.mai) == (Action.ACCEPT, Action.MAYBE, Action.DECLINE)
    scene.act(Action.ACCEPT, scene.mai)
    assert actions_for(scene.match, scene.mai) == (Action.WITHDRAW,)
    assert actions_for(scene.match, scene.office_a) == ()
    scene.act(Action.ACCEPT, scene.rui)
    assert actions_for(scene.match, scene.office_a) == (Action.APPROVE, Action.DECLINE, Action.RETURN)
    assert actions_for(scene.match, scene.coordinator) == ()


def test_an_action_promises_its_mail_once_in_the_same_transaction(scene: Scene) -> None:
    move(scene.match, Action.ACCEPT, actor=scene.mai, now=NOW, limits=LIMITS)
    keys = list(db.session.scalars(sa.select(OutboxMessage.key)))
    assert keys == [f"match:{scene.match.id}:1:accept:a:{scene.rui.id}"]
    db.session.rollback()
    assert not list(db.session.scalars(sa.select(OutboxMessage.key)))
