"""Why a pair was proposed: everything a page shows, as plain data that is stored with the match."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from matcher.calendars import LiveWeek
from matcher.reasons import Reason


@dataclass(frozen=True)
class Share:
    """What one criterion says about a pair.

    `value` 0..1, None when unknown; `weight` of the criterion, all of them adding up to 1; `share` is what it
    adds to the score; `confidence` 0..1 in the value.
    """

    criterion: str
    value: float | None
    weight: float
    share: float
    confidence: float


@dataclass(frozen=True)
class Explanation:
    """The score of a pair and all that led to it.

    Parameters
    ----------
    score, confidence : float
        0..1; the shares add up to the score.
    shares : tuple of Share
        One for each criterion, in fixed order.
    reasons : tuple of Reason
        What forbids the pair, then what fits, then what to talk about; the weightiest of each kind first.
    shared_weeks, teaching_weeks_a, teaching_weeks_b : tuple of date
        Mondays; a is the Asian (or first), b the European (or second) side. Empty when dates are unknown.
    live_hours : tuple of LiveWeek
        One for each shared week; empty when a time zone is unknown.
    is_text_fallback : bool
        Whether texts were compared by spelling only, because no sentence model was there.
    """

    score: float
    confidence: float
    shares: tuple[Share, ...]
    reasons: tuple[Reason, ...]
    shared_weeks: tuple[date, ...] = ()
    teaching_weeks_a: tuple[date, ...] = ()
    teaching_weeks_b: tuple[date, ...] = ()
    live_hours: tuple[LiveWeek, ...] = ()
    is_text_fallback: bool = False

    def with_rules(self, broken: tuple[Reason, ...]) -> Explanation:
        """Return the explanation with the rules a forbidden pair breaks put first."""
        return replace(self, reasons=(*broken, *self.reasons))

    def to_dict(self) -> dict[str, Any]:
        """Return the explanation as JSON values."""
        return {
            "score": self.score,
            "confidence": self.confidence,
            "shares": [vars(share).copy() for share in self.shares],
            "reasons": [reason.to_dict() for reason in self.reasons],
            "shared_weeks": [week.isoformat() for week in self.shared_weeks],
            "teaching_weeks_a": [week.isoformat() for week in self.teaching_weeks_a],
            "teaching_weeks_b": [week.isoformat() for week in self.teaching_weeks_b],
            "live_hours": [week.to_dict() for week in self.live_hours],
            "is_text_fallback": self.is_text_fallback,
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Explanation:
        """Read what `to_dict` wrote."""
        return cls(
            score=stored["score"],
            confidence=stored["confidence"],
            shares=tuple(Share(**share) for share in stored["shares"]),
            reasons=tuple(Reason.from_dict(reason) for reason in stored["reasons"]),
            shared_weeks=_weeks(stored["shared_weeks"]),
            teaching_weeks_a=_weeks(stored["teaching_weeks_a"]),
            teaching_weeks_b=_weeks(stored["teaching_weeks_b"]),
            live_hours=tuple(LiveWeek.from_dict(week) for week in stored["live_hours"]),
            is_text_fallback=stored["is_text_fallback"],
        )


def _weeks(stored: list[str]) -> tuple[date, ...]:
    return tuple(date.fromisoformat(week) for week in stored)
