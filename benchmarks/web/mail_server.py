"""A mail server in a process of its own that takes everything and keeps nothing.

    python -m benchmarks.web.mail_server

Prints its port, and when its input ends how many messages it took.
"""

from __future__ import annotations

import sys

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from benchmarks.web.serving import free_port


class Counter:
    """Counts the messages it is given."""

    def __init__(self) -> None:
        self.n_taken = 0

    async def handle_DATA(self, _server: SMTP, _session: Session, _envelope: Envelope) -> str:
        """Take a message."""
        self.n_taken += 1
        return "250 taken"


def main() -> None:
    """Serve until nobody holds our input open any longer."""
    counter = Counter()
    controller = Controller(counter, hostname="127.0.0.1", port=free_port())
    controller.start()
    print(controller.port, flush=True)
    sys.stdin.read()
    controller.stop()
    print(counter.n_taken, flush=True)


if __name__ == "__main__":
    main()
