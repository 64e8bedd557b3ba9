"""What every position of the dial would give: the round's own choice among them, and nothing but JSON."""

import json
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from matcher.datasets import make_profiles
from matcher.market import Decisions
from matcher.pair_caps import PairCap
from matcher.partner_matcher import PartnerMatcher
from matcher.profile import Region
from matcher.scorer import CompatibilityScorer
from matcher.text import TextEncoder
from webapp.rounds import frontiers

PROFILES = tuple(replace(profile, id=str(n)) for n, profile in enumerate(make_profiles(44, seed=5), start=1))
VECTORS: dict[str, Any] = {}


def matcher(balance: float = 0.5) -> PartnerMatcher:
    """A matcher that reads each text once for all tests."""
    return PartnerMatcher(balance, scorer=CompatibilityScorer(encoder=TextEncoder(cache=VECTORS)))


@pytest.fixture(scope="module")
def traced() -> dict:
    return frontiers.trace(matcher(0.5), PROFILES, None)


def test_there_are_21_positions_and_along_them_fit_and_imbalance_never_rise(traced: dict) -> None:
    assert traced["positions"] == pytest.approx([n * 0.05 for n in range(21)])
    assert [point["balance"] for point in traced["points"]] == traced["positions"]
    assert (traced["gap"], traced["present"]) == (0.0, 0.5)
    for before, after in pairwise(traced["points"]):
        assert after["quality"] <= before["quality"] + 1e-6
        assert after["imbalance"] <= before["imbalance"] + 1e-6
    assert traced["points"][0]["price"] == 0.0


def test_the_present_point_is_what_the_round_itself_chooses(traced: dict) -> None:
    proposals = matcher(0.5).propose(PROFILES)
    point = traced["points"][10]
    assert sorted(point["pairs"]) == sorted([int(pair.a_id), int(pair.b_id)] for pair in proposals.pairs)
    report = proposals.report
    assert (traced["n_a"], traced["n_b"]) == (report.n_a, report.n_b)
    assert (point["coverage_a"], point["coverage_b"]) == (report.coverage_a, report.coverage_b)
    assert point["quality"] == pytest.approx(report.quality, abs=1e-5)
    assert point["price"] == pytest.approx(report.price, abs=1e-5)
    assert point["gini"] == {f"{one.side}-{one.level}": pytest.approx(one.gini, abs=1e-5) for one in report.levels}


def test_groups_count_the_partnerships_of_their_courses(traced: dict) -> None:
    by_id = {int(profile.id): profile for profile in PROFILES}
    point = traced["points"][4]
    for group, given in zip(traced["groups"], point["given"], strict=True):
        side = "ab".index(group["side"])
        courses = [by_id[pair[side]] for pair in point["pairs"]]
        if group["level"] == "institution":
            for (name, country), n in zip(group["names"], given, strict=True):
                assert n == sum((one.institution, one.country) == (name, country) for one in courses)
        else:
            assert {code for _, code in group["names"]} >= {one.country for one in courses}
        assert sum(given) == point["n_pairs"]
        assert sum(group["shares"]) == pytest.approx(
            min(sum(p.capacity for p in PROFILES if p.region is region) for region in Region), abs=1e-3
        )


def test_the_order_of_the_courses_and_json_change_nothing(traced: dict) -> None:
    again = frontiers.trace(matcher(0.5), PROFILES[::-1], Decisions())
    assert again == traced
    assert json.loads(json.dumps(traced)) == traced


def test_a_present_position_between_the_steps_has_its_own_point() -> None:
    traced = frontiers.trace(matcher(0.37), PROFILES[:12], None)
    assert len(traced["positions"]) == 21
    assert 0.37 in [point["balance"] for point in traced["points"]]
    assert 0.37 not in traced["positions"]


def test_a_large_market_has_fewer_positions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frontiers, "MOST_CANDIDATES", 10)
    assert frontiers.trace(matcher(), PROFILES, None)["positions"] == [0.0, 0.25, 0.5, 0.75, 1.0]


def test_locked_and_forbidden_pairs_hold_at_every_position(traced: dict) -> None:
    locked = tuple(map(str, traced["points"][10]["pairs"][0]))
    forbidden = tuple(map(str, traced["points"][10]["pairs"][1]))
    decided = Decisions(frozenset({locked}), frozenset({forbidden}))
    for point in frontiers.trace(matcher(), PROFILES, decided)["points"]:
        assert [int(each) for each in locked] in point["pairs"]
        assert [int(each) for each in forbidden] not in point["pairs"]


def test_nobody_gives_points_without_pairs() -> None:
    traced = frontiers.trace(matcher(), [], None)
    assert [(point["n_pairs"], point["quality"]) for point in traced["points"]] == [(0, 0.0)] * 21


def test_a_cap_that_the_round_keeps_holds_at_its_own_position(traced: dict) -> None:
    a, b = (frozenset(str(pair[side]) for pair in traced["points"][10]["pairs"]) for side in (0, 1))
    most = traced["points"][10]["n_pairs"] - 2
    decided = Decisions(caps=(PairCap(a, b, most),))
    capped = frontiers.trace(matcher(), PROFILES, decided)["points"][10]
    chosen = [(int(pair.a_id), int(pair.b_id)) for pair in matcher().propose(PROFILES, decided).pairs]
    assert sorted(map(tuple, capped["pairs"])) == sorted(chosen)
    assert sum(str(one) in a and str(other) in b for one, other in capped["pairs"]) == most


def test_chosen_pairs_reach_their_prices_and_no_other_pair_is_above_its_own(traced: dict) -> None:
    prices, chosen = traced["prices"], traced["points"][10]["pairs"]
    assert set(prices) == {profile.id for profile in PROFILES if profile.region is not None}
    its = matcher()
    market = its.market(PROFILES)
    graph = market.candidates()
    for row, column, score in zip(graph.rows.tolist(), graph.columns.tolist(), graph.scores.tolist(), strict=True):
        a, b = market.left[row].id, market.right[column].id
        if prices[a] is None or prices[b] is None:
            continue
        if [int(a), int(b)] in chosen:
            assert score >= prices[a] + prices[b] - 1e-4
        else:
            assert score <= prices[a] + prices[b] + 1e-4
