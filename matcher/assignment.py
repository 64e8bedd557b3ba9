"""Scored pairs become partnerships: an exact minimum-cost flow with one dial between fit and balance.

Maximised over the sets of permitted pairs that keep every capacity:

    (1 - balance) * sum of W over the pairs  -  balance * imbalance

where imbalance is the sum over both sides and their levels (course, institution, country) of the level's
weight times half the chi-square distance of the groups' partnerships from their fair shares. The n-th
partnership of a group costs ``weight * ((n - 1/2) / share - 1)``, more with each n, so parallel arcs of one
unit model it without any error. Groups are nested on each side, hence the constraint matrix is totally
unimodular and the flow is integral (Budish, Che, Kojima and Milgrom, American Economic Review 103(2), 2013).
"""

from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
import scipy.sparse as sp
from numpy.typing import ArrayLike, NDArray

from matcher.balance import Counts, GroupLevel, Labels, group_levels, level_weights
from matcher.flow import Edges, Side, choose


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

    Attributes
    ----------
    pairs_ : (n_pairs, 2) integers, row and column of each partnership, sorted
    quality_ : sum of W over the pairs
    imbalance_ : the imbalance above, without its factor ``balance``
    unmet_ : (n_left + n_right,) integers, left courses first
        Partnerships each course stays below its guaranteed minimum; all zeros when none was asked or all are
        met.

    Raises
    ------
    ValueError
        From the constructor or from `fit`, for values out of range, wrong shapes or groups that are not
        nested.
    """

    def __init__(self, balance: float = 0.0, theta: float = 1.0, weights: Sequence[float] | None = None) -> None:
        if not 0.0 <= balance <= 1.0:
            raise ValueError(f"balance is a number from 0 to 1, not {balance}")
        if not 0.0 <= theta <= 1.0:
            raise ValueError(f"theta is a number from 0 to 1, not {theta}")
        if weights is not None and min(weights, default=0.0) < 0.0:
            raise ValueError("level weights are never negative")
        self.balance = balance
        self.theta = theta
        self.weights = weights
        self.pairs_: Counts = np.empty((0, 2), dtype=np.int64)
        self.quality_: float = 0.0
        self.imbalance_: float = 0.0
        self.unmet_: Counts = np.empty(0, dtype=np.int64)

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
        """
        if not sp.issparse(W):
            raise ValueError("W is a scipy sparse array: what it stores are the permitted pairs")
        scores = sp.csr_array(W, dtype=np.float64)
        scores.sum_duplicates()
        if not np.isfinite(scores.data).all():
            raise ValueError("W holds a score that is not a finite number")
        n_left, n_right = scores.shape
        # The solver meets the courses in the order of their ids, whatever order they came in.
        order_left, order_right = _order(ids_left, n_left), _order(ids_right, n_right)
        capacities = (
            _whole(capacity_left, n_left, "capacity")[order_left],
            _whole(capacity_right, n_right, "capacity")[order_right],
        )
        n_places = float(min(capacities[0].sum(), capacities[1].sum()))
        left = Side(
            capacities[0],
            _whole(minimum_left, n_left, "minimum")[order_left],
            self._levels(capacities[0], groups_left or (), order_left, n_places),
        )
        right = Side(
            capacities[1],
            _whole(minimum_right, n_right, "minimum")[order_right],
            self._levels(capacities[1], groups_right or (), order_right, n_places),
        )
        edges = _edges(scores, order_left, order_right, ids_left, ids_right)
        chosen = choose(edges, left, right, self.balance)
        rows, columns = edges.row[chosen], edges.column[chosen]
        self.imbalance_ = sum(
            level.weight * level.imbalance(courses)
            for side, courses in ((left, rows), (right, columns))
            for level in side.levels
        )
        pairs = np.stack([order_left[rows], order_right[columns]], axis=1)
        sequence = np.lexsort((pairs[:, 1], pairs[:, 0]))
        self.pairs_ = pairs[sequence]
        self.quality_ = float(edges.weight[chosen].sum())
        self.unmet_ = np.zeros(n_left + n_right, dtype=np.int64)
        self.unmet_[order_left] = _missing(left, rows)
        self.unmet_[n_left + order_right] = _missing(right, columns)
        return self

    def _levels(
        self, capacity: Counts, groups: Sequence[Labels], order: Counts, n_places: float
    ) -> tuple[GroupLevel, ...]:
        weights = self.weights if self.weights is not None else level_weights(len(groups))
        for labels in groups:
            if len(labels) != len(order):
                raise ValueError(f"a group level has {len(labels)} labels for {len(order)} courses")
        ordered = [np.asarray(labels)[order] for labels in groups]
        return group_levels(capacity, ordered, n_places, self.theta, weights)


def _whole(values: ArrayLike | None, n: int, what: str) -> Counts:
    array = np.asarray(0 if values is None else values)
    if array.size and not np.array_equal(array, array.astype(np.int64)):
        raise ValueError(f"each {what} is a whole number")
    if array.ndim and array.shape != (n,):
        raise ValueError(f"{what} has the shape {array.shape}, the courses ({n},)")
    whole = np.broadcast_to(array.astype(np.int64), (n,)).copy()
    if (whole < 0).any():
        raise ValueError(f"no {what} is negative")
    return whole


def _missing(side: Side, courses: Counts) -> Counts:
    given = np.bincount(courses, minlength=len(side.capacity))
    missing: Counts = np.maximum(side.minimum - given, 0)
    return missing


def _order(ids: Sequence[str] | None, n: int) -> Counts:
    if ids is None:
        return np.arange(n, dtype=np.int64)
    if len(ids) != n or len(set(ids)) != n:
        raise ValueError(f"{n} distinct ids are needed")
    return np.array(sorted(range(n), key=lambda i: ids[i]), dtype=np.int64)


def _edges(
    scores: sp.csr_array,
    order_left: Counts,
    order_right: Counts,
    ids_left: Sequence[str] | None,
    ids_right: Sequence[str] | None,
) -> Edges:
    """The stored pairs with both sides renumbered by the orders, sorted by row and column."""
    ordered = scores[order_left][:, order_right]
    ordered.sort_indices()
    row = np.repeat(np.arange(ordered.shape[0], dtype=np.int64), np.diff(ordered.indptr))
    column = ordered.indices.astype(np.int64)
    left, right = _hashes(ids_left, order_left), _hashes(ids_right, order_right)
    return Edges(row, column, ordered.data, _mixed(left[row], right[column]))


def _hashes(ids: Sequence[str] | None, order: Counts) -> NDArray[np.uint64]:
    """One number a course: its position, or the hash of its id where ids are given."""
    if ids is None:
        return order.astype(np.uint64)
    digests = b"".join(blake2b(ids[i].encode(), digest_size=8).digest() for i in order)
    return np.frombuffer(digests, dtype="<u8").astype(np.uint64)


def _mixed(left: NDArray[np.uint64], right: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Mix two hashes into one (the finaliser of splitmix64, Steele, Lea and Flood 2014)."""
    mixed = left * np.uint64(0x9E3779B97F4A7C15) + (right ^ (right >> np.uint64(29)))
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))
