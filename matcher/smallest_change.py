"""The smallest change that would bring a left-out course a partner, proven on the round's own market.

A changed course is scored against the whole other side at once. Only a pair whose score is above the two courses'
prices can enter the best choice (`matcher.prices`), which leaves few to look at; for these the market is solved again
with the pair in it, and the change counts when its score reaches what that takes (`matcher.why_not`). Everything else
stays as it is: texts are never changed, so the statistics scores rest on stay the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

import numpy as np

from matcher.changes import Change, double_changes, single_changes
from matcher.market import Decisions, Market
from matcher.optimality import Floats
from matcher.pair_caps import solve_within
from matcher.pairs import Ints, Pairs
from matcher.partner_matcher import PartnerMatcher
from matcher.profile import CourseProfile
from matcher.rules import prepare_rules
from matcher.scorer import PairScorer
from matcher.why_not import WhyNot

MOST_SOLVED = 300
"""Pairs for which the market is solved again, over all courses; fewer in a large market, see `MOST_ARCS`."""
MOST_ARCS = 25_000_000
"""Candidates gone through by all these solutions together: what bounds their time, to some 45 s of one core."""
MOST_SOLVED_EACH = 6
"""The same for one course."""
MOST_PAIRS = 100_000_000
"""Pairs of changed courses and others that are scored in all, courses by id; half a minute of one core, too."""
_MARGIN = 1e-9
# How far quick scores may be off; what they let through is scored exactly.
_QUICK = 1e-4
# Pairs scored together, which memory limits.
_PAIRS_AT_ONCE = 2_000_000
# Changed courses read together: reading the other side is what costs, memory is what limits.
_CHANGES_AT_ONCE = 20_000

Done = Callable[[int, int], None]
"""Told how many of how many courses have been looked at, for changes of one step and again for two."""


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


@dataclass(frozen=True)
class Looked:
    """What was found, and for whom nothing was looked for to the end.

    Parameters
    ----------
    found : Mapping from id to Helped
        Courses with a change that helps; for the others either none was found or not all were tried.
    unsought : frozenset of str
        Ids of courses for which not all changes were tried, because the bounds of this module were reached.
    """

    found: Mapping[str, Helped] = field(default_factory=dict, hash=False)
    unsought: frozenset[str] = frozenset()


def smallest_changes(
    matcher: PartnerMatcher,
    profiles: Sequence[CourseProfile],
    left_out: Collection[str],
    decisions: Decisions | None = None,
    earliest: date | None = None,
    done: Done | None = None,
) -> Looked:
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
    done
        Told of the progress.
    """
    decisions = decisions or Decisions()
    market = matcher.market(profiles, decisions)
    (solved,), _, market = solve_within(market, decisions.caps, (matcher.balance,), matcher.max_gap)
    taken = {market.left[row].id for row in solved.assignment.pairs_[:, 0].tolist()}
    taken |= {market.right[column].id for column in solved.assignment.pairs_[:, 1].tolist()}
    waiting = sorted((set(left_out) - taken) & {one.id for one in (*market.left, *market.right)})
    n_solved = min(MOST_SOLVED, MOST_ARCS // max(solved.certificate.n_candidates, 1))
    look = _Look(matcher, market, solved.assignment.prices(), solved.assignment.why_not, n_solved, done)
    return look.at(waiting, earliest)


class _WhyNot(Protocol):
    """`BalancedAssignment.why_not`."""

    def __call__(self, row: int, column: int, score: float | None = None) -> WhyNot: ...


@dataclass(frozen=True)
class _Judged:
    """The partner of each changed course that lies furthest above its price, by its position, with the margin and
    the score; -inf where no partner is possible. One value a changed course each."""

    partners: Ints
    margins: Floats
    scores: Floats


class _Look:
    """One solved market, and how many times more it may be solved."""

    def __init__(
        self,
        matcher: PartnerMatcher,
        market: Market,
        prices: tuple[Floats, Floats],
        why_not: _WhyNot,
        n_solved: int,
        done: Done | None,
    ) -> None:
        self._matcher, self._market, self._prices, self._why_not = matcher, market, prices, why_not
        self._rows = {one.id: at for at, one in enumerate(market.left)}
        self._columns = {one.id: at for at, one in enumerate(market.right)}
        self._left_to_solve = n_solved
        self._left_to_score = MOST_PAIRS
        self._done: Done = done or (lambda *_: None)
        self._unsought: set[str] = set()

    def at(self, course_ids: Sequence[str], earliest: date | None) -> Looked:
        found: dict[str, Helped] = {}
        for places, own, others in (
            (self._rows, self._market.left, self._market.right),
            (self._columns, self._market.right, self._market.left),
        ):
            courses = [own[places[its]] for its in course_ids if its in places and own[places[its]].capacity > 0]
            if not others:
                continue
            singles = {one.id: single_changes(one, others, earliest) for one in courses}
            found |= self._first_of(singles, list)
            found |= self._first_of({its: of for its, of in singles.items() if its not in found}, double_changes)
        return Looked(found, frozenset(self._unsought - found.keys()))

    def _first_of(
        self, singles: Mapping[str, Sequence[Change]], made: Callable[[Sequence[Change]], Sequence[Change]]
    ) -> dict[str, Helped]:
        """For each course the first of the changes made of those of one step, the least trouble first, that brings a
        partner."""
        found: dict[str, Helped] = {}
        part: list[tuple[str, Change]] = []
        for at, (course_id, single) in enumerate(singles.items()):
            # There is nothing to try where a profile says too little.
            its = made(single) if self._left_to_solve else single
            n_pairs = len(its) * len(self._market.right if course_id in self._rows else self._market.left)
            if n_pairs and (n_pairs > self._left_to_score or self._left_to_solve == 0):
                self._unsought.add(course_id)
                continue
            self._left_to_score -= n_pairs
            if part and len(part) + len(its) > _CHANGES_AT_ONCE:
                found |= self._first_of_some(part)
                part = []
                self._done(at, len(singles))
            part += [(course_id, change) for change in its]
        found |= self._first_of_some(part)
        self._done(len(singles), len(singles))
        return found

    def _first_of_some(self, changes: Sequence[tuple[str, Change]]) -> dict[str, Helped]:
        found: dict[str, Helped] = {}
        if not changes:
            return found
        others = self._market.right if changes[0][0] in self._rows else self._market.left
        judged = self._judge([course_id for course_id, _ in changes], [change.profile for _, change in changes])
        n_solved: Counter[str] = Counter()
        # The pair furthest above its price comes in most easily.
        for at in np.flatnonzero((judged.scores >= self._matcher.min_score) & (judged.margins > _MARGIN)).tolist():
            (course_id, change), partner = changes[at], int(judged.partners[at])
            if course_id in found or n_solved[course_id] == MOST_SOLVED_EACH:
                continue
            if self._left_to_solve == 0:
                self._unsought.add(course_id)
                continue
            n_solved[course_id] += 1
            self._left_to_solve -= 1
            if self._comes_in(course_id, partner, float(judged.scores[at])):
                found[course_id] = Helped(change, others[partner].id, float(judged.scores[at]))
        return found

    def _comes_in(self, course_id: str, partner: int, score: float) -> bool:
        is_left = course_id in self._rows
        place = (self._rows[course_id], partner) if is_left else (partner, self._columns[course_id])
        forced = self._why_not(*place, score).forced
        return forced is not None and score > forced.score_needed + _MARGIN

    def _judge(self, course_ids: Sequence[str], variants: Sequence[CourseProfile]) -> _Judged:
        """Read variants of courses of one side, and find the best partner of each on the other."""
        market, matcher = self._market, self._matcher
        is_left = course_ids[0] in self._rows
        places = self._rows if is_left else self._columns
        own = np.array([places[course_id] for course_id in course_ids])
        near, far = (market.scorer.left, market.scorer.right)[:: 1 if is_left else -1]
        # Texts are never changed, so what was made of them serves again.
        changed = near.changed(own, variants)
        left, right = (changed, far) if is_left else (far, changed)
        pairs = PairScorer(left, right, matcher.scorer.weights, matcher.scorer.encoder)
        rules = prepare_rules(left.profiles, right.profiles, matcher.rules)
        price, price_of_other = self._prices if is_left else self._prices[::-1]
        every = np.arange(len(far))
        partners = np.zeros(len(own), dtype=np.int64)
        margins = np.full(len(own), -np.inf)
        for start in range(0, len(own), max(1, _PAIRS_AT_ONCE // len(far))):
            part = np.arange(start, min(start + max(1, _PAIRS_AT_ONCE // len(far)), len(own)))
            table = Pairs.table(part, every) if is_left else Pairs.table(every, part)
            scores = pairs.quick(table)
            permitted = rules.permitted(table) & (scores >= matcher.min_score - _QUICK)
            if not is_left:
                scores, permitted = scores.T, permitted.T
            at, other = own[part][:, None], every[None, :]
            permitted &= ~market.is_taken_out(*((at, other) if is_left else (other, at)))
            above = scores - (price[at] + price_of_other[other]).astype(np.float32)
            above[~permitted] = -np.inf
            partners[part] = above.argmax(axis=1)
            margins[part] = above.max(axis=1)
        near_enough = np.flatnonzero(margins > -_QUICK)
        listed = (near_enough, partners[near_enough]) if is_left else (partners[near_enough], near_enough)
        exact = np.full(len(own), -np.inf)
        exact[near_enough] = pairs.score(Pairs.listed(*listed)).score
        margins[near_enough] = exact[near_enough] - price[own[near_enough]] - price_of_other[partners[near_enough]]
        return _Judged(partners, np.where(np.isfinite(exact), margins, -np.inf), exact)
