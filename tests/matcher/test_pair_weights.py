"""What belongs to a pair beside its score, against figures worked out by hand."""

import numpy as np
import pytest
import scipy.sparse as sp

from matcher.pair_weights import pair_weights

SCORES = sp.csr_array((np.array([0.0, 0.5, 0.8]), ([0, 0, 1], [0, 1, 1])), shape=(2, 2))


def test_unequal_classes_lose_by_the_logarithm_of_their_ratio_and_unknown_sizes_lose_nothing():
    weights = pair_weights(SCORES, [20.0, np.nan], [40.0, 10.0], size_cost=0.1)
    assert weights.nnz == 3
    assert weights.toarray() == pytest.approx(np.array([[-0.1 * np.log(2), 0.5 - 0.1 * np.log(2)], [0.0, 0.8]]))
    mirrored = pair_weights(SCORES, [40.0, 0.0], [20.0, 160.0], size_cost=0.1)
    assert mirrored.data == pytest.approx([-0.1 * np.log(2), 0.5 - 0.1 * np.log(4), 0.8])


def test_earlier_partners_lose_by_their_number_and_only_stored_pairs_are_kept():
    earlier = sp.csr_array(np.array([[0, 2], [3, 0]]))
    weights = pair_weights(SCORES, earlier=earlier, repeat_cost=0.1)
    assert weights.nnz == 3
    assert weights.data == pytest.approx([0.0, 0.3, 0.8])
    assert SCORES.data.tolist() == [0.0, 0.5, 0.8]
    assert pair_weights(SCORES, earlier=sp.csr_array((2, 2)), repeat_cost=1).data == pytest.approx(SCORES.data)


def test_costs_and_shapes_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="never negative"):
        pair_weights(SCORES, size_cost=-1)
    with pytest.raises(ValueError, match="class sizes"):
        pair_weights(SCORES, [1.0], [1.0, 2.0])
    with pytest.raises(ValueError, match="earlier"):
        pair_weights(SCORES, earlier=sp.csr_array((1, 2)))
