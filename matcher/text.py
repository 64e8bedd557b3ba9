"""What texts say about two courses: meaning across languages, latent terms, and the field they speak of.

Similarity of a pair = 0.45 cosine of the whole texts + 0.2 cosine of the titles + 0.35 cosine of their latent
terms, all without what their language has in common; then corrected for hubs (cross-domain similarity local
scaling, Conneau et al. 2018): twice the similarity minus how near each side is to its ten nearest courses, so
that a generic text is not everybody's neighbour; then counted in standard deviations from the usual pair.
Without a sentence model, TF-IDF of words stands in for the latent terms; its words also name in plain language
what two courses share.

What is kept of a profile is computed in double and stored in single precision, so that a profile encoded
alone is the same, number for number, as one encoded among thousands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, TfidfVectorizer

from matcher.background import FIELD_TEXTS, background_courses
from matcher.course_texts import count_words, full_text, telling_title
from matcher.embedders import (
    Embedder,
    EmbeddingCache,
    TermEmbedder,
    cache_key,
    clean_text,
    default_embedder,
    embed,
)
from matcher.encoded import TERMS, TITLE, WHOLE, EncodedProfiles, Vectors, blend, prepare_similarity, similarity
from matcher.field_guess import NARROW_FIELDS, guess_fields
from matcher.latent_terms import embed_terms, term_weights, weighted_terms
from matcher.pairs import FloatArray, Pairs
from matcher.profile import CourseProfile
from matcher.text_means import PRIOR_TEXTS, PRIOR_TEXTS_OF_LANGUAGE, PutTexts, centred, learn_means
from matcher.text_statistics import TextStatistics, new_vectorizer

__all__ = ["NARROW_FIELDS", "EncodedProfiles", "TextEncoder", "prepare_similarity", "similarity"]

Doubles = npt.NDArray[np.float64]

N_NEIGHBOURS = 10
# Texts the yardstick is made of; more would cost time and move the figures by less than their error.
MAX_REFERENCE = 1000
# Similarity above which two texts count as the same text, which says nothing about hubs.
_SAME_TEXT = 0.999
# Texts compared with the reference at once.
_AT_ONCE = 4096


class TextEncoder:
    """Learns a catalogue's statistics and compares texts by them; works unfitted by the background alone.

    Parameters
    ----------
    embedder : Embedder, optional
        The bundled sentence model by default, or the fallback where that is not installed.
    cache : mutable mapping, optional
        Where vectors are kept, for example `FileCache(path)`; a dict by default.
    done : callable, optional
        Told how many of how many new texts have been turned into vectors, the one step that takes long.

    Attributes
    ----------
    statistics_ : TextStatistics
        All that was learnt; kept with a round, they give every pair the same score again.
    """

    def __init__(
        self,
        embedder: Embedder | None = None,
        cache: EmbeddingCache | None = None,
        done: Callable[[int, int], None] | None = None,
    ) -> None:
        self.done = done
        self.embedder: Embedder = default_embedder() if embedder is None else embedder
        self.cache: EmbeddingCache = {} if cache is None else cache
        self.fit([])

    @property
    def is_fallback(self) -> bool:
        """Whether only spelling is compared, because no sentence model is there."""
        return self.embedder.is_fallback

    def fit(self, profiles: Sequence[CourseProfile]) -> TextEncoder:
        """Learn the statistics of a catalogue, background courses added; returns the encoder itself.

        Deterministic, whatever the order of the profiles.
        """
        courses = dict(sorted((full_text(p), telling_title(p)) for p in sorted(profiles, key=lambda p: p.id)))
        prior = {clean_text(text): clean_text(title) for title, text in background_courses()}
        both = dict(sorted({**prior, **courses}.items()))
        put_prior, put = self._put(list(prior), list(prior.values())), self._put(list(courses), list(courses.values()))
        vectorizer = new_vectorizer().fit(both)
        means = learn_means(self._embed, put_prior, put, self.is_fallback)
        weights = self._weights(put_prior, put)
        # Sorted by hash: a sample that depends on the texts and not on their order.
        sample = sorted(both, key=lambda text: cache_key("", text))[:MAX_REFERENCE]
        put_sample = self._put(sample, [both[text] for text in sample])
        reference = self._vectors(put_sample, means, weights, vectorizer)
        similarity = _exact_blend(reference, reference)
        hubness = _nearest_mean(similarity)
        corrected = 2 * similarity - hubness[:, None] - hubness[None, :]
        different = corrected[~np.eye(len(sample), dtype=bool)]
        yardstick = float(np.mean(different)), float(np.std(different))
        self.statistics_ = TextStatistics(self.embedder.version, means, weights, vectorizer, reference, *yardstick)
        return self

    def use(self, statistics: TextStatistics) -> TextEncoder:
        """Take over statistics kept with an earlier round; returns the encoder itself.

        Raises
        ------
        ValueError
            If they belong to another embedder, or another version of it.
        """
        if statistics.version != self.embedder.version:
            raise ValueError(f"statistics of {statistics.version} do not serve {self.embedder.version}")
        self.statistics_ = statistics
        return self

    def transform(self, profiles: Sequence[CourseProfile]) -> EncodedProfiles:
        """Encode profiles; those not in the catalogue are encoded by its statistics all the same."""
        put = self._put([full_text(profile) for profile in profiles], [telling_title(profile) for profile in profiles])
        known = self.statistics_
        vectors = self._vectors(put, known.means, known.weights, known.vectorizer)
        parts = [slice(start, start + _AT_ONCE) for start in range(0, len(vectors), _AT_ONCE)]
        hubness = [_nearest_mean(_exact_blend(_part(vectors, part), known.reference)) for part in parts]
        return EncodedProfiles(
            profiles=tuple(profiles),
            vectors=vectors,
            hubness=np.concatenate([np.empty(0), *hubness]).astype(np.float32),
            fields=self._guess_fields(vectors),
            n_words=np.array([count_words(text) for text in put.plain], dtype=np.int64),
            usual_similarity=known.usual_similarity,
            spread=known.spread,
        )

    def shared_terms(self, a: EncodedProfiles, b: EncodedProfiles, most: int = 5) -> list[str]:
        """Return the words and word pairs that make two single profiles alike, weightiest first."""
        product = a.vectors.lexical.multiply(b.vectors.lexical).tocoo()
        names = self._term_names()
        weighted = sorted(zip(-product.data, names[product.col], strict=True))
        chosen: list[str] = []
        for _, term in weighted:
            words = set(term.split())
            # A pair of words is worth naming once, and empty words never.
            if words & _EMPTY_WORDS or any(words & set(other.split()) for other in chosen):
                continue
            chosen.append(str(term))
        return chosen[:most]

    def _term_names(self) -> npt.NDArray[np.object_]:
        return _names(self.statistics_.vectorizer)

    def _put(self, texts: Sequence[str], titles: Sequence[str]) -> PutTexts:
        return PutTexts.of(texts, titles, self.is_fallback)

    def _vectors(
        self,
        put: PutTexts,
        means: Mapping[str, FloatArray],
        weights: Mapping[str, FloatArray],
        vectorizer: TfidfVectorizer,
    ) -> Vectors:
        whole, title = centred(self._embed, put, means)
        dense = np.hstack([np.sqrt(WHOLE) * _unit(whole), np.sqrt(TITLE) * _unit(title)], dtype=np.float32)
        no_words = sparse.csr_array((0, len(vectorizer.vocabulary_)), dtype=np.float32)
        lexical = sparse.csr_array(vectorizer.transform(put.plain)) if put.plain else no_words
        terms = weighted_terms(self._terms(put), put.languages, weights) if weights else lexical
        return Vectors(dense, terms, lexical)

    def _weights(self, prior: PutTexts, courses: PutTexts) -> dict[str, FloatArray]:
        """Return the weights of latent terms by language, none without a model that has such terms."""
        if not isinstance(self.embedder, TermEmbedder):
            return {}
        languages = np.array(courses.languages, dtype=str)
        return term_weights(self._terms(prior), self._terms(courses), languages, PRIOR_TEXTS, PRIOR_TEXTS_OF_LANGUAGE)

    def _terms(self, put: PutTexts) -> sparse.csr_array:
        if not isinstance(self.embedder, TermEmbedder):
            raise TypeError(f"{self.embedder.version} has no latent terms, but statistics of such")
        return embed_terms(put.whole, self.embedder, self.cache, self.done)

    def _embed(self, texts: Sequence[str]) -> FloatArray:
        return embed(texts, self.embedder, self.cache, self.done)

    def _guess_fields(self, vectors: Vectors) -> FloatArray:
        dense, d = vectors.dense.astype(np.float64), self.embedder.dimension
        if self.is_fallback:
            return np.zeros((len(dense), len(NARROW_FIELDS)), dtype=np.float32)
        named = self._embed(FIELD_TEXTS)
        names = _unit(named - named.mean(axis=0))
        return guess_fields(dense[:, :d] / np.sqrt(WHOLE), dense[:, d:] / np.sqrt(TITLE), names)


def _part(vectors: Vectors, part: slice) -> Vectors:
    return Vectors(vectors.dense[part], vectors.terms[part], vectors.lexical[part])


def _exact_blend(left: Vectors, right: Vectors) -> Doubles:
    """The blend of all pairs in double precision."""
    first, second = (Vectors(side.dense.astype(np.float64), side.terms, side.lexical) for side in (left, right))
    return blend(first, second, Pairs.every(len(left), len(right)))


@lru_cache(maxsize=4)
def _names(vectorizer: TfidfVectorizer) -> npt.NDArray[np.object_]:
    names: npt.NDArray[np.object_] = vectorizer.get_feature_names_out()
    return names


# Words that nearly every description of a course holds: they say nothing of what two courses share.
_SAID_BY_MANY = (
    "students student learners courses course classes class modules module programmes programme degree years year "
    "semester groups group teams want wants wish use uses used using work works working study studies studying learn "
    "learning practice practise practising develop developing make making different new countries country topics "
    "topic online final first second third part taught tasks task"
)
_EMPTY_WORDS = ENGLISH_STOP_WORDS.union(_SAID_BY_MANY.split())


def _unit(vectors: npt.NDArray[np.floating]) -> Doubles:
    doubles = vectors.astype(np.float64)
    unit: Doubles = doubles / np.maximum(np.linalg.norm(doubles, axis=1, keepdims=True), 1e-9)
    return unit


def _nearest_mean(similarity: Doubles) -> Doubles:
    """Return the mean of the ten highest similarities of each row, equal texts left out."""
    others = np.where(similarity < _SAME_TEXT * (WHOLE + TITLE + TERMS), similarity, -np.inf)
    n_nearest = min(N_NEIGHBOURS, similarity.shape[1] - 1)
    nearest = np.partition(others, -n_nearest, axis=1)[:, -n_nearest:]
    mean: Doubles = np.where(np.isfinite(nearest), nearest, 0).sum(axis=1) / np.maximum(
        np.isfinite(nearest).sum(axis=1), 1
    )
    return mean
