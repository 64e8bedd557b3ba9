"""Weights learned from answers: they find the truth, hardly move on little, and ignore what is not about fit."""

import json
import random
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from matcher.calibration import Calibration
from matcher.datasets import make_profiles
from matcher.embedders import HashedNgrams
from matcher.learning import LearnedWeights, learn, scores_and_slopes
from matcher.outcomes import (
    NO_ANSWER,
    SPEAKS_OF_FIT,
    Answer,
    AnswerKind,
    Observations,
    Outcome,
    OutcomeError,
    last_word,
)
from matcher.scorer import DEFAULT_WEIGHTS, CompatibilityScorer
from matcher.text import TextEncoder
from webapp.matches.labels import COUNTS_AGAINST_FIT, DECLINE_REASONS

NAMES = tuple(DEFAULT_WEIGHTS)
PRIOR = learn([]).prior
YES, NO, SILENCE = Answer(AnswerKind.ACCEPTED), Answer(AnswerKind.DECLINED, "topic"), Answer(AnswerKind.NONE)
NO_TIME = Answer(AnswerKind.DECLINED, "no_time")
# Lecturers who care less for the topic than the experts thought, and more for level and class size.
TRUE = {**DEFAULT_WEIGHTS, "topic": 0.12, "level": 0.2, "class_size": 0.18, "live_hours": 0.17}


def _pairs(n_answers: int, true: dict[str, float], seed: int = 0) -> list[Outcome]:
    """Pairs with random values, a fifth of them unknown, answered by both sides as the true weights have it."""
    drawn = np.random.default_rng(seed)
    values = drawn.beta(1.5, 1.5, (n_answers // 2, len(NAMES)))
    confidences = (drawn.random(values.shape) < 0.8).astype(float)
    weights = np.array([true[name] for name in NAMES]) / sum(true.values())
    empty = np.zeros(len(values))
    seen = Observations(values, confidences, empty, empty, empty.astype(np.intp))
    probability = Calibration(10, -0.5).probability(scores_and_slopes(seen, weights)[0])
    says_yes = drawn.random((len(values), 2)) < probability[:, None]
    return [
        Outcome(
            (f"a{at}", f"b{at}"),
            {name: v if c else None for name, v, c in zip(NAMES, values[at], confidences[at], strict=True)},
            dict(zip(NAMES, confidences[at].tolist(), strict=True)),
            YES if says_yes[at, 0] else NO,
            YES if says_yes[at, 1] else NO,
        )
        for at in range(len(values))
    ]


def _apart(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """Share of the weight that differs."""
    return sum(abs(one[name] / sum(one.values()) - other[name] / sum(other.values())) for name in NAMES) / 2


def _outcome(**changes: Any) -> Outcome:
    given: dict[str, Any] = {
        "pair": ("a", "b"),
        "values": {"topic": 0.9, "level": None},
        "confidences": {"topic": 1.0, "level": 0.0},
        "answer_a": YES,
        "answer_b": NO,
    }
    return Outcome(**given | changes)


def _one_sided(n: int, **answers: Any) -> list[Outcome]:
    """Pairs of which those alike in level and unlike in class size are accepted, and the reverse declined."""
    alike = _outcome(values={"level": 0.9, "class_size": 0.1}, confidences={"level": 1.0, "class_size": 1.0})
    unlike = replace(alike, values={"level": 0.1, "class_size": 0.9}, answer_a=NO, answer_b=NO)
    fitting = replace(alike, **{"answer_a": YES, "answer_b": YES} | answers)
    return [replace((fitting, unlike)[at % 2], pair=(f"a{at}", f"b{at}")) for at in range(n)]


def test_without_answers_the_expert_weights_stay_exactly_as_they_are() -> None:
    for outcomes in ([], [_outcome(answer_a=SILENCE, answer_b=NO_TIME)] * 100):
        learned = learn(outcomes)
        assert learned.weights == learned.prior
        assert CompatibilityScorer(learned.prior, TextEncoder(HashedNgrams())).weights == learned.prior
        assert learned.calibration == Calibration()
        assert learned.moved == 0
        assert learned.held_out is None


# With 0.20 to 0.25 to go. Means over seeds, so that one lucky draw decides nothing.
@pytest.mark.parametrize(("n", "least", "most"), [(10, 0.002, 0.03), (50, 0.01, 0.08), (1000, 0.12, 0.25)])
def test_few_answers_hardly_move_the_weights(n: int, least: float, most: float) -> None:
    moved = [learn(_pairs(n, TRUE, seed)).moved for seed in range(4)]
    assert least < np.mean(moved) < most


def test_more_answers_come_closer_to_the_true_weights_and_never_blow_up() -> None:
    left = [
        np.mean([_apart(learn(_pairs(n, TRUE, seed)).weights, TRUE) for seed in range(2)]) for n in (200, 1000, 4000)
    ]
    assert _apart(PRIOR, TRUE) > 0.2
    assert left == sorted(left, reverse=True)
    assert left[-1] < 0.05


def test_where_the_experts_were_right_answers_do_not_lead_astray() -> None:
    assert learn(_pairs(5000, dict(DEFAULT_WEIGHTS))).moved < 0.04


@pytest.mark.parametrize("answer", [YES, NO])
def test_a_thousand_equal_answers_give_weights_that_a_scorer_takes(answer: Answer) -> None:
    outcomes = [replace(one, answer_a=answer, answer_b=answer) for one in _pairs(1000, TRUE)]
    learned = learn(outcomes)
    assert sum(learned.weights.values()) == pytest.approx(1)
    assert all(0 < weight < 1 for weight in learned.weights.values())
    assert learned.moved < 0.2
    assert learned.held_out is not None
    assert learned.held_out.auc_prior is None
    json.dumps(learned.to_dict(), allow_nan=False)
    scorer = CompatibilityScorer(learned.weights, encoder=TextEncoder(HashedNgrams()))
    assert scorer.weights == pytest.approx(dict(learned.weights))


def test_what_is_high_in_accepted_and_low_in_declined_pairs_gains_and_its_reverse_loses() -> None:
    learned = [learn(_one_sided(n)).weights for n in (4, 20, 100)]
    gained = [PRIOR["level"], *(weights["level"] for weights in learned)]
    lost = [PRIOR["class_size"], *(weights["class_size"] for weights in learned)]
    assert gained == sorted(set(gained))
    assert lost == sorted(set(lost), reverse=True)


def test_what_is_unknown_about_every_pair_keeps_its_place_among_the_weights() -> None:
    outcomes = [
        replace(one, values={**one.values, "goals": None}, confidences={**one.confidences, "goals": 0.0})
        for one in _pairs(400, TRUE)
    ]
    without = learn(
        [replace(one, values=_left_out(one.values), confidences=_left_out(one.confidences)) for one in outcomes]
    )
    assert learn(outcomes) == without
    assert without.weights["goals"] == pytest.approx(PRIOR["goals"], rel=0.25)


def _left_out(table: Mapping[str, Any]) -> dict[str, Any]:
    return {name: number for name, number in table.items() if name != "goals"}


def test_refusals_for_reasons_other_than_fit_change_nothing() -> None:
    outcomes = _pairs(100, TRUE)
    others = [*sorted(code for code, about_fit in SPEAKS_OF_FIT.items() if not about_fit), "a_code_to_come", ""]
    noise = [
        replace(one, answer_a=Answer(AnswerKind.DECLINED, code), answer_b=SILENCE)
        for code in others
        for one in _pairs(40, TRUE, seed=7)
    ]
    learned, plain = learn([*outcomes, *noise]), learn(outcomes)
    assert plain.moved > 0
    assert replace(learned, set_aside={}) == plain
    assert learned.set_aside["no_time"] == learned.set_aside["a_code_to_come"] == learned.set_aside["no_reason"] == 20
    assert learned.set_aside[NO_ANSWER] == 20 * len(others)


def test_reasons_speak_of_fit_exactly_where_the_pages_say_so() -> None:
    assert DECLINE_REASONS.keys() <= SPEAKS_OF_FIT.keys()
    assert {code for code, is_about_fit in SPEAKS_OF_FIT.items() if is_about_fit} == COUNTS_AGAINST_FIT


@pytest.mark.parametrize(
    ("given", "expected"),
    [([], SILENCE), ([NO_TIME], NO_TIME), ([YES, NO_TIME], YES), ([YES, NO, NO_TIME], NO), ([NO, YES], YES)],
)
def test_the_last_word_about_fit_counts_whatever_came_after_it(given: list[Answer], expected: Answer) -> None:
    assert last_word(given) == expected


def test_a_completed_exchange_says_more_than_two_acceptances() -> None:
    accepted, completed = learn(_one_sided(20)), learn(_one_sided(20, answer_a=SILENCE, is_completed=True))
    assert completed.weights["level"] > accepted.weights["level"] > PRIOR["level"]
    assert completed.n_accepted == accepted.n_accepted == 20
    assert not completed.set_aside


def test_the_order_of_outcomes_and_of_sides_makes_no_difference() -> None:
    outcomes = _pairs(200, TRUE)
    turned = [replace(one, pair=one.pair[::-1], answer_a=one.answer_b, answer_b=one.answer_a) for one in outcomes]
    random.Random(3).shuffle(turned)
    assert learn(turned) == learn(outcomes) == learn(iter(outcomes))


def test_the_score_learned_from_is_the_score_shown_and_its_slopes_are_right() -> None:
    scorer = CompatibilityScorer(encoder=TextEncoder(HashedNgrams()))
    profiles = make_profiles(12)
    weights = np.array(list(scorer.weights.values()))
    for a, b in zip(profiles[::2], profiles[1::2], strict=True):
        explanation = scorer.explain(a, b)
        seen, _ = Observations.of([Outcome.of((a.id, b.id), explanation, YES, SILENCE)], tuple(scorer.weights))
        scores, slopes = scores_and_slopes(seen, weights)
        assert scores.tolist() == pytest.approx([explanation.score], abs=1e-6)
        # Along directions that keep the sum of the weights, as on the path the minimiser takes.
        step = 1e-6 * (np.eye(len(weights)) - 1 / len(weights))
        numeric = [(scores_and_slopes(seen, weights + d)[0][0] - scores[0]) / 1e-6 for d in step]
        assert slopes[0] - slopes[0].mean() == pytest.approx(np.array(numeric), abs=1e-5)


def test_learned_weights_are_recommended_only_where_they_predict_better() -> None:
    better, same = learn(_pairs(2000, TRUE)), learn(_pairs(2000, dict(DEFAULT_WEIGHTS)))
    assert better.held_out is not None
    assert same.held_out is not None
    assert better.is_recommended
    assert better.in_use == better.weights
    assert better.held_out.gain.mean > 2 * better.held_out.gain.error
    assert better.held_out.auc_prior is not None
    assert better.held_out.auc_learned is not None
    assert better.held_out.auc_learned.mean > better.held_out.auc_prior.mean + 0.02
    assert not same.is_recommended
    assert same.in_use == same.prior
    assert learn(_pairs(48, TRUE)).held_out is None


def test_answers_about_one_pair_never_stand_on_both_sides_of_a_split() -> None:
    # One hundred answers, but about four pairs only: nothing could be held out.
    outcomes = [replace(one, pair=(f"a{at % 4}", "b")) for at, one in enumerate(_pairs(100, TRUE))]
    assert learn(outcomes).held_out is None
    five = learn([replace(one, pair=(f"a{at % 5}", "b")) for at, one in enumerate(_pairs(100, TRUE))])
    assert five.held_out is not None
    assert five.held_out.n_pairs == 5


def test_held_out_figures_tell_how_far_probabilities_can_be_trusted() -> None:
    held_out = learn(_pairs(2000, TRUE)).held_out
    assert held_out is not None
    assert 0.1 < held_out.brier < 0.25
    assert held_out.log_loss < np.log(2)
    assert sum(row.n for row in held_out.reliability) == 2000
    assert all(abs(row.expected - row.accepted) < 0.12 for row in held_out.reliability)
    assert [row.score_from for row in held_out.reliability] == sorted(row.score_from for row in held_out.reliability)


def test_learned_weights_survive_json() -> None:
    for n in (0, 10, 1200):
        learned = learn(_pairs(n, TRUE))
        assert LearnedWeights.from_dict(json.loads(json.dumps(learned.to_dict(), allow_nan=False))) == learned


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"values": {"topic": 1.2, "level": None}}, "values: topic is 1.2"),
        ({"values": {"topic": float("nan"), "level": None}}, "values: topic is nan"),
        ({"confidences": {"topic": -0.1, "level": 0.0}}, "confidences: topic is -0.1"),
        ({"confidences": {"topic": 1.0, "level": 0.5}}, "confidences: level is 0.5, but"),
        ({"confidences": {"topic": 1.0}}, "confidences: level stands in only one"),
        ({"pair": ("a", "a")}, "pair: two different ids"),
        ({"pair": ("", "b")}, "pair: two different ids"),
        ({"is_completed": True}, "answer_b: declined, but"),
    ],
)
def test_what_cannot_be_is_refused_by_name(changes: dict[str, Any], named: str) -> None:
    with pytest.raises(OutcomeError, match=named):
        _outcome(**changes)


def test_a_reason_without_a_refusal_and_an_impossible_prior_are_refused() -> None:
    with pytest.raises(OutcomeError, match="reason: 'topic'"):
        Answer(AnswerKind.ACCEPTED, "topic")
    for prior in ({"topic": -1.0, "level": 2.0}, {"topic": 0.0}, {"topic": float("nan")}):
        with pytest.raises(ValueError, match="prior: weights"):
            learn([], prior)
    assert learn(_pairs(20, TRUE), {"topic": 1.0, "level": 1.0, "field": 0.0}).weights["field"] == 0
