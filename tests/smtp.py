"""A real SMTP server on loopback that keeps what it is sent, and refuses what a test tells it to."""

import socket
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from config import Settings


def free_port() -> int:
    """Find a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class MailServer:
    """An SMTP server of the test's own.

    Attributes
    ----------
    received
        The messages it took, oldest first.
    refuse_recipient, refuse_content
        Address to the answer it gets, such as ``"450 mailbox busy"``, after RCPT and after DATA.
    hang_up_on
        Addresses at whose messages the server drops the line without a word.
    """

    def __init__(self) -> None:
        self.received: list[EmailMessage] = []
        self.refuse_recipient: dict[str, str] = {}
        self.refuse_content: dict[str, str] = {}
        self.hang_up_on: set[str] = set()
        self.n_connections = 0
        self.port = free_port()
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)

    async def handle_EHLO(
        self, server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """Count who comes."""
        session.host_name = hostname
        self.n_connections += 1
        return responses

    async def handle_RCPT(
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take or refuse an address."""
        if address in self.refuse_recipient:
            return self.refuse_recipient[address]
        if address in self.hang_up_on:
            assert server.transport is not None
            server.transport.abort()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        """Take or refuse a message."""
        for address in envelope.rcpt_tos:
            if address in self.refuse_content:
                return self.refuse_content[address]
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        self.received.append(message)
        return "250 OK"

    def start(self) -> None:
        """Begin to listen."""
        self._controller.start()

    def stop(self) -> None:
        """Listen no more."""
        self._controller.stop(no_assert=True)

    def to(self, address: str) -> list[EmailMessage]:
        """The messages to one address, oldest first."""
        return [message for message in self.received if message["To"] == address]

    def settings(self, settings: Settings) -> Settings:
        """The same settings, with mail going here."""
        return settings.model_copy(update={"mail_host": "127.0.0.1", "mail_port": self.port, "mail_timeout_seconds": 5})


def text_of(message: EmailMessage) -> str:
    """The plain text of a message, lines ended by a single line feed."""
    part = message.get_body(preferencelist=("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    """A mail server that runs as long as the test."""
    server = MailServer()
    server.start()
    yield server
    server.stop()
