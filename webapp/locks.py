"""One process at a time: a lock the operating system or PostgreSQL gives back when its holder dies."""

import fcntl
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from webapp.db import db


@contextmanager
def exclusive(name: str) -> Iterator[bool]:
    """Hold a named lock across all processes that share the database.

    An advisory lock on PostgreSQL, on a connection of its own; with SQLite a lock on a file beside the
    database. Both vanish with the process, so ``kill -9`` leaves nothing behind to clean up.

    Parameters
    ----------
    name
        What is locked, such as ``weekly-round``.

    Yields
    ------
    bool
        Whether the lock was had; False when another process holds it. Never waits.
    """
    if db.engine.dialect.name == "postgresql":
        key = zlib.crc32(f"causeway:{name}".encode())
        with db.engine.connect() as connection:
            connection = connection.execution_options(isolation_level="AUTOCOMMIT")
            held = bool(connection.scalar(sa.select(sa.func.pg_try_advisory_lock(key))))
            try:
                yield held
            finally:
                if held:
                    connection.execute(sa.select(sa.func.pg_advisory_unlock(key)))
        return
    path = Path(f"{db.engine.url.database}.{name}.lock")
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
