"""An institution changes how it approves while a match waits for it: what waits goes on, and every page says why."""

import pytest
import sqlalchemy as sa
from flask import Flask

from config import Settings
from tests import factories
from tests.conftest import NOW
from tests.webapp.matches.conftest import Scene, policy
from tests.webapp.matches.test_views import SignIn, decide, prepare, seen, stored
from webapp.access import Role
from webapp.db import db
from webapp.institutions.models import ApprovalPolicy, Chain
from webapp.jobs import run_deadlines
from webapp.mail.models import OutboxMessage
from webapp.matches import plan_pages, plan_versions, settling_jobs, steps
from webapp.matches.lifecycle import Action, Side, State


def mails(subject: str) -> list[OutboxMessage]:
    found = sa.select(OutboxMessage).where(OutboxMessage.subject.like(subject)).order_by(OutboxMessage.id)
    return list(db.session.scalars(found))


def run() -> int:
    """Let the job look once, on what is committed."""
    db.session.commit()
    return settling_jobs.run(NOW)


def test_who_asks_nobody_any_longer_approves_by_itself_and_the_other_office_is_told(scene: Scene) -> None:
    match = scene.go_to(State.ACCEPTED)
    deadline, standing = match.respond_by, plan_versions.current(match)
    assert run() == 0
    policy(scene, Side.A, chain=Chain.NONE)
    assert run() == 1
    assert (match.state, match.respond_by) == (State.ACCEPTED, deadline)
    event = match.events[-1]
    assert (event.action, event.side, event.actor, event.plan_id) == (
        Action.APPROVE,
        Side.A,
        None,
        standing and standing.id,
    )
    assert "Hanoi University asks nobody to approve" in steps.history(match, scene.mai)[0].what
    (told,) = (mail for mail in mails("%") if mail.key.endswith(f"approve:a:{scene.office_b.id}"))
    assert told.to_address == scene.office_b.email
    for part in (told.text, told.html):
        assert "Hanoi University asks nobody else to approve this match. Only your approval is missing." in part
    assert run() == 0
    scene.act(Action.APPROVE, scene.office_b)
    assert match.state is State.APPROVED
    assert steps.next_words(match).startswith("The international office of University of Lisbon has approved;")


def test_where_the_other_side_has_approved_the_exchange_is_approved_and_all_hear_of_it(scene: Scene) -> None:
    match = scene.go_to(State.ACCEPTED)
    scene.act(Action.APPROVE, scene.office_b)
    policy(scene, Side.A, chain=Chain.NONE)
    assert run() == 1
    assert (match.state, match.respond_by) == (State.APPROVED, None)
    people = (scene.mai, scene.rui, scene.office_a, scene.office_b)
    assert sorted(mail.to_address for mail in mails("Approved:%")) == sorted(person.email for person in people)


def test_both_may_give_it_up_at_once(scene: Scene) -> None:
    match = scene.go_to(State.ACCEPTED)
    for side in Side:
        policy(scene, side, chain=Chain.NONE)
    assert run() == 1
    assert match.state is State.APPROVED
    assert len(mails("Approved:%")) == 4
    assert steps.next_words(match).startswith("Neither institution asks anybody to approve.")


def test_a_second_person_given_up_after_the_office_approved_hangs_nothing(scene: Scene) -> None:
    rule = policy(scene, Side.A, chain=Chain.OFFICE_THEN_SECOND, second_title="the dean")
    match = scene.go_to(State.ACCEPTED)
    scene.act(Action.ENDORSE, scene.office_a)
    assert run() == 0
    rule.chain = Chain.OFFICE
    assert run() == 1
    assert match.has_acted(Side.A, Action.APPROVE)
    words = "Approved, because the office of Hanoi University has approved and no second person follows"
    assert steps.history(match, scene.mai)[0].what == words
    page = plan_pages.of(match, scene.mai)
    assert page is not None
    assert words in [approval.words for approval in page.standing.approvals]
    scene.act(Action.APPROVE, scene.office_b)
    assert steps.next_words(match).startswith("Both offices have approved.")


def test_a_second_person_given_up_before_the_office_approved_leaves_it_to_the_office(scene: Scene) -> None:
    rule = policy(scene, Side.A, chain=Chain.OFFICE_THEN_SECOND, second_title="the dean")
    scene.go_to(State.ACCEPTED)
    rule.chain = Chain.OFFICE
    assert run() == 0
    scene.act(Action.APPROVE, scene.office_a)
    assert scene.match.has_acted(Side.A, Action.APPROVE)


@pytest.mark.parametrize("chain", [Chain.NONE, Chain.OFFICE])
def test_a_paper_that_was_missing_lets_it_go_on_once_it_is_on_file(scene: Scene, chain: Chain) -> None:
    rule = policy(scene, Side.A, chain=Chain.OFFICE_THEN_SECOND if chain is Chain.OFFICE else Chain.NONE)
    rule.needs_agreement = chain is Chain.NONE
    match = scene.go_to(State.ACCEPTED)
    if chain is Chain.OFFICE:
        scene.act(Action.ENDORSE, scene.office_a)
    rule.chain, rule.needs_agreement = chain, True
    assert run() == 0
    factories.agreement(match.course_a.institution, match.course_b.institution)
    assert run() == 1
    assert match.has_acted(Side.A, Action.APPROVE)


def test_the_hourly_job_settles_before_it_lets_time_run_out(scene: Scene, settings: Settings) -> None:
    match = scene.go_to(State.ACCEPTED)
    scene.act(Action.APPROVE, scene.office_b)
    policy(scene, Side.A, chain=Chain.NONE)
    assert match.respond_by is not None
    late = match.respond_by
    db.session.commit()
    said: list[str] = []
    run_deadlines(settings, late, said.append)
    assert match.state is State.APPROVED
    assert "Matches that needed nobody's yes any longer: 1." in said


def test_what_an_institution_asks_for_newly_is_asked_of_what_waits(app: Flask, sign_in: SignIn) -> None:
    def stage(scene: Scene) -> None:
        scene.go_to(State.ACCEPTED)
        policy(scene, Side.A, chain=Chain.OFFICE)
        factories.user(
            "dean@hanu.example", Role.OFFICE, scene.office_a.institution, signs_for_office=False, signs_as_second=True
        )

    ids = prepare(app, stage)
    office = sign_in(ids.people["office_a"])
    shown = seen(office, ids)
    with app.app_context():
        rule = db.session.scalars(sa.select(ApprovalPolicy)).one()
        rule.chain, rule.second_title = Chain.OFFICE_THEN_SECOND, "the dean"
        db.session.commit()
    status, page = decide(office, ids, "approve", seen=shown)
    assert (status, "Your institution approves in another way than when you opened the page" in page) == (409, True)
    assert stored(app, ids.match)[0] is State.ACCEPTED
    assert "then this person is asked: the dean." in office.get(f"/matches/{ids.match}").text
    assert decide(office, ids, "endorse", seen=shown)[0] == 303
