"""What a matching round gives: pairs, alternates, courses left out, and the report on balance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from matcher.balance import BalanceReport
from matcher.explanation import Explanation
from matcher.left_out import LeftOut
from matcher.optimality import Certificate
from matcher.text_statistics import TextStatistics


@dataclass(frozen=True)
class Pairing:
    """A proposed partnership: ``a_id`` of the Asian, ``b_id`` of the European course, and why.

    ``lead`` is the id of the course that leads: leads are split so that every course, institution, country
    and region leads and follows equally often, give or take one.
    """

    a_id: str
    b_id: str
    explanation: Explanation
    lead: str


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
    """The outcome of a round, every list sorted by id; alternates by id and rank.

    ``certificate`` says how near the choice is to the best over all permitted pairs, ``explain(a_id, b_id)``
    explains any pair of the round by the statistics it was scored with, which ``statistics`` keeps.
    """

    pairs: tuple[Pairing, ...]
    alternates: tuple[Alternate, ...]
    left_out: tuple[LeftOut, ...]
    report: BalanceReport
    certificate: Certificate
    explain: Callable[[str, str], Explanation] = field(compare=False, repr=False)
    statistics: TextStatistics = field(compare=False, repr=False)
