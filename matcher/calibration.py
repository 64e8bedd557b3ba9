"""From a score to the probability that a side accepts, and how far such probabilities can be trusted.

    P(accept) = 1 / (1 + exp(-(a (score - 0.5) + c)))                    (Platt 1999, monotone: a >= 0)

a and c are the most probable ones under the prior a ~ N(6, 3^2), c ~ N(0, 1): without answers a score of 0.5
means one half, 0.8 means 0.86. Above 1,000 answers the curve may bend: isotonic regression (Zadrozny and
Elkan 2002; Niculescu-Mizil and Caruana 2005 find that it needs about as many), drawn towards the logistic
curve by a hundred made-up answers, so that no probability is 0 or 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.isotonic import IsotonicRegression

__all__ = ["Calibration", "Reliability", "brier", "log_loss", "reliability"]

Floats: TypeAlias = npt.NDArray[np.float64]

MIDDLE = 0.5
PRIOR_SLOPE, SLOPE_ERROR, OFFSET_ERROR = 6.0, 3.0, 1.0
_ISOTONIC_ABOVE = 1000
_N_KNOTS, _KNOT_WEIGHT = 20, 5.0
# A group of fewer answers could be recognised, and says nothing.
_SMALLEST_GROUP = 5


@dataclass(frozen=True)
class Calibration:
    """A curve that never falls.

    Parameters
    ----------
    slope : float, default 6
        a above, 0 or more.
    offset : float, default 0
        c above.
    points : tuple of (score, probability), default ()
        The isotonic curve, straight between its points and level beyond them; empty for the logistic one.

    Raises
    ------
    ValueError
        If the slope is negative, or the points fall or leave 0..1.
    """

    slope: float = PRIOR_SLOPE
    offset: float = 0.0
    points: tuple[tuple[float, float], ...] = ()

    def __post_init__(self) -> None:
        if not (self.slope >= 0 and np.isfinite([self.slope, self.offset]).all()):
            raise ValueError(f"slope: {self.slope} and offset: {self.offset} must be numbers, the slope not negative")
        table = np.array(self.points).reshape(-1, 2)
        if not ((table >= 0) & (table <= 1)).all() or (np.diff(table, axis=0) < 0).any():
            raise ValueError("points: scores and probabilities must rise, within 0..1")

    @classmethod
    def fit(cls, scores: Floats, accepted: Floats) -> Calibration:
        """Fit the curve to answers, two arrays of shape (n,): scores 0..1, and 1 for accepted, 0 for not."""

        def loss(whitened: Floats) -> tuple[float, Floats]:
            slope, offset = slope_and_offset(whitened)
            total, residual = logistic_loss(slope * (scores - MIDDLE) + offset, accepted)
            gradient = np.array([residual @ (scores - MIDDLE) * SLOPE_ERROR, residual.sum() * OFFSET_ERROR])
            return total + float(whitened @ whitened) / 2, gradient + whitened

        slope, offset = slope_and_offset(minimise(loss, 2))
        logistic = cls(slope, offset)
        if len(scores) <= _ISOTONIC_ABOVE:
            return logistic
        knots = np.quantile(scores, np.linspace(0, 1, _N_KNOTS))
        bent = IsotonicRegression(y_min=0, y_max=1).fit(
            np.concatenate([scores, knots]),
            np.concatenate([accepted, logistic.probability(knots)]),
            np.concatenate([np.ones_like(scores), np.full(_N_KNOTS, _KNOT_WEIGHT)]),
        )
        points = zip(bent.X_thresholds_.tolist(), bent.y_thresholds_.tolist(), strict=True)
        return cls(slope, offset, tuple(points))

    def probability(self, scores: Floats) -> Floats:
        """Return the probability that one side accepts, 0..1, of the shape of the scores."""
        if self.points:
            at, height = np.array(self.points).T
            bent: Floats = np.interp(scores, at, height)
            return bent
        probability: Floats = expit(self.slope * (np.asarray(scores, dtype=np.float64) - MIDDLE) + self.offset)
        return probability

    def to_dict(self) -> dict[str, Any]:
        """Return the curve as JSON values."""
        return {"slope": self.slope, "offset": self.offset, "points": [list(point) for point in self.points]}

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Calibration:
        """Read what `to_dict` wrote."""
        return cls(stored["slope"], stored["offset"], tuple((at, height) for at, height in stored["points"]))


@dataclass(frozen=True)
class Reliability:
    """A tenth of the answers by score: scores from .. to, how many, probability expected and share accepted."""

    score_from: float
    score_to: float
    n: int
    expected: float
    accepted: float

    def to_dict(self) -> dict[str, float]:
        """Return the row as JSON values."""
        return asdict(self)


def slope_and_offset(whitened: Floats) -> tuple[float, float]:
    """Turn two numbers that are N(0, 1) under the prior into slope and offset."""
    return PRIOR_SLOPE + SLOPE_ERROR * float(whitened[0]), OFFSET_ERROR * float(whitened[1])


def logistic_loss(logit: Floats, accepted: Floats, weight: Floats | float = 1.0) -> tuple[float, Floats]:
    """Return the total log loss and its slope along each logit."""
    loss = float((weight * (np.logaddexp(0, logit) - accepted * logit)).sum())
    return loss, weight * (expit(logit) - accepted)


def minimise(loss: Any, n: int) -> Floats:
    """Minimise a loss with gradient from the prior, all zeros; the first of n numbers keeps the slope positive."""
    bounds = [(-PRIOR_SLOPE / SLOPE_ERROR, None), *[(None, None)] * (n - 1)]
    options = {"maxiter": 1000, "ftol": 1e-13, "gtol": 1e-7}
    found: Floats = minimize(loss, np.zeros(n), jac=True, method="L-BFGS-B", bounds=bounds, options=options).x
    return found


def brier(probability: Floats, accepted: Floats) -> float:
    """Return the mean squared difference of probability and answer, 0..1, lower is better (Brier 1950)."""
    return float(np.mean((probability - accepted) ** 2))


def log_loss(probability: Floats, accepted: Floats) -> float:
    """Return the mean of -log of the probability given to what happened, lower is better; ln 2 for a coin."""
    of_what_happened = np.where(accepted > 0, probability, 1 - probability)
    return float(-np.log(np.maximum(of_what_happened, 1e-12)).mean())


def reliability(scores: Floats, probability: Floats, accepted: Floats) -> tuple[Reliability, ...]:
    """Compare expectation and answers by tenths of the scores; groups under five are not shown."""
    edges = np.quantile(scores, np.linspace(0, 1, 11)[1:-1])
    tenth = np.searchsorted(edges, scores, side="right")
    groups = [tenth == number for number in range(10)]
    return tuple(
        Reliability(
            float(scores[own].min()),
            float(scores[own].max()),
            int(own.sum()),
            float(probability[own].mean()),
            float(accepted[own].mean()),
        )
        for own in groups
        if own.sum() >= _SMALLEST_GROUP
    )
