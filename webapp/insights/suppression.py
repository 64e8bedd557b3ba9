"""Small groups are not shown, and cannot be worked out from what is.

A cell that counts one to four matches is not shown ("fewer than 5"). Where sums that are shown would still give it
away, another cell is held back as well, the smallest first. What a reader can know of each hidden cell is followed
through all sums: a small one is safe while at least three values remain possible for it. A cell of none is shown:
there is nobody in it.

Each page and file is protected for itself. Pages that can be narrowed are for coordinators, who may open every match
that these count; what everybody sees has no filters.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

SMALLEST = 5
"""Groups of fewer matches are not shown."""
_ROOM = 2
"""Least distance of the bounds a reader can find for a small cell: three values."""
_ANY = 10**9


class Status(StrEnum):
    """Whether a figure is shown, and if not, why."""

    SHOWN = "shown"
    SMALL = "small"
    HELD = "held_back"


class Sum(NamedTuple):
    """Cells, by their positions, that add up to another one."""

    total: int
    parts: tuple[int, ...]


def of_base(n: int) -> Status:
    """Tell whether a figure that rests on so many matches may be shown."""
    return Status.SMALL if 0 < n < SMALLEST else Status.SHOWN


def protect(values: Sequence[int], sums: Sequence[Sum]) -> list[Status]:
    """Decide which cells are shown.

    Parameters
    ----------
    values
        What each cell counts.
    sums
        What a reader can add up; of a table its rows and columns.

    Returns
    -------
    list of Status
        One for each cell. Parts are held back before totals, small numbers before large ones.
    """
    status = [of_base(value) for value in values]
    sums_of: list[list[Sum]] = [[] for _ in values]
    for one in sums:
        for at in (one.total, *one.parts):
            sums_of[at].append(one)
    while True:
        low, high = bounds(values, status, sums)
        open_cells = [at for at, it in enumerate(status) if it is Status.SMALL and high[at] - low[at] < _ROOM]
        touched: set[Sum] = set()
        for at in open_cells:
            if not touched.isdisjoint(sums_of[at]):
                continue
            # Where all around it is hidden already, what gives it away is a sum farther off.
            candidates = _shown(sums_of[at], values, status) or _shown(sums, values, status)
            if candidates:
                status[min(candidates)[2]] = Status.HELD
                touched.update(sums_of[at])
        if not touched:
            return status


def _shown(sums: Sequence[Sum], values: Sequence[int], status: Sequence[Status]) -> list[tuple[bool, int, int]]:
    """List the cells of some sums that could be held back: whether a sum itself, value and position."""
    return [
        (at == one.total, values[at], at)
        for one in sums
        for at in (*one.parts, one.total)
        if status[at] is Status.SHOWN and values[at] > 0
    ]


def bounds(values: Sequence[int], status: Sequence[Status], sums: Sequence[Sum]) -> tuple[list[int], list[int]]:
    """Tell what a reader can know of each cell: the least and the most it can be, followed through all sums."""
    known = {Status.SMALL: (1, SMALLEST - 1), Status.HELD: (SMALLEST, _ANY)}
    low = [value if it is Status.SHOWN else known[it][0] for value, it in zip(values, status, strict=True)]
    high = [value if it is Status.SHOWN else known[it][1] for value, it in zip(values, status, strict=True)]
    open_sums = [one for one in sums if any(status[at] is not Status.SHOWN for at in (one.total, *one.parts))]
    changed = True
    while changed:
        changed = False
        for total, parts in open_sums:
            least, most = sum(low[at] for at in parts), sum(high[at] for at in parts)
            found = {total: (least, most)}
            for at in parts:
                found[at] = (low[total] - (most - high[at]), high[total] - (least - low[at]))
            for at, (lowest, highest) in found.items():
                if lowest > low[at] or highest < high[at]:
                    low[at], high[at] = max(low[at], lowest), min(high[at], highest)
                    changed = True
    return low, high


def column(values: Sequence[int]) -> tuple[list[Status], Status]:
    """Protect the parts of a whole; gives the parts' states and that of their sum."""
    n = len(values)
    found = protect([*values, sum(values)], [Sum(n, tuple(range(n)))])
    return found[:n], found[n]


def share(n: int, of: int) -> Status:
    """Protect a part of a whole that is shown: neither the part nor the rest may be a small group."""
    if 0 < n < SMALLEST:
        return Status.SMALL
    return Status.HELD if 0 < of - n < SMALLEST else Status.SHOWN


class Grid(NamedTuple):
    """States of a table's cells by row and column, of its rows' and columns' sums, and of the whole."""

    cells: dict[tuple[str, str], Status]
    rows: dict[str, Status]
    columns: dict[str, Status]
    whole: Status


def grid(counts: dict[tuple[str, str], int]) -> Grid:
    """Protect a table with rows, columns and their sums.

    Parameters
    ----------
    counts
        Number of matches by row and column; each match stands in one cell.
    """
    rows, columns = sorted({row for row, _ in counts}), sorted({column for _, column in counts})
    places: dict[tuple[str, str], int] = {}
    values: list[int] = []

    def place(key: tuple[str, str], value: int) -> int:
        places[key] = len(values)
        values.append(value)
        return places[key]

    for key, n in counts.items():
        place(key, n)
    sums = []
    for row in rows:
        parts = [key for key in counts if key[0] == row]
        sums.append(Sum(place((row, ""), sum(counts[key] for key in parts)), tuple(places[key] for key in parts)))
    for name in columns:
        parts = [key for key in counts if key[1] == name]
        sums.append(Sum(place(("", name), sum(counts[key] for key in parts)), tuple(places[key] for key in parts)))
    whole = place(("", ""), sum(counts.values()))
    sums.append(Sum(whole, tuple(places[row, ""] for row in rows)))
    sums.append(Sum(whole, tuple(places["", name] for name in columns)))
    found = protect(values, sums)
    return Grid(
        {key: found[places[key]] for key in counts},
        {row: found[places[row, ""]] for row in rows},
        {name: found[places["", name]] for name in columns},
        found[whole],
    )
