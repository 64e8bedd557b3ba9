"""Scored pairs become partnerships: an exact minimum-cost flow with one dial between fit and balance.

Maximised over the sets of permitted pairs that keep every capacity and cap:

    (1 - balance) * (sum of W over the pairs + bonuses)  -  balance * imbalance

where imbalance is the sum over both sides and their levels (course, institution, country) of the level's
weight times half the chi-square distance of the groups' partnerships from their fair shares. The n-th
partnership of a group costs ``weight * ((n - 1/2) / share - 1)``, more with each n, so parallel arcs of one
unit model it without any error. Groups are nested on each side, hence the constraint matrix is totally
unimodular and the flow is integral (Budish, Che, Kojima and Milgrom, American Economic Review 103(2), 2013).
Minimums come first: the number of partnerships missing below them, over all courses and groups, is the least
possible.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import scipy.sparse as sp
from numpy.typing import ArrayLike

from matcher.balance import Counts, Floats, Labels
from matcher.flow import inner_dial, integer_costs, solve
from matcher.frontier import Frontier, dial_positions, trace_frontier
from matcher.limits import LimitMissed, Limits
from matcher.posing import SideOffer, Wishes, make_problem
from matcher.prices import NodePrices, node_prices
from matcher.problem import Problem
from matcher.student_balance import StudentBalance, balance_students
from matcher.why_not import WhyNot, explain_pair


class BalancedAssignment:
    """Choose partnerships by fit and balance, exactly, for every position of the dial.

    Parameters
    ----------
    balance : 0..1
        0 is the greatest total fit (among equals the most balanced), 1 the greatest balance (among equals the
        best fit).
    theta : 0..1
        How a group's fair share follows what it offers: 1 in proportion, 0 the same for all.
    weights : sequence of floats >= 0, optional
        Weight of the course level and of each coarser level; by default 1 : 2 : 2, divided by their sum.
    everyone_first : bool
        At least one partner for every course before anyone's second: a minimum of one for each course that
        offers a place, beside the minimums given to `fit`.
    least_share : 0..1
        A floor for the worst served: every course and group has a minimum of ``floor(least_share * fair
        share)``, never above its cap.
    first_bonus : float >= 0
        Gain, in units of W, for a course's first partnership, on either side.

    Attributes
    ----------
    pairs_ : (n_pairs, 2) integers, row and column of each partnership, sorted
    quality_ : sum of W over the pairs
    imbalance_ : the imbalance above, without its factor ``balance``
    objective_ : the objective above, with `dial_` for ``balance``
    dial_ : the dial as the solver has it, a few millionths inside its ends, so that ties are broken
    unmet_ : (n_left + n_right,) integers, left courses first
        Partnerships each course stays below its guaranteed minimum; all zeros when none was asked or all are
        met.
    unmet_groups_ : tuple of LimitMissed
        Groups below their minimum, or brought above their cap by locked pairs.
    resolution_ : float > 0
        The smallest difference of scores that the solver is sure to see, in units of W.

    Raises
    ------
    ValueError
        From the constructor or from `fit`, for values out of range, wrong shapes or groups that are not
        nested.
    """

    def __init__(
        self,
        balance: float = 0.0,
        theta: float = 1.0,
        weights: Sequence[float] | None = None,
        everyone_first: bool = False,
        least_share: float = 0.0,
        first_bonus: float = 0.0,
    ) -> None:
        for name, value in (("balance", balance), ("theta", theta), ("least_share", least_share)):
            if not 0.0 <= value <= 1.0:
                raise ValueError(f"{name} is a number from 0 to 1, not {value}")
        if weights is not None and min(weights, default=0.0) < 0.0:
            raise ValueError("level weights are never negative")
        if first_bonus < 0.0:
            raise ValueError("a bonus for the first partner is never negative")
        self.balance = balance
        self.theta = theta
        self.weights = weights
        self.everyone_first = everyone_first
        self.least_share = least_share
        self.first_bonus = first_bonus
        self.pairs_: Counts = np.empty((0, 2), dtype=np.int64)
        self.quality_: float = 0.0
        self.imbalance_: float = 0.0
        self.objective_: float = 0.0
        self.dial_: float = inner_dial(balance)
        self.unmet_: Counts = np.empty(0, dtype=np.int64)
        self.unmet_groups_: tuple[LimitMissed, ...] = ()
        self.resolution_: float = 0.0
        self._problem: Problem | None = None
        self._chosen: Counts = np.empty(0, dtype=np.int64)
        self._prices: NodePrices | None = None

    def fit(
        self,
        W: sp.sparray | sp.spmatrix,
        capacity_left: ArrayLike,
        capacity_right: ArrayLike,
        groups_left: Sequence[Labels] | None = None,
        groups_right: Sequence[Labels] | None = None,
        minimum_left: ArrayLike | None = None,
        minimum_right: ArrayLike | None = None,
        ids_left: Sequence[str] | None = None,
        ids_right: Sequence[str] | None = None,
        locked: ArrayLike | None = None,
        forbidden: ArrayLike | None = None,
        limits_left: Sequence[Mapping[object, Limits]] | None = None,
        limits_right: Sequence[Mapping[object, Limits]] | None = None,
    ) -> "BalancedAssignment":
        """Find the partnerships.

        Parameters
        ----------
        W : sparse (n_left, n_right)
            Score of each permitted pair. What is stored is permitted, also a stored zero or a negative
            number.
        capacity_left, capacity_right : integers >= 0, one a course or one for all
        groups_left, groups_right : label arrays from fine to coarse; the course level is implied
        minimum_left, minimum_right : integers >= 0, one a course or one for all
            Partnerships to be given before anything else counts; never makes the problem infeasible, see
            `unmet_`.
        ids_left, ids_right : distinct strings, optional
            Break ties by these names, so that the order of rows and columns cannot change the pairs; without
            them ties are broken by position.
        locked, forbidden : integers (n, 2), optional
            Rows and columns a coordinator decided on. Forbidden pairs are taken out of W. Locked pairs must be
            stored in W; they are made before minimums, fit and balance, and count in all of them. They may bring
            a group above its cap, which is reported in `unmet_groups_`, and never a course above its capacity.
        limits_left, limits_right : one mapping from labels to Limits for each array of ``groups_left`` or
            ``groups_right``, optional
            Minimums and caps of groups; courses have theirs in ``minimum_*`` and ``capacity_*``. A group with no
            course in the market is not an error: its minimum is reported as missed.

        Raises
        ------
        ValueError
            For wrong shapes and values out of range; for a locked pair that is not stored, forbidden too, or
            more locked pairs of a course than it has places.
        """
        wishes = Wishes(self.theta, self.weights, self.everyone_first, self.least_share, self.first_bonus)
        problem = make_problem(
            W,
            SideOffer(capacity_left, groups_left, minimum_left, ids_left, limits_left),
            SideOffer(capacity_right, groups_right, minimum_right, ids_right, limits_right),
            wishes,
            locked,
            forbidden,
        )
        network = problem.network()
        costs = integer_costs(network, self.dial_)
        chosen = problem.with_locked(solve(network, costs))
        self._problem, self._chosen, self._prices = problem, chosen, None
        self.pairs_ = problem.pairs(chosen)
        self.quality_ = problem.quality(chosen)
        self.imbalance_ = problem.imbalance(chosen)
        self.objective_ = problem.objective(chosen, self.balance)
        self.unmet_ = problem.unmet(chosen)
        self.unmet_groups_ = problem.unmet_groups(chosen)
        self.resolution_ = costs.resolution
        return self

    def prices(self) -> tuple[Floats, Floats]:
        """Prices of the courses, (n_left,) and (n_right,), in units of W.

        A pair that W does not store can raise the objective only if its score is more than
        ``prices_left[row] + prices_right[column] + resolution_``, see `matcher.prices`. Where
        minimums are missed this holds for scores from -1 to 1, or in the range of the stored ones if that is
        wider. The price of a course that can take no partner at all is ``numpy.inf``.
        """
        problem, prices = self._market(), self._node_prices()
        left, right = np.empty(problem.n_left), np.empty(problem.n_right)
        left[problem.order_left] = prices.left[: problem.n_left]
        right[problem.order_right] = prices.right[: problem.n_right]
        return left, right

    def bound(self, rows: ArrayLike, columns: ArrayLike, scores: ArrayLike) -> float:
        """An upper bound on `objective_` if more pairs were permitted; with no pair above its prices it is
        `objective_` but for rounding.

        Each left course a with k_a places can gain at most its k_a largest differences between score and
        prices. A valid bound with unmet minimums too, if a loose one.

        Parameters
        ----------
        rows, columns, scores : (n,) each
            For each row its pairs with the largest differences, at least as many as it has places; pairs
            below their prices may be left out.
        """
        problem = self._market()
        left, right = self.prices()
        row = np.asarray(rows, dtype=np.int64)
        gain = np.asarray(scores, dtype=np.float64) - left[row] - right[np.asarray(columns, dtype=np.int64)]
        best_first = np.lexsort((-gain, row))
        row, gain = row[best_first], np.maximum(gain[best_first], 0.0)
        n_before = np.arange(len(row)) - np.searchsorted(row, row)
        capacity = np.empty(problem.n_left, dtype=np.int64)
        capacity[problem.order_left] = problem.left.caps[0] - problem.left.taken[0]
        counted = float(gain[n_before < capacity[row]].sum())
        # What rounding and tie-breaking can hide, at both the optimum and the solution found.
        n_units = int(min(side.caps[0].sum() for side in (problem.left, problem.right)))
        return self.objective_ + (1.0 - self.dial_) * (counted + 2.0 * self.resolution_ * n_units)

    def frontier(
        self,
        positions: int | Sequence[float] = 11,
        level_names: Sequence[str] = ("course", "institution", "country", "region"),
    ) -> Frontier:
        """What other positions of the dial give for the market of `fit`, all else being the same.

        Parameters
        ----------
        positions : int >= 2, evenly spaced from 0 to 1, or the positions themselves
        level_names : names of the levels in the reports, courses first
        """
        return trace_frontier(self._market(), dial_positions(positions), level_names)

    def why_not(self, row: int, column: int, score: float | None = None) -> WhyNot:
        """What stands between a pair and being proposed, and what forcing it would cost.

        Parameters
        ----------
        row, column : positions of the two courses
        score : assumed instead of the stored one; without it a pair that is not stored has no cost of forcing

        Raises
        ------
        ValueError
            If a position is outside the market.
        """
        problem = self._market()
        if not (0 <= row < problem.n_left and 0 <= column < problem.n_right):
            raise ValueError(f"the pair ({row}, {column}) is outside the market")
        return explain_pair(problem, self._node_prices(), self._chosen, self.balance, (row, column), score)

    def balance_students(
        self, students_left: ArrayLike, students_right: ArrayLike, tolerance: float = 0.0
    ) -> StudentBalance:
        """Choose again so that about as many students come from the left as from the right.

        Parameters
        ----------
        students_left, students_right : class sizes (n_left,) and (n_right,), NaN where unknown
            A pair with an unknown size counts as even.
        tolerance : students >= 0

        Raises
        ------
        ValueError
            For other shapes and negative numbers.
        """
        return balance_students(self._market(), self.balance, students_left, students_right, tolerance)

    def _market(self) -> Problem:
        """The problem of the last `fit`.

        Raises
        ------
        RuntimeError
            If there was none.
        """
        if self._problem is None:
            raise RuntimeError("fit comes first")
        return self._problem

    def _node_prices(self) -> NodePrices:
        """Prices of all nodes, worked out when first asked for."""
        if self._prices is None:
            problem = self._market()
            network = problem.network()
            chosen = np.flatnonzero(np.isin(np.flatnonzero(~problem.locked), self._chosen))
            self._prices = node_prices(network, integer_costs(network, self.dial_), chosen)
        return self._prices
