"""Which languages two classes can work in together, for one pair and for all pairs at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from matcher.profile import CourseProfile
from matcher.vocabulary.cefr import CEFR_LEVELS, levels_meet

Bools = npt.NDArray[np.bool_]

_LEVELS: tuple[str | None, ...] = (None, *CEFR_LEVELS)


class LanguageTable(NamedTuple):
    """What languages permit for all pairs, each array of bool, shape (n_left, n_right).

    `known`: both list languages of exchange. `listed`: both list the same one. `shared`: at levels that
    meet. `tandem`: each side learns what the other speaks.
    """

    known: Bools
    listed: Bools
    shared: Bools
    tandem: Bools


def shared_languages(a: CourseProfile, b: CourseProfile) -> tuple[str, ...]:
    """Return the languages both can work in, sorted; levels more than two steps apart are not shared."""
    levels_a, levels_b = a.exchange_languages, b.exchange_languages
    return tuple(sorted(tag for tag in levels_a.keys() & levels_b.keys() if levels_meet(levels_a[tag], levels_b[tag])))


def tandem_languages(a: CourseProfile, b: CourseProfile) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what `a` learns and `b` speaks, and what `b` learns and `a` speaks, each sorted.

    The pair is a tandem when neither is empty.
    """
    return (
        tuple(sorted(set(a.learning_languages) & set(b.native_languages))),
        tuple(sorted(set(b.learning_languages) & set(a.native_languages))),
    )


def language_table(left: Sequence[CourseProfile], right: Sequence[CourseProfile]) -> LanguageTable:
    """Return what `shared_languages` and `tandem_languages` say for all pairs at once."""
    known_left = np.array([bool(p.exchange_languages) for p in left], dtype=bool)
    known_right = np.array([bool(p.exchange_languages) for p in right], dtype=bool)
    learns_left, speaks_right = incidence([p.learning_languages for p in left], [p.native_languages for p in right])
    speaks_left, learns_right = incidence([p.native_languages for p in left], [p.learning_languages for p in right])
    listed = incidence([p.exchange_languages for p in left], [p.exchange_languages for p in right])
    # One column for each language at each level; the right side marks every level its own one meets.
    at_level = incidence(
        [list(p.exchange_languages.items()) for p in left],
        [
            [
                (tag, other)
                for tag, level in p.exchange_languages.items()
                for other in _LEVELS
                if levels_meet(level, other)
            ]
            for p in right
        ],
    )
    return LanguageTable(
        known_left[:, None] & known_right[None, :],
        have_common(*listed),
        have_common(*at_level),
        have_common(learns_left, speaks_right) & have_common(speaks_left, learns_right),
    )


def incidence(
    left: Sequence[Iterable[object]], right: Sequence[Iterable[object]]
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Return which row holds which item, over the items of both sides.

    Returns
    -------
    left, right : ndarray of 0 and 1, shapes (n_left, n_items) and (n_right, n_items)
        float32, because products of such matrices are counts and floats multiply fastest.
    """
    columns: dict[object, int] = {}
    tables = []
    cells = [[[columns.setdefault(item, len(columns)) for item in row] for row in side] for side in (left, right)]
    for side in cells:
        table = np.zeros((len(side), len(columns)), dtype=np.float32)
        for number, row in enumerate(side):
            table[number, row] = 1
        tables.append(table)
    return tables[0], tables[1]


def have_common(left: npt.NDArray[np.float32], right: npt.NDArray[np.float32]) -> Bools:
    """Return which rows of two incidence matrices share an item, shape (n_left, n_right)."""
    common: Bools = left @ right.T > 0
    return common
