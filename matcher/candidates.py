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
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt
from joblib import Parallel, cpu_count, delayed
from threadpoolctl import threadpool_limits

from matcher.embedders import FloatArray
from matcher.pairs import Ints, Pairs

# Blocks of these sizes stay in a core's cache for most steps.
BLOCK_ROWS, BLOCK_COLUMNS = 512, 1024
# Scores of a pass are kept for the next when they fit in this.
KEPT_BYTES = 1 << 30
# A column's best of a block beyond its even part: rows come in random order, so more are hardly ever missed.
SPARE_OF_COLUMN = 3
# Scores for searching are single precision: a pair this far below a price may in truth lie above it.
SEARCH_ERROR = np.float32(1e-5)
# Prices beyond this say no more than "never" and "always"; single precision would lose scores beside them.
_FARTHEST_PRICE = 8.0

Done = Callable[[int, int], None]
"""Told how many of how many steps are done."""


class Scored(Protocol):
    """Scores of any pairs, -inf where a pair may not be made; must not depend on the block a pair stands in
    beyond `SEARCH_ERROR`."""

    def __call__(self, pairs: Pairs) -> FloatArray: ...


class PairList(NamedTuple):
    """Pairs, rows and columns of equal length."""

    rows: Ints
    columns: Ints


@dataclass(frozen=True)
class _Wanted:
    """What a pass looks for: the best `per_row` columns of every row after `off_columns` is taken away, only
    those above `above_rows`; the best `per_column` rows of every column; the best of each group."""

    per_row: int
    off_columns: FloatArray
    above_rows: FloatArray
    per_column: int = 0
    by_group: bool = False


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
        self._blocks = _Blocks(scored, tuple(rows), tuple(columns), np.asarray(groups), keep)

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
        wanted = _Wanted(
            per_row=per_course,
            off_columns=np.zeros(n_right, dtype=np.float32),
            above_rows=np.full(n_left, -np.inf, dtype=np.float32),
            per_column=-(-per_course // n_blocks) + SPARE_OF_COLUMN,
            by_group=True,
        )
        of_rows: list[_Tops] = []
        best, waiting = _joined([]), []
        for (found,), tops in self._run([wanted], done):
            of_rows.append(found)
            waiting.append(tops)
            # Thinned out as they come in: a block sends far more of a column's best than will stay.
            if sum(len(one.rows) for one in waiting) > n_right * per_course:
                best, waiting = _cut(_joined([best, *waiting]), per_course), []
        best, rows = _cut(_joined([best, *waiting]), per_course), _joined(of_rows)
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
            _Wanted(
                per_row=most,
                off_columns=np.clip(right, -_FARTHEST_PRICE, _FARTHEST_PRICE).astype(np.float32),
                above_rows=np.clip(left, -_FARTHEST_PRICE, _FARTHEST_PRICE).astype(np.float32) - SEARCH_ERROR,
            )
            for left, right in prices
        ]
        found: list[list[_Tops]] = [[] for _ in wanted]
        for of_rows, _ in self._run(wanted, done):
            for parts, part in zip(found, of_rows, strict=True):
                parts.append(part)
        every = [_joined(parts) for parts in found]
        return [united(self.shape, PairList(one.rows, one.columns)) for one in every]

    def _run(self, wanted: Sequence[_Wanted], done: Done | None) -> Iterable[tuple[list[_Tops], _Tops]]:
        tasks = (delayed(self._blocks.search)(number, wanted) for number in range(len(self._blocks.rows)))
        # One thread of linear algebra a block: the blocks themselves fill the cores.
        with threadpool_limits(1, user_api="blas"):
            parallel = Parallel(
                n_jobs=self._n_jobs or min(cpu_count(), max(len(self._blocks.rows), 1)),
                prefer="threads",
                return_as="generator",
            )
            for number, found in enumerate(parallel(tasks), start=1):
                if done is not None:
                    done(number, len(self._blocks.rows))
                yield found


class _Tops(NamedTuple):
    rows: Ints
    columns: Ints
    scores: FloatArray


@dataclass
class _Blocks:
    scored: Scored
    rows: tuple[Ints, ...]
    columns: tuple[Ints, ...]
    groups: Ints
    keep: bool
    # Filled by threads of this process; a worker process fills and forgets its own.
    kept: dict[tuple[int, int], FloatArray] = field(default_factory=dict)

    def __getstate__(self) -> dict[str, object]:
        return {**vars(self), "kept": {}, "keep": False}

    def search(self, number: int, wanted: Sequence[_Wanted]) -> tuple[list[_Tops], _Tops]:
        """Return the best of each of the block's rows for everything wanted, and of its columns for the first,
        which stand in the place of rows there."""
        rows = self.rows[number]
        # A row's best so far is the limit that others of it have to pass.
        best, limits = [_joined([]) for _ in wanted], [one.above_rows[rows] for one in wanted]
        of_groups: list[list[_Tops]] = [[] for _ in wanted]
        of_columns: list[_Tops] = []
        for at, columns in enumerate(self.columns):
            scores = self._scores(number, at)
            for number_wanted, (groups, one) in enumerate(zip(of_groups, wanted, strict=True)):
                offered = scores - one.off_columns[columns]
                found = _best_of_rows(offered, rows, columns, one.per_row, limits[number_wanted])
                best[number_wanted] = _cut(_joined([best[number_wanted], found]), one.per_row)
                limits[number_wanted] = _raised(limits[number_wanted], best[number_wanted], rows, one.per_row)
                if one.by_group:
                    groups.append(_best_of_groups(scores, rows, columns, self.groups[columns]))
            if wanted[0].per_column:
                turned = np.ascontiguousarray(scores.T)
                of_columns.append(_best_of_rows(turned, columns, rows, wanted[0].per_column, np.float32(-np.inf)))
        return [_joined([one, *groups]) for one, groups in zip(best, of_groups, strict=True)], _joined(of_columns)

    def _scores(self, row_block: int, column_block: int) -> FloatArray:
        key = (row_block, column_block)
        if key not in self.kept:
            scores = self.scored(Pairs.table(self.rows[row_block], self.columns[column_block]))
            if not self.keep:
                return scores
            self.kept[key] = scores
        return self.kept[key]


def united(shape: tuple[int, int], *lists: PairList) -> PairList:
    """Return every pair of the lists once, sorted by row and column."""
    n_right = max(shape[1], 1)
    keys = np.unique(np.concatenate([one.rows * n_right + one.columns for one in lists]).astype(np.int64))
    return PairList(keys // n_right, keys % n_right)


def _best_of_rows(scores: FloatArray, rows: Ints, columns: Ints, most: int, above: FloatArray | np.float32) -> _Tops:
    """Return the highest scores of each row that are finite and above the row's threshold."""
    limit = np.reshape(above, (-1, 1))
    if scores.shape[1] > most and not np.isfinite(limit).any():
        at = np.argpartition(scores, scores.shape[1] - most, axis=1)[:, -most:]
        row_at = np.repeat(np.arange(len(rows)), most)
        column_at = at.ravel()
        top = scores[row_at, column_at]
        is_there = top > -np.inf
        return _Tops(rows[row_at[is_there]], columns[column_at[is_there]], top[is_there])
    row_at, column_at = np.nonzero(scores > limit)
    return _cut(_Tops(rows[row_at], columns[column_at], scores[row_at, column_at]), most)


def _raised(limit: FloatArray, best: _Tops, rows: Ints, most: int) -> FloatArray:
    """Return the limits of the rows, raised to the last of their best where those are as many as wanted.

    Just below it: of equal scores the first columns are kept, and they may come later.
    """
    order = np.argsort(rows)
    at = order[np.searchsorted(rows, best.rows, sorter=order)]
    is_full = np.bincount(at, minlength=len(rows)) >= most
    last = np.full(len(rows), np.inf, dtype=np.float32)
    np.minimum.at(last, at, best.scores)
    raised: FloatArray = np.where(is_full, np.maximum(limit, np.nextafter(last, np.float32(-np.inf))), limit)
    return raised


def _best_of_groups(scores: FloatArray, rows: Ints, columns: Ints, groups: Ints) -> _Tops:
    """Return the highest score of each row in each group; columns of one group stand together."""
    starts = np.flatnonzero(np.diff(groups, prepend=-1))
    ends = np.append(starts[1:], len(groups))
    best = [start + scores[:, start:end].argmax(axis=1) for start, end in zip(starts, ends, strict=True)]
    row_at, column_at = np.tile(np.arange(len(rows)), len(best)), np.concatenate(best)
    top = scores[row_at, column_at]
    is_there = top > -np.inf
    return _Tops(rows[row_at[is_there]], columns[column_at[is_there]], top[is_there])


def _cut(tops: _Tops, most: int) -> _Tops:
    """Keep the highest of each row, ties by column."""
    order = np.lexsort((tops.columns, -tops.scores, tops.rows))
    kept = order[_place_in_group(tops.rows[order]) < most]
    return _Tops(tops.rows[kept], tops.columns[kept], tops.scores[kept])


def _place_in_group(ordered: Ints) -> Ints:
    """Return the place, from 0, of each entry among the equal ones it stands with."""
    starts = np.flatnonzero(np.diff(ordered, prepend=-1)) if len(ordered) else np.empty(0, dtype=np.int64)
    lengths = np.diff(np.append(starts, len(ordered)))
    places: Ints = np.arange(len(ordered)) - np.repeat(starts, lengths)
    return places


def _joined(parts: Sequence[_Tops]) -> _Tops:
    if not parts:
        none = np.empty(0, dtype=np.int64)
        return _Tops(none, none, np.empty(0, dtype=np.float32))
    return _Tops(*(np.concatenate(column) for column in zip(*parts, strict=True)))
