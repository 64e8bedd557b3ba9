"""The outbox: mail is promised in the transaction that causes it, and sent after that transaction is safe."""

import smtplib
from datetime import datetime, timedelta

import sqlalchemy as sa
import structlog

from config import Settings
from webapp.db import db, reading
from webapp.errors import WrongStateError
from webapp.mail.models import OutboxMessage
from webapp.mail.render import Mail
from webapp.mail.smtp import Line, MessageRefusedError, NoServerError, build

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)

log = structlog.get_logger()


def promise(key: str, mail: Mail, now: datetime) -> bool:
    """Promise a message inside the running transaction, once for each key.

    Parameters
    ----------
    key
        What is promised, such as ``digest:2026-W48:17``; at most 200 characters.
    mail
        The message.
    now
        The instant (aware).

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
            try_again_at=now,
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


def _next_due(now: datetime, after_id: int) -> OutboxMessage | None:
    return db.session.scalar(
        sa.select(OutboxMessage)
        .where(
            OutboxMessage.sent_at.is_(None),
            OutboxMessage.gave_up_at.is_(None),
            OutboxMessage.try_again_at <= now,
            OutboxMessage.id > after_id,
        )
        .order_by(OutboxMessage.id)
        .limit(1)
    )


def send_due(settings: Settings, now: datetime) -> tuple[int, int]:
    """Send what is due, row by row, each in a transaction of its own.

    Call it with the job lock held: one sender at a time is what keeps a message from going out twice.
    A message is marked as sent right after the server took it; a failure is written down and tried again
    later, so that one refused address delays nobody else. When the server cannot be reached at all, nothing is
    counted against the messages: they stay as they are until it answers.

    Parameters
    ----------
    settings
        Where and how to send.
    now
        The instant (aware); rows due by then are sent.

    Returns
    -------
    n_sent, n_failed : int
        Messages the server took, and messages that failed; 0, 1 when there is no server.
    """
    n_sent = n_failed = last_id = 0
    with Line(settings) as line:
        while True:
            # Read and let go: SQLite's write lock must not be held while a slow server talks to us.
            with reading():
                message = _next_due(now, last_id)
                if message is not None:
                    db.session.expunge(message)
                db.session.rollback()
            if message is None:
                return n_sent, n_failed
            last_id = message.id
            try:
                line.send(build(message, settings), message.to_address)
            except NoServerError as error:
                _note(last_id, last_error=str(error))
                log.error("no mail server", error=str(error))
                return n_sent, n_failed + 1
            except (MessageRefusedError, smtplib.SMTPException, OSError, ValueError) as error:
                _note_failure(message, error, settings, now)
                n_failed += 1
            else:
                _note(last_id, sent_at=now, last_error="", n_attempts=message.n_attempts + 1)
                n_sent += 1


def _note_failure(message: OutboxMessage, error: Exception, settings: Settings, now: datetime) -> None:
    n_attempts = message.n_attempts + 1
    # What is wrong in itself, or refused for good, does not become right by trying again.
    is_hopeless = isinstance(error, ValueError) or (isinstance(error, MessageRefusedError) and error.is_for_good)
    rests = is_hopeless or n_attempts >= settings.mail_max_attempts
    text = str(error) if isinstance(error, MessageRefusedError) else f"{type(error).__name__}: {error}"
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
