"""One round's market: both regions' courses sorted by id, which pairs are possible, and what a choice of
pairs means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from matcher.assignment import BalancedAssignment
from matcher.balance import (
    BalanceReport,
    Counts,
    GroupLevel,
    LevelReport,
    coverage,
    group_levels,
    level_weights,
    price_of_balance,
    report_level,
)
from matcher.criterion import Floats
from matcher.left_out import LeftOut, SideOfRound, reasons_left_out
from matcher.profile import CourseProfile
from matcher.proposals import Alternate
from matcher.rule_matrices import Bools
from matcher.words import same_name_key

LEVEL_NAMES = ("course", "institution", "country")
# In ASEM, Hong Kong and Macao count with China.
_COUNTED_WITH = {"HK": "CN", "MO": "CN"}


@dataclass(frozen=True)
class Market:
    """What a round chooses from.

    ``left`` are the Asian, ``right`` the European courses, each sorted by id; ``forbidden`` the pairs each
    rule forbids, ``score`` 0..1 and ``possible`` (permitted and scored at least ``min_score``), all (n_left,
    n_right).
    """

    left: tuple[CourseProfile, ...]
    right: tuple[CourseProfile, ...]
    forbidden: Mapping[str, Bools]
    score: Floats
    confidence: Floats
    possible: Bools
    min_score: float

    def choose(self, balance: float, theta: float) -> Counts:
        """The best pairs at one position of the dial, (n_pairs, 2) rows and columns, sorted."""
        rows, columns = np.nonzero(self.possible)
        weights = sp.csr_array((self.score[rows, columns], (rows, columns)), shape=self.score.shape)
        solved = BalancedAssignment(balance, theta).fit(
            weights,
            _capacities(self.left),
            _capacities(self.right),
            _groups(self.left),
            _groups(self.right),
            ids_left=[p.id for p in self.left],
            ids_right=[p.id for p in self.right],
        )
        return solved.pairs_

    def alternates(self, pairs: Counts, n: int) -> tuple[Alternate, ...]:
        """The ``n`` best possible partners of each course that it is not paired with, ties by id."""
        is_open = self.possible.copy()
        is_open[pairs[:, 0], pairs[:, 1]] = False
        found = [
            *_next_best(self.left, self.right, is_open, self.score, self.confidence, n),
            *_next_best(self.right, self.left, is_open.T, self.score.T, self.confidence.T, n),
        ]
        return tuple(sorted(found, key=lambda one: (one.profile_id, one.rank)))

    def left_out(self, pairs: Counts, min_shared_weeks: int) -> list[LeftOut]:
        """Every course without a partner, with its reason."""
        n_left, n_right = self.score.shape
        taken_left = np.bincount(pairs[:, 0], minlength=n_left)
        taken_right = np.bincount(pairs[:, 1], minlength=n_right)
        transposed = {code: table.T for code, table in self.forbidden.items()}
        left = SideOfRound(self.left, self.forbidden, self.score, taken_right < _capacities(self.right))
        right = SideOfRound(self.right, transposed, self.score.T, taken_left < _capacities(self.left))
        return [
            *reasons_left_out(left, taken_left > 0, self.min_score, min_shared_weeks),
            *reasons_left_out(right, taken_right > 0, self.min_score, min_shared_weeks),
        ]

    def report(self, pairs: Counts, pairs_at_zero: Counts, balance: float, theta: float) -> BalanceReport:
        """Measure a choice of pairs beside the one with the dial at 0."""
        levels = self._levels(theta)
        quality, quality_at_zero = self._quality(pairs), self._quality(pairs_at_zero)
        return BalanceReport(
            balance=balance,
            n_a=len(self.left),
            n_b=len(self.right),
            n_pairs=len(pairs),
            n_pairs_at_zero=len(pairs_at_zero),
            quality=quality,
            quality_at_zero=quality_at_zero,
            price=price_of_balance(quality, quality_at_zero),
            imbalance=_imbalance(levels, pairs),
            imbalance_at_zero=_imbalance(levels, pairs_at_zero),
            coverage_a=coverage(pairs[:, 0], len(self.left)),
            coverage_b=coverage(pairs[:, 1], len(self.right)),
            coverage_a_at_zero=coverage(pairs_at_zero[:, 0], len(self.left)),
            coverage_b_at_zero=coverage(pairs_at_zero[:, 1], len(self.right)),
            students_a=sum(self.left[row].students or 0 for row in pairs[:, 0].tolist()),
            students_b=sum(self.right[column].students or 0 for column in pairs[:, 1].tolist()),
            levels=_level_reports(levels, pairs),
            levels_at_zero=_level_reports(levels, pairs_at_zero),
        )

    def _quality(self, pairs: Counts) -> float:
        return float(self.score[pairs[:, 0], pairs[:, 1]].sum())

    def _levels(self, theta: float) -> tuple[tuple[GroupLevel, ...], ...]:
        sides = (self.left, self.right)
        n_places = float(min(sum(p.capacity for p in side) for side in sides))
        weights = level_weights(len(LEVEL_NAMES) - 1)
        return tuple(group_levels(_capacities(side), _groups(side), n_places, theta, weights) for side in sides)


def _next_best(
    own: Sequence[CourseProfile],
    others: Sequence[CourseProfile],
    is_open: Bools,
    score: Floats,
    confidence: Floats,
    n: int,
) -> list[Alternate]:
    found = []
    for row, profile in enumerate(own):
        # Columns are sorted by id, so a stable sort breaks ties by id.
        columns = np.flatnonzero(is_open[row])
        best = columns[np.argsort(-score[row, columns], kind="stable")][:n]
        found += [
            Alternate(profile.id, others[at].id, rank, float(score[row, at]), float(confidence[row, at]))
            for rank, at in enumerate(best.tolist(), start=1)
        ]
    return found


def _capacities(profiles: Sequence[CourseProfile]) -> Counts:
    return np.array([p.capacity for p in profiles], dtype=np.int64)


def _groups(profiles: Sequence[CourseProfile]) -> list[list[str]]:
    """Institution and country of each course; institutions of one name in two countries are two."""
    countries = [_COUNTED_WITH.get(p.country, p.country) for p in profiles]
    keys = [f"{country} {same_name_key(p.institution)}" for p, country in zip(profiles, countries, strict=True)]
    names = {key: f"{p.institution} ({c})" for p, key, c in zip(profiles, keys, countries, strict=True)}
    return [[names[key] for key in keys], countries]


def _imbalance(levels: Sequence[Sequence[GroupLevel]], pairs: Counts) -> float:
    return sum(level.weight * level.imbalance(pairs[:, side]) for side, own in enumerate(levels) for level in own)


def _level_reports(levels: Sequence[Sequence[GroupLevel]], pairs: Counts) -> tuple[LevelReport, ...]:
    return tuple(
        report_level("ab"[side], name, level, pairs[:, side])
        for side, own in enumerate(levels)
        for name, level in zip(LEVEL_NAMES, own, strict=True)
    )
