"""What a comparison returns, and how several partial comparisons become one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]


class Compared(NamedTuple):
    """Values 0..1 (NaN unknown) and confidences 0..1 of all pairs, each of shape (n_left, n_right)."""

    value: Floats
    confidence: Floats


def from_values(value: Floats) -> Compared:
    """Return values with full confidence where they are known and none where they are NaN."""
    return Compared(value, np.where(np.isnan(value), 0.0, 1.0))


def mean_of_known(parts: Sequence[Floats]) -> Compared:
    """Return the mean of the parts known for each pair; confidence is the share of parts that are known."""
    total, n_known = np.zeros_like(parts[0]), np.zeros_like(parts[0])
    for part in parts:
        known = ~np.isnan(part)
        total[known] += part[known]
        n_known += known
    value = np.divide(total, n_known, out=np.full(total.shape, np.nan), where=n_known > 0)
    return Compared(value, n_known / len(parts))
