"""A house in Hanoi with its office, a lecturer and a few exchanges; and browsers of those who look at it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.factories import AT
from webapp.access import Role
from webapp.audit.models import AuditEvent
from webapp.db import db
from webapp.matches.lifecycle import Action, Side, State
from webapp.matches.models import MatchEvent, PlanVersion


@dataclass(frozen=True)
class House:
    """Ids of what is in the database."""

    hanoi: int
    lisbon: int
    office: int
    mai: int
    rui: int
    administrator: int


@pytest.fixture
def house(app: Flask) -> House:
    """Hanoi with three exchanges: two with Portugal, one of them over before it began, and one with France."""
    with app.app_context():
        hanoi = factories.institution(website_domain="hanu.example")
        lisbon = factories.institution("University of Lisbon", "PT")
        paris = factories.institution("Sorbonne", "FR")
        office = factories.user("office@hanu.example", Role.OFFICE, hanoi, name="Lan")
        lisbon_office = factories.user("office@ulisboa.example", Role.OFFICE, lisbon)
        mai = factories.user("mai@hanu.example", at=hanoi)
        rui = factories.user("rui@ulisboa.example", at=lisbon)
        zoe = factories.user("zoe@sorbonne.example", at=paris)
        administrator = factories.user("kei@causeway.example", Role.ADMINISTRATOR)
        term = {"term_name": "Semester 2"}
        own = [factories.course(mai, title, students=20, **term) for title in ("Urban water", "Law", "Poems")]
        theirs = [
            factories.course(rui, "Rivers", students=30),
            factories.course(zoe, "Droit"),
            factories.course(rui, "Cities", students=10),
        ]
        week = factories.round_()
        agreed = factories.match(own[0], theirs[0], week, State.APPROVED)
        for side, action, actor, days in (
            (Side.A, Action.ACCEPT, mai, 1),
            (Side.B, Action.ACCEPT, rui, 3),
            (Side.B, Action.APPROVE, lisbon_office, 4),
            (Side.A, Action.APPROVE, office, 8),
        ):
            agreed.events.append(
                MatchEvent(turn=1, action=action, side=side, actor=actor, at=AT + timedelta(days=days))
            )
        names = {"a": {"institution": "Hanoi University"}, "b": {"institution": "University of Lisbon"}}
        document = {
            "course": names,
            "leader": "a",
            "students": {"a": {"from": 24, "to": 26}, "b": {"from": 31, "to": None}},
        }
        db.session.add(
            PlanVersion(match=agreed, number=1, document=document, sha256="f" * 64, cause="accepted", made_at=AT)
        )
        factories.match(own[1], theirs[1], week, State.PROPOSED, explanation={"lead": "b"})
        factories.match(own[2], theirs[2], week, State.DECLINED, proposed_at=AT - timedelta(days=30))
        found = House(hanoi.id, lisbon.id, office.id, mai.id, rui.id, administrator.id)
        db.session.commit()
    return found


@pytest.fixture
def office(house: House, sign_in: Callable[[int], FlaskClient]) -> FlaskClient:
    """The browser of the office in Hanoi."""
    return sign_in(house.office)


@pytest.fixture
def noted(app: Flask) -> Callable[[], list[AuditEvent]]:
    """The audit log, read afresh."""

    def read() -> list[AuditEvent]:
        with app.app_context():
            return list(db.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id)))

    return read
