"""Which languages two classes can work in together, for one pair and for many pairs at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from matcher.criterion import Singles
from matcher.kinds import ByKind, Holdings
from matcher.pairs import Bools, Ints, Pairs
from matcher.profile import CourseProfile
from matcher.vocabulary.cefr import CEFR_LEVELS, levels_meet

_Levels = frozenset[tuple[str, str | None]]
_Tongues = tuple[frozenset[str], frozenset[str]]

# Rows and columns of a table of levels: not listed, listed without a level, the levels in order.
LEVELS: tuple[str | None, ...] = (None, *CEFR_LEVELS)
_N_CODES = 1 + len(LEVELS)
# What `common_languages` gives where a side lists no language; everything else is 0 or more.
UNKNOWN = -1.0
# How far two classes come with the languages they list.
NOTHING_LISTED, LISTED, SHARED = 0.0, 1.0, 2.0


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


def level_table(worth: Mapping[tuple[str | None, str | None], float]) -> Singles:
    """Return the table `common_languages` takes from what each pair of `LEVELS` is worth, shape (8, 8)."""
    table = np.zeros((_N_CODES, _N_CODES), dtype=np.float32)
    for row, level_a in enumerate(LEVELS, start=1):
        for column, level_b in enumerate(LEVELS, start=1):
            table[row, column] = worth[level_a, level_b]
    return table


MEETING: Singles = level_table({(a, b): SHARED if levels_meet(a, b) else LISTED for a in LEVELS for b in LEVELS})


def common_languages(left: Sequence[CourseProfile], right: Sequence[CourseProfile], table: Singles) -> ByKind:
    """Prepare the highest entry of a table of levels over the languages of exchange of both sides.

    Returns
    -------
    ByKind
        Gives one array: 0 where no language is listed by both, `UNKNOWN` where a side lists none at all.
    """
    return ByKind.prepare(
        [frozenset(p.exchange_languages.items()) for p in left],
        [frozenset(p.exchange_languages.items()) for p in right],
        lambda kinds_left, kinds_right: _CommonLevels.of(kinds_left, kinds_right, table),
    )


def tandems(left: Sequence[CourseProfile], right: Sequence[CourseProfile]) -> ByKind:
    """Prepare which pairs are tandems by `tandem_languages`; gives one array of bool."""
    return ByKind.prepare(_tongues(left), _tongues(right), _Tandem.of)


@dataclass(frozen=True)
class _CommonLevels:
    """Codes of levels, shape (n_kinds, n_languages), and whether any language is listed, shape (n_kinds,)."""

    table: Singles
    left: Ints
    right: Ints
    lists_left: Bools
    lists_right: Bools

    @classmethod
    def of(cls, left: Sequence[_Levels], right: Sequence[_Levels], table: Singles) -> _CommonLevels:
        both = sorted({tag for its in left for tag, _ in its} & {tag for its in right for tag, _ in its})
        columns = {tag: column for column, tag in enumerate(both)}
        lists_left, lists_right = (np.array([bool(its) for its in side], dtype=bool) for side in (left, right))
        return cls(table, _level_codes(left, columns), _level_codes(right, columns), lists_left, lists_right)

    def __call__(self, pairs: Pairs) -> tuple[Singles]:
        best = np.zeros(pairs.shape, dtype=np.float32)
        for codes_left, codes_right in zip(self.left.T, self.right.T, strict=True):
            np.maximum(best, pairs.entries(self.table, codes_left, codes_right), out=best)
        known = self.lists_left[pairs.rows] & self.lists_right[pairs.columns]
        return (np.where(known, best, np.float32(UNKNOWN)),)


@dataclass(frozen=True)
class _Tandem:
    learns_left: Holdings
    learns_right: Holdings

    @classmethod
    def of(cls, left: Sequence[_Tongues], right: Sequence[_Tongues]) -> _Tandem:
        learnt_left, spoken_left = [its[0] for its in left], [its[1] for its in left]
        learnt_right, spoken_right = [its[0] for its in right], [its[1] for its in right]
        return cls(Holdings.of(learnt_left, spoken_right), Holdings.of(spoken_left, learnt_right))

    def __call__(self, pairs: Pairs) -> tuple[Bools]:
        return ((self.learns_left.count(pairs) > 0) & (self.learns_right.count(pairs) > 0),)


def _level_codes(kinds: Sequence[_Levels], columns: Mapping[str, int]) -> Ints:
    codes = np.zeros((len(kinds), len(columns)), dtype=np.int64)
    for row, levels in enumerate(kinds):
        for tag, level in levels:
            if tag in columns:
                codes[row, columns[tag]] = 1 + LEVELS.index(level)
    return codes


def _tongues(profiles: Iterable[CourseProfile]) -> list[_Tongues]:
    return [(frozenset(p.learning_languages), frozenset(p.native_languages)) for p in profiles]
