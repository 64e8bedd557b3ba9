"""Why a pair is not proposed: prices that add up, the exact score needed, the exact cost of forcing."""

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.assignment import BalancedAssignment
from matcher.limits import Limits
from matcher.why_not import least_cost
from tests.matcher.markets import DIAL, markets


def with_score(market, row, column, score):
    coo = market.W.tocoo()
    others = (coo.row != row) | (coo.col != column)
    cells = np.append(coo.row[others], row), np.append(coo.col[others], column)
    return sp.csr_array((np.append(coo.data[others], score), cells), shape=market.W.shape)


@settings(max_examples=40, deadline=None)
@given(markets(with_limits=True), st.sampled_from(DIAL[:-1]), st.data())
def test_the_exact_score_needed_is_where_the_pair_is_proposed_by_itself(market, balance, data):
    row, column = (data.draw(st.integers(0, n - 1)) for n in market.W.shape)
    found = market.fit(balance)
    why = found.why_not(row, column, score=0.3)
    assert why.price == pytest.approx(sum(part.price for part in why.parts)) or np.isinf(why.price)
    stored = [row, column] in np.argwhere(market.W.toarray()).tolist()
    assert why.is_stored or not stored
    if why.is_proposed:
        assert why.forced is None
    elif why.forced is None:
        assert 0 in (market.left.capacity[row], market.right.capacity[column])
    elif why.forced.more_unmet == 0 and np.isfinite(why.forced.score_needed):
        needed = why.forced.score_needed
        assert needed >= why.price - 1e-6
        assert [row, column] in why.forced.gained.tolist()
        for step, is_proposed in ((1e-5, True), (-1e-5, False)):
            again = market.fit(balance, with_score(market, row, column, needed + step))
            assert ([row, column] in again.pairs_.tolist()) is is_proposed


@settings(max_examples=60, deadline=None)
@given(markets(with_limits=True), st.sampled_from(DIAL[:-1]), st.data())
def test_the_least_cost_is_never_above_the_exact_one(market, balance, data):
    row, column = (data.draw(st.integers(0, n - 1)) for n in market.W.shape)
    found = market.fit(balance)
    score = data.draw(st.floats(0.0, 1.0))
    why = found.why_not(row, column, score=score)
    if why.forced is None or why.forced.more_unmet or not np.isfinite(why.price):
        return
    left, right = found.prices()
    assert left[row] + right[column] == pytest.approx(why.price)
    least = least_cost(score, left[row] + right[column], balance)
    assert 0.0 <= least <= max(why.forced.objective_lost, 0.0) / (1.0 - found.dial_) + 1e-5


@settings(max_examples=60, deadline=None)
@given(markets(), st.sampled_from((0.0, 0.3, 0.5)), st.data())
def test_prices_of_some_pairs_prove_less_and_never_too_much(market, balance, data):
    whole = market.W.tocoo()
    kept = np.array(data.draw(st.lists(st.booleans(), min_size=whole.nnz, max_size=whole.nnz)), dtype=bool)
    some = sp.csr_array((whole.data[kept], (whole.row[kept], whole.col[kept])), shape=whole.shape)
    found, best = market.fit(balance, some), market.fit(balance)
    rows, columns, scores = whole.row[~kept], whole.col[~kept], whole.data[~kept]
    missing = found.bound(rows, columns, scores) - found.objective_
    left, right = found.prices()
    for at in range(whole.nnz):
        price = left[whole.row[at]] + right[whole.col[at]]
        why = best.why_not(int(whole.row[at]), int(whole.col[at]))
        if why.forced is None or not np.isfinite(price):
            continue
        # Against the choice made on some of the pairs, not against the best one: what is said is the smaller.
        objective_held = best.objective_ - why.forced.objective_lost
        least = least_cost(float(whole.data[at]), price, balance, missing)
        assert least <= max(found.objective_ - objective_held, 0.0) / (1.0 - found.dial_) + 1e-5


def test_a_pair_is_told_its_price_by_level_its_rivals_and_the_cost_of_forcing_it():
    W = sp.csr_array(np.array([[0.9, 0.5, 0.4], [0.8, 0.3, 0.2]]))
    found = BalancedAssignment(0.0).fit(W, 1, 1, [["u", "v"]], [["x", "y", "y"]])
    assert found.pairs_.tolist() == [[0, 1], [1, 0]]
    why = found.why_not(0, 0)
    assert (why.is_stored, why.is_proposed, why.score) == (True, False, 0.9)
    assert [(part.side, part.level, part.label) for part in why.parts] == [
        ("left", 0, 0),
        ("left", 1, "u"),
        ("market", 0, None),
        ("right", 1, "x"),
        ("right", 0, 0),
    ]
    assert sum(part.price for part in why.parts) == pytest.approx(why.price)
    assert why.gap == pytest.approx(why.price - 0.9)
    assert why.quality == pytest.approx(0.5 + 0.8)
    assert [(one.position, one.score) for one in why.partners_left] == [(1, 0.5)]
    assert [(one.position, one.score) for one in why.partners_right] == [(1, 0.8)]
    # With the pair forced the other course takes its next best: 0.9 + 0.3 instead of 0.5 + 0.8.
    assert why.forced.quality_lost == pytest.approx(0.1)
    assert why.forced.objective_lost == pytest.approx(0.1, abs=1e-6)
    assert why.forced.score_needed == pytest.approx(1.0, abs=1e-6)
    assert why.forced.lost.tolist() == [[0, 1], [1, 0]]
    assert why.forced.gained.tolist() == [[0, 0], [1, 1]]


def test_a_country_above_its_fair_share_shows_in_the_price():
    W = sp.csr_array(np.array([[0.9, 0.8, 0.5]] * 2))
    found = BalancedAssignment(0.7, theta=0.0).fit(W, 1, 1, None, [["FR", "FR", "MT"]])
    assert sorted(found.pairs_[:, 1].tolist()) == [0, 2]
    why = found.why_not(0, 1)
    country = next(part for part in why.parts if (part.side, part.level) == ("right", 1))
    assert (country.label, country.given, country.share) == ("FR", 1, 1.0)
    # The second partnership of a share of one: weight 2/3, (2 - 1/2) / 1 - 1, and the dial .7 against .3.
    assert country.imbalance == pytest.approx(2 / 3 * 0.5 * 0.7 / 0.3)
    assert why.gap > 0
    assert why.forced.score_needed > why.price - 1e-6


def test_a_closed_group_is_named_and_a_cap_can_not_be_outbid():
    W = sp.csr_array(np.array([[0.9, 0.8], [0.7, 0.6]]))
    found = BalancedAssignment(0.0).fit(
        W, 1, 1, None, [["FR", "FR"]], limits_right=[{"FR": Limits(0, 1)}], locked=[(0, 0)]
    )
    why = found.why_not(1, 1)
    assert [part.label for part in why.parts if np.isinf(part.price)] == ["FR"]
    assert (why.forced.score_needed, why.forced.more_unmet) == (np.inf, 0)
    assert found.why_not(0, 0).forced is None
    assert found.why_not(0, 1).forced is None


def test_a_pair_that_is_not_permitted_has_no_score_until_one_is_assumed():
    W = sp.csr_array((np.array([0.5]), ([0], [0])), shape=(1, 2))
    found = BalancedAssignment(0.0).fit(W, 1, 1)
    why = found.why_not(0, 1)
    assert (why.is_stored, why.score, why.gap, why.forced) == (False, None, None, None)
    assert found.why_not(0, 1, score=0.4).forced.score_needed == pytest.approx(0.5, abs=1e-6)
    with pytest.raises(ValueError, match="outside the market"):
        found.why_not(1, 0)
