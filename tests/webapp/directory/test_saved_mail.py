"""The daily look at saved searches: who hears of what, once."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from config import Settings
from tests import factories
from tests.conftest import NOW
from tests.webapp.rounds.conftest import water_course
from webapp.accounts.models import User
from webapp.db import db
from webapp.directory import saved
from webapp.directory.models import SavedSearch
from webapp.jobs import JOBS
from webapp.mail.models import OutboxMessage
from webapp.profiles.models import CourseState

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
Mails = list[tuple[str, str]]


@pytest.fixture
def mai(app: Flask) -> int:
    """A lecturer in Hanoi with a course about water, who looks for rivers."""
    with app.app_context():
        mai = factories.user(at=factories.institution())
        water_course(mai, "Urban water")
        factories.saved_search(mai, looked_at=NOW - DAY)
        user_id = mai.id
        db.session.commit()
    return user_id


@pytest.fixture
def publish(app: Flask) -> Callable[..., int]:
    """Open a course about rivers in Portugal."""

    def _publish(title: str, at: datetime = NOW - HOUR, **fields: Any) -> int:
        with app.app_context():
            name = title.lower().replace(" ", "-")
            lecturer = factories.user(f"{name}@uni.example", at=factories.institution(f"University of {title}", "PT"))
            made = water_course(lecturer, title, published_at=at, **fields).id
            db.session.commit()
        return made

    return _publish


@pytest.fixture
def run(app: Flask, settings: Settings) -> Callable[..., list[str]]:
    """Run the job at an instant, and give what it said."""

    def _run(now: datetime = NOW) -> list[str]:
        said: list[str] = []
        with app.app_context():
            JOBS["saved-searches"].run(settings, now, said.append)
        return said

    return _run


def mails(app: Flask) -> Mails:
    with app.app_context():
        found = sa.select(OutboxMessage.subject, OutboxMessage.text).order_by(OutboxMessage.id)
        return list(db.session.execute(found).tuples())


def test_what_was_published_since_is_told_once(
    app: Flask, mai: int, publish: Callable[..., int], run: Callable[..., list[str]]
) -> None:
    publish("Old rivers", at=NOW - 2 * DAY)
    new = publish("Rivers and cities")
    assert run() == ["Searches looked at: 1; messages promised: 1; failed: 0."]
    ((subject, text),) = mails(app)
    assert subject == "1 new course in your search “Rivers”"
    assert "* Rivers and cities" in text
    assert "University of Rivers and cities, Portugal" in text
    assert f"/directory/{new}" in text
    assert "/directory?q=rivers" in text
    assert "Old rivers" not in text
    assert "of 100" in text, "compared with her own course"
    assert run(NOW + HOUR) == ["Searches looked at: 1; messages promised: 0; failed: 0."]
    assert len(mails(app)) == 1
    publish("More rivers", at=NOW + 2 * HOUR)
    run(NOW + DAY)
    assert [subject for subject, _text in mails(app)] == ["1 new course in your search “Rivers”"] * 2
    assert "Rivers and cities" not in mails(app)[1][1]


def test_the_mail_can_be_turned_off_with_one_click(
    app: Flask, mai: int, publish: Callable[..., int], run: Callable[..., list[str]]
) -> None:
    publish("Rivers and cities")
    run()
    with app.app_context():
        message = db.session.scalars(sa.select(OutboxMessage)).one()
        search = db.session.scalars(sa.select(SavedSearch)).one()
        assert message.key == f"search:{search.id}:2026-11-23"
        link = str(message.headers["List-Unsubscribe"]).strip("<>")
        assert message.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert link in message.text
        assert search.looked_at == NOW
    assert app.test_client().post(link.removeprefix("http://localhost")).status_code == 200
    publish("More rivers", at=NOW + HOUR)
    assert run(NOW + DAY) == ["Searches looked at: 0; messages promised: 0; failed: 0."]


def test_what_does_not_fit_is_not_told(
    app: Flask, mai: int, publish: Callable[..., int], run: Callable[..., list[str]]
) -> None:
    publish("Rivers of drafts", state=CourseState.DRAFT)
    publish("Noh theatre", description="Masks, chant and dance on the stage of Kyoto. " * 20)
    with app.app_context():
        colleague = factories.user("binh@hanu.example", at=db.session.get_one(User, mai).institution)
        water_course(colleague, "Rivers nearby", published_at=NOW - HOUR)
        water_course(db.session.get_one(User, mai), "My own rivers", published_at=NOW - HOUR)
        db.session.commit()
    assert run() == ["Searches looked at: 1; messages promised: 0; failed: 0."]


def test_a_message_names_ten_courses_at_most(
    app: Flask, mai: int, publish: Callable[..., int], run: Callable[..., list[str]]
) -> None:
    for n in range(saved.MOST_LINES + 1):
        publish(f"Rivers {n}")
    run()
    ((subject, text),) = mails(app)
    assert subject == "New in your search “Rivers”"
    assert text.count("* Rivers ") == saved.MOST_LINES
    assert "There are more; the search shows them all." in text


def test_each_owner_reads_their_own_language_and_closed_accounts_get_nothing(
    app: Flask, mai: int, publish: Callable[..., int], run: Callable[..., list[str]]
) -> None:
    publish("Rivers and cities")
    with app.app_context():
        at = db.session.get_one(User, mai).institution
        factories.saved_search(factories.user("aya@hanu.example", at=at, mail_language="ja"), looked_at=NOW - DAY)
        factories.saved_search(factories.user("gone@hanu.example", at=at, closed_at=NOW), looked_at=NOW - DAY)
        db.session.commit()
    assert run() == ["Searches looked at: 2; messages promised: 2; failed: 0."]
    with app.app_context():
        html = db.session.scalar(sa.select(OutboxMessage.html).where(OutboxMessage.to_address == "aya@hanu.example"))
    assert '<html lang="ja"' in str(html)


def test_one_search_that_fails_stops_no_other(
    app: Flask,
    mai: int,
    publish: Callable[..., int],
    run: Callable[..., list[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    publish("Rivers and cities")
    with app.app_context():
        factories.saved_search(db.session.get_one(User, mai), "Broken", looked_at=NOW - DAY)
        db.session.commit()
    look = saved.new_since

    def break_one(search: SavedSearch, *rest: Any) -> saved.New:
        if search.name == "Broken":
            raise ValueError(search.name)
        return look(search, *rest)

    monkeypatch.setattr(saved, "new_since", break_one)
    assert run() == ["Searches looked at: 2; messages promised: 1; failed: 1."]


def test_without_searches_nothing_is_built(app: Flask, run: Callable[..., list[str]], settings: Settings) -> None:
    assert run() == ["Searches looked at: 0; messages promised: 0; failed: 0."]
    assert not settings.cache_folder.exists()
