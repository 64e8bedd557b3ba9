"""The same round on a Dask cluster of two worker processes."""

import joblib
import pytest
from distributed import Client, LocalCluster

from matcher import market as market_module
from matcher.datasets import make_profiles
from matcher.embedders import HashedNgrams
from matcher.partner_matcher import PartnerMatcher
from matcher.scorer import CompatibilityScorer
from matcher.text import TextEncoder


@pytest.fixture
def cluster():
    """Two real worker processes, gone after the test."""
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as its_cluster,
        Client(its_cluster) as client,
    ):
        yield client


def test_a_round_on_a_cluster_of_two_workers_is_the_round_of_one_machine(cluster, monkeypatch):
    monkeypatch.setattr(market_module, "ALL_PAIRS", 0)
    monkeypatch.setattr("matcher.candidates.BLOCK_ROWS", 16)
    profiles = make_profiles(120)
    encoder = TextEncoder(HashedNgrams())
    here = PartnerMatcher(scorer=CompatibilityScorer(encoder=encoder)).propose(profiles)
    with joblib.parallel_config("dask"):
        there = PartnerMatcher(scorer=CompatibilityScorer(encoder=encoder)).propose(profiles)
    assert there == here
    worked = cluster.run(lambda dask_worker: len(dask_worker.state.log) > 0)
    assert sum(worked.values()) == 2
