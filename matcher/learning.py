"""Weights of the criteria learned from what became of proposed pairs, never far from the expert's without cause.

The probability that a side accepts a pair is taken to be logistic in the pair's score, which is the score of
`CompatibilityScorer`, missing values included:

    P(accept) = 1 / (1 + exp(-(a (score(w) - 0.5) + c))),    w_f = w0_f exp(u_f) / sum of w0_g exp(u_g)

The weights are those of the most probable u, a and c given the answers, which is penalised logistic regression
towards the prior (le Cessie and van Houwelingen 1992, with the penalty around w0 and not around 0):

    minimise  sum of log loss + sum of u_f^2 / (2 0.35^2) + (a - 6)^2 / (2 3^2) + c^2 / 2

This is a logistic-normal prior (Aitchison and Shen 1980): before any answer each weight is believed right within
a factor of exp(0.35) = 1.4 (one standard deviation). Weights stay positive and add up to 1, so explanations
remain shares of a score; a weight of 0 stays 0. Without answers the result is the prior itself. With known =
(sum of w c v + k v0) / (C + k), C = sum of w c, the score has the slope c_f (v_f - known) (1 + k) / (C + k) along
w_f: what is unknown about a pair (c_f = 0) teaches nothing about its weight.

Each side's answer is one observation. Nothing about a course's popularity enters: assignments cancel what is
common to all pairs of a course and amplify its leakage from one split to the other.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from matcher.calibration import (
    MIDDLE,
    OFFSET_ERROR,
    SLOPE_ERROR,
    Calibration,
    Floats,
    logistic_loss,
    minimise,
    slope_and_offset,
)
from matcher.held_out import HeldOut, Rated, compare_held_out
from matcher.outcomes import Observations, Outcome
from matcher.scorer import BASELINE, BASELINE_WEIGHT, DEFAULT_WEIGHTS

__all__ = ["LearnedWeights", "learn", "scores_and_slopes"]

_LOG_WEIGHT_ERROR = 0.35


@dataclass(frozen=True)
class LearnedWeights:
    """What answers teach about the weights; a round keeps it, so that its scores can be computed again.

    Parameters
    ----------
    prior, weights : Mapping
        Expert weights and learned ones by criterion, each adding up to 1.
    calibration : Calibration
        From the score with `in_use` to the probability that a side accepts.
    n_answers, n_accepted : int
        Answers that speak of fit, and those of them in favour.
    set_aside : Mapping
        How many answers say nothing about fit, by reason.
    held_out : HeldOut or None
        How both sets of weights predict answers they were not learned from; None with too few answers.
    """

    prior: Mapping[str, float]
    weights: Mapping[str, float]
    calibration: Calibration
    n_answers: int
    n_accepted: int
    set_aside: Mapping[str, int]
    held_out: HeldOut | None

    @property
    def is_recommended(self) -> bool:
        """Whether the learned weights beat the prior, on answers held out, by more than a standard error."""
        return self.held_out is not None and self.held_out.is_gain

    @property
    def in_use(self) -> Mapping[str, float]:
        """The weights to score with: the learned ones if they are recommended, else the prior."""
        return self.weights if self.is_recommended else self.prior

    @property
    def moved(self) -> float:
        """How much of the weight the answers moved from one criterion to another, 0..1."""
        return sum(abs(self.weights[name] - self.prior[name]) for name in self.prior) / 2

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON values."""
        return {
            "prior": dict(self.prior),
            "weights": dict(self.weights),
            "calibration": self.calibration.to_dict(),
            "n_answers": self.n_answers,
            "n_accepted": self.n_accepted,
            "set_aside": dict(self.set_aside),
            "held_out": None if self.held_out is None else self.held_out.to_dict(),
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> LearnedWeights:
        """Read what `to_dict` wrote."""
        held_out = None if stored["held_out"] is None else HeldOut.from_dict(stored["held_out"])
        return cls(
            **{**stored, "calibration": Calibration.from_dict(stored["calibration"]), "held_out": held_out},
        )


def learn(outcomes: Iterable[Outcome], prior: Mapping[str, float] = DEFAULT_WEIGHTS) -> LearnedWeights:
    """Learn weights and calibration; the order of the outcomes makes no difference.

    Parameters
    ----------
    outcomes : iterable of Outcome
        Answers of lecturers and offices to proposals, of any round.
    prior : Mapping, default `DEFAULT_WEIGHTS`
        Expert weights by criterion, not negative; divided by their sum.

    Raises
    ------
    ValueError
        If a prior weight is negative or not a number, or none is positive.
    """
    criteria = tuple(prior)
    expert = np.array([prior[name] for name in criteria], dtype=np.float64)
    if not (np.isfinite(expert).all() and (expert >= 0).all() and expert.sum() > 0):
        raise ValueError("prior: weights must not be negative, and at least one must be positive")
    expert = expert / math.fsum(expert)
    seen, set_aside = Observations.of(outcomes, criteria)
    learned = _most_probable(seen, expert)
    held_out = compare_held_out(seen, lambda training, test: _rate(training, test, expert))
    used = learned if held_out is not None and held_out.is_gain else expert
    return LearnedWeights(
        prior=dict(zip(criteria, expert.tolist(), strict=True)),
        weights=dict(zip(criteria, learned.tolist(), strict=True)),
        calibration=Calibration.fit(scores_and_slopes(seen, used)[0], seen.accepted),
        n_answers=len(seen),
        n_accepted=int(seen.accepted.sum()),
        set_aside=set_aside,
        held_out=held_out,
    )


def _rate(training: Observations, test: Observations, expert: Floats) -> tuple[Rated, Rated]:
    """Score the test answers by the prior and by what the training answers teach, both calibrated on the latter."""
    both = []
    for weights in (expert, _most_probable(training, expert)):
        calibration = Calibration.fit(scores_and_slopes(training, weights)[0], training.accepted)
        scores = scores_and_slopes(test, weights)[0]
        both.append(Rated(scores, calibration.probability(scores)))
    return both[0], both[1]


def _most_probable(seen: Observations, expert: Floats) -> Floats:
    """Return the learned weights, (n_criteria,)."""
    if not len(seen):
        return expert
    in_play = expert > 0

    def weights_of(log_ratios: Floats) -> Floats:
        ratios = np.exp(_LOG_WEIGHT_ERROR * (log_ratios - log_ratios.max()))
        weights = np.zeros_like(expert)
        weights[in_play] = expert[in_play] * ratios
        total: float = weights.sum()
        return weights / total

    def loss(whitened: Floats) -> tuple[float, Floats]:
        # All unknowns are N(0, 1) under the prior, which also suits the minimiser.
        slope, offset = slope_and_offset(whitened)
        weights = weights_of(whitened[2:])
        scores, slopes = scores_and_slopes(seen, weights)
        total, residual = logistic_loss(slope * (scores - MIDDLE) + offset, seen.accepted, seen.weight)
        along = slope * (residual @ slopes)
        gradient = np.empty_like(whitened)
        gradient[0] = residual @ (scores - MIDDLE) * SLOPE_ERROR
        gradient[1] = residual.sum() * OFFSET_ERROR
        gradient[2:] = (weights * (along - weights @ along))[in_play] * _LOG_WEIGHT_ERROR
        return total + float(whitened @ whitened) / 2, gradient + whitened

    return weights_of(minimise(loss, 2 + int(in_play.sum()))[2:])


def scores_and_slopes(seen: Observations, weights: Floats) -> tuple[Floats, Floats]:
    """Return the scores, (n,), as `CompatibilityScorer` does, and their slopes along the weights, (n, n_criteria)."""
    certain = seen.confidences @ weights
    agreed = (seen.confidences * seen.values) @ weights
    known = (agreed + BASELINE_WEIGHT * BASELINE) / (certain + BASELINE_WEIGHT)
    slopes = (
        seen.confidences
        * (seen.values - known[:, None])
        * ((1 + BASELINE_WEIGHT) / (certain + BASELINE_WEIGHT))[:, None]
    )
    return agreed + (1 - certain) * known, slopes
