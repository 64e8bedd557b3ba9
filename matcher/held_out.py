"""Whether learned weights predict better than the expert's, on answers neither was fitted to.

Five times, with fixed seeds, the course pairs are cut into five parts; each part is predicted from the other
four. All answers about one course pair stay in one part. The 25 figures overlap in what they learned from, so
their standard error is that of Nadeau and Bengio (2003), sqrt((1/25 + 1/4) variance), and not variance / 25.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

import numpy as np
from sklearn.metrics import roc_auc_score

from matcher.calibration import Floats, Reliability, brier, log_loss, reliability
from matcher.outcomes import Observations

__all__ = ["Estimate", "HeldOut", "Rated", "compare_held_out"]

_N_SEEDS, _N_PARTS = 5, 5
# Below, expert weights serve anyway, and a part would hold fewer than ten answers.
_FEWEST_ANSWERS = 50


class Rated(NamedTuple):
    """Scores of the answers and the probabilities made of them, each of shape (n,), 0..1."""

    scores: Floats
    probability: Floats


@dataclass(frozen=True)
class Estimate:
    """A mean over the splits and its standard error."""

    mean: float
    error: float


@dataclass(frozen=True)
class HeldOut:
    """Figures over the splits.

    Parameters
    ----------
    n_pairs : int
        Course pairs that were split.
    log_loss_prior, log_loss_learned : Estimate
        Mean log loss of an answer, lower is better.
    gain : Estimate
        The first minus the second, compared split by split.
    auc_prior, auc_learned : Estimate or None
        Probability that an accepted pair scores higher than a declined one; 0.5 for chance. None when no part
        holds both kinds.
    brier, log_loss : float
        Of the weights to use, over all answers, each predicted from others (first seed).
    reliability : tuple of Reliability
        Of the same predictions.
    """

    n_pairs: int
    log_loss_prior: Estimate
    log_loss_learned: Estimate
    gain: Estimate
    auc_prior: Estimate | None
    auc_learned: Estimate | None
    brier: float
    log_loss: float
    reliability: tuple[Reliability, ...]

    @property
    def is_gain(self) -> bool:
        """Whether learning gains more than a standard error."""
        return self.gain.mean > self.gain.error

    def to_dict(self) -> dict[str, Any]:
        """Return the figures as JSON values."""
        return {**asdict(self), "reliability": [row.to_dict() for row in self.reliability]}

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> HeldOut:
        """Read what `to_dict` wrote."""
        names = ("log_loss_prior", "log_loss_learned", "gain", "auc_prior", "auc_learned")
        estimates = {name: None if stored[name] is None else Estimate(**stored[name]) for name in names}
        rows = tuple(Reliability(**row) for row in stored["reliability"])
        return cls(**{**stored, **estimates, "reliability": rows})


def compare_held_out(
    seen: Observations, rate: Callable[[Observations, Observations], tuple[Rated, Rated]]
) -> HeldOut | None:
    """Compare the prior with learned weights; None below 50 answers or 5 pairs.

    Parameters
    ----------
    seen : Observations
    rate : callable
        From training and test answers to what the prior and what learned weights make of the test answers.
    """
    n_pairs = int(seen.group.max()) + 1 if len(seen) else 0
    if len(seen) < _FEWEST_ANSWERS or n_pairs < _N_PARTS:
        return None
    losses, areas = [], []
    first: tuple[list[Floats], list[Floats]] = ([], [])
    answers: list[Floats] = []
    for seed in range(_N_SEEDS):
        part = np.random.default_rng(seed).permutation(n_pairs)[seen.group] % _N_PARTS
        for number in range(_N_PARTS):
            test = seen.at(part == number)
            both = rate(seen.at(part != number), test)
            losses.append([log_loss(one.probability, test.accepted) for one in both])
            if 0 < test.accepted.mean() < 1:
                areas.append([float(roc_auc_score(test.accepted, one.scores)) for one in both])
            if seed == 0:
                answers.append(test.accepted)
                for kept, one in zip(first, both, strict=True):
                    kept.append(np.array([one.scores, one.probability]))
    prior, learned = np.array(losses).T
    gain = _estimate(prior - learned)
    accepted = np.concatenate(answers)
    scores, probability = np.concatenate(first[gain.mean > gain.error], axis=1)
    return HeldOut(
        n_pairs=n_pairs,
        log_loss_prior=_estimate(prior),
        log_loss_learned=_estimate(learned),
        gain=gain,
        auc_prior=_estimate(np.array(areas)[:, 0]) if areas else None,
        auc_learned=_estimate(np.array(areas)[:, 1]) if areas else None,
        brier=brier(probability, accepted),
        log_loss=log_loss(probability, accepted),
        reliability=reliability(scores, probability, accepted),
    )


def _estimate(figures: Floats | Sequence[float]) -> Estimate:
    spread = np.var(figures, ddof=1) if len(figures) > 1 else 0.0
    error = np.sqrt((1 / len(figures) + 1 / (_N_PARTS - 1)) * spread)
    return Estimate(float(np.mean(figures)), float(error))
