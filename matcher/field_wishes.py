"""Whether a course is of the field another wishes for: the same, a neighbouring or a complementary one.

* The same: both fields lie in one narrow field of ISCED-F (or are it).
* Neighbouring: both lie in one broad field, but in different narrow ones.
* Complementary: the fields lie in different broad ones, and such fields have partnered more often than by chance
  in the published partnerships (`complementarity`). The counts are small: it is a hint, as its weight is.

A broad field with one of its own says nothing of the narrow ones: neither the same nor a neighbouring field can
be told then, and what cannot be told is not judged. Unknown fields are never agreement.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

from matcher.complementarity import BROAD_FIELDS, broad_field, delivered_counts, lifts
from matcher.criterion import Floats, Singles
from matcher.fields import FieldWish
from matcher.vocabulary.isced import NOTHING_SHARED, SAME_BROAD, SAME_NARROW, field_nearness_matrix

# A wish, None for none, and the field of the course that wishes.
FieldOfWish: TypeAlias = tuple[FieldWish | None, str | None]

# In the place of 0 (not met) and 1 (met) where nothing can be told.
UNJUDGED = -1.0

_NARROW_DIGITS = 3


def field_wish_table(wishing: Sequence[FieldOfWish], codes: Sequence[str | None]) -> Singles:
    """Return for all pairs whether the wish is met: 1, 0 or `UNJUDGED`.

    Parameters
    ----------
    wishing : sequence of (FieldWish or None, str or None)
        Each wish with the ISCED-F code of the course that has it.
    codes : sequence of str or None
        The other courses' fields.

    Returns
    -------
    ndarray, shape (n_wishing, n_codes)
    """
    own = [code for _, code in wishing]
    # Cut to narrow fields, so that one value of nearness means one thing.
    nearness = field_nearness_matrix(list(map(_narrow, own)), list(map(_narrow, codes)))
    met = {
        FieldWish.SAME: nearness > SAME_NARROW,
        FieldWish.ADJACENT: nearness == SAME_BROAD,
        FieldWish.COMPLEMENTARY: (nearness == NOTHING_SHARED) & (_lifts(own, codes) > 1),
    }
    # 06 with 06 or 061 lies half way between the same and a neighbouring narrow field: both are possible.
    is_open = nearness == (SAME_BROAD + 1) / 2
    table = np.full(nearness.shape, UNJUDGED, dtype=np.float32)
    for row, (wish, _) in enumerate(wishing):
        if wish in met:
            told = ~np.isnan(nearness[row])
            if wish is not FieldWish.COMPLEMENTARY:
                told &= ~is_open[row]
            table[row, told] = met[wish][row, told]
    return table


def _narrow(code: str | None) -> str | None:
    return None if code is None else code[:_NARROW_DIGITS]


def _lifts(left: Sequence[str | None], right: Sequence[str | None]) -> Floats:
    """Return how much more often than by chance the broad fields partner; 0 where one is not known."""
    known = lifts(*delivered_counts())
    table = np.zeros((known.shape[0] + 1, known.shape[1] + 1))
    table[:-1, :-1] = known
    found: Floats = table[np.ix_(*([_place(code) for code in codes] for codes in (left, right)))]
    return found


def _place(code: str | None) -> int:
    broad = broad_field(code)
    return len(BROAD_FIELDS) if broad is None else BROAD_FIELDS.index(broad)
