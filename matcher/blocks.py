"""One block of rows of a market, searched for its best pairs: the task that runs on threads, processes or a
cluster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

import numpy as np

from matcher.pairs import FloatArray, Ints, Pairs


class Scored(Protocol):
    """Scores of any pairs, -inf where a pair may not be made; must not depend on the block a pair stands in
    beyond `SEARCH_ERROR`."""

    def __call__(self, pairs: Pairs) -> FloatArray: ...


@dataclass(frozen=True)
class Wanted:
    """What a pass looks for: the best `per_row` columns of every row after `off_columns` is taken away, only
    those above `above_rows`; the best `per_column` rows of every column above `above_columns`; the best of each
    group."""

    per_row: int
    off_columns: FloatArray
    above_rows: FloatArray
    per_column: int = 0
    above_columns: FloatArray | None = None
    by_group: bool = False


class Tops(NamedTuple):
    """Pairs and their scores, arrays of equal length; of the best of columns `rows` holds the columns."""

    rows: Ints
    columns: Ints
    scores: FloatArray


@dataclass
class Blocks:
    """The scores of a market cut into blocks, see `matcher.candidates.PairSearch`."""

    scored: Scored
    rows: tuple[Ints, ...]
    columns: tuple[Ints, ...]
    groups: Ints
    keep: bool
    # Filled by threads of this process; a worker process fills and forgets its own.
    kept: dict[tuple[int, int], FloatArray] = field(default_factory=dict)

    def __getstate__(self) -> dict[str, object]:
        return {**vars(self), "kept": {}, "keep": False}

    def search(self, number: int, wanted: Sequence[Wanted]) -> tuple[list[Tops], Tops]:
        """Return the best of each of the block's rows for everything wanted, and of its columns for the first,
        which stand in the place of rows there."""
        rows = self.rows[number]
        # A row's best so far is the limit that others of it have to pass.
        best, limits = [joined([]) for _ in wanted], [one.above_rows[rows] for one in wanted]
        of_groups: list[list[Tops]] = [[] for _ in wanted]
        of_columns: list[Tops] = []
        for at, columns in enumerate(self.columns):
            scores = self._scores(number, at)
            for number_wanted, (groups, one) in enumerate(zip(of_groups, wanted, strict=True)):
                offered = scores - one.off_columns[columns]
                found = _best_of_rows(offered, rows, columns, one.per_row, limits[number_wanted])
                best[number_wanted] = cut_rows(joined([best[number_wanted], found]), one.per_row)
                limits[number_wanted] = _raised(limits[number_wanted], best[number_wanted], rows, one.per_row)
                if one.by_group:
                    groups.append(_best_of_groups(scores, rows, columns, self.groups[columns]))
            if wanted[0].per_column:
                of_columns.append(_best_of_columns(scores, rows, columns, wanted[0]))
        return [joined([one, *groups]) for one, groups in zip(best, of_groups, strict=True)], joined(of_columns)

    def _scores(self, row_block: int, column_block: int) -> FloatArray:
        key = (row_block, column_block)
        if key not in self.kept:
            scores = self.scored(Pairs.table(self.rows[row_block], self.columns[column_block]))
            if not self.keep:
                return scores
            self.kept[key] = scores
        return self.kept[key]


def _best_of_rows(scores: FloatArray, rows: Ints, columns: Ints, most: int, above: FloatArray | np.float32) -> Tops:
    """Return the highest scores of each row that are finite and above the row's threshold."""
    limit = np.reshape(above, (-1, 1))
    if scores.shape[1] > most and not np.isfinite(limit).any():
        at = np.argpartition(scores, scores.shape[1] - most, axis=1)[:, -most:]
        row_at = np.repeat(np.arange(len(rows)), most)
        column_at = at.ravel()
        top = scores[row_at, column_at]
        is_there = top > -np.inf
        return Tops(rows[row_at[is_there]], columns[column_at[is_there]], top[is_there])
    row_at, column_at = np.nonzero(scores > limit)
    return cut_rows(Tops(rows[row_at], columns[column_at], scores[row_at, column_at]), most)


def _best_of_columns(scores: FloatArray, rows: Ints, columns: Ints, wanted: Wanted) -> Tops:
    """Return the highest scores of each column, which stands in the place of the row."""
    if wanted.above_columns is None:
        turned = np.ascontiguousarray(scores.T)
        return _best_of_rows(turned, columns, rows, wanted.per_column, np.float32(-np.inf))
    row_at, column_at = np.nonzero(scores > wanted.above_columns[columns])
    return cut_rows(Tops(columns[column_at], rows[row_at], scores[row_at, column_at]), wanted.per_column)


def column_limits(tops: Tops, n_right: int, most: int) -> FloatArray:
    """Return the last of each column's best, just below it, or -inf where it has fewer than wanted."""
    nobody = np.full(n_right, -np.inf, dtype=np.float32)
    return _raised(nobody, tops, np.arange(n_right), most)


def _raised(limit: FloatArray, best: Tops, rows: Ints, most: int) -> FloatArray:
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


def _best_of_groups(scores: FloatArray, rows: Ints, columns: Ints, groups: Ints) -> Tops:
    """Return the highest score of each row in each group; columns of one group stand together."""
    starts = np.flatnonzero(np.diff(groups, prepend=-1))
    ends = np.append(starts[1:], len(groups))
    best = [start + scores[:, start:end].argmax(axis=1) for start, end in zip(starts, ends, strict=True)]
    row_at, column_at = np.tile(np.arange(len(rows)), len(best)), np.concatenate(best)
    top = scores[row_at, column_at]
    is_there = top > -np.inf
    return Tops(rows[row_at[is_there]], columns[column_at[is_there]], top[is_there])


def cut_rows(tops: Tops, most: int) -> Tops:
    """Keep the highest of each row, ties by column."""
    order = np.lexsort((tops.columns, -tops.scores, tops.rows))
    kept = order[_place_in_group(tops.rows[order]) < most]
    return Tops(tops.rows[kept], tops.columns[kept], tops.scores[kept])


def _place_in_group(ordered: Ints) -> Ints:
    """Return the place, from 0, of each entry among the equal ones it stands with."""
    starts = np.flatnonzero(np.diff(ordered, prepend=-1)) if len(ordered) else np.empty(0, dtype=np.int64)
    lengths = np.diff(np.append(starts, len(ordered)))
    places: Ints = np.arange(len(ordered)) - np.repeat(starts, lengths)
    return places


def joined(parts: Sequence[Tops]) -> Tops:
    """Put lists of pairs together."""
    if not parts:
        none = np.empty(0, dtype=np.int64)
        return Tops(none, none, np.empty(0, dtype=np.float32))
    return Tops(*(np.concatenate(column) for column in zip(*parts, strict=True)))
