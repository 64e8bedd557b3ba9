"""Courses and matches as indicators see them, made of a few words."""

from datetime import date, datetime
from typing import Any

from matcher.vocabulary.asem import REGIONS
from webapp.insights.facts import Course, Leader, Origin, Pair, Spot, Step
from webapp.matches.lifecycle import State
from webapp.matches.travel import Place

HANOI, LISBON = Place(21.0245, 105.8412), Place(38.7167, -9.1333)


def course(country: str, **fields: Any) -> Course:
    """A course in a country."""
    spot = Spot(country, REGIONS[country].value, (), HANOI if REGIONS[country] == "asia" else LISBON)
    values: dict[str, Any] = {
        "spot": spot, "is_offered": True, "day": date(2027, 2, 1), "starts_on": None, "students": None, "field": "",
        "level": "", "bandwidth": "", "mode": "", "languages": frozenset(), "goals": frozenset(),
    }  # fmt: skip
    return Course(**(values | fields))


def pair(at_a: str = "VN", at_b: str = "PT", step: Step = Step.ACCEPTED, **fields: Any) -> Pair:
    """A match between two countries."""
    at = tuple(datetime(2027, 1, day) if day <= step else None for day in range(1, 6))
    values: dict[str, Any] = {
        "a": course(at_a), "b": course(at_b), "origin": Origin.ROUND, "state": State.ACCEPTED, "step": step,
        "score": 0.5, "at": at, "first_yes": None, "leader": Leader.UNSAID, "reason": "", "day": date(2027, 2, 1),
    }  # fmt: skip
    return Pair(**(values | fields))
