"""Small groups are not shown, and nobody can work them out from what is."""

from itertools import product
from random import Random

import pytest

from webapp.insights.suppression import SMALLEST, Status, Sum, bounds, column, grid, of_base, protect, share

MOST = 30
"""Readers of these tests know that no cell is larger."""


def possible(values: list[int], status: list[Status], sums: list[Sum]) -> list[set[int]]:
    """Try every table a reader could imagine: for each cell the values it has in one that agrees with what is shown."""
    choices = [
        range(1, SMALLEST) if it is Status.SMALL else range(SMALLEST, MOST + 1) if it is Status.HELD else (value,)
        for value, it in zip(values, status, strict=True)
    ]
    found: list[set[int]] = [set() for _ in values]
    for table in product(*choices):
        if all(table[one.total] == sum(table[at] for at in one.parts) for one in sums):
            for at, value in enumerate(table):
                found[at].add(value)
    return found


@pytest.mark.parametrize(("n", "status"), [(0, "shown"), (1, "small"), (4, "small"), (5, "shown"), (500, "shown")])
def test_one_to_four_are_small(n: int, status: str) -> None:
    assert of_base(n) == status


def test_one_small_part_of_a_known_whole_takes_another_with_it() -> None:
    parts, whole = column([20, 3, 9])
    assert parts == [Status.SHOWN, Status.SMALL, Status.HELD]
    assert whole is Status.SHOWN


def test_small_parts_that_hide_each_other_need_no_other() -> None:
    parts, whole = column([20, 3, 3, 2])
    assert parts == [Status.SHOWN, Status.SMALL, Status.SMALL, Status.SMALL]
    assert whole is Status.SHOWN


def test_two_small_parts_whose_sum_gives_them_away_take_a_third_with_them() -> None:
    """Four and four are eight, and nothing else up to four is."""
    parts, _whole = column([20, 4, 4, 10])
    assert parts == [Status.SHOWN, Status.SMALL, Status.SMALL, Status.HELD]


def test_a_whole_with_one_small_part_is_not_shown_either() -> None:
    parts, whole = column([3])
    assert parts == [Status.SMALL]
    assert whole is Status.SMALL


def test_without_small_parts_everything_is_shown() -> None:
    assert column([5, 0, 17]) == ([Status.SHOWN] * 3, Status.SHOWN)


def test_a_share_hides_its_part_and_its_rest() -> None:
    assert share(3, 50) is Status.SMALL
    assert share(48, 50) is Status.HELD
    assert share(25, 50) is Status.SHOWN
    assert share(50, 50) is Status.SHOWN
    assert share(0, 50) is Status.SHOWN


@pytest.mark.parametrize("seed", range(40))
def test_in_a_column_every_small_number_keeps_at_least_two_possible_values(seed: int) -> None:
    random = Random(seed)
    parts = [random.choice([0, 1, 2, 3, 4, 5, 6, 7]) for _ in range(random.randint(1, 3))]
    values = [*parts, sum(parts)]
    sums = [Sum(len(parts), tuple(range(len(parts))))]
    status = protect(values, sums)
    for value, it, left in zip(parts, status, possible(values, status, sums), strict=False):
        assert (it is Status.SMALL) == (0 < value < SMALLEST)
        assert it is not Status.SMALL or len(left) > 1
    low, high = bounds(values, status, sums)
    assert all(low[at] <= value <= high[at] for at, value in enumerate(values))


@pytest.mark.parametrize("seed", range(60))
def test_in_a_table_with_sums_every_small_number_keeps_at_least_two_possible_values(seed: int) -> None:
    random = Random(seed)
    counts = {(row, name): random.choice([0, 1, 2, 4, 5, 6]) for row in "ab" for name in "xy"}
    states = grid(counts)
    values = [*counts.values()]
    status = [states.cells[key] for key in counts]
    sums = []
    for row in "ab":
        sums.append(Sum(len(values), tuple(at for at, key in enumerate(counts) if key[0] == row)))
        values.append(sum(n for key, n in counts.items() if key[0] == row))
        status.append(states.rows[row])
    for name in "xy":
        sums.append(Sum(len(values), tuple(at for at, key in enumerate(counts) if key[1] == name)))
        values.append(sum(n for key, n in counts.items() if key[1] == name))
        status.append(states.columns[name])
    sums += [Sum(8, (4, 5)), Sum(8, (6, 7))]
    values.append(sum(counts.values()))
    status.append(states.whole)
    for at, left in enumerate(possible_by_cells(values, status, sums)):
        assert (status[at] is Status.SMALL) == (0 < values[at] < SMALLEST)
        assert status[at] is not Status.SMALL or len(left) > 1


def possible_by_cells(values: list[int], status: list[Status], sums: list[Sum]) -> list[set[int]]:
    """As `possible`, for a table of two by two: its four cells are tried, and sums follow from them."""
    choices = [
        range(1, SMALLEST) if it is Status.SMALL else range(SMALLEST, SMALLEST + 8) if it is Status.HELD else (value,)
        for value, it in zip(values[:4], status[:4], strict=True)
    ]
    found: list[set[int]] = [set() for _ in values]
    for cells in product(*choices):
        table = list(cells)
        for one in sums[:5]:
            table.append(sum(table[at] for at in one.parts))
        agrees = all(
            value == table[at]
            if status[at] is Status.SHOWN
            else (table[at] < SMALLEST) == (status[at] is Status.SMALL) and table[at] > 0
            for at, value in enumerate(values)
        )
        if agrees:
            for at, value in enumerate(table):
                found[at].add(value)
    return found


def test_a_large_table_is_protected_in_a_moment() -> None:
    random = Random(3)
    counts = {(f"a{row}", f"b{name}"): random.choice([0, 1, 2, 3, 9, 30]) for row in range(21) for name in range(30)}
    states = grid({key: n for key, n in counts.items() if n})
    assert {states.cells[key] for key, n in counts.items() if 0 < n < SMALLEST} == {Status.SMALL}
