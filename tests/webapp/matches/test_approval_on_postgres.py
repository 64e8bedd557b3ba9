"""Approving several matches on PostgreSQL, where two colleagues really press the button at the same moment."""

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import sqlalchemy as sa
from flask.testing import FlaskClient
from flask_migrate import upgrade

from tests import factories
from tests.conftest import make_settings
from tests.webapp.matches.approving import more_matches
from tests.webapp.matches.conftest import make_scene
from webapp import create_app
from webapp.access import Role
from webapp.audit.models import AuditEvent
from webapp.db import db
from webapp.mail.models import OutboxMessage
from webapp.matches.lifecycle import Action
from webapp.matches.models import MatchEvent


def test_two_colleagues_at_the_same_moment_approve_each_match_once(postgres_url: str, tmp_path: Path) -> None:
    app = create_app(make_settings(tmp_path, database_url=postgres_url))
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    with app.app_context():
        upgrade()
        scene = make_scene()
        colleague = factories.user("second@hanu.example", Role.OFFICE, scene.office_a.institution)
        ids = [match.id for match in more_matches(scene, 3)]
        keys = [scene.office_a.get_id(), colleague.get_id()]
        db.session.commit()
    browsers = [app.test_client() for _key in keys]
    for browser, key in zip(browsers, keys, strict=True):
        with browser.session_transaction() as session:
            session["_user_id"] = key
    query = "&".join(f"match={n}" for n in ids)
    page = browsers[0].get(f"/approvals/preview?{query}").text
    ticked = re.findall(r'name="ticked" value="([^"]*)"', page)
    assert len(ticked) == len(ids)
    barrier = Barrier(2)

    def press(browser: FlaskClient) -> str:
        barrier.wait(10)
        answer = browser.post("/approvals/preview", data={"ticked": ticked})
        assert answer.status_code == 303
        return browser.get(answer.location).text

    with ThreadPoolExecutor(2) as pool:
        pages = list(pool.map(press, browsers))
    assert all("Can be approved" not in text for text in pages)
    with app.app_context():
        approved = sa.select(MatchEvent.match_id).where(MatchEvent.action == Action.APPROVE)
        assert sorted(db.session.scalars(approved)) == ids
        assert db.session.scalar(sa.select(sa.func.count(AuditEvent.id))) == len(ids)
        keys_of_mail = list(db.session.scalars(sa.select(OutboxMessage.key)))
        assert len(keys_of_mail) == len(set(keys_of_mail))
        db.session.remove()
        db.engine.dispose()
