"""Locks between processes."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from flask import Flask

from config import ROOT, Settings
from webapp.locks import exclusive

HOLD_IT = """
import sys, time
from tests.conftest import make_settings
from pathlib import Path
from webapp import create_app
from webapp.locks import exclusive
with create_app(make_settings(Path(sys.argv[1]))).app_context(), exclusive("round") as held:
    print(held, flush=True)
    time.sleep(60)
"""


def test_a_second_holder_is_refused_at_once(context: Flask) -> None:
    with exclusive("round") as first, exclusive("round") as second:
        assert (first, second) == (True, False)


def test_locks_of_other_names_do_not_mind_each_other(context: Flask) -> None:
    with exclusive("round") as first, exclusive("mail") as second:
        assert (first, second) == (True, True)


def test_a_lock_given_back_can_be_had_again_even_after_an_error(context: Flask) -> None:
    try:
        with exclusive("round"):
            raise KeyError
    except KeyError:
        pass
    with exclusive("round") as held:
        assert held


def test_a_lock_vanishes_with_a_process_that_is_killed(context: Flask, settings: Settings, tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD_IT, str(tmp_path)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "True\n"
        with exclusive("round") as held:
            assert not held
        holder.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 5
    is_free = False
    while not is_free and time.monotonic() < deadline:
        with exclusive("round") as is_free:
            pass
    assert is_free
