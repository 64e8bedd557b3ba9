"""Levels of courses, the European Qualifications Framework (EQF) behind them, and how near two levels are."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import numpy as np
import numpy.typing as npt


class Level(StrEnum):
    """The level a course is taught at."""

    SECONDARY = "secondary"
    TVET = "tvet"
    BACHELOR = "bachelor"
    MASTER = "master"
    DOCTORAL = "doctoral"
    LIFELONG = "lifelong"


_NAMES: dict[str, str] = {
    Level.SECONDARY: "secondary school",
    Level.TVET: "vocational training",
    Level.BACHELOR: "bachelor",
    Level.MASTER: "master",
    Level.DOCTORAL: "doctoral",
    Level.LIFELONG: "lifelong learning",
}

# EQF levels each level of course covers. Secondary education ends at 4 and vocational training runs from 4
# to 5, so they meet at 4; adult education may lie anywhere.
EQF_LEVELS: dict[Level, range] = {
    Level.SECONDARY: range(3, 5),
    Level.TVET: range(4, 6),
    Level.BACHELOR: range(6, 7),
    Level.MASTER: range(7, 8),
    Level.DOCTORAL: range(8, 9),
    Level.LIFELONG: range(1, 9),
}

# The level a bare EQF level stands for. 1 and 2 are basic education, nearest to secondary; 4 is most often
# a school leaving certificate.
LEVEL_OF_EQF: dict[int, Level] = {
    1: Level.SECONDARY,
    2: Level.SECONDARY,
    3: Level.SECONDARY,
    4: Level.SECONDARY,
    5: Level.TVET,
    6: Level.BACHELOR,
    7: Level.MASTER,
    8: Level.DOCTORAL,
}

# Nearness by the EQF levels between the nearest ends of both ranges; each step costs more than the last,
# because first-year bachelors work well with vocational classes and hardly with schools.
_BY_EQF_STEPS = (1.0, 0.7, 0.4, 0.15, 0.0)
# Two different levels that meet at one EQF level (secondary and vocational) are near, not the same.
_MEETING = 0.8
# Adult learners are of mixed level: neither near nor far from any.
_LIFELONG = 0.6


def _nearness(level_a: Level, level_b: Level) -> float:
    if level_a == level_b:
        return 1.0
    if Level.LIFELONG in (level_a, level_b):
        return _LIFELONG
    eqf_a, eqf_b = EQF_LEVELS[level_a], EQF_LEVELS[level_b]
    gap = max(eqf_a[0] - eqf_b[-1], eqf_b[0] - eqf_a[-1])
    return _MEETING if gap <= 0 else _BY_EQF_STEPS[min(gap, len(_BY_EQF_STEPS) - 1)]


_LEVELS = tuple(Level)
_POSITIONS = {level: position for position, level in enumerate(_LEVELS)}
# One more row and column for unknown levels.
_TABLE = np.full((len(_LEVELS) + 1, len(_LEVELS) + 1), np.nan)
_TABLE[:-1, :-1] = [[_nearness(level_a, level_b) for level_b in _LEVELS] for level_a in _LEVELS]


def level_name(level: str) -> str:
    """Return the English name of a level given by its value, or the text itself when it is none."""
    return _NAMES.get(level, level)


def level_nearness(level_a: Level, level_b: Level) -> float:
    """Return how near two levels are, 0..1.

    1 the same; 0.8 secondary and TVET, which meet at EQF 4; otherwise by the EQF levels between them 0.7,
    0.4, 0.15, 0; 0.6 between lifelong learning and anything else.
    """
    return _nearness(level_a, level_b)


def level_nearness_matrix(left: Sequence[Level | None], right: Sequence[Level | None]) -> npt.NDArray[np.float64]:
    """Return the nearness of all pairs of levels, shape (n_left, n_right); NaN where either is unknown."""
    return _TABLE[np.ix_(_positions(left), _positions(right))]


def _positions(levels: Sequence[Level | None]) -> list[int]:
    return [len(_LEVELS) if level is None else _POSITIONS[level] for level in levels]
