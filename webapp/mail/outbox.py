"""The outbox: mail is promised in the transaction that causes it, and sent after that transaction is safe."""

import smtplib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa
import structlog

from config import Settings
from webapp.db import db, reading
from webapp.errors import WrongStateError
from webapp.mail.models import OutboxMessage
from webapp.mail.render import Mail
from webapp.mail.smtp import Line, LineBrokeError, MessageRefusedError, NoServerError, build

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
PAUSE_AFTER_BREAKS = timedelta(minutes=5)
"""How long messages wait whose lines broke one after the other."""
MOST_BREAKS = 3
"""Lines that break one after the other before a run stops: then it is the server, not the message."""
LONGEST_RUN = timedelta(seconds=60)
"""A slow server gets this long; then other jobs have their turn and the next run goes on."""
BULK = "digest:%"
"""Keys of mail that goes to everybody at once; what one person waits for goes first."""
TELL_EVERY = 100
TELL_AFTER_SECONDS = 10
_CHUNK = 200

Say = Callable[[str], None]

log = structlog.get_logger()


def promise(key: str, mail: Mail, now: datetime, not_before: datetime | None = None) -> bool:
    """Promise a message inside the running transaction, once for each key.

    Parameters
    ----------
    key
        What is promised, such as ``digest:2026-W48:17``; at most 200 characters.
    mail
        The message.
    now
        The instant (aware).
    not_before
        When it may go at the earliest (aware); None lets it go at once.

    Returns
    -------
    bool
        False when a message with this key was promised before; nothing is added then.
    """
    if db.session.scalar(sa.select(OutboxMessage.id).where(OutboxMessage.key == key)) is not None:
        return False
    db.session.add(
        OutboxMessage(
            key=key,
            to_address=mail.to_address,
            subject=mail.subject,
            text=mail.text,
            html=mail.html,
            headers=mail.headers,
            promised_at=now,
            try_again_at=not_before or now,
        )
    )
    return True


def pause_after(n_attempts: int) -> timedelta:
    """How long to wait after so many failures: doubled each time, six hours at most."""
    doublings = min(max(n_attempts - 1, 0), 10)
    return min(FIRST_PAUSE * (1 << doublings), LONGEST_PAUSE)


def try_again(message: OutboxMessage, now: datetime) -> None:
    """Put a message that failed back in the line, with all its tries before it.

    Raises
    ------
    WrongStateError
        When it was sent meanwhile.
    """
    if message.sent_at is not None:
        raise WrongStateError()
    message.n_attempts = 0
    message.gave_up_at = None
    message.try_again_at = now


def try_all_again(now: datetime) -> int:
    """Put every resting message back in the line.

    Returns
    -------
    int
        How many there were.
    """
    rests = sa.select(OutboxMessage).where(OutboxMessage.gave_up_at.is_not(None), OutboxMessage.sent_at.is_(None))
    messages = db.session.scalars(rests).all()
    for message in messages:
        try_again(message, now)
    return len(messages)


def forget_sent_before(instant: datetime) -> int:
    """Empty what was sent before an instant; the key stays, so that nothing is ever promised a second time.

    Returns
    -------
    int
        How many messages were emptied.
    """
    emptied = (
        sa.update(OutboxMessage)
        .where(OutboxMessage.sent_at < instant, OutboxMessage.to_address != "")
        .values(to_address="", subject="", text="", html="", headers={}, last_error="")
        .execution_options(synchronize_session=False)
    )
    return int(db.session.execute(emptied).rowcount)  # type: ignore[attr-defined]


def _is_due(now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        OutboxMessage.sent_at.is_(None),
        OutboxMessage.gave_up_at.is_(None),
        OutboxMessage.try_again_at <= now,
    )


def _due(now: datetime) -> Iterator[OutboxMessage]:
    """Give what is due, one row at a time: personal mail first, then what waits longest.

    Whoever takes a message notes what became of it before asking for the next: that is what ends this.
    """
    in_order = (
        sa.select(OutboxMessage.id)
        .where(*_is_due(now))
        .order_by(OutboxMessage.key.like(BULK), OutboxMessage.try_again_at, OutboxMessage.id)
        .limit(_CHUNK)
    )
    while True:
        # Read and let go: SQLite's write lock must not be held while a slow server talks to us.
        with reading():
            ids = db.session.scalars(in_order).all()
            db.session.rollback()
        if not ids:
            return
        for message_id in ids:
            with reading():
                message = db.session.get(OutboxMessage, message_id, populate_existing=True)
                if message is not None:
                    db.session.expunge(message)
                db.session.rollback()
            # Its account may have been closed meanwhile.
            if message is not None:
                yield message


@dataclass
class _Run:
    """One run of the sender: what it sent, what failed, and whom a broken line is to be blamed on."""

    settings: Settings
    now: datetime
    say: Say
    n_due: int
    n_sent: int = 0
    n_failed: int = 0
    broke: list[tuple[OutboxMessage, LineBrokeError]] = field(default_factory=list)
    """Messages whose lines broke since the server last answered anything."""
    began: float = field(default_factory=time.monotonic)
    told: float = field(default_factory=time.monotonic)

    def sent(self, message: OutboxMessage) -> None:
        """Note that the server took a message."""
        _note(message.id, sent_at=self.now, last_error="", n_attempts=message.n_attempts + 1)
        self.n_sent += 1
        self.blame_messages()

    def failed(self, message: OutboxMessage, error: Exception) -> None:
        """Note that a message cannot go, or was refused."""
        _note_failure(message, error, self.settings, self.now)
        self.n_failed += 1
        self.blame_messages()

    def line_broke(self, message: OutboxMessage, error: LineBrokeError) -> None:
        """Put a message aside whose line broke; the next ones show whether it or the server was the cause."""
        _note(message.id, last_error=str(error)[:2000], try_again_at=self.now + PAUSE_AFTER_BREAKS)
        self.broke.append((message, error))

    def blame_messages(self) -> None:
        """The server is well: lines that broke before broke because of their messages."""
        for message, error in self.broke:
            _note_failure(message, error, self.settings, self.now)
        self.n_failed += len(self.broke)
        self.broke.clear()

    def tell(self) -> None:
        """Say how far the run is, every hundred messages or every few seconds."""
        instant = time.monotonic()
        n_done = self.n_sent + self.n_failed
        if n_done and (n_done % TELL_EVERY == 0 or instant - self.told >= TELL_AFTER_SECONDS):
            self.told = instant
            self.say(f"Mail: {n_done} of {self.n_due} done, {self.n_sent} sent.")


def send_due(
    settings: Settings, now: datetime, say: Say = lambda _line: None, longest: timedelta = LONGEST_RUN
) -> tuple[int, int]:
    """Send what is due, row by row, each in a transaction of its own.

    Call it with the job lock held: one sender at a time is what keeps a message from going out twice.
    A message is marked as sent right after the server took it; a failure is written down and tried again
    later, so that one refused address delays nobody else. When the server cannot be reached at all, or breaks
    one line after the other, the run stops and nothing is counted against the messages.

    Parameters
    ----------
    settings
        Where and how to send.
    now
        The instant (aware); rows due by then are sent.
    say
        Where progress is told.
    longest
        After this long the run ends, and the next one goes on.

    Returns
    -------
    n_sent, n_failed : int
        Messages the server took, and messages that failed; one failed when there is no server.
    """
    with reading():
        n_due = db.session.scalar(sa.select(sa.func.count(OutboxMessage.id)).where(*_is_due(now))) or 0
        db.session.rollback()
    run = _Run(settings, now, say, n_due)
    with Line(settings) as line:
        for message in _due(now):
            try:
                line.send(build(message, settings), message.to_address)
            except NoServerError as error:
                _note(message.id, last_error=str(error)[:2000])
                log.error("no mail server", error=str(error))
                return run.n_sent, run.n_failed + len(run.broke) + 1
            except LineBrokeError as error:
                run.line_broke(message, error)
                if len(run.broke) == MOST_BREAKS:
                    log.error("mail server breaks its lines", error=str(error))
                    return run.n_sent, run.n_failed + MOST_BREAKS
            except (MessageRefusedError, smtplib.SMTPException, OSError, ValueError) as error:
                run.failed(message, error)
            else:
                run.sent(message)
            run.tell()
            if time.monotonic() - run.began > longest.total_seconds():
                say(f"Mail: {run.n_sent + run.n_failed} of {n_due} done; the next run goes on.")
                break
    run.blame_messages()
    return run.n_sent, run.n_failed


def _note_failure(message: OutboxMessage, error: Exception, settings: Settings, now: datetime) -> None:
    n_attempts = message.n_attempts + 1
    # What is wrong in itself, or refused for good, does not become right by trying again.
    is_hopeless = isinstance(error, ValueError) or (isinstance(error, MessageRefusedError) and error.is_for_good)
    rests = is_hopeless or n_attempts >= settings.mail_max_attempts
    speaks = isinstance(error, MessageRefusedError | LineBrokeError)
    text = str(error) if speaks else f"{type(error).__name__}: {error}"
    _note(
        message.id,
        n_attempts=n_attempts,
        last_error=text[:2000],
        try_again_at=now + pause_after(n_attempts),
        gave_up_at=now if rests else None,
    )
    log.warning("mail not sent", key=message.key, attempt=n_attempts, rests=rests, error=text[:200])


def _note(message_id: int, **values: object) -> None:
    db.session.execute(sa.update(OutboxMessage).where(OutboxMessage.id == message_id).values(**values))
    db.session.commit()
