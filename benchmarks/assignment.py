"""The balanced assignment beside SciPy's solvers and greedy choice: time and quality on the same markets.

The baselines know capacity 1 and no balance, so the first table asks the flow for the same. The second shows
what only the flow can do: courses with several places, and the dial.
"""

import time
from collections.abc import Callable

import numpy as np
import scipy.sparse as sp
from scipy.optimize import linear_sum_assignment

from matcher.assignment import BalancedAssignment
from matcher.balance import coverage, gini

SIZES = (100, 300, 1000, 2000)
CANDIDATES = 40
REPEATS = 3
DIAL = (0.0, 0.05, 0.1, 0.25, 0.5, 0.9, 1.0)
SEED = 2027

Market = tuple[sp.csr_array, list[np.ndarray]]


def market(n: int, seed: int = SEED) -> Market:
    """A hub-biased market, n courses a side: scores of some 40 candidates each, institution and country
    labels.

    Large institutions and prestige countries score higher and are in more lists, as in real catalogues.
    """
    rng = np.random.default_rng(seed)
    institution = np.minimum(rng.zipf(1.6, n), n // 4)
    country = institution % 25
    prestige = 0.25 * rng.random(25)[country]
    chance = np.exp(6 * prestige) / np.exp(6 * prestige).sum()
    rows = np.repeat(np.arange(n), CANDIDATES)
    columns = rng.choice(n, size=len(rows), p=chance)
    pairs = np.unique(np.stack([rows, columns], axis=1), axis=0)
    scores = np.clip(0.7 * rng.beta(4, 4, len(pairs)) + prestige[pairs[:, 1]], 0.01, 1)
    return sp.csr_array((scores, (pairs[:, 0], pairs[:, 1])), shape=(n, n)), [institution, country]


def flow(scores: sp.csr_array) -> float:
    """Total score of the flow, one place each, dial at 0."""
    return BalancedAssignment(0.0).fit(scores, 1, 1).quality_


def dense(scores: sp.csr_array) -> float:
    """Total score of SciPy's Jonker-Volgenant solver on the full matrix; missing pairs score 0."""
    full = scores.toarray()
    rows, columns = linear_sum_assignment(full, maximize=True)
    return float(full[rows, columns].sum())


def sparse(scores: sp.csr_array) -> float:
    """Total score of SciPy's sparse LAPJVsp; a private dummy column lets each row stay alone."""
    n = scores.shape[0]
    # Costs must not be zero: SciPy takes those for missing pairs.
    costs = scores.copy()
    costs.data = 2.0 - costs.data
    alone = sp.diags_array(np.full(n, 2.0))
    rows, columns = sp.csgraph.min_weight_full_bipartite_matching(sp.hstack([costs, alone], format="csr"))
    made = columns < n
    return float(scores[rows[made], columns[made]].sum())


def greedy(scores: sp.csr_array, places_left: int = 1, places_right: int = 1) -> float:
    """Total score when the best pair still free is taken again and again."""
    pairs = scores.tocoo()
    left, right = np.full(scores.shape[0], places_left), np.full(scores.shape[1], places_right)
    total = 0.0
    order = np.argsort(-pairs.data, kind="stable")
    for row, column, score in zip(
        pairs.row[order].tolist(), pairs.col[order].tolist(), pairs.data[order].tolist(), strict=True
    ):
        if left[row] and right[column]:
            left[row] -= 1
            right[column] -= 1
            total += score
    return total


def timed(solve: Callable[[sp.csr_array], float], scores: sp.csr_array) -> tuple[float, float]:
    """Total score and the best time of several runs, in seconds."""
    times, quality = [], 0.0
    for _ in range(REPEATS):
        begun = time.perf_counter()
        quality = solve(scores)
        times.append(time.perf_counter() - begun)
    return quality, min(times)


def compare_solvers() -> None:
    """Print time and total score as ratios to the flow."""
    print(f"One place each, no balance, {CANDIDATES} candidates a course; ratios to the flow")
    print(
        f"{'courses a side':>14}  {'flow s':>8}  " + "  ".join(f"{name:>16}" for name in ("dense", "sparse", "greedy"))
    )
    for n in SIZES:
        scores, _ = market(n)
        quality, seconds = timed(flow, scores)
        cells = []
        for solve in (dense, sparse, greedy):
            other, its_seconds = timed(solve, scores)
            cells.append(f"{its_seconds / seconds:5.2f}x t {other / quality:.4f} q")
        print(f"{n:>14}  {seconds:8.3f}  " + "  ".join(f"{cell:>16}" for cell in cells))


def walk_the_dial(n: int = 1000) -> None:
    """Print what balance costs and brings where the right side offers two places a course."""
    scores, groups = market(n)
    best = BalancedAssignment(0.0).fit(scores, 1, 2, groups, groups).quality_
    print(
        f"\n{n} courses a side, two places a course on the right; greedy: {greedy(scores, 1, 2) / best:.2%} of the fit"
    )
    print("  dial  seconds  price of balance  right side with a partner  Gini institutions  Gini countries")
    for balance in DIAL:
        begun = time.perf_counter()
        found = BalancedAssignment(balance).fit(scores, 1, 2, groups, groups)
        seconds = time.perf_counter() - begun
        ginis = [rate(group, found.pairs_[:, 1]) for group in groups]
        price = 1 - found.quality_ / best
        served = coverage(found.pairs_[:, 1], n)
        print(f"{balance:6.2f}  {seconds:7.3f}  {price:16.2%}  {served:25.1%}  {ginis[0]:17.3f}  {ginis[1]:14.3f}")


def rate(group: np.ndarray, courses: np.ndarray) -> float:
    """Gini index of partnerships per place offered over the groups."""
    _, codes = np.unique(group, return_inverse=True)
    offered = 2 * np.bincount(codes)
    return gini(np.bincount(codes[courses], minlength=len(offered)) / offered)


if __name__ == "__main__":
    compare_solvers()
    walk_the_dial()
