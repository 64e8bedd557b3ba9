"""Tables with rows, columns and their sums: which numbers are shown."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from webapp.insights.suppression import ROOM, Ledger, Status, hidden, is_small, of_base

Pair = tuple[str, str]
"""A row and a column."""


class Grid(NamedTuple):
    """States of a table's cells by row and column, and of its rows' and columns' sums."""

    cells: dict[Pair, Status]
    rows: dict[str, Status]
    columns: dict[str, Status]


def grid(counts: dict[Pair, int], whole: Status | None = None) -> Grid:
    """Protect a table with rows, columns and their sums; of a row or column that is hidden no cell is shown.

    Parameters
    ----------
    counts
        Number of matches by row and column; each match stands in one cell.
    whole
        Whether the sum of all is shown, as in `column`.
    """
    total = sum(counts.values())
    rows, columns = sorted({row for row, _ in counts}), sorted({name for _, name in counts})
    of_row = {row: sum(n for key, n in counts.items() if key[0] == row) for row in rows}
    of_column = {name: sum(n for key, n in counts.items() if key[1] == name) for name in columns}
    if (of_base(total) if whole is None else whole) is not Status.SHOWN:
        return Grid(
            {key: hidden(n) for key, n in counts.items()},
            {row: hidden(n) for row, n in of_row.items()},
            {name: hidden(n) for name, n in of_column.items()},
        )
    ledger = Ledger[Pair]()
    for key, n in (*counts.items(), *(((row, ""), n) for row, n in of_row.items())):
        ledger.put(key, n)
    for name, n in of_column.items():
        ledger.put(("", name), n)
    ledger.put(("", ""), total, Status.SHOWN, is_fixed=True)
    for row in rows:
        ledger.add_up((row, ""), [key for key in counts if key[0] == row])
    for name in columns:
        ledger.add_up(("", name), [key for key in counts if key[1] == name])
    for parts in ([(row, "") for row in rows], [("", name) for name in columns], list(counts)):
        ledger.add_up(("", ""), parts)
    found = ledger.protected()
    cells = {
        key: found[key] if found[key[0], ""] is found["", key[1]] is Status.SHOWN else hidden(n)
        for key, n in counts.items()
    }
    _hide_what_cannot_be_otherwise(counts, cells, found)
    return Grid(cells, {row: found[row, ""] for row in rows}, {name: found["", name] for name in columns})


def _hide_what_cannot_be_otherwise(
    counts: dict[Pair, int], cells: dict[Pair, Status], sums: dict[Pair, Status]
) -> None:
    """Hold cells back until every small one could be larger or smaller without any change to what is shown.

    Rows that are not shown count as one, and so do columns: nothing else is known of them. A number can be another one
    where it stands in a rectangle of hidden cells: what two opposite corners gain, the other two lose.
    """
    rows = ["", *(row for row, name in sums if row and not name and sums[row, name] is Status.SHOWN)]
    columns = ["", *(name for row, name in sums if name and not row and sums[row, name] is Status.SHOWN)]
    while True:
        numbers = np.zeros((len(rows), len(columns)), dtype=np.int64)
        is_hidden = np.ones(numbers.shape, dtype=np.bool_)
        for (row, name), n in counts.items():
            at = (rows.index(row) if row in rows else 0, columns.index(name) if name in columns else 0)
            if cells[row, name] is Status.SHOWN:
                is_hidden[at] = False
            else:
                numbers[at] += n
        fixed = [
            at
            for at in np.argwhere(is_hidden).tolist()
            if is_small(int(numbers[*at])) and _room(numbers, is_hidden, *at) < ROOM
        ]
        shown = [(n, key) for key, n in counts.items() if cells[key] is Status.SHOWN]
        if not fixed or not shown:
            return
        near = [one for one in shown if any(one[1][0] == rows[row] or one[1][1] == columns[at] for row, at in fixed)]
        cells[min(near or shown)[1]] = Status.HELD


def _room(numbers: npt.NDArray[np.int64], is_hidden: npt.NDArray[np.bool_], row: int, at: int) -> int:
    """Tell how far apart two values of a cell can be, by the rectangle of hidden cells that leaves most room."""
    corners = is_hidden & is_hidden[:, [at]] & is_hidden[[row], :]
    corners[row, :] = corners[:, at] = False
    less = np.minimum(numbers[row, at], numbers)
    more = np.minimum(numbers[:, [at]], numbers[[row], :])
    return int(np.max(np.where(corners, less + more, 0), initial=0))
