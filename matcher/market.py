"""One round's market: both regions' courses sorted by id, which pairs are possible, and the best choice of
pairs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

from matcher.assignment import BalancedAssignment
from matcher.balance import Counts
from matcher.candidates import SEARCH_ERROR, PairList, PairSearch
from matcher.left_out import LeftOut, SideOfRound, reasons_left_out
from matcher.limits import Limits
from matcher.optimality import Floats, Graph
from matcher.pair_caps import PairCap
from matcher.pairs import Bools, FloatArray, Ints, Pairs
from matcher.profile import CourseProfile
from matcher.proposals import Alternate
from matcher.rules import PairRules
from matcher.scorer import PairScorer
from matcher.words import same_name_key

# In ASEM, Hong Kong and Macao count with China.
_COUNTED_WITH = {"HK": "CN", "MO": "CN"}
# Up to so many pairs all of them are candidates: nothing is gained by choosing some first.
ALL_PAIRS = 250_000
# Partners looked at first for each course; the prices bring what is missing.
PER_COURSE = 20
_PAIRS_AT_ONCE = 1 << 18

Say = Callable[[str, int, int], None]
"""Told what is being done, and how many of how many steps of it are done."""


@dataclass(frozen=True)
class Possible:
    """Scores of pairs that no rule forbids and that reach the floor, -inf for all others; picklable."""

    scorer: PairScorer
    rules: PairRules
    min_score: float

    def __call__(self, pairs: Pairs) -> FloatArray:
        permitted = self.rules.permitted(pairs)
        if not permitted.any():
            return np.full(pairs.shape, -np.inf, dtype=np.float32)
        scores = self.scorer.quick(pairs)
        scores[~permitted] = -np.inf
        scores[scores < np.float32(self.min_score) - SEARCH_ERROR] = -np.inf
        return scores


@dataclass(frozen=True)
class Decisions:
    """What people decided on beside the rules.

    Parameters
    ----------
    locked, forbidden : frozenset of (Asian, European) ids
        Pairs a coordinator keeps together, unless a cap leaves no room for them, and pairs never proposed.
    limits : Mapping
        What an institution is given at least and at most over all its partners, by the id of any of its courses.
    caps : tuple of PairCap
        Never broken.
    """

    locked: frozenset[tuple[str, str]] = frozenset()
    forbidden: frozenset[tuple[str, str]] = frozenset()
    limits: Mapping[str, Limits] = field(default_factory=dict, hash=False)
    caps: tuple[PairCap, ...] = ()


class Market:
    """What a round chooses from.

    Parameters
    ----------
    scorer : PairScorer
        Of the Asian courses (left) and the European ones (right), each sorted by id.
    rules : PairRules
        Of the same two lists.
    min_score : 0..1
        Pairs below are not possible.
    theta : 0..1
        See `matcher.balance.fair_shares`.
    decisions : Decisions
    say : callable
        Told of the progress.

    Raises
    ------
    ValueError
        If a decision names an unknown course, or locks a pair that a rule forbids.
    """

    def __init__(
        self,
        scorer: PairScorer,
        rules: PairRules,
        min_score: float,
        theta: float,
        decisions: Decisions,
        say: Say,
    ) -> None:
        self.left, self.right = scorer.left.profiles, scorer.right.profiles
        self.scorer, self.rules = scorer, rules
        self.min_score, self.theta = min_score, theta
        self._say = say
        self.shape = (len(self.left), len(self.right))
        self.places_left, self.places_right = capacities(self.left), capacities(self.right)
        self._locked = self._positions(decisions.locked)
        self._forbidden = self._positions(decisions.forbidden)
        self._limits = decisions.limits
        self._capped: Ints = np.empty(0, dtype=np.int64)
        locked = Pairs.listed(*self._locked)
        if not rules.permitted(locked).all():
            row, column = (side[int(np.argmin(rules.permitted(locked)))] for side in self._locked)
            raise ValueError(f"{self.left[row].id} and {self.right[column].id} are locked, but a rule forbids the pair")

    def candidates(self) -> Graph:
        """Return the pairs to begin with: all possible ones of a small market, the best of a large one."""
        n_left, n_right = self.shape
        if n_left * n_right <= ALL_PAIRS:
            rows, columns = np.nonzero(self.rules.permitted(Pairs.every(n_left, n_right)))
            return self._complete(self.scored(PairList(rows, columns)))
        found = self._search.candidates(PER_COURSE, lambda *done: self._say("comparing", *done))
        return self.scored(found).joined([self._graph_of(self._locked)])

    def scored(self, pairs: PairList) -> Graph:
        """Return those of the permitted pairs that reach the floor and are not forbidden by a coordinator."""
        graph = self._graph_of(pairs)
        return graph.part((graph.scores >= self.min_score) & ~self.is_taken_out(*pairs))

    def is_taken_out(self, rows: Ints, columns: Ints) -> Bools:
        """Tell which pairs a coordinator forbids, or were taken out for a cap."""
        keys, forbidden = (one[0] * self.shape[1] + one[1] for one in ((rows, columns), self._forbidden))
        return np.isin(keys, forbidden) | np.isin(keys, self._capped)

    def places_of(self, cap: PairCap) -> tuple[Ints, Ints]:
        """See `matcher.pair_caps.Capped`."""
        return _positions_of(self.left, cap.left), _positions_of(self.right, cap.right)

    def is_locked(self, rows: Ints, columns: Ints) -> Bools:
        """See `matcher.pair_caps.Capped`."""
        return np.isin(rows * self.shape[1] + columns, self._locked[0] * self.shape[1] + self._locked[1])

    def without(self, keys: Ints) -> Market:
        """See `matcher.pair_caps.Capped`."""
        rest = copy(self)
        rest._capped = np.union1d(self._capped, keys)
        stays = ~np.isin(self._locked[0] * self.shape[1] + self._locked[1], rest._capped)
        rest._locked = PairList(self._locked[0][stays], self._locked[1][stays])
        return rest

    def above(self, prices: Sequence[tuple[Floats, Floats]], most: int) -> list[PairList]:
        """See `matcher.candidates.PairSearch.above`."""
        return self._search.above(prices, most, lambda *done: self._say("proving", *done))

    def fit(self, graph: Graph, balance: float) -> BalancedAssignment:
        """Solve on the pairs of a graph."""
        return BalancedAssignment(balance, self.theta).fit(
            graph.matrix(self.shape),
            self.places_left,
            self.places_right,
            groups(self.left),
            groups(self.right),
            ids_left=[p.id for p in self.left],
            ids_right=[p.id for p in self.right],
            locked=np.stack(self._locked, axis=1),
            limits_left=self._limits_of(self.left),
            limits_right=self._limits_of(self.right),
        )

    def alternates(self, graph: Graph, pairs: Counts, n: int) -> tuple[Alternate, ...]:
        """The ``n`` best possible partners of each course that it is not paired with, ties by id."""
        keys = graph.rows * self.shape[1] + graph.columns
        is_open = graph.part(~np.isin(keys, pairs[:, 0] * self.shape[1] + pairs[:, 1]))
        found = [
            *self._next_best(is_open, (is_open.rows, is_open.columns), (self.left, self.right), n),
            *self._next_best(is_open, (is_open.columns, is_open.rows), (self.right, self.left), n),
        ]
        return tuple(sorted(found, key=lambda one: (one.profile_id, one.rank)))

    def left_out(self, pairs: Counts, min_shared_weeks: int) -> list[LeftOut]:
        """Every course without a partner, with its reason."""
        every = [np.arange(n) for n in self.shape]
        taken_left = np.bincount(pairs[:, 0], minlength=self.shape[0])
        taken_right = np.bincount(pairs[:, 1], minlength=self.shape[1])

        def judge_left(own: Ints) -> tuple[Mapping[str, Bools], npt.NDArray[np.floating]]:
            table = Pairs.table(own, every[1])
            return self.rules.forbidden(table), self.scorer.quick(table)

        def judge_right(own: Ints) -> tuple[Mapping[str, Bools], npt.NDArray[np.floating]]:
            table = Pairs.table(every[0], own)
            forbidden = {code: pairs.T for code, pairs in self.rules.forbidden(table).items()}
            return forbidden, self.scorer.quick(table).T

        n_right = self.shape[1]

        def capped_left(own: Ints) -> Bools:
            return np.isin(own[:, None] * n_right + every[1], self._capped)

        def capped_right(own: Ints) -> Bools:
            return np.isin(every[0] * n_right + own[:, None], self._capped)

        left = SideOfRound(self.left, judge_left, taken_right < self.places_right, capped_left)
        right = SideOfRound(self.right, judge_right, taken_left < self.places_left, capped_right)
        return [
            *reasons_left_out(left, taken_left > 0, self.min_score, min_shared_weeks),
            *reasons_left_out(right, taken_right > 0, self.min_score, min_shared_weeks),
        ]

    def _limits_of(self, side: Sequence[CourseProfile]) -> list[Mapping[object, Limits]]:
        institutions = zip(side, groups(side)[0], strict=True)
        return [{label: self._limits[one.id] for one, label in institutions if one.id in self._limits}]

    @cached_property
    def _search(self) -> PairSearch:
        mixing = np.argsort([blake2b(p.id.encode(), digest_size=8).hexdigest() for p in self.left])
        _, countries = np.unique([_country(p) for p in self.right], return_inverse=True)
        possible = Possible(self.scorer, self.rules, self.min_score)
        return PairSearch(possible, *self.shape, countries, mixing)

    def _graph_of(self, pairs: PairList) -> Graph:
        scores = [
            self.scorer.score(Pairs.listed(pairs.rows[part], pairs.columns[part])).score
            for start in range(0, len(pairs.rows), _PAIRS_AT_ONCE)
            for part in (slice(start, start + _PAIRS_AT_ONCE),)
        ]
        return Graph(pairs.rows, pairs.columns, np.concatenate([np.empty(0), *scores]))

    def _complete(self, graph: Graph) -> Graph:
        joined = graph.joined([self._graph_of(self._locked)])
        return Graph(joined.rows, joined.columns, joined.scores, is_complete=True)

    def _positions(self, pairs: frozenset[tuple[str, str]]) -> PairList:
        rows = {profile.id: at for at, profile in enumerate(self.left)}
        columns = {profile.id: at for at, profile in enumerate(self.right)}
        unknown = sorted({a for a, _ in pairs} - rows.keys()) + sorted({b for _, b in pairs} - columns.keys())
        if unknown:
            raise ValueError(f"a coordinator's pair names no course of its region: {', '.join(unknown)}")
        ordered = sorted(pairs)
        return PairList(
            np.array([rows[a] for a, _ in ordered], dtype=np.int64),
            np.array([columns[b] for _, b in ordered], dtype=np.int64),
        )

    def _next_best(
        self,
        graph: Graph,
        ends: tuple[Ints, Ints],
        sides: tuple[Sequence[CourseProfile], Sequence[CourseProfile]],
        n: int,
    ) -> list[Alternate]:
        # Both sides are sorted by id, so a lower position breaks ties.
        order = np.lexsort((ends[1], -graph.scores, ends[0]))
        own = ends[0][order]
        starts = np.flatnonzero(np.diff(own, prepend=-1))
        rank = np.arange(len(own)) - np.repeat(starts, np.diff(np.append(starts, len(own)))) + 1
        kept = order[rank <= n]
        rank = rank[rank <= n]
        confidence = self.scorer.score(Pairs.listed(graph.rows[kept], graph.columns[kept])).confidence
        figures = zip(
            ends[0][kept].tolist(),
            ends[1][kept].tolist(),
            rank.tolist(),
            graph.scores[kept].tolist(),
            confidence.tolist(),
            strict=True,
        )
        return [Alternate(sides[0][at].id, sides[1][other].id, *rest) for at, other, *rest in figures]


def _positions_of(side: Sequence[CourseProfile], ids: frozenset[str]) -> Ints:
    return np.array([at for at, profile in enumerate(side) if profile.id in ids], dtype=np.int64)


def capacities(profiles: Sequence[CourseProfile]) -> Counts:
    """Return the places each course offers, (n,)."""
    return np.array([p.capacity for p in profiles], dtype=np.int64)


def groups(profiles: Sequence[CourseProfile]) -> list[list[str]]:
    """Institution and country of each course; institutions of one name in two countries are two."""
    countries = [_country(p) for p in profiles]
    keys = [f"{country} {same_name_key(p.institution)}" for p, country in zip(profiles, countries, strict=True)]
    names = {key: f"{p.institution} ({c})" for p, key, c in zip(profiles, keys, countries, strict=True)}
    return [[names[key] for key in keys], countries]


def _country(profile: CourseProfile) -> str:
    return _COUNTED_WITH.get(profile.country, profile.country)
