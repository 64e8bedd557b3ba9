"""The assignment against brute force on tiny markets, and the promises of its dial."""

from itertools import pairwise

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.assignment import BalancedAssignment
from matcher.balance import fair_shares
from tests.matcher.markets import DIAL, every_outcome, markets


@settings(max_examples=40, deadline=None)
@given(markets(), st.sampled_from([0.0, 0.5, 1.0]))
def test_the_objective_is_that_of_brute_force_at_every_position_of_the_dial(market, theta):
    outcomes = every_outcome(market, theta)
    for balance in DIAL:
        found = market.fit(balance, theta=theta)
        got = (1 - balance) * found.quality_ - balance * found.imbalance_
        # At the ends of the dial the other aim, a few millionths strong, only breaks ties.
        assert got == pytest.approx(outcomes.best(balance), abs=1e-7 if balance < 1 else 1e-4)
        assert found.objective_ == pytest.approx(got, abs=1e-7 if balance < 1 else 1e-4)
        assert np.isclose(outcomes.quality, found.quality_)[np.isclose(outcomes.imbalance, found.imbalance_)].any()


@settings(max_examples=40, deadline=None)
@given(markets(with_limits=True))
def test_along_the_dial_quality_and_imbalance_never_rise_with_limits_and_minimums_too(market):
    steps = [market.fit(balance) for balance in np.linspace(0, 1, 9)]
    for before, after in pairwise(steps):
        assert after.quality_ <= before.quality_ + 1e-9
        assert after.imbalance_ <= before.imbalance_ + 1e-9


@settings(max_examples=40, deadline=None)
@given(markets(with_limits=True), st.sampled_from(DIAL))
def test_each_pair_is_permitted_made_once_and_within_capacity(market, balance):
    pairs = market.fit(balance).pairs_
    coo = market.W.tocoo()
    permitted = set(zip(coo.row.tolist(), coo.col.tolist(), strict=True))
    made = [tuple(pair) for pair in pairs.tolist()]
    assert len(set(made)) == len(made)
    assert set(made) <= permitted
    assert made == sorted(made)
    for half, courses in ((market.left, pairs[:, 0]), (market.right, pairs[:, 1])):
        assert (np.bincount(courses, minlength=len(half.capacity)) <= half.capacity).all()


@settings(max_examples=40, deadline=None)
@given(markets(with_limits=True), st.sampled_from(DIAL), st.booleans(), st.randoms(use_true_random=False))
def test_the_order_of_courses_never_changes_the_pairs_when_they_have_ids(market, balance, everyone_first, random):
    halves = market.left, market.right
    ids = [[f"{side} {i}" for i in range(len(half.capacity))] for side, half in zip("ab", halves, strict=True)]

    def named_pairs(*orders):
        p, q = orders
        own = [
            (half.capacity[o], [[labels[i] for i in o] for labels in half.groups], half.minimum[o], half.limits)
            for half, o in zip(halves, orders, strict=True)
        ]
        (left, groups_left, minimum_left, limits_left), (right, groups_right, minimum_right, limits_right) = own
        found = BalancedAssignment(balance, everyone_first=everyone_first).fit(
            market.W[p][:, q],
            left,
            right,
            groups_left,
            groups_right,
            minimum_left,
            minimum_right,
            *([names[i] for i in o] for names, o in zip(ids, orders, strict=True)),
            limits_left=limits_left,
            limits_right=limits_right,
        )
        return {(ids[0][p[i]], ids[1][q[j]]) for i, j in found.pairs_.tolist()}

    orders = [list(range(len(names))) for names in ids]
    straight = named_pairs(*orders)
    for order in orders:
        random.shuffle(order)
    assert named_pairs(*orders) == straight


def test_a_stored_zero_is_a_permitted_pair_and_a_missing_entry_is_not():
    W = sp.csr_array((np.array([0.0]), ([0], [1])), shape=(2, 2))
    assert BalancedAssignment(0.5).fit(W, 1, 1).pairs_.tolist() == [[0, 1]]


def test_a_negative_pair_is_made_only_for_a_minimum_when_fit_alone_counts():
    W = sp.csr_array(np.array([[-0.5]]))
    assert BalancedAssignment(0.0).fit(W, 1, 1).pairs_.tolist() == []
    assert BalancedAssignment(0.0).fit(W, 1, 1, minimum_left=[1]).pairs_.tolist() == [[0, 0]]


def test_one_country_offering_most_places_does_not_take_them_all():
    scores = np.array([[0.9, 0.9, 0.9, 0.6]] * 3)
    countries = [["FR", "FR", "FR", "MT"]]
    fit_only = BalancedAssignment(0.0).fit(sp.csr_array(scores), 1, 1, None, countries)
    balanced = BalancedAssignment(0.75, theta=0.0).fit(sp.csr_array(scores), 1, 1, None, countries)
    assert 3 not in fit_only.pairs_[:, 1]
    assert 3 in balanced.pairs_[:, 1]


def test_an_empty_market_gives_no_pairs():
    for shape in ((0, 0), (0, 3), (2, 0), (2, 3)):
        found = BalancedAssignment(0.5).fit(sp.csr_array(shape, dtype=float), 1, 1, minimum_left=1)
        assert found.pairs_.shape == (0, 2)
        assert (found.quality_, found.unmet_.sum()) == (0.0, shape[0])


def test_large_scores_and_many_places_stay_within_the_solver():
    rng = np.random.default_rng(1)
    W = sp.csr_array(rng.random((40, 40)) * 1e6)
    found = BalancedAssignment(0.3).fit(W, 5, 7, minimum_right=3)
    assert len(found.pairs_) == 200
    assert not found.unmet_.any()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"capacity_left": [1, 1, 1]}, "capacity has the shape"),
        ({"capacity_left": [-1, 1]}, "no capacity is negative"),
        ({"capacity_left": [0.5, 1]}, "whole number"),
        ({"groups_left": [["i1", "i1"], ["c1", "c2"]]}, "nested"),
        ({"groups_left": [["i1"]]}, "1 labels for 2 courses"),
        ({"ids_left": ["a", "a"]}, "2 distinct ids"),
    ],
)
def test_input_that_does_not_fit_is_refused_in_words(options, words):
    arguments = {"capacity_left": 1, "capacity_right": 1, **options}
    with pytest.raises(ValueError, match=words):
        BalancedAssignment(0.5).fit(sp.csr_array(np.ones((2, 2))), **arguments)


def test_scores_that_are_not_numbers_and_dials_out_of_range_are_refused():
    with pytest.raises(ValueError, match="finite"):
        BalancedAssignment().fit(sp.csr_array(np.array([[np.nan]])), 1, 1)
    for options in ({"balance": 1.5}, {"theta": -0.1}, {"least_share": 2}, {"first_bonus": -1}, {"weights": [-1]}):
        with pytest.raises(ValueError, match=r"from 0 to 1|never negative"):
            BalancedAssignment(**options)


def test_fair_shares_follow_the_offer_or_favour_the_small():
    offered = np.array([9, 1, 0])
    assert fair_shares(offered, 10, 1.0).tolist() == [9, 1, 0]
    assert fair_shares(offered, 10, 0.0).tolist() == [5, 5, 0]
    assert fair_shares(offered, 10, 0.5).tolist() == [7.5, 2.5, 0]
