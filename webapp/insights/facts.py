"""Plain rows that indicators are computed from, and what a filter keeps of them."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import IntEnum, StrEnum
from typing import NamedTuple

from webapp.matches.lifecycle import Side, State
from webapp.matches.travel import Place


class Step(IntEnum):
    """How far a match has come."""

    PROPOSED = 1
    ACCEPTED = 2
    APPROVED = 3
    RUNNING = 4
    COMPLETED = 5


class Origin(StrEnum):
    """Who began a match."""

    ROUND = "round"
    ASIA = "asia"
    EUROPE = "europe"


class Leader(StrEnum):
    """Which side leads a match."""

    ASIA = "asia"
    EUROPE = "europe"
    BOTH = "both"
    UNSAID = "unsaid"
    """Neither a plan nor a round names anybody."""


REACHED_BY_STATE = {
    State.ACCEPTED: Step.ACCEPTED,
    State.APPROVED: Step.APPROVED,
    State.ACTIVE: Step.RUNNING,
    State.FELL_THROUGH: Step.RUNNING,
    State.COMPLETED: Step.COMPLETED,
}
ENDED = frozenset({State.DECLINED, State.EXPIRED, State.WITHDRAWN, State.FELL_THROUGH})


class Spot(NamedTuple):
    """An institution as indicators see it."""

    country: str
    region: str
    networks: tuple[str, ...]
    place: Place | None


class Course(NamedTuple):
    """A course as indicators see it: no title, no person."""

    spot: Spot
    is_offered: bool
    day: date | None
    """Its first day, else the day it was opened."""
    starts_on: date | None
    students: int | None
    field: str
    """Broad field of ISCED-F; empty when not stated."""
    level: str
    bandwidth: str
    mode: str
    languages: frozenset[str]
    goals: frozenset[int]


class Pair(NamedTuple):
    """A match as indicators see it."""

    a: Course
    b: Course
    origin: Origin
    state: State
    step: Step
    score: float
    at: tuple[datetime | None, ...]
    """When it was proposed, accepted, approved, started, completed: for the first time, UTC without its zone, None
    where unknown."""
    first_yes: Side | None
    """The side whose lecturer accepted first; None when nobody or both at once."""
    leader: Leader
    """As the newest version of its plan says, else as the round that proposed it."""
    reason: str
    day: date
    """First day on which both courses teach, else the day of the proposal."""


class Rows(NamedTuple):
    """Everything the indicators of a page rest on."""

    courses: Sequence[Course]
    pairs: Sequence[Pair]


class Wanted(NamedTuple):
    """What a page is narrowed to; empty parts keep everything."""

    term: str = ""
    country: str = ""
    network: str = ""


def half_year(day: date) -> str:
    """Give the half-year of a day: ``2027-1`` is January to June 2027."""
    return f"{day.year}-{1 if day.month <= 6 else 2}"


def narrowed(rows: Rows, wanted: Wanted) -> Rows:
    """Keep the rows a filter asks for: a match counts when either side is in the country or network."""

    def is_there(spot: Spot) -> bool:
        return (not wanted.country or spot.country == wanted.country) and (
            not wanted.network or wanted.network in spot.networks
        )

    def is_then(day: date | None) -> bool:
        return not wanted.term or (day is not None and half_year(day) == wanted.term)

    if wanted == Wanted():
        return rows
    return Rows(
        [course for course in rows.courses if is_there(course.spot) and is_then(course.day)],
        [
            pair
            for pair in rows.pairs
            if is_then(pair.day) and (is_there(pair.a.spot) or is_there(pair.b.spot))
        ],
    )  # fmt: skip
