"""Measures of rankings in which the right answers are known."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf
from statistics import fmean, median
from typing import TypeAlias

# A query's rank of its best right answer, from 1; None when it is not among the candidates at all.
Rank: TypeAlias = float | None


def mean_reciprocal_rank(ranks: Sequence[Rank]) -> float:
    """Return the mean of 1 / rank, 0 for what was not found; 0..1, higher is better.

    Raises
    ------
    ValueError
        If there are no ranks.
    """
    return fmean(0.0 if rank is None else 1 / rank for rank in _some(ranks))


def hit_rate(ranks: Sequence[Rank], at: int) -> float:
    """Return the share of queries whose rank is `at` or better, 0..1.

    Raises
    ------
    ValueError
        If there are no ranks.
    """
    return fmean(rank is not None and rank <= at for rank in _some(ranks))


def median_rank(ranks: Sequence[Rank]) -> float | None:
    """Return the median rank, what was not found counting as last; None when that is the median.

    Raises
    ------
    ValueError
        If there are no ranks.
    """
    middle = median(inf if rank is None else rank for rank in _some(ranks))
    return None if middle == inf else middle


def _some(ranks: Sequence[Rank]) -> Sequence[Rank]:
    if not ranks:
        raise ValueError("there is no query to measure")
    return ranks
