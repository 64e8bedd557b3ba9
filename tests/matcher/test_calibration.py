"""From scores to probabilities: a curve that never falls, near its prior on little, near the truth on much."""

import json
from typing import Any

import numpy as np
import pytest

from matcher.calibration import Calibration, brier, log_loss, reliability


@pytest.mark.parametrize("n", [0, 30, 900, 3000])
def test_probabilities_never_fall_with_the_score_and_are_never_certain(n: int) -> None:
    drawn = np.random.default_rng(n)
    scores = drawn.beta(4, 4, n)
    calibration = Calibration.fit(scores, (drawn.random(n) < scores**2).astype(float))
    probability = calibration.probability(np.linspace(0, 1, 201))
    assert (np.diff(probability) >= 0).all()
    assert 0 < probability[0] < 0.4 < probability[-1] < 1
    assert bool(calibration.points) == (n > 1000)
    assert Calibration.from_dict(json.loads(json.dumps(calibration.to_dict()))) == calibration


@pytest.mark.parametrize("n", [900, 20_000])
def test_calibration_finds_the_true_curve_and_few_answers_stay_near_its_prior(n: int) -> None:
    drawn = np.random.default_rng(1)
    scores, at = drawn.uniform(0.2, 0.8, n), np.array([0.3, 0.5, 0.7])
    truth = Calibration(8, 0.6)
    accepted = (drawn.random(n) < truth.probability(scores)).astype(float)
    assert Calibration.fit(scores, accepted).probability(at) == pytest.approx(truth.probability(at), abs=0.06)
    for n_yes, most in ((1, 0.11), (3, 0.24)):
        raised = Calibration.fit(scores[:n_yes], np.ones(n_yes)).probability(at) - Calibration().probability(at)
        assert (raised > 0.02).all()
        assert (raised < most).all()


def test_the_slope_of_answers_against_the_score_is_none_and_not_negative() -> None:
    scores = np.linspace(0, 1, 400)
    assert Calibration.fit(scores, (scores < 0.5).astype(float)).slope == 0


def test_brier_score_and_log_loss_are_those_of_the_books_and_small_groups_are_not_shown() -> None:
    probability, accepted = np.array([0.9, 0.4]), np.array([1.0, 0.0])
    assert brier(probability, accepted) == pytest.approx((0.01 + 0.16) / 2)
    assert log_loss(probability, accepted) == pytest.approx(-(np.log(0.9) + np.log(0.6)) / 2)
    few = np.linspace(0, 1, 40)
    assert reliability(few, few, few.round()) == ()
    assert len(reliability(np.linspace(0, 1, 60), np.ones(60), np.ones(60))) == 10


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"slope": -1.0}, "slope: -1.0"),
        ({"offset": float("nan")}, "offset: nan"),
        ({"points": ((0.2, 0.5), (0.4, 0.3))}, "points: scores and probabilities must rise"),
        ({"points": ((0.2, 0.5), (0.4, 1.3))}, "within 0..1"),
    ],
)
def test_a_curve_that_cannot_be_is_refused_by_name(given: dict[str, Any], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        Calibration(**given)
