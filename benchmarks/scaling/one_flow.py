"""OR-Tools' minimum-cost flow alone, on the model that the matcher solved: the floor of the assignment step."""

from __future__ import annotations

import numpy as np
from ortools.graph.python import min_cost_flow

from benchmarks.scaling.measuring import Figures, Stopwatch, answer


def run(model_file: str) -> Figures:
    """Seconds from the arrays to the optimum, and the objective in the model's units of cost."""
    with np.load(model_file) as stored:
        model = dict(stored)
    watch = Stopwatch()
    with watch:
        solver = min_cost_flow.SimpleMinCostFlow()
        arcs = solver.add_arcs_with_capacity_and_unit_cost(
            model["tail"], model["head"], model["capacity"], model["cost"]
        )
        solver.set_nodes_supplies(model["nodes"], model["supplies"])
        status = solver.solve()
    if status != solver.OPTIMAL:
        return {"failed": str(status), "seconds": None}
    objective = float(model["cost"].astype(np.float64) @ solver.flows(arcs))
    return {"seconds": watch.seconds, "objective": objective, "n_arcs": len(arcs)}


if __name__ == "__main__":
    answer(run)
