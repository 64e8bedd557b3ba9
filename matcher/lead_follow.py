"""Who leads: half of everybody's partnerships, at every level of both regions at once.

One side of each partnership leads, the other follows. Each partnership gets a mate on the left, one that shares its
course where possible, else its institution, else its country, else its region, and likewise a mate on the right;
then mates are given opposite roles. That is always possible: whoever walks from mate to mate, left and right in
turn, makes an even number of steps before coming back. And it is even everywhere: in every course, institution,
country and region all partnerships but one at most have their mate inside, with the opposite role. (Such a split
exists by Budish, Che, Kojima and Milgrom, American Economic Review 103(2), 2013; the construction is that of Euler
splits and equitable colourings, de Werra 1971, for nested groups.)
"""

from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
import scipy.sparse as sp
from numpy.typing import ArrayLike, NDArray
from scipy.sparse.csgraph import connected_components

from matcher.balance import Counts, Labels


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
        The split depends on them and not on the order of courses or pairs.

    Returns
    -------
    (n_pairs,) booleans

    Raises
    ------
    ValueError
        If groups are not nested.
    """
    made = np.asarray(pairs, dtype=np.int64).reshape(-1, 2)
    n = len(made)
    ranks = [np.argsort(np.argsort(np.asarray(ids, dtype=np.str_))) for ids in (ids_left, ids_right)]
    sequence = np.lexsort((ranks[1][made[:, 1]], ranks[0][made[:, 0]]))
    rows, columns = made[sequence].T
    ends = [_mates(rows, groups_left, len(ids_left)), _mates(columns, groups_right, len(ids_right))]
    first, second = np.concatenate(ends, axis=1)
    # Each partnership stands twice, once for each role; mates are tied in opposite roles.
    one, other = np.concatenate([first, first + n]), np.concatenate([second + n, second])
    ties = sp.coo_array((np.ones(len(one)), (one, other)), shape=(2 * n, 2 * n))
    labels = connected_components(ties, directed=False)[1]
    # A walk meets the same partnership in one role only, so its two labels differ; the smaller names the walk.
    walk = np.minimum(labels[:n], labels[n:])
    starts, at = np.unique(walk, return_index=True)
    turn = np.array([_turn(ids_left[rows[i]], ids_right[columns[i]]) for i in at.tolist()], dtype=np.bool_)
    number = np.searchsorted(starts, walk)
    leads = np.empty(n, dtype=np.bool_)
    leads[sequence] = (labels[:n] == labels[:n][at][number]) ^ turn[number]
    return leads


def _mates(courses: Counts, groups: Sequence[Labels], n_courses: int) -> Counts:
    """Pairs of partnerships that are mates on one side, (2, n_mates), fine levels before coarse ones."""
    levels = [np.arange(n_courses)]
    for labels in groups:
        codes = np.unique(np.asarray(labels), return_inverse=True)[1].astype(np.int64)
        if len(np.unique(np.stack([levels[-1], codes]), axis=1).T) != len(np.unique(levels[-1])):
            raise ValueError("a group level splits a group of the level below: groups must be nested")
        levels.append(codes)
    levels.append(np.zeros(n_courses, dtype=np.int64))
    alone = np.arange(len(courses))
    mates = []
    for codes in levels:
        group = codes[courses[alone]]
        alone, group = (values[np.argsort(group, kind="stable")] for values in (alone, group))
        place = np.arange(len(group)) - np.searchsorted(group, group)
        is_last = np.append(group[1:] != group[:-1], True)[: len(group)]
        is_even = place % 2 == 0
        mates.append(np.stack([alone[is_even & ~is_last], alone[~is_even]]))
        alone = np.sort(alone[is_even & is_last])
    return np.concatenate(mates, axis=1)


def _turn(left: str, right: str) -> bool:
    """Heads or tails from the ids, so that no side leads the odd ones of every round."""
    return bool(blake2b(f"{left}\n{right}".encode(), digest_size=1).digest()[0] & 1)
