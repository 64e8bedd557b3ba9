"""What a coordinator is asked to look at, found once for all pairs of a draft."""

from datetime import date
from typing import Any

import pytest

from matcher.calendars import LiveWeek
from matcher.explanation import Explanation
from webapp.profiles.models import CourseProfile
from webapp.rounds import draft_warnings, labels
from webapp.rounds.draft_warnings import Found
from webapp.rounds.models import RoundPair

FULL: dict[str, Any] = {
    "description": "Rivers.",
    "exchange_languages": {"en": "B2"},
    "isced_f": "0532",
    "students": 25,
    "starts_on": date(2027, 2, 15),
    "ends_on": date(2027, 6, 4),
    "time_zone": "Asia/Tokyo",
    "slots": [{"weekday": "mon", "start": "09:00", "end": "10:30"}],
    "level": "bachelor",
    "native_languages": ["ja"],
    "tools": ["zoom"],
    "sdgs": [6],
    "skills": [],
}


def found(pair_id: int, hours: float = 2.0, confidence: float = 0.9, score: float = 0.7, **fields: Any) -> Found:
    """A pair of two complete courses of institutions 1 and 2, of which one is changed."""
    a = CourseProfile(id=2 * pair_id, institution_id=1, **(FULL | fields))
    b = CourseProfile(id=2 * pair_id + 1, institution_id=2, **FULL)
    weeks = (LiveWeek(date(2027, 3, 1), hours, (), ()), LiveWeek(date(2027, 3, 8), hours, (), ()))
    row = RoundPair(id=pair_id, score=score, confidence=confidence)
    return Found(row, Explanation(score, confidence, (), (), live_hours=weeks), a, b)


@pytest.mark.parametrize(
    ("pair", "code"),
    [
        (found(1), None),
        (found(1, confidence=0.5), draft_warnings.LOW_CONFIDENCE),
        (found(1, hours=0.9), draft_warnings.FEW_LIVE_HOURS),
        (found(1, students=10), draft_warnings.SIZES_APART),
        (found(1, students=11), None),
        (found(1, students=None), None),
        (found(1, tools=[], level=None, isced_f=None), None),
        (found(1, tools=[], level=None, isced_f=None, description=""), draft_warnings.THIN_PROFILE),
    ],
)
def test_each_warning_is_given_from_its_limit_on(pair: Found, code: str | None) -> None:
    warned = draft_warnings.of([pair], {})
    assert [name for name, ids in warned.items() if ids] == ([code] if code else [])


def test_from_the_third_exchange_of_two_institutions_on_the_weaker_pairs_are_warned_of() -> None:
    pairs = [found(1, score=0.5), found(2, score=0.9)]
    assert draft_warnings.of(pairs, {})[draft_warnings.SAME_TWO] == []
    assert draft_warnings.of(pairs, {frozenset((1, 2)): 1})[draft_warnings.SAME_TWO] == [1]
    assert draft_warnings.of(pairs, {frozenset((1, 2)): 2})[draft_warnings.SAME_TWO] == [1, 2]


def test_every_warning_has_words() -> None:
    assert set(draft_warnings.CODES) == labels.WARNING_LABELS.keys()
