"""The network behind `matcher.assignment`: unit arcs through nested groups, solved as a minimum-cost flow.

    source -> country -> institution -> course a -> course b -> institution -> country -> sink,   source ->
    sink

Every arc carries one unit. The n-th unit into a group costs what the n-th partnership of the group adds to
the imbalance; the arc past everybody costs nothing, so nobody is forced to pair.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python import min_cost_flow

from matcher.balance import Counts, Floats, GroupLevel

# Inside the dial's two ends, so that ties in fit are broken by balance and ties in balance by fit.
LEAST_BALANCE, MOST_BALANCE = 1e-9, 1.0 - 2e-6

# The solver refuses a largest cost times nodes of some 1e18; integer costs use as many digits as that allows.
COST_ROOM = 2e17
MOST_SCALE = 1e12
TIE_STEP, MOST_TIES = 1e-9, 64

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
    """One side of the market: places (n,), guaranteed minimums (n,), levels from courses to coarsest
    group."""

    capacity: Counts
    minimum: Counts
    levels: tuple[GroupLevel, ...]


@dataclass(frozen=True)
class _Arcs:
    """Unit arcs away from source or sink: outer and inner node, real cost, is it part of a minimum."""

    outer: Counts
    inner: Counts
    cost: Floats
    urgent: NDArray[np.bool_]


def choose(edges: Edges, left: Side, right: Side, balance: float) -> NDArray[np.intp]:
    """Indices of the edges of an optimal set of partnerships, ascending.

    Raises
    ------
    AssignmentError
        The solver did not report an optimum.
    """
    # A course cannot have more partners than it has permitted ones, however many places it offers.
    usable = (
        np.minimum(left.capacity, np.bincount(edges.row, minlength=len(left.capacity))),
        np.minimum(right.capacity, np.bincount(edges.column, minlength=len(right.capacity))),
    )
    n_units = min(int(usable[0].sum()), int(usable[1].sum()))
    if n_units == 0:
        return np.empty(0, dtype=np.intp)
    dial = min(max(balance, LEAST_BALANCE), MOST_BALANCE)
    left_arcs, first_right = _side_arcs(usable[0], left, dial, FIRST_NODE, SOURCE)
    right_arcs, n_nodes = _side_arcs(usable[1], right, dial, first_right, SINK)
    pair_cost, left_cost, right_cost = _integer_costs(
        -(1.0 - dial) * edges.weight,
        (left_arcs, right_arcs),
        edges.tie,
        n_units,
        len(left.levels) + len(right.levels),
        n_nodes,
    )
    solver = min_cost_flow.SimpleMinCostFlow()

    def add(tail: Counts, head: Counts, cost: Counts) -> Counts:
        arcs: Counts = solver.add_arcs_with_capacity_and_unit_cost(tail, head, np.ones_like(tail), cost)
        return arcs

    pairs = add(FIRST_NODE + edges.row, first_right + edges.column, pair_cost)
    add(left_arcs.outer, left_arcs.inner, left_cost)
    add(right_arcs.inner, right_arcs.outer, right_cost)
    solver.add_arc_with_capacity_and_unit_cost(SOURCE, SINK, n_units, 0)
    solver.set_nodes_supplies(np.array([SOURCE, SINK]), np.array([n_units, -n_units]))
    status = solver.solve()
    # Reading flows of anything but an optimum can crash the process.
    if status != solver.OPTIMAL:
        raise AssignmentError(f"the flow solver stopped with the status {status}")
    return np.flatnonzero(solver.flows(pairs))


def _side_arcs(usable: Counts, side: Side, dial: float, first_node: int, end: int) -> tuple[_Arcs, int]:
    """Unit arcs of one side, and the next free node; courses are the nodes from ``first_node`` on."""
    parts: list[_Arcs] = []
    start = first_node
    for depth, level in enumerate(side.levels):
        n_groups = len(level.offered)
        after = start + n_groups
        parent = np.full(n_groups, end, dtype=np.int64)
        if depth + 1 < len(side.levels):
            parent[level.codes] = after + side.levels[depth + 1].codes
        units = np.bincount(level.codes, weights=usable, minlength=n_groups).astype(np.int64)
        group = np.repeat(np.arange(n_groups), units)
        unit = np.arange(len(group)) - np.repeat(np.cumsum(units) - units, units) + 1
        cost = dial * level.weight * ((unit - 0.5) / level.shares[group] - 1.0)
        # Minimums belong to the course level, where a group is the course of the same index.
        urgent = (unit <= side.minimum[group]) if depth == 0 else np.zeros(len(group), dtype=np.bool_)
        parts.append(_Arcs(parent[group], start + group, cost, urgent))
        start = after
    fields = ("outer", "inner", "cost", "urgent")
    return _Arcs(*(np.concatenate([getattr(part, field) for part in parts]) for field in fields)), start


def _integer_costs(
    pair_cost: Floats,
    sides: Sequence[_Arcs],
    tie: NDArray[np.uint64],
    n_units: int,
    n_levels: int,
    n_nodes: int,
) -> tuple[Counts, Counts, Counts]:
    """Costs of pairs and of both sides' arcs as integers, ties broken far below what a score can mean."""
    largest = max(float(np.abs(cost).max()) for cost in (pair_cost, *(arcs.cost for arcs in sides))) or 1.0
    # A unit below a minimum must outweigh all that the rest of a solution could gain by it: each unit of flow
    # passes one pair and one priced arc a level.
    any_urgent = any(arcs.urgent.any() for arcs in sides)
    urgency = 2.0 * n_units * largest * (1 + n_levels) + 1.0 if any_urgent else 0.0
    scale = min(MOST_SCALE, float(10.0 ** np.floor(np.log10(COST_ROOM / ((urgency + largest) * n_nodes)))))
    n_ties = np.uint64(np.clip(scale * TIE_STEP, 2, MOST_TIES))
    pair_integers = np.rint(scale * pair_cost).astype(np.int64) + (tie % n_ties).astype(np.int64)
    left, right = (np.rint(scale * (arcs.cost - urgency * arcs.urgent)).astype(np.int64) for arcs in sides)
    return pair_integers, left, right
