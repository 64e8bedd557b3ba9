"""What every position of the dial would give: fit against balance in one call, for an interactive dial."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from matcher.balance import Counts, GroupLevel, LevelReport, coverage, price_of_balance, report_level
from matcher.problem import Problem


@dataclass(frozen=True)
class FrontierPoint:
    """One position of the dial; every figure is of an exact optimum.

    ``price`` (0..1) is the share of the fit at 0 that is given up, ``coverage_left`` and ``coverage_right``
    (0..1) the shares of courses with at least one partner, ``n_unmet`` the partnerships missing below
    minimums of courses and groups, ``levels`` one report a side and level, left first, courses first.
    ``pairs`` are the caller's rows and columns of the pairs, sorted; ``given`` the partnerships of each group, in
    the order of `Frontier.groups`.
    """

    balance: float
    n_pairs: int
    quality: float
    imbalance: float
    price: float
    coverage_left: float
    coverage_right: float
    n_unmet: int
    levels: tuple[LevelReport, ...]
    pairs: tuple[tuple[int, int], ...]
    given: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Groups:
    """The groups of one level above the courses: their names, the places they offer, their fair shares."""

    side: str
    level: str
    labels: tuple[str, ...]
    offered: tuple[int, ...]
    shares: tuple[float, ...]


@dataclass(frozen=True)
class Frontier:
    """Points by rising balance: along them neither quality nor imbalance ever rises."""

    points: tuple[FrontierPoint, ...]
    groups: tuple[Groups, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain tuples, dictionaries, strings and numbers, for JSON."""
        return asdict(self)


def trace_frontier(problem: Problem, positions: Sequence[float], level_names: Sequence[str]) -> Frontier:
    """Solve a market at each position of the dial; only costs change between them, the network is laid once.

    Parameters
    ----------
    positions : numbers from 0 to 1
    level_names : the names of the side with more levels, courses first
    """
    network = problem.network()
    at = {position: problem.solve(position, network) for position in sorted({0.0, *positions})}
    quality_at_zero = problem.quality(at[0.0])
    return Frontier(
        tuple(
            _point(problem, position, at[position], quality_at_zero, level_names) for position in sorted(set(positions))
        ),
        tuple(
            Groups(side, name, tuple(map(str, one.labels)), tuple(one.offered.tolist()), tuple(one.shares.tolist()))
            for side, name, one in _groups(problem, level_names)
        ),
    )


def _groups(problem: Problem, level_names: Sequence[str]) -> list[tuple[str, str, GroupLevel]]:
    """List the levels above the courses, left side first, fine levels first."""
    return [
        (side, name, level)
        for side, own in (("left", problem.left), ("right", problem.right))
        for name, level in list(zip(level_names, own.levels, strict=False))[1:]
    ]


def _point(
    problem: Problem, balance: float, chosen: Counts, quality_at_zero: float, level_names: Sequence[str]
) -> FrontierPoint:
    rows, columns = problem.edges.row[chosen], problem.edges.column[chosen]
    quality = problem.quality(chosen)
    groups = problem.unmet_groups(chosen)
    return FrontierPoint(
        balance=balance,
        n_pairs=len(chosen),
        quality=quality,
        imbalance=problem.imbalance(chosen),
        price=price_of_balance(quality, quality_at_zero),
        coverage_left=coverage(rows, problem.n_left),
        coverage_right=coverage(columns, problem.n_right),
        n_unmet=int(problem.unmet(chosen).sum()) + sum(one.missing for one in groups),
        levels=tuple(
            report_level(name, level_name, level, courses)
            for name, side, courses in (("left", problem.left, rows), ("right", problem.right, columns))
            for level_name, level in zip(level_names, side.levels, strict=False)
        ),
        pairs=tuple((row, column) for row, column in problem.pairs(chosen).tolist()),
        given=tuple(
            tuple(level.counts(rows if side == "left" else columns).tolist())
            for side, _, level in _groups(problem, level_names)
        ),
    )


def dial_positions(positions: int | Sequence[float]) -> list[float]:
    """Evenly spaced positions for a number of them, or the positions themselves.

    Raises
    ------
    ValueError
        For fewer than two positions, or one that is not from 0 to 1.
    """
    if isinstance(positions, int):
        if positions < 2:
            raise ValueError(f"a frontier has two positions or more, not {positions}")
        return [at / (positions - 1) for at in range(positions)]
    given = [float(position) for position in positions]
    if not all(0.0 <= position <= 1.0 for position in given):
        raise ValueError("positions of the dial are numbers from 0 to 1")
    return given
