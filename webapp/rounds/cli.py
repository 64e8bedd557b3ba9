"""Commands about rounds: ``flask --app webapp rounds <command>``."""

from collections.abc import Iterator

import click
import numpy as np
from flask.cli import AppGroup

from matcher.learning import LearnedWeights
from matcher.learning import learn as learn_weights
from matcher.scorer import CompatibilityScorer
from webapp.db import db, reading
from webapp.rounds import answers, queries

commands = AppGroup("rounds", help="What rounds go by.")

_SCORES = (30, 40, 50, 60, 70, 80)


@commands.command("learn")
def learn() -> None:
    """Print what answers teach about the weights, beside the present ones. Changes nothing."""
    with reading():
        outcomes = answers.outcomes_of(queries.answered())
        db.session.rollback()
    present = CompatibilityScorer().weights
    for line in report(learn_weights(outcomes, present)):
        click.echo(line)


def report(learned: LearnedWeights) -> Iterator[str]:
    """Put what was learned into lines of text.

    Parameters
    ----------
    learned
        From the answers, the present weights being its prior.
    """
    yield f"Answers that speak of the fit: {learned.n_answers}, in favour: {learned.n_accepted}."
    for reason, n in learned.set_aside.items():
        yield f"  set aside, {reason}: {n}"
    yield ""
    yield f"{'Criterion':<18}{'present':>9}{'learned':>9}"
    for name, weight in learned.prior.items():
        yield f"{name:<18}{weight:>9.3f}{learned.weights[name]:>9.3f}"
    yield f"Weight moved from one criterion to another: {learned.moved:.3f}."
    yield ""
    yield "Probability that a side accepts, by score:"
    probabilities = learned.calibration.probability(np.array(_SCORES) / 100)
    for score, probability in zip(_SCORES, probabilities, strict=True):
        yield f"  {score:>3} of 100: {probability:.2f}"
    yield ""
    held_out = learned.held_out
    if held_out is None:
        yield "Too few answers to try the learned weights on others than they were learned from."
    else:
        gain, before, after = held_out.gain, held_out.log_loss_prior.mean, held_out.log_loss_learned.mean
        yield f"Log loss of answers held out: present {before:.3f}, learned {after:.3f}."
        yield f"Gain {gain.mean:.3f}, standard error {gain.error:.3f}."
    advice = "They predict better than the present ones." if learned.is_recommended else "The present ones stay."
    yield f"Learned weights are used by nobody yet. {advice}"
