"""The same fourteen courses in ten languages, and how well similarities lead from one language to another."""

from __future__ import annotations

import csv
from dataclasses import replace
from functools import cache
from itertools import permutations
from pathlib import Path
from statistics import fmean

import numpy as np

from matcher.criterion import Floats
from matcher.profile import CourseProfile

FILE = Path(__file__).parent / "data" / "topics_in_ten_languages.csv"
COUNTRIES = {
    "en": "IE",
    "fr": "FR",
    "de": "DE",
    "id": "ID",
    "th": "TH",
    "vi": "VN",
    "ko": "KR",
    "ja": "JP",
    "zh": "CN",
    "hi": "IN",
}


@cache
def parallel_rows() -> tuple[dict[str, str], ...]:
    """Return the rows of the file: topic, language, title, description."""
    with FILE.open(encoding="utf-8", newline="") as stream:
        return tuple(csv.DictReader(stream))


@cache
def parallel_courses() -> tuple[CourseProfile, ...]:
    """Return a profile for each row, named `<topic>-<language>`: title, description and a country, no more."""
    return tuple(
        CourseProfile(
            id=f"{row['topic']}-{row['language']}",
            institution=f"University of {row['topic']} in {row['language']}",
            country=COUNTRIES[row["language"]],
            title=row["title"],
            description=row["description"],
        )
        for row in parallel_rows()
    )


@cache
def titles_alone() -> tuple[CourseProfile, ...]:
    """Return the same profiles without their descriptions."""
    return tuple(replace(course, description=None) for course in parallel_courses())


def hits_at_1(similarity: Floats) -> dict[tuple[str, str], float]:
    """Return, for each language asked in and each asked of, how often the right course is the nearest.

    Parameters
    ----------
    similarity : ndarray, shape (n_courses, n_courses)
        Of all courses with each other, in the order of `parallel_courses`. Nearest is what is nearer than
        every other course: equal similarities are no hit.

    Returns
    -------
    dict of (str, str) to float
        Shares of the topics, 0..1.
    """
    topics, languages = _topics_and_languages()
    hits = {}
    for asking, asked in permutations(COUNTRIES, 2):
        part = similarity[np.ix_(languages == asking, languages == asked)]
        right = topics[languages == asking][:, None] == topics[languages == asked][None, :]
        nearest_wrong = np.where(right, -np.inf, part).max(axis=1)
        hits[asking, asked] = float((part[right] > nearest_wrong).mean())
    return hits


def hits_by_language(hits: dict[tuple[str, str], float]) -> dict[str, float]:
    """Return the mean of `hits_at_1` over the languages asked of, by the language asked in."""
    return {its: fmean(share for (asking, _), share in hits.items() if asking == its) for its in COUNTRIES}


def found_in_pool(similarity: Floats, with_own_language: bool) -> dict[str, float]:
    """Return, by language, how many of a topic's other nine courses are among the nine nearest of a whole pool.

    Parameters
    ----------
    similarity : ndarray, shape (n_courses, n_courses)
        As for `hits_at_1`.
    with_own_language : bool
        Whether the pool holds the thirteen other topics in the language asked in, which is harder: texts of
        one language lie together whatever they are about.

    Returns
    -------
    dict of str to float
        Mean shares, 0..1.
    """
    topics, languages = _topics_and_languages()
    foreign = languages[:, None] != languages[None, :]
    right = (topics[:, None] == topics[None, :]) & foreign
    pool = ~np.eye(len(topics), dtype=bool) if with_own_language else foreign
    n_right = len(COUNTRIES) - 1
    # What is right comes last among equals, so that similarities that say nothing earn nothing.
    order = np.lexsort((right, -np.where(pool, similarity, -np.inf)), axis=1)[:, :n_right]
    found = np.take_along_axis(right, order, axis=1).mean(axis=1)
    return {its: float(found[languages == its].mean()) for its in COUNTRIES}


def _topics_and_languages() -> tuple[np.ndarray, np.ndarray]:
    rows = parallel_rows()
    return np.array([row["topic"] for row in rows]), np.array([row["language"] for row in rows])
