"""As many students from one region as from the other: one price a student.

A partnership of classes with m_a and m_b students brings d = m_a - m_b more students from the left. The sum of d
over the pairs is one row that a flow cannot hold, so it is priced: with scores w - mu * d the assignment is exact
for each mu, and the sum of d never rises with mu. By Lagrangian duality (Geoffrion 1974) each mu also bounds what
any set of pairs within the tolerance could reach.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from matcher.balance import Counts, Floats
from matcher.flow import inner_dial
from matcher.problem import Problem

_MOST_DOUBLINGS, _MOST_CROSSINGS = 20, 40
# Rounding and tie-breaking of the solver stay below this part of the objective.
_CLOSE = 1e-9


@dataclass(frozen=True)
class StudentBalance:
    """The best choice found whose students are balanced.

    Attributes
    ----------
    mu : price of one student more from the left than from the right, in units of W
    difference : students of the left courses less those of the right ones, over all pairs
    is_within : is the difference within the tolerance
    pairs : (n_pairs, 2) rows and columns, sorted
    quality, imbalance, objective : as in `BalancedAssignment`
    lost_at_most : float >= 0
        No set of pairs within the tolerance, with as few units of minimums missing, has an objective higher than
        ``objective + lost_at_most``.
    quality_before, difference_before : without a price
    """

    mu: float
    difference: float
    is_within: bool
    pairs: Counts
    quality: float
    imbalance: float
    objective: float
    lost_at_most: float
    quality_before: float
    difference_before: float


@dataclass(frozen=True)
class _Trial:
    """The best choice at one price: what it is worth without the price, and its difference of students."""

    mu: float
    chosen: Counts
    difference: float
    objective: float


def balance_students(
    problem: Problem, balance: float, students_left: ArrayLike, students_right: ArrayLike, tolerance: float
) -> StudentBalance:
    """Bring the two regions' students near each other, see `BalancedAssignment.balance_students`."""
    if tolerance < 0.0:
        raise ValueError(f"a tolerance is never negative, not {tolerance}")
    extra = _extra_students(problem, students_left, students_right)
    fit_part = 1.0 - inner_dial(balance)
    network = problem.network()

    def attempt(mu: float) -> _Trial:
        weights = problem.edges.weight - mu * extra
        priced = replace(network, edges=replace(network.edges, weight=weights[~problem.locked]))
        chosen = problem.solve(balance, priced)
        return _Trial(mu, chosen, float(extra[chosen].sum()), problem.objective(chosen, balance))

    def bound(trial: _Trial) -> float:
        # A set within the tolerance has no higher priced objective, and pays or earns mu * tolerance at most.
        return trial.objective - fit_part * (trial.mu * trial.difference - abs(trial.mu) * tolerance)

    plain = attempt(0.0)
    trials = [plain]
    if abs(plain.difference) > tolerance:
        trials += _search(plain, attempt, fit_part, tolerance, _first_price(problem.edges.weight, extra))
    best = min(trials, key=lambda one: (max(abs(one.difference), tolerance), -one.objective, abs(one.mu)))
    return StudentBalance(
        mu=best.mu,
        difference=best.difference,
        is_within=abs(best.difference) <= tolerance,
        pairs=problem.pairs(best.chosen),
        quality=problem.quality(best.chosen),
        imbalance=problem.imbalance(best.chosen),
        objective=best.objective,
        lost_at_most=max(0.0, min(map(bound, trials)) - best.objective),
        quality_before=problem.quality(plain.chosen),
        difference_before=plain.difference,
    )


def _search(
    plain: _Trial, attempt: Callable[[float], _Trial], fit_part: float, tolerance: float, first: float
) -> list[_Trial]:
    """Trials at rising prices until the difference passes the tolerance, then where two of them are worth the
    same (Handler and Zang 1980): when the trial there is worth no more, no price does better."""
    sign = float(np.sign(plain.difference))

    def beyond(trial: _Trial) -> float:
        return sign * trial.difference - tolerance

    low, high = plain, attempt(sign * first)
    trials = [high]
    while beyond(high) > 0.0 and len(trials) < _MOST_DOUBLINGS:
        low, high = high, attempt(2.0 * high.mu)
        trials.append(high)
    for _ in range(_MOST_CROSSINGS if beyond(high) <= 0.0 else 0):
        crossing = (low.objective - high.objective) / (fit_part * (beyond(low) - beyond(high)))
        middle = attempt(sign * crossing)
        trials.append(middle)
        gained = middle.objective - low.objective - fit_part * crossing * (beyond(middle) - beyond(low))
        if gained <= _CLOSE * max(1.0, abs(low.objective)):
            break
        low, high = (middle, high) if beyond(middle) > 0.0 else (low, middle)
    return trials


def _first_price(scores: Floats, extra: Floats) -> float:
    """A price at which one usual difference of class sizes weighs as much as the range of scores."""
    usual = float(np.median(np.abs(extra[extra != 0.0])))
    return (float(np.ptp(scores)) or 1.0) / (2.0 * usual)


def _extra_students(problem: Problem, students_left: ArrayLike, students_right: ArrayLike) -> Floats:
    """Students that each edge brings from the left less those from the right; 0 where one number is unknown."""
    left, right = (np.asarray(students, dtype=np.float64) for students in (students_left, students_right))
    if left.shape != (problem.n_left,) or right.shape != (problem.n_right,):
        raise ValueError(f"numbers of students have the shapes {left.shape} and {right.shape}")
    if (left < 0).any() or (right < 0).any() or np.isinf(left).any() or np.isinf(right).any():
        raise ValueError("a number of students is a finite number, never negative")
    extra = left[problem.order_left][problem.edges.row] - right[problem.order_right][problem.edges.column]
    return np.nan_to_num(extra)
