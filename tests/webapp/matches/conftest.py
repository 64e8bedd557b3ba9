"""One match with everybody around it."""

from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask

from tests import factories
from tests.conftest import NOW
from webapp.access import Role
from webapp.accounts.models import User
from webapp.db import db
from webapp.institutions.models import ApprovalPolicy, Chain
from webapp.matches.decisions import Limits, move
from webapp.matches.lifecycle import Action, Actor, Side, State
from webapp.matches.models import Match, MatchEvent

LIMITS = Limits(respond=9, approve=21)


@dataclass
class Scene:
    """A match of a course in Hanoi (A) and one in Lisbon (B), and the people who may come across it."""

    match: Match
    mai: User
    rui: User
    office_a: User
    office_b: User
    coordinator: User
    administrator: User
    stranger: User
    other_office: User

    def actor(self, side: Side, kind: Actor) -> User:
        """The lecturer or office of a side, or a coordinator of all."""
        if kind is Actor.COORDINATOR:
            return self.coordinator
        lecturers, offices = {Side.A: self.mai, Side.B: self.rui}, {Side.A: self.office_a, Side.B: self.office_b}
        return (lecturers if kind is Actor.LECTURER else offices)[side]

    def act(self, action: Action, actor: User | None, reason: str = "", note: str = "") -> MatchEvent:
        """Take an action at the instant of the tests."""
        return move(self.match, action, actor=actor, now=NOW, limits=LIMITS, reason=reason, note=note)

    def go_to(self, state: State) -> Match:
        """Bring the match into a state by the door everybody uses."""
        way = [
            (State.ACCEPTED, [(Action.ACCEPT, self.mai), (Action.ACCEPT, self.rui)]),
            (State.APPROVED, [(Action.APPROVE, self.office_a), (Action.APPROVE, self.office_b)]),
            (State.ACTIVE, [(Action.START, None)]),
            (State.COMPLETED, [(Action.COMPLETE, None)]),
        ]
        for to, steps in way:
            if self.match.state is state:
                break
            for action, actor in steps:
                self.act(action, actor)
            assert self.match.state is to
        assert self.match.state is state
        return self.match


def policy(scene: Scene, side: Side, **fields: Any) -> ApprovalPolicy:
    """State how the institution of a side approves, flushed."""
    values = {"chain": Chain.OFFICE, "changed_at": NOW}
    row = ApprovalPolicy(institution_id=scene.match.course(side).institution_id, **(values | fields))
    db.session.add(row)
    db.session.flush()
    return row


def make_scene() -> Scene:
    """The rows of a scene, flushed."""
    match = factories.pair()
    hanoi, lisbon = match.course_a.institution, match.course_b.institution
    elsewhere = factories.institution("Kyoto University", "JP")
    return Scene(
        match=match,
        mai=match.course_a.lecturer,
        rui=match.course_b.lecturer,
        office_a=factories.user("office@hanu.example", Role.OFFICE, hanoi),
        office_b=factories.user("office@ulisboa.example", Role.OFFICE, lisbon),
        coordinator=factories.user("net@asem.example", Role.COORDINATOR),
        administrator=factories.user("admin@causeway.example", Role.ADMINISTRATOR),
        stranger=factories.user("ken@kyoto.example", at=elsewhere),
        other_office=factories.user("office@kyoto.example", Role.OFFICE, elsewhere),
    )


@pytest.fixture
def scene(context: Flask) -> Scene:
    """A scene for tests of rules, committed."""
    made = make_scene()
    db.session.commit()
    return made
