"""Which pairs of two lists of courses are looked at: a whole table of them, or a list of single pairs.

Formulae are written once: arrays of one value a course are picked by `rows` and `columns`, whose shapes
broadcast against each other, so ``left[pairs.rows] - right[pairs.columns]`` has the shape of the pairs in
both forms. Tables are for searching all pairs block by block, lists for the few pairs that matter: the
number computed for a pair in a list depends on nothing but the pair, while the last bits of a matrix product
depend on the size of the block.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Values = npt.NDArray[Any]
FloatArray = npt.NDArray[np.float32]

# Pairs whose vectors are held in memory at once: 8,192 of 1,000 numbers are 32 MB a side.
_PAIRS_AT_ONCE = 8192


@dataclass(frozen=True)
class Pairs:
    """Positions in the left and in the right list.

    Parameters
    ----------
    rows : ndarray, shape (n_rows, 1) in a table, (n_pairs,) in a list
    columns : ndarray, shape (1, n_columns) in a table, (n_pairs,) in a list
    """

    rows: Ints
    columns: Ints

    @classmethod
    def table(cls, rows: Ints, columns: Ints) -> Pairs:
        """Every one of the rows with every one of the columns."""
        return cls(rows[:, None], columns[None, :])

    @classmethod
    def every(cls, n_left: int, n_right: int) -> Pairs:
        """All pairs of two lists of these lengths, as a table."""
        return cls.table(np.arange(n_left), np.arange(n_right))

    @classmethod
    def listed(cls, rows: Ints, columns: Ints) -> Pairs:
        """Pairs one by one: the first row with the first column, and so on."""
        return cls(rows, columns)

    @property
    def is_table(self) -> bool:
        """Whether every row meets every column."""
        return self.rows.ndim == 2

    @property
    def shape(self) -> tuple[int, ...]:
        """Of whatever is computed for the pairs: (n_rows, n_columns) or (n_pairs,)."""
        return np.broadcast_shapes(self.rows.shape, self.columns.shape)

    def dot(self, left: Values, right: Values) -> Values:
        """Inner products of the rows of two matrices (n_left, d) and (n_right, d), of the shape of the pairs."""
        if self.is_table:
            table: Values = left[self.rows[:, 0]] @ right[self.columns[0]].T
            return table
        products = np.empty(self.shape, dtype=np.result_type(left, right))
        for start in range(0, len(products), _PAIRS_AT_ONCE):
            part = slice(start, start + _PAIRS_AT_ONCE)
            np.einsum("ij,ij->i", left[self.rows[part]], right[self.columns[part]], out=products[part])
        return products

    def sparse_dot(self, left: Any, right: Any) -> Values:
        """Inner products of the rows of two scipy CSR arrays, dense, of the shape of the pairs."""
        if self.is_table:
            table: Values = (left[self.rows[:, 0]] @ right[self.columns[0]].T).toarray()
            return table
        products = np.empty(self.shape, dtype=np.result_type(left, right))
        for start in range(0, len(products), _PAIRS_AT_ONCE):
            part = slice(start, start + _PAIRS_AT_ONCE)
            shared = left[self.rows[part]].multiply(right[self.columns[part]])
            products[part] = shared.sum(axis=1, dtype=np.float64)
        return products

    def entries(self, table: Values, left_codes: Ints, right_codes: Ints) -> Values:
        """Entries of a small table: row ``left_codes[i]``, column ``right_codes[j]`` for the pair (i, j)."""
        if self.is_table:
            # Rows first, then columns: several times faster than one index of pairs.
            return table[left_codes[self.rows[:, 0]]][:, right_codes[self.columns[0]]]
        entries: Values = table[left_codes[self.rows], right_codes[self.columns]]
        return entries
