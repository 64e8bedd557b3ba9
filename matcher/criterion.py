"""What a criterion is: prepared once for two lists of courses, then evaluated on any of their pairs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from matcher.encoded import EncodedProfiles
from matcher.pairs import Pairs

Floats: TypeAlias = npt.NDArray[np.float64]
Singles: TypeAlias = npt.NDArray[np.float32]


class Compared(NamedTuple):
    """Values and confidences of pairs, 0..1; each broadcasts to the shape of the pairs.

    Where nothing is known the confidence is exactly 0 and the value 0, and only there is the confidence 0.
    """

    value: Singles
    confidence: Singles


# Comparisons travel to worker processes, so they are frozen dataclasses of arrays.
Comparison: TypeAlias = Callable[[Pairs], Compared]


@dataclass(frozen=True)
class Criterion:
    """One aspect of a pair: its name, and what prepares its comparison.

    Parameters
    ----------
    name : str
    prepare : callable
        Takes the encoded profiles of both sides and returns the comparison of their pairs. All work that is
        done course by course is done here; the comparison itself is arithmetic on arrays.
    """

    name: str
    prepare: Callable[[EncodedProfiles, EncodedProfiles], Comparison]
