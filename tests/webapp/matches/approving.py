"""An office with many matches to approve."""

import re
from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.conftest import NOW
from tests.webapp.matches.conftest import Scene, make_scene
from webapp.db import db
from webapp.matches import plan_versions
from webapp.matches.lifecycle import Action, Side, State
from webapp.matches.models import Match

SignIn = Callable[[int], FlaskClient]


def more_matches(scene: Scene, n: int) -> list[Match]:
    """Further accepted matches of Hanoi, with partners in Porto and Paris by turns, of plans of their own."""
    cities = [("University of Porto", "PT"), ("Paris School of Arts", "FR")]
    partners = [factories.user(f"p{i}@x.example", at=factories.institution(*it)) for i, it in enumerate(cities)]
    found = []
    for i in range(n):
        lecturer = factories.user(f"l{i}@hanu.example", at=scene.office_a.institution)
        own, partner = factories.course(lecturer, f"Own {i}"), factories.course(partners[i % 2], f"Other {i}")
        match = factories.match(own, partner, factories.round_(f"2025-W{i + 1:02d}"), state=State.ACCEPTED)
        match.respond_by = NOW + timedelta(days=4 * i + 1)
        plan_versions.ensure(match, NOW)
        found.append(match)
    return found


def many(app: Flask, n: int, change: Callable[[Scene, list[Match]], object] = lambda *_: None) -> list[int]:
    """Make a scene whose office of side A has so many accepted matches; give its id and theirs."""
    with app.app_context():
        scene = make_scene()
        found = more_matches(scene, n)
        change(scene, found)
        db.session.commit()
        return [scene.office_a.id, *(match.id for match in found)]


def states(app: Flask, ids: list[int]) -> list[bool]:
    """Whether side A has approved each match."""
    with app.app_context():
        return [db.session.get_one(Match, it).has_acted(Side.A, Action.APPROVE) for it in ids]


def titles(page: str) -> list[str]:
    return re.findall(r"side-asia\">(Own \d+|Urban water)</span>", page)
