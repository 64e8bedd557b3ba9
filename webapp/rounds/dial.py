"""The balance dial of one round: what its positions give, and what changes from one to another.

Everything here is read from what `webapp.rounds.frontiers` kept with the round, so nothing is computed again.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

LEVELS = ("country", "institution", "course")
SIDES = ("a", "b")
N_LEAST = 5
"""Least served groups that are named of each kind."""


@dataclass(frozen=True)
class Point:
    """One position of the dial and what it gives.

    Parameters
    ----------
    balance
        The position, 0..1.
    quality
        Sum of the scores of its pairs.
    price
        Share of the best possible fit that is given up (0..1).
    evened
        Share of the unevenness at position 0 that is gone (0..1).
    n_pairs
        Partnerships.
    coverage
        Share (0..1) of a side's courses with a partner, by side.
    gini
        How unevenly a level is served (0 the same for all .. 1), by ``side-level``.
    served
        Groups with a partner and groups there are, by ``side-level``.
    given
        Partnerships of each group, in the order of the dial's groups.
    pairs
        Ids of the Asian and the European course of each pair.
    """

    balance: float
    quality: float
    price: float
    evened: float
    n_pairs: int
    coverage: Mapping[str, float]
    gini: Mapping[str, float]
    served: Mapping[str, Sequence[int]]
    given: Sequence[Sequence[int]]
    pairs: Sequence[Sequence[int]]

    @property
    def kept(self) -> float:
        """Share of the best possible fit that is kept (0..1)."""
        return 1.0 - self.price

    def partners(self) -> Counter[int]:
        """Count the partners of each course (id) that has any."""
        return Counter(course for pair in self.pairs for course in pair)


@dataclass(frozen=True)
class Group:
    """An institution, or a country (which has no name here), with the partnerships it has, had, and should have."""

    side: str
    level: str
    name: str
    country: str
    before: int
    given: int
    share: float


@dataclass(frozen=True)
class Changed:
    """Courses (ids) whose number of partners differs between two positions, with both numbers: before, after."""

    gains: Mapping[int, tuple[int, int]]
    losses: Mapping[int, tuple[int, int]]


@dataclass(frozen=True)
class Dial:
    """All positions of a round's dial.

    Parameters
    ----------
    positions
        Those that can be chosen, rising.
    points
        What they give, and what the round's own position gives where it lies between them; by rising position.
    present
        The round's own position.
    n_a, n_b
        Courses of both sides that took part.
    n_candidates
        Pairs there were to choose from.
    gap
        Largest share of the best that a point may be away from it; 0 when all are proven.
    """

    positions: Sequence[float]
    points: Sequence[Point]
    present: Point
    n_a: int
    n_b: int
    n_candidates: int
    gap: float
    _groups: Sequence[Mapping[str, Any]]

    def at(self, wanted: str | None) -> Point:
        """Give the point nearest to a position as written in an address; the present one's for anything unreadable."""
        try:
            balance = float(wanted or "")
        except ValueError:
            balance = self.present.balance
        if not 0.0 <= balance <= 1.0:
            balance = self.present.balance
        if balance == self.present.balance:
            return self.present
        nearest = min(self.positions, key=lambda position: abs(position - balance))
        return next(point for point in self.points if point.balance == nearest)

    @property
    def step(self) -> float:
        """The distance of neighbouring positions."""
        return 1.0 / max(len(self.positions) - 1, 1)

    def groups(self, point: Point, level: str) -> list[Group]:
        """List the groups of a level, Asia first, with what they have at a point and at the present one."""
        found = []
        for group, before, given in zip(self._groups, self.present.given, point.given, strict=True):
            if group["level"] == level:
                rows = zip(group["names"], before, given, group["shares"], strict=True)
                found += [
                    Group(group["side"], level, name, code, was, n, share) for (name, code), was, n, share in rows
                ]
        return found

    def changed_groups(self, point: Point, level: str) -> list[Group]:
        """List the groups that gain or lose partnerships against the present point, the greatest change first."""
        groups = [group for group in self.groups(point, level) if group.given != group.before]
        return sorted(groups, key=lambda one: (-abs(one.given - one.before), one.name, one.country))

    def least_served(self, point: Point, level: str) -> list[Group]:
        """List the groups furthest below their fair share, at most `N_LEAST`: the smallest part of it first."""
        groups = [group for group in self.groups(point, level) if group.given < group.share]
        return sorted(groups, key=lambda one: (one.given / one.share, -one.share, one.name, one.country))[:N_LEAST]

    def changed(self, point: Point) -> Changed:
        """Tell which courses gain and which lose partners against the present point."""
        before, after = self.present.partners(), point.partners()
        both = {course: (before[course], after[course]) for course in sorted(before.keys() | after.keys())}
        return Changed(
            gains={course: (was, n) for course, (was, n) in both.items() if n > was},
            losses={course: (was, n) for course, (was, n) in both.items() if n < was},
        )


def read(stored: Mapping[str, Any] | None) -> Dial | None:
    """Read what is kept with a round; None for one without a frontier, or without any pair at any position."""
    if not stored or not any(point["n_pairs"] for point in stored["points"]):
        return None
    uneven = stored["points"][0]["imbalance"]
    points = [_point(one, uneven) for one in stored["points"]]
    return Dial(
        positions=stored["positions"],
        points=points,
        present=next(point for point in points if point.balance == stored["present"]),
        n_a=stored["n_a"],
        n_b=stored["n_b"],
        n_candidates=stored["n_candidates"],
        gap=stored["gap"],
        _groups=stored["groups"],
    )


def _point(one: Mapping[str, Any], uneven: float) -> Point:
    return Point(
        balance=one["balance"],
        quality=one["quality"],
        price=one["price"],
        evened=max(0.0, 1.0 - one["imbalance"] / uneven) if uneven else 0.0,
        n_pairs=one["n_pairs"],
        coverage={side: one[f"coverage_{side}"] for side in SIDES},
        gini=one["gini"],
        served=one["served"],
        given=one["given"],
        pairs=one["pairs"],
    )
