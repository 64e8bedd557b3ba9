"""The report on a round's balance: what was given to whom, and what it cost."""

from __future__ import annotations

from collections.abc import Sequence

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
from matcher.market import Market, capacities, groups

LEVEL_NAMES = ("course", "institution", "country")


def report_round(market: Market, chosen: BalancedAssignment, at_zero: BalancedAssignment) -> BalanceReport:
    """Measure a choice of pairs beside the one with the dial at 0."""
    levels = _levels(market)
    pairs, pairs_at_zero = chosen.pairs_, at_zero.pairs_
    n_left, n_right = market.shape
    return BalanceReport(
        balance=chosen.balance,
        n_a=n_left,
        n_b=n_right,
        n_pairs=len(pairs),
        n_pairs_at_zero=len(pairs_at_zero),
        quality=chosen.quality_,
        quality_at_zero=at_zero.quality_,
        price=price_of_balance(chosen.quality_, at_zero.quality_),
        imbalance=chosen.imbalance_,
        imbalance_at_zero=at_zero.imbalance_,
        coverage_a=coverage(pairs[:, 0], n_left),
        coverage_b=coverage(pairs[:, 1], n_right),
        coverage_a_at_zero=coverage(pairs_at_zero[:, 0], n_left),
        coverage_b_at_zero=coverage(pairs_at_zero[:, 1], n_right),
        students_a=sum(market.left[row].students or 0 for row in pairs[:, 0].tolist()),
        students_b=sum(market.right[column].students or 0 for column in pairs[:, 1].tolist()),
        levels=_level_reports(levels, pairs),
        levels_at_zero=_level_reports(levels, pairs_at_zero),
    )


def _levels(market: Market) -> tuple[tuple[GroupLevel, ...], ...]:
    sides = (market.left, market.right)
    n_places = float(min(sum(p.capacity for p in side) for side in sides))
    weights = level_weights(len(LEVEL_NAMES) - 1)
    return tuple(group_levels(capacities(side), groups(side), n_places, market.theta, weights) for side in sides)


def _level_reports(levels: Sequence[Sequence[GroupLevel]], pairs: Counts) -> tuple[LevelReport, ...]:
    return tuple(
        report_level("ab"[side], name, level, pairs[:, side])
        for side, own in enumerate(levels)
        for name, level in zip(LEVEL_NAMES, own, strict=True)
    )
