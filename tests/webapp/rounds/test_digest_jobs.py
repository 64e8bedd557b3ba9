"""Digests are promised after a round is published, batch by batch: everybody has one, whatever happens in between."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from config import Settings
from tests import factories
from tests.conftest import NOW
from tests.webapp.matches.samples import explanation
from tests.webapp.rounds import known_week
from tests.webapp.rounds.conftest import Market
from webapp import jobs
from webapp.access import Role
from webapp.accounts.models import User
from webapp.db import db
from webapp.locks import exclusive
from webapp.mail.models import OutboxMessage
from webapp.profiles.models import CourseProfile
from webapp.rounds import console, digest, digest_jobs, digest_queries, emails
from webapp.rounds.models import DigestIssue, Round, RoundPair, RoundState

AT_ONCE = timedelta(0)
"""The length of a run that ends after its first batch."""


@pytest.fixture
def told(app: Flask, market: Market, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Round]:
    """A round a coordinator published a moment ago, and digests promised one by one; inside an app context."""
    monkeypatch.setattr(digest_jobs, "BATCH", 1)
    with app.app_context():
        draft = factories.round_(state=RoundState.DRAFT, published_week=None, published_at=None)
        a, b = (db.session.get_one(CourseProfile, each) for each in (market.water, market.rivers))
        db.session.add(
            RoundPair(
                round_id=draft.id, course_a=a, course_b=b, version_a=a.version, version_b=b.version,
                score=0.72, confidence=0.8, explanation=explanation(),
            )
        )  # fmt: skip
        db.session.commit()
        console.publish(draft, db.session.get_one(User, market.coordinator), NOW, settings)
        db.session.commit()
        yield draft


def readers(market: Market) -> set[int]:
    """Everybody there is something to tell."""
    return {market.mai, market.rui, market.office, market.coordinator}


def promised() -> list[int]:
    """To whom a digest is promised (ids), one entry for each message; the archives hold the same."""
    keys = db.session.scalars(sa.select(OutboxMessage.key).where(OutboxMessage.key.like("digest:%")))
    found = sorted(int(key.split(":")[2]) for key in keys)
    assert sorted(db.session.scalars(sa.select(DigestIssue.user_id))) == found
    return found


def run(longest: timedelta = timedelta(minutes=5), now: datetime = NOW) -> list[str]:
    """Run the job; what it said."""
    said: list[str] = []
    digest_jobs.run(now, said.append, longest)
    return said


def take_back(this_round: Round, market: Market, settings: Settings) -> console.TakenBack:
    """Take the round back as its coordinator, an hour later."""
    actor = db.session.get_one(User, market.coordinator)
    done = console.take_back(this_round, actor, NOW + timedelta(hours=1), settings)
    db.session.commit()
    return done


def test_publishing_promises_nothing_and_the_rounds_job_everything(
    told: Round, market: Market, settings: Settings
) -> None:
    assert promised() == []
    assert told.digests_done_at is None
    said: list[str] = []
    jobs.JOBS["rounds"].run(settings, NOW, said.append)
    assert promised() == sorted(readers(market))
    assert said == [f"Digests: {n} of 4 people looked at, {n} promised." for n in range(1, 5)]
    assert told.digests_done_at == NOW
    jobs.JOBS["rounds"].run(settings, NOW, said.append)
    assert len(said) == 4


def test_a_run_that_ends_early_is_gone_on_with_behind_the_last_batch(told: Round, market: Market) -> None:
    for n in (1, 2, 3):
        assert run(AT_ONCE) == [
            f"Digests: {n} of 4 people looked at, {n} promised.",
            "The next run goes on with the digests.",
        ]
        assert len(promised()) == n
        assert told.digests_done_at is None
    assert run(AT_ONCE) == ["Digests: 4 of 4 people looked at, 4 promised."]
    assert promised() == sorted(readers(market))
    assert run() == []


def test_the_weekly_job_finishes_what_a_dead_process_left(told: Round, market: Market, settings: Settings) -> None:
    run(AT_ONCE)
    said: list[str] = []
    jobs.run_weekly_round(settings, NOW, said.append)
    assert said[0] == "The round of week 2026-W48 has already run; nothing was done."
    assert said[-1] == "Digests: 4 of 4 people looked at, 4 promised."
    assert promised() == sorted(readers(market))


@pytest.mark.parametrize("n_before", [0, 1, 3])
def test_a_failure_inside_a_batch_leaves_the_batches_before_it_and_the_next_run_goes_on(
    told: Round, market: Market, monkeypatch: pytest.MonkeyPatch, n_before: int
) -> None:
    note = digest_queries.note_progress

    def fail_later(round_id: int, progress: dict[str, Any]) -> None:
        if progress["done"] > n_before:
            raise RuntimeError("the machine is on fire")
        note(round_id, progress)

    with monkeypatch.context() as patched:
        patched.setattr(digest_queries, "note_progress", fail_later)
        assert len(run()) == n_before
    assert len(promised()) == n_before
    run()
    assert promised() == sorted(readers(market))
    assert told.progress["promised"] == told.progress["done"] == 4


def test_a_round_taken_back_between_batches_leaves_no_digest_and_gets_no_more(
    told: Round, market: Market, settings: Settings
) -> None:
    run(AT_ONCE)
    run(AT_ONCE)
    done = take_back(told, market, settings)
    assert done == console.TakenBack(n_told=0, n_withdrawn=2, is_cut_short=True)
    assert db.session.scalars(sa.select(OutboxMessage)).all() == []
    assert run() == []
    assert promised() == []


def test_a_round_taken_back_while_a_batch_is_written_gets_none_of_it(
    app: Flask, told: Round, market: Market, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(AT_ONCE)
    round_id = told.id
    write = digest.write

    def write_and_take_back(*arguments: Any) -> Any:
        written = write(*arguments)
        with app.app_context():
            take_back(db.session.get_one(Round, round_id), market, settings)
        return written

    monkeypatch.setattr(digest, "write", write_and_take_back)
    assert run() == ["The round was taken back, or another process writes its digests; nothing more was done."]
    assert promised() == []
    assert told.state is RoundState.TAKEN_BACK


def test_only_whoever_was_sent_a_digest_hears_that_the_round_is_taken_back(
    told: Round, market: Market, settings: Settings
) -> None:
    run(AT_ONCE)
    run(AT_ONCE)
    first = promised()[0]
    db.session.execute(sa.update(OutboxMessage).where(OutboxMessage.key.like(f"%:{first}")).values(sent_at=NOW))
    db.session.commit()
    assert take_back(told, market, settings) == console.TakenBack(n_told=1, n_withdrawn=1, is_cut_short=True)
    unsent = db.session.scalars(sa.select(OutboxMessage).where(OutboxMessage.sent_at.is_(None))).all()
    assert [message.to_address for message in unsent] == [db.session.get_one(User, first).email]


def test_digests_a_machine_whose_clock_is_behind_promises_are_taken_back_all_the_same(
    told: Round, market: Market, settings: Settings
) -> None:
    run(now=NOW - timedelta(minutes=5))
    assert take_back(told, market, settings).n_withdrawn == 4
    assert promised() == []


def test_while_one_process_promises_another_leaves_it_alone(told: Round, market: Market) -> None:
    with exclusive(digest_jobs.LOCK) as held:
        assert held
        assert run() == []
    assert promised() == []
    run()
    assert promised() == sorted(readers(market))


def test_should_two_processes_promise_at_once_nobody_gets_two(
    app: Flask, told: Round, market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def no_lock(_name: str) -> Iterator[bool]:
        yield True

    write = digest.write
    monkeypatch.setattr(digest_jobs, "exclusive", no_lock)

    def write_while_another_does(*arguments: Any) -> Any:
        monkeypatch.setattr(digest, "write", write)
        with app.app_context():
            run()
        return write(*arguments)

    monkeypatch.setattr(digest, "write", write_while_another_does)
    assert run() == ["The round was taken back, or another process writes its digests; nothing more was done."]
    assert promised() == sorted(readers(market))


def test_a_digest_that_cannot_be_written_keeps_nobody_else_from_theirs(
    told: Round, market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = emails.digest

    def fail_for_rui(user: User, news: Any) -> Any:
        if user.id == market.rui:
            raise KeyError("a word is missing")
        return written(user, news)

    monkeypatch.setattr(emails, "digest", fail_for_rui)
    run()
    assert promised() == sorted(readers(market) - {market.rui})
    assert (told.progress["failed"], told.progress["promised"]) == (1, 3)
    assert told.digests_done_at == NOW


def test_whoever_stops_the_digest_while_it_is_written_gets_none(
    app: Flask, told: Round, market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = digest.write

    def write_and_stop_rui(*arguments: Any) -> Any:
        with app.app_context():
            db.session.get_one(User, market.rui).wants_digest = False
            db.session.commit()
        return write(*arguments)

    monkeypatch.setattr(digest_jobs, "BATCH", 100)
    monkeypatch.setattr(digest, "write", write_and_stop_rui)
    run()
    assert promised() == sorted(readers(market) - {market.rui})


def test_a_round_that_another_has_followed_owes_nothing_any_more(context: Flask) -> None:
    this = known_week.stage()
    factories.round_("2026-W49", published_at=NOW + timedelta(days=7))
    db.session.commit()
    assert run(now=NOW + timedelta(days=7)) == [
        f"Round {this.id} was followed by another before all its digests were promised; the rest are left out."
    ]
    assert db.session.scalars(sa.select(OutboxMessage)).all() == []
    assert run(now=NOW + timedelta(days=7)) == []


def test_people_with_nothing_to_read_are_passed_over_and_counted(told: Round, market: Market) -> None:
    factories.user("mn@asem.example", Role.COORDINATOR, countries=["MN"])
    db.session.commit()
    assert run()[-1] == "Digests: 5 of 5 people looked at, 4 promised."
    assert promised() == sorted(readers(market))
