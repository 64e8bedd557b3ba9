"""What holds of every round, whatever its courses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from random import Random

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.embedders import HashedNgrams
from matcher.partner_matcher import PartnerMatcher
from matcher.profile import CourseProfile, Region
from matcher.rules import RuleSettings, check
from matcher.scorer import CompatibilityScorer
from matcher.text import TextEncoder
from matcher.words import same_name_key
from tests.matcher.markets import DIAL, Half, Market, every_outcome
from tests.matcher.real_pairs import real_profiles
from tests.matcher.test_criteria_pairs import rich_profiles


class Fitted(CompatibilityScorer):
    """Keeps the statistics it has, so that hundreds of rounds take seconds."""

    def fit(self, profiles: Sequence[CourseProfile]) -> Fitted:
        return self


SCORER = Fitted(encoder=TextEncoder(HashedNgrams()).fit(real_profiles()))
ASIAN, EUROPEAN = ("JP", "CN", "HK", "IN"), ("FR", "DE", "AT")


@dataclass(frozen=True)
class Round:
    """Courses with ids of their own, and the rules."""

    profiles: tuple[CourseProfile, ...]
    rules: RuleSettings

    def matcher(self, balance: float = 0.5, min_score: float = 0.0) -> PartnerMatcher:
        return PartnerMatcher(balance, rules=self.rules, scorer=SCORER, min_score=min_score)


@st.composite
def rounds(draw: st.DrawFn, most: int = 5, others: Sequence[str] = ("US",)) -> Round:
    countries = [
        *draw(st.lists(st.sampled_from(ASIAN), min_size=1, max_size=most)),
        *draw(st.lists(st.sampled_from(EUROPEAN), min_size=1, max_size=most)),
        *draw(st.lists(st.sampled_from(others), max_size=1) if others else st.just([])),
    ]
    # Ids in another order than the courses.
    ids = draw(st.permutations([f"c{at}" for at in range(len(countries))]))
    made = tuple(
        replace(draw(rich_profiles()), id=its_id, country=country)
        for its_id, country in zip(ids, countries, strict=True)
    )
    pairs_of_ids = st.frozensets(st.sampled_from(ids), min_size=2, max_size=2)
    tried = draw(st.frozensets(pairs_of_ids, max_size=2))
    return Round(made, RuleSettings(min_shared_weeks=draw(st.sampled_from((0, 2, 4))), tried=tried))


@settings(max_examples=20, deadline=None)
@given(rounds(), st.sampled_from(DIAL))
def test_a_rule_is_never_broken_by_pairs_alternates_or_ranks(made: Round, balance: float) -> None:
    by_id = {profile.id: profile for profile in made.profiles}
    matcher = made.matcher(balance)
    proposed = matcher.propose(made.profiles)
    pairs = [(pair.a_id, pair.b_id) for pair in proposed.pairs]
    assert len(set(pairs)) == len(pairs)
    for a_id, b_id in pairs:
        assert check(by_id[a_id], by_id[b_id], made.rules) == ()
        assert (by_id[a_id].region, by_id[b_id].region) == (Region.ASIA, Region.EUROPE)
    partners = Counter(end for pair in pairs for end in pair)
    assert all(n <= by_id[its_id].capacity for its_id, n in partners.items())
    assert {one.profile_id for one in proposed.left_out} == by_id.keys() - partners.keys()
    for one in proposed.alternates:
        assert check(by_id[one.profile_id], by_id[one.partner_id], made.rules) == ()
        assert not {(one.profile_id, one.partner_id), (one.partner_id, one.profile_id)} & set(pairs)
    for own in made.profiles[:2]:
        permitted = {p.id for p in made.profiles if p is not own and check(own, p, made.rules) == ()}
        assert {one.partner_id for one in matcher.rank(made.profiles, own.id, top=None)} == permitted


@settings(max_examples=12, deadline=None)
@given(rounds(), st.sampled_from(DIAL), st.randoms(use_true_random=False))
def test_the_order_of_the_profiles_never_matters(made: Round, balance: float, chance: Random) -> None:
    shuffled = chance.sample(made.profiles, len(made.profiles))
    assert made.matcher(balance).propose(shuffled) == made.matcher(balance).propose(made.profiles)
    own = made.profiles[0].id
    assert made.matcher().rank(shuffled, own) == made.matcher().rank(made.profiles, own)


@settings(max_examples=3, deadline=None)
@given(rounds(), st.randoms(use_true_random=False))
def test_the_order_of_the_profiles_never_matters_to_the_statistics_either(made: Round, chance: Random) -> None:
    def afresh(profiles: Sequence[CourseProfile]) -> tuple[object, bytes]:
        scorer = CompatibilityScorer(encoder=TextEncoder(HashedNgrams()))
        proposed = PartnerMatcher(rules=made.rules, scorer=scorer, min_score=0.0).propose(profiles)
        return proposed, proposed.statistics.to_bytes()

    assert afresh(chance.sample(made.profiles, len(made.profiles))) == afresh(made.profiles)


@settings(max_examples=8, deadline=None)
@given(rounds(most=6))
def test_along_the_dial_quality_and_imbalance_never_rise(made: Round) -> None:
    reports = [made.matcher(balance).propose(made.profiles).report for balance in (0.0, 0.2, 0.5, 0.8, 1.0)]
    for before, after in pairwise(reports):
        assert after.quality <= before.quality + 1e-6
        assert after.imbalance <= before.imbalance + 1e-6
        assert after.price >= before.price - 1e-6
    points = made.matcher().frontier(made.profiles, positions=6).points
    for before, after in pairwise(points):
        assert after.quality <= before.quality + 1e-6
        assert after.imbalance <= before.imbalance + 1e-6
    assert points[0].quality == pytest.approx(reports[0].quality, abs=1e-6)
    assert points[-1].imbalance == pytest.approx(reports[-1].imbalance, abs=1e-4)


def counted_country(profile: CourseProfile) -> str:
    """In ASEM, Hong Kong counts with China."""
    return "CN" if profile.country == "HK" else profile.country


def half(profiles: Sequence[CourseProfile]) -> Half:
    countries = [counted_country(p) for p in profiles]
    institutions = [f"{c} {same_name_key(p.institution)}" for p, c in zip(profiles, countries, strict=True)]
    capacity = np.array([p.capacity for p in profiles])
    return Half(capacity, [institutions, countries], np.zeros(len(profiles), dtype=int), [{}, {}])


@settings(max_examples=25, deadline=None)
@given(rounds(most=3, others=()), st.sampled_from(DIAL), st.sampled_from((0.0, 0.45)))
def test_no_set_of_permitted_pairs_is_better_than_the_round(made: Round, balance: float, min_score: float) -> None:
    left = sorted((p for p in made.profiles if p.region is Region.ASIA), key=lambda p: p.id)
    right = sorted((p for p in made.profiles if p.region is Region.EUROPE), key=lambda p: p.id)
    scores = {
        (row, column): SCORER.explain(a, b).score
        for row, a in enumerate(left)
        for column, b in enumerate(right)
        if check(a, b, made.rules) == ()
    }
    scores = {cell: score for cell, score in scores.items() if score >= min_score}
    found = made.matcher(balance, min_score).propose(made.profiles)
    if not scores:
        assert found.pairs == ()
        return
    rows, columns = np.array(list(scores), dtype=int).T
    W = sp.csr_array((list(scores.values()), (rows, columns)), shape=(len(left), len(right)))
    # Every subset of the permitted pairs that keeps the capacities, by the definition of BalancedAssignment.
    outcomes = every_outcome(Market(W, half(left), half(right)))
    objective = (1 - balance) * found.report.quality - balance * found.report.imbalance
    assert objective == pytest.approx(outcomes.best(balance), abs=1e-6 if balance < 1 else 1e-4)
    assert found.report.quality_at_zero == pytest.approx(outcomes.quality.max(), abs=1e-6)
    # The certificate counts with the dial a few millionths inside its ends.
    assert found.certificate.objective == pytest.approx(objective, abs=1e-4)
    assert found.certificate.is_proven
    quality = sum(scores[[p.id for p in left].index(x.a_id), [p.id for p in right].index(x.b_id)] for x in found.pairs)
    assert found.report.quality == pytest.approx(quality, abs=1e-9)
