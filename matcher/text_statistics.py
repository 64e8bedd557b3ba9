"""What an encoder has learnt of a catalogue: all that is needed to give a pair the same score again later."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from matcher.encoded import Vectors
from matcher.pairs import FloatArray

_OVERALL = ""


def new_vectorizer(terms: Mapping[str, int] | None = None) -> TfidfVectorizer:
    """Return the weighting of words: sublinear TF-IDF of words and word pairs, rows of length 1.

    Parameters
    ----------
    terms : Mapping, optional
        Column of each term, where the terms are known already.
    """
    return TfidfVectorizer(
        sublinear_tf=True, ngram_range=(1, 2), strip_accents="unicode", dtype=np.float32, vocabulary=terms
    )


@dataclass(frozen=True)
class TextStatistics:
    """Statistics of a catalogue.

    Parameters
    ----------
    version : str
        Of the embedder whose vectors they belong to.
    means : Mapping of language to ndarray, shape (3, d)
        Means of whole texts, titles and bare titles as put to the model; key "" holds those of all languages.
    weights : Mapping of language to ndarray, shape (16384,)
        Weights of latent terms; key "" holds those of all languages; empty without a model.
    vectorizer : TfidfVectorizer
        Fitted.
    reference : Vectors
        Of up to 1,000 texts, by which hubs are told.
    usual_similarity, spread : float
        Mean and standard deviation of the corrected similarity over pairs of reference texts.
    """

    version: str
    means: Mapping[str, FloatArray]
    weights: Mapping[str, FloatArray]
    vectorizer: TfidfVectorizer
    reference: Vectors
    usual_similarity: float
    spread: float

    def to_bytes(self) -> bytes:
        """Return the statistics as a compressed NumPy archive, to be kept with a round."""
        lexical = sparse.csr_array(self.reference.lexical)
        term_rows = sparse.csr_array(self.reference.terms)
        file = io.BytesIO()
        np.savez_compressed(
            file,
            version=np.array(self.version),
            languages=np.array(list(self.means)),
            means=np.stack(list(self.means.values())),
            terms=self.vectorizer.get_feature_names_out().astype(str),
            idf=self.vectorizer.idf_,
            dense=self.reference.dense,
            lexical_data=lexical.data,
            lexical_indices=lexical.indices,
            lexical_indptr=lexical.indptr,
            weight_languages=np.array(list(self.weights), dtype=str),
            weights=np.stack([*self.weights.values()]) if self.weights else np.empty((0, 0), np.float32),
            terms_data=term_rows.data,
            terms_indices=term_rows.indices,
            terms_indptr=term_rows.indptr,
            n_latent_terms=np.array(term_rows.shape[1]),
            yardstick=np.array([self.usual_similarity, self.spread]),
        )
        return file.getvalue()

    @classmethod
    def from_bytes(cls, stored: bytes) -> TextStatistics:
        """Read what `to_bytes` wrote.

        Raises
        ------
        ValueError
            If it is no such archive.
        """
        try:
            table: Any = np.load(io.BytesIO(stored), allow_pickle=False)
            terms = table["terms"].tolist()
        except (OSError, KeyError, EOFError, ValueError) as error:
            raise ValueError(f"these are no stored text statistics: {error}") from None
        vectorizer = new_vectorizer({term: column for column, term in enumerate(terms)})
        vectorizer.idf_ = table["idf"]
        lexical = sparse.csr_array(
            (table["lexical_data"], table["lexical_indices"], table["lexical_indptr"]),
            shape=(len(table["dense"]), len(terms)),
        )
        term_rows = sparse.csr_array(
            (table["terms_data"], table["terms_indices"], table["terms_indptr"]),
            shape=(len(table["dense"]), int(table["n_latent_terms"])),
        )
        usual_similarity, spread = table["yardstick"].tolist()
        return cls(
            version=str(table["version"]),
            means=dict(zip(table["languages"].tolist(), table["means"], strict=True)),
            weights=dict(zip(table["weight_languages"].tolist(), table["weights"], strict=True)),
            vectorizer=vectorizer,
            reference=Vectors(table["dense"], term_rows, lexical),
            usual_similarity=usual_similarity,
            spread=spread,
        )
