"""Why a course has no partner after a round: the most telling true reason, by name and number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matcher.criterion import Floats
from matcher.profile import CourseProfile
from matcher.reasons import JsonValue, Reason, make_reason
from matcher.rule_matrices import Bools

_HUNDRED = 100


@dataclass(frozen=True)
class LeftOut:
    """A course without a partner, and why."""

    profile_id: str
    reason: Reason


@dataclass(frozen=True)
class SideOfRound:
    """What one course after another of one side sees of the other; arrays have the shape (n_own, n_other).

    ``forbidden`` holds the pairs each rule forbids by code of the rule, ``score`` is 0..1, ``is_free``
    (n_other,) says which courses of the other side still have a place.
    """

    profiles: Sequence[CourseProfile]
    forbidden: Mapping[str, Bools]
    score: Floats
    is_free: npt.NDArray[np.bool_]


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
    return [
        LeftOut(side.profiles[row].id, _reason(side, row, min_score, min_shared_weeks))
        for row in np.flatnonzero(~is_paired).tolist()
    ]


def _reason(side: SideOfRound, row: int, min_score: float, min_shared_weeks: int) -> Reason:
    n_courses = len(side.is_free)
    if side.profiles[row].capacity < 1:
        return make_reason("left_out_own_capacity")
    if n_courses == 0:
        return make_reason("left_out_no_other_side")
    forbidden = {code: pairs[row] for code, pairs in side.forbidden.items()}
    permitted = ~np.any(list(forbidden.values()), axis=0)
    n_permitted = int(permitted.sum())
    if n_permitted == 0:
        # Of rules that forbid equally many the first of the table is named; the order of courses plays no
        # part.
        code = max(forbidden, key=lambda code: int(forbidden[code].sum()))
        params: dict[str, JsonValue] = {"n_courses": n_courses, "n_forbidden": int(forbidden[code].sum())}
        if code == "too_few_shared_weeks":
            params["n_minimum"] = min_shared_weeks
        return make_reason(f"left_out_{code}", **params)
    fitting = permitted & (side.score[row] >= min_score)
    n_partners = int(fitting.sum())
    if n_partners == 0:
        # Rounded away from each other, so that the sentence never says that 35 is less than 35.
        best, least = float(side.score[row][permitted].max()), min_score
        return make_reason(
            "left_out_low_scores",
            n_partners=n_permitted,
            score_best=int(best * _HUNDRED),
            score_minimum=int(np.ceil(least * _HUNDRED)),
        )
    code = "left_out_for_balance" if (fitting & side.is_free).any() else "left_out_places_taken"
    return make_reason(code, n_partners=n_partners)
