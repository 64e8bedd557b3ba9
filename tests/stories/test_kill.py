"""Whoever is killed in the middle of a round or of sending leaves no half round and loses no mail."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import sqlalchemy as sa
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask
from flask_migrate import upgrade

from config import Settings
from tests import factories
from tests.conftest import make_settings
from tests.processes import job, kill, output_of, start, wait_for
from tests.smtp import MailServer
from tests.stories.round_that_stops import MOMENTS
from webapp import create_app
from webapp.access import Role
from webapp.db import db
from webapp.mail.models import OutboxMessage
from webapp.mail.outbox import promise
from webapp.mail.render import Mail
from webapp.matches.models import Alternate, Match, MatchEvent
from webapp.rounds.models import LeftOut, Round, RoundState

WRITTEN = (Round, Match, MatchEvent, Alternate, LeftOut, OutboxMessage)
TOLD = ("matches", "match_events", "outbox_messages")
# Two Vietnamese courses and one Portuguese: a match, an alternate, a course left out, and mail for four.
COMPLETE = {
    "rounds": 1,
    "matches": 1,
    "match_events": 1,
    "alternates": 2,
    "left_out_courses": 1,
    "outbox_messages": 4,
}


def n_rows(app: Flask) -> dict[str, int]:
    """How many rows each table a round writes to has."""
    with app.app_context():
        return {
            table.__tablename__: db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0
            for table in WRITTEN
        }


def fill(app: Flask) -> None:
    """Open three courses whose term lies ahead, on whatever day this runs."""
    begins = date.today() + timedelta(days=60)
    term = {"starts_on": begins, "ends_on": begins + timedelta(weeks=14)}
    about = {"description": "Rivers, floods and drinking water in growing cities.", "level": "bachelor", "students": 25}
    with app.app_context():
        hanoi, lisbon = factories.institution(), factories.institution("University of Lisbon", "PT")
        hue = factories.institution("Hue University", "VN")
        for email, at, title in (
            ("mai@hanu.example", hanoi, "Urban water"),
            ("ha@hue.example", hue, "Water in the city"),
            ("rui@ulisboa.example", lisbon, "Rivers and cities"),
        ):
            factories.course(factories.user(email, at=at), title, **term, **about)
        factories.user("coordinator@asem.example", Role.COORDINATOR)
        db.session.commit()


@contextmanager
def service(settings: Settings) -> Iterator[Flask]:
    """The app on a database of this test's, whose connections are closed at the end."""
    app = create_app(settings)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def kill_at_each_moment(app: Flask, settings: Settings, folder: Path, moments: list[str]) -> None:
    """Kill a round at each of these moments, and find one that nobody knows of each time."""
    for moment in moments:
        marker = folder / moment
        process = start(settings, "-m", "tests.stories.round_that_stops", moment, str(marker))
        try:
            wait_for(marker, process)
        finally:
            kill(process)
        found = n_rows(app)
        assert {table: found[table] for table in TOLD} == dict.fromkeys(TOLD, 0), moment
        with app.app_context():
            states = db.session.scalars(sa.select(Round.state)).all()
        assert states == [RoundState.COMPUTING if moment == "while_computing" else RoundState.DRAFT], moment


def run_two_at_once_and_one_more(app: Flask, settings: Settings) -> None:
    """Run the round in two processes at the same time, and once more afterwards: it happens once."""
    said = [output_of(process) for process in (job(settings, "weekly-round"), job(settings, "weekly-round"))]
    assert sum("published" in output for output in said) == 1, said
    assert sum("nothing was done" in output for output in said) == 1, said
    assert n_rows(app) == COMPLETE
    assert "has already run; nothing was done." in output_of(job(settings, "weekly-round"))
    assert n_rows(app) == COMPLETE


def test_a_round_killed_at_any_moment_tells_nobody_and_is_finished_once_afterwards(
    settings: Settings, tmp_path: Path
) -> None:
    with service(settings) as app:
        fill(app)
        kill_at_each_moment(app, settings, tmp_path, list(MOMENTS))
        run_two_at_once_and_one_more(app, settings)


def test_on_postgresql_too_a_killed_round_tells_nobody_and_is_finished_once_afterwards(
    postgres_url: str, tmp_path: Path
) -> None:
    settings = make_settings(tmp_path, database_url=postgres_url)
    with service(settings) as app:
        with app.app_context():
            upgrade()
            db.session.remove()
        fill(app)
        kill_at_each_moment(app, settings, tmp_path, ["while_computing", "before_publishing", "at_the_commit"])
        run_two_at_once_and_one_more(app, settings)


class HesitatingServer(MailServer):
    """A mail server that holds one message back, before it says that it takes it, until told otherwise."""

    def __init__(self, hold: str, marker: Path) -> None:
        super().__init__()
        self.hold = hold
        self.marker = marker

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Leave a sign and wait, as long as the message is to be held."""
        if self.hold in envelope.rcpt_tos:
            self.marker.touch()
            while self.hold in envelope.rcpt_tos:
                await asyncio.sleep(0.05)
        return await super().handle_DATA(server, session, envelope)


def count_by_id(messages: list[EmailMessage]) -> Counter[str]:
    """How often each Message-ID arrived."""
    return Counter(str(message["Message-ID"]) for message in messages)


def test_mail_whose_sender_is_killed_before_it_is_taken_arrives_exactly_once(
    settings: Settings, tmp_path: Path
) -> None:
    people = ["ana@up.example", "bo@kyoto.example", "chi@hue.example"]
    server = HesitatingServer("bo@kyoto.example", tmp_path / "holding")
    server.start()
    sending = server.settings(settings)
    now = datetime.now(UTC)
    try:
        with service(settings) as app:
            with app.app_context():
                for person in people:
                    promise(f"hello:{person}", Mail(person, "Hello", "Hello\n", "<p>Hello</p>"), now)
                db.session.commit()
            process = job(sending, "send-mail")
            try:
                wait_for(server.marker, process)
            finally:
                kill(process)
            assert [message["To"] for message in server.received] == people[:1]
            server.hold = "nobody"
            assert output_of(job(sending, "send-mail")) == "Messages sent: 2; to be tried again: 0.\n"
            assert output_of(job(sending, "send-mail")) == ""
            with app.app_context():
                assert all(db.session.scalars(sa.select(OutboxMessage.sent_at)))
    finally:
        server.stop()
    assert sorted(str(message["To"]) for message in server.received) == people
    assert set(count_by_id(server.received).values()) == {1}
