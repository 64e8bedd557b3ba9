"""HiGHS on the very flow model that the matcher solved, as a linear programme.

The model is totally unimodular, so HiGHS needs no integers. This process must not load OR-Tools.
"""

from __future__ import annotations

import highspy
import numpy as np
import scipy.sparse as sp

from benchmarks.scaling.measuring import Figures, Stopwatch, answer


def run(model_file: str, time_limit: float) -> Figures:
    """Seconds from the arrays to the optimum, and the objective in the model's units of cost."""
    with np.load(model_file) as stored:
        model = dict(stored)
    watch = Stopwatch()
    with watch:
        highs = highspy.Highs()
        highs.setOptionValue("output_flag", False)
        highs.setOptionValue("time_limit", time_limit)
        highs.passModel(programme(model))
        highs.run()
    status = highs.modelStatusToString(highs.getModelStatus())
    if status != "Optimal":
        return {"failed": f"{status} after {watch.seconds:.0f} s", "seconds": None, "version": highs.version()}
    flow = np.array(highs.getSolution().col_value)
    whole = np.rint(flow)
    return {
        "seconds": watch.seconds,
        "objective": float(model["cost"] @ whole),
        "farthest_from_whole": float(np.abs(flow - whole).max()),
        "version": highs.version(),
    }


def programme(model: dict[str, np.ndarray]) -> highspy.HighsLp:
    """The network as a linear programme: a column an arc, a row a node.

    Costs are divided by the largest: the solver's tolerances are absolute.
    """
    n_arcs = len(model["tail"])
    n_nodes = int(max(model["tail"].max(), model["head"].max())) + 1
    arcs = np.arange(n_arcs)
    matrix = sp.csc_array(
        (
            np.repeat([1.0, -1.0], n_arcs),
            (np.concatenate([model["tail"], model["head"]]), np.concatenate([arcs, arcs])),
        ),
        shape=(n_nodes, n_arcs),
    )
    balance = np.zeros(n_nodes)
    balance[model["nodes"]] = model["supplies"]
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = n_arcs, n_nodes
    lp.col_cost_ = model["cost"] / np.abs(model["cost"]).max()
    lp.col_lower_, lp.col_upper_ = np.zeros(n_arcs), model["capacity"].astype(np.float64)
    lp.row_lower_ = lp.row_upper_ = balance
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
    return lp


if __name__ == "__main__":
    answer(run)
