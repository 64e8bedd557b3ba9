"""The measures of balance against figures worked out by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.balance import (
    chi_square,
    coverage,
    gini,
    group_levels,
    level_weights,
    price_of_balance,
    report_level,
)


def test_gini_is_zero_for_equals_and_high_when_one_has_everything():
    assert gini(np.array([0.5, 0.5, 0.5])) == 0.0
    assert gini(np.array([0.0, 0.0, 0.0, 1.0])) == pytest.approx(0.75)
    assert gini(np.array([])) == 0.0
    assert gini(np.zeros(3)) == 0.0


@given(st.lists(st.floats(0, 100), min_size=1, max_size=20))
def test_gini_does_not_depend_on_order_and_stays_below_one(rates):
    assert gini(np.array(rates)) == pytest.approx(gini(np.array(rates[::-1])))
    assert -1e-9 <= gini(np.array(rates)) < 1


def test_chi_square_counts_only_groups_with_a_share():
    assert chi_square(np.array([3, 1, 0]), np.array([2.0, 2.0, 0.0])) == pytest.approx(1.0)


def test_coverage_counts_courses_once():
    assert coverage(np.array([0, 0, 2]), 4) == 0.5
    assert coverage(np.array([], dtype=np.int64), 0) == 0.0


def test_the_price_of_balance_is_the_share_of_fit_given_up():
    assert price_of_balance(9.0, 10.0) == pytest.approx(0.1)
    assert price_of_balance(0.0, 0.0) == 0.0
    assert price_of_balance(10.0, 10.0) == 0.0


def test_level_weights_add_up_to_one_and_favour_groups():
    assert level_weights(2) == pytest.approx((0.2, 0.4, 0.4))
    assert level_weights(0) == (1.0,)


def test_a_level_reports_its_least_served_group():
    capacity = np.array([1, 1, 2])
    country = group_levels(capacity, [["FR", "FR", "MT"]], 4, 1.0, level_weights(1))[1]
    report = report_level("b", "country", country, np.array([0, 1]))
    assert (report.n_groups, report.n_served) == (2, 1)
    assert (report.least_served, report.least_rate) == ("MT", 0.0)
    assert report.gini == pytest.approx(0.5)
    # Shares are 2 and 2, counts 2 and 0.
    assert report.chi_square == pytest.approx(2.0)
    assert country.imbalance(np.array([0, 1])) == pytest.approx(1.0)


def test_a_group_that_offers_nothing_is_not_called_badly_served():
    level = group_levels(np.array([1, 0]), [["FR", "MT"]], 1, 1.0, level_weights(1))[1]
    assert report_level("b", "country", level, np.array([0])).least_served == "FR"


def test_level_weights_must_fit_the_levels():
    with pytest.raises(ValueError, match="2 level weights"):
        group_levels(np.array([1]), [["FR"]], 1, 1.0, (1.0,))
