"""How a plan changes: by its lecturers, by the clock, and who is asked again."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from tests import factories
from tests.conftest import NOW
from tests.webapp.matches.conftest import LIMITS, Scene
from webapp.db import db
from webapp.errors import NotAllowedError, WrongStateError
from webapp.mail.models import OutboxMessage
from webapp.matches import plan_changes, plan_documents, plan_versions
from webapp.matches.lifecycle import Action, Side, State
from webapp.matches.models import PlanVersion

LATER = NOW + timedelta(hours=2)
ALONE = {"contingency": "Each class goes on alone."}


def standing(scene: Scene) -> PlanVersion:
    """The version that stands."""
    found = plan_versions.current(scene.match)
    assert found is not None
    return found


def revise(scene: Scene, values: dict[str, Any], at: Any = LATER) -> PlanVersion | None:
    """Side A's lecturer changes parts of the plan."""
    document = plan_documents.edited(scene.match, standing(scene).document, values)
    return plan_changes.revise(scene.match, document, scene.mai, at, LIMITS)


def keys_since(n: int) -> list[str]:
    """The mail promised after the first so many messages."""
    found = sa.select(OutboxMessage.key).order_by(OutboxMessage.id).offset(n)
    return list(db.session.scalars(found))


def n_mails() -> int:
    """How many messages are promised."""
    return db.session.scalar(sa.select(sa.func.count(OutboxMessage.id))) or 0


def test_the_plan_is_made_the_moment_both_have_accepted(scene: Scene) -> None:
    scene.act(Action.ACCEPT, scene.mai)
    assert plan_versions.current(scene.match) is None
    scene.act(Action.ACCEPT, scene.rui)
    made = standing(scene)
    assert (made.number, made.cause, made.made_by) == (1, "accepted", None)
    assert made.sha256 == plan_documents.fingerprint(made.document)
    assert plan_versions.ensure(scene.match, LATER) is made


def test_a_change_before_anybody_approved_asks_nobody_again(scene: Scene) -> None:
    scene.go_to(State.ACCEPTED)
    before, turn = n_mails(), scene.match.turn
    made = revise(scene, ALONE)
    assert made is not None
    assert (made.number, made.cause, made.made_by) == (2, "edited", scene.mai)
    assert (scene.match.state, scene.match.turn) == (State.ACCEPTED, turn)
    assert n_mails() == before


def test_a_change_after_one_approval_asks_both_offices_again_and_says_what_changed(scene: Scene) -> None:
    scene.go_to(State.ACCEPTED)
    scene.act(Action.APPROVE, scene.office_a)
    first, before = standing(scene), n_mails()
    made = revise(scene, ALONE)
    assert made is not None
    assert scene.match.state is State.ACCEPTED
    assert not any(scene.match.has_acted(side, Action.APPROVE) for side in Side)
    assert [e.plan_id for e in scene.match.events if e.action is Action.APPROVE] == [first.id]
    told = db.session.scalars(sa.select(OutboxMessage).order_by(OutboxMessage.id).offset(before)).all()
    assert {mail.to_address for mail in told} >= {scene.office_a.email, scene.office_b.email, scene.rui.email}
    assert all("Each class goes on alone." in mail.text for mail in told if "office" in mail.to_address)


def test_a_change_after_both_approved_takes_the_match_back_to_its_offices(scene: Scene) -> None:
    scene.go_to(State.APPROVED)
    revise(scene, ALONE)
    assert scene.match.state is State.ACCEPTED
    for office in (scene.office_a, scene.office_b):
        scene.act(Action.APPROVE, office)
    assert scene.match.state is State.APPROVED
    second = standing(scene)
    assert [e.plan_id for e in scene.match.events if e.action is Action.APPROVE][-2:] == [second.id, second.id]
    # And once more: each change has its own turn.
    revise(scene, {"contingency": "We look for another partner."})
    assert scene.match.state is State.ACCEPTED
    assert [version.number for version in plan_versions.all_of(scene.match)] == [1, 2, 3]


def test_saving_what_stands_already_changes_nothing(scene: Scene) -> None:
    scene.go_to(State.APPROVED)
    before = n_mails()
    assert revise(scene, {"contingency": "", "tools": []}) is None
    assert scene.match.state is State.APPROVED
    assert len(plan_versions.all_of(scene.match)) == 1
    assert n_mails() == before


@pytest.mark.parametrize("name", ["office_a", "stranger", "coordinator", "administrator"])
def test_only_the_two_lecturers_change_a_plan(scene: Scene, name: str) -> None:
    scene.go_to(State.ACCEPTED)
    document = plan_documents.edited(scene.match, standing(scene).document, ALONE)
    with pytest.raises(NotAllowedError):
        plan_changes.revise(scene.match, document, getattr(scene, name), LATER, LIMITS)


def test_a_plan_rests_once_teaching_together_began(scene: Scene) -> None:
    scene.go_to(State.ACTIVE)
    with pytest.raises(NotAllowedError):
        revise(scene, ALONE)


def test_what_an_office_returned_can_be_answered_in_the_plan(scene: Scene) -> None:
    scene.go_to(State.ACCEPTED)
    scene.act(Action.RETURN, scene.office_b, reason="details_missing", note="Which credits?")
    made = revise(scene, ALONE)
    assert made is not None
    assert scene.match.state is State.PROPOSED
    scene.act(Action.ACCEPT, scene.mai)
    scene.act(Action.ACCEPT, scene.rui)
    assert standing(scene) is made


def test_who_was_slower_is_refused_also_when_nobody_is_asked_again(scene: Scene) -> None:
    scene.go_to(State.ACCEPTED)
    db.session.commit()
    document = plan_documents.edited(scene.match, standing(scene).document, ALONE)
    # Somebody decided between the reading of the match and the writing of the plan.
    db.session.execute(sa.text("update matches set version = version + 1"))
    with pytest.raises(WrongStateError):
        plan_changes.revise(scene.match, document, scene.mai, LATER, LIMITS)
    db.session.rollback()
    assert len(plan_versions.all_of(scene.match)) == 1


def test_there_is_nothing_to_change_before_both_accepted(scene: Scene) -> None:
    with pytest.raises(WrongStateError):
        plan_changes.revise(scene.match, {}, scene.mai, LATER, LIMITS)


def test_a_course_edited_after_approval_leads_to_a_new_version_and_asks_again(scene: Scene) -> None:
    scene.go_to(State.APPROVED)
    scene.match.course_b.students = 35
    db.session.commit()
    assert plan_changes.due() == [scene.match.id]
    made = plan_changes.follow_courses(scene.match.id, LATER, LIMITS)
    assert made is not None
    assert (made.cause, made.made_by) == ("courses_changed", None)
    assert made.document["students"]["b"] == {"from": 35, "to": 35}
    assert scene.match.state is State.ACCEPTED
    assert plan_changes.due() == []
    assert plan_changes.follow_courses(scene.match.id, LATER, LIMITS) is None


def test_a_course_edited_in_what_the_plan_does_not_hold_asks_nobody(scene: Scene) -> None:
    scene.go_to(State.APPROVED)
    scene.match.course_a.keywords = ["floods"]
    scene.match.course_a.outcomes = ["Read a map of floods."]
    db.session.commit()
    assert plan_changes.due() == []
    assert plan_changes.follow_courses(scene.match.id, LATER, LIMITS) is None
    assert scene.match.state is State.APPROVED


def test_what_was_edited_by_hand_does_not_follow_the_course(scene: Scene) -> None:
    scene.go_to(State.ACCEPTED)
    revise(scene, {"students.b": {"from": 12, "to": 12}})
    scene.match.course_b.students = 35
    db.session.commit()
    assert plan_changes.due() == []


def test_a_match_accepted_before_there_were_plans_gets_its_first_one(scene: Scene) -> None:
    scene.match.state = State.APPROVED
    db.session.commit()
    assert plan_changes.due() == [scene.match.id]
    made = plan_changes.follow_courses(scene.match.id, LATER, LIMITS)
    assert made is not None
    assert (made.number, made.cause) == (1, "accepted")
    assert scene.match.state is State.APPROVED


def test_plans_of_matches_nobody_decides_on_rest(scene: Scene) -> None:
    scene.go_to(State.ACTIVE)
    scene.match.course_b.students = 35
    db.session.commit()
    assert plan_changes.due() == []
    assert plan_changes.follow_courses(scene.match.id, LATER, LIMITS) is None


def test_all_plans_are_looked_through_with_one_question(scene: Scene) -> None:
    scene.go_to(State.APPROVED)
    for n in range(3):
        one = factories.course(scene.mai, f"Course {n}", students=20 + n)
        other = factories.match(one, factories.course(scene.rui, f"Partner {n}"), factories.round_(f"2026-W4{n}"))
        other.state = State.APPROVED
        plan_versions.ensure(other, NOW)
    db.session.commit()
    db.session.expunge_all()
    asked: list[str] = []
    engine = db.engine

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement.split()[0])

    sa.event.listen(engine, "before_cursor_execute", note)
    assert plan_changes.due() == []
    sa.event.remove(engine, "before_cursor_execute", note)
    assert asked.count("SELECT") == 1
