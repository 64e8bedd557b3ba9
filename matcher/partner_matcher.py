"""PartnerMatcher: hard rules, scores, the balanced assignment, alternates and honest reasons for who is left
out."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from matcher.assignment import BalancedAssignment
from matcher.explanation import Explanation
from matcher.left_out import LeftOut
from matcher.market import Market
from matcher.profile import CourseProfile, Region
from matcher.proposals import Pairing, Proposals, Ranked
from matcher.reasons import make_reason
from matcher.rules import RuleSettings, check, forbidden_by, permitted
from matcher.scorer import CompatibilityScorer

# Below this a proposal would waste the time of two lecturers and two offices.
MIN_SCORE = 0.35


class PartnerMatcher:
    """Propose, rank and explain partners.

    Parameters
    ----------
    balance : 0..1
        The dial: 0 the greatest total fit, 1 the greatest balance.
    alternates : int >= 0
        Next best partners kept for each course.
    rules : RuleSettings, optional
        By default `RuleSettings()`.
    scorer : CompatibilityScorer, optional
        By default `CompatibilityScorer()`. Its statistics are fitted to the profiles of each call.
    min_score : 0..1
        Pairs that score less are never proposed, nor kept as alternates; `rank` shows them all the same.
    theta : 0..1
        How fair shares follow the places offered, see `matcher.balance.fair_shares`.

    Raises
    ------
    ValueError
        If a number is out of its range.
    """

    def __init__(
        self,
        balance: float = 0.5,
        alternates: int = 3,
        rules: RuleSettings | None = None,
        scorer: CompatibilityScorer | None = None,
        min_score: float = MIN_SCORE,
        theta: float = 1.0,
    ) -> None:
        if alternates < 0:
            raise ValueError(f"alternates is 0 or more, not {alternates}")
        if not 0.0 <= min_score <= 1.0:
            raise ValueError(f"min_score is a number from 0 to 1, not {min_score}")
        BalancedAssignment(balance, theta)  # checks the two numbers
        self.balance = balance
        self.alternates = alternates
        self.rules = rules or RuleSettings()
        self.scorer = scorer or CompatibilityScorer()
        self.min_score = min_score
        self.theta = theta

    def propose(self, profiles: Sequence[CourseProfile]) -> Proposals:
        """Propose partnerships between the two regions; the order of the profiles makes no difference.

        Raises
        ------
        ValueError
            If ids repeat, or the rules do not ask for opposite regions: the two sides of a round are the two
            regions.
        """
        if not self.rules.opposite_regions:
            raise ValueError("a round pairs Asia with Europe; with any_region only rank and explain work")
        ordered = _by_id(profiles)
        market = self._market(ordered)
        pairs = market.choose(self.balance, self.theta)
        at_zero = pairs if self.balance == 0.0 else market.choose(0.0, self.theta)
        outside = [LeftOut(p.id, make_reason("no_region", country=p.country)) for p in ordered if p.region is None]
        left_out = [*outside, *market.left_out(pairs, self.rules.min_shared_weeks)]
        chosen = [(market.left[row], market.right[column]) for row, column in pairs.tolist()]
        return Proposals(
            pairs=tuple(Pairing(a.id, b.id, self.scorer.explain(a, b)) for a, b in chosen),
            alternates=market.alternates(pairs, self.alternates),
            left_out=tuple(sorted(left_out, key=lambda one: one.profile_id)),
            report=market.report(pairs, at_zero, self.balance, self.theta),
        )

    def rank(self, profiles: Sequence[CourseProfile], profile_id: str, top: int | None = 10) -> tuple[Ranked, ...]:
        """The best permitted partners of one course, best first, ties by id; all of them with ``top`` None.

        Raises
        ------
        KeyError
            If there is no such id.
        ValueError
            If ids repeat.
        """
        ordered = _by_id(profiles)
        own = _find(ordered, profile_id)
        self.scorer.fit(ordered)
        others = [p for p in ordered if p.id != profile_id]
        others = [p for p, ok in zip(others, permitted([own], others, self.rules)[0].tolist(), strict=True) if ok]
        if not others:
            return ()
        # Scored the way round in which pairs are explained, so that both give the same number to the last
        # bit.
        score = self.scorer.score([own], others).score[0]
        best = sorted(range(len(others)), key=lambda i: (-score[i], others[i].id))[:top]
        return tuple(Ranked(others[i].id, self._explained(own, others[i])) for i in best)

    def explain(self, profiles: Sequence[CourseProfile], a_id: str, b_id: str) -> Explanation:
        """What speaks for and against one pair; a pair that a rule forbids is explained too, the rules first.

        Raises
        ------
        KeyError
            If there is no such id.
        ValueError
            If ids repeat.
        """
        ordered = _by_id(profiles)
        a, b = _find(ordered, a_id), _find(ordered, b_id)
        self.scorer.fit(ordered)
        return self._explained(a, b)

    def _explained(self, one: CourseProfile, other: CourseProfile) -> Explanation:
        a, b = _sides(one, other)
        return self.scorer.explain(a, b).with_rules(check(a, b, self.rules))

    def _market(self, ordered: Sequence[CourseProfile]) -> Market:
        left = tuple(p for p in ordered if p.region is Region.ASIA)
        right = tuple(p for p in ordered if p.region is Region.EUROPE)
        forbidden = forbidden_by(left, right, self.rules)
        score = confidence = np.zeros((len(left), len(right)))
        if left and right:
            table = self.scorer.fit(ordered).score(left, right)
            score, confidence = table.score, table.confidence
        allowed = ~np.any(list(forbidden.values()), axis=0)
        possible = allowed & (score >= self.min_score)
        return Market(left, right, forbidden, score, confidence, possible, self.min_score)


def _by_id(profiles: Sequence[CourseProfile]) -> tuple[CourseProfile, ...]:
    ordered = tuple(sorted(profiles, key=lambda p: p.id))
    repeated = {p.id for p, following in pairwise(ordered) if p.id == following.id}
    if repeated:
        raise ValueError(f"ids repeat: {', '.join(sorted(repeated))}")
    return ordered


def _find(profiles: Sequence[CourseProfile], profile_id: str) -> CourseProfile:
    for profile in profiles:
        if profile.id == profile_id:
            return profile
    raise KeyError(profile_id)


def _sides(one: CourseProfile, other: CourseProfile) -> tuple[CourseProfile, CourseProfile]:
    """The Asian course first; of two courses not in opposite regions, the one with the smaller id."""
    regions = (one.region, other.region)
    if set(regions) == {Region.ASIA, Region.EUROPE}:
        return (one, other) if regions[0] is Region.ASIA else (other, one)
    return (one, other) if one.id < other.id else (other, one)
