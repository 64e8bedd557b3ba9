"""Runs a contender in a fresh process and brings back its figures and its peak memory.

Imports nothing but the standard library: what the parent holds in memory would count for the child, and HiGHS
and OR-Tools cannot be loaded into one process.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

Figures = dict[str, Any]

_BYTES_OF_MAXRSS = 1 if sys.platform == "darwin" else 1024


class Stopwatch:
    """Seconds spent inside ``with`` blocks, in ``seconds``."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __enter__(self) -> Stopwatch:
        self._begun = time.perf_counter()
        return self

    def __exit__(self, *_: object) -> None:
        self.seconds += time.perf_counter() - self._begun


def peak_memory() -> int:
    """Bytes of this process at its largest, and of its largest child."""
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(resource.getrusage(one).ru_maxrss for one in who) * _BYTES_OF_MAXRSS


def answer(contender: Callable[..., Figures]) -> None:
    """In the child: call the contender with the JSON arguments of the command line, print its figures.

    A contender that does work outside its contest, such as judging others, puts ``memory`` in itself before.
    """
    figures = contender(**json.loads(sys.argv[1]))
    figures.setdefault("memory", peak_memory())
    print(json.dumps(figures))


def run_apart(module: str, patience: float | None = None, **arguments: Any) -> Figures:
    """In the parent: run ``python -m benchmarks.scaling.<module>``; {"failed": why} when it gives no figures.

    Parameters
    ----------
    patience : float, optional
        Seconds after which it is stopped.
    """
    command = [sys.executable, "-m", f"benchmarks.scaling.{module}", json.dumps(arguments)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=patience, check=False)
    except subprocess.TimeoutExpired:
        return {"failed": f"> {patience:.0f} s", "seconds": None}
    if done.returncode:
        last = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
        return {"failed": last[:200], "seconds": None}
    figures: Figures = json.loads(done.stdout.strip().splitlines()[-1])
    return figures
