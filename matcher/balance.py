"""What balance means here, how it is measured and what it costs.

Every partnership joins one course of each side, so plain counts are equal by construction. What can be
unequal is who is served: courses, institutions and countries of the side that offers more places. Each group
therefore has a fair share of the partnerships, and imbalance is the distance of what it gets from that share.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]
Labels = Sequence[object] | NDArray[np.generic]

# The course level counts once and each coarser level twice: institutions and countries are where hoarding
# shows.
COURSE_WEIGHT, GROUP_WEIGHT = 1.0, 2.0


@dataclass(frozen=True)
class GroupLevel:
    """One level of one side: its groups, what each offers and what each should get.

    ``codes`` (n_courses,) is the group of each course, ``labels`` the group names by code, ``offered``
    (n_groups,) the places offered, ``shares`` (n_groups,) the fair number of partnerships, ``weight`` the
    level's part of the imbalance.
    """

    weight: float
    codes: Counts
    labels: tuple[object, ...]
    offered: Counts
    shares: Floats

    def counts(self, courses: Counts) -> Counts:
        """Partnerships of each group, shape (n_groups,), for the course indices ``courses`` of the
        partnerships."""
        return np.bincount(self.codes[courses], minlength=len(self.offered)).astype(np.int64)

    def imbalance(self, courses: Counts) -> float:
        """Half the chi-square distance of the groups' counts from their fair shares; 0 when every share is
        met."""
        return chi_square(self.counts(courses), self.shares) / 2.0


def level_weights(n_groups: int) -> tuple[float, ...]:
    """Weights of the course level and of ``n_groups`` coarser levels; they add up to 1 (.2, .4, .4 for
    two)."""
    total = COURSE_WEIGHT + GROUP_WEIGHT * n_groups
    return (COURSE_WEIGHT / total, *([GROUP_WEIGHT / total] * n_groups))


def fair_shares(offered: Counts, n_places: float, theta: float) -> Floats:
    """Fair number of partnerships of each group: ``n_places`` split in proportion to ``offered ** theta``.

    ``theta`` 1 follows the offer, 0 gives every group that offers anything the same, values between favour
    the small. A group that offers nothing has the share 0.
    """
    power = np.where(offered > 0, np.maximum(offered, 1).astype(np.float64) ** theta, 0.0)
    total = float(power.sum())
    return power * (n_places / total) if total else power


def group_levels(
    capacity: Counts, groups: Sequence[Labels], n_places: float, theta: float, weights: Sequence[float]
) -> tuple[GroupLevel, ...]:
    """The levels of one side from courses to the coarsest group.

    Parameters
    ----------
    capacity : (n,) places offered by each course
    groups : label arrays of length n, fine to coarse; each group must lie inside one group of the next level
    n_places : partnerships that both sides' places allow
    theta : see `fair_shares`
    weights : one weight a level, the course level first

    Raises
    ------
    ValueError
        A label array of another length, weights that do not fit, or groups that are not nested.
    """
    n = len(capacity)
    if len(weights) != len(groups) + 1:
        raise ValueError(f"{len(groups) + 1} level weights are needed, not {len(weights)}")
    levels: list[GroupLevel] = []
    for depth, labels in enumerate([np.arange(n), *groups]):
        if len(labels) != n:
            raise ValueError(f"group level {depth} has {len(labels)} labels for {n} courses")
        names, codes = np.unique(np.asarray(labels), return_inverse=True)
        offered = np.bincount(codes, weights=capacity, minlength=len(names)).astype(np.int64)
        if levels and len(np.unique(np.stack([levels[-1].codes, codes]), axis=1).T) != len(levels[-1].offered):
            raise ValueError(f"group level {depth} splits a group of the level below: groups must be nested")
        shares = fair_shares(offered, n_places, theta)
        levels.append(GroupLevel(weights[depth], codes.astype(np.int64), tuple(names.tolist()), offered, shares))
    return tuple(levels)


def chi_square(counts: Counts, shares: Floats) -> float:
    """Chi-square distance sum((n - s)**2 / s) over the groups that have a share; 0 is perfect, no upper
    bound."""
    owed = shares > 0
    return float((((counts - shares)[owed] ** 2) / shares[owed]).sum())


def gini(rates: Floats) -> float:
    """Gini index of non-negative rates: 0 when all are equal, towards 1 when one has everything; 0 for
    none."""
    ordered = np.sort(np.asarray(rates, dtype=np.float64))
    n, total = len(ordered), float(ordered.sum())
    if n == 0 or total == 0.0:
        return 0.0
    return float(((2 * np.arange(1, n + 1) - n - 1) * ordered).sum() / (n * total))


def price_of_balance(quality: float, quality_at_zero: float) -> float:
    """Share of the fit given up for balance, 0..1: 1 - Q(balance) / Q(0); 0 when there is nothing to lose."""
    return max(0.0, 1.0 - quality / quality_at_zero) if quality_at_zero > 0 else 0.0


@dataclass(frozen=True)
class LevelReport:
    """How evenly one level of one side is served.

    ``side`` is "a" (Asia) or "b" (Europe) in a round, "left" or "right" where sides have no region, ``level``
    "course", "institution" or "country". ``gini`` (0..1) is
    taken over partnerships per place offered, ``chi_square`` against the fair shares; ``least_served`` names
    the group with the fewest partnerships per place, ``least_rate`` that rate (0..1).
    """

    side: str
    level: str
    n_groups: int
    n_served: int
    gini: float
    chi_square: float
    least_served: str
    least_rate: float


def report_level(side: str, name: str, level: GroupLevel, courses: Counts) -> LevelReport:
    """Measure one level for the partnerships whose course indices on this side are ``courses``."""
    counts = level.counts(courses)
    offering = np.flatnonzero(level.offered > 0)
    rates = counts[offering] / level.offered[offering]
    least = int(offering[np.argmin(rates)]) if len(offering) else -1
    return LevelReport(
        side=side,
        level=name,
        n_groups=len(offering),
        n_served=int((counts > 0).sum()),
        gini=gini(rates),
        chi_square=chi_square(counts, level.shares),
        least_served=str(level.labels[least]) if least >= 0 else "",
        least_rate=float(rates.min()) if len(offering) else 0.0,
    )


@dataclass(frozen=True)
class BalanceReport:
    """What a round gave and what its balance cost; every figure is of an exact optimum.

    ``quality`` and ``quality_at_zero`` are sums of pair scores with the dial where it stands and at 0,
    ``price`` the share of fit given up (0..1), ``imbalance`` and ``imbalance_at_zero`` weighted half
    chi-square distances. ``coverage_a`` and ``coverage_b`` (0..1) are the shares of courses with at least one
    partner, ``students_a`` and ``students_b`` the students both sides bring where the class sizes are known.
    """

    balance: float
    n_a: int
    n_b: int
    n_pairs: int
    n_pairs_at_zero: int
    quality: float
    quality_at_zero: float
    price: float
    imbalance: float
    imbalance_at_zero: float
    coverage_a: float
    coverage_b: float
    coverage_a_at_zero: float
    coverage_b_at_zero: float
    students_a: int
    students_b: int
    levels: tuple[LevelReport, ...]
    levels_at_zero: tuple[LevelReport, ...]


def coverage(courses: Counts, n: int) -> float:
    """Share (0..1) of ``n`` courses that stand in at least one partnership; 0 when there are none."""
    return len(np.unique(courses)) / n if n else 0.0
