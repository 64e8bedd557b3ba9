"""What a data scientist would write first: TF-IDF, nearest neighbours, SciPy's assignment.

It knows no rule, no calendar, no second place of a course and no balance; its pairs are judged afterwards by
the matcher's score and rules.
"""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from scipy.optimize import linear_sum_assignment
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.neighbors import NearestNeighbors

from benchmarks.scaling.measuring import Figures, Stopwatch, answer
from matcher.course_texts import full_text
from matcher.datasets import make_profiles
from matcher.profile import Region

N_NEIGHBOURS = 30
# Up to here the whole table is solved, as the dense solver is the quicker one to write.
MOST_DENSE = 2000
# Costs must not be zero (SciPy takes those for missing pairs); staying alone costs more than any pair.
LEAST_COST, ALONE = 1e-3, 2.0

Pairs = tuple[np.ndarray, np.ndarray]


def run(n: int, pair_file: str) -> Figures:
    """Time and number of pairs for ``n`` courses a side; the pairs are written to a file (.npz)."""
    profiles = make_profiles(2 * n)
    texts = [[full_text(p) for p in profiles if p.region is region] for region in (Region.ASIA, Region.EUROPE)]
    watch = Stopwatch()
    with watch:
        vectorizer = TfidfVectorizer().fit([*texts[0], *texts[1]])
        left, right = (vectorizer.transform(side) for side in texts)
        rows, columns = dense(left, right) if n <= MOST_DENSE else sparse(left, right)
    np.savez(pair_file, left=rows, right=columns)
    return {"seconds": watch.seconds, "n_pairs": len(rows)}


def dense(left: sp.csr_array, right: sp.csr_array) -> Pairs:
    """The pairs of the greatest total cosine of all pairs."""
    rows, columns = linear_sum_assignment((left @ right.T).toarray(), maximize=True)
    return rows, columns


def sparse(left: sp.csr_array, right: sp.csr_array) -> Pairs:
    """The pairs of the greatest total cosine among every left course's nearest; some stay alone."""
    n_left, n_right = left.shape[0], right.shape[0]
    search = NearestNeighbors(n_neighbors=N_NEIGHBOURS, metric="cosine", n_jobs=-1).fit(right)
    distances, columns = search.kneighbors(left)
    rows = np.repeat(np.arange(n_left), N_NEIGHBOURS)
    costs = sp.csr_array((distances.ravel() + LEAST_COST, (rows, columns.ravel())), shape=(n_left, n_right))
    # A dummy column of its own for each row, or there might be no full matching.
    alone = sp.diags_array(np.full(n_left, ALONE))
    rows, columns = sp.csgraph.min_weight_full_bipartite_matching(sp.hstack([costs, alone], format="csr"))
    made = columns < n_right
    return rows[made], columns[made]


if __name__ == "__main__":
    answer(run)
