"""Moves the demonstration courses by whole years, so that their terms lie ahead whenever the demonstration runs."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

DAYS_A_YEAR = 365.2425
# The demonstration moves on to the next year once fewer courses than this have not begun yet.
SHARE_AHEAD = 0.75


def shift_to(profiles: Iterable[Mapping[str, Any]], today: date) -> list[dict[str, Any]]:
    """Move starts_on, ends_on and breaks of all courses by one common number of whole weeks.

    Parameters
    ----------
    profiles : mappings as in profiles.jsonl; dates are written YYYY-MM-DD and may be missing
    today : the day after which most courses should begin

    Returns
    -------
    list of dict
        Copies, in the same order. Each year is as many whole weeks as come nearest to it, so weekdays and seasons
        stay. Nothing moves while at least three quarters of the dated courses begin after `today`, and nothing
        ever moves back.
    """
    profiles = list(profiles)
    starts = [date.fromisoformat(profile["starts_on"]) for profile in profiles if profile.get("starts_on")]
    n_years = 0
    while starts and sum(start + _years(n_years) > today for start in starts) < SHARE_AHEAD * len(starts):
        n_years += 1
    return moved(profiles, _years(n_years))


def moved(profiles: Iterable[Mapping[str, Any]], step: timedelta) -> list[dict[str, Any]]:
    """Copy courses with starts_on, ends_on and breaks moved by whole days."""
    copies = [dict(profile) for profile in profiles]
    for copy in copies:
        for field in ("starts_on", "ends_on"):
            if copy.get(field):
                copy[field] = _moved(copy[field], step)
        if copy.get("breaks"):
            copy["breaks"] = [{end: _moved(day, step) for end, day in span.items()} for span in copy["breaks"]]
    return copies


def _years(n: int) -> timedelta:
    return timedelta(weeks=round(n * DAYS_A_YEAR / 7))


def _moved(day: str, step: timedelta) -> str:
    return (date.fromisoformat(day) + step).isoformat()
