"""Criteria times weights: the score of a pair, what each criterion adds to it, and how sure it is.

With weights w (summing to 1), values v and confidences c of the criteria of one pair, what is known is

    known = (sum of w c v + k v0) / (sum of w c + k),        k = 0.15, v0 = 0.4

the average of the known criteria, drawn a little towards a modest baseline, so that one good criterion
alone does not speak for all. A criterion's share is w (c v + (1 - c) known): what is missing scores the
average of what is known. The shares add up to the score; the confidence is the sum of w c.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matcher.calendars import live_hours, shared_weeks, teaching_weeks
from matcher.criteria import CRITERIA
from matcher.criterion import Comparison, Floats
from matcher.criterion_reasons import reasons_of
from matcher.explanation import Explanation, Share
from matcher.pairs import FloatArray, Pairs
from matcher.profile import CourseProfile
from matcher.text import EncodedProfiles, TextEncoder

__all__ = ["DEFAULT_WEIGHTS", "CompatibilityScorer", "Explanation", "PairScorer", "ScoreTable", "Share"]

# Expert prior. Topic and language tell published partners from other pairs best, then class size, field and
# level (weights fitted on the development pairs by cross-validation agree in order); calendar and live hours
# get the weight that practitioners' reports of failed exchanges give them.
DEFAULT_WEIGHTS: Mapping[str, float] = {
    "topic": 0.32,
    "field": 0.08,
    "complementarity": 0.02,
    "level": 0.06,
    "language": 0.22,
    "calendar": 0.07,
    "live_hours": 0.07,
    "class_size": 0.08,
    "technology": 0.02,
    "goals": 0.03,
    "wishes": 0.03,
}
BASELINE, BASELINE_WEIGHT = 0.4, 0.15


@dataclass(frozen=True)
class ScoreTable:
    """Scores of some pairs.

    Parameters
    ----------
    criteria : tuple of str
        Names, in the order of the first axis of the tables below.
    score, confidence : ndarray, of the shape of the pairs
        0..1.
    values, confidences, shares : ndarray, shape (n_criteria, *shape of the pairs)
        Values 0..1, NaN where unknown; what each criterion adds, which sums to the score.
    """

    criteria: tuple[str, ...]
    score: Floats
    confidence: Floats
    values: Floats
    confidences: Floats
    shares: Floats


class PairScorer:
    """What a scorer knows of two lists of courses: scores any of their pairs; made by `CompatibilityScorer.pairs`.

    A score depends on the two profiles, the weights and the encoder's statistics only.
    """

    def __init__(
        self,
        left: EncodedProfiles,
        right: EncodedProfiles,
        weights: Mapping[str, float],
        encoder: TextEncoder,
    ) -> None:
        self.left, self.right = left, right
        self._encoder = encoder
        self._weights = np.array(list(weights.values()), dtype=np.float64)
        self._names = tuple(weights)
        self._comparisons: list[Comparison] = [criterion.prepare(left, right) for criterion in CRITERIA]

    def quick(self, pairs: Pairs) -> FloatArray:
        """Return scores in single precision, for searching: equal to `score` to some five digits."""
        certain = np.zeros(pairs.shape, dtype=np.float32)
        summed = np.zeros(pairs.shape, dtype=np.float32)
        weighted = np.empty(pairs.shape, dtype=np.float32)
        for weight, comparison in zip(self._weights.astype(np.float32), self._comparisons, strict=True):
            if weight == 0:
                continue
            value, confidence = comparison(pairs)
            # One array for all products: a new one each time would cost more than the product.
            np.multiply(confidence, weight, out=weighted)
            certain += weighted
            weighted *= value
            summed += weighted
        # (summed + k v0) / (certain + k) is what is known; what is missing scores that average.
        np.add(certain, np.float32(BASELINE_WEIGHT), out=weighted)
        np.divide(summed + np.float32(BASELINE_WEIGHT * BASELINE), weighted, out=weighted)
        np.subtract(np.float32(1), certain, out=certain)
        certain *= weighted
        summed += certain
        return summed

    def score(self, pairs: Pairs) -> ScoreTable:
        """Score pairs, with all that led to each score."""
        compared = [comparison(pairs) for comparison in self._comparisons]
        # Rounded, so that the last bits of a matrix product, which depend on its size, cannot reorder pairs.
        values = _rounded([its.value for its in compared], pairs)
        confidences = _rounded([its.confidence for its in compared], pairs)
        weights = self._weights.reshape(-1, *[1] * len(pairs.shape))
        certain = weights * confidences
        confidence = _total(certain)
        known = (_total(certain * values) + BASELINE_WEIGHT * BASELINE) / (confidence + BASELINE_WEIGHT)
        shares = certain * values + (weights - certain) * known
        shown = np.where(confidences > 0, values, np.nan)
        return ScoreTable(self._names, _total(shares), confidence, shown, confidences, shares)

    def explain(self, row: int, column: int) -> Explanation:
        """Explain one pair; the score is that of `score` for a list of pairs."""
        table = self.score(Pairs.listed(np.array([row]), np.array([column])))
        shares = tuple(
            Share(
                criterion=name,
                value=None if np.isnan(table.values[at, 0]) else float(table.values[at, 0]),
                weight=float(self._weights[at]),
                share=float(table.shares[at, 0]),
                confidence=float(table.confidences[at, 0]),
            )
            for at, name in enumerate(table.criteria)
        )
        one, other = self.left.single(row), self.right.single(column)
        a, b = one.profiles[0], other.profiles[0]
        live = live_hours(a, b)
        return Explanation(
            score=sum(share.share for share in shares),
            confidence=sum(share.weight * share.confidence for share in shares),
            shares=shares,
            reasons=reasons_of(one, other, self._encoder, shares, live),
            shared_weeks=shared_weeks(a, b),
            teaching_weeks_a=teaching_weeks(a),
            teaching_weeks_b=teaching_weeks(b),
            live_hours=live,
            is_text_fallback=self._encoder.is_fallback,
        )


def _rounded(parts: Sequence[npt.NDArray[np.floating]], pairs: Pairs) -> Floats:
    """Return the parts in double precision, rounded to six digits, shape (n_parts, *shape of the pairs)."""
    rounded: Floats = np.stack([np.broadcast_to(np.round(part.astype(np.float64), 6), pairs.shape) for part in parts])
    return rounded


def _total(parts: Floats) -> Floats:
    """Add up the first axis one by one: numpy's own sum takes another order for a single pair."""
    total = np.zeros(parts.shape[1:])
    for part in parts:
        total += part
    return total


class CompatibilityScorer:
    """Scores pairs by the weighted criteria.

    Parameters
    ----------
    weights : Mapping, default `DEFAULT_WEIGHTS`
        Weight of each criterion, not negative; divided by their sum. A criterion left out weighs nothing.
    encoder : TextEncoder, optional
        A new one by default, with the bundled model; give one with a `FileCache` to keep vectors.

    Raises
    ------
    ValueError
        If a name is no criterion, a weight is negative, or all are zero.
    """

    def __init__(self, weights: Mapping[str, float] = DEFAULT_WEIGHTS, encoder: TextEncoder | None = None) -> None:
        names = [criterion.name for criterion in CRITERIA]
        unknown = sorted(weights.keys() - set(names))
        if unknown:
            raise ValueError(f"no criteria: {', '.join(unknown)}; there are {', '.join(names)}")
        in_order = np.array([weights.get(name, 0.0) for name in names], dtype=np.float64)
        if not (in_order >= 0).all() or in_order.sum() <= 0:
            raise ValueError("weights must not be negative, and at least one must be positive")
        # The exact sum: weights that already add up to 1 stay as they are, to the last bit.
        self.weights: dict[str, float] = dict(zip(names, (in_order / math.fsum(in_order)).tolist(), strict=True))
        self.encoder = TextEncoder() if encoder is None else encoder

    def fit(self, profiles: Sequence[CourseProfile]) -> CompatibilityScorer:
        """Learn the text statistics of a catalogue; returns the scorer. Unfitted, the background serves."""
        self.encoder.fit(profiles)
        return self

    def pairs(self, left: Sequence[CourseProfile], right: Sequence[CourseProfile]) -> PairScorer:
        """Read two lists of profiles once, to score any of their pairs."""
        return PairScorer(self.encoder.transform(left), self.encoder.transform(right), self.weights, self.encoder)

    def score(self, left: Sequence[CourseProfile], right: Sequence[CourseProfile]) -> ScoreTable:
        """Score all pairs of two lists; the tables have the shape (n_left, n_right)."""
        return self.pairs(left, right).score(Pairs.every(len(left), len(right)))

    def explain(self, a: CourseProfile, b: CourseProfile) -> Explanation:
        """Explain one pair, Asian or first side first."""
        return self.pairs([a], [b]).explain(0, 0)
