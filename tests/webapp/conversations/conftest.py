"""A conversation between Hanoi and Lisbon, for rules and for pages."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from webapp.access import Role
from webapp.accounts.models import User
from webapp.conversations.parties import Party
from webapp.db import db
from webapp.matches.lifecycle import Side, State
from webapp.matches.models import Match

SLOTS = [{"weekday": "tue", "start": "14:00", "end": "17:00"}, {"weekday": "thu", "start": "15:30", "end": "17:00"}]
EUROPEAN_SLOTS = [{"weekday": "tue", "start": "08:00", "end": "10:30"}]


@dataclass
class Talk:
    """A match and its two lecturers, each as the party they are."""

    match: Match
    mai: User
    rui: User
    a: Party
    b: Party


def make_talk(state: State = State.PROPOSED) -> Talk:
    """The rows, flushed."""
    match = factories.pair(state=state)
    match.course_a.slots, match.course_b.slots = SLOTS, EUROPEAN_SLOTS
    match.course_a.institution.city, match.course_b.institution.city = "Hanoi", "Lisbon"
    mai, rui = match.course_a.lecturer, match.course_b.lecturer
    mai.time_zone, rui.time_zone = "Asia/Ho_Chi_Minh", "Europe/Lisbon"
    return Talk(match, mai, rui, Party(match, Side.A), Party(match, Side.B))


@pytest.fixture
def talk(context: Flask) -> Talk:
    """A proposed match whose lecturers may write, for tests of rules."""
    made = make_talk()
    db.session.commit()
    return made


@dataclass
class Browsers:
    """The same match as its people see it in their browsers."""

    match_id: int
    mai_id: int
    rui_id: int
    mai: FlaskClient
    rui: FlaskClient
    others: dict[str, FlaskClient]

    def path(self, rest: str = "conversation") -> str:
        """An address below the match."""
        return f"/matches/{self.match_id}/{rest}"


@pytest.fixture
def browsers(app: Flask, sign_in: Callable[[int], FlaskClient], request: pytest.FixtureRequest) -> Browsers:
    """Both lecturers signed in, and others around them; the match stands in the state given as a parameter."""
    with app.app_context():
        made = make_talk(getattr(request, "param", State.PROPOSED))
        hanoi = made.match.course_a.institution
        ids = {
            "colleague": factories.user("binh@hanu.example", at=hanoi).id,
            "pending": factories.user("new@hanu.example", at=hanoi, verified_at=None).id,
            "office": factories.user("office@hanu.example", Role.OFFICE, at=hanoi).id,
            "coordinator": factories.user("noor@asem.example", Role.COORDINATOR).id,
            "administrator": factories.user("kei@causeway.example", Role.ADMINISTRATOR).id,
        }
        match_id, mai_id, rui_id = made.match.id, made.mai.id, made.rui.id
        db.session.commit()
    others = {name: sign_in(user_id) for name, user_id in ids.items()}
    return Browsers(match_id, mai_id, rui_id, sign_in(mai_id), sign_in(rui_id), others)
