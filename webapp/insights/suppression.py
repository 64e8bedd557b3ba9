"""Small groups are not shown, not named, and cannot be worked out from what is shown.

A cell that counts one to four matches is hidden. What is hidden stands in the table as one row "others", which names
nobody, and which sums that are shown give away anyway: so it is five or more together, for which other cells are held
back as well, the smallest first. What a reader can know of each hidden cell is followed through all sums: a small one
is safe while at least three values remain possible for it. A cell of none is shown: there is nobody in it.

``docs/insights.md`` says what this protects from, and what it does not.
"""

from collections.abc import Collection, Hashable, Sequence
from enum import StrEnum
from itertools import pairwise, product
from typing import Generic, TypeVar

from webapp.insights.bounds import Sum, Sums

SMALLEST = 5
"""Groups of fewer matches are not shown."""
ROOM = 2
"""Least distance of the bounds a reader can find for a small cell: three values."""


class Status(StrEnum):
    """Whether a figure is shown, and if not, why."""

    SHOWN = "shown"
    SMALL = "small"
    HELD = "held_back"


def is_small(n: int) -> bool:
    """Whether so many matches are a group too small to be shown."""
    return 0 < n < SMALLEST


def of_base(n: int) -> Status:
    """Tell whether a figure that rests on so many matches may be shown."""
    return Status.SMALL if is_small(n) else Status.SHOWN


def hidden(n: int) -> Status:
    """Tell why a number of matches is not shown, where something else forbids it already; none is always shown."""
    return Status.HELD if n >= SMALLEST else of_base(n)


def share(n: int, of: int) -> Status:
    """Protect a part of a whole that is shown: neither the part nor the rest may be a small group."""
    if is_small(n):
        return Status.SMALL
    return Status.HELD if is_small(of - n) else Status.SHOWN


def nested(values: Sequence[int], most_wanted: int) -> list[Status]:
    """Protect numbers of which each is a part of the one before: no step and no loss from one to the next is small.

    Of all ways to hide steps it takes the one that shows the step most wanted and, after that, the most steps and the
    earliest. Two steps between which some are hidden may differ as two neighbours may.
    """

    def is_safe(kept: tuple[bool, ...]) -> bool:
        shown = [value for value, is_kept in zip(values, kept, strict=True) if is_kept]
        losses = [one - other for one, other in pairwise((*shown, 0))]
        return not any(map(is_small, (*shown, *losses)))

    ways = [kept for kept in product((True, False), repeat=len(values)) if is_safe(kept)]
    best = max(ways, key=lambda kept: (kept[most_wanted], sum(kept), kept))
    return [Status.SHOWN if is_kept else hidden(value) for value, is_kept in zip(values, best, strict=True)]


Key = TypeVar("Key", bound=Hashable)


class Ledger(Generic[Key]):
    """Cells by name and the sums they stand in, of one table or of several that share cells."""

    def __init__(self) -> None:
        self._places: dict[Key, int] = {}
        self._values: list[int] = []
        self._status: list[Status] = []
        self._fixed: set[int] = set()
        self._sums: list[Sum] = []

    def __contains__(self, key: Key) -> bool:
        return key in self._places

    def put(self, key: Key, value: int, status: Status | None = None, *, is_fixed: bool = False) -> None:
        """Add a cell.

        Parameters
        ----------
        key
            Its name.
        value
            What it counts.
        status
            Whether it is shown, as far as is known before; hidden where it is small.
        is_fixed
            Whether it is shown elsewhere, so that it cannot be held back here.
        """
        self._places[key] = len(self._values)
        if is_fixed:
            self._fixed.add(len(self._values))
        self._values.append(value)
        self._status.append(of_base(value) if status is None else status)

    def put_unseen(self, key: Key, value: int) -> None:
        """Add a cell that no table has, and that nobody may work out either when it is small: a rest, a loss."""
        self.put(key, value, Status.HELD)

    def add_up(self, total: Key, parts: Collection[Key]) -> None:
        """Say that cells add up to another one."""
        if parts:
            self._sums.append(Sum(self._places[total], tuple(self._places[key] for key in parts)))

    def protected(self) -> dict[Key, Status]:
        """Decide which cells are shown; parts are held back before totals, small numbers before large ones."""
        around: list[list[Sum]] = [[] for _ in self._values]
        for one in self._sums:
            for at in one.cells:
                around[at].append(one)
        sums = Sums(self._sums)
        while True:
            while sum(self._hide_more(one, around) for one in self._sums):
                continue
            touched: set[Sum] = set()
            for near in self._known_too_well(sums, around):
                if touched.isdisjoint(near) and self._hold(near, around):
                    touched.update(near)
            if not touched:
                return {key: self._status[at] for key, at in self._places.items()}

    def _hide_more(self, one: Sum, around: list[list[Sum]]) -> bool:
        """Hold a cell of a sum back when what is hidden in it is a small group."""
        is_told = self._status[one.total] is Status.SHOWN and is_small(self._rest(one))
        return is_told and self._hold([one], around)

    def _known_too_well(self, sums: Sums, around: list[list[Sum]]) -> list[list[Sum]]:
        """List the sums around each small cell that a reader can work out."""
        low, high = sums.bounds(*self._known())
        return [
            around[at]
            for at, value in enumerate(self._values)
            if is_small(value) and self._status[at] is not Status.SHOWN and high[at] - low[at] < ROOM
        ]

    def _rest(self, one: Sum) -> int:
        """Add up what is hidden in a sum."""
        return sum(self._values[at] for at in one.parts if self._status[at] is not Status.SHOWN)

    def _known(self) -> tuple[list[int], list[int]]:
        """Tell what a reader knows of each cell before adding up: the least and the most; no most is below nought."""
        # A row "others" tells neither who is in it nor how many: a hidden cell can be anything, even none.
        known = [
            (value, value) if status is Status.SHOWN else (0, -1)
            for value, status in zip(self._values, self._status, strict=True)
        ]
        return [low for low, _high in known], [high for _low, high in known]

    def _hold(self, near: list[Sum], around: list[list[Sum]]) -> bool:
        """Hold back the smallest cell of some sums, where all in them is hidden, of sums farther off."""
        seen = set[Sum]()
        ring = list(near)
        while ring:
            seen.update(ring)
            candidates = [
                (at == one.total, self._values[at], at)
                for one in ring
                for at in one.cells
                if self._status[at] is Status.SHOWN and self._values[at] > 0 and at not in self._fixed
            ]
            if candidates:
                self._status[min(candidates)[2]] = Status.HELD
                return True
            ring = list({two: None for one in ring for at in one.cells for two in around[at] if two not in seen})
        return False


def column(values: Sequence[int], whole: Status | None = None) -> list[Status]:
    """Protect the parts of a whole.

    Parameters
    ----------
    values
        The parts, each match in one of them.
    whole
        Whether their sum is shown, here or anywhere else on the page; by default unless it is small. Where it is not,
        no part is.
    """
    total = sum(values)
    if (of_base(total) if whole is None else whole) is not Status.SHOWN:
        return [hidden(value) for value in values]
    ledger = Ledger[int]()
    for at, value in enumerate(values):
        ledger.put(at, value)
    ledger.put(-1, total, Status.SHOWN, is_fixed=True)
    ledger.add_up(-1, range(len(values)))
    states = ledger.protected()
    return [states[at] for at in range(len(values))]
