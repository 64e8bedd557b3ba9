"""A figure as a table: the same cells stand on the page, in its chart and in its CSV file."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from webapp.insights.suppression import Status, column, of_base


class Kind(StrEnum):
    """What a number is, which says how it is written."""

    COUNT = "count"
    DAYS = "days"
    SHARE = "share"
    POINTS = "points"
    TONNES = "tonnes"
    INDEX = "index"


class Cell(NamedTuple):
    """One number; without a value where there is nothing to count, or where it is not shown."""

    kind: Kind
    value: float | None
    status: Status = Status.SHOWN

    @property
    def shown(self) -> float | None:
        """The number, if it may be seen."""
        return self.value if self.status is Status.SHOWN else None


class Row(NamedTuple):
    """A line of a table."""

    key: str
    """What it is about, as a code that ``labels.py`` words: a state, a country, two countries, a field."""
    cells: tuple[Cell, ...]


class Figure(NamedTuple):
    """One indicator with all its numbers."""

    code: str
    columns: tuple[str, ...]
    """Codes of the columns' words."""
    rows: tuple[Row, ...]
    base: Cell
    """How many courses or matches it rests on."""


def count(n: int, status: Status | None = None) -> Cell:
    """A number of courses or matches; a small one is not shown."""
    return Cell(Kind.COUNT, n, of_base(n) if status is None else status)


def resting_on(kind: Kind, value: float | None, n: int) -> Cell:
    """A number that rests on so many matches."""
    return Cell(kind, value if n else None, of_base(n))


def base(n: int) -> Cell:
    """The number of courses or matches that a figure rests on."""
    return count(n)


def parts(code: str, counted: Sequence[tuple[str, int]], *, whole: int, with_share: bool = True) -> Figure:
    """A whole split into parts: how many of each, and the share of all.

    Parameters
    ----------
    code
        The indicator.
    counted
        Key and number of each part, in the order of the table.
    whole
        How many there are in all; parts that overlap may add up to more.
    with_share
        Whether the share of the whole is said as well.
    """
    statuses, of_sum = column([n for _key, n in counted])
    rows = []
    for (key, n), status in zip(counted, statuses, strict=True):
        cells = [count(n, status)]
        if with_share:
            cells.append(Cell(Kind.SHARE, n / whole if whole else None, status))
        rows.append(Row(key, tuple(cells)))
    columns = ("matches", "share") if with_share else ("matches",)
    return Figure(code, columns, tuple(rows), count(whole, of_sum) if whole else count(0))
