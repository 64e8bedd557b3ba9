"""Who leads: half of everybody's partnerships, at every level of both regions at once.

One side of each partnership leads, the other follows. Giving half a lead to each side of each partnership would
be perfectly even at every level; because the groups of each side are nested, a whole-numbered split exists in
which every course, institution, country and region leads in its half, rounded up or down (Budish, Che, Kojima and
Milgrom, American Economic Review 103(2), 2013; for two levels de Werra's equitable colourings, 1971). It is one
assignment with minimums and caps.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import ArrayLike, NDArray

from matcher.assignment import BalancedAssignment
from matcher.balance import Counts, Labels
from matcher.limits import Limits


def split_leads(
    pairs: ArrayLike,
    groups_left: Sequence[Labels],
    groups_right: Sequence[Labels],
    ids_left: Sequence[str],
    ids_right: Sequence[str],
) -> NDArray[np.bool_]:
    """Whether the left course leads, for each partnership.

    Every course, every group and each whole side leads in its half of its partnerships, rounded up or down, so
    that leading and following differ by one at most.

    Parameters
    ----------
    pairs : integers (n_pairs, 2), each pair once
        Rows and columns of the partnerships.
    groups_left, groups_right : label arrays from fine to coarse, nested; courses and regions are implied
    ids_left, ids_right : distinct strings, one a course
        They break ties, so that the split does not depend on the order of courses.

    Returns
    -------
    (n_pairs,) booleans

    Raises
    ------
    ValueError
        If groups are not nested, or ids or labels do not fit.
    """
    made = np.asarray(pairs, dtype=np.int64).reshape(-1, 2)
    halves = [
        _Half.of(made[:, side], [*groups, ["all"] * len(ids)], len(ids))
        for side, (groups, ids) in enumerate(((groups_left, ids_left), (groups_right, ids_right)))
    ]
    left, right = halves
    # The score of every pair is 0: only halves decide who leads, and the ids break ties.
    W = sp.coo_array((np.zeros(len(made)), (made[:, 0], made[:, 1])), shape=(len(ids_left), len(ids_right)))
    chosen = BalancedAssignment(weights=[0.0] * (len(left.groups) + 1)).fit(
        W.tocsr(),
        left.most,
        right.most,
        left.groups,
        right.groups,
        left.least,
        right.least,
        ids_left,
        ids_right,
        limits_left=left.limits,
        limits_right=right.limits,
    )
    keys, leading = (one[:, 0] * len(ids_right) + one[:, 1] for one in (made, chosen.pairs_))
    return np.isin(keys, leading)


@dataclass(frozen=True)
class _Half:
    """Half of each course's and each group's partnerships on one side, rounded down and up."""

    least: Counts
    most: Counts
    groups: Sequence[Labels]
    limits: list[dict[object, Limits]]

    @classmethod
    def of(cls, courses: Counts, groups: Sequence[Labels], n: int) -> "_Half":
        n_made = np.bincount(courses, minlength=n)
        limits: list[dict[object, Limits]] = []
        for labels in groups:
            names, codes = np.unique(np.asarray(labels), return_inverse=True)
            counts = np.bincount(codes[courses], minlength=len(names)).tolist()
            limits.append({name: _half(count) for name, count in zip(names.tolist(), counts, strict=True)})
        return cls(n_made // 2, n_made - n_made // 2, groups, limits)


def _half(count: int) -> Limits:
    return Limits(count // 2, count - count // 2)
