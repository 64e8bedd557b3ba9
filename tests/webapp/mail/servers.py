"""Mail servers that misbehave, on real sockets: each test says what one of them does with each line it hears."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Thread

from config import Settings

Answer = Callable[[str], str | None]
"""From a line a client sent, its command in capitals (``DATA.`` for a whole message), to the answer; None to fall
silent for good."""

HANG_UP = "hang up"
"""The answer of a server that drops the line instead of answering."""
_USUAL = {"EHLO": "250 here", "DATA": "354 go on", "QUIT": "221 bye"}


class OddServer:
    """A server that takes mail as all do, except where its `answer` says otherwise.

    Parameters
    ----------
    answer
        What it says to a line; an empty text stands for what servers usually say.
    greeting
        Its first words; None when it says nothing.
    keeps
        Whether it keeps what it is told; otherwise it only counts what it takes.
    """

    def __init__(
        self, answer: Answer = lambda _line: "", greeting: str | None = "220 here", *, keeps: bool = True
    ) -> None:
        self.answer = answer
        self.greeting = greeting
        self.taken: list[str] = []
        self.got: list[str] = []
        """Every message that came whole, taken or not."""
        self.heard: list[str] = []
        self.n_taken = 0
        self.n_connections = 0
        self._keeps = keeps
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._lines: list[socket.socket] = []

    def settings(self, settings: Settings, timeout: float = 0.4) -> Settings:
        """The same settings with mail going here, and little patience."""
        port = self._socket.getsockname()[1]
        return settings.model_copy(
            update={"mail_host": "127.0.0.1", "mail_port": port, "mail_timeout_seconds": timeout}
        )

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                line, _ = self._socket.accept()
                self.n_connections += 1
                self._lines.append(line)
                Thread(target=self._talk, args=(line,), daemon=True).start()

    def _talk(self, line: socket.socket) -> None:
        with suppress(OSError):
            if self.greeting is None:
                return
            line.sendall(f"{self.greeting}\r\n".encode())
            words = line.makefile("r", encoding="utf-8", newline="\r\n")
            for raw in words:
                command, space, rest = raw.strip().partition(" ")
                said = command.upper() + space + rest
                if not self._reply(line, said):
                    return
                if said == "DATA":
                    message = "".join(iter(words.readline, ".\r\n"))
                    self.got += [message] if self._keeps else []
                    if not self._reply(line, "DATA.", message):
                        return

    def _reply(self, line: socket.socket, said: str, message: str = "") -> bool:
        self.heard += [said] if self._keeps else []
        answer = self.answer(said)
        if answer == HANG_UP:
            line.shutdown(socket.SHUT_RDWR)
        if answer is None or answer == HANG_UP:
            return False
        answer = answer or _USUAL.get(said.split(" ")[0], "250 taken")
        if message and answer.startswith("2"):
            self.n_taken += 1
            self.taken += [message] if self._keeps else []
        line.sendall(f"{answer}\r\n".encode())
        return not answer.startswith("421") and said != "QUIT"

    @contextmanager
    def running(self) -> Iterator["OddServer"]:
        """Listen as long as the block lasts."""
        Thread(target=self._listen, daemon=True).start()
        try:
            yield self
        finally:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)
            self._socket.close()
            for line in self._lines:
                line.close()

    def to(self, name: str) -> int:
        """How many messages were taken whose ``To`` begins with a name."""
        return sum(f"\nTo: {name}@" in message.replace("\r", "") for message in self.taken)
