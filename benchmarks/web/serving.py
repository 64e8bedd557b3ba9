"""Web servers in processes of their own, and a browser without a screen that measures them."""

from __future__ import annotations

import http.client
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.cookies import SimpleCookie
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

import numpy as np

_THREADS = 4
_PATIENCE = 120.0


def free_port() -> int:
    """Find a port of this machine nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(factory: str, port: int, environment: Mapping[str, str]) -> Iterator[int]:
    """Run one web process, as the service is run, until it is no longer needed; gives its number."""
    command = [sys.executable, "-m", "waitress", f"--listen=127.0.0.1:{port}", f"--threads={_THREADS}"]
    process = subprocess.Popen([*command, "--call", factory], env={**os.environ, **environment})
    try:
        for _ in range(int(_PATIENCE * 4)):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.25)
        yield process.pid
    finally:
        process.terminate()
        process.wait(10)


def worked(process: int) -> float:
    """Processor seconds a process of this machine has used, where the system tells (Linux); NaN elsewhere."""
    about = Path(f"/proc/{process}/stat")
    if not about.exists():
        return float("nan")
    # After the name, which may hold anything: user and system time are the 12th and 13th.
    used = about.read_text(encoding="ascii").rpartition(")")[2].split()[11:13]
    return sum(map(int, used)) / os.sysconf("SC_CLK_TCK")


class Visitor:
    """A browser of one person: keeps its connection and its cookies, draws nothing."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("localhost", port, timeout=_PATIENCE)
        self._cookies: dict[str, str] = {}

    def ask(self, method: str, path: str, form: Mapping[str, str] | None = None) -> tuple[int, str, float]:
        """Send a request; gives the status, the text, and the seconds until all of it was there."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        body = None
        if form is not None:
            body, headers["Content-Type"] = urlencode(form), "application/x-www-form-urlencoded"
        begun = time.perf_counter()
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        text = answer.read().decode("utf-8")
        seconds = time.perf_counter() - begun
        for header in answer.headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(header).items():
                self._cookies[name] = morsel.value
        return answer.status, text, seconds

    def post(self, page: str, path: str, form: Mapping[str, str]) -> float:
        """Send a form with the token of a page.

        Raises
        ------
        RuntimeError
            When the answer is no redirect.
        """
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.ask("GET", page)[1])
        token = found.group(1) if found else ""
        status, text, seconds = self.ask("POST", path, {**form, "csrf_token": token})
        if status != 303:
            raise RuntimeError(f"{path} answered {status}: {text[:300]}")
        return seconds


def figures(seconds: Sequence[float]) -> tuple[float, float]:
    """Give median and 95th percentile in milliseconds."""
    return 1000 * median(seconds), 1000 * float(np.percentile(seconds, 95))
