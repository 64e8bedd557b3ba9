"""``make run``: the whole service on this machine, with demonstration data and a mail catcher.

Prepares the database, starts the web server, the scheduler and the mail catcher as processes of their own,
says where everything is, and stops all of them on Ctrl-C.
"""

import argparse
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from flask_migrate import upgrade

import config
from tools.demo_sign_ins import print_sign_ins
from webapp import create_app
from webapp.cli import load_demo, load_demo_talk
from webapp.jobs import run_job

VAR = config.ROOT / "var"
BIN = Path(sys.executable).parent


def free(port: int) -> bool:
    """Tell whether nobody listens on a port of this machine."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def secret_key() -> str:
    """The key of this folder's installation, made at the first run and kept readable by its owner only."""
    path = VAR / "secret_key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48), encoding="utf-8")
    return path.read_text(encoding="utf-8")


def environment(ports: dict[str, int]) -> dict[str, str]:
    """The settings of the demonstration; what the caller has set in the environment comes first."""
    defaults = {
        "CAUSEWAY_SECRET_KEY": secret_key(),
        "CAUSEWAY_DATABASE_URL": f"sqlite:///{VAR / 'causeway.sqlite3'}",
        "CAUSEWAY_PUBLIC_URL": f"http://localhost:{ports['web']}",
        "CAUSEWAY_MAIL_HOST": "127.0.0.1",
        "CAUSEWAY_MAIL_PORT": str(ports["smtp"]),
        "CAUSEWAY_CACHE_FOLDER": str(VAR / "cache"),
        "FLASK_APP": "webapp",
    }
    return defaults | {name: value for name, value in os.environ.items() if name.startswith("CAUSEWAY_")}


def prepare() -> None:
    """Migrate the database, load the demonstration data and run this week's round; each only once."""
    app = create_app()
    with app.app_context():
        upgrade()
        load_demo(print)
        run_job("weekly-round", print)
        load_demo_talk(print)
        print_sign_ins(app)


def commands(ports: dict[str, int]) -> dict[str, list[str]]:
    """The processes, by name."""
    python = sys.executable
    return {
        "mail": [str(BIN / "maildump"), "-f", "--no-quit", "--smtp-port", str(ports["smtp"]),
                 "--http-port", str(ports["mail"]), "--db", str(VAR / "mail.sqlite3")],
        "web": [python, "-m", "waitress", f"--listen=127.0.0.1:{ports['web']}", "--threads=8",
                "--call", "webapp:create_app"],
        "scheduler": [python, "-m", "flask", "jobs", "start"],
    }  # fmt: skip


def start(ports: dict[str, int]) -> dict[str, subprocess.Popen[bytes]]:
    """Start every process, each with a log of its own in ``var/``, out of reach of our terminal's Ctrl-C."""
    running = {}
    for name, command in commands(ports).items():
        with (VAR / f"{name}.log").open("ab") as log:
            running[name] = subprocess.Popen(  # noqa: S603
                command, stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, start_new_session=True
            )
    return running


def stop(running: dict[str, subprocess.Popen[bytes]]) -> None:
    """Ask every process to end, and insist after ten seconds."""
    for process in running.values():
        process.terminate()
    for process in running.values():
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()


def fallen(running: dict[str, subprocess.Popen[bytes]]) -> str | None:
    """Name a process that ended by itself."""
    return next((name for name, process in running.items() if process.poll() is not None), None)


def wait_until_it_answers(url: str, running: dict[str, subprocess.Popen[bytes]]) -> None:
    """Wait for the web server's health check, for a minute at most."""
    for _ in range(240):
        if fallen(running):
            return
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=2):  # noqa: S310
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.25)


def parse_arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="make run", description=__doc__)
    parser.add_argument("--fresh", action="store_true", help="throw the demonstration data away first")
    return parser.parse_args()


def main() -> int:
    """Run until Ctrl-C; 0 when asked to stop, 1 when something ended by itself."""
    ports = {
        "web": int(os.environ.get("PORT", "8000")),
        "smtp": int(os.environ.get("SMTP_PORT", "1025")),
        "mail": int(os.environ.get("MAIL_PORT", "1080")),
    }
    for name, port in ports.items():
        if not free(port):
            variable = {"web": "PORT", "smtp": "SMTP_PORT", "mail": "MAIL_PORT"}[name]
            print(f"Port {port} is taken. Stop what uses it, or choose another: make run {variable}={port + 1}")
            return 1
    if parse_arguments().fresh:
        shutil.rmtree(VAR, ignore_errors=True)
    VAR.mkdir(exist_ok=True)
    os.environ.update(environment(ports))
    # Set both: a shell that starts us in the background has Ctrl-C ignored for us.
    for wish_to_stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(wish_to_stop, signal.default_int_handler)
    try:
        prepare()
    except KeyboardInterrupt:
        return 0
    running = start(ports)
    try:
        url = os.environ["CAUSEWAY_PUBLIC_URL"]
        wait_until_it_answers(url, running)
        print(f"\nCauseway   {url}\nMail       http://localhost:{ports['mail']}   (everything the service sends)")
        print(f"Logs       {VAR.relative_to(config.ROOT)}/*.log\nCtrl-C stops everything.", flush=True)
        while (ended := fallen(running)) is None:
            time.sleep(0.5)
        print(f"\nThe {ended} process ended by itself; the end of var/{ended}.log:")
        print("\n".join((VAR / f"{ended}.log").read_text(errors="replace").splitlines()[-15:]))
    except KeyboardInterrupt:
        print("\nStopping ...")
        return 0
    else:
        return 1
    finally:
        stop(running)


if __name__ == "__main__":
    sys.exit(main())
