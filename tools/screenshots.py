"""``make screenshots``: draw the pictures of the documentation again, from the demonstration data.

A temporary database gets the demonstration and one matching round; a real browser signs in as its people and
takes the pictures into ``docs/pictures``.
"""

import secrets
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade
from playwright.sync_api import Browser, sync_playwright
from waitress import create_server

import config
from tools.browser import FLAGS, find, open_prepared, sign_in_as
from webapp import create_app
from webapp.cli import load_demo, load_demo_talk
from webapp.db import db
from webapp.demo.people import COORDINATOR, PASSWORD
from webapp.jobs import run_job
from webapp.matches.lifecycle import State
from webapp.matches.models import Match

PICTURES = config.ROOT / "docs" / "pictures"
DESK = (1280, 900)
PHONE = (390, 844)


@dataclass(frozen=True)
class Picture:
    """One picture.

    Parameters
    ----------
    name
        Its file, without the ending.
    path
        The page.
    person
        Mail address of who is looking; empty for a stranger.
    size
        Width and height of the window (CSS pixels).
    scheme
        ``light`` or ``dark``.
    """

    name: str
    path: str
    person: str = ""
    size: tuple[int, int] = DESK
    scheme: str = "light"


def free_port() -> int:
    """Find a port of this machine nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def pictures(match: Match) -> list[Picture]:
    """List the pictures, around one match of the round."""
    lecturer = match.course_a.lecturer.email
    page = f"/matches/{match.id}"
    return [
        Picture("front", "/"),
        Picture("home", "/", lecturer),
        Picture("match", page, lecturer, (1280, 1500)),
        Picture("match-phone-dark", page, lecturer, PHONE, "dark"),
        Picture("directory", f"/directory?course={match.course_a_id}", lecturer),
        Picture("conversation", f"/matches/{match.id}/conversation", lecturer),
        Picture("course", f"/courses/{match.course_a_id}/edit", lecturer),
        Picture("round", f"/rounds/{match.round_id}", COORDINATOR),
    ]


@contextmanager
def demonstration(folder: Path) -> Iterator[tuple[str, list[Picture]]]:
    """Serve the demonstration from a folder; gives its address and the pictures to take."""
    with demonstrated(folder) as (address, app, match), app.app_context():
        wanted = pictures(db.session.get_one(Match, match))
        db.session.remove()
        yield address, wanted


@contextmanager
def demonstrated(folder: Path) -> Iterator[tuple[str, Flask, int]]:
    """Serve the demonstration from a folder; gives its address, the app, and the id of the match that fits best."""
    port = free_port()
    settings = config.Settings(
        secret_key=secrets.token_urlsafe(48),
        database_url=f"sqlite:///{folder / 'causeway.sqlite3'}",
        public_url=f"http://localhost:{port}",
    )
    app = create_app(settings)
    with app.app_context():
        upgrade()
        load_demo(print)
        run_job("weekly-round", print)
        load_demo_talk(print)
        waiting = sa.select(Match).where(Match.state == State.PROPOSED)
        best = db.session.scalars(waiting.order_by(Match.score.desc(), Match.id)).first()
        if best is None:
            raise RuntimeError("the round proposed no match to show")
        best_id = best.id
        db.session.remove()
    with serving(app, port):
        yield settings.public_url, app, best_id
    with app.app_context():
        db.engine.dispose()


@contextmanager
def serving(app: Flask, port: int) -> Iterator[None]:
    """Run the web server in a thread."""
    server = create_server(app, host="127.0.0.1", port=port, threads=4)

    def run() -> None:
        # Closing the server takes its socket away from under the loop, which ends it.
        with suppress(OSError):
            server.run()

    thread = Thread(target=run, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.close()
        thread.join(5)


def take(browser: Browser, address: str, picture: Picture) -> None:
    """Take one picture, signed in through the page if somebody is looking."""
    width, height = picture.size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if picture.scheme == "dark" else "light",
        locale="en-GB",
        reduced_motion="reduce",
    )
    page = context.new_page()
    if picture.person:
        sign_in_as(page, address, picture.person, PASSWORD)
    open_prepared(page, address + picture.path)
    page.screenshot(path=PICTURES / f"{picture.name}.png")
    context.close()


def main() -> None:
    """Take all pictures."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        demonstration(Path(folder)) as (address, wanted),
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=find(), args=FLAGS)
        for picture in wanted:
            take(browser, address, picture)
            print(f"docs/pictures/{picture.name}.png")
        browser.close()


if __name__ == "__main__":
    main()
