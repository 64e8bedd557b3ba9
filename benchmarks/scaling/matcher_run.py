"""The matcher end to end: profiles in, explained and balanced pairs out.

Making the profiles and, where the text counts as cached, embedding them come before the clock starts; judging
another contender's pairs comes after it has stopped and the memory is read.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from contextlib import nullcontext

import numpy as np

from benchmarks.scaling.made_vectors import MadeVectors
from benchmarks.scaling.measuring import Figures, Stopwatch, answer, peak_memory
from benchmarks.scaling.recorded_flow import recorded_flows
from matcher.datasets import make_profiles
from matcher.embedders import EmbeddingCache
from matcher.file_cache import FileCache
from matcher.pairs import Pairs
from matcher.partner_matcher import PartnerMatcher
from matcher.profile import CourseProfile, Region
from matcher.rules import check
from matcher.scorer import CompatibilityScorer
from matcher.text import TextEncoder


def run(
    n: int,
    balance: float,
    vectors: str,
    vector_file: str,
    record: str | None = None,
    judge: str | None = None,
    max_gap: float = 0.0,
) -> Figures:
    """Figures of one round of ``n`` courses a side.

    Parameters
    ----------
    balance : 0..1
    vectors : "made" for `MadeVectors`, "cached" or "new" for the sentence model with or without its vectors
    vector_file : path of the vectors kept between contenders
    record : path, optional
        Where the largest flow model is written.
    judge : path, optional
        Pairs of another contender (.npz with left and right), to be scored by this matcher.
    max_gap : see `PartnerMatcher`
    """
    profiles = make_profiles(2 * n)
    # Kept in memory while it runs, as a service would; the file carries the vectors from process to process.
    kept = FileCache(vector_file)
    encoder = TextEncoder(MadeVectors(kept), {}) if vectors == "made" else TextEncoder(None, _in_memory(kept, vectors))
    if vectors != "new":
        encoder.fit(profiles).transform(profiles)
    steps = Steps()
    scorer = CompatibilityScorer(encoder=encoder)
    matcher = PartnerMatcher(balance=balance, scorer=scorer, max_gap=max_gap, say=steps)
    recorder = recorded_flows(record) if record else nullcontext()
    watch = Stopwatch()
    with recorder as spent, watch:
        proposals = matcher.propose(profiles)
    memory = peak_memory()
    if vectors == "new":
        kept.update(encoder.cache)
    certificate, report = matcher.certificate_, proposals.report
    figures: Figures = {
        "seconds": watch.seconds - (spent.seconds if spent else 0.0),
        "steps": steps.seconds(),
        "memory": memory,
        "n_pairs": len(proposals.pairs),
        "total": report.quality,
        "mean_score": report.quality / max(len(proposals.pairs), 1),
        "coverage_a": report.coverage_a,
        "coverage_b": report.coverage_b,
        "gini_countries": next(x.gini for x in report.levels if (x.side, x.level) == ("b", "country")),
        "objective": certificate.objective,
        "bound": certificate.bound,
        "gap": certificate.gap,
        "n_candidates": certificate.n_candidates,
        "n_rounds": certificate.n_rounds,
    }
    if judge:
        figures["judged"] = judged(matcher, profiles, judge)
    return figures


class Steps:
    """Seconds from the first word about each step to the first about the next."""

    def __init__(self) -> None:
        self._begun: dict[str, float] = {}

    def __call__(self, what: str, done: int, total: int) -> None:
        if what not in self._begun:
            self._begun[what] = time.perf_counter()
            print(f"{what} ...", file=sys.stderr, flush=True)

    def seconds(self) -> dict[str, float]:
        """Return the seconds of each step."""
        ends = [*list(self._begun.values())[1:], time.perf_counter()]
        return {what: end - begun for (what, begun), end in zip(self._begun.items(), ends, strict=True)}


def judged(matcher: PartnerMatcher, profiles: Sequence[CourseProfile], path: str) -> Figures:
    """What pairs of positions in the two regions' lists are worth by the matcher's own score and rules."""
    left = [p for p in profiles if p.region is Region.ASIA]
    right = [p for p in profiles if p.region is Region.EUROPE]
    with np.load(path) as stored:
        rows, columns = stored["left"], stored["right"]
    score = matcher.scorer.pairs(left, right).score(Pairs.listed(rows, columns)).score
    broken = np.array(
        [bool(check(left[a], right[b], matcher.rules)) for a, b in zip(rows.tolist(), columns.tolist(), strict=True)],
        dtype=bool,
    )
    too_low = ~broken & (score < matcher.min_score)
    valid = ~broken & ~too_low
    return {
        "n_pairs": len(rows),
        "n_broken": int(broken.sum()),
        "n_too_low": int(too_low.sum()),
        "n_valid": int(valid.sum()),
        "total": float(score[valid].sum()),
        "mean_score": float(score[valid].mean()) if valid.any() else 0.0,
        "coverage_a": len(np.unique(rows[valid])) / len(left),
        "coverage_b": len(np.unique(columns[valid])) / len(right),
    }


def _in_memory(kept: FileCache, vectors: str) -> EmbeddingCache:
    return dict(kept) if vectors == "cached" else {}


if __name__ == "__main__":
    answer(run)
