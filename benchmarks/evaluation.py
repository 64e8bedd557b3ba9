"""How well real partnerships are found: TF-IDF, the sentence model, and the matcher's scorer, side by side.

    python -m benchmarks.evaluation

The first two are the baselines anyone would write first: cosine of TF-IDF vectors, and cosine of the
sentence model's vectors less their mean, both over title, discipline and description. Standard errors come
from resampling whole partnerships, since the two sides of one are not independent.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction.text import TfidfVectorizer

from matcher.course_texts import full_text
from matcher.criterion import Floats
from matcher.embedders import SentenceModel, embed
from matcher.evaluation import ranking_of, ranks_of_partners, summarise
from matcher.metrics import Rank
from matcher.profile import CourseProfile
from matcher.rules import RuleSettings
from matcher.scorer import DEFAULT_WEIGHTS, CompatibilityScorer
from tests.matcher.real_pairs import real_pairs, real_profiles, real_rows

N_RESAMPLES = 2000


def tfidf(profiles: Sequence[CourseProfile]) -> Floats:
    """Cosines of TF-IDF vectors of words and word pairs."""
    rows = TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2)).fit_transform(map(full_text, profiles))
    return (rows @ rows.T).toarray()


def centred_embedding(profiles: Sequence[CourseProfile]) -> Floats:
    """Cosines of the sentence model's vectors less their mean."""
    vectors = embed([full_text(profile) for profile in profiles], SentenceModel()).astype(np.float64)
    vectors -= vectors.mean(axis=0)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors @ vectors.T


def standard_errors(ranks: dict[str, Rank]) -> tuple[float, float]:
    """Bootstrap standard errors of MRR and of the hit rate at 10 over projects."""
    project = {row["id"]: row["group"] or row["id"] for row in real_rows()}
    of_project: dict[str, list[tuple[float, float]]] = {}
    for its_id, rank in ranks.items():
        figures = (0.0, 0.0) if rank is None else (1 / rank, float(rank <= 10))
        of_project.setdefault(project[its_id[:-1]], []).append(figures)
    sums = np.array([np.sum(figures, axis=0) for figures in of_project.values()])
    sizes = np.array([len(figures) for figures in of_project.values()])
    drawn: npt.NDArray[np.int64] = np.random.default_rng(0).integers(len(sizes), size=(N_RESAMPLES, len(sizes)))
    means = sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1)[:, None]
    mrr, hits = means.std(axis=0)
    return float(mrr), float(hits)


def main() -> None:
    """Print one line for each ranking, then what the scorer loses without each criterion."""
    rankings = {"TF-IDF": tfidf, "centred embedding": centred_embedding, "matcher": ranking_of(CompatibilityScorer())}
    for name in ("topic", "field", "level", "language", "class_size"):
        rankings[f"matcher less {name}"] = ranking_of(CompatibilityScorer({**DEFAULT_WEIGHTS, name: 0.0}))
    print(f"{'':24}{'n':>5}{'mrr':>8}{'±':>7}{'hit@1':>8}{'hit@5':>8}{'hit@10':>8}{'±':>7}{'median':>8}")
    for name, ranking in rankings.items():
        ranks = ranks_of_partners(real_profiles(), real_pairs(), ranking, RuleSettings(opposite_regions=False))
        figures, (mrr, hits) = summarise(list(ranks.values())), standard_errors(ranks)
        print(
            f"{name:24}{figures.n:5}{figures.mrr:8.3f}{mrr:7.3f}{figures.hit_at_1:8.3f}{figures.hit_at_5:8.3f}"
            f"{figures.hit_at_10:8.3f}{hits:7.3f}{figures.median_rank or float('nan'):8.1f}"
        )


if __name__ == "__main__":
    main()
