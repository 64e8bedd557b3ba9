"""A town of courses, indexed once for all tests that only read."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from config import Settings
from tests import factories
from tests.conftest import make_settings, no_query_while_rendering
from webapp import create_app
from webapp.access import Role
from webapp.accounts.models import User
from webapp.db import db
from webapp.directory.answers import Desk
from webapp.directory.index import DirectoryIndex, Work
from webapp.directory.snapshot import Snapshot
from webapp.profiles.models import CourseProfile, CourseState

WATER = "Rivers, floods and drinking water in growing cities; students compare how their city plans for rain."
TOURISM = "Comment accueillir des visiteurs sans détruire les paysages: tourisme durable, patrimoine et transports."
NURSING = "Ethics of nursing at the bedside: consent, dignity, dying; cases from hospitals."


def at_once(work: Work) -> None:
    """Do the index's work inside the request, so that what follows is certain."""
    work()


def new_desk(settings: Settings, **kwargs: Any) -> Desk:
    """A desk whose index is built by the request that asks first."""
    return Desk(DirectoryIndex(settings, run=at_once, **kwargs))


@dataclass(frozen=True)
class Town:
    """The service with its courses; ids by name."""

    app: Flask
    ids: dict[str, int]
    people: dict[str, int]
    keys: dict[str, str]

    def client(self, person: str) -> FlaskClient:
        """A browser in which somebody is signed in."""
        client = self.app.test_client()
        with client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = self.keys[person], True
        return client

    def snapshot(self) -> Snapshot:
        """The index, built when nobody has asked before."""
        self.client("mai").get("/directory")
        snapshot = self.app.extensions["directory"].index._snapshot
        assert isinstance(snapshot, Snapshot)
        return snapshot


def course(lecturer: User, title: str, text: str, **fields: Any) -> CourseProfile:
    """An open course that says enough to be compared."""
    values = {"description": text, "level": "bachelor", "students": 25, "time_zone": lecturer.institution.time_zone}
    return factories.course(lecturer, title, **(values | fields))


def people() -> dict[str, User]:
    """Lecturers of four institutions, and others who look."""
    hanoi, kyoto = factories.institution(city="Hanoi"), factories.institution("Kyoto University", "JP")
    lisbon, paris = factories.institution("University of Lisbon", "PT"), factories.institution("Sorbonne", "FR")
    return {
        "mai": factories.user("mai@hanu.example", at=hanoi),
        "new": factories.user("new@hanu.example", at=hanoi, verified_at=None),
        "ken": factories.user("ken@kyoto.example", at=kyoto),
        "rui": factories.user("rui@ulisboa.example", at=lisbon, shows_name=True, name="Rui Costa"),
        "ana": factories.user("ana@sorbonne.example", at=paris, name="Ana Martin"),
        "shy": factories.user("shy@sorbonne.example", at=paris, is_listed=False),
        "gone": factories.user("gone@sorbonne.example", at=paris, closed_at=factories.AT),
        "office": factories.user("office@ulisboa.example", Role.OFFICE, lisbon),
        "noor": factories.user("noor@asem.example", Role.COORDINATOR),
    }


def fill() -> tuple[dict[str, User], dict[str, CourseProfile]]:
    """The rows of the town."""
    who = people()
    return who, {
        "water": course(who["mai"], "Urban water", WATER, isced_f="0732", sdgs=[6, 11]),
        "draft": course(who["mai"], "Rain and roofs", WATER, state=CourseState.DRAFT, published_at=None),
        "pending": course(who["new"], "Rice fields", WATER, state=CourseState.DRAFT, published_at=None),
        "nursing": course(who["ken"], "Nursing ethics", NURSING, students=80, level="master"),
        "rivers": course(who["rui"], "Rivers and cities", WATER, isced_f="0521", sdgs=[11], mode="mixed"),
        "tourism": course(who["ana"], "Tourisme durable", TOURISM, exchange_languages={"fr": "B1", "en": "B2"}),
        "autumn": course(
            who["ana"], "Harbours", WATER, starts_on=date(2027, 9, 6), ends_on=date(2027, 12, 17), students=None
        ),
        "hidden": course(who["shy"], "Hidden water", WATER),
        "closed": course(who["gone"], "Closed water", WATER),
        "paused": course(who["ana"], "Paused water", WATER, state=CourseState.PAUSED),
        "over": course(who["ana"], "Past water", WATER, starts_on=date(2026, 2, 2), ends_on=date(2026, 6, 5)),
    }


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory, migrated_file: Path) -> Iterator[Town]:
    """The town, for tests that change nothing."""
    folder = tmp_path_factory.mktemp("town")
    copyfile(migrated_file, folder / "test.sqlite3")
    settings = make_settings(folder)
    app = create_app(settings)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    app.extensions["directory"] = new_desk(settings)
    with app.app_context():
        who, courses = fill()
        ids = {name: its.id for name, its in courses.items()}
        persons, keys = {n: its.id for n, its in who.items()}, {n: its.get_id() for n, its in who.items()}
        db.session.commit()
    with no_query_while_rendering(app):
        yield Town(app, ids, persons, keys)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def own_town(app: Flask, settings: Settings) -> Callable[..., Town]:
    """A town of one test's own, to be changed; its index compares spelling, which is quicker to set up."""

    def make(**kwargs: Any) -> Town:
        app.extensions["directory"] = new_desk(settings, **kwargs)
        with app.app_context():
            who, courses = fill()
            ids = {name: its.id for name, its in courses.items()}
            persons, keys = {n: its.id for n, its in who.items()}, {n: its.get_id() for n, its in who.items()}
            db.session.commit()
        return Town(app, ids, persons, keys)

    return make
