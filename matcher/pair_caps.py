"""Caps on pairs between two groups of courses: at most so many partnerships of one institution with another one, or
with one country.

Groups of one side lie in each other (course, institution, country), so limits on them are part of the flow. A cap
on pairs of a group here *and* a group there crosses that nesting, and with it the flow would no longer be
integral. Such caps are therefore kept step by step: wherever the best choice breaks some, each keeps its best pairs,
locked ones first, all its other pairs are forbidden, and what is left is solved again. A cap kept once can never
be broken again, so there are at most as many steps as caps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from matcher.optimality import Graph, Priced, Solved, solve_over_all
from matcher.pairs import Ints


@dataclass(frozen=True)
class PairCap:
    """At most ``most`` partnerships between these Asian and these European courses.

    Parameters
    ----------
    left, right : frozenset of str
        Ids of the Asian and of the European courses; ids that take no part are allowed.
    most : int >= 0

    Raises
    ------
    ValueError
        If the number is negative.
    """

    left: frozenset[str]
    right: frozenset[str]
    most: int

    def __post_init__(self) -> None:
        if self.most < 0:
            raise ValueError(f"a cap is 0 or more, not {self.most}")

    @property
    def order(self) -> tuple[Any, ...]:
        """By what caps are sorted, so that the order in which they are given plays no part."""
        return (sorted(self.left), sorted(self.right), self.most)


_Market = TypeVar("_Market", bound="Capped")


class Capped(Priced, Protocol):
    """A market out of which pairs can be taken."""

    def places_of(self, cap: PairCap) -> tuple[Ints, Ints]:
        """Rows and columns of the courses a cap speaks of."""
        ...

    def is_locked(self, rows: Ints, columns: Ints) -> npt.NDArray[np.bool_]:
        """Tell which pairs a coordinator locked."""
        ...

    def without(self: _Market, keys: Ints) -> _Market:
        """The same market without some pairs (row times number of columns, plus column), locked or not."""
        ...

    def candidates(self) -> Graph:
        """The pairs to begin with."""
        ...


@dataclass(frozen=True)
class _Rectangle:
    """A cap in positions: sorted rows, sorted columns, how many at most."""

    rows: Ints
    columns: Ints
    most: int

    def holds(self, rows: Ints, columns: Ints) -> npt.NDArray[np.bool_]:
        return np.isin(rows, self.rows) & np.isin(columns, self.columns)

    def keys(self, n_right: int) -> Ints:
        return (self.rows[:, None] * n_right + self.columns[None, :]).ravel()


def solve_within(
    market: _Market, caps: Sequence[PairCap], dial: Sequence[float], max_gap: float
) -> tuple[list[Solved], Graph, _Market]:
    """Solve several positions of the dial over all permitted pairs, the first of them within all caps.

    Parameters
    ----------
    caps : sequence of PairCap
        Without any this is `matcher.optimality.solve_over_all`.
    dial : sequence of 0..1
        The first position is the one that counts; the others choose among the pairs left for it.
    max_gap : float >= 0

    Returns
    -------
    list of Solved
        In the order of the dial.
    Graph
        The candidates, those included that were taken out for a cap once it was full: they may come in when a
        partnership ends.
    Market
        The market without the pairs taken out.
    """
    if not caps:
        return *solve_over_all(market, market.candidates(), dial, max_gap), market
    n_right = market.shape[1]
    bounds = [_Rectangle(*market.places_of(cap), cap.most) for cap in sorted(caps, key=lambda cap: cap.order)]
    closed = [one.keys(n_right) for one in bounds if one.most == 0]
    if closed:
        market = market.without(np.unique(np.concatenate(closed)))
    graph = every = market.candidates()
    while True:
        solved, graph = solve_over_all(market, graph, dial, max_gap)
        every = every.joined([graph])
        taken = _beyond(market, bounds, graph, solved[0].assignment.pairs_)
        if not len(taken):
            return solved, every, market
        market = market.without(taken)
        left = graph.part(~np.isin(graph.rows * n_right + graph.columns, taken))
        graph = Graph(left.rows, left.columns, left.scores, graph.is_complete)


def _beyond(market: Capped, bounds: Sequence[_Rectangle], graph: Graph, pairs: Ints) -> Ints:
    """Keys of the pairs to take out so that every cap that is broken now is kept from here on."""
    n_right = market.shape[1]
    rows, columns = pairs[:, 0], pairs[:, 1]
    keys = rows * n_right + columns
    scores = graph.scores[np.searchsorted(graph.rows * n_right + graph.columns, keys)]
    # Rows and columns are sorted by id, so positions break ties the same way in any order of the courses.
    best_first = np.lexsort((columns, rows, -scores, ~market.is_locked(rows, columns)))
    taken: list[Ints] = []
    is_left = np.ones(len(keys), dtype=bool)
    for bound in bounds:
        inside = bound.holds(rows, columns)
        if inside.sum() <= bound.most:
            continue
        kept = [at for at in best_first.tolist() if inside[at] and is_left[at]][: bound.most]
        out = np.setdiff1d(bound.keys(n_right), keys[kept])
        is_left &= ~np.isin(keys, out)
        taken.append(out)
    return np.unique(np.concatenate(taken)) if taken else np.empty(0, dtype=np.int64)
