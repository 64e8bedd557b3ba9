"""The field of education a text speaks of, as far as the sentence model tells: a guess, and shown as one."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from matcher.background import DETAILED_FIELDS
from matcher.pairs import FloatArray

Doubles = npt.NDArray[np.float64]

# The narrow fields of ISCED-F 2013, the columns of a guess.
NARROW_FIELDS: tuple[str, ...] = tuple(sorted({code[:3] for code in DETAILED_FIELDS}))
# How decidedly a text is assigned to the field whose name it is nearest to. At 15 a text's three nearest of
# 80 detailed fields share most of its weight; values from 8 to 25 served alike on real partnerships.
FIELD_SHARPNESS = 15.0
# Weight of the title's vector beside the whole text's.
TITLE_FOR_FIELDS = 0.54


def guess_fields(whole: Doubles, title: Doubles, names: Doubles) -> FloatArray:
    """Return the square roots of the probabilities of the narrow fields, shape (n, n_narrow_fields).

    Parameters
    ----------
    whole, title : ndarray, shape (n, d)
        Centred unit vectors of texts and titles.
    names : ndarray, shape (n_detailed_fields, d)
        Centred unit vectors of the names of `DETAILED_FIELDS`.
    """
    both = whole + TITLE_FOR_FIELDS * title
    both /= np.maximum(np.linalg.norm(both, axis=1, keepdims=True), 1e-9)
    closeness = FIELD_SHARPNESS * (both @ names.T)
    chance = np.exp(closeness - closeness.max(axis=1, keepdims=True))
    member = np.array([[code[:3] == parent for parent in NARROW_FIELDS] for code in DETAILED_FIELDS], dtype=float)
    in_narrow: FloatArray = np.sqrt(chance @ member / chance.sum(axis=1, keepdims=True)).astype(np.float32)
    return in_narrow
