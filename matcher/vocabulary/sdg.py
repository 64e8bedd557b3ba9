"""The 17 Sustainable Development Goals (SDG)."""

from __future__ import annotations

from matcher.vocabulary.tables import read_table

_ROWS = read_table("sdg")

# Short English names and full English titles by number of the goal.
GOALS: dict[int, str] = {int(row["goal"]): row["name_en"] for row in _ROWS}
GOAL_TITLES: dict[int, str] = {int(row["goal"]): row["title_en"] for row in _ROWS}
FIRST_GOAL, LAST_GOAL = min(GOALS), max(GOALS)


def goal_name(goal: int) -> str:
    """Return a goal as `SDG 4 Quality education`."""
    return f"SDG {goal} {GOALS[goal]}" if goal in GOALS else f"SDG {goal}"
