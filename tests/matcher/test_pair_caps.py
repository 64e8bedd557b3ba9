"""Caps on pairs between two groups of courses: never broken, locked pairs first, the rest as good as can be."""

import random
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher import market as market_module
from matcher.datasets import make_profiles
from matcher.embedders import HashedNgrams
from matcher.limits import Limits
from matcher.market import Decisions
from matcher.pair_caps import PairCap
from matcher.partner_matcher import PartnerMatcher
from matcher.profile import CourseProfile, Region
from matcher.reasons import english
from matcher.rules import permitted
from matcher.scorer import CompatibilityScorer
from matcher.text import TextEncoder

PROFILES = make_profiles(36)
ASIA = [one for one in PROFILES if one.region is Region.ASIA]
EUROPE = [one for one in PROFILES if one.region is Region.EUROPE]
ASIAN, EUROPEAN = [one.id for one in ASIA], [one.id for one in EUROPE]
PERMITTED = [(ASIAN[row], EUROPEAN[column]) for row, column in np.argwhere(permitted(ASIA, EUROPE)).tolist()]

caps = st.lists(
    st.builds(
        PairCap,
        st.frozensets(st.sampled_from(ASIAN), min_size=1),
        st.frozensets(st.sampled_from(EUROPEAN), min_size=1),
        st.integers(0, 3),
    ),
    min_size=1,
    max_size=4,
)


def matcher(**options):
    return PartnerMatcher(scorer=CompatibilityScorer(encoder=TextEncoder(HashedNgrams())), min_score=0.2, **options)


def pairs_of(proposals):
    return {(pair.a_id, pair.b_id) for pair in proposals.pairs}


def n_inside(cap, pairs):
    return sum(a in cap.left and b in cap.right for a, b in pairs)


@pytest.fixture(scope="module")
def free():
    """The round without caps."""
    return matcher().propose(PROFILES)


@settings(max_examples=15, deadline=None)
@given(caps)
def test_no_cap_is_ever_broken(chosen):
    made = pairs_of(matcher().propose(PROFILES, Decisions(caps=tuple(chosen))))
    assert all(n_inside(cap, made) <= cap.most for cap in chosen)


@settings(max_examples=8, deadline=None)
@given(caps, st.randoms(use_true_random=False))
def test_the_order_of_courses_and_caps_plays_no_part(chosen, chance):
    shuffled = chance.sample(PROFILES, len(PROFILES))
    again = matcher().propose(shuffled, Decisions(caps=tuple(reversed(chosen))))
    assert again == matcher().propose(PROFILES, Decisions(caps=tuple(chosen)))


@settings(max_examples=8, deadline=None)
@given(caps, st.sampled_from(PERMITTED))
def test_a_locked_pair_stays_where_every_cap_leaves_room_for_one(chosen, locked):
    roomy = tuple(cap for cap in chosen if cap.most >= 1)
    made = pairs_of(matcher().propose(PROFILES, Decisions(locked=frozenset({locked}), caps=roomy)))
    assert locked in made
    assert all(n_inside(cap, made) <= cap.most for cap in roomy)


def test_without_a_cap_and_with_one_nobody_comes_near_the_round_is_the_same(free):
    assert matcher().propose(PROFILES, Decisions()) == free
    wide = PairCap(frozenset(ASIAN), frozenset(EUROPEAN), len(free.pairs))
    assert matcher().propose(PROFILES, Decisions(caps=(wide,))) == free


def test_the_best_pairs_of_a_full_cap_are_kept(free):
    pair = max(free.pairs, key=lambda one: (one.explanation.score, one.a_id))
    everything = PairCap(frozenset(ASIAN), frozenset(EUROPEAN), 1)
    assert pairs_of(matcher().propose(PROFILES, Decisions(caps=(everything,)))) == {(pair.a_id, pair.b_id)}


def test_of_more_locked_pairs_than_a_cap_allows_only_so_many_are_made():
    locked = next(
        frozenset((one, other))
        for one, other in combinations(PERMITTED, 2)
        if one[0] != other[0] and one[1] != other[1]
    )
    for most in (0, 1):
        cap = PairCap(frozenset(a for a, _ in locked), frozenset(b for _, b in locked), most)
        made = pairs_of(matcher().propose(PROFILES, Decisions(locked=locked, caps=(cap,))))
        assert len(locked & made) == most


def test_caps_hold_in_a_searched_round_too(free, monkeypatch):
    monkeypatch.setattr(market_module, "ALL_PAIRS", 0)
    monkeypatch.setattr(market_module, "PER_COURSE", 3)
    cap = PairCap(frozenset(ASIAN), frozenset(EUROPEAN), 3)
    found = matcher().propose(PROFILES, Decisions(caps=(cap,)))
    assert len(found.pairs) == 3
    assert found.certificate.is_proven


def test_partners_a_full_cap_took_out_stay_alternates(free):
    cap = PairCap(frozenset(ASIAN), frozenset(EUROPEAN), 1)
    found = matcher().propose(PROFILES, Decisions(caps=(cap,)))
    first = {(one.profile_id, one.partner_id) for one in found.alternates if one.rank == 1}
    assert {one for one, _ in first} >= {pair.a_id for pair in free.pairs}


def _course(profile_id, country, **fields):
    base = {"institution": f"University {profile_id}", "title": "Marketing", "discipline": "Marketing"}
    return CourseProfile.from_dict({"id": profile_id, "country": country, **base, **fields})


def test_a_course_whose_partners_fell_to_a_cap_hears_so():
    cap = PairCap(frozenset({"a"}), frozenset({"b"}), 0)
    found = matcher().propose([_course("a", "JP"), _course("b", "FR")], Decisions(caps=(cap,)))
    assert {one.reason.code for one in found.left_out} == {"left_out_house_cap"}
    assert "Possible partners: 1" in english(found.left_out[0].reason)


def test_an_institution_is_given_no_more_than_its_limit_and_its_minimum_comes_first():
    profiles = [_course("a1", "JP", institution="A"), _course("a2", "JP", institution="A"), _course("a3", "KR")]
    profiles += [_course("b1", "FR"), _course("b2", "FR"), _course("b3", "PL")]
    at_most = matcher().propose(profiles, Decisions(limits={"a2": Limits(cap=1)}))
    assert sum(a in ("a1", "a2") for a, _ in pairs_of(at_most)) == 1
    few = [*profiles[:3], profiles[3]]
    at_least = matcher().propose(few, Decisions(limits={"a3": Limits(minimum=1)}))
    assert pairs_of(at_least) == {("a3", "b1")}


def test_a_cap_below_nothing_is_refused():
    with pytest.raises(ValueError, match="a cap is 0 or more"):
        PairCap(frozenset(), frozenset(), -1)


def test_shuffled_courses_give_the_same_round_within_limits():
    limits = {ASIAN[0]: Limits(cap=0), EUROPEAN[0]: Limits(minimum=1)}
    shuffled = random.Random(5).sample(PROFILES, len(PROFILES))
    assert matcher().propose(shuffled, Decisions(limits=limits)) == matcher().propose(
        PROFILES, Decisions(limits=limits)
    )
