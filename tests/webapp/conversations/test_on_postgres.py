"""Conversations on PostgreSQL, where two requests of one double click really run at the same time."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade

from tests import factories
from tests.conftest import NOW, make_settings
from tests.webapp.conversations.conftest import make_talk
from webapp import create_app
from webapp.conversations import queries
from webapp.conversations.models import ChecklistTick, Meeting, Message
from webapp.db import db
from webapp.mail.models import OutboxMessage
from webapp.matches.lifecycle import State
from webapp.matches.models import Match


@pytest.fixture
def town(postgres_url: str, tmp_path: Path) -> Iterator[tuple[Flask, list[FlaskClient]]]:
    """The service on PostgreSQL with match 1, and two browsers of the lecturer in Hanoi."""
    app = create_app(make_settings(tmp_path, database_url=postgres_url))
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    with app.app_context():
        upgrade()
        key = make_talk().mai.get_id()
        db.session.commit()
    browsers = [app.test_client(), app.test_client()]
    for browser in browsers:
        with browser.session_transaction() as session:
            session["_user_id"] = key
    yield app, browsers
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def both_at_once(browsers: list[FlaskClient], path: str, data: dict[str, str]) -> list[int]:
    """Send the same form from both browsers at the same moment; gives the statuses."""
    barrier = Barrier(2)

    def send(browser: FlaskClient) -> int:
        barrier.wait(10)
        return browser.post(path, data=data).status_code

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(send, browsers))


def test_what_is_sent_twice_at_the_same_moment_is_kept_once(town: tuple[Flask, list[FlaskClient]]) -> None:
    app, browsers = town
    soon = (datetime.now(UTC) + timedelta(days=3)).replace(microsecond=0).isoformat()
    forms = {
        "conversation": {"text": "Xin chào, 日本"},
        "checklist": {"item": "goals", "done": "1"},
        "meetings": {"meeting-when": soon, "meeting-minutes": "60"},
    }
    for path, data in forms.items():
        assert both_at_once(browsers, f"/matches/1/{path}", data) == [303, 303]
    with app.app_context():
        models = (Message, ChecklistTick, Meeting, OutboxMessage)
        counts = {model: db.session.scalar(sa.select(sa.func.count()).select_from(model)) for model in models}
    assert counts == {Message: 1, ChecklistTick: 1, Meeting: 1, OutboxMessage: 2}


def test_questions_are_answered_there_too(town: tuple[Flask, list[FlaskClient]]) -> None:
    app, browsers = town
    with app.app_context():
        match = db.session.get_one(Match, 1)
        rui = match.course_b.lecturer
        factories.message(match, rui, files={"a.txt": b"text"})
        factories.meeting(match, rui)
        db.session.commit()
        ((_match, n, last_at),) = queries.unread_of(match.course_a.lecturer)
        assert (n, last_at) == (1, factories.AT)
    assert browsers[0].get("/matches/1/conversation").status_code == 200
    assert browsers[0].get("/matches/1/attachments/1").data == b"text"
    assert both_at_once(browsers, "/matches/1/meetings/1/agree", {}) == [303, 303]
    assert both_at_once(browsers, "/matches/1/conversation/read", {"message": "1"}) == [303, 303]
    with app.app_context():
        assert db.session.get_one(Meeting, 1).sequence == 1
        match = db.session.get_one(Message, 1).match
        match.state, match.changed_at = State.COMPLETED, NOW - timedelta(days=400)
        db.session.flush()
        assert queries.forget_files(NOW - timedelta(days=365)) == 1
        db.session.rollback()
