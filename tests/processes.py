"""Real processes of the service on a test's own database, to be killed in the middle of their work."""

import os
import subprocess
import sys
import time
from pathlib import Path

from config import ROOT, Settings

PATIENCE = 180.0
"""Longest wait for a process on a busy machine (seconds)."""


def start(settings: Settings, *arguments: str) -> "subprocess.Popen[str]":
    """Start ``python`` with arguments; settings reach it through the environment, as in a real installation."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CAUSEWAY_")}
    environment |= {
        "CAUSEWAY_SECRET_KEY": settings.secret_key.get_secret_value(),
        "CAUSEWAY_DATABASE_URL": settings.database_url,
        "CAUSEWAY_CACHE_FOLDER": str(settings.cache_folder),
        "CAUSEWAY_PUBLIC_URL": settings.public_url,
        "CAUSEWAY_MAIL_HOST": settings.mail_host,
        "CAUSEWAY_MAIL_PORT": str(settings.mail_port),
        "FLASK_APP": "webapp",
        "PYTHONUNBUFFERED": "1",
    }
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def job(settings: Settings, name: str) -> "subprocess.Popen[str]":
    """Start ``flask jobs run NAME``."""
    return start(settings, "-m", "flask", "jobs", "run", name)


def output_of(process: "subprocess.Popen[str]") -> str:
    """Wait for a process to end well, and give all it said."""
    output, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, output
    return output


def wait_for(marker: Path, process: "subprocess.Popen[str]") -> None:
    """Wait until a process has left a file as the sign of how far it is."""
    until = time.monotonic() + PATIENCE
    while not marker.exists():
        assert process.poll() is None, process.communicate()[0]
        assert time.monotonic() < until, f"no sign of life at {marker.name}"
        time.sleep(0.02)


def kill(process: "subprocess.Popen[str]") -> None:
    """Kill a process as the power cut does (SIGKILL), and wait until it is gone."""
    process.kill()
    process.communicate(timeout=PATIENCE)
