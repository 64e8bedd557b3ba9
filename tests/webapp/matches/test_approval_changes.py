"""What unmakes a yes: a plan that changed, and a proposal that is taken back."""

from datetime import timedelta

import pytest

from tests import factories
from tests.conftest import NOW
from tests.webapp.matches.conftest import LIMITS, Scene, policy
from webapp.access import Role
from webapp.db import db
from webapp.errors import NotAllowedError, WrongStateError
from webapp.institutions.models import Chain
from webapp.matches import approval, plan_versions, queries, steps
from webapp.matches.decisions import move
from webapp.matches.lifecycle import Action, Side, State
from webapp.matches.people import actions_for, awaited, waiting_since

APPROVE = Action.APPROVE


def test_who_says_yes_says_it_to_the_plan_that_was_shown(scene: Scene) -> None:
    match = scene.go_to(State.ACCEPTED)
    plan = plan_versions.current(match)
    assert plan is not None
    for shown in ("", "0" * 64):
        with pytest.raises(WrongStateError, match="The plan was changed"):
            move(match, APPROVE, actor=scene.office_a, now=NOW, limits=LIMITS, shown_plan=shown)
    event = move(match, APPROVE, actor=scene.office_a, now=NOW, limits=LIMITS, shown_plan=plan.sha256)
    assert event.plan_id == plan.id


@pytest.mark.parametrize("by", ["mai", None])
@pytest.mark.parametrize("state", [State.ACCEPTED, State.APPROVED])
def test_a_change_of_the_plan_asks_both_offices_again_and_no_lecturer(
    scene: Scene, state: State, by: str | None
) -> None:
    match = scene.go_to(state)
    actor = getattr(scene, by) if by else None
    if state is State.ACCEPTED:
        assert not approval.must_ask_again(match)
        with pytest.raises(WrongStateError):
            scene.act(Action.CHANGE, actor)
        scene.act(APPROVE, scene.office_a)
    assert approval.must_ask_again(match)
    later = NOW + timedelta(days=3)
    event = move(match, Action.CHANGE, actor=actor, now=later, limits=LIMITS, changes=["Weeks: 10 instead of 8."])
    assert (match.state, match.turn, event.turn, event.side) == (State.ACCEPTED, 2, 1, Side.A if by else None)
    assert match.respond_by == later + timedelta(days=21)
    assert waiting_since(match) == later
    assert [queries.waiting_for(it) for it in (scene.office_a, scene.office_b)] == [[match], [match]]
    assert queries.waiting_for(scene.mai) == queries.waiting_for(scene.rui) == []
    assert actions_for(match, scene.mai) == (Action.WITHDRAW,)
    assert [step.status for step in steps.steps(match)] == ["done", "current", "todo", "todo", "todo"]
    assert not approval.must_ask_again(match)
    scene.act(APPROVE, scene.office_a)
    scene.act(Action.WITHDRAW, scene.mai, "no_time")
    assert [step.label for step in steps.steps(match)] == ["Proposed", "Accepted", "Withdrawn"]


def test_after_a_change_who_asks_nobody_approves_by_itself_once_more(scene: Scene) -> None:
    policy(scene, Side.B, chain=Chain.NONE)
    match = scene.go_to(State.ACCEPTED)
    scene.act(APPROVE, scene.office_a)
    scene.act(Action.CHANGE, scene.rui)
    assert [(e.side, e.turn) for e in match.events if e.action is APPROVE] == [(Side.B, 1), (Side.A, 1), (Side.B, 2)]
    assert [place.side for place in awaited(match)] == [Side.A]


def test_a_plan_can_change_and_be_approved_time_after_time(scene: Scene) -> None:
    match = scene.go_to(State.APPROVED)
    for turn in (2, 3):
        scene.act(Action.CHANGE, scene.mai)
        scene.act(APPROVE, scene.office_b)
        scene.act(APPROVE, scene.office_a)
        assert (match.state, match.turn) == (State.APPROVED, turn)
    scene.act(Action.CHANGE, None)
    scene.act(Action.RETURN, scene.office_a, "details_missing", "Which credits?")
    assert (match.state, match.turn) == (State.PROPOSED, 5)
    assert [place.actor for place in awaited(match)] == ["lecturer", "lecturer"]


def test_a_proposal_is_taken_back_only_by_a_coordinator_of_all_and_before_any_answer(scene: Scene) -> None:
    regional = factories.user("vn@asem.example", Role.COORDINATOR, countries=["VN"])
    with pytest.raises(NotAllowedError):
        scene.act(Action.TAKE_BACK, regional)
    with db.session.begin_nested() as savepoint:
        event = scene.act(Action.TAKE_BACK, scene.coordinator)
        assert (scene.match.state, event.side, event.actor) == (State.TAKEN_BACK, None, scene.coordinator)
        assert "may be proposed to each other again" in steps.next_words(scene.match)
        savepoint.rollback()
    db.session.refresh(scene.match)
    scene.act(Action.MAYBE, scene.rui)
    with pytest.raises(WrongStateError):
        scene.act(Action.TAKE_BACK, scene.coordinator)
