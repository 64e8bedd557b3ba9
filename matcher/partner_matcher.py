"""PartnerMatcher: hard rules, scores, the balanced assignment, alternates and honest reasons for who is left
out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

from matcher.assignment import BalancedAssignment
from matcher.explanation import Explanation
from matcher.frontier import Frontier, dial_positions
from matcher.lead_follow import split_leads
from matcher.left_out import LeftOut
from matcher.market import Decisions, Market, Say, groups
from matcher.optimality import Certificate, Solved, solve_over_all
from matcher.pair_caps import solve_within
from matcher.pairs import Pairs
from matcher.profile import CourseProfile, Region
from matcher.proposals import Pairing, Proposals, Ranked
from matcher.reasons import Reason, make_reason
from matcher.round_report import LEVEL_NAMES, report_round
from matcher.rules import RuleSettings, check, permitted, prepare_rules
from matcher.scorer import CompatibilityScorer
from matcher.why_not import WhyNot

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
    max_gap : float >= 0
        How far a round may stay below the best over all permitted pairs, as a share of it; 0 proves the best.
        Small markets are solved over all pairs at once and are always proven.
    say : callable, optional
        Told what is being done ("reading", "comparing", "proving", "explaining"), and how many of how many
        steps of it are done.

    Attributes
    ----------
    certificate_ : Certificate
        How near the last `propose` came to the best over all permitted pairs.

    Raises
    ------
    ValueError
        If a number is out of its range.
    """

    certificate_: Certificate

    def __init__(
        self,
        balance: float = 0.5,
        alternates: int = 3,
        rules: RuleSettings | None = None,
        scorer: CompatibilityScorer | None = None,
        min_score: float = MIN_SCORE,
        theta: float = 1.0,
        max_gap: float = 0.0,
        say: Say | None = None,
    ) -> None:
        if alternates < 0:
            raise ValueError(f"alternates is 0 or more, not {alternates}")
        if not 0.0 <= min_score <= 1.0:
            raise ValueError(f"min_score is a number from 0 to 1, not {min_score}")
        if max_gap < 0.0:
            raise ValueError(f"max_gap is 0 or more, not {max_gap}")
        BalancedAssignment(balance, theta)  # checks the two numbers
        self.balance = balance
        self.alternates = alternates
        self.rules = rules or RuleSettings()
        self.scorer = scorer or CompatibilityScorer()
        self.min_score = min_score
        self.theta = theta
        self.max_gap = max_gap
        self._say: Say = say or (lambda *_: None)

    def propose(self, profiles: Sequence[CourseProfile], decisions: Decisions | None = None) -> Proposals:
        """Propose partnerships between the two regions; the order of the profiles makes no difference.

        Parameters
        ----------
        decisions : Decisions, optional
            Pairs a coordinator locked or forbids, limits of institutions, and caps.

        Raises
        ------
        ValueError
            If ids repeat, or the rules do not ask for opposite regions: the two sides of a round are the two
            regions; see also `Market`.
        """
        ordered = _by_id(profiles)
        caps = decisions.caps if decisions else ()
        (chosen, at_zero), graph, market = solve_within(
            self.market(ordered, decisions), caps, (self.balance, 0.0), self.max_gap
        )
        self.certificate_ = chosen.certificate
        pairs = chosen.assignment.pairs_
        outside = [LeftOut(p.id, make_reason("no_region", country=p.country)) for p in ordered if p.region is None]
        left_out = [*outside, *market.left_out(pairs, self.rules.min_shared_weeks)]
        return Proposals(
            pairs=self._pairings(market, chosen),
            alternates=market.alternates(graph, pairs, self.alternates),
            left_out=tuple(sorted(left_out, key=lambda one: one.profile_id)),
            report=report_round(market, chosen.assignment, at_zero.assignment),
            certificate=chosen.certificate,
            explain=_explainer(market),
            statistics=self.scorer.encoder.statistics_,
        )

    def frontier(
        self, profiles: Sequence[CourseProfile], positions: int = 11, decisions: Decisions | None = None
    ) -> Frontier:
        """What each position of the dial would give, evenly spaced from 0 to 1, over all permitted pairs.

        Parameters
        ----------
        positions : int >= 2

        Raises
        ------
        ValueError
            See `propose`.
        """
        market = self.market(profiles, decisions)
        dial = dial_positions(positions)
        solved, graph = solve_over_all(market, market.candidates(), dial, self.max_gap)
        self.certificate_ = max((one.certificate for one in solved), key=lambda one: one.gap)
        return market.fit(graph, self.balance).frontier(dial, LEVEL_NAMES)

    def why_not(
        self, profiles: Sequence[CourseProfile], a_id: str, b_id: str, decisions: Decisions | None = None
    ) -> tuple[tuple[Reason, ...], WhyNot]:
        """What stands between a pair and being proposed: the rules that forbid it, and the numbers.

        Parameters
        ----------
        a_id, b_id : str
            The Asian and the European course.

        Returns
        -------
        tuple of Reason
            Empty when no rule forbids the pair; what forcing it would cost is told all the same.
        WhyNot
            Prices to beat, what forcing the pair would cost, and whom.

        Raises
        ------
        KeyError
            If there is no such course in its region.
        ValueError
            See `propose`.
        """
        market = self.market(profiles, decisions)
        row, column = _place(market.left, a_id), _place(market.right, b_id)
        (solved,), _, _ = solve_within(market, decisions.caps if decisions else (), (self.balance,), self.max_gap)
        score = market.scorer.explain(row, column).score
        return check(market.left[row], market.right[column], self.rules), solved.assignment.why_not(row, column, score)

    def market(self, profiles: Sequence[CourseProfile], decisions: Decisions | None = None) -> Market:
        """Read the profiles of a round: what `propose` chooses from.

        Raises
        ------
        ValueError
            See `propose`.
        """
        if not self.rules.opposite_regions:
            raise ValueError("a round pairs Asia with Europe; with any_region only rank and explain work")
        ordered = _by_id(profiles)
        left = tuple(p for p in ordered if p.region is Region.ASIA)
        right = tuple(p for p in ordered if p.region is Region.EUROPE)
        self._say("reading", 0, 1)
        pairs = self.scorer.fit(ordered).pairs(left, right)
        rules = prepare_rules(left, right, self.rules)
        self._say("reading", 1, 1)
        return Market(pairs, rules, self.min_score, self.theta, decisions or Decisions(), self._say)

    def _pairings(self, market: Market, solved: Solved) -> tuple[Pairing, ...]:
        pairs = solved.assignment.pairs_
        ids = [[p.id for p in side] for side in (market.left, market.right)]
        leads = split_leads(pairs, groups(market.left), groups(market.right), *ids)
        made = []
        for done, ((row, column), left_leads) in enumerate(zip(pairs.tolist(), leads.tolist(), strict=True), start=1):
            a, b = market.left[row], market.right[column]
            made.append(Pairing(a.id, b.id, market.scorer.explain(row, column), a.id if left_leads else b.id))
            self._say("explaining", done, len(pairs))
        return tuple(made)

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
        # Each pair the way round in which it is explained, so that both give the same number to the last bit.
        sides = [_sides(own, other) for other in others]
        encoded = self.scorer.pairs([a for a, _ in sides], [b for _, b in sides])
        every = np.arange(len(others))
        score = encoded.score(Pairs.listed(every, every)).score
        best = sorted(range(len(others)), key=lambda i: (-score[i], others[i].id))[:top]
        return tuple(Ranked(others[i].id, encoded.explain(i, i)) for i in best)

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


def _explainer(market: Market) -> Callable[[str, str], Explanation]:
    rows = {profile.id: at for at, profile in enumerate(market.left)}
    columns = {profile.id: at for at, profile in enumerate(market.right)}

    def explain(a_id: str, b_id: str) -> Explanation:
        """Explain a pair of the round, the Asian course first; KeyError for an id that is not there."""
        return market.scorer.explain(rows[a_id], columns[b_id])

    return explain


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


def _place(profiles: Sequence[CourseProfile], profile_id: str) -> int:
    return profiles.index(_find(profiles, profile_id))


def _sides(one: CourseProfile, other: CourseProfile) -> tuple[CourseProfile, CourseProfile]:
    """The Asian course first; of two courses not in opposite regions, the one with the smaller id."""
    regions = (one.region, other.region)
    if set(regions) == {Region.ASIA, Region.EUROPE}:
        return (one, other) if regions[0] is Region.ASIA else (other, one)
    return (one, other) if one.id < other.id else (other, one)
