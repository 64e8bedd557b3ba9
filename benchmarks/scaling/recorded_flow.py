"""Writes down the flow models that the matcher solves, so that other solvers can be given the very same.

In place of OR-Tools' solver `matcher.flow` gets one that passes everything on and keeps the arcs of the largest
model in a file. The time this takes is measured, to be taken off.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
from ortools.graph.python import min_cost_flow

from benchmarks.scaling.measuring import Stopwatch
from matcher import flow

NAMES = ("tail", "head", "capacity", "cost")


@contextmanager
def recorded_flows(path: str | Path) -> Iterator[Stopwatch]:
    """Keep the largest model solved inside the ``with`` block in ``path`` (.npz); the watch is what it cost."""
    watch = Stopwatch()
    largest = 0

    class RecordingFlow:
        OPTIMAL = min_cost_flow.SimpleMinCostFlow.OPTIMAL

        def __init__(self) -> None:
            self._solver = min_cost_flow.SimpleMinCostFlow()
            self._arcs: list[tuple[Any, ...]] = []
            self._supplies: tuple[Any, Any] = ([], [])

        def __getattr__(self, name: str) -> Any:
            return getattr(self._solver, name)

        def add_arcs_with_capacity_and_unit_cost(self, *arcs: Any) -> Any:
            self._arcs.append(arcs)
            return self._solver.add_arcs_with_capacity_and_unit_cost(*arcs)

        def add_arc_with_capacity_and_unit_cost(self, *arc: int) -> int:
            self._arcs.append(tuple([value] for value in arc))
            return self._solver.add_arc_with_capacity_and_unit_cost(*arc)

        def set_nodes_supplies(self, nodes: Any, supplies: Any) -> None:
            self._supplies = (nodes, supplies)
            self._solver.set_nodes_supplies(nodes, supplies)

        def solve(self) -> Any:
            nonlocal largest
            with watch:
                n_arcs = sum(len(arcs[0]) for arcs in self._arcs)
                if n_arcs > largest:
                    largest = n_arcs
                    columns = (np.concatenate(parts) for parts in zip(*self._arcs, strict=True))
                    nodes, supplies = self._supplies
                    np.savez(path, nodes=nodes, supplies=supplies, **dict(zip(NAMES, columns, strict=True)))
                self._arcs.clear()
            return self._solver.solve()

    usual = flow.min_cost_flow
    flow.min_cost_flow = SimpleNamespace(SimpleMinCostFlow=RecordingFlow)
    try:
        yield watch
    finally:
        flow.min_cost_flow = usual
