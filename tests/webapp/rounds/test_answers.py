"""What lecturers and offices answered, as the matcher learns from it."""

import numpy as np
import pytest
from flask import Flask

from matcher.learning import learn
from matcher.outcomes import SPEAKS_OF_FIT, Answer, AnswerKind, Outcome
from matcher.scorer import DEFAULT_WEIGHTS
from tests.webapp.matches.conftest import Scene, make_scene
from tests.webapp.matches.samples import explanation
from webapp.db import db
from webapp.matches.labels import COUNTS_AGAINST_FIT, DECLINE_REASONS
from webapp.matches.lifecycle import Action, Side, State
from webapp.rounds import answers, queries
from webapp.rounds.cli import report

ACCEPTED, NONE = Answer(AnswerKind.ACCEPTED), Answer(AnswerKind.NONE)


@pytest.fixture
def scene(context: Flask) -> Scene:
    """A match with a full explanation, and the people around it."""
    made = make_scene()
    made.match.explanation = explanation()
    db.session.commit()
    return made


def sides(scene: Scene) -> tuple[Answer, Answer]:
    return answers.answer_of(scene.match, Side.A), answers.answer_of(scene.match, Side.B)


def test_both_tables_of_reasons_agree_on_what_counts_against_the_fit() -> None:
    assert set(DECLINE_REASONS) <= set(SPEAKS_OF_FIT)
    assert {code for code in DECLINE_REASONS if SPEAKS_OF_FIT[code]} == COUNTS_AGAINST_FIT


@pytest.mark.parametrize("reason", sorted(set(DECLINE_REASONS) - {"institution_rules"}))
def test_a_reason_counts_against_the_fit_only_if_it_is_about_the_pair(scene: Scene, reason: str) -> None:
    scene.act(Action.ACCEPT, scene.mai)
    scene.act(Action.DECLINE, scene.rui, reason, "so it is")
    assert sides(scene) == (ACCEPTED, Answer(AnswerKind.DECLINED, reason))
    learned = learn(answers.outcomes_of(queries.answered()))
    if reason in COUNTS_AGAINST_FIT:
        assert (learned.n_answers, learned.n_accepted, learned.set_aside) == (2, 1, {})
    else:
        assert (learned.n_answers, learned.n_accepted, learned.set_aside) == (1, 1, {reason: 1})


def test_a_match_nobody_has_answered_is_left_out_until_its_time_is_over(scene: Scene) -> None:
    assert answers.outcomes_of([scene.match]) == []
    scene.act(Action.MAYBE, scene.mai)
    assert answers.outcomes_of([scene.match]) == []
    scene.act(Action.EXPIRE, None)
    (outcome,) = answers.outcomes_of([scene.match])
    assert (outcome.answer_a, outcome.answer_b) == (NONE, NONE)
    assert outcome.values == {"topic": 0.9, "language": 0.8, "class_size": None}
    assert outcome.confidences == {"topic": 1.0, "language": 1.0, "class_size": 0.0}


def test_who_found_the_partner_fitting_and_later_has_no_time_still_found_them_fitting(scene: Scene) -> None:
    scene.go_to(State.ACCEPTED)
    scene.act(Action.WITHDRAW, scene.mai, "no_time")
    assert sides(scene) == (ACCEPTED, ACCEPTED)


def test_an_offices_word_about_the_pair_is_its_sides_answer(scene: Scene) -> None:
    scene.go_to(State.ACCEPTED)
    scene.act(Action.APPROVE, scene.office_a)
    scene.act(Action.DECLINE, scene.office_b, "level")
    assert sides(scene) == (ACCEPTED, Answer(AnswerKind.DECLINED, "level"))


def test_an_exchange_taught_to_its_end_speaks_for_both(scene: Scene) -> None:
    scene.go_to(State.COMPLETED)
    (outcome,) = answers.outcomes_of([scene.match])
    assert outcome.is_completed


def test_accepting_ones_own_invitation_is_no_answer(scene: Scene) -> None:
    scene.match.invited_by = scene.mai
    db.session.flush()
    scene.act(Action.ACCEPT, scene.mai)
    scene.act(Action.ACCEPT, scene.rui)
    assert sides(scene) == (NONE, ACCEPTED)
    scene.act(Action.RETURN, scene.office_a, "details_missing", "Which credits?")
    scene.act(Action.ACCEPT, scene.mai)
    assert sides(scene) == (ACCEPTED, ACCEPTED), "after a return everybody is asked"


def test_a_match_without_the_parts_of_its_score_teaches_nothing(scene: Scene) -> None:
    scene.match.explanation = {}
    scene.go_to(State.ACCEPTED)
    assert answers.outcomes_of([scene.match]) == []


def test_the_command_prints_learned_weights_beside_the_present_ones_and_changes_nothing(app: Flask) -> None:
    with app.app_context():
        scene = make_scene()
        scene.match.explanation = explanation()
        scene.act(Action.ACCEPT, scene.mai)
        scene.act(Action.DECLINE, scene.rui, "topic")
        db.session.commit()
        version = scene.match.version
    said = app.test_cli_runner().invoke(args=["rounds", "learn"])
    assert said.exit_code == 0
    lines = said.output.splitlines()
    assert lines[0] == "Answers that speak of the fit: 2, in favour: 1."
    assert [line.split()[0] for line in lines if line.split()[:1] and line.split()[0] in DEFAULT_WEIGHTS] == list(
        DEFAULT_WEIGHTS
    )
    (topic,) = [line.split() for line in lines if line.startswith("topic")]
    assert float(topic[1]) == pytest.approx(DEFAULT_WEIGHTS["topic"], abs=0.001)
    assert "Too few answers" in said.output
    assert "The present ones stay." in said.output
    with app.app_context():
        assert queries.answered()[0].version == version


def test_with_enough_answers_the_report_says_how_they_did_on_others() -> None:
    rng = np.random.default_rng(0)
    outcomes = []
    for n in range(60):
        good = bool(rng.random() < 0.5)
        values = {"topic": 0.9 if good else 0.2, "language": float(rng.random())}
        answer = ACCEPTED if good else Answer(AnswerKind.DECLINED, "topic")
        outcomes.append(Outcome((f"a{n}", f"b{n}"), values, dict.fromkeys(values, 1.0), answer, answer))
    learned = learn(outcomes, {"topic": 0.2, "language": 0.8})
    text = "\n".join(report(learned))
    assert "Log loss of answers held out: present" in text
    assert "They predict better than the present ones." in text
    assert learned.weights["topic"] > learned.prior["topic"]
