"""How texts are put to the model, and the means that are taken off their vectors."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from matcher.background import language_offsets
from matcher.course_texts import BARE_TITLE, count_words
from matcher.pairs import Bools, FloatArray
from matcher.text_languages import language_of

Embed = Callable[[Sequence[str]], FloatArray]

# A mean over fewer texts than these is drawn half way or more to what was known before.
PRIOR_TEXTS, PRIOR_TEXTS_OF_LANGUAGE = 50, 20
# Words up to which a text is like a bare title, and from which it is like a description.
SHORT_WORDS, LONG_WORDS = 5, 12


@dataclass(frozen=True)
class PutTexts:
    """The texts of courses as they are put to an embedder.

    Parameters
    ----------
    plain : tuple of str
        Whole texts as the courses give them.
    whole, titles : tuple of str
        Whole texts and titles as they are put: a bare title has the same words before it in both.
    is_bare : ndarray of bool, shape (n,)
        Which courses are nothing but a title.
    languages : tuple of str
        See `language_of`.
    """

    plain: tuple[str, ...]
    whole: tuple[str, ...]
    titles: tuple[str, ...]
    is_bare: Bools
    languages: tuple[str, ...]

    @classmethod
    def of(cls, texts: Sequence[str], titles: Sequence[str], is_fallback: bool) -> PutTexts:
        """Put texts to an embedder; the fallback compares spelling, so words put before would only blur it."""
        both = list(zip(texts, titles, strict=True))
        form = "{}" if is_fallback else BARE_TITLE
        return cls(
            tuple(texts),
            tuple(form.format(text) if text == title else text for text, title in both),
            tuple(form.format(text) if text == title else title for text, title in both),
            np.array([text == title for text, title in both], dtype=bool),
            tuple(language_of(text) for text in texts),
        )


def learn_means(embed: Embed, prior: PutTexts, courses: PutTexts, is_fallback: bool) -> dict[str, FloatArray]:
    """Return the means of whole texts, titles and bare titles of each language, each of shape (3, d).

    Parameters
    ----------
    embed : callable
        Vectors (n, d) of n texts.
    prior : PutTexts
        English courses of the background, by which means of few texts are steadied.
    courses : PutTexts
        Of the catalogue, in an order that depends on nothing but the texts.

    Returns
    -------
    dict
        By language; key "" holds the means over all languages.
    """
    form = "{}" if is_fallback else BARE_TITLE
    as_bare = [form.format(title) for title in prior.titles]
    before_all = np.stack([embed(texts).mean(axis=0) for texts in (prior.whole, prior.titles, as_bare)])
    rows = np.stack([embed(courses.whole), embed(courses.titles)], axis=1)
    overall = _drawn(rows, courses.is_bare, before_all, PRIOR_TEXTS)
    means = {"": overall}
    offsets = {} if is_fallback else language_offsets()
    languages = np.array(courses.languages, dtype=str)
    for language in sorted({*offsets, *courses.languages} - {""}):
        # The background is in English, so the offsets from English apply to its means.
        before = before_all + offsets[language] if language in offsets else overall
        its = languages == language
        means[language] = _drawn(rows[its], courses.is_bare[its], before, PRIOR_TEXTS_OF_LANGUAGE)
    return means


def centred(embed: Embed, put: PutTexts, means: Mapping[str, FloatArray]) -> tuple[FloatArray, FloatArray]:
    """Return vectors of whole texts and titles, (n, d) each, less the means of their language and kind."""
    # One mean a language, picked by number: a mean a text would take as much room as the vectors.
    table = np.stack(list(means.values()))
    number = {language: at for at, language in enumerate(means)}
    its = np.array([number.get(language, number[""]) for language in put.languages], dtype=np.int64)
    # Short texts lie together whatever they are about, so a text as short as a title takes the titles' mean.
    n_words = np.array([count_words(text) for text in put.plain])[:, None]
    long = np.clip((n_words - SHORT_WORDS) / (LONG_WORDS - SHORT_WORDS), 0, 1).astype(np.float32)
    is_bare = put.is_bare[:, None]
    whole = embed(put.whole) - np.where(is_bare, table[its, 2], long * table[its, 0] + (1 - long) * table[its, 1])
    # A bare title stands for both.
    return whole, np.where(is_bare, whole, embed(put.titles) - table[its, 1])


def _drawn(rows: FloatArray, is_bare: Bools, before: FloatArray, n_prior: int) -> FloatArray:
    """Means of whole texts, titles and bare titles, (3, d), of ``rows`` (n, 2, d), drawn to those before."""
    kinds = (rows[~is_bare, 0], rows[~is_bare, 1], rows[is_bare, 0])
    sums, counts = np.stack([its.sum(axis=0) for its in kinds]), np.array([[len(its)] for its in kinds])
    drawn: FloatArray = ((sums + n_prior * before) / (counts + n_prior)).astype(np.float32)
    return drawn
