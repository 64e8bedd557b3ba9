"""Tables and lists of pairs give the same numbers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from matcher.pairs import Pairs


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 6), st.integers(1, 6), st.integers(0, 2**32 - 1))
def test_a_list_of_all_pairs_equals_the_table(n_left, n_right, seed):
    rng = np.random.default_rng(seed)
    left, right = rng.random((n_left, 4)), rng.random((n_right, 4))
    table = Pairs.every(n_left, n_right)
    listed = Pairs.listed(*(one.ravel() for one in np.indices((n_left, n_right))))
    codes = np.arange(n_left) % 2, np.arange(n_right) % 3
    entries = rng.random((2, 3))
    rows = sparse.csr_array(left * (left > 0.5)), sparse.csr_array(right * (right > 0.5))
    for in_table, in_list in (
        (table.dot(left, right), listed.dot(left, right)),
        (table.sparse_dot(*rows), listed.sparse_dot(*rows)),
        (table.entries(entries, *codes), listed.entries(entries, *codes)),
        (left[table.rows, 0] - right[table.columns, 0], left[listed.rows, 0] - right[listed.columns, 0]),
    ):
        assert in_table.shape == table.shape
        np.testing.assert_allclose(in_table.ravel(), in_list, atol=1e-12)


def test_a_product_in_a_list_does_not_depend_on_the_pairs_around_it(monkeypatch):
    rng = np.random.default_rng(0)
    left, right = rng.random((40, 300)).astype(np.float32), rng.random((50, 300)).astype(np.float32)
    rows, columns = rng.integers(40, size=700), rng.integers(50, size=700)
    together = Pairs.listed(rows, columns).dot(left, right)
    monkeypatch.setattr("matcher.pairs._PAIRS_AT_ONCE", 64)
    np.testing.assert_array_equal(Pairs.listed(rows, columns).dot(left, right), together)
    alone = [Pairs.listed(rows[[i]], columns[[i]]).dot(left, right)[0] for i in range(700)]
    np.testing.assert_array_equal(alone, together)


@pytest.mark.parametrize("n", [0, 3])
def test_no_pairs_are_no_error(n):
    none = np.empty(0, dtype=np.int64)
    assert Pairs.table(none, np.arange(n)).dot(np.empty((0, 2)), np.ones((n, 2))).shape == (0, n)
    assert Pairs.listed(none, none).dot(np.ones((n, 2)), np.ones((n, 2))).shape == (0,)
    assert Pairs.listed(none, none).shape == (0,)
