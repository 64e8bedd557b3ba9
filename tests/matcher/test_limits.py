"""Minimums and caps of groups, locked and forbidden pairs: kept where possible, reported where not."""

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from matcher.assignment import BalancedAssignment
from matcher.limits import LimitMissed, Limits
from tests.matcher.markets import DIAL, every_outcome, markets


def missing(found):
    return found.unmet_.sum() + sum(one.missing for one in found.unmet_groups_)


@settings(max_examples=60, deadline=None)
@given(markets(with_limits=True), st.sampled_from(DIAL), st.sampled_from([0.0, 0.3]))
def test_minimums_come_first_caps_hold_and_the_rest_is_the_best_by_brute_force(market, balance, first_bonus):
    outcomes = every_outcome(market)
    found = market.fit(balance, first_bonus=first_bonus)
    assert missing(found) == outcomes.unmet.min()
    assert found.unmet_.shape == (sum(market.W.shape),)
    assert not any(one.over for one in found.unmet_groups_)
    best = outcomes.best(found.dial_, first_bonus)
    assert found.objective_ == pytest.approx(best, abs=1e-8)


@settings(max_examples=60, deadline=None)
@given(markets(with_limits=True), st.sampled_from(DIAL), st.data())
def test_locked_and_forbidden_pairs_hold_and_the_rest_is_the_best_by_brute_force(market, balance, data):
    coo = market.W.tocoo()
    cells = list(zip(coo.row.tolist(), coo.col.tolist(), strict=True))
    decided = data.draw(st.lists(st.sampled_from(cells), unique=True, max_size=4))
    locked, forbidden = decided[::2], decided[1::2]
    for half, side in ((market.left, 0), (market.right, 1)):
        counts = np.bincount([cell[side] for cell in locked], minlength=len(half.capacity))
        assume((counts <= half.capacity).all())
    found = market.fit(balance, locked=locked, forbidden=forbidden)
    made = set(map(tuple, found.pairs_.tolist()))
    assert set(locked) <= made
    assert not set(forbidden) & made
    kept = [at for at, cell in enumerate(cells) if cell not in forbidden]
    W = sp.csr_array((coo.data[kept], (coo.row[kept], coo.col[kept])), shape=market.W.shape)
    outcomes = every_outcome(type(market)(W, market.left, market.right), locked=locked)
    assert missing(found) == outcomes.unmet.min()
    assert found.objective_ == pytest.approx(outcomes.best(found.dial_), abs=1e-8)


def test_every_course_gets_a_partner_before_anyones_second_when_asked():
    W = sp.csr_array(np.array([[0.9, 0.9], [0.1, 0.0]]))
    plain = BalancedAssignment(0.0).fit(W, [2, 1], 1)
    fair = BalancedAssignment(0.0, everyone_first=True).fit(W, [2, 1], 1)
    assert plain.pairs_.tolist() == [[0, 0], [0, 1]]
    assert fair.pairs_.tolist() == [[0, 1], [1, 0]]
    assert not fair.unmet_.any()


def test_the_worst_served_country_gets_its_floor_of_the_fair_share():
    W = sp.csr_array(np.array([[0.9, 0.9, 0.9, 0.9, 0.1, 0.1]] * 4))
    countries = [["FR"] * 3 + ["MT"] * 3]
    # Fair shares are 2 and 2 of the 4 places on the left.
    made = [
        (BalancedAssignment(0.0, least_share=least).fit(W, 1, 1, None, countries).pairs_[:, 1] > 2).sum()
        for least in (0.0, 0.4, 0.5, 1.0)
    ]
    assert made == [1, 1, 1, 2]


def test_an_institution_gets_its_minimum_even_at_a_loss_and_locked_pairs_count_in_it():
    W = sp.csr_array(np.array([[0.9, -0.2], [-0.4, -0.3]]))
    asked = {"groups_left": [["u", "u"]], "limits_left": [{"u": Limits(2)}]}
    assert BalancedAssignment(0.0).fit(W, 1, 1).pairs_.tolist() == [[0, 0]]
    assert BalancedAssignment(0.0).fit(W, 1, 1, **asked).pairs_.tolist() == [[0, 0], [1, 1]]
    asked["limits_left"] = [{"u": Limits(1)}]
    assert BalancedAssignment(0.0).fit(W, 1, 1, **asked, locked=[(1, 1)]).pairs_.tolist() == [[0, 0], [1, 1]]
    assert BalancedAssignment(0.0).fit(W, 1, 1, **asked, locked=[(1, 0)]).pairs_.tolist() == [[1, 0]]


def test_locked_pairs_count_in_the_balance_of_their_groups():
    W = sp.csr_array(np.array([[0.9, 0.0, 0.0], [0.0, 0.6, 0.5]]))
    countries = [["FR", "FR", "MT"]]
    # A second partnership of France costs more than the first of Malta, once France has its locked one.
    made = BalancedAssignment(0.5, theta=0.0).fit(W, 1, 1, None, countries, locked=[(0, 0)])
    assert made.pairs_.tolist() == [[0, 0], [1, 2]]
    assert BalancedAssignment(0.5, theta=0.0).fit(W[1:], 1, 1, None, countries).pairs_.tolist() == [[0, 1]]


def test_a_bonus_for_first_partners_buys_one_where_it_is_larger_than_the_loss():
    W = sp.csr_array(np.array([[0.9, 0.8], [0.5, 0.1]]))
    made = [BalancedAssignment(0.0, first_bonus=bonus).fit(W, [2, 1], 1).pairs_.tolist() for bonus in (0.0, 0.39, 0.41)]
    # The best two pairs have 1.7 together, the best that give everybody a partner 1.3.
    assert made == [[[0, 0], [0, 1]], [[0, 0], [0, 1]], [[0, 1], [1, 0]]]


def test_what_cannot_be_kept_is_reported_and_nothing_fails():
    W = sp.csr_array(np.array([[0.5, 0.5]]))
    found = BalancedAssignment(0.3).fit(
        W,
        2,
        1,
        [["FR"]],
        [["VN", "VN"]],
        locked=[(0, 0), (0, 1)],
        limits_left=[{"FR": Limits(1, 1), "MT": Limits(2)}],
        limits_right=[{"VN": Limits(3)}],
    )
    assert found.pairs_.tolist() == [[0, 0], [0, 1]]
    assert found.unmet_groups_ == (
        LimitMissed("left", 1, "FR", 2, 1, 1),
        LimitMissed("left", 1, "MT", 0, 2, None),
        LimitMissed("right", 1, "VN", 2, 3, None),
    )
    assert [(one.missing, one.over) for one in found.unmet_groups_] == [(0, 1), (2, 0), (1, 0)]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"locked": [(1, 1)]}, r"\(1, 1\) is not stored"),
        ({"locked": [(0, 0), (0, 1)]}, "2 pairs of the left course 0 are locked, its capacity is 1"),
        ({"locked": [(0, 0), (1, 0)]}, "2 pairs of the right course 0"),
        ({"locked": [(0, 0)], "forbidden": [(0, 0)]}, r"\(0, 0\) is both locked and forbidden"),
        ({"forbidden": [(0, 2)]}, "outside the market"),
        ({"locked": [0, 1]}, r"shape \(n, 2\)"),
        ({"limits_left": [{}]}, "1 mappings of limits for 0 group levels"),
    ],
)
def test_decisions_that_contradict_each_other_are_refused_in_words(options, words):
    W = sp.csr_array((np.array([1.0, 1.0, 1.0]), ([0, 0, 1], [0, 1, 0])), shape=(2, 2))
    with pytest.raises(ValueError, match=words):
        BalancedAssignment(0.5).fit(W, 1, 1, **options)


def test_limits_below_zero_or_crossing_are_refused():
    with pytest.raises(ValueError, match="never negative"):
        Limits(-1)
    with pytest.raises(ValueError, match="above the cap"):
        Limits(3, 2)
