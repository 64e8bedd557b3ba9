"""An embedder for markets too large to embed: vectors made of the real vectors of the phrases in a text.

The sentence model takes some 50 ms a text; 200,000 invented courses would take it hours. Their texts are put
together from some hundred phrases, so a text's vector is made of the model's own vectors of the phrases it
holds, plus a little noise that depends on the text alone. Topics, languages and clusters stay as they are with
real vectors; fine shades within a topic are noise. A stand-in for benchmarks, not for use.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy import sparse

from matcher.dataset_tables import phrases
from matcher.embedders import EmbeddingCache, SentenceModel, cache_key, delivered_vectors, embed
from matcher.latent_terms import embed_terms

# Length of the noise; texts of one topic then have cosines of some .95, as the model gives them.
NOISE = 0.2
# Phrases are found by how they begin; only phrases in Chinese characters or Hangul are shorter than this.
_BEGINNING, _SHORT_BEGINNING = 4, 2


class MadeVectors:
    """Vectors made of those of the phrases of `matcher.dataset_tables`.

    Parameters
    ----------
    cache : mutable mapping
        Where the phrases' real vectors are kept, for example a `FileCache`.
    """

    version = "made-of-phrases-2"
    is_fallback = False
    dimension = SentenceModel.dimension

    def __init__(self, cache: EmbeddingCache) -> None:
        self._model = SentenceModel()
        self._phrases = phrases()
        self._vectors = embed(self._phrases, self._model, cache)
        self._terms = embed_terms(self._phrases, self._model, cache)
        self._cache = cache
        self._beginning: dict[str, list[tuple[str, int]]] = {}
        for number, phrase in enumerate(self._phrases):
            folded = phrase.casefold()
            length = _BEGINNING if len(folded) >= _BEGINNING else _SHORT_BEGINNING
            self._beginning.setdefault(folded[:length], []).append((folded, number))

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Return unit vectors, shape (n_texts, 384); a text without a known phrase gets its real one."""
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        delivered = delivered_vectors()
        for row, text in enumerate(texts):
            real = delivered.get(cache_key(self._model.version, text))
            found = [] if real is not None else self._found(text.casefold())
            if real is None and not found:
                real = embed([text], self._model, self._cache)[0]
            if real is not None:
                vectors[row] = real
                continue
            made = self._vectors[found].mean(axis=0)
            vectors[row] = made / np.linalg.norm(made) + NOISE * _noise(text, self.dimension)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors

    def terms(self, texts: Sequence[str]) -> sparse.csr_array:
        """Return latent terms, shape (n_texts, 16384): those of the phrases of each text, added up."""
        found = [self._found(text.casefold()) for text in texts]
        held = np.concatenate([np.empty(0, dtype=np.int64), *(np.array(its, dtype=np.int64) for its in found)])
        starts = np.cumsum([0, *map(len, found)])
        made = sparse.csr_array((np.ones(len(held), np.float32), held, starts), shape=(len(texts), len(self._phrases)))
        rows = sparse.csr_array(made @ self._terms)
        unknown = [at for at, its in enumerate(found) if not its]
        if unknown:
            real = embed_terms([texts[at] for at in unknown], self._model, self._cache)
            place = sparse.csr_array(
                (np.ones(len(unknown), np.float32), (unknown, range(len(unknown)))), shape=(len(texts), len(unknown))
            )
            rows = sparse.csr_array(rows + place @ real)
        return rows

    def _found(self, text: str) -> list[int]:
        return [
            number
            for at in range(len(text) - 1)
            for length in (_BEGINNING, _SHORT_BEGINNING)
            for phrase, number in self._beginning.get(text[at : at + length], ())
            if text.startswith(phrase, at)
        ]


def _noise(text: str, dimension: int) -> npt.NDArray[np.float32]:
    """A unit vector that depends on the text alone."""
    seed = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")
    noise = np.random.default_rng(seed).standard_normal(dimension, dtype=np.float32)
    unit: npt.NDArray[np.float32] = noise / np.linalg.norm(noise)
    return unit
