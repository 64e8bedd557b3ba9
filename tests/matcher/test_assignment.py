"""The assignment against brute force on tiny markets, and the promises of its dial."""

from itertools import pairwise, product

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.assignment import BalancedAssignment
from matcher.balance import fair_shares, level_weights

DIAL = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)


@st.composite
def markets(draw):
    """A market small enough to try every set of pairs: scores, capacities and nested groups of both sides."""
    n_left, n_right = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    cells = [(i, j) for i in range(n_left) for j in range(n_right)]
    permitted = draw(st.lists(st.sampled_from(cells), min_size=1, max_size=9, unique=True))
    scores = draw(st.lists(st.integers(-20, 100), min_size=len(permitted), max_size=len(permitted)))
    rows, columns = zip(*permitted, strict=True)
    W = sp.csr_array((np.array(scores) / 100, (rows, columns)), shape=(n_left, n_right))
    sides = []
    for n in (n_left, n_right):
        capacity = draw(st.lists(st.integers(0, 3), min_size=n, max_size=n))
        fine = draw(st.lists(st.integers(0, 2), min_size=n, max_size=n))
        coarse_of = draw(st.lists(st.integers(0, 1), min_size=3, max_size=3))
        groups = [[f"i{f}" for f in fine], [f"c{coarse_of[f]}" for f in fine]]
        sides.append((np.array(capacity), groups[: draw(st.integers(0, 2))]))
    return W, *sides


def imbalance_by_hand(courses, capacity, groups, n_places, theta):
    total = 0.0
    levels = [list(range(len(capacity))), *groups]
    for weight, labels in zip(level_weights(len(groups)), levels, strict=True):
        names = sorted(set(labels))
        offered = [sum(k for k, label in zip(capacity, labels, strict=True) if label == name) for name in names]
        powers = [k**theta if k else 0.0 for k in offered]
        for name, power in zip(names, powers, strict=True):
            if power:
                share = n_places * power / sum(powers)
                count = sum(labels[c] == name for c in courses)
                total += weight * (count - share) ** 2 / (2 * share) if share else 0.0
    return total


def every_feasible_set(W, capacity_left, capacity_right):
    coo = W.tocoo()
    for mask in product([False, True], repeat=coo.nnz):
        rows, columns = coo.row[list(mask)], coo.col[list(mask)]
        if (np.bincount(rows, minlength=W.shape[0]) <= capacity_left).all() and (
            np.bincount(columns, minlength=W.shape[1]) <= capacity_right
        ).all():
            yield rows, columns, float(coo.data[list(mask)].sum())


def fitted(market, **options):
    W, (capacity_left, groups_left), (capacity_right, groups_right) = market
    return BalancedAssignment(**options).fit(W, capacity_left, capacity_right, groups_left, groups_right)


@settings(max_examples=60, deadline=None)
@given(markets(), st.sampled_from([0.0, 0.5, 1.0]))
def test_the_objective_is_that_of_brute_force_at_every_position_of_the_dial(market, theta):
    W, (left, groups_left), (right, groups_right) = market
    places = min(left.sum(), right.sum())
    results = [
        (
            quality,
            imbalance_by_hand(rows, left, groups_left, places, theta)
            + imbalance_by_hand(columns, right, groups_right, places, theta),
        )
        for rows, columns, quality in every_feasible_set(W, left, right)
    ]
    for balance in DIAL:
        found = fitted(market, balance=balance, theta=theta)
        best = max((1 - balance) * quality - balance * imbalance for quality, imbalance in results)
        got = (1 - balance) * found.quality_ - balance * found.imbalance_
        # At the ends of the dial the other aim, a few millionths strong, only breaks ties.
        assert got == pytest.approx(best, abs=1e-7 if balance < 1 else 1e-4)
        assert any(
            found.quality_ == pytest.approx(quality) and found.imbalance_ == pytest.approx(imbalance)
            for quality, imbalance in results
        )


@settings(max_examples=60, deadline=None)
@given(markets())
def test_along_the_dial_quality_and_imbalance_never_rise(market):
    steps = [fitted(market, balance=balance) for balance in np.linspace(0, 1, 11)]
    for before, after in pairwise(steps):
        assert after.quality_ <= before.quality_ + 1e-9
        assert after.imbalance_ <= before.imbalance_ + 1e-9


@settings(max_examples=60, deadline=None)
@given(markets(), st.sampled_from(DIAL))
def test_each_pair_is_permitted_made_once_and_within_capacity(market, balance):
    W, (left, _), (right, _) = market
    pairs = fitted(market, balance=balance).pairs_
    coo = W.tocoo()
    permitted = set(zip(coo.row.tolist(), coo.col.tolist(), strict=True))
    made = [tuple(pair) for pair in pairs.tolist()]
    assert len(set(made)) == len(made)
    assert set(made) <= permitted
    assert made == sorted(made)
    assert (np.bincount(pairs[:, 0], minlength=len(left)) <= left).all()
    assert (np.bincount(pairs[:, 1], minlength=len(right)) <= right).all()


@settings(max_examples=60, deadline=None)
@given(markets(), st.sampled_from(DIAL), st.randoms(use_true_random=False))
def test_the_order_of_courses_never_changes_the_pairs_when_they_have_ids(market, balance, random):
    W, (left, groups_left), (right, groups_right) = market
    ids_left = [f"left {i}" for i in range(len(left))]
    ids_right = [f"right {j}" for j in range(len(right))]

    def named_pairs(p, q):
        found = BalancedAssignment(balance).fit(
            W[p][:, q],
            left[p],
            right[q],
            [[labels[i] for i in p] for labels in groups_left],
            [[labels[j] for j in q] for labels in groups_right],
            ids_left=[ids_left[i] for i in p],
            ids_right=[ids_right[j] for j in q],
        )
        return {(ids_left[p[i]], ids_right[q[j]]) for i, j in found.pairs_.tolist()}

    p, q = list(range(len(left))), list(range(len(right)))
    straight = named_pairs(p, q)
    random.shuffle(p)
    random.shuffle(q)
    assert named_pairs(p, q) == straight


@settings(max_examples=60, deadline=None)
@given(markets(), st.sampled_from(DIAL), st.integers(1, 2), st.integers(0, 2))
def test_minimums_come_before_everything_else(market, balance, minimum_left, minimum_right):
    W, (left, groups_left), (right, groups_right) = market
    found = BalancedAssignment(balance).fit(
        W, left, right, groups_left, groups_right, minimum_left=minimum_left, minimum_right=minimum_right
    )

    def unmet(rows, columns):
        return (
            np.maximum(minimum_left - np.bincount(rows, minlength=len(left)), 0).sum()
            + np.maximum(minimum_right - np.bincount(columns, minlength=len(right)), 0).sum()
        )

    fewest = min(unmet(rows, columns) for rows, columns, _ in every_feasible_set(W, left, right))
    assert found.unmet_.sum() == fewest == unmet(*found.pairs_.T)
    assert found.unmet_.shape == (len(left) + len(right),)


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
    with pytest.raises(ValueError, match="balance"):
        BalancedAssignment(1.5)


def test_fair_shares_follow_the_offer_or_favour_the_small():
    offered = np.array([9, 1, 0])
    assert fair_shares(offered, 10, 1.0).tolist() == [9, 1, 0]
    assert fair_shares(offered, 10, 0.0).tolist() == [5, 5, 0]
    assert fair_shares(offered, 10, 0.5).tolist() == [7.5, 2.5, 0]
