"""What the jobs do with a round: computed once, published once, picked up again whatever died in between."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from config import Settings
from tests import factories
from tests.webapp.rounds.conftest import Market, n_rows
from webapp import jobs
from webapp.access import Role
from webapp.accounts.models import User
from webapp.db import db
from webapp.mail.models import OutboxMessage
from webapp.matches.models import Match
from webapp.profiles.models import CourseProfile
from webapp.rounds import console, draft_jobs, draft_publishing, matching
from webapp.rounds.models import Round, RoundPair, RoundState

RunRound = Callable[[datetime], list[str]]


def states() -> list[RoundState]:
    """The states of all rounds, in their order."""
    return list(db.session.scalars(sa.select(Round.state).order_by(Round.id)))


def waiting(settings: Settings) -> Settings:
    """Settings under which rounds wait for a coordinator."""
    return settings.model_copy(update={"round_waits": True})


def test_no_table_is_held_while_the_round_computes(
    app: Flask, market: Market, run_round: RunRound, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    compute = matching.compute

    def compute_and_write(*arguments: object, **options: object) -> object:
        with app.app_context():
            db.session.get_one(CourseProfile, market.rivers).students = 30
            db.session.commit()
        return compute(*arguments, **options)

    monkeypatch.setattr(matching, "compute", compute_and_write)
    assert "Round of week 2026-W48 published. Partnerships proposed: 0." in run_round(now)


def test_a_failure_while_computing_is_written_down_and_the_next_run_begins_anew(
    app: Flask, market: Market, run_round: RunRound, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the machine is on fire")

    with monkeypatch.context() as patched:
        patched.setattr(matching, "compute", fail)
        with pytest.raises(RuntimeError, match="on fire"):
            run_round(now)
    with app.app_context():
        failed = db.session.scalars(sa.select(Round)).one()
        assert (failed.state, failed.error) == (RoundState.FAILED, "RuntimeError: the machine is on fire")
        assert n_rows() == {"rounds": 1, "matches": 0, "alternates": 0, "left_out_courses": 0, "outbox_messages": 0}
        assert jobs.was_missed(now)
    run_round(now)
    with app.app_context():
        assert states() == [RoundState.FAILED, RoundState.PUBLISHED]


def test_a_failure_while_publishing_leaves_the_draft_and_nobody_is_told(
    app: Flask, market: Market, run_round: RunRound, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish = draft_publishing.publish

    def fail(*arguments: Any) -> None:
        publish(*arguments)
        db.session.flush()
        raise RuntimeError("the machine is on fire")

    with monkeypatch.context() as patched:
        patched.setattr(draft_publishing, "publish", fail)
        with pytest.raises(RuntimeError, match="on fire"):
            run_round(now)
    with app.app_context():
        assert states() == [RoundState.DRAFT]
        assert n_rows()["matches"] == n_rows()["outbox_messages"] == 0
    run_round(now)
    with app.app_context():
        assert states() == [RoundState.PUBLISHED]
        assert n_rows()["matches"] == 1


def test_a_round_published_meanwhile_wins_and_the_other_is_put_away(
    app: Flask, market: Market, run_round: RunRound, settings: Settings, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    compute = matching.compute

    def while_another_publishes(*arguments: object, **options: object) -> object:
        with app.app_context():
            factories.round_("2026-W48")
            db.session.commit()
        return compute(*arguments, **options)

    monkeypatch.setattr(matching, "compute", while_another_publishes)
    said = run_round(now)
    assert said[-1] == "The round of week 2026-W48 was run by another process meanwhile; nothing was done."
    with app.app_context():
        assert sorted(states()) == [RoundState.DISCARDED, RoundState.PUBLISHED]
        assert n_rows()["matches"] == 0


def test_a_round_that_runs_elsewhere_is_left_alone(
    app: Flask, market: Market, settings: Settings, now: datetime
) -> None:
    said: list[str] = []
    with app.app_context(), jobs.exclusive("weekly-round") as held:
        assert held
        jobs.run_weekly_round(settings, now, said.append)
        assert said == ["Another process is doing this right now; nothing was done here."]
        draft_jobs.run_asked_rounds(settings, now, said.append)
        assert n_rows()["rounds"] == 0


@pytest.mark.parametrize("left_in", [RoundState.COMPUTING, RoundState.WAITING])
def test_what_a_dead_process_left_is_picked_up_and_published(
    app: Flask, market: Market, run_round: RunRound, settings: Settings, now: datetime, left_in: RoundState
) -> None:
    with app.app_context():
        left = console.begin(now, settings, asked_by=None)
        db.session.execute(sa.update(Round).values(state=left_in, progress={"tries": 1}))
        left_id = left.id
        db.session.commit()
        draft_jobs.run_asked_rounds(settings, now, lambda _said: None)
        assert states() == [RoundState.PUBLISHED]
        assert db.session.get_one(Round, left_id).n_matches == 1
    assert run_round(now) == ["The round of week 2026-W48 has already run; nothing was done."]


def test_a_computation_that_dies_again_and_again_is_given_up(
    app: Flask, market: Market, settings: Settings, now: datetime
) -> None:
    with app.app_context():
        console.begin(now, settings, asked_by=None)
        db.session.execute(sa.update(Round).values(state=RoundState.COMPUTING, progress={"tries": 3}))
        db.session.commit()
        draft_jobs.run_asked_rounds(settings, now, lambda _said: None)
        given_up = db.session.scalars(sa.select(Round)).one()
        assert given_up.state is RoundState.FAILED
        assert given_up.error == "The computation ended 3 times before it was done."


def test_a_round_somebody_asked_for_becomes_a_draft_and_waits(
    app: Flask, market: Market, settings: Settings, now: datetime
) -> None:
    with app.app_context():
        coordinator = db.session.get_one(User, market.coordinator)
        asked = console.start(coordinator, now, settings)
        asked_id = asked.id
        db.session.commit()
        seen: list[dict[str, object]] = []
        draft_jobs.run_asked_rounds(settings, now, lambda _said: seen.append(dict(progress_of(app, asked_id))))
        this_round = db.session.get_one(Round, asked_id)
        assert this_round.state is RoundState.DRAFT
        assert this_round.n_matches == 1
        pair = db.session.scalars(sa.select(RoundPair)).one()
        assert (pair.course_a_id, pair.course_b_id, pair.is_locked) == (market.water, market.rivers, False)
        assert n_rows()["matches"] == n_rows()["outbox_messages"] == 0
    assert {"what": "comparing"}.items() <= max(seen, key=len).items() or any("what" in one for one in seen)


def progress_of(app: Flask, round_id: int) -> dict[str, object]:
    """How far a round is, as another process sees it."""
    with app.app_context():
        return dict(db.session.get_one(Round, round_id).progress)


def test_where_rounds_wait_the_weekly_one_stays_a_draft_and_coordinators_of_all_are_told_once(
    app: Flask, market: Market, settings: Settings, now: datetime
) -> None:
    said: list[str] = []
    with app.app_context():
        factories.user("viet@asem.example", Role.COORDINATOR, countries=["VN"])
        db.session.commit()
        for _ in range(2):
            jobs.run_weekly_round(waiting(settings), now, said.append)
        assert states() == [RoundState.DRAFT]
        mail = db.session.scalars(sa.select(OutboxMessage)).one()
        assert mail.to_address == "coordinator@asem.example"
        assert "It found one pair." in mail.text
        assert not draft_jobs.is_due("2026-W48", waiting(settings))
    assert said[-1] == "The round of week 2026-W48 waits for a coordinator; nothing was done."


def test_the_next_week_discards_the_jobs_own_draft_and_leaves_that_of_a_person_alone(
    app: Flask, market: Market, settings: Settings, now: datetime
) -> None:
    with app.app_context():
        jobs.run_weekly_round(waiting(settings), now, lambda _said: None)
        console.start(db.session.get_one(User, market.coordinator), now, settings)
        db.session.commit()
        draft_jobs.run_asked_rounds(waiting(settings), now, lambda _said: None)
        jobs.run_weekly_round(waiting(settings), now + timedelta(days=7), lambda _said: None)
        assert states() == [RoundState.DISCARDED, RoundState.DRAFT, RoundState.DRAFT]


@pytest.mark.parametrize("settled", [RoundState.DISCARDED, RoundState.TAKEN_BACK])
def test_a_week_a_coordinator_settled_is_not_begun_again_by_the_job(
    app: Flask, market: Market, settings: Settings, now: datetime, settled: RoundState
) -> None:
    said: list[str] = []
    with app.app_context():
        factories.round_("2026-W48", state=settled, published_week=None)
        db.session.commit()
        assert not jobs.was_missed(now)
        jobs.run_weekly_round(settings, now, said.append)
        assert states() == [settled]
    assert said == ["A coordinator settled the round of week 2026-W48; nothing was done."]


def test_a_round_discarded_while_it_is_computed_keeps_nothing(
    app: Flask, market: Market, settings: Settings, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    compute = matching.compute

    def while_it_is_discarded(*arguments: object, **options: object) -> object:
        with app.app_context():
            console.put_away(1)
            db.session.commit()
        return compute(*arguments, **options)

    monkeypatch.setattr(matching, "compute", while_it_is_discarded)
    said: list[str] = []
    with app.app_context():
        console.start(db.session.get_one(User, market.coordinator), now, settings)
        db.session.commit()
        draft_jobs.run_asked_rounds(settings, now, said.append)
        assert states() == [RoundState.DISCARDED]
        assert db.session.scalar(sa.select(sa.func.count(RoundPair.id))) == 0
    assert said[-1] == "Round 1 was discarded while it was computed; nothing was kept."


def test_one_failing_round_stops_no_other(
    app: Flask, market: Market, settings: Settings, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    compute = matching.compute

    def fail_first(*arguments: object, **options: object) -> object:
        monkeypatch.setattr(matching, "compute", compute)
        raise RuntimeError("out of memory")

    monkeypatch.setattr(matching, "compute", fail_first)
    with app.app_context():
        coordinator = db.session.get_one(User, market.coordinator)
        for _ in range(2):
            console.begin(now, settings, asked_by=coordinator)
        db.session.commit()
        draft_jobs.run_asked_rounds(settings, now, lambda _said: None)
        assert states() == [RoundState.FAILED, RoundState.DRAFT]


def test_only_the_draft_that_is_published_first_becomes_the_week(
    app: Flask, market: Market, settings: Settings, now: datetime
) -> None:
    with app.app_context():
        coordinator = db.session.get_one(User, market.coordinator)
        for _ in range(2):
            console.begin(now, settings, asked_by=coordinator)
        db.session.commit()
        draft_jobs.run_asked_rounds(settings, now, lambda _said: None)
        first, second = db.session.scalars(sa.select(Round).order_by(Round.id))
        assert len(console.publish(first, coordinator, now, settings)) == 1
        db.session.commit()
        with pytest.raises(draft_publishing.WeekTakenError):
            console.publish(second, coordinator, now, settings)
        db.session.rollback()
        assert states() == [RoundState.PUBLISHED, RoundState.DRAFT]
        assert db.session.scalar(sa.select(sa.func.count(Match.id))) == 1
