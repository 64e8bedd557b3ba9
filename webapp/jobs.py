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

from config import Settings
from webapp.accounts import browsers, institution_requests, invite_links, invite_reminders, invites, throttle
from webapp.conversations import queries as conversations
from webapp.db import db, reading
from webapp.directory import search_jobs
from webapp.errors import WrongStateError
from webapp.imports import queries as imports
from webapp.locks import exclusive
from webapp.mail import outbox
from webapp.matches import deadlines, plan_changes, reminder_jobs, settling_jobs
from webapp.matches.decisions import Limits
from webapp.offices import strangers
from webapp.profiles import drafts
from webapp.profiles import queries as profile_queries
from webapp.rounds import digest_queries, draft_jobs, matching
from webapp.rounds.draft_jobs import BUSY, run_weekly_round
from webapp.rounds.matching import ROUND_HOUR

log = structlog.get_logger()
commands = AppGroup("jobs", help="What runs by itself.")

Say = Callable[[str], None]
Run = Callable[[Settings, datetime, Say], None]


def run_deadlines(settings: Settings, now: datetime, say: Say) -> None:
    """Do what the clock does to matches: expire, start, complete, bring in alternates, remind; one commit for each."""
    limits = Limits(respond=settings.respond_days, approve=settings.approve_days)
    n_done = n_failed = 0
    with exclusive("deadlines") as held:
        if not held:
            say(BUSY)
            return
        # First: what needs nobody's yes any longer must not run out of time.
        n_settled = settling_jobs.run(now)
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
        n_plans = _follow_courses(now, limits)
        n_reminded = reminder_jobs.run(settings, now)
    say(f"Matches moved by the clock: {n_done}; failed: {n_failed}.")
    if n_settled:
        say(f"Matches that needed nobody's yes any longer: {n_settled}.")
    if n_plans:
        say(f"Plans that followed their courses: {n_plans}.")
    if n_reminded:
        say(f"Reminders promised: {n_reminded}.")


def _follow_courses(now: datetime, limits: Limits) -> int:
    """Bring every plan that offices look at up to date with its courses; one commit for each."""
    n_done = 0
    with reading():
        due = plan_changes.due()
        db.session.rollback()
    for match_id in due:
        try:
            n_done += plan_changes.follow_courses(match_id, now, limits) is not None
            db.session.commit()
        except WrongStateError:
            # Somebody acted at the same moment; the next run sees how it stands then.
            db.session.rollback()
        except Exception:
            db.session.rollback()
            log.exception("plan does not follow its courses", match_id=match_id)
    return n_done


def run_send_mail(settings: Settings, now: datetime, say: Say) -> None:
    """Send what the outbox holds, message by message; one sender at a time."""
    with exclusive("send-mail") as held:
        if not held:
            say(BUSY)
            return
        n_sent, n_failed = outbox.send_due(settings, now, say)
    if n_sent or n_failed:
        say(f"Messages sent: {n_sent}; to be tried again: {n_failed}.")


def run_invitations(_settings: Settings, now: datetime, say: Say) -> None:
    """Remind those who were invited to join and have not come, once."""
    n = invite_reminders.remind(now)
    db.session.commit()
    say(f"Reminders of invitations promised: {n}.")


def run_clean_up(settings: Settings, now: datetime, say: Say) -> None:
    """Delete what nobody needs any longer: each line names what and how many."""
    deleted = {
        "old sign-in attempts": throttle.forget_before(now - timedelta(minutes=settings.sign_in_pause_minutes)),
        "browsers signed out": browsers.forget_before(now),
        "old drafts of forms": profile_queries.forget_drafts(now - drafts.KEPT_FOR),
        "files of ended matches": conversations.forget_files(now - timedelta(days=settings.keep_files_days)),
        "old digests": digest_queries.forget_issues_before(now - timedelta(days=settings.keep_mail_days)),
        "texts of old mail": outbox.forget_sent_before(now - timedelta(days=settings.keep_mail_days)),
        "old requests for institutions": institution_requests.forget_before(now - institution_requests.KEPT_FOR),
        "people who never came": strangers.forget_before(now - timedelta(days=settings.keep_strangers_days), now),
        "old invitations to join": invites.forget_before(now - invites.KEPT_FOR),
        "uploaded files of courses": imports.forget_before(now - timedelta(days=1), now - invite_links.LIFE),
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
        "computes the week's round, publishes it and promises its digests, or leaves it to a coordinator as a draft",
    ),
    "rounds": Job(
        draft_jobs.run_asked_rounds,
        IntervalTrigger(seconds=10, timezone=UTC),
        "every 10 seconds",
        "promises the digests of published rounds, computes the rounds coordinators asked for, and goes on where a"
        " process died",
    ),
    "deadlines": Job(
        run_deadlines,
        CronTrigger(minute=5, timezone=UTC),
        "every hour at five past",
        "approves what needs nobody's yes any longer, expires, starts and completes matches, brings in alternates,"
        " lets plans follow their courses, reminds those awaited",
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
    "invitations": Job(
        run_invitations,
        CronTrigger(hour=8, minute=30, timezone=UTC),
        "daily 08:30 UTC",
        "reminds, once, those who were invited to join and have not come",
    ),
    "clean-up": Job(
        run_clean_up,
        CronTrigger(hour=3, minute=30, timezone=UTC),
        "daily 03:30 UTC",
        "deletes what nobody needs any longer, such as old failed sign-ins, files of ended matches, texts of old mail,"
        " people who never came",
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
    return now >= monday and draft_jobs.is_due(matching.week_of(now), current_app.config["SETTINGS"])


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
