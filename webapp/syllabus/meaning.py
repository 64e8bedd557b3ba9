"""What the sentence model says about a text: a vector in which texts of all languages can be compared.

Pasted texts leave no trace: their vectors are kept in no cache; those of the vocabularies are delivered.
"""

from collections.abc import Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from matcher.background import FIELD_TEXTS, background_courses
from matcher.course_texts import BARE_TITLE
from matcher.embedders import Embedder, clean_text, default_embedder, embed
from matcher.pairs import FloatArray
from matcher.text_means import PutTexts, centred, learn_means
from webapp.syllabus.vectors import delivered, goal_texts, subject_texts

Doubles = npt.NDArray[np.float64]

TITLE_WEIGHT = 0.6
"""Of the title's vector beside the whole text's."""
MOST_WORDS_READ = 130
"""Of the description: more takes seconds on a busy machine and moves the guess by less than its error."""


class Meaning:
    """Vectors of texts and of the vocabularies they are compared with; one for a process.

    Parameters
    ----------
    embedder
        The bundled sentence model by default.
    """

    def __init__(self, embedder: Embedder | None = None) -> None:
        self.embedder = default_embedder() if embedder is None else embedder

    @property
    def is_blind(self) -> bool:
        """Whether no sentence model is there, so that nothing can be said about meaning."""
        return self.embedder.is_fallback

    def _own(self, texts: Sequence[str]) -> FloatArray:
        return embed(texts, self.embedder, dict(delivered()))

    @cached_property
    def _means(self) -> dict[str, FloatArray]:
        pairs = {clean_text(text): clean_text(title) for title, text in background_courses()}
        prior = PutTexts.of(list(pairs), list(pairs.values()), self.is_blind)
        return learn_means(self._own, prior, PutTexts.of([], [], self.is_blind), self.is_blind)

    @cached_property
    def fields(self) -> Doubles:
        """Unit vectors of the detailed fields of education, from their names and the subjects they hold."""
        names = _apart(self._own(FIELD_TEXTS))
        return _unit(names + 2 * _apart(self._own(subject_texts())))

    @cached_property
    def goals(self) -> Doubles:
        """Unit vectors of the Sustainable Development Goals, from their short and full titles."""
        short, full = goal_texts()
        return _unit(_apart(self._own(short)) + _apart(self._own(full)))

    @cached_property
    def usual(self) -> Doubles:
        """Unit vectors of usual courses, by which words that suit every course are told."""
        pairs = {clean_text(text): clean_text(title) for title, text in background_courses()}
        put = PutTexts.of(list(pairs), list(pairs.values()), self.is_blind)
        return _unit(centred(self._own, put, self._means)[0])

    def of_course(self, title: str, description: str) -> Doubles:
        """Return the unit vector of a course, shape (d,).

        Parameters
        ----------
        title, description
            Not both empty.
        """
        short = " ".join(description.split()[:MOST_WORDS_READ])[: 6 * MOST_WORDS_READ]
        whole = clean_text(f"{title}. {short}" if title and short else title or short)
        put = PutTexts.of([whole], [clean_text(title) or whole], self.is_blind)
        both, named = centred(lambda texts: embed(texts, self.embedder), put, self._means)
        vector: Doubles = _unit(_unit(both) + TITLE_WEIGHT * _unit(named))[0]
        return vector

    def of_terms(self, terms: Sequence[str], language: str) -> Doubles:
        """Return unit vectors of single terms of one language, shape (n, d)."""
        mean = self._means.get(language, self._means[""])[2]
        return _unit(embed([BARE_TITLE.format(term) for term in terms], self.embedder) - mean)


def _unit(vectors: npt.NDArray[np.floating]) -> Doubles:
    doubles = vectors.astype(np.float64)
    unit: Doubles = doubles / np.maximum(np.linalg.norm(doubles, axis=1, keepdims=True), 1e-9)
    return unit


def _apart(vectors: FloatArray) -> Doubles:
    """Unit vectors less what all of them have in common."""
    return _unit(vectors - vectors.mean(axis=0))
