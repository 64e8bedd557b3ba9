"""The criteria of means and ends: tools, ways of working and connections; goals and skills."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from matcher.criterion import Compared, Singles
from matcher.encoded import EncodedProfiles
from matcher.kinds import ByKind, Holdings, KindTable
from matcher.pairs import Bools, Pairs
from matcher.profile import Bandwidth, CourseProfile, Mode
from matcher.vocabulary.tools import tool_id

# Two tools in common are enough for live talk and shared documents.
ENOUGH_TOOLS = 2
# Both name tools, none the other's, and none is blocked: one side can take the other's up.
NO_TOOL_IN_COMMON = 0.3
_UNKNOWN = np.float32(-1)
_N_TECHNOLOGY, _N_GOALS = 3, 2

_MODES = (None, Mode.SYNCHRONOUS, Mode.MIXED, Mode.ASYNCHRONOUS)
_NAN = float("nan")
# How two ways of working fit, in the order of _MODES.
_MODE_FIT = np.array([[_NAN] * 4, [_NAN, 1.0, 0.8, 0.2], [_NAN, 0.8, 1.0, 0.8], [_NAN, 0.2, 0.8, 1.0]])
_BANDWIDTHS = (None, Bandwidth.LOW, Bandwidth.MEDIUM, Bandwidth.HIGH)
# How far the thinner connection carries the livelier way of working wanted (rows bandwidth, columns mode).
_CARRIES = np.array([[_NAN] * 4, [_NAN, 0.2, 0.6, 1.0], [_NAN, 0.7, 0.9, 1.0], [_NAN, 1.0, 1.0, 1.0]])

# Usable tools, blocked tools, whether any tool is named.
_Tools = tuple[frozenset[str], frozenset[str], bool]
_Way = tuple[Mode | None, Bandwidth | None]


def usable_tools(profile: CourseProfile) -> list[str]:
    """Return the ids of the tools a class works with and does not block itself."""
    blocked = {tool_id(tool) for tool in profile.blocked_tools}
    return sorted({tool_id(tool) for tool in profile.tools} - blocked)


@dataclass(frozen=True)
class Technology:
    """Compares tools both can use, ways of working, and whether the thinner connection carries them.

    Parameters
    ----------
    tools : ByKind
        Value of tools, negative where a side names none.
    ways_sum, ways_known : KindTable
        Sum of the known values of ways of working and connections, and how many of the two are known.
    """

    tools: ByKind
    ways_sum: KindTable
    ways_known: KindTable

    def __call__(self, pairs: Pairs) -> Compared:
        """Return the mean of what is known of the three; confidence is the share that is known."""
        (tools,) = self.tools(pairs)
        known = self.ways_known(pairs)
        known += tools >= 0
        value = self.ways_sum(pairs)
        value += np.maximum(tools, 0, out=tools)
        value /= np.maximum(known, 1)
        known *= np.float32(1 / _N_TECHNOLOGY)
        return Compared(value, known)


def prepare_technology(left: EncodedProfiles, right: EncodedProfiles) -> Technology:
    """Prepare what each kind of tools, way of working and connection means for each other."""
    ways_left, ways_right = _ways(left.profiles), _ways(right.profiles)
    return Technology(
        ByKind.prepare(_tools(left.profiles), _tools(right.profiles), _ToolFormula.of),
        KindTable.of(ways_left, ways_right, lambda a, b: np.nan_to_num(_way_values(a, b)).sum(axis=0)),
        KindTable.of(ways_left, ways_right, lambda a, b: np.isfinite(_way_values(a, b)).sum(axis=0).astype(np.float32)),
    )


@dataclass(frozen=True)
class _ToolFormula:
    """Tools both can use, and tools of one side that the other blocks; whether a kind names any."""

    shared: Holdings
    blocked_left: Holdings
    blocked_right: Holdings
    named_left: Bools
    named_right: Bools

    @classmethod
    def of(cls, left: Sequence[_Tools], right: Sequence[_Tools]) -> _ToolFormula:
        usable_left, usable_right = [kind[0] for kind in left], [kind[0] for kind in right]
        named_left, named_right = (np.array([kind[2] for kind in side], dtype=bool) for side in (left, right))
        return cls(
            Holdings.of(usable_left, usable_right),
            Holdings.of([kind[1] for kind in left], usable_right),
            Holdings.of(usable_left, [kind[1] for kind in right]),
            named_left,
            named_right,
        )

    def __call__(self, pairs: Pairs) -> tuple[Singles]:
        # A shared tool is in both lists of use; what a side itself blocks is not in its own list.
        shared = self.shared.count(pairs)
        blocked = self.blocked_left.count(pairs) + self.blocked_right.count(pairs)
        without = np.where(blocked > 0, np.float32(0), np.float32(NO_TOOL_IN_COMMON))
        value = np.where(shared > 0, np.minimum(shared * np.float32(1 / ENOUGH_TOOLS), 1), without)
        return (np.where(self.named_left[pairs.rows] & self.named_right[pairs.columns], value, _UNKNOWN),)


def _way_values(left: Sequence[_Way], right: Sequence[_Way]) -> Singles:
    """Return how ways of working fit and how far connections carry them, NaN unknown, (2, n_left, n_right)."""
    (modes_left, widths_left), (modes_right, widths_right) = (
        np.array([(_MODES.index(mode), _BANDWIDTHS.index(width)) for mode, width in side], dtype=np.int64)
        .reshape(-1, 2)
        .T
        for side in (left, right)
    )
    thinner, livelier = np.minimum.outer(widths_left, widths_right), np.minimum.outer(modes_left, modes_right)
    return np.stack([_MODE_FIT[np.ix_(modes_left, modes_right)], _CARRIES[thinner, livelier]]).astype(np.float32)


def _tools(profiles: Iterable[CourseProfile]) -> list[_Tools]:
    return [(frozenset(usable_tools(p)), frozenset(map(tool_id, p.blocked_tools)), bool(p.tools)) for p in profiles]


def _ways(profiles: Iterable[CourseProfile]) -> list[_Way]:
    return [(p.mode, p.bandwidth) for p in profiles]


@dataclass(frozen=True)
class Overlap:
    """The part of the shorter list that both sides hold.

    Parameters
    ----------
    held : Holdings
    part_left, part_right : ndarray, shapes (n_left,) and (n_right,)
        1 over the length of each list, 0 for an empty one.
    """

    held: Holdings
    part_left: Singles
    part_right: Singles

    @classmethod
    def of(cls, left: Sequence[Sequence[Hashable]], right: Sequence[Sequence[Hashable]]) -> Overlap:
        """Prepare the lists of both sides."""
        return cls(Holdings.of(left, right), _parts(left), _parts(right))

    def __call__(self, pairs: Pairs) -> Singles:
        """Return the overlap of pairs, 0..1; 0 where a side has no list."""
        overlap = self.held.count(pairs)
        # 1 over the shorter length.
        overlap *= np.maximum(self.part_left[pairs.rows], self.part_right[pairs.columns])
        return overlap


@dataclass(frozen=True)
class Goals:
    """Compares Sustainable Development Goals and transversal skills.

    Parameters
    ----------
    sdgs, skills : Overlap
    known : KindTable
        How many of the two lists both sides have.
    """

    sdgs: Overlap
    skills: Overlap
    known: KindTable

    def __call__(self, pairs: Pairs) -> Compared:
        """Return the mean overlap of the lists both have; confidence is their share of the two."""
        known = self.known(pairs)
        value = self.sdgs(pairs)
        value += self.skills(pairs)
        value /= np.maximum(known, 1)
        known *= np.float32(1 / _N_GOALS)
        return Compared(value, known)


def prepare_goals(left: EncodedProfiles, right: EncodedProfiles) -> Goals:
    """Prepare the goals and skills of both sides."""
    return Goals(
        Overlap.of([p.sdgs for p in left.profiles], [p.sdgs for p in right.profiles]),
        Overlap.of([p.skills for p in left.profiles], [p.skills for p in right.profiles]),
        KindTable.of(_has_lists(left.profiles), _has_lists(right.profiles), _lists_of_both),
    )


def _has_lists(profiles: Iterable[CourseProfile]) -> list[tuple[bool, bool]]:
    return [(bool(p.sdgs), bool(p.skills)) for p in profiles]


def _lists_of_both(left: Sequence[tuple[bool, bool]], right: Sequence[tuple[bool, bool]]) -> Singles:
    held_left, held_right = (np.array(side, dtype=np.float32).reshape(-1, _N_GOALS) for side in (left, right))
    return held_left @ held_right.T


def _parts(lists: Sequence[Sequence[Hashable]]) -> Singles:
    return np.array([1 / len(set(items)) if items else 0.0 for items in lists], dtype=np.float32)
