"""Levels of the Common European Framework of Reference for Languages, in order."""

from __future__ import annotations

CEFR_LEVELS: tuple[str, ...] = ("A1", "A2", "B1", "B2", "C1", "C2")

# Two steps (B1 with C1) is what mixed groups cope with; beyond, one side cannot follow the other.
FURTHEST_STEPS = 2


def cefr_level(text: str) -> str:
    """Return a level in its usual form, such as ``B2`` for ``b2``.

    Raises
    ------
    ValueError
        If it is none of the six levels.
    """
    level = text.strip().upper()
    if level not in CEFR_LEVELS:
        raise ValueError(f"must be one of {', '.join(CEFR_LEVELS)}; not {text!r}")
    return level


def cefr_steps(level_a: str, level_b: str) -> int:
    """Return how many steps lie between two levels: 0 for the same, 5 for A1 and C2."""
    return abs(CEFR_LEVELS.index(level_a) - CEFR_LEVELS.index(level_b))


def levels_meet(level_a: str | None, level_b: str | None) -> bool:
    """Tell whether two classes can work together in a language at these levels; unknown levels can."""
    return level_a is None or level_b is None or cefr_steps(level_a, level_b) <= FURTHEST_STEPS
