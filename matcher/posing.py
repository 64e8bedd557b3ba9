"""From what `BalancedAssignment.fit` is given to a `Problem`: checks, levels, limits and a coordinator's
decisions."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b

import numpy as np
import scipy.sparse as sp
from numpy.typing import ArrayLike, NDArray

from matcher.balance import Counts, Labels, group_levels, level_weights
from matcher.flow import Edges, Side
from matcher.limits import limit_arrays
from matcher.problem import Problem, SideLimits


@dataclass(frozen=True)
class SideOffer:
    """One side as `BalancedAssignment.fit` takes it, see there; ``limits`` one mapping a group level."""

    capacity: ArrayLike
    groups: Sequence[Labels] | None = None
    minimum: ArrayLike | None = None
    ids: Sequence[str] | None = None
    limits: SideLimits | None = None


@dataclass(frozen=True)
class Wishes:
    """The parameters of `BalancedAssignment` that shape the network, see there."""

    theta: float
    weights: Sequence[float] | None
    everyone_first: bool
    least_share: float
    first_bonus: float


def make_problem(
    W: sp.sparray | sp.spmatrix,
    offer_left: SideOffer,
    offer_right: SideOffer,
    wishes: Wishes,
    locked: ArrayLike | None,
    forbidden: ArrayLike | None,
) -> Problem:
    """Check what `BalancedAssignment.fit` was given and bring it into the solver's order.

    Raises
    ------
    ValueError
        For wrong shapes, values out of range, groups that are not nested, locked pairs that are not stored, are
        forbidden or exceed a capacity.
    """
    if not sp.issparse(W):
        raise ValueError("W is a scipy sparse array: what it stores are the permitted pairs")
    scores = sp.csr_array(W, dtype=np.float64, copy=True)
    scores.sum_duplicates()
    if not np.isfinite(scores.data).all():
        raise ValueError("W holds a score that is not a finite number")
    n_left, n_right = scores.shape
    # The solver meets the courses in the order of their ids, whatever order they came in.
    orders = _order(offer_left.ids, n_left), _order(offer_right.ids, n_right)
    capacities = _whole(offer_left.capacity, n_left, "capacity"), _whole(offer_right.capacity, n_right, "capacity")
    n_places = float(min(capacities[0].sum(), capacities[1].sum()))
    left, right = (
        _side(offer, capacity[order], order, n_places, wishes)
        for offer, capacity, order in zip((offer_left, offer_right), capacities, orders, strict=True)
    )
    edges = _edges(scores, orders[0], orders[1], offer_left.ids, offer_right.ids)
    problem = Problem(
        edges,
        np.zeros(len(edges.row), dtype=np.bool_),
        left,
        right,
        offer_left.limits or (),
        offer_right.limits or (),
        orders[0],
        orders[1],
    )
    return _with_decided(problem, _listed(locked, "locked"), _listed(forbidden, "forbidden"))


def _with_decided(problem: Problem, locked: Counts, forbidden: Counts) -> Problem:
    """The problem after a coordinator's decisions, pairs in the caller's positions."""
    for what, pairs in (("locked", locked), ("forbidden", forbidden)):
        if ((pairs < 0) | (pairs >= (problem.n_left, problem.n_right))).any():
            raise ValueError(f"a {what} pair is outside the market")
    both = sorted(set(map(tuple, locked.tolist())) & set(map(tuple, forbidden.tolist())))
    if both:
        raise ValueError(f"the pair {both[0]} is both locked and forbidden")
    ranks = problem.rank_left, problem.rank_right
    found = {
        pair: problem.find(int(ranks[0][pair[0]]), int(ranks[1][pair[1]]))
        for pair in map(tuple, np.concatenate([locked, forbidden]).tolist())
    }
    mask = np.zeros(len(problem.edges.row), dtype=np.bool_)
    for pair in map(tuple, locked.tolist()):
        if found[pair] < 0:
            raise ValueError(f"the locked pair {pair} is not stored in W")
        mask[found[pair]] = True
    kept = np.ones(len(mask), dtype=np.bool_)
    kept[[found[pair] for pair in map(tuple, forbidden.tolist()) if found[pair] >= 0]] = False
    edges = Edges(*(values[kept] for values in vars(problem.edges).values()))
    return replace(problem, edges=edges, locked=mask[kept]).with_lock(mask[kept])


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


def _side(offer: SideOffer, capacity: Counts, order: Counts, n_places: float, wishes: Wishes) -> Side:
    """One side in the solver's order; ``capacity`` is in that order already."""
    groups = offer.groups or ()
    for labels in groups:
        if len(labels) != len(order):
            raise ValueError(f"a group level has {len(labels)} labels for {len(order)} courses")
    weights = wishes.weights if wishes.weights is not None else level_weights(len(groups))
    ordered = [np.asarray(labels)[order] for labels in groups]
    levels = group_levels(capacity, ordered, n_places, wishes.theta, weights)
    minimum = _whole(offer.minimum, len(order), "minimum")[order]
    minimums, caps = limit_arrays(
        levels, capacity, minimum, offer.limits or (), wishes.least_share, wishes.everyone_first
    )
    nothing = tuple(np.zeros(len(level.offered), dtype=np.int64) for level in levels)
    return Side(levels, minimums, caps, nothing, wishes.first_bonus)


def _listed(pairs: ArrayLike | None, what: str) -> Counts:
    """A coordinator's pairs as (n, 2) positions."""
    array = np.asarray([] if pairs is None else pairs)
    if array.size == 0:
        return np.empty((0, 2), dtype=np.int64)
    if array.ndim != 2 or array.shape[1] != 2 or not np.issubdtype(array.dtype, np.integer):
        raise ValueError(f"{what} pairs are whole numbers of the shape (n, 2), not {array.shape}")
    return array.astype(np.int64)
