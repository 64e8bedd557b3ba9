"""Handing messages to the SMTP server."""

import contextlib
import smtplib
import ssl
from email.charset import QP, Charset
from email.header import Header
from email.message import Message
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import formataddr, formatdate, parseaddr
from hashlib import sha256
from types import TracebackType
from typing import Self

from config import Settings
from webapp.mail.models import OutboxMessage

UTF8 = Charset("utf-8")
# Text stays readable in the source of the message, and lines stay short.
UTF8.body_encoding = QP
_CLOSING = 421
_TOO_LARGE = 552


class NoServerError(Exception):
    """The mail server cannot be reached, or does not want to talk to us at all."""


class LineBrokeError(Exception):
    """The line broke, or the server fell silent, over one message; whether it was taken is not known."""


class MessageRefusedError(Exception):
    """The server refused this one message; others may go through.

    Parameters
    ----------
    code
        SMTP reply code; 5xx means for good.
    text
        What the server said.
    """

    def __init__(self, code: int, text: str) -> None:
        super().__init__(f"{code} {text}")
        self.is_for_good = 500 <= code < 600


def build(message: OutboxMessage, settings: Settings) -> Message:
    """Turn a row of the outbox into a message.

    The Message-ID comes from the promise's key: should the machine die between the server's "accepted" and our
    note of it, the second copy carries the same id and mail systems drop it.

    Built with the older classes of the standard library on purpose: `EmailMessage` loses spaces when it folds a
    long subject that is not ASCII, and wraps long addresses in ``List-Unsubscribe`` beyond recognition.

    Raises
    ------
    ValueError
        When a header holds a line break.
    """
    name, address = parseaddr(settings.mail_sender)
    domain = address.rpartition("@")[2] or "localhost"
    mail = MIMEMultipart("alternative")
    headers = {
        "From": formataddr((name, address)),
        "To": message.to_address,
        "Subject": message.subject,
        "Date": formatdate(message.promised_at.timestamp()),
        "Message-ID": f"<{sha256(message.key.encode()).hexdigest()[:32]}@{domain}>",
        "Auto-Submitted": "auto-generated",
    } | {field: value or "" for field, value in message.headers.items()}
    for field, value in headers.items():
        if len(value.splitlines()) > 1 or "\n" in value or "\r" in value:
            raise ValueError(f"line break in the header {field}")
        mail[field] = value if value.isascii() else Header(value, "utf-8", header_name=field).encode()
    for text, kind in ((message.text, "plain"), (message.html, "html")):
        # The type stubs of MIMEText know only the name of a character set, not the set itself.
        mail.attach(MIMEText(text, kind, UTF8))  # type: ignore[arg-type]
    return mail


def connect(settings: Settings) -> smtplib.SMTP:
    """Open a connection to the SMTP server, encrypted and signed in as the settings say.

    Raises
    ------
    OSError, smtplib.SMTPException
        When the server cannot be reached or refuses us.
    """
    server = smtplib.SMTP(settings.mail_host, settings.mail_port, timeout=settings.mail_timeout_seconds)
    try:
        server.ehlo_or_helo_if_needed()
        if settings.mail_starttls:
            server.starttls(context=ssl.create_default_context())
        if settings.mail_user:
            server.login(settings.mail_user, settings.mail_password.get_secret_value())
    except BaseException:
        server.close()
        raise
    return server


class Line:
    """A line to the mail server: opened for the first message, opened again when it broke, closed at the end.

    Parameters
    ----------
    settings
        Where the server is and how to talk to it.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._server: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None and error is None:
            with contextlib.suppress(OSError):
                self._server.quit()
        self._hang_up()

    def send(self, mail: Message, to_address: str) -> None:
        """Hand over one message.

        Raises
        ------
        NoServerError
            When there is no server to talk to, or it does not take mail from us.
        MessageRefusedError
            When the server refuses this message; the line stays open for the next.
        LineBrokeError
            When the line broke, or no answer came in time, in the middle of this message.
        """
        if self._server is None:
            try:
                self._server = connect(self._settings)
            except OSError as error:  # smtplib's own errors are OSErrors too
                raise NoServerError(f"{type(error).__name__}: {error}") from error
        try:
            self._server.send_message(mail, to_addrs=[to_address])
        except smtplib.SMTPSenderRefused as error:
            raise _judged(error.smtp_code, error.smtp_error, of_sender=True) from error
        except smtplib.SMTPRecipientsRefused as error:
            raise _judged(*error.recipients[to_address]) from error
        except smtplib.SMTPDataError as error:
            raise _judged(error.smtp_code, error.smtp_error) from error
        except smtplib.SMTPNotSupportedError:
            raise
        except OSError as error:
            self._hang_up()
            raise LineBrokeError(f"{type(error).__name__}: {error}") from error
        finally:
            # After a 421 smtplib itself hangs up.
            if self._server is not None and self._server.sock is None:
                self._hang_up()

    def _hang_up(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None


def _judged(code: int, answer: bytes | str, *, of_sender: bool = False) -> Exception:
    """Tell what a refusal means: the line is closed, the server wants no mail from us, or only this message."""
    text = _readable(answer)
    if code == _CLOSING:
        return LineBrokeError(f"{code} {text}")
    # A message too large is refused with its sender.
    if of_sender and code != _TOO_LARGE:
        return NoServerError(f"{code} {text}")
    return MessageRefusedError(code, text)


def _readable(answer: bytes | str) -> str:
    return answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
