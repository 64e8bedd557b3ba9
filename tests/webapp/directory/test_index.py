"""The index is built beside the requests and kept fresh by them."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa
from flask import Flask
from structlog.testing import capture_logs

from config import Settings
from matcher.embedders import HashedNgrams
from matcher.text import TextEncoder
from tests import factories
from tests.webapp.directory.conftest import WATER, Town, course, new_desk
from webapp.accounts.models import User
from webapp.db import db
from webapp.directory import index as index_module
from webapp.directory.embedding import OneAtATime
from webapp.directory.index import DirectoryIndex, Work, in_thread
from webapp.directory.snapshot import Snapshot
from webapp.profiles.models import CourseProfile, CourseState
from webapp.rounds.models import Round

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture
def town(own_town: Callable[..., Town]) -> Town:
    """A town to be changed."""
    return own_town(embedder=HashedNgrams())


def index_of(town: Town) -> DirectoryIndex:
    """Its index."""
    index: DirectoryIndex = town.app.extensions["directory"].index
    return index


def look(town: Town, now: datetime = NOW) -> Snapshot:
    """The index as a request sees it."""
    with town.app.app_context():
        found = index_of(town).look(now)
        db.session.remove()
    assert found is not None
    return found


def titles(snapshot: Snapshot) -> list[str]:
    """What is open, by title."""
    return sorted(its.profile.title for its, is_open in zip(snapshot.entries, snapshot.is_open, strict=True) if is_open)


def change(town: Town, name: str, **values: object) -> None:
    """Change a course as somebody else's request would."""
    with town.app.app_context():
        row = db.session.get_one(CourseProfile, town.ids[name])
        for column, value in values.items():
            setattr(row, column, value)
        db.session.commit()


OPEN = ["Harbours", "Nursing ethics", "Rivers and cities", "Tourisme durable", "Urban water"]


def test_nothing_new_costs_one_question_and_gives_the_same(town: Town) -> None:
    first = look(town)
    assert titles(first) == OPEN
    asked: list[str] = []
    with town.app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    assert look(town) is first
    assert [statement.split()[0] for statement in asked if not statement.startswith("BEGIN")] == ["SELECT"]


def test_changed_new_and_gone_courses_are_replaced_added_and_dropped(town: Town) -> None:
    look(town)
    change(town, "rivers", title="Rivers and deltas")
    change(town, "draft", state=CourseState.OPEN)
    change(town, "nursing", state=CourseState.PAUSED)
    assert titles(look(town)) == ["Harbours", "Rain and roofs", "Rivers and deltas", "Tourisme durable", "Urban water"]
    with town.app.app_context():
        db.session.get_one(User, town.people["ana"]).is_listed = False
        db.session.commit()
    assert titles(look(town)) == ["Rain and roofs", "Rivers and deltas", "Urban water"]


def test_what_goes_is_dropped_though_the_work_is_not_done_yet(town: Town) -> None:
    look(town)
    waiting: list[Work] = []
    index_of(town).run = waiting.append
    change(town, "nursing", state=CourseState.PAUSED)
    change(town, "draft", state=CourseState.OPEN)
    assert titles(look(town)) == ["Harbours", "Rivers and cities", "Tourisme durable", "Urban water"]
    assert len(waiting) == 1
    look(town)
    assert len(waiting) == 1, "one piece of work at a time"
    waiting[0]()
    assert "Rain and roofs" in titles(look(town))


def test_late_courses_are_prepared_once_that_is_due(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    first = look(town)
    monkeypatch.setattr(index_module, "REST", 10**9)
    change(town, "draft", state=CourseState.OPEN)
    change(town, "water", title="City water")
    late = look(town)
    assert late.prepared is first.prepared
    assert sorted(late.prepared_row.tolist())[:2] == [-1, -1]
    assert late.n_late == 3
    monkeypatch.setattr(index_module, "REST", 0)
    look(town)
    due = look(town)
    assert (due.n_late, len(due), titles(due)) == (0, 6, titles(late))
    assert look(town) is due


def test_another_week_dates_everything_anew(town: Town) -> None:
    first = look(town)
    later = look(town, datetime(2027, 5, 12, tzinfo=UTC))
    water = next(its.profile for its in later.entries if its.course_id == town.ids["water"])
    assert str(water.starts_on) == "2027-05-17"
    assert later.week > first.week
    assert look(town, datetime(2027, 5, 12, tzinfo=UTC)) is later


def test_a_round_lends_its_statistics(town: Town) -> None:
    first = look(town)
    statistics = TextEncoder(HashedNgrams()).fit([its.profile for its in first.entries]).statistics_
    with town.app.app_context():
        factories.round_(statistics=statistics.to_bytes())
        db.session.commit()
    second = look(town)
    assert second.encoded.usual_similarity == pytest.approx(statistics.usual_similarity)
    assert second.encoded.usual_similarity != pytest.approx(first.encoded.usual_similarity)
    with town.app.app_context():
        db.session.add(db.session.merge(factories.round_("2026-W49", statistics=b"nonsense")))
        db.session.commit()
    with capture_logs() as logs:
        third = look(town)
    assert [line["log_level"] for line in logs] == ["warning"]
    assert third.encoded.usual_similarity == pytest.approx(first.encoded.usual_similarity)
    with town.app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Round)) == 2


def test_a_row_the_matcher_cannot_read_is_left_away_and_not_read_again(town: Town) -> None:
    change(town, "nursing", exchange_languages={"en": "very good"})
    with capture_logs() as logs:
        first = look(town)
    assert [line["course_id"] for line in logs] == [town.ids["nursing"]]
    assert "Nursing ethics" not in titles(first)
    assert look(town) is first


def test_many_courses_are_read_by_the_work_itself(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_module, "READ_BY_REQUESTS", 2)
    assert titles(look(town)) == OPEN


def test_work_that_fails_is_told_and_tried_again(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as patch, capture_logs() as logs, town.app.app_context():
        patch.setattr(index_module, "Words", fail)
        patch.setattr(index_module.Table, "of", fail)
        assert index_of(town).look(NOW) is None
    assert [line["log_level"] for line in logs] == ["error"]
    assert titles(look(town)) == OPEN


def test_an_empty_service_has_an_empty_index(app: Flask, settings: Settings) -> None:
    desk = new_desk(settings, embedder=HashedNgrams())
    with app.app_context():
        found = desk.index.look(NOW)
        assert found is not None
        assert len(found) == 0
        mai = factories.user(at=factories.institution())
        course(mai, "Urban water", WATER)
        db.session.commit()
        grown = desk.index.look(NOW + timedelta(minutes=1))
    assert grown is not None
    assert titles(grown) == ["Urban water"]


def test_work_can_go_on_in_a_thread() -> None:
    names: list[str] = []
    done = threading.Event()

    def work() -> None:
        names.append(threading.current_thread().name)
        done.set()

    in_thread(work)
    assert done.wait(10)
    assert names == ["directory"]


def test_the_model_lets_one_thread_in_at_a_time(tmp_path: Path) -> None:
    inside, most = [0], [0]

    class Slow(HashedNgrams):
        def embed(self, texts: object) -> np.ndarray:  # type: ignore[override, type-arg]
            inside[0] += 1
            most[0] = max(most[0], inside[0])
            threading.Event().wait(0.02)
            inside[0] -= 1
            return np.ones((1, self.dimension), dtype=np.float32)

    embedder = OneAtATime.around(Slow())
    threads = [threading.Thread(target=embedder.embed, args=(["x"],)) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1]
    assert not hasattr(embedder, "terms")
