"""Measures of rankings."""

import pytest

from matcher.metrics import hit_rate, mean_reciprocal_rank, median_rank


def test_the_reciprocal_rank_of_what_was_not_found_is_zero() -> None:
    assert mean_reciprocal_rank([1, 4, None]) == pytest.approx((1 + 0.25 + 0) / 3)


def test_a_hit_is_a_rank_at_the_bound_or_better() -> None:
    assert hit_rate([1, 5, 6, None], at=5) == 0.5


def test_the_median_counts_what_was_not_found_as_last() -> None:
    assert median_rank([3, None, 1]) == 3
    assert median_rank([2, 3]) == 2.5
    assert median_rank([None, None, 1]) is None


@pytest.mark.parametrize("measure", [mean_reciprocal_rank, median_rank, lambda ranks: hit_rate(ranks, 1)])
def test_nothing_cannot_be_measured(measure) -> None:
    with pytest.raises(ValueError, match="no query"):
        measure([])
