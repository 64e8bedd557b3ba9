"""The frontier: what every position of the dial would give, the same as fitting each."""

import json
from itertools import pairwise

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings

from matcher.assignment import BalancedAssignment
from tests.matcher.markets import markets


@settings(max_examples=30, deadline=None)
@given(markets(with_limits=True))
def test_each_point_is_what_fitting_there_gives_and_neither_aim_ever_rises(market):
    points = market.fit(0.3).frontier(5).points
    assert [point.balance for point in points] == [0.0, 0.25, 0.5, 0.75, 1.0]
    for point in points:
        alone = market.fit(point.balance)
        assert (point.quality, point.imbalance) == pytest.approx((alone.quality_, alone.imbalance_))
        assert np.array(point.pairs).reshape(-1, 2).tolist() == alone.pairs_.tolist()
        assert point.n_pairs == len(alone.pairs_)
        assert point.n_unmet == alone.unmet_.sum() + sum(one.missing for one in alone.unmet_groups_)
    for before, after in pairwise(points):
        assert after.quality <= before.quality + 1e-9
        assert after.imbalance <= before.imbalance + 1e-9


def test_points_measure_price_coverage_gini_and_the_least_served():
    W = sp.csr_array(np.array([[0.9, 0.9, 0.5]] * 2))
    fitted = BalancedAssignment(theta=0.0).fit(W, 1, 1, [["VN", "VN"]], [["FR", "FR", "MT"]])
    frontier = fitted.frontier([0.8, 0.8], level_names=("course", "country"))
    (point,) = frontier.points
    assert (point.n_pairs, point.n_unmet) == (2, 0)
    assert point.price == pytest.approx(1 - 1.4 / 1.8)
    assert (point.coverage_left, point.coverage_right) == (1.0, pytest.approx(2 / 3))
    assert [(one.side, one.level) for one in point.levels] == [
        ("left", "course"),
        ("left", "country"),
        ("right", "course"),
        ("right", "country"),
    ]
    at_zero = fitted.frontier([0.0]).points[0].levels[-1]
    assert (at_zero.least_served, at_zero.least_rate, at_zero.gini) == ("MT", 0.0, 0.5)
    assert [(one.side, one.level, one.labels) for one in frontier.groups] == [
        ("left", "country", ("VN",)),
        ("right", "country", ("FR", "MT")),
    ]
    assert frontier.groups[1].offered == (2, 1)
    assert frontier.groups[1].shares == (1.0, 1.0)
    assert point.given == ((2,), (1, 1))
    country = point.levels[-1]
    assert (country.least_served, country.least_rate) == ("FR", 0.5)
    assert json.loads(json.dumps(frontier.to_dict()))["points"][0]["levels"][3]["gini"] == pytest.approx(1 / 6)


def test_positions_outside_the_dial_are_refused():
    fitted = BalancedAssignment().fit(sp.csr_array(np.ones((1, 1))), 1, 1)
    with pytest.raises(ValueError, match="two positions or more"):
        fitted.frontier(1)
    with pytest.raises(ValueError, match="from 0 to 1"):
        fitted.frontier([0.2, 1.2])
    with pytest.raises(RuntimeError, match="fit comes first"):
        BalancedAssignment().frontier()
