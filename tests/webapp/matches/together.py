"""Several people who press a button at the same moment, on a database that they really use at once."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier

from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade

from config import Settings
from tests.webapp.matches.conftest import Scene, make_scene
from tests.webapp.matches.test_views import Ids, decide, seen
from webapp import create_app
from webapp.accounts.models import User
from webapp.db import db

Town = tuple[Flask, Ids, dict[str, FlaskClient]]


@contextmanager
def serve(settings: Settings, stage: Callable[[Scene], dict[str, User]]) -> Iterator[Town]:
    """Run the service with a scene that is brought where a test wants it; a browser of each person `stage` gives."""
    app = create_app(settings)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    with app.app_context():
        upgrade()
        scene = make_scene()
        keys = {name: person.get_id() for name, person in stage(scene).items()}
        db.session.commit()
        ids = Ids(scene.match.id, scene.match.version, {})
        db.session.remove()
    browsers = {name: app.test_client() for name in keys}
    for name, browser in browsers.items():
        with browser.session_transaction() as session:
            session["_user_id"] = keys[name]
    yield app, ids, browsers
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def at_once(*requests: Callable[[], tuple[int, str]]) -> list[tuple[int, str]]:
    """Send forms at the same moment."""
    barrier = Barrier(len(requests))

    def send(request: Callable[[], tuple[int, str]]) -> tuple[int, str]:
        barrier.wait(30)
        return request()

    with ThreadPoolExecutor(len(requests)) as pool:
        return list(pool.map(send, requests))


def ready(browser: FlaskClient, ids: Ids, action: str) -> Callable[[], tuple[int, str]]:
    """A decision ready to be sent, from a page that is open already."""
    shown = seen(browser, ids)
    return lambda: decide(browser, ids, action, seen=shown)
