"""The network behind `matcher.assignment`: unit arcs through nested groups, solved as a minimum-cost flow.

    source -> country -> institution -> course a -> course b -> institution -> country -> sink,   source ->
    sink

Every arc carries one unit. The n-th unit into a group costs what the n-th partnership of the group adds to
the imbalance; the arc past everybody costs nothing, so nobody is forced to pair. A minimum makes a group's
first units very cheap, a cap leaves out its last, and a locked pair has taken its groups' first units before
the flow begins: these costs only rise with the unit, so that is exact.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python import min_cost_flow

from matcher.balance import Counts, Floats, GroupLevel

# Inside the dial's two ends, so that ties in fit are broken by balance and ties in balance by fit.
LEAST_BALANCE, MOST_BALANCE = 1e-9, 1.0 - 2e-6

# The solver refuses a largest cost times nodes of some 1e18; integer costs use as many digits as that allows.
COST_ROOM = 2e17
MOST_SCALE = 2.0**40
TIE_STEP, MOST_TIES = 1e-9, 64
ROUNDING_MARGIN = 1.001

SOURCE, SINK, FIRST_NODE = 0, 1, 2


class AssignmentError(RuntimeError):
    """The flow solver gave no optimum; nothing may be read from it."""


@dataclass(frozen=True)
class Edges:
    """The permitted pairs, each array of shape (n_edges,): row, column, score and a hash that breaks ties."""

    row: Counts
    column: Counts
    weight: Floats
    tie: NDArray[np.uint64]


@dataclass(frozen=True)
class Side:
    """One side of the market, its levels from courses to coarsest group.

    ``minimums``, ``caps`` and ``taken`` have one array (n_groups,) a level: partnerships to give before
    anything else, never to pass, and already given by locked pairs. ``first_bonus`` is the gain, in units of
    scores, for a course's first partnership.
    """

    levels: tuple[GroupLevel, ...]
    minimums: tuple[Counts, ...]
    caps: tuple[Counts, ...]
    taken: tuple[Counts, ...]
    first_bonus: float = 0.0


@dataclass(frozen=True)
class UnitArcs:
    """Unit arcs of one side, group by group and rising in cost; a group's number is also its node.

    ``levels`` are the groups of each level, courses first; ``first`` (n_groups + 1,) is where each group's arcs
    begin, ``parent`` (n_groups,) the node they come from, ``first_node`` the node of group 0. For each arc:
    the imbalance its unit adds, the bonus it earns, is it part of a minimum.
    """

    first_node: int
    levels: tuple[slice, ...]
    first: Counts
    parent: Counts
    imbalance: Floats
    bonus: Floats
    urgent: NDArray[np.bool_]

    @property
    def n_groups(self) -> int:
        """Groups of all levels together."""
        return len(self.parent)

    def ends(self) -> tuple[Counts, Counts]:
        """Outer and inner node of each arc."""
        n_units = np.diff(self.first)
        return np.repeat(self.parent, n_units), np.repeat(self.first_node + np.arange(self.n_groups), n_units)


@dataclass(frozen=True)
class Network:
    """Everything but the costs, which depend on the dial: free pairs, both sides' arcs, units that can
    flow."""

    edges: Edges
    left: UnitArcs
    right: UnitArcs
    n_units: int
    n_levels: int

    @property
    def n_nodes(self) -> int:
        """Nodes, source and sink included."""
        return FIRST_NODE + self.left.n_groups + self.right.n_groups


@dataclass(frozen=True)
class Costs:
    """Integer costs of one position of the dial: pairs, left arcs, right arcs.

    One unit of the objective (1 - dial) * fit - dial * imbalance is ``scale`` units of cost; ``n_ties`` is
    the number of such units that tie-breaking may take from a pair.
    """

    pairs: Counts
    left: Counts
    right: Counts
    scale: float
    dial: float
    n_ties: int

    @property
    def resolution(self) -> float:
        """The difference of scores that always outweighs rounding and tie-breaking of one pair."""
        return (self.n_ties + 1) / (self.scale * (1.0 - self.dial))


def build_network(edges: Edges, left: Side, right: Side) -> Network:
    """Lay the network for the free pairs, with every place that the locked pairs leave."""
    n_courses = len(left.caps[0]), len(right.caps[0])
    places = [
        np.clip(np.minimum(side.caps[0] - side.taken[0], n_others), 0, None)
        for side, n_others in zip((left, right), n_courses[::-1], strict=True)
    ]
    n_units = min(int(places[0].sum()), int(places[1].sum()))
    left_arcs = _side_arcs(left, places[0], n_units, FIRST_NODE, SOURCE)
    right_arcs = _side_arcs(right, places[1], n_units, FIRST_NODE + left_arcs.n_groups, SINK)
    return Network(edges, left_arcs, right_arcs, n_units, len(left.levels) + len(right.levels))


def _side_arcs(side: Side, places: Counts, n_units: int, first_node: int, end: int) -> UnitArcs:
    """Unit arcs of one side whose courses, with ``places`` left, are the nodes from ``first_node`` on."""
    parents, counts, imbalances, bonuses, urgencies = [], [], [], [], []
    levels: list[slice] = []
    after = first_node
    for depth, level in enumerate(side.levels):
        n_groups = len(level.offered)
        levels.append(slice(after - first_node, after - first_node + n_groups))
        after += n_groups
        parent = np.full(n_groups, end, dtype=np.int64)
        if depth + 1 < len(side.levels):
            parent[level.codes] = after + side.levels[depth + 1].codes
        taken = side.taken[depth]
        inside = np.bincount(level.codes, weights=places, minlength=n_groups).astype(np.int64)
        n_arcs = np.clip(np.minimum(inside, side.caps[depth] - taken), 0, n_units)
        group = np.repeat(np.arange(n_groups), n_arcs)
        unit = 1 + taken[group] + np.arange(len(group)) - np.repeat(np.cumsum(n_arcs) - n_arcs, n_arcs)
        parents.append(parent)
        counts.append(n_arcs)
        imbalances.append(level.weight * ((unit - 0.5) / level.shares[group] - 1.0))
        bonuses.append(np.where(unit == 1, side.first_bonus, 0.0) if depth == 0 else np.zeros(len(unit)))
        urgencies.append(unit <= side.minimums[depth][group])
    return UnitArcs(
        first_node,
        tuple(levels),
        np.concatenate([[0], np.cumsum(np.concatenate(counts))]).astype(np.int64),
        np.concatenate(parents),
        np.concatenate(imbalances),
        np.concatenate(bonuses),
        np.concatenate(urgencies),
    )


def solve(network: Network, costs: Costs) -> NDArray[np.intp]:
    """Indices of the edges of an optimal set of partnerships, ascending.

    Raises
    ------
    AssignmentError
        The solver did not report an optimum.
    """
    if network.n_units == 0 or len(network.edges.row) == 0:
        return np.empty(0, dtype=np.intp)
    solver = min_cost_flow.SimpleMinCostFlow()

    add = solver.add_arcs_with_capacity_and_unit_cost
    first_row, first_column = network.left.first_node, network.right.first_node
    ones = np.ones_like(network.edges.row)
    pairs = add(first_row + network.edges.row, first_column + network.edges.column, ones, costs.pairs)
    outer, inner, room, cost = _bundled(network.left, costs.left)
    add(outer, inner, room, cost)
    outer, inner, room, cost = _bundled(network.right, costs.right)
    add(inner, outer, room, cost)
    n_units = network.n_units
    solver.add_arc_with_capacity_and_unit_cost(SOURCE, SINK, n_units, 0)
    solver.set_nodes_supplies(np.array([SOURCE, SINK]), np.array([n_units, -n_units]))
    status = solver.solve()
    # Reading flows of anything but an optimum can crash the process.
    if status != solver.OPTIMAL:
        raise AssignmentError(f"the flow solver stopped with the status {status}")
    return np.flatnonzero(solver.flows(pairs))


def _bundled(arcs: UnitArcs, cost: Counts) -> tuple[Counts, Counts, Counts, Counts]:
    """Outer node, inner node, capacity and cost of the arcs, a group's units of equal cost being one arc."""
    outer, inner = arcs.ends()
    is_first = np.ones(len(cost), dtype=np.bool_)
    is_first[1:] = (inner[1:] != inner[:-1]) | (cost[1:] != cost[:-1])
    starts = np.flatnonzero(is_first)
    return outer[starts], inner[starts], np.diff(np.append(starts, len(cost))), cost[starts]


def inner_dial(balance: float) -> float:
    """The dial as the solver has it: never quite at its two ends."""
    return min(max(balance, LEAST_BALANCE), MOST_BALANCE)


def integer_costs(network: Network, dial: float) -> Costs:
    """Costs as integers at one position of the dial, ties broken far below what a score can mean."""
    pair_cost = -(1.0 - dial) * network.edges.weight
    sides = (network.left, network.right)
    arc_costs = [dial * arcs.imbalance - (1.0 - dial) * arcs.bonus for arcs in sides]
    largest = max(1.0 - dial, *(float(np.abs(cost).max(initial=0.0)) for cost in (pair_cost, *arc_costs)))
    # A unit below a minimum must outweigh all that the rest of a solution could gain by it: two solutions differ
    # in every pair's cost at most, and in every arc's. Pairs not stored yet count too, with scores from -1 to 1.
    unseen = 1.0 - dial
    spread = max(network.n_units, 1) * float(pair_cost.max(initial=unseen) - pair_cost.min(initial=-unseen))
    spread += sum(float(np.abs(cost).sum()) for cost in arc_costs)
    any_urgent = any(arcs.urgent.any() for arcs in sides)
    urgency = ROUNDING_MARGIN * spread + largest if any_urgent else 0.0
    room = COST_ROOM / ((urgency + largest) * network.n_nodes)
    # A power of two keeps quarters and halves of scores exact.
    scale = min(MOST_SCALE, float(2.0 ** np.floor(np.log2(room))))
    n_ties = int(np.clip(scale * TIE_STEP, 2, MOST_TIES))
    pair_integers = np.rint(scale * pair_cost).astype(np.int64) + (network.edges.tie % np.uint64(n_ties)).astype(
        np.int64
    )
    left, right = (
        np.rint(scale * (cost - urgency * arcs.urgent)).astype(np.int64)
        for cost, arcs in zip(arc_costs, sides, strict=True)
    )
    return Costs(pair_integers, left, right, scale, dial, n_ties)
