"""From the best of some pairs to the best of all pairs, with proof.

The assignment on the candidates gives every course a price. A pair that is no candidate could improve the
objective only if its score is above the sum of its two prices (column generation; for assignment problems
Volgenant, Computers & Operations Research 23(10), 1996). All pairs are searched for such; they become
candidates, and the assignment is solved again, until there is none: then it is optimal over all permitted
pairs, the balance terms included. Stopped earlier, linear programming duality bounds what is missing:

    optimum  <=  objective + (1 - dial) * sum over left courses of their k largest excesses,

k being the course's places, since each pair can be chosen once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from matcher.assignment import BalancedAssignment
from matcher.candidates import PairList
from matcher.pairs import Ints

Floats = npt.NDArray[np.float64]

# Pairs above the prices that one course adds at a time. Few courses have so many; a list cut short leaves a wide
# bound, and each search of all pairs costs more than a larger network (measured from 10,000 to 30,000 a side).
ADDED_PER_COURSE = 200


@dataclass(frozen=True)
class Certificate:
    """How near a choice is to the best over all permitted pairs.

    Parameters
    ----------
    objective : float
        (1 - balance) * fit - balance * imbalance of the choice.
    bound : float
        No choice over all permitted pairs has a greater objective.
    n_candidates : int
        Pairs the last solution chose from.
    n_rounds : int
        Searches of all pairs for better ones; 0 when every permitted pair was a candidate from the start.
    is_proven : bool
        Whether no permitted pair is above its prices: the choice is optimal, to the last digit the solver
        sees. The bound allows for what rounding hides all the same.
    """

    objective: float
    bound: float
    n_candidates: int
    n_rounds: int
    is_proven: bool

    @property
    def gap(self) -> float:
        """What may be missing, as a share of the bound; 0 when nothing is."""
        missing = self.bound - self.objective
        return missing / max(abs(self.bound), 1.0) if missing > 0 else 0.0

    def to_dict(self) -> dict[str, Any]:
        """Return the figures as JSON values."""
        return {**vars(self), "gap": self.gap}


@dataclass(frozen=True)
class Graph:
    """The pairs that may be chosen, sorted by row and column, with their scores; `is_complete` when there are
    no others."""

    rows: Ints
    columns: Ints
    scores: Floats
    is_complete: bool = False

    def __len__(self) -> int:
        return len(self.rows)

    def matrix(self, shape: tuple[int, int]) -> sp.csr_array:
        """Return the scores as a sparse array, stored zeros kept."""
        starts = np.searchsorted(self.rows, np.arange(shape[0] + 1))
        return sp.csr_array((self.scores, self.columns, starts), shape=shape)

    def part(self, kept: npt.NDArray[np.bool_]) -> Graph:
        """Return some of the pairs."""
        return Graph(self.rows[kept], self.columns[kept], self.scores[kept])

    def joined(self, others: Sequence[Graph]) -> Graph:
        """Return the pairs of several graphs, each once."""
        graphs = (self, *others)
        rows, columns, scores = (
            np.concatenate([getattr(one, name) for one in graphs]) for name in ("rows", "columns", "scores")
        )
        order = np.lexsort((columns, rows))
        rows, columns, scores = rows[order], columns[order], scores[order]
        is_first = np.ones(len(rows), dtype=bool)
        is_first[1:] = (np.diff(rows) != 0) | (np.diff(columns) != 0)
        return Graph(rows[is_first], columns[is_first], scores[is_first])

    def holds(self, other: Graph, n_right: int) -> npt.NDArray[np.bool_]:
        """Tell which pairs of another graph are in this one."""
        keys, own = other.rows * n_right + other.columns, self.rows * n_right + self.columns
        at = np.minimum(np.searchsorted(own, keys), max(len(own) - 1, 0))
        return own[at] == keys if len(own) else np.zeros(len(keys), dtype=bool)


class Priced(Protocol):
    """A market whose missing pairs can be priced."""

    @property
    def shape(self) -> tuple[int, int]: ...
    @property
    def places_left(self) -> Ints: ...
    def fit(self, graph: Graph, balance: float) -> BalancedAssignment:
        """Solve on the pairs of a graph."""
        ...

    def scored(self, pairs: PairList) -> Graph:
        """Return those of the pairs that may be chosen, with their exact scores."""
        ...

    def above(self, prices: Sequence[tuple[Floats, Floats]], most: int) -> list[PairList]:
        """See `matcher.candidates.PairSearch.above`."""
        ...


@dataclass(frozen=True)
class Solved:
    """The choice at one position of the dial and how good it is."""

    assignment: BalancedAssignment
    certificate: Certificate


def solve_over_all(
    market: Priced,
    graph: Graph,
    dial: Sequence[float],
    max_gap: float = 0.0,
    say: Callable[[Mapping[float, Certificate]], None] | None = None,
) -> tuple[list[Solved], Graph]:
    """Solve several positions of the dial over all permitted pairs.

    Parameters
    ----------
    graph : Graph
        The candidates to begin with.
    dial : sequence of 0..1
    max_gap : float >= 0
        Stop at a position once its gap is no greater; 0 proves the optimum.
    say : callable, optional
        Told the certificates after every round.

    Returns
    -------
    list of Solved
        In the order of the dial.
    Graph
        The last candidates.
    """
    solved: dict[float, Solved] = {}
    n_rounds = 0
    while True:
        waiting = [position for position in dict.fromkeys(dial) if position not in solved]
        fitted = [market.fit(graph, position) for position in waiting]
        if graph.is_complete:
            none = np.empty(0, dtype=np.int64)
            for position, one in zip(waiting, fitted, strict=True):
                bound = one.bound(none, none, none)
                solved[position] = Solved(one, Certificate(one.objective_, bound, len(graph), n_rounds, True))
            break
        prices = [one.prices() for one in fitted]
        n_rounds += 1
        # A course's own partners lie above its price too and must not crowd out what is missing.
        most = ADDED_PER_COURSE + int(market.places_left.max(initial=0))
        added = []
        for position, one, price, found in zip(waiting, fitted, prices, market.above(prices, most), strict=True):
            scored = market.scored(found)
            excess = scored.scores - price[0][scored.rows] - price[1][scored.columns]
            is_missing = ~graph.holds(scored, market.shape[1])
            better = scored.part(is_missing & (excess > one.resolution_))
            hidden = _hidden_excess(found.rows, scored.rows, excess, market.places_left, most)
            bound = one.bound(better.rows, better.columns, better.scores) + (1 - one.dial_) * hidden
            certificate = Certificate(one.objective_, bound, len(graph), n_rounds, len(better) == 0)
            if len(better) == 0 or certificate.gap <= max_gap:
                solved[position] = Solved(one, certificate)
            else:
                added.append(better)
        if say is not None:
            say({position: one.certificate for position, one in solved.items()})
        if not added:
            break
        graph = graph.joined(added)
    return [solved[position] for position in dial], graph


def _hidden_excess(found: Ints, rows: Ints, excess: Floats, places: Ints, most: int) -> float:
    """Return how far pairs may lie above their prices that a full list of ``most`` pairs of a row hides.

    ``found`` are the rows of all pairs the search returned, ``rows`` of those that may be chosen.
    """
    is_full = np.bincount(found, minlength=len(places)) >= most
    last = np.ones(len(places))
    np.minimum.at(last, rows, excess)
    return float((is_full * places * np.maximum(last, 0)).sum())
