"""The smallest change that would bring a left-out course a partner, proven on the round's own market.

A changed course is scored against the whole other side at once. Only a pair whose score is above the two courses'
prices can enter the best choice (`matcher.prices`), which leaves few to look at; for these the market is solved again
with the pair in it, and the change counts when its score reaches what that takes (`matcher.why_not`). Everything else
stays as it is: texts are never changed, so the statistics scores rest on stay the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import numpy as np

from matcher.changes import Change, double_changes, single_changes
from matcher.market import Decisions, Market
from matcher.optimality import Floats
from matcher.pair_caps import solve_within
from matcher.pairs import FloatArray, Pairs
from matcher.partner_matcher import PartnerMatcher
from matcher.profile import CourseProfile
from matcher.rules import prepare_rules
from matcher.scorer import PairScorer
from matcher.why_not import WhyNot

MOST_SOLVED = 300
"""Pairs for which the market is solved again, over all courses; fewer in a large market, see `MOST_ARCS`."""
MOST_ARCS = 50_000_000
"""Candidates gone through by all these solutions together: what bounds their time."""
MOST_SOLVED_EACH = 6
"""The same for one course."""
MOST_PAIRS = 400_000_000
"""Pairs of changed courses and others that are scored in all, courses by id; about a minute on one core."""
_MARGIN = 1e-9
# How far quick scores may be off; what they let through is scored exactly.
_QUICK = 1e-4
# Pairs scored together: reading the other side is what costs, memory is what limits.
_PAIRS_AT_ONCE = 2_000_000


@dataclass(frozen=True)
class Helped:
    """What would bring a course a partner.

    Parameters
    ----------
    change : Change
    partner_id : str
        A course it would be paired with; another one may be chosen once it has changed.
    score : float
        Of that pair, 0..1.
    """

    change: Change
    partner_id: str
    score: float


def smallest_changes(
    matcher: PartnerMatcher,
    profiles: Sequence[CourseProfile],
    left_out: Collection[str],
    decisions: Decisions | None = None,
    earliest: date | None = None,
) -> dict[str, Helped]:
    """Find, for courses a round left out, the change of least trouble with which it would not have.

    Parameters
    ----------
    matcher
        With the rules and the dial of the round.
    profiles
        The courses of the round, in any order.
    left_out
        Ids of courses without a partner; others are passed over.
    decisions
        What coordinators decided, and the limits of institutions.
    earliest
        No course can begin before this day.

    Returns
    -------
    dict from id to Helped
        Courses for which no change of one step or two was found are missing.
    """
    decisions = decisions or Decisions()
    market = matcher.market(profiles, decisions)
    (solved,), _, market = solve_within(market, decisions.caps, (matcher.balance,), matcher.max_gap)
    taken = {market.left[row].id for row in solved.assignment.pairs_[:, 0].tolist()}
    taken |= {market.right[column].id for column in solved.assignment.pairs_[:, 1].tolist()}
    waiting = sorted((set(left_out) - taken) & {one.id for one in (*market.left, *market.right)})
    n_solved = min(MOST_SOLVED, MOST_ARCS // max(solved.certificate.n_candidates, 1))
    look = _Look(matcher, market, solved.assignment.prices(), solved.assignment.why_not, n_solved)
    return look.at(waiting, earliest)


class _WhyNot(Protocol):
    """`BalancedAssignment.why_not`."""

    def __call__(self, row: int, column: int, score: float | None = None) -> WhyNot: ...


class _Look:
    """One solved market, and how many times more it may be solved."""

    def __init__(
        self,
        matcher: PartnerMatcher,
        market: Market,
        prices: tuple[Floats, Floats],
        why_not: _WhyNot,
        n_solved: int,
    ) -> None:
        self._matcher, self._market, self._prices, self._why_not = matcher, market, prices, why_not
        self._rows = {one.id: at for at, one in enumerate(market.left)}
        self._columns = {one.id: at for at, one in enumerate(market.right)}
        self._left_to_solve = n_solved
        self._left_to_score = MOST_PAIRS

    def at(self, course_ids: Sequence[str], earliest: date | None) -> dict[str, Helped]:
        found: dict[str, Helped] = {}
        for places, own, others in (
            (self._rows, self._market.left, self._market.right),
            (self._columns, self._market.right, self._market.left),
        ):
            courses = [own[places[its]] for its in course_ids if its in places and own[places[its]].capacity > 0]
            if not others:
                continue
            singles = {one.id: single_changes(one, others, earliest) for one in courses}
            found |= self._first_of(singles)
            found |= self._first_of({its: double_changes(of) for its, of in singles.items() if its not in found})
        return found

    def _first_of(self, changes: Mapping[str, Sequence[Change]]) -> dict[str, Helped]:
        """For each course the first of its changes, the least trouble first, that brings a partner."""
        found: dict[str, Helped] = {}
        part: list[tuple[str, Change]] = []
        for course_id, its in changes.items():
            n_others = len(self._market.right if course_id in self._rows else self._market.left)
            self._left_to_score -= len(its) * n_others
            if self._left_to_score < 0:
                break
            if part and (len(part) + len(its)) * n_others > _PAIRS_AT_ONCE:
                found |= self._first_of_some(part)
                part = []
            part += [(course_id, change) for change in its]
        return found | self._first_of_some(part)

    def _first_of_some(self, changes: Sequence[tuple[str, Change]]) -> dict[str, Helped]:
        found: dict[str, Helped] = {}
        if not changes:
            return found
        others = self._market.right if changes[0][0] in self._rows else self._market.left
        pairs, margins = self._judge([course_id for course_id, _ in changes], [change.profile for _, change in changes])
        n_solved: Counter[str] = Counter()
        for at in np.flatnonzero((margins > -_QUICK).any(axis=1)).tolist():
            course_id, change = changes[at]
            if course_id in found or n_solved[course_id] == MOST_SOLVED_EACH or self._left_to_solve == 0:
                continue
            # The pair furthest above its price comes in most easily.
            partner = int(np.argmax(margins[at]))
            score = self._score(pairs, course_id, at, partner)
            if score < self._matcher.min_score or score - self._price(course_id, partner) <= _MARGIN:
                continue
            n_solved[course_id] += 1
            self._left_to_solve -= 1
            if self._comes_in(course_id, partner, score):
                found[course_id] = Helped(change, others[partner].id, score)
        return found

    def _score(self, pairs: PairScorer, course_id: str, at: int, partner: int) -> float:
        row, column = (at, partner) if course_id in self._rows else (partner, at)
        return float(pairs.score(Pairs.listed(np.array([row]), np.array([column]))).score[0])

    def _price(self, course_id: str, partner: int) -> float:
        row, column = self._place(course_id, partner)
        return float(self._prices[0][row] + self._prices[1][column])

    def _place(self, course_id: str, partner: int) -> tuple[int, int]:
        """Row and column of a course of the market and a position on the other side."""
        if course_id in self._rows:
            return self._rows[course_id], partner
        return partner, self._columns[course_id]

    def _comes_in(self, course_id: str, partner: int, score: float) -> bool:
        forced = self._why_not(*self._place(course_id, partner), score).forced
        return forced is not None and score > forced.score_needed + _MARGIN

    def _judge(self, course_ids: Sequence[str], variants: Sequence[CourseProfile]) -> tuple[PairScorer, FloatArray]:
        """Read variants of courses of one side, and tell how far each lies above its price with every course of the
        other, to some four digits; -inf where it is impossible; (n_variants, n_others)."""
        market, matcher = self._market, self._matcher
        is_left = course_ids[0] in self._rows
        left, right = (variants, market.right) if is_left else (market.left, variants)
        table = Pairs.every(len(left), len(right))
        pairs = matcher.scorer.pairs(left, right)
        scores = pairs.quick(table)
        permitted = prepare_rules(left, right, matcher.rules).permitted(table) & (scores >= matcher.min_score - _QUICK)
        if not is_left:
            scores, permitted = scores.T, permitted.T
        places = self._rows if is_left else self._columns
        at = np.array([places[course_id] for course_id in course_ids])[:, None]
        others = np.arange(permitted.shape[1])[None, :]
        permitted = permitted & ~market.is_taken_out(*((at, others) if is_left else (others, at)))
        own, other = self._prices if is_left else self._prices[::-1]
        margins = scores - (own[at] + other[None, :]).astype(np.float32)
        margins[~permitted] = -np.inf
        return pairs, margins
