"""How far a match has come, who is awaited and what happened, for each reader."""

import pytest
import sqlalchemy as sa

from tests.webapp.matches.conftest import Scene, policy
from webapp.db import db
from webapp.institutions.models import Chain
from webapp.mail.models import OutboxMessage
from webapp.matches import steps
from webapp.matches.lifecycle import Action, Side, State


def shown(scene: Scene) -> list[tuple[str, str]]:
    return [(step.label, step.status) for step in steps.steps(scene.match)]


@pytest.mark.parametrize(
    ("state", "statuses"),
    [
        (State.PROPOSED, "current todo todo todo todo"),
        (State.ACCEPTED, "done current todo todo todo"),
        (State.APPROVED, "done done current todo todo"),
        (State.ACTIVE, "done done done current todo"),
        (State.COMPLETED, "done done done done done"),
    ],
)
def test_a_match_under_way_shows_five_steps(scene: Scene, state: State, statuses: str) -> None:
    scene.go_to(state)
    labels = ("Proposed", "Accepted", "Approved", "Running", "Completed")
    assert shown(scene) == list(zip(labels, statuses.split(), strict=True))


@pytest.mark.parametrize(
    ("state", "by", "last", "n_done"),
    [
        (State.PROPOSED, "mai", "Withdrawn", 1),
        (State.ACCEPTED, "rui", "Withdrawn", 2),
        (State.APPROVED, "office_a", "Withdrawn", 3),
        (State.ACTIVE, "office_b", "Broken off", 4),
    ],
)
def test_a_match_that_ended_shows_how_far_it_came_and_how_it_ended(
    scene: Scene, state: State, by: str, last: str, n_done: int
) -> None:
    scene.go_to(state)
    scene.act(Action.WITHDRAW, getattr(scene, by), "other", "so it is")
    assert [status for _label, status in shown(scene)] == ["done"] * n_done + ["ended"]
    assert shown(scene)[-1][0] == last
    assert steps.waiting_words(scene.match, scene.mai) == []
    assert "has ended" in steps.next_words(scene.match)


def test_half_a_step_counts_as_nothing_reached_and_a_returned_one_neither(scene: Scene) -> None:
    scene.go_to(State.ACCEPTED)
    scene.act(Action.RETURN, scene.office_a, "details_missing", "Which credits?")
    scene.act(Action.ACCEPT, scene.mai)
    scene.act(Action.DECLINE, scene.rui, "topic")
    assert shown(scene) == [("Proposed", "done"), ("Declined", "ended")]


def test_who_is_awaited_is_said_to_each_reader(scene: Scene) -> None:
    assert steps.waiting_words(scene.match, scene.rui) == [
        "The lecturer at Hanoi University is awaited.",
        "Your answer is awaited.",
    ]
    scene.go_to(State.ACCEPTED)
    scene.act(Action.APPROVE, scene.office_b)
    assert steps.waiting_words(scene.match, scene.office_a) == ["The approval of your office is awaited."]
    assert steps.waiting_words(scene.match, scene.coordinator) == [
        "The international office of Hanoi University is awaited."
    ]
    assert steps.next_words(scene.match) == ""


@pytest.mark.parametrize("state", [State.APPROVED, State.ACTIVE, State.COMPLETED])
def test_once_nobody_is_awaited_the_next_thing_is_said(scene: Scene, state: State) -> None:
    scene.go_to(state)
    assert steps.waiting_words(scene.match, scene.mai) == []
    assert steps.next_words(scene.match)


@pytest.mark.parametrize(
    ("by_themselves", "words"),
    [
        ([], "Both offices have approved."),
        (
            [Side.A],
            "The international office of University of Lisbon has approved; Hanoi University asks nobody to approve.",
        ),
        (list(Side), "Neither institution asks anybody to approve."),
    ],
)
def test_whose_yes_it_was_is_said_on_the_page_and_in_the_mail(
    scene: Scene, by_themselves: list[Side], words: str
) -> None:
    for side in by_themselves:
        policy(scene, side, chain=Chain.NONE)
    scene.act(Action.ACCEPT, scene.mai)
    scene.act(Action.ACCEPT, scene.rui)
    for side, office in ((Side.A, scene.office_a), (Side.B, scene.office_b)):
        if side not in by_themselves:
            scene.act(Action.APPROVE, office)
    assert scene.match.state is State.APPROVED
    running = "It counts as running from the first day both classes teach."
    assert steps.next_words(scene.match) == f"{words} {running}"
    told = db.session.scalars(sa.select(OutboxMessage).where(OutboxMessage.subject.like("Approved:%"))).all()
    assert len(told) == 4
    assert all(words in mail.text and words in mail.html for mail in told)
    accepted = db.session.scalars(sa.select(OutboxMessage.text).where(OutboxMessage.key.like("%:accept:b:%"))).all()
    n_alone = sum("the other institution asks nobody" in text for text in accepted)
    n_both = sum("The international offices of both institutions are now asked" in text for text in accepted)
    assert (n_alone, n_both) == {0: (0, 2), 1: (2, 0), 2: (0, 0)}[len(by_themselves)]


def test_the_history_tells_the_latest_first_and_names_people_only_once_contacts_show(scene: Scene) -> None:
    scene.act(Action.ACCEPT, scene.mai)
    told = [(it.what, it.who) for it in steps.history(scene.match, scene.rui)]
    assert told == [("Accepted", "The lecturer at Hanoi University"), ("Proposed by the matching round", "")]
    assert steps.history(scene.match, scene.mai)[0].who == "You"
    scene.act(Action.ACCEPT, scene.rui)
    scene.act(Action.DECLINE, scene.office_b, "other", "No agreement yet")
    last = steps.history(scene.match, scene.mai)[0]
    assert (last.who, last.reason, last.note) == (
        "The international office of University of Lisbon",
        "Another reason",
        "No agreement yet",
    )


def test_names_show_while_the_match_is_agreed(scene: Scene) -> None:
    scene.go_to(State.ACCEPTED)
    told = [it.who for it in steps.history(scene.match, scene.coordinator)]
    assert told[:2] == [f"{scene.rui.name}, University of Lisbon", f"{scene.mai.name}, Hanoi University"]
