"""Prices: what is not looked at cannot matter, with balance terms, limits, minimums and locks."""

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.assignment import BalancedAssignment
from matcher.limits import Limits
from tests.matcher.markets import DIAL, markets


def cells_of(W):
    coo = W.tocoo()
    return coo.row, coo.col, coo.data


def part_of(W, kept):
    row, column, score = cells_of(W)
    return sp.csr_array((score[kept], (row[kept], column[kept])), shape=W.shape)


def priced_to_the_end(solve, W, kept):
    """Add every pair above its prices until none is left; the early bounds met on the way."""
    row, column, score = cells_of(W)
    bounds = []
    while True:
        found = solve(part_of(W, kept))
        left, right = found.prices()
        above = ~kept & (score > left[row] + right[column] + found.resolution_)
        bounds.append(found.bound(row[~kept], column[~kept], score[~kept]))
        if not above.any():
            return found, bounds
        kept = kept | above


@settings(max_examples=80, deadline=None)
@given(markets(with_limits=True, max_pairs=16), st.sampled_from(DIAL), st.randoms(use_true_random=False))
def test_pricing_from_any_part_of_the_pairs_ends_at_the_optimum_over_all(market, balance, random):
    def solve(W):
        return market.fit(balance, W)

    kept = np.array([random.random() < 0.4 for _ in range(market.W.nnz)])
    dense = solve(market.W)
    found, bounds = priced_to_the_end(solve, market.W, kept)
    assert found.objective_ == pytest.approx(dense.objective_, rel=1e-9, abs=1e-9)
    missed = [sum(one.missing for one in a.unmet_groups_) + a.unmet_.sum() for a in (found, dense)]
    assert missed[0] == missed[1]
    assert bounds[-1] == pytest.approx(dense.objective_, rel=1e-9, abs=1e-3 if balance == 1 else 1e-8)


def test_a_pair_nobody_has_seen_yet_meets_a_minimum_even_at_a_loss():
    unmet = BalancedAssignment(0.0).fit(sp.csr_array((2, 2)), 1, 1, minimum_right=[0, 1])
    assert unmet.unmet_.tolist() == [0, 0, 0, 1]
    left, right = unmet.prices()
    assert left[0] + right[1] < -1
    assert left[0] + right[0] > -1e-6


def real_market(rng, n, n_right):
    """Courses with hubs, three institutions a country, and more places on one side than on the other."""
    hub = rng.random(n_right) ** 3
    scores = np.clip(0.6 * rng.random((n, n_right)) + 0.4 * hub, 0, 1)
    institutions = [rng.integers(0, 12, n), rng.integers(0, 12, n_right)]
    groups = [[[f"i{i}" for i in own], [f"c{i // 3}" for i in own]] for own in institutions]
    return scores, rng.integers(1, 3, n), rng.integers(1, 4, n_right), groups


@pytest.mark.parametrize("balance", [0.0, 0.1, 0.5, 1.0])
def test_a_market_with_hubs_is_proven_optimal_and_every_early_bound_holds(balance):
    rng = np.random.default_rng(5)
    scores, places_left, places_right, groups = real_market(rng, 60, 70)
    W = sp.csr_array(scores)

    def solve(W):
        return BalancedAssignment(balance, least_share=0.2, first_bonus=0.05).fit(
            W,
            places_left,
            places_right,
            *groups,
            limits_right=[{}, {"c0": Limits(2, 9), "c1": Limits(20)}],
            locked=[(3, 4), (3, 5), (10, 11)] if places_left[3] == 2 else [(10, 11)],
        )

    order = np.argsort(np.argsort(-scores, axis=1), axis=1)
    kept = (order < 5).ravel()
    kept[[3 * 70 + 4, 3 * 70 + 5, 10 * 70 + 11]] = True
    dense = solve(W)
    found, bounds = priced_to_the_end(solve, W, kept)
    assert found.objective_ == pytest.approx(dense.objective_, rel=1e-9)
    assert all(bound >= dense.objective_ - 1e-9 for bound in bounds)
    assert len(bounds) < 12


def test_a_course_without_a_free_place_has_an_infinite_price():
    W = sp.csr_array(np.array([[0.5, 0.4], [0.3, 0.2]]))
    found = BalancedAssignment(0.2).fit(W, [1, 0], [1, 1], locked=[(0, 0)])
    left, right = found.prices()
    assert np.isinf(left).all()
    assert np.isinf(right[0])


def test_prices_before_fit_are_refused():
    with pytest.raises(RuntimeError, match="fit comes first"):
        BalancedAssignment().prices()
