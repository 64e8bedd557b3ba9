"""Fixtures every test may use: settings, an app on a migrated database, a client, people to sign in as."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest
from flask import Flask, before_render_template, template_rendered
from flask.testing import FlaskClient
from flask_migrate import upgrade
from jinja2 import BytecodeCache, Template
from jinja2.bccache import Bucket
from playwright.sync_api import Browser, expect
from sqlalchemy import event
from sqlalchemy.engine import URL, Dialect, Engine
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule
from xdist.scheduler import LoadScopeScheduling

from config import Settings
from tests import factories, postgres
from tests.live import chromium
from tests.passwords import cheap_hashes  # noqa: F401
from tests.smtp import mail_server  # noqa: F401
from webapp import create_app
from webapp.db import db

MOST_STATEMENTS = 5000
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
"""A Monday morning, in ISO week 2026-W48."""


class FilesTogether(LoadScopeScheduling):
    """Tests of a file that prepares something for all of them run in one process; all others where there is room.

    Marks of groups do not do it: what pytest-xdist 3.8 makes of them, pytest 9.2 does not read.
    """

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        return path if prepares_for_all(path) else nodeid


@cache
def prepares_for_all(path: str) -> bool:
    """Whether a file of tests has a fixture that is made once for the file."""
    return 'scope="module"' in Path(path).read_text()


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> FilesTogether:
    """Share the tests among processes."""
    return FilesTogether(config, log)


class Compiled(BytecodeCache):
    """Compiled templates of one process; jinja looks at their sources' fingerprints by itself."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give back what was compiled before, if anything."""
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self._kept[bucket.key] = bucket.bytecode_to_string()


@pytest.fixture(scope="session", autouse=True)
def compiled_once() -> Iterator[None]:
    """Every test makes an app of its own: what is compiled for the routes and templates of one serves for all.

    What werkzeug makes of a rule's text knows nothing of the rule; the builders are bound to it afterwards.
    """
    compiled: dict[tuple[Any, ...], tuple[list[Any], list[Any], dict[str, Any], set[str], Any, Any]] = {}
    compile_rule = Rule.compile

    def compile_once(rule: Rule) -> None:
        key = (rule.rule, rule.subdomain, repr(rule.defaults), rule.merge_slashes)
        if key not in compiled:
            compile_rule(rule)
            builders = (rule._build.__func__, rule._build_unknown.__func__)  # type: ignore[attr-defined]
            compiled[key] = (rule._parts, rule._trace, rule._converters, rule.arguments, *builders)
            return
        rule._parts, rule._trace, rule._converters, arguments, build, build_unknown = compiled[key]
        rule.arguments = set(arguments)
        rule._build, rule._build_unknown = build.__get__(rule, None), build_unknown.__get__(rule, None)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "compile", compile_once)
        patch.setattr(Flask, "jinja_options", {**Flask.jinja_options, "bytecode_cache": Compiled()})
        yield


@pytest.fixture(scope="session", autouse=True)
def statements_compiled_once() -> Iterator[None]:
    """Engines of one kind of database share the statements they compile: each test has an engine of its own.

    SQLAlchemy keeps compiled statements by engine and finds them by dialect, so dialects of one kind count as one.
    """
    kept: dict[type[Dialect], Any] = {}

    def share(kind: type[Dialect], engine: Engine) -> None:
        engine._compiled_cache = kept.setdefault(kind, LRUCache(MOST_STATEMENTS))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DefaultDialect, "engine_created", classmethod(share))
        patch.setattr(DefaultDialect, "__eq__", lambda one, other: type(one) is type(other))
        patch.setattr(DefaultDialect, "__hash__", lambda one: hash(type(one)))
        yield


def make_settings(folder: Path, **changes: Any) -> Settings:
    """Settings for a test: an SQLite file in a folder of its own, nothing read from the environment."""
    values: dict[str, Any] = {
        "secret_key": "a key for tests that is long enough to be accepted",
        "database_url": f"sqlite:///{folder / 'test.sqlite3'}",
        "public_url": "http://localhost",
        "cache_folder": folder / "cache",
    }
    return Settings(**(values | changes))


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite database with every migration applied, made once and copied for each test."""
    folder = tmp_path_factory.mktemp("migrated")
    app = create_app(make_settings(folder))
    with app.app_context():
        upgrade()
        db.session.remove()
        db.engine.dispose()
    return folder / "test.sqlite3"


@pytest.fixture
def settings(tmp_path: Path, migrated_file: Path) -> Settings:
    """The settings of this test's app, with a fresh migrated database."""
    copyfile(migrated_file, tmp_path / "test.sqlite3")
    return make_settings(tmp_path)


@contextmanager
def no_query_while_rendering(app: Flask) -> Iterator[None]:
    """Fail whatever page or mail asks the database for something while its template renders."""
    rendering: list[str] = []

    def starts(_app: Flask, template: Template, **_: Any) -> None:
        rendering.append(str(template.name))

    def ends(_app: Flask, **_: Any) -> None:
        rendering.clear()

    def refuse(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if rendering:
            template = rendering[-1]
            rendering.clear()
            pytest.fail(f"{template} asks the database while it renders: {statement[:300]}")

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", refuse)
    with before_render_template.connected_to(starts, app), template_rendered.connected_to(ends, app):
        yield
    event.remove(engine, "before_cursor_execute", refuse)


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The whole service. Open an app context only around database work, never around a request of the client:
    an open context carries one request's person into the next."""
    app = create_app(settings)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    with no_query_while_rendering(app):
        yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def context(app: Flask) -> Iterator[Flask]:
    """An app context for tests of rules and queries; not to be mixed with the client."""
    with app.app_context():
        yield app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A stranger's browser."""
    return app.test_client()


@pytest.fixture
def sign_in(app: Flask) -> Callable[[int], FlaskClient]:
    """Give a browser in which a person (by id) is signed in."""

    def _sign_in(user_id: int) -> FlaskClient:
        client = app.test_client()
        with app.app_context():
            key = factories.session_key(user_id)
        with client.session_transaction() as session:
            session["_user_id"] = key
            session["_fresh"] = True
        return client

    return _sign_in


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of a process: Playwright bears no second one beside it."""
    # A busy machine draws a long page slowly.
    expect.set_options(timeout=30_000)
    with chromium() as running:
        yield running
    expect.set_options(timeout=5_000)


@pytest.fixture
def now() -> datetime:
    """The instant at which tests happen."""
    return NOW


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[URL]:
    """A running PostgreSQL, for the tests that ask for one."""
    with postgres.server() as address:
        yield address


@pytest.fixture
def postgres_url(postgres_server: URL) -> Iterator[str]:
    """An empty PostgreSQL database of this test's own."""
    with postgres.database(postgres_server) as url:
        yield url
