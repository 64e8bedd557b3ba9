"""Two rounds pair by pair: what only one of them found, and what both found with which score."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from webapp.rounds.models import Round


class Found(StrEnum):
    """Which of two rounds found a pair."""

    HERE = "here"
    THERE = "there"
    BOTH = "both"


@dataclass(frozen=True)
class Key:
    """One pair of one round, as far as comparing needs it.

    Parameters
    ----------
    id, ids
        Of the row, and of the two courses, the Asian one first.
    score
        0..1.
    """

    id: int
    ids: tuple[int, int]
    score: float


@dataclass(frozen=True)
class Compared:
    """One pair in two rounds.

    Parameters
    ----------
    ids
        Of both courses, the Asian one first.
    found
        In which of the rounds.
    here, there
        Its score in each, 0..1; None where it is missing.
    """

    ids: tuple[int, int]
    found: Found
    here: float | None
    there: float | None

    @property
    def difference(self) -> float | None:
        """Points of 100 by which the score here lies above that there; None unless both found the pair."""
        return None if self.here is None or self.there is None else round(100 * self.here) - round(100 * self.there)


def compare(here: Sequence[Key], there: Sequence[Key]) -> list[Compared]:
    """Compare the pairs of two rounds: those of one only first, then the greatest differences, then the better fit."""
    mine, theirs = ({key.ids: key.score for key in keys} for keys in (here, there))
    rows = [_compared(ids, mine.get(ids), theirs.get(ids)) for ids in mine.keys() | theirs.keys()]
    return sorted(rows, key=_order)


def _compared(ids: tuple[int, int], here: float | None, there: float | None) -> Compared:
    found = Found.BOTH if here is not None and there is not None else Found.THERE if here is None else Found.HERE
    return Compared(ids, found, here, there)


def _order(row: Compared) -> tuple[Any, ...]:
    place = {Found.HERE: 0, Found.THERE: 1, Found.BOTH: 2}[row.found]
    return (place, -abs(row.difference or 0), -(row.here or row.there or 0.0), row.ids)


@dataclass(frozen=True)
class Figure:
    """One figure of two rounds.

    Parameters
    ----------
    code
        ``pairs``, ``fit``, ``coverage_a``, ``coverage_b`` or ``balance``.
    here, there
        The two values.
    """

    code: str
    here: float
    there: float


def figures(here: Round, there: Round) -> list[Figure]:
    """Compare the figures of two rounds; those one of them does not know are left away."""
    found = [Figure("pairs", here.n_matches, there.n_matches), Figure("balance", here.balance, there.balance)]
    for code, key in (("fit", "quality"), ("coverage_a", "coverage_a"), ("coverage_b", "coverage_b")):
        if key in here.report and key in there.report:
            found.append(Figure(code, here.report[key], there.report[key]))
    return found
