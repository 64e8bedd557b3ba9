"""Student balance by one price: the bound holds against brute force, and the difference comes down."""

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.assignment import BalancedAssignment
from tests.matcher.markets import every_outcome, markets


@settings(max_examples=50, deadline=None)
@given(markets(with_limits=True), st.sampled_from([0.0, 0.4]), st.sampled_from([0, 5, 20]), st.data())
def test_no_set_within_the_tolerance_beats_the_bound(market, balance, tolerance, data):
    sizes = [
        np.array(data.draw(st.lists(st.integers(1, 40), min_size=n, max_size=n)), dtype=float) for n in market.W.shape
    ]
    fitted = market.fit(balance)
    found = fitted.balance_students(*sizes, tolerance)
    coo = market.W.tocoo()
    outcomes = every_outcome(market)
    differences = outcomes.made @ (sizes[0][coo.row] - sizes[1][coo.col])
    assert found.difference == sum(sizes[0][i] - sizes[1][j] for i, j in found.pairs.tolist())
    assert found.is_within == (abs(found.difference) <= tolerance)
    assert abs(found.difference) <= max(abs(found.difference_before), tolerance)
    objective = (1 - fitted.dial_) * outcomes.quality - fitted.dial_ * outcomes.imbalance
    within = objective[(outcomes.unmet == outcomes.unmet.min()) & (np.abs(differences) <= tolerance)]
    assert found.lost_at_most >= 0
    if len(within):
        assert within.max() <= found.objective + found.lost_at_most + 1e-8
    if found.mu == 0.0 and found.is_within:
        assert found.lost_at_most == pytest.approx(0.0, abs=1e-8)


def test_a_large_market_comes_within_a_class_of_even_for_little_fit():
    rng = np.random.default_rng(2)
    W = sp.csr_array(rng.random((150, 150)))
    large, small = rng.integers(20, 80, 150).astype(float), rng.integers(10, 50, 150).astype(float)
    large[3] = np.nan
    found = (
        BalancedAssignment(0.2)
        .fit(W, rng.integers(1, 3, 150), rng.integers(1, 3, 150))
        .balance_students(large, small, 25)
    )
    assert found.difference_before > 1000
    assert found.is_within
    assert found.mu > 0
    assert found.lost_at_most < 0.01 * found.objective
    assert found.quality < found.quality_before


def test_class_sizes_that_do_not_fit_are_refused():
    fitted = BalancedAssignment().fit(sp.csr_array(np.ones((1, 2))), 1, 1)
    with pytest.raises(ValueError, match="shapes"):
        fitted.balance_students([1.0], [1.0])
    with pytest.raises(ValueError, match="never negative"):
        fitted.balance_students([-1.0], [1.0, 2.0])
    with pytest.raises(ValueError, match="tolerance"):
        fitted.balance_students([1.0], [1.0, 2.0], -1)


def test_what_the_price_cannot_reach_is_inside_the_bound():
    # Differences of 10 and 5 students, or no pair: the pair of 5 lies below the line between the other two.
    W = sp.csr_array(np.array([[1.0, 0.45]]))
    found = BalancedAssignment(0.0).fit(W, 1, 1).balance_students([30.0], [20.0, 25.0], tolerance=5)
    assert (found.pairs.tolist(), found.is_within) == ([], True)
    assert found.mu == pytest.approx(0.1, abs=1e-6)
    assert found.lost_at_most == pytest.approx(0.5, abs=1e-6)
