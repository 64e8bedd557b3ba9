"""A round over all pairs: candidates and prices, a coordinator's decisions, leads, the frontier, why not."""

import itertools
import random
from collections import Counter
from dataclasses import asdict, replace

import joblib
import numpy as np
import pytest

from matcher import market as market_module
from matcher.datasets import make_profiles
from matcher.embedders import HashedNgrams
from matcher.market import Decisions
from matcher.partner_matcher import PartnerMatcher
from matcher.profile import Region
from matcher.scorer import CompatibilityScorer
from matcher.text import TextEncoder

PROFILES = make_profiles(160)
BY_ID = {profile.id: profile for profile in PROFILES}


def matcher(**options):
    return PartnerMatcher(scorer=CompatibilityScorer(encoder=TextEncoder(HashedNgrams())), **options)


@pytest.fixture(scope="module")
def at_once():
    """The round solved over all pairs at once."""
    return matcher().propose(PROFILES)


@pytest.fixture
def by_candidates(monkeypatch):
    """Make rounds search for candidates instead, as they do in large markets."""
    monkeypatch.setattr(market_module, "ALL_PAIRS", 0)
    monkeypatch.setattr(market_module, "PER_COURSE", 3)


def pairs_of(proposals):
    return [(pair.a_id, pair.b_id) for pair in proposals.pairs]


def test_candidates_and_prices_find_the_same_round_as_all_pairs_at_once(at_once, by_candidates):
    found = matcher().propose(PROFILES)
    assert found.certificate.n_rounds > 1
    assert found.certificate.is_proven
    assert found.certificate.n_candidates < at_once.certificate.n_candidates
    assert found.certificate.objective == pytest.approx(at_once.certificate.objective, abs=1e-9)
    assert found.report.quality == pytest.approx(at_once.report.quality, abs=1e-6)
    assert found.report.quality_at_zero == pytest.approx(at_once.report.quality_at_zero, abs=1e-6)


def test_the_order_of_the_profiles_changes_nothing_in_a_searched_round_either(by_candidates):
    shuffled = random.Random(3).sample(PROFILES, len(PROFILES))
    assert matcher().propose(shuffled) == matcher().propose(PROFILES)


def test_a_round_in_worker_processes_is_the_same_round(by_candidates):
    with joblib.parallel_config("loky", n_jobs=2):
        elsewhere = matcher().propose(PROFILES)
    assert elsewhere == matcher().propose(PROFILES)


def test_a_round_stopped_early_says_how_far_it_may_be_from_the_best(at_once, by_candidates):
    early = matcher(max_gap=1.0)
    early.propose(PROFILES)
    assert early.certificate_.n_rounds == 1
    assert not early.certificate_.is_proven
    assert early.certificate_.objective < at_once.certificate.objective <= early.certificate_.bound
    assert early.certificate_.gap > 0


def test_progress_is_told_for_each_step(by_candidates):
    told = []
    matcher(say=lambda what, done, total: told.append((what, done, total))).propose(PROFILES)
    assert list(dict.fromkeys(what for what, _, _ in told)) == ["reading", "comparing", "proving", "explaining"]
    assert all(0 <= done <= total for _, done, total in told)


def test_everybody_leads_about_as_often_as_they_follow(at_once):
    lead = Counter(pair.lead for pair in at_once.pairs)
    partners = Counter(end for pair in at_once.pairs for end in (pair.a_id, pair.b_id))
    for level in ("id", "institution", "country", "region"):
        leads, follows = Counter(), Counter()
        for its_id, n in partners.items():
            profile = BY_ID[its_id]
            group = (profile.region, profile.country) if level == "country" else getattr(profile, level)
            leads[group] += lead[its_id]
            follows[group] += n - lead[its_id]
        assert all(abs(leads[group] - follows[group]) <= 1 for group in leads | follows)


def test_a_locked_pair_is_made_and_a_forbidden_one_is_not(at_once):
    made = pairs_of(at_once)
    forbidden = made[0]
    alternate = next(
        (one.profile_id, one.partner_id)
        for one in at_once.alternates
        if BY_ID[one.profile_id].region is Region.ASIA and (one.profile_id, one.partner_id) not in made
    )
    decided = matcher().propose(PROFILES, Decisions(frozenset({alternate}), frozenset({forbidden})))
    assert alternate in pairs_of(decided)
    assert forbidden not in pairs_of(decided)
    assert decided.certificate.objective < at_once.certificate.objective


def test_decisions_hold_in_a_searched_round(at_once, by_candidates):
    forbidden = frozenset(pairs_of(at_once)[:5])
    found = matcher().propose(PROFILES, Decisions(forbidden=forbidden))
    assert not forbidden & set(pairs_of(found))
    assert found.certificate.is_proven


def test_a_lock_that_breaks_a_rule_or_names_nobody_is_refused():
    full = next(profile for profile in PROFILES if profile.region is Region.EUROPE)
    asian = next(profile for profile in PROFILES if profile.region is Region.ASIA)
    closed = [replace(one, capacity=0) if one is full else one for one in PROFILES]
    with pytest.raises(ValueError, match=f"{asian.id} and {full.id} are locked, but a rule forbids"):
        matcher().propose(closed, Decisions(locked=frozenset({(asian.id, full.id)})))
    with pytest.raises(ValueError, match="no course of its region: nobody"):
        matcher().propose(PROFILES, Decisions(forbidden=frozenset({(asian.id, "nobody")})))


def test_the_frontier_falls_from_fit_to_balance(at_once, by_candidates):
    asked = matcher()
    points = asked.frontier(PROFILES, positions=5).points
    assert [point.balance for point in points] == [0, 0.25, 0.5, 0.75, 1]
    assert all(one.quality >= other.quality - 1e-6 for one, other in itertools.pairwise(points))
    assert all(one.imbalance >= other.imbalance - 1e-6 for one, other in itertools.pairwise(points))
    assert points[0].quality == pytest.approx(at_once.report.quality_at_zero, abs=1e-6)
    assert points[2].quality == pytest.approx(at_once.report.quality, abs=1e-6)
    assert [level.level for level in points[0].levels[:3]] == ["course", "institution", "country"]
    assert asked.certificate_.is_proven


def test_why_not_counts_what_forcing_a_pair_would_cost(at_once):
    made = set(pairs_of(at_once))
    alternate = next(one for one in at_once.alternates if BY_ID[one.profile_id].region is Region.ASIA)
    pair = (alternate.profile_id, alternate.partner_id)
    rules, why = matcher().why_not(PROFILES, *pair)
    assert rules == ()
    assert pair not in made
    assert why.score == pytest.approx(alternate.score)
    forced = matcher().propose(PROFILES, Decisions(locked=frozenset({pair})))
    assert why.forced.objective_lost == pytest.approx(
        at_once.certificate.objective - forced.certificate.objective, abs=1e-6
    )


def test_why_not_names_the_rule_that_forbids_a_pair():
    closed = next(profile for profile in PROFILES if profile.region is Region.EUROPE)
    asian = next(profile for profile in PROFILES if profile.region is Region.ASIA)
    changed = [
        profile if profile is not closed else type(closed)(**{**vars(closed), "capacity": 0}) for profile in PROFILES
    ]
    rules, why = matcher().why_not(changed, asian.id, closed.id)
    assert "no_capacity" in [reason.code for reason in rules]
    assert not why.is_proposed
    with pytest.raises(KeyError):
        matcher().why_not(PROFILES, closed.id, asian.id)


def test_a_pair_is_scored_the_same_again_from_the_statistics_kept_with_the_round(at_once):
    again = CompatibilityScorer(encoder=TextEncoder(HashedNgrams()).use(at_once.statistics))
    for pair in at_once.pairs[:10]:
        assert again.explain(BY_ID[pair.a_id], BY_ID[pair.b_id]) == pair.explanation
        assert at_once.explain(pair.a_id, pair.b_id) == pair.explanation


def test_a_certificate_can_be_kept_as_json(at_once):
    stored = at_once.certificate.to_dict()
    assert stored == {**asdict(at_once.certificate), "gap": at_once.certificate.gap}
    assert stored["is_proven"]
    assert stored["gap"] < 1e-6
    assert np.isfinite(list(stored.values())).all()
