"""A round end to end on real demonstration courses, and who is left out for which reason."""

import random
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from matcher.datasets import make_profiles
from matcher.partner_matcher import PartnerMatcher
from matcher.profile import CourseProfile, Region, Wishes, read_profiles
from matcher.reasons import english
from matcher.rules import RuleSettings, check

DEMO = read_profiles(Path(__file__).parents[2] / "webapp" / "demo" / "profiles.jsonl")
BY_ID = {profile.id: profile for profile in DEMO}


@pytest.fixture(scope="module")
def round_of_demo():
    return PartnerMatcher(balance=0.5).propose(DEMO)


def course(profile_id, country, **fields):
    base = {"institution": f"University {profile_id}", "title": "Marketing", "discipline": "Marketing"}
    return CourseProfile.from_dict({"id": profile_id, "country": country, **base, **fields})


def code_of(proposals, profile_id):
    return next(one.reason for one in proposals.left_out if one.profile_id == profile_id)


def test_no_pair_breaks_a_rule_and_the_asian_course_comes_first(round_of_demo):
    assert round_of_demo.pairs
    for pair in round_of_demo.pairs:
        a, b = BY_ID[pair.a_id], BY_ID[pair.b_id]
        assert check(a, b) == ()
        assert (a.region, b.region) == (Region.ASIA, Region.EUROPE)


def test_each_course_is_paired_within_its_capacity_or_left_out_with_a_reason(round_of_demo):
    n_partners = Counter(end for pair in round_of_demo.pairs for end in (pair.a_id, pair.b_id))
    assert all(n <= BY_ID[profile_id].capacity for profile_id, n in n_partners.items())
    left_out = [one.profile_id for one in round_of_demo.left_out]
    assert left_out == sorted(left_out)
    assert set(left_out) == BY_ID.keys() - n_partners.keys()
    assert all(english(one.reason) for one in round_of_demo.left_out)


def test_the_order_of_the_profiles_changes_nothing(round_of_demo):
    shuffled = random.Random(7).sample(DEMO, len(DEMO))
    assert PartnerMatcher(balance=0.5).propose(shuffled) == round_of_demo


def test_alternates_are_permitted_not_yet_paired_and_ranked_by_score(round_of_demo):
    paired = {frozenset((pair.a_id, pair.b_id)) for pair in round_of_demo.pairs}
    of_one = {}
    for alternate in round_of_demo.alternates:
        one, other = BY_ID[alternate.profile_id], BY_ID[alternate.partner_id]
        assert check(one, other) == ()
        assert frozenset((one.id, other.id)) not in paired
        of_one.setdefault(one.id, []).append(alternate)
    for alternates in of_one.values():
        assert [alternate.rank for alternate in alternates] == list(range(1, len(alternates) + 1))
        assert len(alternates) <= 3
        scores = [alternate.score for alternate in alternates]
        assert scores == sorted(scores, reverse=True)


def test_the_report_says_what_balance_costs_and_brings(round_of_demo):
    report = round_of_demo.report
    assert report.quality == pytest.approx(sum(pair.explanation.score for pair in round_of_demo.pairs))
    assert 0 < report.price == pytest.approx(1 - report.quality / report.quality_at_zero)
    assert report.imbalance < report.imbalance_at_zero
    assert report.coverage_b > report.coverage_b_at_zero
    assert [(level.side, level.level) for level in report.levels] == [
        (side, level) for side in "ab" for level in ("course", "institution", "country")
    ]


def test_with_the_dial_at_zero_balance_costs_nothing():
    report = PartnerMatcher(balance=0.0).propose(make_profiles(30)).report
    assert report.price == 0
    assert report.quality == report.quality_at_zero


def test_a_round_with_nobody_says_so_itself():
    proposals = PartnerMatcher().propose([])
    assert (proposals.pairs, proposals.alternates, proposals.left_out) == ((), (), ())
    assert proposals.report.coverage_a == 0


def test_a_course_alone_hears_that_nobody_is_on_the_other_side():
    assert code_of(PartnerMatcher().propose([course("a", "JP")]), "a").code == "left_out_no_other_side"


def test_a_country_outside_asem_is_named_as_the_reason():
    reason = code_of(PartnerMatcher().propose([course("a", "JP"), course("x", "BR")]), "x")
    assert (reason.code, reason.params) == ("no_region", {"country": "BR"})


def test_the_rule_that_forbids_most_is_named_with_its_number():
    spring = {"starts_on": "2027-02-01", "ends_on": "2027-04-30"}
    autumn = {"starts_on": "2027-09-01", "ends_on": "2027-12-18"}
    european = [course("b1", "FR", **autumn), course("b2", "DE", **autumn), course("b3", "PL", capacity=0)]
    reason = code_of(PartnerMatcher().propose([course("a", "JP", **spring), *european]), "a")
    assert reason.code == "left_out_too_few_shared_weeks"
    assert reason.params == {"n_courses": 3, "n_forbidden": 2, "n_minimum": 4}
    assert "than 4: 2" in english(reason)


def test_every_hard_rule_has_a_sentence_for_who_is_left_out():
    nobody = replace(course("a", "JP"), wishes=Wishes(must_have_topic="beekeeping"))
    wordy = course("b", "FR", description="A long course about brands and prices " * 5)
    cases = {
        "left_out_already_tried": (course("a", "JP"), course("b", "FR"), frozenset({frozenset("ab")})),
        "left_out_must_have_topic_missing": (nobody, wordy, frozenset()),
        "left_out_no_common_language": (
            course("a", "JP", exchange_languages={"ja": "C1"}),
            course("b", "FR", exchange_languages={"fr": "C1"}),
            frozenset(),
        ),
        "left_out_language_levels_apart": (
            course("a", "JP", exchange_languages={"en": "A1"}),
            course("b", "FR", exchange_languages={"en": "C2"}),
            frozenset(),
        ),
        "left_out_no_common_tool": (
            course("a", "CN", tools=["wechat"], blocked_tools=["zoom"]),
            course("b", "FR", tools=["zoom"], blocked_tools=["wechat"]),
            frozenset(),
        ),
        "left_out_same_institution": (
            course("a", "JP", institution="Campus of Two Worlds"),
            course("b", "FR", institution="campus of two worlds"),
            frozenset(),
        ),
        "left_out_no_capacity": (course("a", "JP"), course("b", "FR", capacity=0), frozenset()),
    }
    for code, (a, b, tried) in cases.items():
        reason = code_of(PartnerMatcher(rules=RuleSettings(tried=tried)).propose([a, b]), "a")
        assert reason.code == code
        assert english(reason)


def test_a_course_without_places_hears_that_it_offers_none():
    proposals = PartnerMatcher().propose([course("a", "JP", capacity=0), course("b", "FR")])
    assert code_of(proposals, "a").code == "left_out_own_capacity"
    assert code_of(proposals, "b").code == "left_out_no_capacity"


def test_pairs_below_the_floor_are_not_proposed_and_the_best_score_is_told():
    proposals = PartnerMatcher(min_score=1.0).propose([course("a", "JP"), course("b", "FR")])
    reason = code_of(proposals, "a")
    assert (proposals.pairs, proposals.alternates) == ((), ())
    assert reason.code == "left_out_low_scores"
    assert reason.params["score_best"] < reason.params["score_minimum"] == 100


def test_who_finds_every_place_taken_is_told_so():
    proposals = PartnerMatcher().propose([course("a1", "JP"), course("a2", "KR"), course("b", "FR")])
    (left,) = proposals.left_out
    assert (left.reason.code, left.reason.params) == ("left_out_places_taken", {"n_partners": 1})


def test_rank_gives_permitted_partners_best_first_with_the_score_of_the_round(round_of_demo):
    pair = round_of_demo.pairs[0]
    ranked = PartnerMatcher().rank(DEMO, pair.a_id, top=None)
    scores = [one.explanation.score for one in ranked]
    assert scores == sorted(scores, reverse=True)
    assert all(check(BY_ID[pair.a_id], BY_ID[one.partner_id]) == () for one in ranked)
    same = next(one for one in ranked if one.partner_id == pair.b_id)
    assert same.explanation == pair.explanation


def test_a_forbidden_pair_is_explained_with_the_rule_first():
    explanation = PartnerMatcher().explain([course("a", "JP"), course("c", "KR")], "c", "a")
    assert explanation.reasons[0].code == "same_region"
    assert sum(share.share for share in explanation.shares) == pytest.approx(explanation.score)


def test_without_opposite_regions_courses_are_ranked_but_not_paired():
    matcher = PartnerMatcher(rules=RuleSettings(opposite_regions=False))
    profiles = [course("a", "JP"), course("c", "KR"), course("x", "BR")]
    assert {one.partner_id for one in matcher.rank(profiles, "a")} == {"c", "x"}
    with pytest.raises(ValueError, match="Asia with Europe"):
        matcher.propose(profiles)


def test_unknown_and_repeated_ids_and_odd_numbers_are_refused():
    with pytest.raises(KeyError):
        PartnerMatcher().rank([course("a", "JP")], "b")
    with pytest.raises(ValueError, match="ids repeat: a"):
        PartnerMatcher().propose([course("a", "JP"), course("a", "FR")])
    for options in ({"balance": 2}, {"alternates": -1}, {"min_score": 7}, {"theta": -1}):
        with pytest.raises(ValueError, match="not"):
            PartnerMatcher(**options)
