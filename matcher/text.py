"""What texts say about two courses: meaning across languages, shared words, and the field they speak of.

Similarity of a pair = 0.65 cosine of the whole texts + 0.25 cosine of the titles + 0.1 TF-IDF cosine, all of
vectors without their language's mean; then corrected for hubs (cross-domain similarity local scaling,
Conneau et al. 2018): twice the similarity minus how near each side is to its ten nearest courses, so that a
generic text is not everybody's neighbour; then counted in standard deviations from the usual pair.

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

from matcher.background import DETAILED_FIELDS, FIELD_TEXTS, background_courses, language_offsets
from matcher.course_texts import full_text, telling_title
from matcher.embedders import (
    Embedder,
    EmbeddingCache,
    FloatArray,
    cache_key,
    clean_text,
    default_embedder,
    embed,
)
from matcher.encoded import LEXICAL, TITLE, WHOLE, EncodedProfiles, Vectors, blend, prepare_similarity, similarity
from matcher.pairs import Pairs
from matcher.profile import CourseProfile
from matcher.text_languages import language_of
from matcher.text_statistics import TextStatistics, new_vectorizer

__all__ = ["NARROW_FIELDS", "EncodedProfiles", "TextEncoder", "prepare_similarity", "similarity"]

Doubles = npt.NDArray[np.float64]

N_NEIGHBOURS = 10
# Texts the yardstick is made of; more would cost time and move the figures by less than their error.
MAX_REFERENCE = 1000
# A mean over fewer texts than these is drawn half way or more to what was known before.
PRIOR_TEXTS, PRIOR_TEXTS_OF_LANGUAGE = 50, 20
# Words up to which a text is like a bare title, and from which it is like a description.
SHORT_WORDS, LONG_WORDS = 5, 12
# How decidedly a text is assigned to the field whose name it is nearest to. At 15 a text's three nearest of
# 80 detailed fields share most of its weight; values from 10 to 20 served alike on real partnerships.
FIELD_SHARPNESS = 15.0
# The columns of `EncodedProfiles.fields`.
NARROW_FIELDS: tuple[str, ...] = tuple(sorted({code[:3] for code in DETAILED_FIELDS}))
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
        courses = {full_text(p): telling_title(p) for p in sorted(profiles, key=lambda p: p.id)}
        prior = {clean_text(text): clean_text(title) for title, text in background_courses()}
        both = dict(sorted({**prior, **courses}.items()))
        vectorizer = new_vectorizer().fit(both)
        means = self._means(prior, dict(sorted(courses.items())))
        # Sorted by hash: a sample that depends on the texts and not on their order.
        sample = sorted(both, key=lambda text: cache_key("", text))[:MAX_REFERENCE]
        reference = self._vectors(sample, [both[text] for text in sample], means, vectorizer)
        similarity = _exact_blend(reference, reference)
        hubness = _nearest_mean(similarity)
        corrected = 2 * similarity - hubness[:, None] - hubness[None, :]
        different = corrected[~np.eye(len(sample), dtype=bool)]
        self.statistics_ = TextStatistics(
            self.embedder.version, means, vectorizer, reference, float(np.mean(different)), float(np.std(different))
        )
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
        texts = [full_text(profile) for profile in profiles]
        titles = [telling_title(profile) for profile in profiles]
        known = self.statistics_
        vectors = self._vectors(texts, titles, known.means, known.vectorizer)
        parts = [slice(start, start + _AT_ONCE) for start in range(0, len(texts), _AT_ONCE)]
        hubness = [_nearest_mean(_exact_blend(_part(vectors, part), known.reference)) for part in parts]
        return EncodedProfiles(
            profiles=tuple(profiles),
            vectors=vectors,
            hubness=np.concatenate([np.empty(0), *hubness]).astype(np.float32),
            fields=self._guess_fields(vectors),
            n_words=np.array([len(text.split()) for text in texts], dtype=np.int64),
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

    def _vectors(
        self,
        texts: Sequence[str],
        titles: Sequence[str],
        means: Mapping[str, FloatArray],
        vectorizer: TfidfVectorizer,
    ) -> Vectors:
        if not texts:
            dense = np.empty((0, 2 * self.embedder.dimension), dtype=np.float32)
            return Vectors(dense, sparse.csr_array((0, len(vectorizer.vocabulary_)), dtype=np.float32))
        # One mean a language, picked by number: a mean a text would take as much room as the vectors.
        tags = list(means)
        table = np.stack([means[tag] for tag in tags])
        number = {tag: at for at, tag in enumerate(tags)}
        its = np.array([number.get(language_of(text), number[""]) for text in texts])
        # Short texts lie together whatever they are about, so a text as short as a title takes the titles' mean.
        long = np.clip([(len(text.split()) - SHORT_WORDS) / (LONG_WORDS - SHORT_WORDS) for text in texts], 0, 1)
        long = long[:, None].astype(np.float32)
        whole = self._embed(texts) - (long * table[its, 0] + (1 - long) * table[its, 1])
        title = self._embed(titles) - table[its, 1]
        dense = np.hstack([np.sqrt(WHOLE) * _unit(whole), np.sqrt(TITLE) * _unit(title)], dtype=np.float32)
        return Vectors(dense, sparse.csr_array(vectorizer.transform(texts)))

    def _means(self, prior: Mapping[str, str], courses: Mapping[str, str]) -> dict[str, FloatArray]:
        background = self._pair_of_vectors(prior).mean(axis=0)
        if not courses:
            overall, rows, languages = background, None, np.array([], dtype=str)
        else:
            rows = self._pair_of_vectors(courses)
            overall = (rows.sum(axis=0) + PRIOR_TEXTS * background) / (len(rows) + PRIOR_TEXTS)
            languages = np.array([language_of(text) for text in courses])
        means = {"": overall}
        offsets = {} if self.is_fallback else language_offsets()
        for language in sorted({*offsets, *languages.tolist()} - {""}):
            # The background is in English, so the offsets from English apply to its mean.
            before = background + offsets[language] if language in offsets else overall
            means[language] = before
            if rows is not None and language in languages:
                own = rows[languages == language]
                n_prior = PRIOR_TEXTS_OF_LANGUAGE
                means[language] = (own.sum(axis=0) + n_prior * before) / (len(own) + n_prior)
        return means

    def _embed(self, texts: Sequence[str]) -> FloatArray:
        return embed(texts, self.embedder, self.cache, self.done)

    def _pair_of_vectors(self, courses: Mapping[str, str]) -> FloatArray:
        """Return vectors of whole texts and titles, shape (n, 2, d)."""
        whole = self._embed(list(courses))
        return np.stack([whole, self._embed(list(courses.values()))], axis=1)

    def _guess_fields(self, vectors: Vectors) -> FloatArray:
        dense = vectors.dense.astype(np.float64)
        if self.is_fallback:
            return np.zeros((len(dense), len(NARROW_FIELDS)), dtype=np.float32)
        named = self._embed(FIELD_TEXTS)
        names = _unit(named - named.mean(axis=0))
        d = self.embedder.dimension
        both = dense[:, :d] / np.sqrt(WHOLE) + (TITLE + LEXICAL) / WHOLE * dense[:, d:] / np.sqrt(TITLE)
        closeness = FIELD_SHARPNESS * (_unit(both) @ names.T)
        chance = np.exp(closeness - closeness.max(axis=1, keepdims=True))
        member = np.array([[code[:3] == parent for parent in NARROW_FIELDS] for code in DETAILED_FIELDS], dtype=float)
        in_narrow: FloatArray = np.sqrt(chance @ member / chance.sum(axis=1, keepdims=True)).astype(np.float32)
        return in_narrow


def _part(vectors: Vectors, part: slice) -> Vectors:
    return Vectors(vectors.dense[part], vectors.lexical[part])


def _exact_blend(left: Vectors, right: Vectors) -> Doubles:
    """The blend of all pairs in double precision."""
    first, second = (Vectors(side.dense.astype(np.float64), side.lexical) for side in (left, right))
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
    others = np.where(similarity < _SAME_TEXT * (WHOLE + TITLE + LEXICAL), similarity, -np.inf)
    n_nearest = min(N_NEIGHBOURS, similarity.shape[1] - 1)
    nearest = np.partition(others, -n_nearest, axis=1)[:, -n_nearest:]
    mean: Doubles = np.where(np.isfinite(nearest), nearest, 0).sum(axis=1) / np.maximum(
        np.isfinite(nearest).sum(axis=1), 1
    )
    return mean
