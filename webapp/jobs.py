"""What runs by itself, and when: each job is also a command, and each may be started twice without harm."""

import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from types import FrameType

import click
import structlog
from apscheduler.events import EVENT_JOB_MISSED, JobExecutionEvent
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger
from flask import Flask, current_app
from flask.cli import AppGroup
from sqlalchemy.exc import IntegrityError

from config import Settings
from webapp.accounts import browsers, throttle
from webapp.conversations import queries as conversations
from webapp.db import db, reading
from webapp.directory import search_jobs
from webapp.errors import WrongStateError
from webapp.imports import queries as imports
from webapp.locks import exclusive
from webapp.mail import outbox
from webapp.matches import deadlines, reminder_jobs
from webapp.matches.decisions import Limits
from webapp.profiles import drafts
from webapp.profiles import queries as profile_queries
from webapp.rounds import candidates, matching, queries

log = structlog.get_logger()
commands = AppGroup("jobs", help="What runs by itself.")

Say = Callable[[str], None]
Run = Callable[[Settings, datetime, Say], None]

ROUND_HOUR = 5
"""Hour (UTC) of the weekly round on Mondays: early in Europe, before Asia's afternoon."""
_BUSY = "Another process is doing this right now; nothing was done here."


def run_weekly_round(settings: Settings, now: datetime, say: Say) -> None:
    """Propose partners for all open courses, once a week whoever starts it and however often.

    Reads, computes without holding the database, and writes everything in one commit.
    """
    week = matching.week_of(now)
    with exclusive("weekly-round") as held:
        if not held:
            say(_BUSY)
            return
        with reading():
            done = queries.of_week(week) is not None
            found = None if done else candidates.load(now)
            db.session.rollback()
        if found is None:
            say(f"The round of week {week} has already run; nothing was done.")
            return
        computed = matching.compute(found, now, settings, say)
        try:
            this_round = matching.publish(computed, now, settings)
            n_matches = this_round.n_matches
            db.session.commit()
        except IntegrityError:
            db.session.rollback()
            # Only the week's unique key may have spoken; anything else is a fault of ours.
            if queries.of_week(week) is None:
                raise
            say(f"The round of week {week} was run by another process meanwhile; nothing was done.")
            return
    say(f"Round of week {week} published. Partnerships proposed: {n_matches}.")


def run_deadlines(settings: Settings, now: datetime, say: Say) -> None:
    """Do what the clock does to matches: expire, start, complete, bring in alternates, remind; one commit for each."""
    limits = Limits(respond=settings.respond_days, approve=settings.approve_days)
    n_done = n_failed = 0
    with exclusive("deadlines") as held:
        if not held:
            say(_BUSY)
            return
        with reading():
            due = deadlines.due(now)
            db.session.rollback()
        for match_id in due:
            try:
                n_done += deadlines.apply(match_id, now, limits) is not None
                db.session.commit()
            except WrongStateError:
                # Somebody acted at the same moment; the next run sees how it stands then.
                db.session.rollback()
            except Exception:
                db.session.rollback()
                n_failed += 1
                log.exception("deadline not applied", match_id=match_id)
        n_reminded = reminder_jobs.run(settings, now)
    say(f"Matches moved by the clock: {n_done}; failed: {n_failed}.")
    if n_reminded:
        say(f"Reminders promised: {n_reminded}.")


def run_send_mail(settings: Settings, now: datetime, say: Say) -> None:
    """Send what the outbox holds, message by message; one sender at a time."""
    with exclusive("send-mail") as held:
        if not held:
            say(_BUSY)
            return
        n_sent, n_failed = outbox.send_due(settings, now, say)
    if n_sent or n_failed:
        say(f"Messages sent: {n_sent}; to be tried again: {n_failed}.")


def run_clean_up(settings: Settings, now: datetime, say: Say) -> None:
    """Delete what nobody needs any longer: each line names what and how many."""
    deleted = {
        "old sign-in attempts": throttle.forget_before(now - timedelta(minutes=settings.sign_in_pause_minutes)),
        "browsers signed out": browsers.forget_before(now),
        "old drafts of forms": profile_queries.forget_drafts(now - drafts.KEPT_FOR),
        "files of ended matches": conversations.forget_files(now - timedelta(days=settings.keep_files_days)),
        "texts of old mail": outbox.forget_sent_before(now - timedelta(days=settings.keep_mail_days)),
        "uploaded files of courses": imports.forget_before(now - timedelta(days=1)),
    }
    db.session.commit()
    say(f"Deleted: {', '.join(f'{what} {n}' for what, n in deleted.items())}.")


@dataclass(frozen=True)
class Job:
    """One thing that runs by itself.

    Parameters
    ----------
    run
        What is called, inside an app context.
    trigger
        When, in UTC, so that no change of clocks runs it twice or not at all.
    schedule, purpose
        The same in words, for ``flask jobs list``.
    """

    run: Run
    trigger: BaseTrigger
    schedule: str
    purpose: str


JOBS: dict[str, Job] = {
    "weekly-round": Job(
        run_weekly_round,
        CronTrigger(day_of_week="mon", hour=ROUND_HOUR, timezone=UTC),
        f"Mondays {ROUND_HOUR:02d}:00 UTC",
        "proposes partners and promises the digest",
    ),
    "deadlines": Job(
        run_deadlines,
        CronTrigger(minute=5, timezone=UTC),
        "every hour at five past",
        "expires, starts and completes matches, brings in alternates, reminds those awaited",
    ),
    "send-mail": Job(
        run_send_mail,
        IntervalTrigger(seconds=20, timezone=UTC),
        "every 20 seconds",
        "sends what the outbox holds",
    ),
    "saved-searches": Job(
        search_jobs.run,
        CronTrigger(hour=4, minute=15, timezone=UTC),
        "daily 04:15 UTC",
        "writes to those whose saved searches find something new",
    ),
    "clean-up": Job(
        run_clean_up,
        CronTrigger(hour=3, minute=30, timezone=UTC),
        "daily 03:30 UTC",
        "deletes what nobody needs any longer, such as old failed sign-ins and files of matches long ended",
    ),
}


def run_job(name: str, say: Say) -> None:
    """Run a job now, inside an app context.

    Parameters
    ----------
    name
        Its name in `JOBS`.
    say
        Where it tells what it does.
    """
    JOBS[name].run(current_app.config["SETTINGS"], datetime.now(UTC), say)


def run_safely(app: Flask, name: str) -> None:
    """Run a job in the scheduler: a failure is logged and never stops the scheduler."""
    with app.app_context():
        try:
            run_job(name, partial(log.info, job=name))
        except Exception:
            db.session.rollback()
            log.exception("job failed", job=name)


def was_missed(now: datetime) -> bool:
    """Whether this week's round should have run by now and has not."""
    monday = (now - timedelta(days=now.weekday())).replace(hour=ROUND_HOUR, minute=0, second=0, microsecond=0)
    with reading():
        has_run = queries.of_week(matching.week_of(now)) is not None
        db.session.rollback()
    return now >= monday and not has_run


def build_scheduler(app: Flask, now: datetime) -> BackgroundScheduler:
    """Make the scheduler with all jobs, not started yet; what was missed runs as soon as it starts.

    One worker: jobs queue behind each other rather than fight for the database, and a late one still runs,
    once. Schedules live in this code, their state in our own tables, so nothing is stored here.
    """
    scheduler = BackgroundScheduler(
        timezone=UTC,
        executors={"default": ThreadPoolExecutor(1)},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    at_once = {"deadlines", "send-mail"} | ({"weekly-round"} if was_missed(now) else set())
    for name, job in JOBS.items():
        first = {"next_run_time": now} if name in at_once else {}
        scheduler.add_job(run_safely, job.trigger, args=(app, name), id=name, name=name, **first)
    scheduler.add_listener(_log_missed, EVENT_JOB_MISSED)
    return scheduler


def _log_missed(event: JobExecutionEvent) -> None:
    log.warning("job missed its time", job=event.job_id, scheduled=str(event.scheduled_run_time))


@commands.command("list")
def list_jobs() -> None:
    """List the jobs and their times."""
    for name, job in JOBS.items():
        click.echo(f"{name:14} {job.schedule:26} {job.purpose}")


@commands.command("run")
@click.argument("name", type=click.Choice(list(JOBS)))
def run_command(name: str) -> None:
    """Run one job now."""
    run_job(name, click.echo)


@commands.command("start")
def start() -> None:
    """Start the scheduler; it runs until it is told to stop (Ctrl-C or SIGTERM)."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    stop = threading.Event()

    def ask_to_stop(number: int, _frame: FrameType | None) -> None:
        # Asked a second time the process dies at once: every job survives that.
        signal.signal(number, signal.SIG_DFL)
        stop.set()

    with exclusive("scheduler") as held:
        if not held:
            raise click.ClickException("The scheduler already runs in another process.")
        signal.signal(signal.SIGTERM, ask_to_stop)
        signal.signal(signal.SIGINT, ask_to_stop)
        scheduler = build_scheduler(app, datetime.now(UTC))
        scheduler.start()
        click.echo("Scheduler started.")
        stop.wait()
        click.echo("Stopping; waiting for the job that is running.")
        scheduler.shutdown(wait=True)
    click.echo("Scheduler stopped.")


def init_app(app: Flask) -> None:
    """Attach the commands that run and start jobs."""
    app.cli.add_command(commands)
