"""What every position of the dial would give for a round's courses, worked out once and kept with the round."""

from collections.abc import Sequence
from math import isfinite
from typing import Any

from matcher.assignment import BalancedAssignment
from matcher.frontier import FrontierPoint, Groups
from matcher.market import Decisions, Market, groups
from matcher.pair_caps import solve_within
from matcher.partner_matcher import PartnerMatcher
from matcher.profile import CourseProfile
from matcher.round_report import LEVEL_NAMES

N_POSITIONS = 21
"""Positions of the dial, evenly spaced from 0 to 1."""
N_POSITIONS_LARGE = 5
"""The same for a large market, where each of them takes long."""
MOST_CANDIDATES = 250_000
"""Pairs to choose from above which a market is large."""

_SIDES = {"left": "a", "right": "b"}
_DECIMALS = 6


def trace(matcher: PartnerMatcher, profiles: Sequence[CourseProfile], decisions: Decisions | None) -> dict[str, Any]:
    """Solve a round at every position of the dial, and at its own; the same answer in any order of the profiles.

    Parameters
    ----------
    matcher
        With the rules and the dial of the round.
    profiles
        Its courses; ids are ids of rows as text.
    decisions
        Pairs that coordinators locked or forbid, if any.

    Returns
    -------
    dict
        JSON values, read by `webapp.rounds.dial`: ``positions`` of the dial, the ``present`` one, ``points`` by
        rising position (the present one too, wherever it stands) and ``groups``, the institutions and countries
        (name and country; a country has no name) whose partnerships each point counts under ``given``, in the same
        order. ``gap`` is the largest share of
        the best that a point may be away from it, 0 for proven points; ``prices`` are those of the courses at the
        present position, see `matcher.assignment.BalancedAssignment.prices`.
    """
    market = matcher.market(profiles, decisions)
    n = N_POSITIONS if len(market.candidates()) <= MOST_CANDIDATES else N_POSITIONS_LARGE
    positions = [at / (n - 1) for at in range(n)]
    dial = sorted({*positions, matcher.balance})
    # As in the round itself, caps are kept for its own position, and the others choose among the pairs left then.
    solved, _, _ = solve_within(market, decisions.caps if decisions else (), [matcher.balance, *dial], matcher.max_gap)
    # Pairs are added until every position is proven, so the largest set of them serves all.
    largest = max(solved, key=lambda one: one.certificate.n_candidates)
    frontier = largest.assignment.frontier(dial, LEVEL_NAMES)
    gaps = [0.0 if one.certificate.is_proven else one.certificate.gap for one in solved]
    return {
        "positions": positions,
        "present": matcher.balance,
        "n_a": market.shape[0],
        "n_b": market.shape[1],
        "n_candidates": largest.certificate.n_candidates,
        "gap": max(gaps, default=0.0),
        "groups": [_group(one, market) for one in frontier.groups],
        "points": [_point(one, market) for one in frontier.points],
        "prices": _prices(solved[0].assignment, market),
    }


def _prices(present: BalancedAssignment, market: Market) -> dict[str, float | None]:
    """Give the price of each course at the round's own position, by its id; None where no partner can be taken."""
    ids = [profile.id for side in (market.left, market.right) for profile in side]
    prices = [price for side in present.prices() for price in side.tolist()]
    return {own: round(price, _DECIMALS) if isfinite(price) else None for own, price in zip(ids, prices, strict=True)}


def _group(one: Groups, market: Market) -> dict[str, Any]:
    names = {label: ["", label] for label in one.labels}
    if one.level == "institution":
        side = market.left if one.side == "left" else market.right
        names = {
            label: [profile.institution, profile.country] for label, profile in zip(groups(side)[0], side, strict=True)
        }
    return {
        "side": _SIDES[one.side],
        "level": one.level,
        "names": [names[label] for label in one.labels],
        "offered": list(one.offered),
        "shares": [round(share, _DECIMALS) for share in one.shares],
    }


def _point(one: FrontierPoint, market: Market) -> dict[str, Any]:
    return {
        "balance": one.balance,
        "quality": round(one.quality, _DECIMALS),
        "price": round(one.price, _DECIMALS),
        "imbalance": round(one.imbalance, _DECIMALS),
        "n_pairs": one.n_pairs,
        "coverage_a": one.coverage_left,
        "coverage_b": one.coverage_right,
        "gini": {f"{_SIDES[level.side]}-{level.level}": round(level.gini, _DECIMALS) for level in one.levels},
        "served": {f"{_SIDES[level.side]}-{level.level}": [level.n_served, level.n_groups] for level in one.levels},
        "given": [list(counts) for counts in one.given],
        "pairs": [[int(market.left[row].id), int(market.right[column].id)] for row, column in one.pairs],
    }
