"""What belongs to a pair beside its score: class sizes, and partners it had before.

    weight = score - size_cost * |ln(m_left / m_right)| - repeat_cost * (earlier partnerships of the two)

Both terms are the pair's alone, so the assignment stays an exact flow. The gain of a course's first partner is not
the pair's alone: it is ``first_bonus`` of `matcher.assignment.BalancedAssignment`, on the course's first unit arc.
"""

import numpy as np
import scipy.sparse as sp
from numpy.typing import ArrayLike

from matcher.balance import Floats


def pair_weights(
    scores: sp.sparray | sp.spmatrix,
    students_left: ArrayLike | None = None,
    students_right: ArrayLike | None = None,
    size_cost: float = 0.0,
    earlier: sp.sparray | sp.spmatrix | None = None,
    repeat_cost: float = 0.0,
) -> sp.csr_array:
    """Weights for the assignment from scores; the same pairs are stored, stored zeros too.

    Parameters
    ----------
    scores : sparse (n_left, n_right)
    students_left, students_right : class sizes m, (n_left,) and (n_right,), NaN or 0 where unknown, optional
        Where one of the two is unknown the pair loses nothing and gains nothing.
    size_cost : float >= 0
        Score lost for each unit of the natural logarithm of the ratio of class sizes: a class of twice the
        size loses 0.69 times as much.
    earlier : sparse (n_left, n_right) of numbers >= 0, optional
        Partnerships the two courses, or their institutions, had before.
    repeat_cost : float >= 0
        Score lost for each of them.

    Returns
    -------
    csr_array (n_left, n_right), rows and columns sorted

    Raises
    ------
    ValueError
        For costs below zero and shapes that do not fit.
    """
    if size_cost < 0.0 or repeat_cost < 0.0:
        raise ValueError("costs of a pair are never negative")
    weights = sp.csr_array(scores, dtype=np.float64, copy=True)
    weights.sum_duplicates()
    weights.sort_indices()
    row = np.repeat(np.arange(weights.shape[0]), np.diff(weights.indptr))
    if students_left is not None and students_right is not None:
        left, right = np.asarray(students_left, dtype=np.float64), np.asarray(students_right, dtype=np.float64)
        if (left.shape, right.shape) != ((weights.shape[0],), (weights.shape[1],)):
            raise ValueError(f"class sizes have the shapes {left.shape} and {right.shape}, scores {weights.shape}")
        logs = [np.log(np.where(size > 0, size, np.nan)) for size in (left, right)]
        weights.data -= size_cost * np.nan_to_num(np.abs(logs[0][row] - logs[1][weights.indices]))
    if earlier is not None:
        if earlier.shape != weights.shape:
            raise ValueError(f"earlier partnerships have the shape {earlier.shape}, scores {weights.shape}")
        weights.data -= repeat_cost * _values_at(earlier, weights)
    return weights


def _values_at(values: sp.sparray | sp.spmatrix, pairs: sp.csr_array) -> Floats:
    """One number a stored pair, 0 where ``values`` stores none."""
    known = sp.csr_array(values, dtype=np.float64, copy=True)
    known.sum_duplicates()
    n = pairs.shape[1]
    keys, own = (
        np.repeat(np.arange(table.shape[0], dtype=np.int64), np.diff(table.indptr)) * n + table.indices
        for table in (known, pairs)
    )
    order = np.argsort(keys)
    keys, data = keys[order], known.data[order]
    at = np.minimum(np.searchsorted(keys, own), max(len(keys) - 1, 0))
    return np.where(keys[at] == own, data[at], 0.0) if len(keys) else np.zeros(len(own))
