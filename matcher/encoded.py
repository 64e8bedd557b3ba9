"""Profiles with what an encoder made of their texts, and how similar the texts of pairs are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy import sparse

from matcher.pairs import FloatArray, Pairs, Values
from matcher.profile import CourseProfile

# How much the meaning of the whole text, that of the title, and shared latent terms count.
WHOLE, TITLE, TERMS = 0.45, 0.2, 0.35
# A bare title carries less than a description; from this many words on a text is taken as it stands.
WORDS_FOR_CERTAINTY, CONFIDENCE_OF_A_TITLE = 25, 0.6


@dataclass(frozen=True)
class Vectors:
    """Centred unit vectors of whole texts and titles side by side, each times the root of its part in the
    blend, shape (n, 2 d); rows of weighted latent terms, of length 1, shape (n, 16384); and TF-IDF rows, shape
    (n, n_words), which only tell what words are shared. Without a model the TF-IDF rows are the terms."""

    dense: npt.NDArray[np.floating]
    terms: Any
    lexical: Any

    def __len__(self) -> int:
        return len(self.dense)

    def single(self, at: int) -> Vectors:
        """Return one row."""
        return Vectors(self.dense[at : at + 1], _single(self.terms, at), _single(self.lexical, at))


@dataclass(frozen=True)
class EncodedProfiles:
    """Profiles with what an encoder made of their texts, row by row.

    `hubness` (n,) is the mean similarity to the ten nearest reference texts; `fields` (n, n_narrow_fields)
    square roots of the probabilities of the narrow ISCED-F fields, zeros where nothing is guessed; `n_words`
    (n,); `usual_similarity` and `spread` are mean and standard deviation over pairs of the encoder's
    reference.
    """

    profiles: tuple[CourseProfile, ...]
    vectors: Vectors
    hubness: FloatArray
    fields: FloatArray
    n_words: npt.NDArray[np.int64]
    usual_similarity: float
    spread: float

    def __len__(self) -> int:
        return len(self.profiles)

    def single(self, at: int) -> EncodedProfiles:
        """Return one of the profiles."""
        one = slice(at, at + 1)
        return EncodedProfiles(
            self.profiles[one],
            self.vectors.single(at),
            self.hubness[one],
            self.fields[one],
            self.n_words[one],
            self.usual_similarity,
            self.spread,
        )

    def changed(self, at: npt.NDArray[np.int64], profiles: Sequence[CourseProfile]) -> EncodedProfiles:
        """Return some of the profiles with something changed that is no text, one for each position in ``at``."""
        vectors = self.vectors
        return EncodedProfiles(
            tuple(profiles),
            Vectors(vectors.dense[at], vectors.terms[at], vectors.lexical[at]),
            self.hubness[at],
            self.fields[at],
            self.n_words[at],
            self.usual_similarity,
            self.spread,
        )


def root_certainty(encoded: EncodedProfiles) -> npt.NDArray[np.float32]:
    """Return square roots of how much each text can be relied on, for the product over a pair; shape (n,)."""
    grown = np.minimum(encoded.n_words / WORDS_FOR_CERTAINTY, 1.0)
    return np.sqrt(CONFIDENCE_OF_A_TITLE + (1 - CONFIDENCE_OF_A_TITLE) * grown).astype(np.float32)


def _single(rows: Any, at: int) -> Any:
    """One row of a CSR array, put together by hand: scipy's own indexing takes ten times as long, and every
    explanation needs it."""
    part = slice(rows.indptr[at], rows.indptr[at + 1])
    starts = np.array([0, part.stop - part.start])
    return sparse.csr_array((rows.data[part], rows.indices[part], starts), shape=(1, rows.shape[1]))


Similarity: TypeAlias = Callable[[Pairs], Values]


def blend(left: Vectors, right: Vectors, pairs: Pairs) -> Values:
    """Return the similarity of texts before any correction, -1..1, of the shape of the pairs."""
    similarity = pairs.dot(left.dense, right.dense)
    similarity += TERMS * pairs.sparse_dot(left.terms, right.terms)
    return similarity


@dataclass(frozen=True)
class _Deviations:
    left: Vectors
    right: Vectors
    # What the hub corrections and the usual similarity take away, in deviations.
    off_left: FloatArray
    off_right: FloatArray
    scale: np.float32

    def __call__(self, pairs: Pairs) -> Values:
        similarity = blend(self.left, self.right, pairs)
        similarity *= self.scale
        similarity -= self.off_left[pairs.rows]
        similarity -= self.off_right[pairs.columns]
        return similarity


def prepare_similarity(left: EncodedProfiles, right: EncodedProfiles) -> Similarity:
    """Return the function that tells how similar the texts of pairs are, in deviations from the usual pair."""
    half = left.usual_similarity / 2
    return _Deviations(
        left.vectors,
        right.vectors,
        ((left.hubness + half) / left.spread).astype(np.float32),
        ((right.hubness + half) / left.spread).astype(np.float32),
        np.float32(2 / left.spread),
    )


def similarity(left: EncodedProfiles, right: EncodedProfiles) -> Values:
    """Return how similar the texts of all pairs are, in deviations from the usual pair, (n_left, n_right)."""
    return prepare_similarity(left, right)(Pairs.every(len(left), len(right)))
