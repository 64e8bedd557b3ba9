"""The few pairs worth choosing from, found among all pairs of a market block by block.

Every permitted pair is scored once per pass in blocks of some million pairs; a block keeps the best of each
row, of each column and of each group of columns, so memory stays bounded whatever the number of pairs. The
blocks are tasks of joblib: threads by default, processes or a Dask cluster under `joblib.parallel_config`.

Truncation, not the solver, is what costs quality: with hubs in the market a list of each left course's best
partners alone may lose half of the attainable fit. Hence the union of both sides' lists, and `above`, by which
`matcher.optimality` finds what is missing until nothing is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from joblib import Parallel, cpu_count, delayed
from threadpoolctl import threadpool_limits

from matcher.blocks import Blocks, Scored, Tops, Wanted, column_limits, cut_rows, joined
from matcher.pairs import Ints

# Blocks of these sizes stay in a core's cache for most steps.
BLOCK_ROWS, BLOCK_COLUMNS = 512, 1024
# Scores of a pass are kept for the next when they fit in this.
KEPT_BYTES = 1 << 30
# A column's best of a block beyond its even part: rows come in random order, so more are hardly ever missed.
SPARE_OF_COLUMN = 3
# From so many blocks on, the best of one are beyond doubt too many for the best of all.
BLOCKS_FOR_LIMITS = 16
# Scores for searching are single precision: a pair this far below a price may in truth lie above it.
SEARCH_ERROR = np.float32(1e-5)
# Prices beyond this say no more than "never" and "always"; single precision would lose scores beside them.
_FARTHEST_PRICE = 8.0

Done = Callable[[int, int], None]
"""Told how many of how many steps are done."""


class PairList(NamedTuple):
    """Pairs, rows and columns of equal length."""

    rows: Ints
    columns: Ints


class PairSearch:
    """All pairs of two lists of courses, to be searched for the best.

    Parameters
    ----------
    scored : Scored
        Picklable when the blocks run in other processes.
    n_left, n_right : int
    groups : ndarray of int, shape (n_right,)
        Group of each right course, such as its country: each left course's best in every group is a
        candidate, or balance would have nothing to choose from.
    mixing : ndarray of int, shape (n_left,)
        The left positions in an order that says nothing about the courses.
    n_jobs : int, optional
        Blocks at once; by default what joblib is configured to, or one a core.
    """

    def __init__(
        self, scored: Scored, n_left: int, n_right: int, groups: Ints, mixing: Ints, n_jobs: int | None = None
    ) -> None:
        self.shape = (n_left, n_right)
        self._n_jobs = n_jobs
        by_group = np.argsort(groups, kind="stable")
        rows = [mixing[start : start + BLOCK_ROWS] for start in range(0, n_left, BLOCK_ROWS)]
        columns = [by_group[start : start + BLOCK_COLUMNS] for start in range(0, n_right, BLOCK_COLUMNS)]
        keep = n_left * n_right * np.dtype(np.float32).itemsize <= KEPT_BYTES
        self._blocks = Blocks(scored, tuple(rows), tuple(columns), np.asarray(groups), keep)

    def candidates(self, per_course: int, done: Done | None = None) -> PairList:
        """Return the union of every course's best partners and of each left course's best in every group.

        Parameters
        ----------
        per_course : int
            Partners of each course. Exact for left courses; a right course may miss one where chance puts many
            of its best into one block.
        done : callable, optional
            Told of the progress.
        """
        n_left, n_right = self.shape
        n_blocks = max(len(self._blocks.rows), 1)
        wanted = Wanted(
            per_row=per_course,
            off_columns=np.zeros(n_right, dtype=np.float32),
            above_rows=np.full(n_left, -np.inf, dtype=np.float32),
            per_column=-(-per_course // n_blocks) + SPARE_OF_COLUMN,
            by_group=True,
        )
        of_rows: list[Tops] = []
        best, waiting = joined([]), []
        first = 0
        if n_blocks >= BLOCKS_FOR_LIMITS:
            # What a column finds in the first block, a sample of the rows, is a limit for all the others.
            (found,), tops = self._blocks.search(0, [wanted])
            of_rows.append(found)
            waiting.append(tops)
            wanted = replace(wanted, above_columns=column_limits(tops, n_right, wanted.per_column))
            first = 1
        for (found,), tops in self._run([wanted], done, first):
            of_rows.append(found)
            waiting.append(tops)
            # Thinned out as they come in: a block sends far more of a column's best than will stay.
            if sum(len(one.rows) for one in waiting) > n_right * per_course:
                best, waiting = cut_rows(joined([best, *waiting]), per_course), []
        best, rows = cut_rows(joined([best, *waiting]), per_course), joined(of_rows)
        return united(self.shape, PairList(rows.rows, rows.columns), PairList(best.columns, best.rows))

    def above(
        self,
        prices: Sequence[tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]],
        most: int,
        done: Done | None = None,
    ) -> list[PairList]:
        """Return, for each pair of price vectors, the pairs whose score is above the sum of their two prices.

        Parameters
        ----------
        prices : sequence of (n_left,) and (n_right,) arrays
        most : int
            Pairs of one left course, the farthest above first. Pairs within the error of the search are
            returned too.
        """
        wanted = [
            Wanted(
                per_row=most,
                off_columns=np.clip(right, -_FARTHEST_PRICE, _FARTHEST_PRICE).astype(np.float32),
                above_rows=np.clip(left, -_FARTHEST_PRICE, _FARTHEST_PRICE).astype(np.float32) - SEARCH_ERROR,
            )
            for left, right in prices
        ]
        found: list[list[Tops]] = [[] for _ in wanted]
        for of_rows, _ in self._run(wanted, done):
            for parts, part in zip(found, of_rows, strict=True):
                parts.append(part)
        every = [joined(parts) for parts in found]
        return [united(self.shape, PairList(one.rows, one.columns)) for one in every]

    def _run(self, wanted: Sequence[Wanted], done: Done | None, first: int = 0) -> Iterable[tuple[list[Tops], Tops]]:
        tasks = (delayed(self._blocks.search)(number, wanted) for number in range(first, len(self._blocks.rows)))
        # One thread of linear algebra a block: the blocks themselves fill the cores.
        with threadpool_limits(1, user_api="blas"):
            parallel = Parallel(
                n_jobs=self._n_jobs or min(cpu_count(), max(len(self._blocks.rows), 1)),
                prefer="threads",
                return_as="generator",
            )
            for number, found in enumerate(parallel(tasks), start=first + 1):
                if done is not None:
                    done(number, len(self._blocks.rows))
                yield found


def united(shape: tuple[int, int], *lists: PairList) -> PairList:
    """Return every pair of the lists once, sorted by row and column."""
    n_right = max(shape[1], 1)
    keys = np.unique(np.concatenate([one.rows * n_right + one.columns for one in lists]).astype(np.int64))
    return PairList(keys // n_right, keys % n_right)
