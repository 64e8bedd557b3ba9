"""A figure as a table: the same cells stand on the page, in its chart and in its CSV file."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from webapp.insights.suppression import ROOM, SMALLEST, Status, column, hidden, of_base, share


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


def parts(code: str, counted: Sequence[tuple[str, int]], whole: Cell, *, rest: int = 0) -> Figure:
    """A whole split into parts: how many of each, and the share of all of them; what is not shown in one row.

    Parameters
    ----------
    code
        The indicator.
    counted
        Key and number of each part, in the order of the table.
    whole
        The whole, as it is shown or not on the page.
    rest
        Those of the whole that none of the parts counts.
    """
    *states, of_rest = column([*(n for _key, n in counted), rest], whole.status)
    n_all = sum(n for _key, n in counted)
    may_be_added = whole.status is of_rest is Status.SHOWN

    def line(key: str, n: int, status: Status) -> Row:
        known = status if may_be_added or status is not Status.SHOWN else Status.HELD
        return Row(key, (count(n, status), Cell(Kind.SHARE, n / n_all if n_all else None, known)))

    folded = [n for (_key, n), status in zip(counted, states, strict=True) if status is not Status.SHOWN]
    rows = [
        line(key, n, status)
        for (key, n), status in zip(counted, states, strict=True)
        if status is Status.SHOWN and (n or not folded)
    ]
    if folded:
        rows.append(line(others(folded), sum(folded), Status.SHOWN if may_be_added else hidden(sum(folded))))
    return Figure(code, ("matches", "share"), tuple(rows), count(n_all, None if may_be_added else hidden(n_all)))


def overlapping(code: str, counted: Sequence[tuple[str, int]], whole: Cell) -> Figure:
    """Groups of a whole that overlap: how many of each, and the share of all.

    A group is shown when neither it nor those outside it are few. Those not shown stand in one row without a number:
    added up, matches would count several times.
    """
    n_all = int(whole.value or 0)
    states = [share(n, n_all) if whole.status is Status.SHOWN else hidden(n) for _key, n in counted]
    folded = [n for (_key, n), status in zip(counted, states, strict=True) if status is not Status.SHOWN]
    rows = [
        Row(key, (count(n), Cell(Kind.SHARE, n / n_all if n_all else None)))
        for (key, n), status in zip(counted, states, strict=True)
        if status is Status.SHOWN and (n or not folded)
    ]
    if folded:
        status = hidden(sum(folded))
        rows.append(Row(others(folded), (count(sum(folded), status), Cell(Kind.SHARE, sum(folded) / n_all, status))))
    return Figure(code, ("matches", "share"), tuple(rows), whole)


def two_sided(code: str, counted: Sequence[tuple[str, int, int]], whole: Cell) -> Figure:
    """Courses on both sides of each match by a property; a row of which either number is not shown joins the others."""
    sides = [n for _key, n, _m in counted], [m for _key, _n, m in counted]
    states = [column(numbers, whole.status) for numbers in sides]
    is_shown = [a is b is Status.SHOWN for a, b in zip(*states, strict=True)]
    rows = [Row(key, (count(a), count(b))) for (key, a, b), shown in zip(counted, is_shown, strict=True) if shown]
    folded = [(a, b) for (_key, a, b), shown in zip(counted, is_shown, strict=True) if not shown]
    if folded:
        sums = [sum(row[side] for row in folded) for side in (0, 1)]
        known = [of_base(n) if whole.status is Status.SHOWN else hidden(n) for n in sums]
        cells = tuple(count(n, status) for n, status in zip(sums, known, strict=True))
        rows.append(Row(others([a + b for a, b in folded]), cells))
    return Figure(code, ("courses_asia", "courses_europe"), tuple(rows), whole)


OTHERS, OTHERS_EACH = "others", "others_each"
"""Keys of the row in which all stand that are not shown; in the second each of them is small, and it says so."""


def others(folded: Sequence[int]) -> str:
    """Give the key of the row that stands for these numbers.

    That each is small is said only where it does not tell how small to somebody who knows how many they are.
    """
    rest, total = len(folded) - 1, sum(folded)
    least, most = total - (SMALLEST - 1) * rest, total - rest
    says_little = min(most, SMALLEST - 1) - max(least, 1) >= ROOM
    return OTHERS_EACH if max(folded) < SMALLEST and says_little else OTHERS
