"""Whoever is killed while the digests of a round are promised leaves nobody without one, and nobody with two."""

from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade

from config import Settings
from tests.conftest import NOW, make_settings
from tests.processes import job, kill, output_of, start, wait_for
from tests.stories.digests_that_stop import MOMENTS
from tests.stories.test_kill import service
from tests.webapp.rounds import known_week
from webapp.accounts.models import User
from webapp.db import db
from webapp.mail.models import OutboxMessage
from webapp.rounds import console, digest_jobs
from webapp.rounds.models import DigestIssue, Round, RoundState

FIRST_READERS = ("Noor Rahman", "Phạm Lan", "Đỗ Hoa", "Nguyễn Mai")


def receivers() -> list[str]:
    """Names of those to whom a digest is promised, by their numbers; the archives hold the same."""
    keys = db.session.scalars(sa.select(OutboxMessage.key).where(OutboxMessage.key.like("digest:%")))
    ids = sorted(int(key.split(":")[2]) for key in keys)
    assert sorted(db.session.scalars(sa.select(DigestIssue.user_id))) == ids
    return [db.session.get_one(User, each).name for each in ids]


def expected(app: Flask) -> list[str]:
    """To whom a run without an accident promises a digest; nothing of it is kept."""
    with app.app_context():
        known_week.stage()
        db.session.commit()
        digest_jobs.run(NOW, lambda _said: None)
        found = receivers()
        for table in (OutboxMessage, DigestIssue):
            db.session.execute(sa.delete(table))
        this = sa.update(Round).where(Round.published_week == "2026-W48")
        db.session.execute(this.values(digests_done_at=None, digests_up_to=0, progress={}))
        db.session.commit()
    assert found[:4] == list(FIRST_READERS)
    return found


def kill_twice_at_each_moment(app: Flask, settings: Settings, folder: Path) -> int:
    """Kill the job in its second batch at each moment, one after the other; how many digests it left."""
    n = 0
    for moment in MOMENTS:
        marker = folder / moment
        process = start(settings, "-m", "tests.stories.digests_that_stop", moment, "2", str(marker))
        try:
            wait_for(marker, process)
        finally:
            kill(process)
        n += 2 if moment == "after_the_commit" else 1
        with app.app_context():
            assert len(receivers()) == n, moment
            db.session.rollback()
    return n


def run_two_at_once(app: Flask, settings: Settings, everybody: list[str]) -> None:
    """Let two processes finish it at the same time, and one more: each reader has one."""
    for process in [job(settings, "rounds"), job(settings, "rounds")]:
        output_of(process)
    assert output_of(job(settings, "rounds")) == ""
    with app.app_context():
        assert receivers() == everybody
        this = db.session.scalars(sa.select(Round).where(Round.published_week == "2026-W48")).one()
        assert this.digests_done_at is not None
        assert this.progress["promised"] == len(everybody)
        db.session.rollback()


def test_a_job_killed_at_any_moment_of_a_batch_is_gone_on_with(settings: Settings, tmp_path: Path) -> None:
    with service(settings) as app:
        everybody = expected(app)
        assert kill_twice_at_each_moment(app, settings, tmp_path) < len(everybody)
        run_two_at_once(app, settings, everybody)


def test_on_postgresql_too_and_a_round_taken_back_after_a_kill_leaves_nothing(
    postgres_url: str, tmp_path: Path
) -> None:
    settings = make_settings(tmp_path, database_url=postgres_url)
    with service(settings) as app:
        with app.app_context():
            upgrade()
            db.session.remove()
        everybody = expected(app)
        assert kill_twice_at_each_moment(app, settings, tmp_path) == 4
        with app.app_context():
            this = db.session.scalars(sa.select(Round).where(Round.published_week == "2026-W48")).one()
            noor = db.session.scalars(sa.select(User).where(User.email == "noor@asem.example")).one()
            done = console.take_back(this, noor, NOW, settings)
            assert (done.n_withdrawn, done.is_cut_short) == (4, True)
            assert receivers() == []
            db.session.rollback()
            assert db.session.get_one(Round, this.id).state is RoundState.PUBLISHED
            db.session.rollback()
        run_two_at_once(app, settings, everybody)
