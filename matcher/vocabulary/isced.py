"""Fields of education and training: ISCED-F 2013, its codes, names and how near two fields are.

A code is broad (two digits, such as 06), narrow (three, 061) or detailed (four, 0613); a profile may give
any of them. Each code begins with its parent's. The official codes for "not further defined" (0610), "not
elsewhere classified" (0619) and inter-disciplinary programmes (0688) are codes like others, except that a
"not further defined" code says no more than its parent and is compared as its parent.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from matcher.vocabulary.tables import read_table

_ROWS = read_table("isced_f_2013")

# English names of all codes.
FIELDS: dict[str, str] = {row["code"]: row["name_en"] for row in _ROWS}

# The fields to choose from in a form: 11 broad, 29 narrow and 80 detailed ones.
STANDARD_FIELDS: tuple[str, ...] = tuple(row["code"] for row in _ROWS if row["kind"] == "standard")

# "Field unknown" is written 99, 999 or 9999.
UNKNOWN_FIELDS: frozenset[str] = frozenset(row["code"] for row in _ROWS if row["kind"] == "unknown")

# How near two fields are when what they share is exactly ... Half way down the tree counts more than half,
# because classes of one narrow field (economics with psychology) find a common project far more easily
# than classes that share only the broad field (economics with journalism).
SAME_DETAILED = 1.0
SAME_NARROW = 0.7
SAME_BROAD = 0.4
NOTHING_SHARED = 0.0
_BY_SHARED_DIGITS = np.array([NOTHING_SHARED, NOTHING_SHARED, SAME_BROAD, SAME_NARROW, SAME_DETAILED])

# A broad or narrow code against itself or one below it: the shared part is certain, the rest is open, so the
# value lies half way between "only that much" and "the same in detail". Saying less never gains anything.
_OPEN_BY_SHARED_DIGITS = (_BY_SHARED_DIGITS + SAME_DETAILED) / 2


def field_code(text: str) -> str:
    """Return an ISCED-F code as it stands in `FIELDS`.

    Raises
    ------
    ValueError
        If there is no such code.
    """
    code = text.strip()
    if code not in FIELDS:
        raise ValueError(f"{text!r} is not an ISCED-F code of two to four digits, such as 06, 061 or 0613")
    return code


def field_name(code: str) -> str:
    """Return the English name of a field, or the code itself when it is unknown."""
    return FIELDS.get(code, code)


def field_nearness(code_a: str, code_b: str) -> float:
    """Return how near two fields are, 0..1.

    1.0 the same detailed field; 0.7 the same narrow field; 0.4 the same broad field; 0 otherwise. Where a
    code says no more than what is shared, the value lies half way to 1: 0.85 for 061 with 061 or 0613, 0.7
    for 06 with 06, 061 or 0613.
    """
    return float(field_nearness_matrix([code_a], [code_b])[0, 0])


def field_nearness_matrix(left: Sequence[str | None], right: Sequence[str | None]) -> npt.NDArray[np.float64]:
    """Return the nearness of all pairs of fields.

    Parameters
    ----------
    left, right : sequence of str or None
        ISCED-F codes of two to four digits; None and 99, 999, 9999 are unknown.

    Returns
    -------
    ndarray, shape (n_left, n_right)
        Values 0..1 as in `field_nearness`; NaN where either side is unknown.
    """
    digits_left, digits_right = _digits(left), _digits(right)
    shared = np.zeros((len(left), len(right)), dtype=np.int64)
    for n_digits in (2, 3, 4):
        prefix_left, prefix_right = digits_left[:, n_digits - 2], digits_right[:, n_digits - 2]
        shared += (prefix_left[:, None] == prefix_right[None, :]) & (prefix_left >= 0)[:, None]
    # Shared prefixes nest, so their number (0..3) tells the shared digits (0, 2, 3, 4).
    shared = np.where(shared > 0, shared + 1, 0)
    depth_left, depth_right = _depth(digits_left), _depth(digits_right)
    is_open = (shared > 0) & (shared == np.minimum(depth_left[:, None], depth_right[None, :]))
    nearness = np.where(is_open, _OPEN_BY_SHARED_DIGITS[shared], _BY_SHARED_DIGITS[shared])
    nearness[(depth_left == 0)[:, None] | (depth_right == 0)[None, :]] = np.nan
    return nearness


def _digits(codes: Sequence[str | None]) -> npt.NDArray[np.int64]:
    """Return the broad, narrow and detailed prefix of each code as numbers, -1 where it is not that deep."""
    table = np.full((len(codes), 3), -1, dtype=np.int64)
    for row, code in enumerate(codes):
        if code is None or code in UNKNOWN_FIELDS:
            continue
        said = _what_it_says(code)
        for n_digits in range(2, len(said) + 1):
            table[row, n_digits - 2] = int(said[:n_digits])
    return table


def _what_it_says(code: str) -> str:
    while len(code) > 2 and code.endswith("0"):
        code = code[:-1]
    return code


def _depth(digits: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    n_known = (digits >= 0).sum(axis=1)
    return np.where(n_known > 0, n_known + 1, 0)
