"""What a matching round gives: pairs, alternates, courses left out, and the report on balance."""

from __future__ import annotations

from dataclasses import dataclass

from matcher.balance import BalanceReport
from matcher.explanation import Explanation
from matcher.left_out import LeftOut


@dataclass(frozen=True)
class Pairing:
    """A proposed partnership: ``a_id`` of the Asian, ``b_id`` of the European course, and why."""

    a_id: str
    b_id: str
    explanation: Explanation


@dataclass(frozen=True)
class Alternate:
    """The next best partner of a course in case its match falls through; ``rank`` counts from 1, ``score`` is
    0..1."""

    profile_id: str
    partner_id: str
    rank: int
    score: float
    confidence: float


@dataclass(frozen=True)
class Ranked:
    """A possible partner and why."""

    partner_id: str
    explanation: Explanation


@dataclass(frozen=True)
class Proposals:
    """The outcome of a round, every list sorted by id; alternates by id and rank."""

    pairs: tuple[Pairing, ...]
    alternates: tuple[Alternate, ...]
    left_out: tuple[LeftOut, ...]
    report: BalanceReport
