"""A stored explanation as a round writes it: Hanoi and Lisbon in spring 2027, over the change of clocks in Europe."""

from datetime import date, time, timedelta
from typing import Any

from matcher.calendars import live_hours, shared_weeks, teaching_weeks
from matcher.explanation import Explanation, Share
from matcher.profile import CourseProfile, Slot
from matcher.reasons import make_reason

HANOI = CourseProfile(
    id="1",
    institution="Hanoi University",
    country="VN",
    title="Urban water",
    starts_on=date(2027, 2, 22),
    ends_on=date(2027, 5, 14),
    breaks=((date(2027, 3, 8), date(2027, 3, 14)),),
    time_zone="Asia/Ho_Chi_Minh",
    slots=(Slot(0, time(14), time(17)), Slot(1, time(14), time(17))),
)
LISBON = CourseProfile(
    id="2",
    institution="University of Lisbon",
    country="PT",
    title="Rivers and cities",
    starts_on=date(2027, 3, 1),
    ends_on=date(2027, 6, 4),
    time_zone="Europe/Lisbon",
    slots=(Slot(0, time(8), time(10)), Slot(1, time(8), time(10))),
)
SHARES = (
    Share("topic", 0.9, 0.4, 0.355, 1.0),
    Share("language", 0.8, 0.3, 0.236, 1.0),
    Share("class_size", None, 0.3, 0.135, 0.0),
)
REASONS = (
    make_reason("topic_shared_terms", terms=["river", "flood"]),
    make_reason("language_shared_at_levels", language="en", cefr_a="B2", cefr_b="C1"),
    make_reason("class_size_missing", titles=["Urban water (Hanoi University)"]),
)


def explanation(**changes: Any) -> dict[str, Any]:
    """The stored form, with single fields changed."""
    values: dict[str, Any] = {
        "score": 0.726,
        "confidence": 0.7,
        "shares": SHARES,
        "reasons": REASONS,
        "shared_weeks": shared_weeks(HANOI, LISBON),
        "teaching_weeks_a": teaching_weeks(HANOI),
        "teaching_weeks_b": teaching_weeks(LISBON),
        "live_hours": live_hours(HANOI, LISBON),
    }
    return Explanation(**(values | changes)).to_dict()


def weeks(first: date, n: int) -> tuple[date, ...]:
    """Mondays in a row."""
    return tuple(first + timedelta(weeks=at) for at in range(n))
