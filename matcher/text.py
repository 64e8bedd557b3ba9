"""What texts say about two courses: meaning across languages, shared words, and the field they speak of.

Similarity of a pair = 0.65 cosine of the whole texts + 0.25 cosine of the titles + 0.1 TF-IDF cosine, all of
vectors without their language's mean; then corrected for hubs (cross-domain similarity local scaling,
Conneau et al. 2018): twice the similarity minus how near each side is to its ten nearest courses, so that a
generic text is not everybody's neighbour; then counted in standard deviations from the usual pair.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from py3langid.langid import MODEL_FILE, LanguageIdentifier
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
from matcher.profile import CourseProfile

# Whole texts, titles, TF-IDF rows.
Vectors: TypeAlias = tuple[FloatArray, FloatArray, Any]

WHOLE, TITLE, LEXICAL = 0.65, 0.25, 0.1
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
# Below this probability a language is not believed: one-word titles such as "Nursing" get a wrong language
# with up to 0.18, two words of French the right one with 0.29.
LANGUAGE_CHANCE = 0.25
# Labels of the language detector that the statistics join.
_ONE_LANGUAGE = {"wuu": "zh", "yue": "zh", "pcm": "en", "no": "nb", "nn": "nb"}
# Similarity above which two texts count as the same text, which says nothing about hubs.
_SAME_TEXT = 0.999


@dataclass(frozen=True)
class EncodedProfiles:
    """Profiles with what an encoder made of their texts, row by row.

    `whole` and `title` are centred unit vectors (n, d); `lexical` TF-IDF rows (n, n_terms); `hubness` (n,) the
    mean similarity to the ten nearest reference texts; `fields` (n, n_narrow_fields) square roots of the
    probabilities of the narrow ISCED-F fields, zeros where nothing is guessed; `n_words` (n,);
    `usual_similarity` and `spread` are mean and standard deviation over pairs of the encoder's reference.
    """

    profiles: tuple[CourseProfile, ...]
    whole: FloatArray
    title: FloatArray
    lexical: sparse.csr_array
    hubness: FloatArray
    fields: FloatArray
    n_words: npt.NDArray[np.int64]
    usual_similarity: float
    spread: float

    def __len__(self) -> int:
        return len(self.profiles)


class TextEncoder:
    """Learns a catalogue's statistics and compares texts by them; works unfitted by the background alone.

    Parameters
    ----------
    embedder : Embedder, optional
        The bundled sentence model by default, or the fallback where that is not installed.
    cache : mutable mapping, optional
        Where vectors are kept, for example `FileCache(path)`; a dict by default.

    Attributes
    ----------
    means_ : dict of language to ndarray, shape (2, d)
        Means of whole texts and titles; key "" holds those of all languages.
    mean_, std_ : float
        Of the corrected similarity over pairs of reference texts.
    """

    def __init__(self, embedder: Embedder | None = None, cache: EmbeddingCache | None = None) -> None:
        self.embedder: Embedder = default_embedder() if embedder is None else embedder
        self.cache: EmbeddingCache = {} if cache is None else cache
        self.means_: dict[str, FloatArray] = {}
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
        self._vectorizer = TfidfVectorizer(
            sublinear_tf=True, ngram_range=(1, 2), strip_accents="unicode", dtype=np.float32
        ).fit(both)
        self.means_ = self._means(prior, courses)
        # Sorted by hash: a sample that depends on the texts and not on their order.
        sample = sorted(both, key=lambda text: cache_key("", text))[:MAX_REFERENCE]
        self._reference = self._vectors(sample, [both[text] for text in sample])
        blend = _blend(self._reference, self._reference)
        hubness = _nearest_mean(blend)
        corrected = 2 * blend - hubness[:, None] - hubness[None, :]
        different = corrected[~np.eye(len(sample), dtype=bool)]
        self.mean_, self.std_ = float(np.mean(different)), float(np.std(different))
        return self

    def transform(self, profiles: Sequence[CourseProfile]) -> EncodedProfiles:
        """Encode profiles; those not in the catalogue are encoded by its statistics all the same."""
        texts = [full_text(profile) for profile in profiles]
        vectors = self._vectors(texts, [telling_title(profile) for profile in profiles])
        whole, title, lexical = vectors
        return EncodedProfiles(
            profiles=tuple(profiles),
            whole=whole,
            title=title,
            lexical=lexical,
            hubness=_nearest_mean(_blend(vectors, self._reference)),
            fields=self._guess_fields(whole, title),
            n_words=np.array([len(text.split()) for text in texts], dtype=np.int64),
            usual_similarity=self.mean_,
            spread=self.std_,
        )

    def shared_terms(self, a: EncodedProfiles, b: EncodedProfiles, most: int = 5) -> list[str]:
        """Return the words and word pairs that make two single profiles alike, weightiest first."""
        product = (a.lexical[[0]].multiply(b.lexical[[0]])).tocoo()
        names = self._vectorizer.get_feature_names_out()
        weighted = sorted(zip(-product.data, names[product.col], strict=True))
        chosen: list[str] = []
        for _, term in weighted:
            words = set(term.split())
            # A pair of words is worth naming once, and empty words never.
            if words & _EMPTY_WORDS or any(words & set(other.split()) for other in chosen):
                continue
            chosen.append(str(term))
        return chosen[:most]

    def _vectors(self, texts: Sequence[str], titles: Sequence[str]) -> Vectors:
        languages = [_language(text) for text in texts]
        overall = self.means_[""]
        means = np.stack([self.means_.get(language, overall) for language in languages] or [overall])[: len(texts)]
        # Short texts lie together whatever they are about, so a text as short as a title takes the titles' mean.
        long = np.clip([(len(text.split()) - SHORT_WORDS) / (LONG_WORDS - SHORT_WORDS) for text in texts], 0, 1)
        mean_of_length = long[:, None] * means[:, 0] + (1 - long[:, None]) * means[:, 1]
        whole = _unit(embed(texts, self.embedder, self.cache) - mean_of_length.astype(np.float32))
        title = _unit(embed(titles, self.embedder, self.cache) - means[:, 1])
        if not texts:
            return whole, title, sparse.csr_array((0, len(self._vectorizer.vocabulary_)), dtype=np.float32)
        return whole, title, sparse.csr_array(self._vectorizer.transform(texts))

    def _means(self, prior: Mapping[str, str], courses: Mapping[str, str]) -> dict[str, FloatArray]:
        background = self._pair_of_vectors(prior).mean(axis=0)
        if not courses:
            overall, rows, languages = background, None, np.array([], dtype=str)
        else:
            rows = self._pair_of_vectors(courses)
            overall = (rows.sum(axis=0) + PRIOR_TEXTS * background) / (len(rows) + PRIOR_TEXTS)
            languages = np.array([_language(text) for text in courses])
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

    def _pair_of_vectors(self, courses: Mapping[str, str]) -> FloatArray:
        """Return vectors of whole texts and titles, shape (n, 2, d)."""
        whole = embed(list(courses), self.embedder, self.cache)
        return np.stack([whole, embed(list(courses.values()), self.embedder, self.cache)], axis=1)

    def _guess_fields(self, whole: FloatArray, title: FloatArray) -> FloatArray:
        if self.is_fallback:
            return np.zeros((len(whole), len(NARROW_FIELDS)), dtype=np.float32)
        names = embed(FIELD_TEXTS, self.embedder, self.cache)
        names = _unit(names - names.mean(axis=0))
        closeness = FIELD_SHARPNESS * (_unit(whole + (TITLE + LEXICAL) / WHOLE * title) @ names.T)
        chance = np.exp(closeness - closeness.max(axis=1, keepdims=True))
        member = np.array(
            [[code[:3] == parent for parent in NARROW_FIELDS] for code in DETAILED_FIELDS], dtype=np.float32
        )
        in_narrow: FloatArray = np.sqrt(chance @ member / chance.sum(axis=1, keepdims=True))
        return in_narrow


def similarity(left: EncodedProfiles, right: EncodedProfiles) -> npt.NDArray[np.float64]:
    """Return how similar texts are in standard deviations from the usual pair, (n_left, n_right)."""
    blend = _blend((left.whole, left.title, left.lexical), (right.whole, right.title, right.lexical))
    corrected = 2 * blend.astype(np.float64) - left.hubness[:, None] - right.hubness[None, :]
    return (corrected - left.usual_similarity) / left.spread


def _blend(left: Vectors, right: Vectors) -> FloatArray:
    lexical: FloatArray = (left[2] @ right[2].T).toarray()
    blend: FloatArray = WHOLE * (left[0] @ right[0].T) + TITLE * (left[1] @ right[1].T) + LEXICAL * lexical
    return blend


# Words that name no subject although many descriptions share them.
# Words that nearly every description of a course holds: they say nothing of what two courses share.
_SAID_BY_MANY = (
    "students student learners courses course classes class modules module programmes programme degree years year "
    "semester groups group teams want wants wish use uses used using work works working study studies studying learn "
    "learning practice practise practising develop developing make making different new countries country topics "
    "topic online final first second third part taught tasks task"
)
_EMPTY_WORDS = ENGLISH_STOP_WORDS.union(_SAID_BY_MANY.split())


@cache
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def _language(text: str) -> str:
    """Return the language of a text, empty where it cannot be told, as with a title of one word."""
    language, chance = _identifier().classify(text)
    return _ONE_LANGUAGE.get(language, str(language)) if chance >= LANGUAGE_CHANCE else ""


def _unit(vectors: FloatArray) -> FloatArray:
    unit: FloatArray = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), np.float32(1e-9))
    return unit.astype(np.float32)


def _nearest_mean(similarity: FloatArray) -> FloatArray:
    """Return the mean of the ten highest similarities of each row, equal texts left out."""
    others = np.where(similarity < _SAME_TEXT * (WHOLE + TITLE + LEXICAL), similarity, -np.inf)
    n_nearest = min(N_NEIGHBOURS, similarity.shape[1] - 1)
    nearest = np.partition(others, -n_nearest, axis=1)[:, -n_nearest:]
    mean: FloatArray = np.where(np.isfinite(nearest), nearest, 0).sum(axis=1) / np.maximum(
        np.isfinite(nearest).sum(axis=1), 1
    )
    return mean
