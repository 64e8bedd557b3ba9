"""Criteria times weights: the score of a pair, what each criterion adds to it, and how sure it is.

With weights w (summing to 1), values v and confidences c of the criteria of one pair, what is known is

    known = (sum of w c v + k v0) / (sum of w c + k),        k = 0.15, v0 = 0.4

the average of the known criteria, drawn a little towards a modest baseline, so that one good criterion
alone does not speak for all. A criterion's share is w (c v + (1 - c) known): what is missing scores the
average of what is known. The shares add up to the score; the confidence is the sum of w c.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from matcher.calendars import live_hours, shared_weeks, teaching_weeks
from matcher.criteria import CRITERIA
from matcher.criterion import Floats
from matcher.criterion_reasons import reasons_of
from matcher.explanation import Explanation, Share
from matcher.profile import CourseProfile
from matcher.text import EncodedProfiles, TextEncoder

__all__ = ["DEFAULT_WEIGHTS", "CompatibilityScorer", "Explanation", "ScoreTable", "Share"]

# Expert prior. Topic and language tell published partners from other pairs best, then class size, field and
# level (weights fitted on the development pairs by cross-validation agree in order); calendar and live hours
# get the weight that practitioners' reports of failed exchanges give them.
DEFAULT_WEIGHTS: Mapping[str, float] = {
    "topic": 0.32,
    "field": 0.08,
    "level": 0.06,
    "language": 0.22,
    "calendar": 0.07,
    "live_hours": 0.07,
    "class_size": 0.08,
    "technology": 0.03,
    "goals": 0.04,
    "wishes": 0.03,
}
BASELINE, BASELINE_WEIGHT = 0.4, 0.15


@dataclass(frozen=True)
class ScoreTable:
    """Scores of all pairs.

    Parameters
    ----------
    criteria : tuple of str
        Names, in the order of the first axis of the tables below.
    score, confidence : ndarray, shape (n_left, n_right)
        0..1.
    values, confidences, shares : ndarray, shape (n_criteria, n_left, n_right)
        Values 0..1, NaN where unknown; what each criterion adds, which sums to the score.
    """

    criteria: tuple[str, ...]
    score: Floats
    confidence: Floats
    values: Floats
    confidences: Floats
    shares: Floats


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
        self._weights: Floats = in_order / in_order.sum()
        self.encoder = TextEncoder() if encoder is None else encoder

    @property
    def weights(self) -> dict[str, float]:
        """The weights by criterion; they add up to 1."""
        return dict(zip((criterion.name for criterion in CRITERIA), self._weights.tolist(), strict=True))

    def fit(self, profiles: Sequence[CourseProfile]) -> CompatibilityScorer:
        """Learn the text statistics of a catalogue; returns the scorer. Unfitted, the background serves."""
        self.encoder.fit(profiles)
        return self

    def score(
        self,
        left: Sequence[CourseProfile] | EncodedProfiles,
        right: Sequence[CourseProfile] | EncodedProfiles,
    ) -> ScoreTable:
        """Score all pairs of two lists, profiles or what `encoder.transform` made of them."""
        encoded_left, encoded_right = self._encoded(left), self._encoded(right)
        compared = [criterion.compare(encoded_left, encoded_right) for criterion in CRITERIA]
        # Rounded, so that the last bits of a matrix product, which depend on its size, cannot reorder pairs.
        values = np.stack([np.round(its.value, 6) for its in compared])
        confidences = np.stack([np.round(its.confidence, 6) for its in compared])
        weights = self._weights[:, None, None]
        certain = weights * confidences
        filled = np.where(np.isnan(values), 0.0, values)
        confidence = certain.sum(axis=0)
        known = ((certain * filled).sum(axis=0) + BASELINE_WEIGHT * BASELINE) / (confidence + BASELINE_WEIGHT)
        shares = certain * filled + (weights - certain) * known
        names = tuple(criterion.name for criterion in CRITERIA)
        return ScoreTable(names, shares.sum(axis=0), confidence, values, confidences, shares)

    def explain(self, a: CourseProfile, b: CourseProfile) -> Explanation:
        """Explain one pair, Asian or first side first; the score is that of `score`."""
        encoded_a, encoded_b = self.encoder.transform([a]), self.encoder.transform([b])
        table = self.score(encoded_a, encoded_b)
        shares = tuple(
            Share(
                criterion=name,
                value=None if np.isnan(table.values[at, 0, 0]) else float(table.values[at, 0, 0]),
                weight=float(self._weights[at]),
                share=float(table.shares[at, 0, 0]),
                confidence=float(table.confidences[at, 0, 0]),
            )
            for at, name in enumerate(table.criteria)
        )
        return Explanation(
            score=sum(share.share for share in shares),
            confidence=sum(share.weight * share.confidence for share in shares),
            shares=shares,
            reasons=reasons_of(encoded_a, encoded_b, self.encoder, shares),
            shared_weeks=shared_weeks(a, b),
            teaching_weeks_a=teaching_weeks(a),
            teaching_weeks_b=teaching_weeks(b),
            live_hours=live_hours(a, b),
            is_text_fallback=self.encoder.is_fallback,
        )

    def _encoded(self, profiles: Sequence[CourseProfile] | EncodedProfiles) -> EncodedProfiles:
        return profiles if isinstance(profiles, EncodedProfiles) else self.encoder.transform(profiles)
