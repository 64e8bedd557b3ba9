"""Vectors of texts kept in a file between runs, shared by processes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from contextlib import closing
from os import PathLike
from typing import Any

import numpy as np

from matcher.pairs import FloatArray

# SQLite takes some thousand values a statement.
_KEYS_A_QUERY = 900


class FileCache(MutableMapping[str, FloatArray]):
    """Vectors kept in an SQLite file, shared by processes.

    Parameters
    ----------
    path : path
        Created when it does not exist; its folder must exist.

    Raises
    ------
    sqlite3.Error
        If the file cannot be opened or is no database.
    """

    def __init__(self, path: str | PathLike[str]) -> None:
        self._path = path
        self._run("CREATE TABLE IF NOT EXISTS vectors (key TEXT PRIMARY KEY, vector BLOB NOT NULL)")

    def _run(self, statement: str, values: tuple[str | bytes, ...] = ()) -> list[tuple[Any, ...]]:
        # A connection each time: it may not be shared by threads, and opening one takes well under the
        # time of embedding one text.
        with closing(sqlite3.connect(self._path, timeout=30)) as connection, connection:
            return connection.execute(statement, values).fetchall()

    def __getitem__(self, key: str) -> FloatArray:
        rows = self._run("SELECT vector FROM vectors WHERE key = ?", (key,))
        if not rows:
            raise KeyError(key)
        return np.frombuffer(rows[0][0], dtype="<f2").astype(np.float32)

    def __setitem__(self, key: str, vector: FloatArray) -> None:
        blob = vector.astype("<f2").tobytes()
        self._run("INSERT OR REPLACE INTO vectors (key, vector) VALUES (?, ?)", (key, blob))

    def get_many(self, keys: Sequence[str]) -> dict[str, FloatArray]:
        """Return those of the keys that are kept, with their vectors; one connection for all."""
        found = {}
        with closing(sqlite3.connect(self._path, timeout=30)) as connection:
            for start in range(0, len(keys), _KEYS_A_QUERY):
                part = keys[start : start + _KEYS_A_QUERY]
                marks = ",".join("?" * len(part))
                query = f"SELECT key, vector FROM vectors WHERE key IN ({marks})"  # noqa: S608 - question marks only
                for key, blob in connection.execute(query, part):
                    found[key] = np.frombuffer(blob, dtype="<f2").astype(np.float32)
        return found

    def put_many(self, vectors: Mapping[str, FloatArray]) -> None:
        """Keep several vectors in one transaction."""
        rows = [(key, vector.astype("<f2").tobytes()) for key, vector in vectors.items()]
        with closing(sqlite3.connect(self._path, timeout=30)) as connection, connection:
            connection.executemany("INSERT OR REPLACE INTO vectors (key, vector) VALUES (?, ?)", rows)

    def __delitem__(self, key: str) -> None:
        self[key]
        self._run("DELETE FROM vectors WHERE key = ?", (key,))

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and bool(self._run("SELECT 1 FROM vectors WHERE key = ?", (key,)))

    def __iter__(self) -> Iterator[str]:
        return iter([key for (key,) in self._run("SELECT key FROM vectors ORDER BY key")])

    def __len__(self) -> int:
        return int(self._run("SELECT count(*) FROM vectors")[0][0])
