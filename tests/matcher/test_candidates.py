"""Searching all pairs in blocks."""

from dataclasses import dataclass

import joblib
import numpy as np
import pytest

from matcher import candidates
from matcher.candidates import PairList, PairSearch, united
from matcher.pairs import Pairs

N_LEFT, N_RIGHT = 70, 90


@dataclass(frozen=True)
class Looked:
    """Scores looked up in a table."""

    table: np.ndarray

    def __call__(self, pairs: Pairs) -> np.ndarray:
        return self.table[pairs.rows[:, 0]][:, pairs.columns[0]]


@pytest.fixture
def table():
    rng = np.random.default_rng(5)
    scores = rng.random((N_LEFT, N_RIGHT)).astype(np.float32)
    scores[rng.random(scores.shape) < 0.3] = -np.inf
    return scores


@pytest.fixture
def search(table, monkeypatch):
    """A search that takes several blocks each way."""
    monkeypatch.setattr(candidates, "BLOCK_ROWS", 32)
    monkeypatch.setattr(candidates, "BLOCK_COLUMNS", 25)
    return made_search(table)


def made_search(table, **more):
    rng = np.random.default_rng(6)
    return PairSearch(Looked(table), *table.shape, np.arange(N_RIGHT) % 7, rng.permutation(N_LEFT), **more)


def keys(pairs: PairList) -> set[tuple[int, int]]:
    return set(zip(pairs.rows.tolist(), pairs.columns.tolist(), strict=True))


def best(table, n):
    """The n best columns of every row, by sorting."""
    order = np.argsort(-table, axis=1)[:, :n]
    return {(row, int(column)) for row in range(len(table)) for column in order[row] if table[row, column] > -np.inf}


def test_every_courses_best_and_its_best_in_every_group_are_candidates(search, table):
    found = keys(search.candidates(6))
    assert best(table, 6) <= found
    of_columns = {(row, column) for column, row in best(table.T.copy(), 6)}
    assert len(of_columns - found) <= 0.02 * len(of_columns)
    for group in range(7):
        members = np.arange(N_RIGHT)[np.arange(N_RIGHT) % 7 == group]
        assert {(row, int(members[column])) for row, column in best(table[:, members], 1)} <= found
    assert all(table[pair] > -np.inf for pair in found)


def test_limits_from_the_first_block_lose_hardly_anything(table, monkeypatch):
    monkeypatch.setattr(candidates, "BLOCK_ROWS", 4)
    monkeypatch.setattr(candidates, "BLOCK_COLUMNS", 25)
    monkeypatch.setattr(candidates, "SPARE_OF_COLUMN", 1)
    with_limits = keys(made_search(table).candidates(6))
    monkeypatch.setattr(candidates, "BLOCKS_FOR_LIMITS", 99)
    without = keys(made_search(table).candidates(6))
    assert best(table, 6) <= with_limits <= without
    assert len(with_limits) > 0.95 * len(without)


def test_candidates_stay_few(search):
    assert len(search.candidates(6).rows) <= N_LEFT * 6 + N_RIGHT * 6 + N_LEFT * 7 * 2


def test_pairs_above_their_prices_are_found_the_farthest_first(search, table):
    rng = np.random.default_rng(7)
    left, right = rng.random(N_LEFT) * 0.5, rng.random(N_RIGHT) * 0.4
    every, few = search.above([(left, right), (left + 0.3, right)], most=N_RIGHT)
    excess = table - left[:, None] - right
    assert keys(every) == set(zip(*(at.tolist() for at in np.nonzero(excess > 0)), strict=True))
    assert keys(few) == set(zip(*(at.tolist() for at in np.nonzero(excess > 0.3)), strict=True))
    (three,) = search.above([(left, right)], most=3)
    assert keys(three) == best(np.where(excess > 0, excess, -np.inf), 3)


def test_prices_that_say_never_and_always_are_obeyed(search, table):
    left, right = np.zeros(N_LEFT), np.zeros(N_RIGHT)
    left[0], right[0], left[1], right[1] = 1e9, 1e9, -1e9, -1e9
    found = keys(search.above([(left, right)], most=N_RIGHT)[0])
    assert not any(row == 0 and column != 1 for row, column in found)
    assert {(1, column) for column in range(2, N_RIGHT) if table[1, column] > -np.inf} <= found


def test_blocks_in_other_processes_and_kept_blocks_give_the_same(search, table, monkeypatch):
    once = search.candidates(6)
    again = search.candidates(6)
    with joblib.parallel_config("loky", n_jobs=2):
        elsewhere = made_search(table, n_jobs=2).candidates(6)
    monkeypatch.setattr(candidates, "KEPT_BYTES", 0)
    unkept = made_search(table).candidates(6)
    for other in (again, elsewhere, unkept):
        np.testing.assert_array_equal(other, once)


def test_progress_is_told_block_by_block(search):
    told = []
    search.candidates(2, lambda done, total: told.append((done, total)))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_lists_are_united_without_repeats():
    one, other = PairList(np.array([1, 0]), np.array([2, 1])), PairList(np.array([1]), np.array([2]))
    assert [part.tolist() for part in united((2, 3), one, other)] == [[0, 1], [1, 2]]


def test_an_empty_market_has_no_candidates():
    none = np.empty(0, dtype=np.int64)
    search = PairSearch(Looked(np.empty((0, 0), np.float32)), 0, 0, none, none)
    assert len(search.candidates(5).rows) == 0
