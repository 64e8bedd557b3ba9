"""Approving as each institution wants it: who may take which step, by itself, with a paper, and anew after a change."""

from datetime import date, timedelta
from itertools import product

import pytest
import sqlalchemy as sa

from tests import factories
from tests.conftest import NOW
from tests.webapp.matches.conftest import Scene, policy
from webapp.access import Role
from webapp.accounts.models import User
from webapp.audit.labels import ACTION_LABELS
from webapp.audit.models import AuditEvent
from webapp.db import db
from webapp.errors import NotAllowedError, WrongStateError
from webapp.institutions.models import Chain
from webapp.matches import approval, approval_audit, plan_versions, queries, steps
from webapp.matches.lifecycle import Action, Side, State
from webapp.matches.models import PlanVersion
from webapp.matches.people import actions_for, awaited

KINDS = {
    "first": {"signs_for_office": True, "signs_as_second": False},
    "second": {"signs_for_office": False, "signs_as_second": True},
    "both": {"signs_for_office": True, "signs_as_second": True},
    "looks": {"signs_for_office": False, "signs_as_second": False},
}
ENDORSE, APPROVE = Action.ENDORSE, Action.APPROVE

ALLOWED: dict[tuple[Chain, bool, str], Action | None] = {
    (Chain.OFFICE, False, "first"): APPROVE,
    (Chain.OFFICE, False, "second"): None,
    (Chain.OFFICE, False, "both"): APPROVE,
    (Chain.OFFICE, False, "looks"): None,
    (Chain.OFFICE_THEN_SECOND, False, "first"): ENDORSE,
    (Chain.OFFICE_THEN_SECOND, False, "second"): None,
    (Chain.OFFICE_THEN_SECOND, False, "both"): ENDORSE,
    (Chain.OFFICE_THEN_SECOND, False, "looks"): None,
    (Chain.OFFICE_THEN_SECOND, True, "first"): None,
    (Chain.OFFICE_THEN_SECOND, True, "second"): APPROVE,
    (Chain.OFFICE_THEN_SECOND, True, "both"): APPROVE,
    (Chain.OFFICE_THEN_SECOND, True, "looks"): None,
}
"""By how it approves, whether a colleague has endorsed, and what a person signs: the step that is theirs."""


def colleague(scene: Scene, name: str, **fields: object) -> User:
    """Another person of the office of side A."""
    return factories.user(f"{name}@hanu.example", Role.OFFICE, scene.office_a.institution, **fields)


@pytest.mark.parametrize(("chain", "endorsed", "kind"), ALLOWED)
def test_each_step_is_for_those_who_sign_for_it(scene: Scene, chain: Chain, endorsed: bool, kind: str) -> None:
    match = scene.go_to(State.ACCEPTED)
    policy(scene, Side.A, chain=chain, second_title="the dean")
    person = colleague(scene, kind, **KINDS[kind])
    if endorsed:
        scene.act(ENDORSE, scene.office_a)
    db.session.commit()
    may = ALLOWED[chain, endorsed, kind]
    offered = [it for it in actions_for(match, person, approval.ground(match, NOW)) if it in approval.STEPS]
    assert offered == ([may] if may else [])
    assert (queries.waiting_for(person) == [match]) == (may is not None)
    for step in approval.STEPS:
        with db.session.begin_nested() as savepoint:
            if step is may:
                event = scene.act(step, person)
                assert (event.action, event.side) == (step, Side.A)
            else:
                with pytest.raises((NotAllowedError, WrongStateError)):
                    scene.act(step, person)
            savepoint.rollback()
        db.session.refresh(match)
    for action in (Action.DECLINE, Action.RETURN):
        assert (action in actions_for(match, person)) == (kind != "looks")
    if kind == "looks":
        with pytest.raises(NotAllowedError):
            scene.act(Action.DECLINE, person, "institution_rules")


def test_nobody_takes_both_steps_of_one_institution(scene: Scene) -> None:
    match = scene.go_to(State.ACCEPTED)
    policy(scene, Side.A, chain=Chain.OFFICE_THEN_SECOND, second_title="the dean")
    scene.office_a.signs_as_second = True
    scene.act(ENDORSE, scene.office_a)
    assert queries.waiting_for(scene.office_a) == []
    with pytest.raises(NotAllowedError):
        scene.act(APPROVE, scene.office_a)
    scene.act(APPROVE, colleague(scene, "dean", signs_as_second=True, signs_for_office=False))
    scene.act(APPROVE, scene.office_b)
    assert match.state is State.APPROVED


def test_the_second_person_is_awaited_in_words(scene: Scene) -> None:
    match = scene.go_to(State.ACCEPTED)
    policy(scene, Side.A, chain=Chain.OFFICE_THEN_SECOND, second_title="the dean")
    scene.act(ENDORSE, scene.office_a)
    words = steps.waiting_words(match, scene.office_a)
    assert words[0] == "Your office has approved; the second person of your institution is awaited."
    words = steps.waiting_words(match, scene.mai)
    assert words[0] == "The office of Hanoi University has approved; a second person there is awaited."
    assert steps.history(match, scene.mai)[0].what == "Approved by the office, the second person is awaited"


def test_an_institution_that_asks_nobody_approves_the_moment_both_accept(scene: Scene) -> None:
    policy(scene, Side.A, chain=Chain.NONE)
    match = scene.go_to(State.ACCEPTED)
    event = match.events[-1]
    assert (event.action, event.side, event.actor, event.at) == (APPROVE, Side.A, None, NOW)
    assert [place.side for place in awaited(match)] == [Side.B]
    line = steps.history(match, scene.rui)[0]
    assert line.what == "Approved by itself, because Hanoi University asks nobody to approve"
    assert line.who == ""
    scene.act(APPROVE, scene.office_b)
    assert match.state is State.APPROVED


def test_where_neither_asks_anybody_two_acceptances_are_enough(scene: Scene) -> None:
    for side in Side:
        policy(scene, side, chain=Chain.NONE)
    scene.act(Action.ACCEPT, scene.mai)
    scene.act(Action.ACCEPT, scene.rui)
    match = scene.match
    assert (match.state, match.respond_by) == (State.APPROVED, None)
    plan = plan_versions.current(match)
    assert plan is not None
    assert {e.plan_id for e in match.events if e.action is APPROVE} == {plan.id}


@pytest.mark.parametrize(
    ("days_a", "days_b", "expected"), [(None, None, 21), (5, None, 21), (30, 10, 30), (5, 7, 7), (40, None, 40)]
)
def test_both_have_as_long_as_the_slower_needs(
    scene: Scene, days_a: int | None, days_b: int | None, expected: int
) -> None:
    for side, days in ((Side.A, days_a), (Side.B, days_b)):
        policy(scene, side, answer_days=days)
    assert scene.go_to(State.ACCEPTED).respond_by == NOW + timedelta(days=expected)


def test_who_approves_by_itself_needs_no_days(scene: Scene) -> None:
    policy(scene, Side.A, chain=Chain.NONE, answer_days=60)
    policy(scene, Side.B, answer_days=5)
    assert scene.go_to(State.ACCEPTED).respond_by == NOW + timedelta(days=5)


@pytest.mark.parametrize("chain", Chain)
@pytest.mark.parametrize(
    ("ends_on", "holds"), [(None, True), (date(2026, 11, 23), True), (date(2026, 11, 22), False), ("none", False)]
)
def test_without_a_paper_that_holds_nobody_approves(
    scene: Scene, chain: Chain, ends_on: date | str | None, holds: bool
) -> None:
    policy(scene, Side.A, chain=chain, needs_agreement=True, second_title="the dean")
    hanoi, lisbon = (scene.match.course(side).institution for side in Side)
    factories.agreement(lisbon, hanoi, "another's file")
    factories.agreement(hanoi, factories.institution("University of Porto", "PT"), "another partner")
    if not isinstance(ends_on, str):
        factories.agreement(hanoi, lisbon, ends_on=ends_on)
    match = scene.go_to(State.ACCEPTED)
    if chain is Chain.NONE:
        assert match.has_acted(Side.A, APPROVE) == holds
    if chain is Chain.NONE and holds:
        return
    step = ENDORSE if chain is Chain.OFFICE_THEN_SECOND else APPROVE
    if holds:
        scene.act(step, scene.office_a)
        assert match.has_acted(Side.A, step)
        return
    with pytest.raises(WrongStateError, match="only with an agreement on file"):
        scene.act(step, scene.office_a)
    assert step not in actions_for(match, scene.office_a, approval.ground(match, NOW))
    assert Action.RETURN in actions_for(match, scene.office_a, approval.ground(match, NOW))
    scene.act(APPROVE, scene.office_b)


def test_the_last_day_of_a_paper_is_counted_where_it_is_kept(scene: Scene) -> None:
    policy(scene, Side.A, needs_agreement=True)
    hanoi, lisbon = (scene.match.course(side).institution for side in Side)
    factories.agreement(hanoi, lisbon, ends_on=NOW.date())
    match = scene.go_to(State.ACCEPTED)
    # At 17:30 UTC the next day has begun in Hanoi.
    late = NOW.replace(hour=17, minute=30)
    assert approval.ground(match, late.replace(hour=16)).lacks_agreement == frozenset()
    assert approval.ground(match, late).lacks_agreement == {Side.A}


@pytest.mark.parametrize(
    ("state", "action", "reason"),
    [
        (State.ACCEPTED, APPROVE, ""),
        (State.ACCEPTED, Action.RETURN, "details_missing"),
        (State.ACCEPTED, Action.DECLINE, "institution_rules"),
        (State.APPROVED, Action.WITHDRAW, "course_cancelled"),
    ],
)
def test_what_an_office_does_stands_in_the_audit_log(scene: Scene, state: State, action: Action, reason: str) -> None:
    scene.go_to(state)
    db.session.execute(sa.delete(AuditEvent))
    scene.act(action, scene.office_a, reason, "Which credits?" if action is Action.RETURN else "")
    line = db.session.scalars(sa.select(AuditEvent)).one()
    assert (line.action, line.actor_id, line.at) == (f"matches.{action}", scene.office_a.id, NOW)
    assert (line.object_id, line.institution_id) == (scene.match.id, scene.office_a.institution_id)
    assert line.after.get("reason", "") == reason
    assert line.before.get("state", state) == state
    approved = db.session.scalars(sa.select(PlanVersion)).one() if action is Action.APPROVE else None
    told = (line.after.get("plan_version"), line.after.get("fingerprint"))
    assert told == ((approved.number, approved.sha256[:12]) if approved else (None, None))


def test_every_act_of_an_office_has_words_in_the_log_and_lecturers_acts_are_not_in_it(scene: Scene) -> None:
    assert set(approval_audit.CODES.values()) <= set(ACTION_LABELS)
    scene.act(Action.ACCEPT, scene.mai)
    scene.act(Action.DECLINE, scene.rui, "topic")
    assert db.session.scalar(sa.select(sa.func.count(AuditEvent.id))) == 0


def test_the_grounds_of_many_matches_cost_two_questions(scene: Scene) -> None:
    for side in Side:
        policy(scene, side, needs_agreement=True)
    others = [
        factories.match(
            scene.match.course_a, factories.course(scene.rui, f"Course {n}"), factories.round_(f"2025-W{n}")
        )
        for n in range(10, 15)
    ]
    db.session.commit()
    matches = [queries.by_id(it.id) for it in (scene.match, *others)]
    asked: list[str] = []
    sa.event.listen(db.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    found = approval.grounds([it for it in matches if it], NOW)
    assert len(found) == 6
    assert all(on.lacks_agreement == set(Side) for on in found.values())
    assert len(asked) == 2


@pytest.mark.parametrize(("chain", "turn"), product((Chain.OFFICE, Chain.OFFICE_THEN_SECOND), (1, 2)))
def test_a_changed_policy_holds_for_what_waits_already(scene: Scene, chain: Chain, turn: int) -> None:
    match = scene.go_to(State.ACCEPTED)
    if turn == 2:
        scene.act(APPROVE, scene.office_b)
        scene.act(Action.CHANGE, scene.mai)
    policy(scene, Side.A, chain=chain)
    on = approval.ground(match, NOW)
    assert approval.next_step(match, Side.A, on.policies[Side.A]) is (ENDORSE if chain != "office" else APPROVE)
