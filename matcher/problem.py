"""A market as the solver has it, and what a choice of its pairs is worth."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matcher.balance import Counts, Floats
from matcher.flow import Edges, Network, Side, build_network, inner_dial, integer_costs, solve
from matcher.limits import LimitMissed, Limits, limits_missed

SideLimits = Sequence[Mapping[object, Limits]]


@dataclass(frozen=True)
class Problem:
    """A market in the solver's order: edges sorted by row and column, which are locked, both sides.

    ``order_left[i]`` is the caller's row of the solver's row i, ``rank_left`` the reverse; the same on the
    right.
    """

    edges: Edges
    locked: NDArray[np.bool_]
    left: Side
    right: Side
    limits_left: SideLimits
    limits_right: SideLimits
    order_left: Counts
    order_right: Counts

    @property
    def rank_left(self) -> Counts:
        """The solver's row of each of the caller's rows, shape (n_left,)."""
        return np.argsort(self.order_left)

    @property
    def rank_right(self) -> Counts:
        """The solver's column of each of the caller's columns, shape (n_right,)."""
        return np.argsort(self.order_right)

    @property
    def n_left(self) -> int:
        """Courses on the left."""
        return len(self.order_left)

    @property
    def n_right(self) -> int:
        """Courses on the right."""
        return len(self.order_right)

    def network(self) -> Network:
        """The network of the free pairs, beside what locked pairs have taken."""
        edges = self.edges
        if self.locked.any():
            free = ~self.locked
            edges = Edges(*(values[free] for values in vars(edges).values()))
        return build_network(edges, self.left, self.right)

    def solve(self, balance: float, network: Network | None = None) -> Counts:
        """Indices of the chosen edges, ascending, locked ones included."""
        network = network or self.network()
        chosen = solve(network, integer_costs(network, inner_dial(balance)))
        return self.with_locked(chosen)

    def with_locked(self, chosen: NDArray[np.intp]) -> Counts:
        """Indices among all edges of chosen free edges and of every locked one, ascending."""
        taken = self.locked.copy()
        taken[np.flatnonzero(~self.locked)[chosen]] = True
        return np.flatnonzero(taken).astype(np.int64)

    def find(self, row: int, column: int) -> int:
        """Index of the edge at one of the solver's rows and columns, -1 when the pair is not permitted."""
        start, stop = np.searchsorted(self.edges.row, [row, row + 1])
        at = start + int(np.searchsorted(self.edges.column[start:stop], column))
        return int(at) if at < stop and self.edges.column[at] == column else -1

    def with_weights(self, weights: Floats) -> "Problem":
        """The same market with other scores (n_edges,)."""
        return replace(self, edges=replace(self.edges, weight=weights))

    def with_lock(self, locked: NDArray[np.bool_]) -> "Problem":
        """The same market with the edges of a mask locked.

        Raises
        ------
        ValueError
            If the locks of one course exceed its capacity; named by the caller's position.
        """
        left = _taken(self.left, self.edges.row[locked], self.order_left, "left")
        right = _taken(self.right, self.edges.column[locked], self.order_right, "right")
        return replace(self, locked=locked, left=left, right=right)

    def quality(self, chosen: Counts) -> float:
        """Sum of scores."""
        return float(self.edges.weight[chosen].sum())

    def imbalance(self, chosen: Counts) -> float:
        """Both sides' levels, each with its weight, see `matcher.assignment`."""
        return sum(
            level.weight * level.imbalance(courses)
            for side, courses in ((self.left, self.edges.row[chosen]), (self.right, self.edges.column[chosen]))
            for level in side.levels
        )

    def objective(self, chosen: Counts, balance: float) -> float:
        """What the solver maximises: (1 - dial) * (quality + bonuses) - dial * imbalance."""
        dial = inner_dial(balance)
        n_first = len(np.unique(self.edges.row[chosen])) + len(np.unique(self.edges.column[chosen]))
        fit = self.quality(chosen) + self.left.first_bonus * n_first
        return (1.0 - dial) * fit - dial * self.imbalance(chosen)

    def pairs(self, chosen: Counts) -> Counts:
        """The caller's rows and columns of chosen edges, (n_pairs, 2), sorted."""
        rows, columns = self.order_left[self.edges.row[chosen]], self.order_right[self.edges.column[chosen]]
        sequence = np.lexsort((columns, rows))
        return np.stack([rows, columns], axis=1)[sequence]

    def unmet(self, chosen: Counts) -> Counts:
        """Partnerships each course stays below its minimum, (n_left + n_right,) in the caller's order."""
        missing = np.zeros(self.n_left + self.n_right, dtype=np.int64)
        missing[self.order_left] = _missing(self.left, self.edges.row[chosen])
        missing[self.n_left + self.order_right] = _missing(self.right, self.edges.column[chosen])
        return missing

    def unmet_groups(self, chosen: Counts) -> tuple[LimitMissed, ...]:
        """Limits of groups that are not kept, left side first, fine levels first."""
        sides = (
            ("left", self.left, self.limits_left, self.edges.row[chosen]),
            ("right", self.right, self.limits_right, self.edges.column[chosen]),
        )
        return tuple(
            missed
            for name, side, limits, courses in sides
            for missed in limits_missed(name, side.levels, side.minimums, limits, courses)
        )


def _taken(side: Side, courses: Counts, order: Counts, name: str) -> Side:
    """The side with the units that the locked partnerships of ``courses`` have taken."""
    taken = tuple(level.counts(courses) for level in side.levels)
    over = np.flatnonzero(taken[0] > side.caps[0])
    if len(over):
        course, n_locked, capacity = order[over[0]], taken[0][over[0]], side.caps[0][over[0]]
        raise ValueError(f"{n_locked} pairs of the {name} course {course} are locked, its capacity is {capacity}")
    return replace(side, taken=taken)


def _missing(side: Side, courses: Counts) -> Counts:
    missing: Counts = np.maximum(side.minimums[0] - side.levels[0].counts(courses), 0)
    return missing
