"""Plans on PostgreSQL, where two people really press at the same time."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade

from tests.conftest import NOW, make_settings
from tests.webapp.matches.conftest import LIMITS, make_scene
from tests.webapp.matches.test_plan_views import form_of
from tests.webapp.matches.test_views import Ids, seen
from webapp import create_app
from webapp.db import db
from webapp.matches import plan_changes, plan_documents, plan_versions
from webapp.matches.lifecycle import Action, State
from webapp.matches.models import Match


@pytest.fixture
def town(postgres_url: str, tmp_path: Path) -> Iterator[tuple[Flask, Ids, dict[str, FlaskClient]]]:
    """The service on PostgreSQL with an accepted match, and a browser of everybody around it."""
    app = create_app(make_settings(tmp_path, database_url=postgres_url))
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    browsers = {name: app.test_client() for name in ("mai", "rui", "office_b")}
    with app.app_context():
        upgrade()
        scene = make_scene()
        scene.go_to(State.ACCEPTED)
        db.session.commit()
        ids = Ids(scene.match.id, scene.match.version, {})
        keys = {name: getattr(scene, name).get_id() for name in browsers}
        db.session.remove()
    for name, browser in browsers.items():
        with browser.session_transaction() as session:
            session["_user_id"] = keys[name]
    yield app, ids, browsers
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def at_once(*requests: Callable[[], int]) -> list[int]:
    """Make requests at the same moment; gives the statuses."""
    barrier = Barrier(len(requests))

    def make(request: Callable[[], int]) -> int:
        barrier.wait(30)
        return request()

    with ThreadPoolExecutor(len(requests)) as pool:
        return list(pool.map(make, requests))


def sends(browser: FlaskClient, path: str, data: dict[str, Any]) -> Callable[[], int]:
    """A form ready to be sent."""
    return lambda: browser.post(path, data=data).status_code


def test_of_two_who_save_at_the_same_moment_one_is_told_and_no_version_is_lost(
    town: tuple[Flask, Ids, dict[str, FlaskClient]],
) -> None:
    app, ids, browsers = town
    path = f"/matches/{ids.match}/plan/edit"
    forms = {name: form_of(browsers[name], ids) | {"contingency": name} for name in ("mai", "rui")}
    statuses = at_once(*(sends(browsers[name], path, data) for name, data in forms.items()))
    assert sorted(statuses) == [303, 409]
    with app.app_context():
        kept = plan_versions.all_of(db.session.get_one(Match, ids.match))
        saved = next(name for name, status in zip(forms, statuses, strict=True) if status == 303)
        assert [version.document["contingency"] for version in kept] == ["", saved]


def test_nobody_approves_a_plan_that_changes_at_the_same_moment(
    town: tuple[Flask, Ids, dict[str, FlaskClient]],
) -> None:
    app, ids, browsers = town
    form = form_of(browsers["mai"], ids) | {"contingency": "We go on alone."}
    yes = {"action": "approve", "seen": seen(browsers["office_b"], ids)}
    statuses = at_once(
        sends(browsers["mai"], f"/matches/{ids.match}/plan/edit", form),
        sends(browsers["office_b"], f"/matches/{ids.match}/decisions", yes),
    )
    assert 303 in statuses
    assert set(statuses) <= {303, 409}
    with app.app_context():
        match = db.session.get_one(Match, ids.match)
        kept = plan_versions.all_of(match)
        holds = [event.plan_id for event in match.events if event.action is Action.APPROVE and event.turn == match.turn]
        # Whoever was first: no approval that holds is of a version that no longer stands.
        assert set(holds) <= {kept[-1].id}


def test_plans_follow_their_courses(town: tuple[Flask, Ids, dict[str, FlaskClient]]) -> None:
    app, ids, _browsers = town
    with app.app_context():
        assert plan_changes.due() == []
        db.session.get_one(Match, ids.match).course_b.students = 35
        db.session.commit()
        assert plan_changes.due() == [ids.match]
        made = plan_changes.follow_courses(ids.match, NOW, LIMITS)
        db.session.commit()
        assert made is not None
        assert plan_changes.due() == []
        assert plan_documents.fingerprint(made.document) == made.sha256
