"""How well courses find the same course in other languages: `python -m benchmarks.languages`.

The same fourteen courses in ten languages (tests/matcher/data/topics_in_ten_languages.csv); every course asks
for its like. For each language asked in: hit_at_1, the share of questions whose nearest course in the other
language is the right one, as mean over the nine other languages and for the worst of them; and the share of
the nine right courses among the nine nearest of all courses in other languages ("pool"), and of all courses,
its own language's included ("all"). Beside the matcher stand the bare sentence model and TF-IDF of words and
word pairs; then all three by titles alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import fmean

import numpy as np

from benchmarks.evaluation import tfidf
from matcher.course_texts import full_text
from matcher.criterion import Floats
from matcher.embedders import EmbeddingCache, SentenceModel, embed
from matcher.profile import CourseProfile
from matcher.scorer import CompatibilityScorer
from matcher.text import TextEncoder
from tests.matcher.parallel_courses import (
    COUNTRIES,
    found_in_pool,
    hits_at_1,
    hits_by_language,
    parallel_courses,
    titles_alone,
)

VECTORS: EmbeddingCache = {}


def matcher(profiles: Sequence[CourseProfile]) -> Floats:
    """Values of the topic criterion, fitted on the profiles."""
    scorer = CompatibilityScorer(encoder=TextEncoder(SentenceModel(), VECTORS)).fit(profiles)
    table = scorer.score(profiles, profiles)
    return table.values[table.criteria.index("topic")]


def bare_model(profiles: Sequence[CourseProfile]) -> Floats:
    """Cosines of the sentence model's vectors as they are."""
    vectors = embed([full_text(profile) for profile in profiles], SentenceModel(), VECTORS).astype(np.float64)
    return vectors @ vectors.T


RANKINGS: dict[str, tuple[Callable[[Sequence[CourseProfile]], Floats], Sequence[CourseProfile]]] = {
    "matcher": (matcher, parallel_courses()),
    "bare model": (bare_model, parallel_courses()),
    "TF-IDF": (tfidf, parallel_courses()),
    "matcher, titles alone": (matcher, titles_alone()),
    "bare model, titles alone": (bare_model, titles_alone()),
    "TF-IDF, titles alone": (tfidf, titles_alone()),
}


def rows(similarity: Floats) -> list[tuple[str, float, float, str, float, float]]:
    """Return language, mean and worst hit_at_1, the worst language asked of, shares found in pool and all.

    The last row is the mean over the languages and the worst of all pairs of languages.
    """
    hits = hits_at_1(similarity)
    mean = hits_by_language(hits)
    pool, everything = (found_in_pool(similarity, with_own_language=own) for own in (False, True))
    table = []
    for language in COUNTRIES:
        worst = min((share, asked) for (asking, asked), share in hits.items() if asking == language)
        table.append((language, mean[language], *worst, pool[language], everything[language]))
    worst_of_all, its_pair = min((share, "-".join(pair)) for pair, share in hits.items())
    summary = (fmean(mean.values()), worst_of_all, its_pair, fmean(pool.values()), fmean(everything.values()))
    return [*table, ("all", *summary)]


def main() -> None:
    """Print a table for each ranking."""
    for name, (ranking, courses) in RANKINGS.items():
        print(f"{name:26}{'hit@1':>8}{'worst':>8}{'':8}{'pool':>8}{'all':>8}")
        for language, mean, worst, asked, pool, everything in rows(ranking(courses)):
            # A language asked of stands for the worst only where it is worse than others.
            where = asked if worst < mean else ""
            print(f"{language:26}{mean:8.3f}{worst:8.3f}  {where:6}{pool:8.3f}{everything:8.3f}")
        print()


if __name__ == "__main__":
    main()
