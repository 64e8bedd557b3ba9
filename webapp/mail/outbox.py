"""The outbox: mail is promised in the transaction that causes it, and sent after that transaction is safe."""

import smtplib
from datetime import datetime, timedelta

import sqlalchemy as sa
import structlog

from config import Settings
from webapp.db import db
from webapp.mail.models import OutboxMessage
from webapp.mail.render import Mail
from webapp.mail.smtp import build, connect

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
    later, so that one refused address delays nobody else.

    Parameters
    ----------
    settings
        Where and how to send.
    now
        The instant (aware); rows due by then are sent.

    Returns
    -------
    n_sent, n_failed : int
    """
    n_sent = n_failed = 0
    server: smtplib.SMTP | None = None
    last_id = 0
    while (message := _next_due(now, last_id)) is not None:
        last_id = message.id
        # The write lock of SQLite must not be held while a slow server talks to us.
        db.session.rollback()
        message = db.session.get_one(OutboxMessage, last_id)
        outgoing = None
        try:
            outgoing = build(message, settings)
            receiver = message.to_address
            db.session.rollback()
            server = server or connect(settings)
            server.send_message(outgoing, to_addrs=[receiver])
        except (OSError, smtplib.SMTPException, ValueError) as error:
            db.session.rollback()
            message = db.session.get_one(OutboxMessage, last_id)
            message.n_attempts += 1
            message.last_error = f"{type(error).__name__}: {error}"[:2000]
            message.try_again_at = now + pause_after(message.n_attempts)
            if message.n_attempts >= settings.mail_max_attempts:
                message.gave_up_at = now
            db.session.commit()
            n_failed += 1
            log.warning("mail not sent", key=message.key, attempt=message.n_attempts, error=message.last_error)
            server = None
            if outgoing is not None and isinstance(error, OSError) and not isinstance(error, smtplib.SMTPException):
                # Nobody listens: trying the rest now would only wait as long again for each of them.
                break
        else:
            message = db.session.get_one(OutboxMessage, last_id)
            message.n_attempts += 1
            message.sent_at = now
            message.last_error = ""
            db.session.commit()
            n_sent += 1
    if server is not None:
        server.close()
    db.session.rollback()
    return n_sent, n_failed
