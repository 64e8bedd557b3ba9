"""The choice from a few candidates becomes the best choice over all pairs, and says so truthfully."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher import optimality
from matcher.assignment import BalancedAssignment
from matcher.candidates import PairList, PairSearch
from matcher.optimality import Certificate, Graph, solve_over_all
from matcher.pairs import Pairs


@dataclass(frozen=True)
class Looked:
    """Scores looked up in a table."""

    table: np.ndarray

    def __call__(self, pairs: Pairs) -> np.ndarray:
        return self.table[pairs.rows[:, 0]][:, pairs.columns[0]].astype(np.float32)


class Bazaar:
    """A market whose scores are all known, but told only when asked for."""

    def __init__(self, rng: np.random.Generator, n_left: int, n_right: int) -> None:
        self.shape = (n_left, n_right)
        hubs = rng.random(n_right) ** 4
        self.table = np.round(0.3 * rng.random(self.shape) + 0.6 * hubs, 6)
        self.table[rng.random(self.shape) < 0.2] = -np.inf
        self.places_left, self.places_right = rng.integers(0, 3, n_left), rng.integers(0, 4, n_right)
        self.groups_left, self.groups_right = np.arange(n_left) % 3, np.arange(n_right) % 4
        self.asked = 0

    def graph(self, per_course: int) -> Graph:
        self.search = PairSearch(Looked(self.table), *self.shape, self.groups_right, np.arange(self.shape[0]))
        return self.scored(self.search.candidates(per_course))

    def everything(self) -> Graph:
        graph = self.scored(PairList(*np.nonzero(self.table > -np.inf)))
        return Graph(graph.rows, graph.columns, graph.scores, is_complete=True)

    def fit(self, graph: Graph, balance: float) -> BalancedAssignment:
        return BalancedAssignment(balance).fit(
            graph.matrix(self.shape),
            self.places_left,
            self.places_right,
            [self.groups_left],
            [self.groups_right],
        )

    def scored(self, pairs: PairList) -> Graph:
        self.asked += len(pairs.rows)
        return Graph(pairs.rows, pairs.columns, self.table[pairs.rows, pairs.columns])

    def above(self, prices, most: int) -> list[PairList]:
        return self.search.above(prices, most)


markets = st.builds(
    lambda seed, n_left, n_right: Bazaar(np.random.default_rng(seed), n_left, n_right),
    st.integers(0, 2**32 - 1),
    st.integers(1, 14),
    st.integers(1, 14),
)


@settings(max_examples=60, deadline=None)
@given(markets, st.sampled_from([0.0, 0.1, 0.5, 0.9, 1.0]), st.integers(1, 3))
def test_a_few_candidates_and_prices_lead_to_the_optimum_over_all_pairs(market, balance, per_course):
    best = market.fit(market.everything(), balance)
    (solved,), graph = solve_over_all(market, market.graph(per_course), [balance])
    assert solved.assignment.objective_ == pytest.approx(best.objective_, abs=1e-9)
    assert solved.certificate.bound >= best.objective_ - 1e-9
    assert solved.certificate.is_proven
    assert len(graph) == solved.certificate.n_candidates


@settings(max_examples=60, deadline=None)
@given(markets, st.sampled_from([0.0, 0.1, 0.5, 0.9]))
def test_stopped_early_the_bound_holds(market, balance):
    best = market.fit(market.everything(), balance)
    (solved,), _ = solve_over_all(market, market.graph(1), [balance], max_gap=9.0)
    assert solved.certificate.n_rounds == 1
    assert solved.certificate.objective - 1e-9 <= best.objective_ <= solved.certificate.bound + 1e-9


@settings(max_examples=60, deadline=None)
@given(markets)
def test_a_bound_counts_what_a_full_list_hides(market):
    best = market.fit(market.everything(), 0.1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(optimality, "ADDED_PER_COURSE", 1)
        (solved,), _ = solve_over_all(market, market.graph(1), [0.1], max_gap=9.0)
    assert best.objective_ <= solved.certificate.bound + 1e-9


def test_several_positions_of_the_dial_share_their_searches():
    market = Bazaar(np.random.default_rng(3), 40, 50)
    alone = [solve_over_all(market, market.graph(2), [balance])[0][0] for balance in (0.5, 0.0)]
    together, _ = solve_over_all(market, market.graph(2), [0.5, 0.0])
    for one, other in zip(alone, together, strict=True):
        assert one.assignment.objective_ == pytest.approx(other.assignment.objective_, abs=1e-9)
        assert other.certificate.is_proven
    assert max(one.certificate.n_rounds for one in together) > 1


def test_only_a_part_of_the_pairs_is_ever_scored_exactly():
    market = Bazaar(np.random.default_rng(4), 60, 60)
    solve_over_all(market, market.graph(3), [0.1])
    assert market.asked < 0.6 * np.isfinite(market.table).sum()


def test_a_complete_graph_is_proven_without_a_search():
    market = Bazaar(np.random.default_rng(5), 10, 10)
    (solved,), _ = solve_over_all(market, market.everything(), [0.5])
    assert solved.certificate.n_rounds == 0
    assert solved.certificate.to_dict()["is_proven"]


def test_a_gap_is_a_share_of_the_bound():
    assert Certificate(99.0, 100.0, 5, 1, False).gap == pytest.approx(0.01)
    assert Certificate(100.0, 100.0, 5, 1, True).gap == 0
    assert Certificate(-0.5, 0.0, 5, 1, False).gap == pytest.approx(0.5)
