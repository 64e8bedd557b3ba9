"""Hard caps and guaranteed minimums of groups: what a coordinator may ask for, and what could not be kept.

Minimums come before fit and balance, caps are never passed by a free choice, and neither makes a round fail:
what could not be kept is reported.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from matcher.balance import Counts, GroupLevel

# A fair share such as 2.9999999999 is meant to be 3.
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Limits:
    """What one group is given at least and at most.

    Parameters
    ----------
    minimum : int >= 0
        Partnerships the group is given before anything else counts, where possible.
    cap : int >= 0, optional
        Partnerships it never passes, except by pairs a coordinator locked; None is no cap.

    Raises
    ------
    ValueError
        If a number is negative or the minimum is above the cap.
    """

    minimum: int = 0
    cap: int | None = None

    def __post_init__(self) -> None:
        if self.minimum < 0 or (self.cap is not None and self.cap < 0):
            raise ValueError("limits are never negative")
        if self.cap is not None and self.minimum > self.cap:
            raise ValueError(f"a minimum of {self.minimum} is above the cap of {self.cap}")


@dataclass(frozen=True)
class LimitMissed:
    """A group's limit that could not be kept.

    ``side`` is "left" or "right", ``level`` 1 for the first array of ``groups_left`` or ``groups_right``, 2
    for the next; ``given`` the group's partnerships, ``minimum`` and ``cap`` (None: no cap) what was asked
    for.
    """

    side: str
    level: int
    label: object
    given: int
    minimum: int
    cap: int | None

    @property
    def missing(self) -> int:
        """Partnerships below the minimum."""
        return max(0, self.minimum - self.given)

    @property
    def over(self) -> int:
        """Partnerships above the cap; only locked pairs can bring a group there."""
        return 0 if self.cap is None else max(0, self.given - self.cap)


def limit_arrays(
    levels: Sequence[GroupLevel],
    capacity: Counts,
    minimum: Counts,
    limits: Sequence[Mapping[object, Limits]],
    least_share: float,
    everyone_first: bool,
) -> tuple[tuple[Counts, ...], tuple[Counts, ...]]:
    """Minimums and caps of every group, one array (n_groups,) a level, the course level first.

    Parameters
    ----------
    levels : course level first
    capacity, minimum : (n,) of the courses
    limits : one mapping from labels for each level above the courses
    least_share : 0..1
        Every group is given at least ``floor(least_share * fair share)``.
    everyone_first : bool
        Every course that offers a place has a minimum of at least one.

    Raises
    ------
    ValueError
        If there are more mappings than levels.
    """
    if len(limits) > len(levels) - 1:
        raise ValueError(f"{len(limits)} mappings of limits for {len(levels) - 1} group levels")
    courses = np.maximum(minimum, (capacity > 0).astype(np.int64)) if everyone_first else minimum
    minimums, caps = [courses], [capacity]
    for depth, level in enumerate(levels[1:]):
        own = limits[depth] if depth < len(limits) else {}
        found = [own.get(label, Limits()) for label in level.labels]
        minimums.append(np.array([one.minimum for one in found], dtype=np.int64))
        caps.append(_caps(level, found))
    floors = [np.floor(least_share * level.shares + _ROUNDING).astype(np.int64) for level in levels]
    return (
        tuple(np.maximum(own, np.minimum(floor, cap)) for own, floor, cap in zip(minimums, floors, caps, strict=True)),
        tuple(caps),
    )


def _caps(level: GroupLevel, limits: Sequence[Limits]) -> Counts:
    """Caps of one level; a group without one may fill every place it offers."""
    pairs = zip(limits, level.offered.tolist(), strict=True)
    return np.array([offered if one.cap is None else one.cap for one, offered in pairs], dtype=np.int64)


def limits_missed(
    side: str,
    levels: Sequence[GroupLevel],
    minimums: Sequence[Counts],
    limits: Sequence[Mapping[object, Limits]],
    courses: Counts,
) -> tuple[LimitMissed, ...]:
    """Limits of groups that the partnerships of ``courses`` (indices on this side) do not keep.

    A group that is asked for and has no course in the round is reported too.
    """
    missed = []
    for depth, level in enumerate(levels[1:], start=1):
        own = limits[depth - 1] if depth - 1 < len(limits) else {}
        groups = zip(level.labels, level.counts(courses).tolist(), minimums[depth].tolist(), strict=True)
        missed += [LimitMissed(side, depth, *group, own.get(group[0], Limits()).cap) for group in groups]
        absent = sorted(set(own) - set(level.labels), key=str)
        missed += [LimitMissed(side, depth, label, 0, own[label].minimum, own[label].cap) for label in absent]
    return tuple(one for one in missed if one.missing or one.over)
