"""The sentence model for many threads: one at a time, because its C code keeps state between calls."""

import threading
from collections.abc import Sequence
from typing import Any

from matcher.embedders import Embedder, TermEmbedder
from matcher.pairs import FloatArray

_lock = threading.Lock()


class OneAtATime:
    """An embedder that lets one thread in at a time.

    Parameters
    ----------
    embedder : Embedder
    """

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.version = embedder.version
        self.is_fallback = embedder.is_fallback
        self.dimension = embedder.dimension

    @classmethod
    def around(cls, embedder: Embedder) -> "OneAtATime":
        """Wrap an embedder, with its latent terms where it has such."""
        return _WithTerms(embedder) if isinstance(embedder, TermEmbedder) else cls(embedder)

    def embed(self, texts: Sequence[str]) -> FloatArray:
        """Return unit vectors, shape (n_texts, dimension)."""
        with _lock:
            return self._embedder.embed(texts)


class _WithTerms(OneAtATime):
    """One that also weighs latent terms."""

    def __init__(self, embedder: TermEmbedder) -> None:
        super().__init__(embedder)
        self._terms = embedder

    def terms(self, texts: Sequence[str]) -> Any:
        """Return weights of latent terms."""
        with _lock:
            return self._terms.terms(texts)
