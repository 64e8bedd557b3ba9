"""How long a round's digests take, and how much memory: published, promised, sent; 500 people and 5,000.

    python -m benchmarks.mail [--few N] [--many N] [--sqlite-only]

Each step runs in a process of its own, as it does in an installation: publishing is what a coordinator's request
waits for, promising and sending are jobs. Memory is how far the process grew over what it had before the step. The
longest writing transaction is how long others who want to write may have to wait on SQLite. Mail goes to an SMTP
server in another process that takes everything. On a machine that does other things as well, look at the computing.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask_migrate import upgrade

from benchmarks.web import readers
from config import Settings
from tests import postgres
from webapp import create_app
from webapp.db import db
from webapp.mail import outbox
from webapp.mail.models import OutboxMessage
from webapp.rounds import digest_jobs, draft_publishing
from webapp.rounds.models import Round

KEY = "a key for the benchmark that is long enough to be accepted"
STEPS = ("stage", "publish", "promise", "send")
LONG = timedelta(hours=1)
ROOM = 32.0
"""Megabytes by which sending many may grow more than sending few."""
_WRITES = ("INSERT", "UPDATE", "DELETE")


class Transactions:
    """Notes how long the longest transaction lasted that wrote anything, and how long one computed (seconds)."""

    def __init__(self, engine: sa.Engine) -> None:
        self.longest = 0.0
        self.busiest = 0.0
        self._began = 0.0
        self._busy = 0.0
        self._wrote = False
        sa.event.listen(engine, "begin", self._begin)
        sa.event.listen(engine, "before_cursor_execute", self._execute)
        sa.event.listen(engine, "commit", self._end)

    def _begin(self, _connection: object) -> None:
        self._began, self._busy, self._wrote = time.perf_counter(), time.process_time(), False

    def _execute(self, _connection: object, _cursor: object, statement: str, *_: object) -> None:
        self._wrote |= statement.lstrip().upper().startswith(_WRITES)

    def _end(self, _connection: object) -> None:
        if self._wrote:
            self.longest = max(self.longest, time.perf_counter() - self._began)
            self.busiest = max(self.busiest, time.process_time() - self._busy)


def megabytes() -> float:
    """The most memory this process ever had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def one_step(step: str, n: int, settings: Settings, now: datetime) -> dict[str, Any]:
    """Do one step in this process; what it took."""
    app = create_app(settings)
    said: list[str] = []
    with app.app_context():
        if step == "stage":
            upgrade()
            readers.stage(n, now)
            return {}
        seen = Transactions(db.engine)
        before, began, busy = megabytes(), time.perf_counter(), time.process_time()
        if step == "publish":
            draft_publishing.publish(db.session.query(Round).one(), now, settings)
            db.session.commit()
            done = db.session.query(Round).one().n_matches
        elif step == "promise":
            digest_jobs.run(now, said.append, LONG)
            done = db.session.query(OutboxMessage).count()
        else:
            done, n_failed = outbox.send_due(settings, now, said.append, LONG)
            if n_failed:
                raise RuntimeError(f"{n_failed} messages were not sent")
        seconds, computing = time.perf_counter() - began, time.process_time() - busy
    grown = megabytes() - before
    took = {"done": done, "seconds": seconds, "computing": computing, "megabytes": grown, "lines": len(said)}
    return took | {"longest": seen.longest, "busiest": seen.busiest}


def run_steps(n: int, url: str, folder: Path) -> dict[str, dict[str, Any]]:
    """Run all steps on an empty database, each in a process of its own."""
    server = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.web.mail_server"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert server.stdin is not None
    assert server.stdout is not None
    now = datetime.now(UTC)
    try:
        port = int(server.stdout.readline())
        environment = os.environ | {
            "CAUSEWAY_SECRET_KEY": KEY,
            "CAUSEWAY_DATABASE_URL": url,
            "CAUSEWAY_CACHE_FOLDER": str(folder / "cache"),
            "CAUSEWAY_MAIL_HOST": "127.0.0.1",
            "CAUSEWAY_MAIL_PORT": str(port),
        }
        took = {}
        for step in STEPS:
            command = [sys.executable, "-m", "benchmarks.mail", "--step", step, "--many", str(n), "--now", str(now)]
            output = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout
            took[step] = json.loads(output.splitlines()[-1])
        server.stdin.close()
        n_taken = int(server.stdout.readline())
        if n_taken != took["send"]["done"]:
            raise RuntimeError(f"{took['send']['done']} messages were sent and {n_taken} arrived")
    finally:
        server.kill()
        server.wait()
    return took


def show(name: str, took: dict[int, dict[str, dict[str, Any]]]) -> bool:
    """Print what each step took; whether sending many took no more memory than sending few."""
    heads = f"{'done':>8}{'time':>10}{'computing':>12}{'of it each':>12}{'longest write':>16}{'of it computing':>17}"
    print(f"\n{name}\n  {'':24}{heads}{'memory':>11}")
    for step in STEPS[1:]:
        for n, its in took.items():
            figures = its[step]
            each = 1000 * figures["computing"] / max(figures["done"], 1)
            print(
                f"  {step + f', {n:,} people':24}{figures['done']:8,}{figures['seconds']:8.1f} s"
                f"{figures['computing']:10.1f} s{each:9.1f} ms{1000 * figures['longest']:13.0f} ms"
                f"{1000 * figures['busiest']:14.0f} ms{figures['megabytes']:8.1f} MB"
            )
    few, many = (its["send"] for its in took.values())
    more, times = many["megabytes"] - few["megabytes"], many["done"] / few["done"]
    print(f"  sending {times:.0f} times as many took {more:+.1f} MB more; told how far it is: {many['lines']} times")
    return more <= ROOM


def main() -> int:
    """Run on both databases; 1 when sending many takes more memory than sending few."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mail", description=__doc__.partition("\n")[0])
    parser.add_argument("--few", type=int, default=500, help="people; default 500")
    parser.add_argument("--many", type=int, default=5000, help="people; default 5000")
    parser.add_argument("--sqlite-only", action="store_true", help="leave PostgreSQL out")
    parser.add_argument("--step", choices=STEPS, help=argparse.SUPPRESS)
    parser.add_argument("--now", type=datetime.fromisoformat, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.step:
        print(json.dumps(one_step(asked.step, asked.many, Settings(), asked.now)))
        return 0
    print(f"{os.cpu_count()} cores; a writing transaction is what others wait for on SQLite.")
    is_flat = True
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        sizes = (asked.few, asked.many)
        is_flat &= show("SQLite", {n: run_steps(n, f"sqlite:///{folder / f'{n}.sqlite3'}", folder) for n in sizes})
        if not asked.sqlite_only:
            server = stack.enter_context(postgres.server())
            urls = {n: stack.enter_context(postgres.database(server)) for n in sizes}
            is_flat &= show("PostgreSQL", {n: run_steps(n, url, folder) for n, url in urls.items()})
    print("\nsending stays flat" if is_flat else f"\nsending many grew by more than {ROOM:.0f} MB over sending few")
    return 0 if is_flat else 1


if __name__ == "__main__":
    raise SystemExit(main())
