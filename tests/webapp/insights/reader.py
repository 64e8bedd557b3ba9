"""A reader who works out what they can: everything a page shows as equations, solved for the least and the most."""

from collections.abc import Hashable, Iterable, Mapping
from math import ceil, floor

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array

MANY = 400.0
"""Readers know that nothing is more."""
_EXACT = 1e-6


class Reader:
    """Numbers nobody told, none of them below nought, and what is known of them."""

    def __init__(self) -> None:
        self.places: dict[Hashable, int] = {}
        self.equations: list[tuple[dict[int, float], float]] = []
        self.most: dict[int, float] = {}

    def place(self, name: Hashable) -> int:
        """The position of a number; it is one of those reckoned with from now on."""
        return self.places.setdefault(name, len(self.places))

    def learn(self, name: Hashable, value: float) -> None:
        """Read a number."""
        self.equations.append(({self.place(name): 1.0}, value))

    def add_up(self, total: Hashable, parts: Iterable[Hashable]) -> None:
        """Know that numbers add up to another one."""
        equation = {self.place(total): -1.0}
        for part in parts:
            equation[self.place(part)] = equation.get(self.place(part), 0.0) + 1.0
        self.equations.append((equation, 0.0))

    def possible(self, name: Hashable) -> tuple[int, int]:
        """Work out the least and the most a number can be."""
        n = len(self.places)
        entries = [(row, at, factor) for row, (facts, _) in enumerate(self.equations) for at, factor in facts.items()]
        rows, columns, factors = zip(*entries, strict=True)
        matrix = coo_array((factors, (rows, columns)), shape=(len(self.equations), n)).tocsr()
        right = np.array([value for _equation, value in self.equations])
        limits = [(0.0, self.most.get(at, MANY)) for at in range(n)]
        found = []
        for sign in (1.0, -1.0):
            aim = np.zeros(n)
            aim[self.places[name]] = sign
            solved = linprog(aim, A_eq=matrix, b_eq=right, bounds=limits, method="highs")
            assert solved.status == 0, solved.message
            found.append(sign * solved.fun)
        return ceil(found[0] - _EXACT), floor(found[1] + _EXACT)

    def pinned(self, truth: Mapping[Hashable, int]) -> list[tuple[Hashable, int, int, int]]:
        """List the small numbers for which fewer than three values are possible."""
        found = []
        for name, value in truth.items():
            if 0 < value < 5:
                low, high = self.possible(name)
                assert low <= value <= high, (name, value, low, high)
                if high - low < 2:
                    found.append((name, value, low, high))
        return found
