"""Why a course has no partner after a round: the most telling true reason, by name and number."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from matcher.pairs import Bools, Ints
from matcher.profile import CourseProfile
from matcher.reasons import JsonValue, Reason, make_reason

_HUNDRED = 100
# Pairs judged at once, so that memory does not grow with the market.
_PAIRS_AT_ONCE = 1_000_000


@dataclass(frozen=True)
class LeftOut:
    """A course without a partner, and why."""

    profile_id: str
    reason: Reason


class Judged(Protocol):
    """What some courses of one side see of all courses of the other."""

    def __call__(self, own: Ints) -> tuple[Mapping[str, Bools], npt.NDArray[np.floating]]:
        """Return the pairs each rule forbids, by code, and the scores 0..1, all (n_own, n_other)."""
        ...


@dataclass(frozen=True)
class SideOfRound:
    """One side after a round: its courses, what they see of the other side, which courses there (n_other,) still
    have a place, and which pairs (n_own, n_other) of some courses a cap took out."""

    profiles: Sequence[CourseProfile]
    judge: Judged
    is_free: npt.NDArray[np.bool_]
    capped: Callable[[Ints], Bools]


def reasons_left_out(
    side: SideOfRound, is_paired: npt.NDArray[np.bool_], min_score: float, min_shared_weeks: int
) -> list[LeftOut]:
    """One reason for each unpaired course of the side.

    Parameters
    ----------
    is_paired : (n_own,) which courses have a partner
    min_score : 0..1, the floor below which no pair is proposed
    min_shared_weeks : what the calendar rule asks for
    """
    unpaired = np.flatnonzero(~is_paired)
    at_once = max(_PAIRS_AT_ONCE // max(len(side.is_free), 1), 1)
    found = []
    for start in range(0, len(unpaired), at_once):
        own = unpaired[start : start + at_once]
        forbidden, score = side.judge(own)
        is_capped = side.capped(own)
        for at, row in enumerate(own.tolist()):
            profile = side.profiles[row]
            its = {code: pairs[at] for code, pairs in forbidden.items()}
            seen = _Seen(its, score[at], side.is_free, is_capped[at])
            found.append(LeftOut(profile.id, _reason(profile, seen, min_score, min_shared_weeks)))
    return found


@dataclass(frozen=True)
class _Seen:
    """What one course sees of the other side, arrays of shape (n_other,)."""

    forbidden: Mapping[str, Bools]
    score: npt.NDArray[np.floating]
    is_free: Bools
    is_capped: Bools


def _reason(profile: CourseProfile, seen: _Seen, min_score: float, min_shared_weeks: int) -> Reason:
    n_courses = len(seen.is_free)
    if profile.capacity < 1:
        return make_reason("left_out_own_capacity")
    if n_courses == 0:
        return make_reason("left_out_no_other_side")
    permitted = ~np.any(list(seen.forbidden.values()), axis=0)
    n_permitted = int(permitted.sum())
    if n_permitted == 0:
        # Of rules that forbid equally many the first of the table is named; the order of courses plays no
        # part.
        code = max(seen.forbidden, key=lambda code: int(seen.forbidden[code].sum()))
        params: dict[str, JsonValue] = {"n_courses": n_courses, "n_forbidden": int(seen.forbidden[code].sum())}
        if code == "too_few_shared_weeks":
            params["n_minimum"] = min_shared_weeks
        return make_reason(f"left_out_{code}", **params)
    fitting = permitted & (seen.score >= min_score)
    n_partners = int(fitting.sum())
    if n_partners == 0:
        # Rounded away from each other, so that the sentence never says that 35 is less than 35.
        best, least = float(seen.score[permitted].max()), min_score
        return make_reason(
            "left_out_low_scores",
            n_partners=n_permitted,
            score_best=int(best * _HUNDRED),
            score_minimum=int(np.ceil(least * _HUNDRED)),
        )
    with_place = fitting & seen.is_free
    if not with_place.any():
        return make_reason("left_out_places_taken", n_partners=n_partners)
    code = "left_out_for_balance" if (with_place & ~seen.is_capped).any() else "left_out_house_cap"
    return make_reason(code, n_partners=n_partners)
