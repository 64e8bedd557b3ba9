"""The smallest change that would bring a left-out course a partner, proven on the round's own market.

A changed course is scored against the whole other side at once. Only a pair whose score is above the two courses'
prices can enter the best choice (`matcher.prices`), which leaves few to look at; for these the market is solved again
with the pair in it, and the change counts when its score reaches what that takes (`matcher.why_not`). Everything else
stays as it is: texts are never changed, so the statistics scores rest on stay the same.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import numpy as np

from matcher.changes import Change, double_changes, single_changes
from matcher.market import Decisions, Market
from matcher.optimality import Floats
from matcher.pair_caps import solve_within
from matcher.pairs import Pairs
from matcher.partner_matcher import PartnerMatcher
from matcher.profile import CourseProfile
from matcher.rules import prepare_rules
from matcher.why_not import WhyNot

MOST_SOLVED = 300
"""Pairs for which the market is solved again, over all courses; a large market takes some tenths of a second each."""
MOST_SOLVED_EACH = 6
"""The same for one course."""
MOST_LOOKED_AT = 2_000
"""Left-out courses that are looked at, by id: each is scored some dozens of times against the other side."""
_MARGIN = 1e-9


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
    waiting = sorted((set(left_out) - taken) & {one.id for one in (*market.left, *market.right)})[:MOST_LOOKED_AT]
    look = _Look(matcher, market, solved.assignment.prices(), solved.assignment.why_not)
    found: dict[str, Helped] = {}
    for course_id in waiting:
        helped = look.at(course_id, earliest)
        if helped is not None:
            found[course_id] = helped
    return found


class _WhyNot(Protocol):
    """`BalancedAssignment.why_not`."""

    def __call__(self, row: int, column: int, score: float | None = None) -> WhyNot: ...


class _Look:
    """One solved market, and how many times more it may be solved."""

    def __init__(
        self, matcher: PartnerMatcher, market: Market, prices: tuple[Floats, Floats], why_not: _WhyNot
    ) -> None:
        self._matcher, self._market, self._prices, self._why_not = matcher, market, prices, why_not
        self._rows = {one.id: at for at, one in enumerate(market.left)}
        self._columns = {one.id: at for at, one in enumerate(market.right)}
        self._left_to_solve = MOST_SOLVED

    def at(self, course_id: str, earliest: date | None) -> Helped | None:
        is_left = course_id in self._rows
        own, others = (self._market.left, self._market.right) if is_left else (self._market.right, self._market.left)
        course = own[self._rows[course_id] if is_left else self._columns[course_id]]
        if course.capacity < 1 or not others:
            return None
        singles = single_changes(course, others, earliest)
        return self._first(course_id, singles) or self._first(course_id, double_changes(singles))

    def _first(self, course_id: str, changes: Sequence[Change]) -> Helped | None:
        """The first of some changes, the least trouble first, that brings a partner."""
        if not changes:
            return None
        scores, margins = self._judge(course_id, [change.profile for change in changes])
        n_solved = 0
        for at in np.flatnonzero((margins > _MARGIN).any(axis=1)).tolist():
            # The pair furthest above its price comes in most easily.
            partner = int(np.argmax(margins[at]))
            if n_solved == MOST_SOLVED_EACH or self._left_to_solve == 0:
                return None
            n_solved, self._left_to_solve = n_solved + 1, self._left_to_solve - 1
            score = float(scores[at, partner])
            if self._comes_in(course_id, partner, score):
                others = self._market.right if course_id in self._rows else self._market.left
                return Helped(changes[at], others[partner].id, score)
        return None

    def _comes_in(self, course_id: str, partner: int, score: float) -> bool:
        row, column = (
            (self._rows[course_id], partner) if course_id in self._rows else (partner, self._columns[course_id])
        )
        forced = self._why_not(row, column, score).forced
        return forced is not None and score > forced.score_needed + _MARGIN

    def _judge(self, course_id: str, variants: Sequence[CourseProfile]) -> tuple[Floats, Floats]:
        """Scores of all variants with the other side, and how far above their prices, -inf where impossible."""
        market, matcher = self._market, self._matcher
        is_left = course_id in self._rows
        left, right = (variants, market.right) if is_left else (market.left, variants)
        table = Pairs.every(len(left), len(right))
        scores = matcher.scorer.pairs(left, right).score(table).score
        permitted = prepare_rules(left, right, matcher.rules).permitted(table) & (scores >= matcher.min_score)
        if not is_left:
            scores, permitted = scores.T, permitted.T
        at = self._rows[course_id] if is_left else self._columns[course_id]
        others = np.arange(permitted.shape[1])
        permitted = permitted & ~market.is_taken_out(*((at, others) if is_left else (others, at)))
        own_price = float(self._prices[0 if is_left else 1][at])
        prices = self._prices[1 if is_left else 0]
        return scores, np.where(permitted, scores - own_price - prices[None, :], -np.inf)
