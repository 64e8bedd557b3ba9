"""The hard rules for many pairs at once: each rule is prepared once and tells which pairs it forbids.

What each rule means is said in `rules`, whose `check` gives the same answer pair by pair. Rules travel to
worker processes, so they are frozen dataclasses of arrays.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Hashable, Iterable, Sequence, Set
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from matcher.calendar_tables import SharedWeeks
from matcher.criterion import Singles
from matcher.kinds import ByKind, Holdings, mirrored, numbered, where_left
from matcher.languages import LISTED, MEETING, SHARED, common_languages, tandems
from matcher.pairs import Bools, Ints, Pairs
from matcher.profile import CourseProfile
from matcher.vocabulary.tools import tool_id
from matcher.words import CourseText, same_name_key, stems

Profiles = Sequence[CourseProfile]
# Ids of the tools named, and of those blocked.
_Tools = tuple[frozenset[str], frozenset[str]]


class PairRule(ABC):
    """A hard rule, prepared for two lists of courses; `codes` are those of its reasons."""

    codes: ClassVar[tuple[str, ...]]

    @abstractmethod
    def forbids(self, pairs: Pairs) -> Bools:
        """Return which pairs the rule forbids; broadcasts to the shape of the pairs."""

    def by_code(self, pairs: Pairs) -> dict[str, Bools]:
        """Return which pairs the rule forbids for which reason."""
        return {self.codes[0]: self.forbids(pairs)}


@dataclass(frozen=True)
class SameInstitution(PairRule):
    """Same name apart from case, accents, punctuation and a leading "the"."""

    codes: ClassVar[tuple[str, ...]] = ("same_institution",)
    left: Ints
    right: Ints

    @classmethod
    def of(cls, left: Profiles, right: Profiles) -> SameInstitution:
        """Number the names of both sides."""
        return cls(*_codes([same_name_key(p.institution) for p in (*left, *right)], len(left)))

    def forbids(self, pairs: Pairs) -> Bools:
        """Compare the numbers of the names."""
        same: Bools = self.left[pairs.rows] == self.right[pairs.columns]
        return same


@dataclass(frozen=True)
class OppositeRegions(PairRule):
    """Outside ASEM on a side; both sides in the same region."""

    codes: ClassVar[tuple[str, ...]] = ("no_region", "same_region")
    left: Ints
    right: Ints
    outside_left: Bools
    outside_right: Bools

    @classmethod
    def of(cls, left: Profiles, right: Profiles) -> OppositeRegions:
        """Number the regions of both sides."""
        outside = [_flags(p.region is None for p in side) for side in (left, right)]
        return cls(*_codes([p.region for p in (*left, *right)], len(left)), *outside)

    def forbids(self, pairs: Pairs) -> Bools:
        """Return pairs of one region, and pairs with a side outside both."""
        same: Bools = self.left[pairs.rows] == self.right[pairs.columns]
        return same | self._outside(pairs)

    def by_code(self, pairs: Pairs) -> dict[str, Bools]:
        """Two courses outside ASEM have no region, not the same one."""
        outside = self._outside(pairs)
        same = (self.left[pairs.rows] == self.right[pairs.columns]) & ~outside
        return dict(zip(self.codes, (outside, same), strict=True))

    def _outside(self, pairs: Pairs) -> Bools:
        outside: Bools = self.outside_left[pairs.rows] | self.outside_right[pairs.columns]
        return outside


@dataclass(frozen=True)
class TooFewSharedWeeks(PairRule):
    """Fewer than `minimum` teaching weeks in common, dates of both sides known."""

    codes: ClassVar[tuple[str, ...]] = ("too_few_shared_weeks",)
    weeks: SharedWeeks
    minimum: int

    def forbids(self, pairs: Pairs) -> Bools:
        """Compare the number of shared weeks."""
        return (self.weeks.count(pairs) < self.minimum) & self.weeks.known(pairs)


@dataclass(frozen=True)
class CommonLanguage(PairRule):
    """No language of exchange in common; one in common, but levels too far apart. A tandem permits both."""

    codes: ClassVar[tuple[str, ...]] = ("no_common_language", "language_levels_apart")
    common: ByKind
    tandem: ByKind

    @classmethod
    def of(cls, left: Profiles, right: Profiles) -> CommonLanguage:
        """Prepare languages of exchange with their levels, and tandems."""
        return cls(common_languages(left, right, MEETING), tandems(left, right))

    def forbids(self, pairs: Pairs) -> Bools:
        """Return pairs with languages known on both sides, none shared, and no tandem."""
        (common,) = self.common(pairs)
        return self._apart(pairs, common)

    def by_code(self, pairs: Pairs) -> dict[str, Bools]:
        """Tell pairs without a language in common from those that share one at levels too far apart."""
        (common,) = self.common(pairs)
        forbidden, listed = self._apart(pairs, common), common >= LISTED
        return dict(zip(self.codes, (forbidden & ~listed, forbidden & listed), strict=True))

    def _apart(self, pairs: Pairs, common: Singles) -> Bools:
        apart: Bools = (common >= 0) & (common < SHARED)
        if apart.any():
            (tandem,) = self.tandem(pairs)
            apart &= ~tandem
        return apart


@dataclass(frozen=True)
class NoCapacity(PairRule):
    """No partnership offered on a side."""

    codes: ClassVar[tuple[str, ...]] = ("no_capacity",)
    full_left: Bools
    full_right: Bools

    @classmethod
    def of(cls, left: Profiles, right: Profiles) -> NoCapacity:
        """Read who offers nothing."""
        return cls(_flags(p.capacity < 1 for p in left), _flags(p.capacity < 1 for p in right))

    def forbids(self, pairs: Pairs) -> Bools:
        """Return pairs with a side that offers nothing."""
        full: Bools = self.full_left[pairs.rows] | self.full_right[pairs.columns]
        return full


@dataclass(frozen=True)
class AlreadyTried(PairRule):
    """Proposed before; each side holds the pairs it was tried in, marked by the partner it meets there."""

    codes: ClassVar[tuple[str, ...]] = ("already_tried",)
    tried: Holdings

    @classmethod
    def of(cls, left: Profiles, right: Profiles, tried: Set[frozenset[str]]) -> AlreadyTried:
        """Read the pairs each course was tried in."""
        partners: dict[str, list[str]] = {}
        for pair in tried:
            for one in pair:
                partners.setdefault(one, []).extend(pair - {one})
        return cls(
            Holdings.of(
                [[(p.id, other) for other in partners.get(p.id, ())] for p in left],
                [[(other, p.id) for other in partners.get(p.id, ())] for p in right],
            )
        )

    def forbids(self, pairs: Pairs) -> Bools:
        """Return pairs that hold an attempt in common."""
        return self.tried.count(pairs) > 0


@dataclass(frozen=True)
class MustHaveTopic(PairRule):
    """A topic one side must have is missing in the known text of the other."""

    codes: ClassVar[tuple[str, ...]] = ("must_have_topic_missing",)
    of_left: TopicsOfOneSide
    of_right: TopicsOfOneSide

    @classmethod
    def of(cls, left: Profiles, right: Profiles) -> MustHaveTopic:
        """Read the topics and texts of both sides."""
        return cls(TopicsOfOneSide.of(left, right), TopicsOfOneSide.of(right, left))

    def forbids(self, pairs: Pairs) -> Bools:
        """Return pairs of which a side misses its topic."""
        forbidden = np.zeros(pairs.shape, dtype=bool)
        self.of_left.mark(pairs, forbidden)
        self.of_right.mark(mirrored(pairs), forbidden.T)
        return forbidden


@dataclass(frozen=True)
class TopicsOfOneSide:
    """Stems one side must have, and those the texts of the other side have.

    Parameters
    ----------
    n_needed : ndarray, shape (n_wanting,)
        Stems of the topic of each course.
    stems : Holdings
    is_known : ndarray of bool, shape (n_others,)
        Whether a text tells what its course is about.
    """

    n_needed: Ints
    stems: Holdings
    is_known: Bools

    @classmethod
    def of(cls, wanting: Profiles, others: Profiles) -> TopicsOfOneSide:
        """Look the stems up in the texts, which are read only where somebody must have a topic."""
        needed = [stems(p.wishes.must_have_topic or "") for p in wanting]
        words = frozenset[str]().union(*needed)
        texts = [CourseText.of(p) for p in others] if words else []
        found = [text.those_of(words) for text in texts] or [frozenset[str]()] * len(others)
        is_known = _flags(text.is_known for text in texts) if texts else np.zeros(len(others), dtype=bool)
        return cls(np.array([len(its) for its in needed], dtype=np.int64), Holdings.of(needed, found), is_known)

    def mark(self, pairs: Pairs, forbidden: Bools) -> None:
        """Mark pairs whose first side misses a stem; only those who must have a topic cost time."""
        wanting, part = where_left(self.n_needed, pairs)
        if wanting.size:
            missing = self.stems.count(part) < self.n_needed[part.rows]
            forbidden[wanting] |= missing & self.is_known[part.columns]


@dataclass(frozen=True)
class NoCommonTool(PairRule):
    """Both list tools, and each tool either lists is blocked on a side."""

    codes: ClassVar[tuple[str, ...]] = ("no_common_tool",)
    blocked: ByKind

    @classmethod
    def of(cls, left: Profiles, right: Profiles) -> NoCommonTool:
        """Prepare what each kind of tools means for each other."""
        return cls(ByKind.prepare(_tools(left), _tools(right), _NoToolLeft.of))

    def forbids(self, pairs: Pairs) -> Bools:
        """Return pairs that are left without a tool."""
        return self.blocked(pairs)[0]


@dataclass(frozen=True)
class _NoToolLeft:
    """Tools a kind can use itself, and which of them the other side blocks."""

    n_usable_left: Ints
    n_usable_right: Ints
    lists_left: Bools
    lists_right: Bools
    blocked_on_the_right: Holdings
    blocked_on_the_left: Holdings

    @classmethod
    def of(cls, left: Sequence[_Tools], right: Sequence[_Tools]) -> _NoToolLeft:
        usable_left, usable_right = ([named - blocked for named, blocked in side] for side in (left, right))
        return cls(
            np.array([len(its) for its in usable_left], dtype=np.int64),
            np.array([len(its) for its in usable_right], dtype=np.int64),
            _flags(bool(named) for named, _ in left),
            _flags(bool(named) for named, _ in right),
            Holdings.of(usable_left, [blocked for _, blocked in right]),
            Holdings.of([blocked for _, blocked in left], usable_right),
        )

    def __call__(self, pairs: Pairs) -> tuple[Bools]:
        none_of_left = self.blocked_on_the_right.count(pairs) == self.n_usable_left[pairs.rows]
        none_of_right = self.blocked_on_the_left.count(pairs) == self.n_usable_right[pairs.columns]
        list_tools = self.lists_left[pairs.rows] & self.lists_right[pairs.columns]
        return (none_of_left & none_of_right & list_tools,)


def _tools(profiles: Profiles) -> list[_Tools]:
    return [(frozenset(map(tool_id, p.tools)), frozenset(map(tool_id, p.blocked_tools))) for p in profiles]


def _codes(values: Iterable[Hashable], n_left: int) -> tuple[Ints, Ints]:
    _, codes = numbered(values)
    return codes[:n_left], codes[n_left:]


def _flags(values: Iterable[bool]) -> Bools:
    return np.array(list(values), dtype=bool)
