"""Values of pairs that depend only on what kind of course each side is, and counts of what both sides hold.

Ten thousand courses have a few hundred sets of languages and some dozens of fields: a formula is evaluated
once for each pair of kinds, and a pair of courses looks its value up.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from scipy import sparse

from matcher.criterion import Singles
from matcher.pairs import Bools, Ints, Pairs, Values

Kind = TypeVar("Kind", bound=Hashable)
Other = TypeVar("Other", bound=Hashable)
# From pairs of kinds, numbered, to one or more arrays of the shape of the pairs.
Formula = Callable[[Pairs], Sequence[Values]]

# Entries of a table of kinds: 8 MB in single precision. With more kinds the formula is evaluated on each pair.
LARGEST_TABLE = 2**21
# A table pays when each of its entries is looked up several times.
LEAST_USES = 4
# Entries computed at once, so that what a formula needs in between stays small.
_AT_ONCE = 2**18
# Columns up to which a product of full matrices is faster than one of sparse ones.
_MOST_FULL_COLUMNS = 256


def numbered(kinds: Iterable[Kind]) -> tuple[list[Kind], Ints]:
    """Return the different kinds in order of appearance, and the number of each course's kind among them."""
    numbers: dict[Kind, int] = {}
    codes = np.array([numbers.setdefault(kind, len(numbers)) for kind in kinds], dtype=np.int64)
    return list(numbers), codes


def mirrored(pairs: Pairs) -> Pairs:
    """Return the pairs with their sides exchanged; the transpose of what is computed for them fits `pairs`."""
    return Pairs(pairs.columns.T, pairs.rows.T)


def where_left(flags: Values, pairs: Pairs) -> tuple[Ints, Pairs]:
    """Return the rows of a table, or the pairs of a list, whose left course has a flag that is not 0.

    Returns
    -------
    at : ndarray of int
        Positions along the first axis of whatever is computed for `pairs`.
    part : Pairs
    """
    at = np.flatnonzero(flags[pairs.rows.ravel()])
    return at, Pairs(pairs.rows[at], pairs.columns if pairs.is_table else pairs.columns[at])


def who_meet(left: Bools, right: Bools, pairs: Pairs) -> tuple[Ints, Pairs]:
    """Return the part of a table, or of a list, in which both courses of a pair have a flag.

    Parameters
    ----------
    left, right : ndarray of bool, shapes (n_left,) and (n_right,)

    Returns
    -------
    at : ndarray of int, shape (n_rows * n_columns,) or (n_pairs,) of the part
        Positions in whatever is computed for `pairs`, written as one row: such an index is by far the fastest.
    part : Pairs
    """
    in_row, in_column = left[pairs.rows], right[pairs.columns]
    if pairs.is_table:
        rows, columns = np.flatnonzero(in_row), np.flatnonzero(in_column)
        at = (rows[:, None] * pairs.shape[1] + columns).ravel()
        return at, Pairs(pairs.rows[rows], pairs.columns[:, columns])
    at = np.flatnonzero(in_row & in_column)
    return at, Pairs(pairs.rows[at], pairs.columns[at])


@dataclass(frozen=True)
class KindTable:
    """One value for each pair of kinds.

    Parameters
    ----------
    table : ndarray, shape (n_kinds_left, n_kinds_right)
    left, right : ndarray of int, shapes (n_left,) and (n_right,)
        The kind of each course.
    """

    table: Values
    left: Ints
    right: Ints

    @classmethod
    def of(
        cls, left: Iterable[Kind], right: Iterable[Other], evaluate: Callable[[list[Kind], list[Other]], Values]
    ) -> KindTable:
        """Evaluate a function from two lists of kinds to the table of their pairs."""
        (kinds_left, codes_left), (kinds_right, codes_right) = numbered(left), numbered(right)
        return cls(evaluate(kinds_left, kinds_right), codes_left, codes_right)

    def __call__(self, pairs: Pairs) -> Values:
        """Return the values of the pairs."""
        return pairs.entries(self.table, self.left, self.right)


@dataclass(frozen=True)
class ByKind:
    """A formula over kinds of courses, from tables where these are small, else evaluated on each pair.

    Parameters
    ----------
    formula : callable
        From pairs of kinds to one or more arrays of the shape of the pairs.
    left, right : ndarray of int, shapes (n_left,) and (n_right,)
        The kind of each course.
    tables : tuple of ndarray, shape (n_kinds_left, n_kinds_right); or None
        The formula's values for all pairs of kinds.
    """

    formula: Formula
    left: Ints
    right: Ints
    tables: tuple[Values, ...] | None

    @classmethod
    def prepare(
        cls, left: Iterable[Kind], right: Iterable[Other], formula_for: Callable[[list[Kind], list[Other]], Formula]
    ) -> ByKind:
        """Number the kinds of both sides, make the formula for them, and its tables where they pay."""
        (kinds_left, codes_left), (kinds_right, codes_right) = numbered(left), numbered(right)
        formula = formula_for(kinds_left, kinds_right)
        n_entries = len(kinds_left) * len(kinds_right)
        n_pairs = len(codes_left) * len(codes_right)
        if not 0 < n_entries <= min(LARGEST_TABLE, n_pairs // LEAST_USES):
            return cls(formula, codes_left, codes_right, None)
        n_rows = max(_AT_ONCE // len(kinds_right), 1)
        rows, columns = np.arange(len(kinds_left)), np.arange(len(kinds_right))
        parts = [formula(Pairs.table(rows[start : start + n_rows], columns)) for start in range(0, len(rows), n_rows)]
        tables = tuple(np.concatenate(blocks) for blocks in zip(*parts, strict=True))
        return cls(formula, codes_left, codes_right, tables)

    def __call__(self, pairs: Pairs) -> tuple[Values, ...]:
        """Return the formula's values of the pairs."""
        if self.tables is None:
            return tuple(self.formula(Pairs(self.left[pairs.rows], self.right[pairs.columns])))
        return tuple(pairs.entries(table, self.left, self.right) for table in self.tables)


@dataclass(frozen=True)
class Holdings:
    """Which course holds which of the items that occur on both sides.

    Parameters
    ----------
    left, right : ndarray or csr_array of 0 and 1, shapes (n_left, n_items) and (n_right, n_items)
        Single precision, because products of such matrices are counts and floats multiply fastest.
    is_sparse : bool
    """

    left: Any
    right: Any
    is_sparse: bool

    @classmethod
    def of(cls, left: Sequence[Iterable[Hashable]], right: Sequence[Iterable[Hashable]]) -> Holdings:
        """Read what each course holds; an item held twice counts once."""
        rows_left, rows_right = [dict.fromkeys(row) for row in left], [dict.fromkeys(row) for row in right]
        on_the_right = {item for row in rows_right for item in row}
        columns: dict[Hashable, int] = {}
        for row in rows_left:
            for item in row:
                if item in on_the_right:
                    columns.setdefault(item, len(columns))
        both = [_incidence(rows, columns) for rows in (rows_left, rows_right)]
        if len(columns) > _MOST_FULL_COLUMNS:
            return cls(both[0], both[1], True)
        return cls(both[0].toarray(), both[1].toarray(), False)

    def count(self, pairs: Pairs) -> Singles:
        """Return how many items both sides of each pair hold."""
        counts: Singles
        counts = pairs.sparse_dot(self.left, self.right) if self.is_sparse else pairs.dot(self.left, self.right)
        return counts


def _incidence(rows: Sequence[Iterable[Hashable]], columns: dict[Hashable, int]) -> sparse.csr_array:
    cells = [[columns[item] for item in row if item in columns] for row in rows]
    ends = np.cumsum([0, *(len(its) for its in cells)])
    indices = np.array([column for its in cells for column in its], dtype=np.int64)
    ones = np.ones(len(indices), dtype=np.float32)
    return sparse.csr_array((ones, indices, ends), shape=(len(rows), len(columns)))
