"""What runs by itself: which jobs, when, and that a failing one stops nothing."""

import signal
import time
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from structlog.testing import capture_logs

from config import Settings
from tests import factories, processes
from tests.smtp import MailServer
from webapp import jobs
from webapp.accounts.models import SignInAttempt
from webapp.db import db
from webapp.mail.outbox import promise
from webapp.mail.render import Mail
from webapp.matches import deadlines
from webapp.matches.lifecycle import State
from webapp.matches.models import Match

MONDAY_5 = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)


def next_times(name: str, after: datetime, n: int) -> list[datetime]:
    """The next times a job runs."""
    found: list[datetime] = []
    for _ in range(n):
        found.append(jobs.JOBS[name].trigger.get_next_fire_time(found[-1] if found else None, after))
        after = found[-1] + timedelta(microseconds=1)
    return found


def test_the_round_runs_on_mondays_at_five_utc_also_when_clocks_change() -> None:
    found = next_times("weekly-round", datetime(2027, 3, 20, tzinfo=UTC), 3)
    assert [f"{instant:%a %d %b %H:%M %Z}" for instant in found] == [
        "Mon 22 Mar 05:00 UTC",
        "Mon 29 Mar 05:00 UTC",
        "Mon 05 Apr 05:00 UTC",
    ]


def test_mail_goes_out_every_20_seconds_and_deadlines_are_kept_hourly() -> None:
    first, second = next_times("send-mail", MONDAY_5, 2)
    assert second - first == timedelta(seconds=20)
    first, second = next_times("deadlines", MONDAY_5, 2)
    assert second - first == timedelta(hours=1)


@pytest.mark.parametrize(
    ("now", "has_run", "missed"),
    [
        (MONDAY_5 - timedelta(seconds=1), False, False),
        (MONDAY_5, False, True),
        (MONDAY_5, True, False),
        (MONDAY_5 + timedelta(days=6, hours=18), False, True),
    ],
)
def test_a_round_is_missed_from_monday_on_until_it_has_run(
    app: Flask, now: datetime, has_run: bool, missed: bool
) -> None:
    with app.app_context():
        factories.round_("2026-W47")
        if has_run:
            factories.round_("2026-W48")
        db.session.commit()
        assert jobs.was_missed(now) is missed


def first_times(app: Flask) -> dict[str, datetime | None]:
    """When each job runs first if the scheduler starts on Monday at five; None for its ordinary time."""
    pending = jobs.build_scheduler(app, MONDAY_5).get_jobs()
    return {job.id: getattr(job, "next_run_time", None) for job in pending}


def test_what_was_missed_runs_as_soon_as_the_scheduler_starts(app: Flask) -> None:
    with app.app_context():
        assert first_times(app) == {
            "weekly-round": MONDAY_5,
            "deadlines": MONDAY_5,
            "send-mail": MONDAY_5,
            "clean-up": None,
            "invitations": None,
            "saved-searches": None,
            "rounds": None,
        }
        factories.round_("2026-W48")
        db.session.commit()
        assert first_times(app)["weekly-round"] is None


def test_a_failing_job_is_logged_and_stops_nothing(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("no power")

    monkeypatch.setitem(jobs.JOBS, "clean-up", jobs.Job(fail, jobs.JOBS["clean-up"].trigger, "", ""))
    with capture_logs() as logs:
        jobs.run_safely(app, "clean-up")
    assert [(line["event"], line["job"], line["log_level"]) for line in logs] == [("job failed", "clean-up", "error")]


def test_old_sign_in_attempts_are_deleted_and_fresh_ones_kept(app: Flask, settings: Settings, now: datetime) -> None:
    said: list[str] = []
    pause = timedelta(minutes=settings.sign_in_pause_minutes)
    with app.app_context():
        for age in (timedelta(0), pause + timedelta(seconds=1)):
            db.session.add(SignInAttempt(email="a@b.example", place="192.0.2.1", at=now - age))
        db.session.commit()
        jobs.run_clean_up(settings, now, said.append)
        assert db.session.scalars(sa.select(SignInAttempt.at)).all() == [now]
    assert len(said) == 1
    assert "old sign-in attempts 1" in said[0]


def test_one_match_that_fails_under_the_clock_stops_no_other(
    app: Flask, settings: Settings, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    apply = deadlines.apply
    with app.app_context():
        first = factories.pair()
        other = factories.match(
            factories.course(first.course_a.lecturer),
            factories.course(first.course_b.lecturer),
            factories.round_("2026-W40"),
        )
        first_id, other_id = first.id, other.id
        db.session.commit()

        def fail_first(match_id: int, *rest: object) -> object:
            if match_id == first_id:
                raise RuntimeError("a broken row")
            return apply(match_id, *rest)

        monkeypatch.setattr(deadlines, "apply", fail_first)
        said: list[str] = []
        with capture_logs() as logs:
            jobs.run_deadlines(settings, now + timedelta(days=30), said.append)
        states = dict(db.session.execute(sa.select(Match.id, Match.state)).tuples().all())
    assert states == {first_id: State.PROPOSED, other_id: State.EXPIRED}
    assert len(said) == 1
    assert said[0].startswith("Matches moved by the clock: 1; failed: 1")
    assert [line["match_id"] for line in logs if line["event"] == "deadline not applied"] == [first_id]


def test_what_is_promised_is_sent_once(app: Flask, settings: Settings, now: datetime, mail_server: MailServer) -> None:
    said: list[str] = []
    with app.app_context():
        promise("hello:1", Mail("mai@hanu.example", "Hello", "Hello\n", "<p>Hello</p>"), now)
        db.session.commit()
        for _ in range(2):
            jobs.run_send_mail(mail_server.settings(settings), now, said.append)
    assert [message["Subject"] for message in mail_server.received] == ["Hello"]
    assert said == ["Messages sent: 1; to be tried again: 0."]


@pytest.mark.parametrize(
    ("lock", "run"), [("send-mail", jobs.run_send_mail), ("deadlines", jobs.run_deadlines)], ids=["mail", "deadlines"]
)
def test_a_job_that_runs_elsewhere_is_left_alone(
    app: Flask, settings: Settings, now: datetime, lock: str, run: jobs.Run
) -> None:
    said: list[str] = []
    with app.app_context(), jobs.exclusive(lock):
        run(settings, now, said.append)
    assert said == ["Another process is doing this right now; nothing was done here."]


def test_the_commands_list_and_run_jobs(app: Flask) -> None:
    runner = app.test_cli_runner()
    listed = runner.invoke(args=["jobs", "list"]).output
    assert [line.split()[0] for line in listed.splitlines()] == list(jobs.JOBS)
    assert runner.invoke(args=["jobs", "run", "clean-up"]).output.startswith("Deleted: old sign-in attempts 0")
    assert runner.invoke(args=["jobs", "run", "nonsense"]).exit_code == 2


def test_a_scheduler_runs_alone_and_ends_when_asked(app: Flask, settings: Settings) -> None:
    with app.app_context():
        factories.round_(jobs.matching.week_of(datetime.now(UTC)))
        db.session.commit()
    first = processes.start(settings, "-m", "flask", "jobs", "start")
    assert first.stdout is not None
    try:
        assert first.stdout.readline() == "Scheduler started.\n"
        second = processes.start(settings, "-m", "flask", "jobs", "start")
        output, _ = second.communicate(timeout=processes.PATIENCE)
        assert output == "Error: The scheduler already runs in another process.\n"
        assert second.returncode == 1
        first.send_signal(signal.SIGTERM)
        began = time.monotonic()
        output, _ = first.communicate(timeout=processes.PATIENCE)
        assert output.endswith("Scheduler stopped.\n")
        assert first.returncode == 0
        assert time.monotonic() - began < 10
    finally:
        processes.kill(first)
