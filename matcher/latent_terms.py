"""Latent terms of texts: the second output of the sentence model, a sparse vector of "what is spoken of".

The bundled model gives, besides its dense vector, weights of 16,384 latent terms, some 100 of them for a
title and 250 for a description. Terms are shared by all languages, apart from those that mark a language.
Weighted like words, by how rare a term is among the texts of the same language, they compare subjects in
finer detail than the dense vector does: log(1 / (share of texts + 0.01)), and nothing for a term that more
than every tenth text of the language holds, which names the language or says what every course says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt
from scipy import sparse

from matcher.embedders import EmbeddingCache, TermEmbedder, cache_key, clean_text, stored_or_computed
from matcher.pairs import FloatArray

N_TERMS = 16384
# Positions are kept as two half-precision numbers, which are exact up to 2,048.
_BASE = 128
# A term of more texts than this says nothing; it also keeps the product of sparse rows cheap.
MOST_COMMON = 0.1
# The weightiest terms of a text say as much as all of them do, at a sixth of the cost of a product.
MOST_TERMS = 64
_LEAST_SHARE = 0.01
Doubles = npt.NDArray[np.float64]


def embed_terms(
    texts: Sequence[str],
    embedder: TermEmbedder,
    stored: EmbeddingCache | None = None,
    done: Callable[[int, int], None] | None = None,
) -> sparse.csr_array:
    """Return the raw weights of latent terms, computing only what no cache holds.

    Parameters
    ----------
    texts, stored, done
        See `matcher.embedders.embed`.
    embedder : TermEmbedder

    Returns
    -------
    sparse array of float32, shape (n_texts, N_TERMS)
    """
    cleaned = [clean_text(text) for text in texts]
    keys = [cache_key(f"{embedder.version}-terms", text) for text in cleaned]

    def compute(batch: Sequence[str]) -> list[FloatArray]:
        rows = sparse.csr_array(embedder.terms(batch))
        return [packed_terms(rows, row) for row in range(len(batch))]

    found = stored_or_computed(dict(zip(keys, cleaned, strict=True)), delivered_terms(), compute, stored, done)
    return _unpacked([found[key] for key in keys])


def packed_terms(rows: sparse.csr_array, row: int) -> FloatArray:
    """Return one row as an array for caches: two halves of the positions, then the weights."""
    part = slice(rows.indptr[row], rows.indptr[row + 1])
    at = rows.indices[part]
    order = np.argsort(at)
    packed = np.concatenate([at[order] // _BASE, at[order] % _BASE, rows.data[part][order]])
    return packed.astype(np.float16).astype(np.float32)


def _unpacked(packed: Sequence[FloatArray]) -> sparse.csr_array:
    thirds = [its.reshape(3, -1) for its in packed]
    sizes = [its.shape[1] for its in thirds]
    joined = np.concatenate([np.empty((3, 0), np.float32), *thirds], axis=1)
    columns = (joined[0] * _BASE + joined[1]).astype(np.int32)
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32)
    return sparse.csr_array((joined[2], columns, starts), shape=(len(packed), N_TERMS))


def texts_with_term(rows: sparse.csr_array) -> Doubles:
    """Return the number of texts that hold each term, shape (N_TERMS,)."""
    return np.bincount(rows.indices[rows.data > 0], minlength=N_TERMS).astype(np.float64)


def term_weights(
    background: sparse.csr_array,
    rows: sparse.csr_array,
    languages: npt.NDArray[np.str_],
    prior_texts: int,
    prior_texts_of_language: int,
) -> dict[str, FloatArray]:
    """Return the weight of each term for texts of each language; key "" for texts of an unknown one.

    Shares of texts are drawn to what is known before, as the means of dense vectors are: to those of the
    background, plus the language's own share less the English one among the delivered titles.
    """
    before_all = texts_with_term(background) / background.shape[0]
    overall = (texts_with_term(rows) + prior_texts * before_all) / (rows.shape[0] + prior_texts)
    weights = {"": _weight(overall)}
    offsets = language_term_offsets()
    for language in sorted({*offsets, *languages.tolist()} - {""}):
        before = np.clip(before_all + offsets[language], 0, 1) if language in offsets else overall
        own = rows[np.flatnonzero(languages == language)]
        share = (texts_with_term(own) + prior_texts_of_language * before) / (own.shape[0] + prior_texts_of_language)
        weights[language] = _weight(share)
    return weights


def weighted_terms(
    rows: sparse.csr_array, languages: Sequence[str], weights: Mapping[str, FloatArray]
) -> sparse.csr_array:
    """Return rows of length 1 of the weightiest terms; a row of nothing but common terms stays empty.

    Parameters
    ----------
    rows : sparse (n, N_TERMS)
        Raw weights.
    languages : sequence of str
        Of the texts.
    weights : Mapping
        See `term_weights`.
    """
    tags = list(weights)
    table = np.stack([weights[tag] for tag in tags])
    number = {tag: at for at, tag in enumerate(tags)}
    its = np.array([number.get(language, number[""]) for language in languages], dtype=np.int64)
    row_of = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
    data = rows.data.astype(np.float64) * table[its[row_of], rows.indices]
    order = np.lexsort((rows.indices, -data, row_of))
    place = np.empty(len(data), dtype=np.int64)
    place[order] = np.arange(len(data)) - np.repeat(rows.indptr[:-1], np.diff(rows.indptr))
    data[place >= MOST_TERMS] = 0
    length = np.sqrt(np.bincount(row_of, data**2, minlength=rows.shape[0]))
    data = data / np.maximum(length, 1e-9)[row_of]
    weighted = sparse.csr_array((data.astype(np.float32), rows.indices, rows.indptr), shape=rows.shape)
    weighted.eliminate_zeros()
    return weighted


def _weight(share: Doubles) -> FloatArray:
    weight = np.maximum(np.log(1 / (share + _LEAST_SHARE)), 0)
    return np.where(share < MOST_COMMON, weight, 0).astype(np.float32)


@cache
def delivered_terms() -> dict[str, FloatArray]:
    """Return the packed terms of the background courses, by `cache_key`."""
    file = files("matcher").joinpath("data", "terms.npz")
    if not file.is_file():  # being made for the first time
        return {}
    with file.open("rb") as stream:
        table = np.load(stream, allow_pickle=False)
        columns, weights = table["columns"].astype(np.int32), table["weights"].astype(np.float32)
        rows = sparse.csr_array((weights, columns, table["starts"]), shape=(len(table["keys"]), N_TERMS))
        return {key: packed_terms(rows, row) for row, key in enumerate(table["keys"].tolist())}


@cache
def language_term_offsets() -> dict[str, Doubles]:
    """Return how much larger the share of texts with each term is in a language than in English."""
    file = files("matcher").joinpath("data", "terms.npz")
    if not file.is_file():
        return {}
    with file.open("rb") as stream:
        table = np.load(stream, allow_pickle=False)
        counts = table["language_counts"].astype(np.float64) / float(table["n_titles"])
        tags = table["languages"].tolist()
        english = counts[tags.index("en")]
        return {tag: its - english for tag, its in zip(tags, counts, strict=True)}
