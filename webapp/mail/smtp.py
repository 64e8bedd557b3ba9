"""Handing one message to the SMTP server."""

import smtplib
import ssl
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, parseaddr
from hashlib import sha256

from config import Settings
from webapp.mail.models import OutboxMessage


def build(message: OutboxMessage, settings: Settings) -> EmailMessage:
    """Turn a row of the outbox into a message.

    The Message-ID comes from the promise's key: should the machine die between the server's "accepted" and our
    note of it, the second copy carries the same id and mail systems drop it.

    Raises
    ------
    ValueError
        When a header holds a line break.
    """
    domain = parseaddr(settings.mail_sender)[1].rpartition("@")[2] or "localhost"
    mail = EmailMessage(policy=SMTP)
    mail["From"] = settings.mail_sender
    mail["To"] = message.to_address
    mail["Subject"] = message.subject
    mail["Date"] = formatdate(message.promised_at.timestamp())
    mail["Message-ID"] = f"<{sha256(message.key.encode()).hexdigest()[:32]}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    for name, value in message.headers.items():
        mail[name] = value
    mail.set_content(message.text)
    mail.add_alternative(message.html, subtype="html")
    return mail


def connect(settings: Settings) -> smtplib.SMTP:
    """Open a connection to the SMTP server, encrypted and signed in as the settings say.

    Raises
    ------
    OSError, smtplib.SMTPException
        When the server cannot be reached or refuses us.
    """
    server = smtplib.SMTP(settings.mail_host, settings.mail_port, timeout=settings.mail_timeout_seconds)
    if settings.mail_starttls:
        server.starttls(context=ssl.create_default_context())
    if settings.mail_user:
        server.login(settings.mail_user, settings.mail_password.get_secret_value())
    return server
