"""What a reader can know of cells from the sums they stand in."""

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]
_ANY = 10**12
"""Stands for "no most is known"; whatever comes near it is taken for that too."""


class Sum(NamedTuple):
    """Cells, by their positions, that add up to another one."""

    total: int
    parts: tuple[int, ...]

    @property
    def cells(self) -> tuple[int, ...]:
        """All cells of it, the total last."""
        return (*self.parts, self.total)


class Sums:
    """Sums laid out so that all of them are followed at once."""

    def __init__(self, sums: Sequence[Sum]) -> None:
        self._sums = sums

    @cached_property
    def _arrays(self) -> tuple[Numbers, Numbers, Numbers, Numbers]:
        """Position of each total, of each part, the sum each part is in, and where the parts of each sum begin."""
        lengths = [len(one.parts) for one in self._sums]
        return (
            np.array([one.total for one in self._sums], dtype=np.int64),
            np.array([at for one in self._sums for at in one.parts], dtype=np.int64),
            np.repeat(np.arange(len(lengths), dtype=np.int64), lengths),
            np.cumsum([0, *lengths[:-1]], dtype=np.int64),
        )

    def bounds(self, low: Sequence[int], high: Sequence[int]) -> tuple[list[int], list[int]]:
        """Narrow what is known of each cell by every sum, until nothing more follows.

        Parameters
        ----------
        low
            The least each cell can be.
        high
            The most; below nought where none is known.
        """
        least = np.array(low, dtype=np.int64)
        most = np.array(high, dtype=np.int64)
        most[most < 0] = _ANY
        if not self._sums:
            return least.tolist(), most.tolist()
        total, part, within, starts = self._arrays
        while True:
            low_sum, high_sum = np.add.reduceat(least[part], starts), np.add.reduceat(most[part], starts)
            narrower_low, narrower_high = least.copy(), most.copy()
            np.maximum.at(narrower_low, total, low_sum)
            np.minimum.at(narrower_high, total, high_sum)
            np.maximum.at(narrower_low, part, least[total][within] - (high_sum[within] - most[part]))
            left = most[total][within] - (low_sum[within] - least[part])
            np.minimum.at(narrower_high, part, np.where(left > _ANY // 2, _ANY, left))
            if np.array_equal(narrower_low, least) and np.array_equal(narrower_high, most):
                return least.tolist(), most.tolist()
            least, most = narrower_low, narrower_high
