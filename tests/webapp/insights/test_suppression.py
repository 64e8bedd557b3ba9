"""Small groups are not shown, and nobody can work them out from what is."""

from collections import Counter
from itertools import pairwise, product
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.webapp.insights.reader import Reader
from webapp.insights.grids import grid
from webapp.insights.suppression import SMALLEST, Ledger, Status, column, nested, of_base, share

SHOWN, SMALL, HELD = Status.SHOWN, Status.SMALL, Status.HELD


@pytest.mark.parametrize(("n", "status"), [(0, "shown"), (1, "small"), (4, "small"), (5, "shown"), (500, "shown")])
def test_one_to_four_are_small(n: int, status: str) -> None:
    assert of_base(n) == status


def test_one_small_part_of_a_known_whole_takes_the_next_smallest_with_it() -> None:
    assert column([20, 3, 9]) == [SHOWN, SMALL, HELD]


def test_small_parts_that_are_five_together_need_no_other() -> None:
    assert column([20, 3, 3, 2]) == [SHOWN, SMALL, SMALL, SMALL]


def test_small_parts_that_are_fewer_than_five_together_take_another_with_them() -> None:
    assert column([20, 1, 1, 1, 6]) == [SHOWN, SMALL, SMALL, SMALL, HELD]


def test_of_a_whole_that_is_not_shown_no_part_is_shown_but_none() -> None:
    assert column([3, 0]) == [SMALL, SHOWN]
    assert column([30, 9, 2, 0], HELD) == [HELD, HELD, SMALL, SHOWN]


def test_without_small_parts_everything_is_shown() -> None:
    assert column([5, 0, 17]) == [SHOWN] * 3


def test_a_share_hides_its_part_and_its_rest() -> None:
    assert [share(n, 50) for n in (3, 48, 25, 50, 0)] == [SMALL, HELD, SHOWN, SHOWN, SHOWN]


@given(parts=st.lists(st.integers(0, 12), min_size=1, max_size=7))
def test_what_is_hidden_of_a_known_whole_is_five_or_more_of_at_least_two(parts: list[int]) -> None:
    states = column(parts)
    folded = [n for n, status in zip(parts, states, strict=True) if status is not SHOWN]
    assert all(status is SMALL for n, status in zip(parts, states, strict=True) if 0 < n < SMALLEST)
    assert all(n > 0 for n in folded)
    if sum(parts) >= SMALLEST and folded:
        assert sum(folded) >= SMALLEST
        assert len(folded) >= 2


@given(steps=st.lists(st.integers(0, 30), min_size=1, max_size=5), wanted=st.integers(0, 4))
def test_no_step_that_is_shown_and_no_loss_between_two_is_small(steps: list[int], wanted: int) -> None:
    steps.sort(reverse=True)
    states = nested(steps, min(wanted, len(steps) - 1))
    shown = [n for n, status in zip(steps, states, strict=True) if status is SHOWN]
    assert not any(0 < n < SMALLEST for n in shown)
    assert not any(0 < one - other < SMALLEST for one, other in pairwise([*shown, 0]))
    at = min(wanted, len(steps) - 1)
    assert (states[at] is SHOWN) == (of_base(steps[at]) is SHOWN)
    assert all(status is SMALL for n, status in zip(steps, states, strict=True) if 0 < n < SMALLEST)


def test_of_two_steps_that_differ_by_few_the_one_most_wanted_is_shown() -> None:
    assert nested([12, 9, 0], most_wanted=1) == [HELD, SHOWN, SHOWN]
    assert nested([12, 9, 0], most_wanted=0) == [SHOWN, HELD, SHOWN]
    assert nested([40, 30, 27, 20, 3], most_wanted=1) == [SHOWN, SHOWN, HELD, SHOWN, SMALL]
    assert nested([30, 30, 25], most_wanted=1) == [SHOWN] * 3


@pytest.mark.parametrize("seed", range(25))
def test_in_a_table_with_sums_every_small_number_keeps_at_least_three_possible_values(seed: int) -> None:
    random = Random(seed)
    size = random.choice([2, 3, 4])
    counts = {key: random.choice([0, 1, 2, 4, 5, 6, 9, 20]) for key in product("abcd"[:size], "wxyz"[:size])}
    counts = {key: n for key, n in counts.items() if n}
    states, reader, truth = grid(counts), Reader(), Counter(counts)
    for row, name in product("abcd"[:size], "wxyz"[:size]):
        reader.place((row, name))
    for (row, name), n in counts.items():
        truth[row, ""] += n
        truth["", name] += n
    if sum(counts.values()) >= SMALLEST:
        reader.learn(("", ""), sum(counts.values()))
    for at, names in ((0, "abcd"[:size]), (1, "wxyz"[:size])):
        sums = [("", name) if at else (name, "") for name in names]
        reader.add_up(("", ""), sums)
        for one in sums:
            reader.add_up(one, [key for key in product("abcd"[:size], "wxyz"[:size]) if key[at] == one[at]])
    for key, status in states.cells.items():
        if status is SHOWN:
            assert states.rows[key[0]] is states.columns[key[1]] is SHOWN
            reader.learn(key, counts[key])
    for row, status in states.rows.items():
        if status is SHOWN:
            reader.learn((row, ""), truth[row, ""])
    for name, status in states.columns.items():
        if status is SHOWN:
            reader.learn(("", name), truth["", name])
    assert reader.pinned(truth) == []


def test_the_group_of_all_that_is_neither_shown_nor_with_anybody_shown_is_not_small_either() -> None:
    """Of 31, 21 are Vietnam's and 24 Portugal's: with 15 of them together, one would be left that is neither's."""
    counts = {("VN", "PT"): 15, ("JP", "PT"): 5, ("VN", "FR"): 4, ("ID", "PT"): 4, ("JP", "GB"): 1, ("VN", "GB"): 2}
    states = grid(counts)
    assert states.rows["VN"] is states.columns["PT"] is SHOWN
    assert states.cells["VN", "PT"] is HELD


def test_what_stands_in_no_table_is_protected_as_well() -> None:
    ledger = Ledger[str]()
    ledger.put("all", 30, SHOWN, is_fixed=True)
    ledger.put("some", 27)
    ledger.put_unseen("the rest", 3)
    ledger.add_up("all", ["some", "the rest"])
    assert ledger.protected() == {"all": SHOWN, "some": HELD, "the rest": HELD}


def test_a_large_table_is_protected_too() -> None:
    random = Random(3)
    counts = {(f"a{row}", f"b{name}"): random.choice([0, 1, 2, 3, 9, 30]) for row in range(21) for name in range(30)}
    states = grid({key: n for key, n in counts.items() if n})
    assert {states.cells[key] for key, n in counts.items() if 0 < n < SMALLEST} == {SMALL}
    assert SHOWN in states.cells.values()
