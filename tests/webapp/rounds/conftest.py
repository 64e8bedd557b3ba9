"""A small market: a Vietnamese course that suits a Portuguese one, and people who read digests."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import pytest
import sqlalchemy as sa
from flask import Flask

from config import Settings
from tests import factories
from webapp.access import Role
from webapp.accounts.models import User
from webapp.db import db
from webapp.jobs import run_weekly_round
from webapp.mail.models import OutboxMessage
from webapp.matches.models import Alternate, Match
from webapp.profiles.models import CourseProfile
from webapp.rounds import console, draft_jobs
from webapp.rounds.draft import WARNINGS
from webapp.rounds.models import LeftOut, Round, RoundPair, RoundState

WATER = "Rivers, floods and drinking water in growing cities; students compare how their city plans for rain."

WRITTEN = (Round, Match, Alternate, LeftOut, OutboxMessage)


def n_rows() -> dict[str, int]:
    """How many rows each table a round writes to has."""
    return {
        table.__tablename__: db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0 for table in WRITTEN
    }


@dataclass(frozen=True)
class Market:
    """Ids of what is in the database."""

    mai: int
    rui: int
    water: int
    rivers: int
    office: int
    coordinator: int


def water_course(lecturer: User, title: str, **fields: object) -> CourseProfile:
    """A course that suits others of its kind."""
    values = {"description": WATER, "level": "bachelor", "students": 25, "time_zone": lecturer.institution.time_zone}
    return factories.course(lecturer, title, **(values | fields))


@pytest.fixture
def market(app: Flask) -> Market:
    """Two courses that fit, one office and one coordinator; committed."""
    with app.app_context():
        hanoi = factories.institution()
        lisbon = factories.institution("University of Lisbon", "PT")
        mai = factories.user("mai@hanu.example", at=hanoi, time_zone="Asia/Ho_Chi_Minh")
        rui = factories.user("rui@ulisboa.example", at=lisbon, time_zone="Europe/Lisbon")
        office = factories.user("office@hanu.example", Role.OFFICE, hanoi)
        coordinator = factories.user("coordinator@asem.example", Role.COORDINATOR)
        water = water_course(mai, "Urban water")
        rivers = water_course(rui, "Rivers and cities")
        made = Market(mai.id, rui.id, water.id, rivers.id, office.id, coordinator.id)
        db.session.commit()
    return made


@pytest.fixture
def run_round(app: Flask, settings: Settings) -> Callable[[datetime], list[str]]:
    """Run the weekly round at an instant, and give what it said."""

    def _run(now: datetime) -> list[str]:
        said: list[str] = []
        with app.app_context():
            run_weekly_round(settings, now, said.append)
        return said

    return _run


@pytest.fixture
def town(app: Flask) -> dict[str, int]:
    """A draft of three pairs, and people by role; ids."""
    with app.app_context():
        draft = factories.round_(
            "2026-W48", state=RoundState.DRAFT, published_week=None, published_at=None, n_matches=3
        )
        pairs = []
        for name, country, score in (("Hanoi", "VN", 0.82), ("Kyoto", "JP", 0.61), ("Hue", "VN", 0.44)):
            asia = factories.institution(f"{name} University", country)
            europe = factories.institution(f"{name} Partner College", "PT" if country == "VN" else "FR")
            a = factories.course(factories.user(f"a@{name.lower()}.example", at=asia), f"Rivers of {name}")
            b = factories.course(factories.user(f"b@{name.lower()}.example", at=europe), f"Seas of {name}")
            row = RoundPair(
                round_id=draft.id, course_a=a, course_b=b, version_a=a.version, version_b=b.version,
                score=score, confidence=0.5, explanation={}, is_locked=name == "Hue",
            )  # fmt: skip
            db.session.add(row)
            db.session.flush()
            pairs.append(row)
        draft.asked_by = draft.settled_by = draft.dial_by = factories.user("ines@asem.example", Role.COORDINATOR)
        figures = {"coverage_a": 1.0, "coverage_b": 1.0, "quality": 1.87, "price": 0.0, "n_pairs": 3}
        draft.report = figures | {"n_pairs_at_zero": 0, WARNINGS: {"sizes_apart": [pairs[1].id]}}
        ids = {
            "coordinator": factories.user("noor@asem.example", Role.COORDINATOR).id,
            "vietnam": factories.user("viet@asem.example", Role.COORDINATOR, countries=["VN"]).id,
            "draft": draft.id,
            "hanoi": pairs[0].id,
            "kyoto": pairs[1].id,
            "a": pairs[0].course_a_id,
            "b": pairs[0].course_b_id,
            "kyoto_a": pairs[1].course_a_id,
        }
        db.session.commit()
    return ids


def make_draft(settings: Settings, now: datetime, coordinator_id: int) -> Round:
    """Compute a round a coordinator asked for; inside an app context, committed."""
    asked = console.begin(now, settings, asked_by=db.session.get_one(User, coordinator_id))
    round_id = asked.id
    db.session.commit()
    draft_jobs.run_asked_rounds(settings, now, lambda _said: None)
    return db.session.get_one(Round, round_id)
