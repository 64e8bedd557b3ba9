"""Profiles for tests: a plain one, and any that hypothesis can think of."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

from hypothesis import strategies as st

from matcher.profile import Bandwidth, CourseProfile, Level, Mode, Slot, Wishes
from matcher.vocabulary.cefr import CEFR_LEVELS

_N_MADE = iter(range(10**9))


def make_profile(**changes: Any) -> CourseProfile:
    """Return a profile that knows only what is required, with an institution of its own."""
    number = next(_N_MADE)
    required = {"id": f"p{number}", "institution": f"University {number}", "country": "JP", "title": "Marketing"}
    return CourseProfile(**(required | changes))


def some(*values: str) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), unique=True, max_size=3).map(tuple)


def _terms() -> st.SearchStrategy[dict[str, Any]]:
    first = st.dates(date(2026, 8, 1), date(2027, 3, 31))
    length = st.integers(0, 140)
    return st.tuples(first, length, st.integers(-20, 100), st.integers(0, 20)).map(
        lambda drawn: {
            "starts_on": drawn[0],
            "ends_on": drawn[0] + timedelta(days=drawn[1]),
            "breaks": ((drawn[0] + timedelta(days=drawn[2]), drawn[0] + timedelta(days=drawn[2] + drawn[3])),),
        }
    )


ZONES = ("Asia/Tokyo", "Asia/Kolkata", "Asia/Yangon", "Pacific/Auckland", "Europe/Paris", "Europe/London")

slots = st.builds(
    lambda day, start, length: Slot(day, time(start // 60, start % 60), _minutes(min(start + length, 1439))),
    st.integers(0, 6),
    st.integers(0, 1400),
    st.integers(1, 600),
)


def _minutes(count: int) -> time:
    return time(count // 60, count % 60)


@st.composite
def profiles(draw: st.DrawFn) -> CourseProfile:
    """Any profile, with few values for each field so that profiles often agree."""
    dates = draw(st.one_of(st.just({}), _terms(), st.just({"starts_on": date(2026, 9, 7)})))
    languages = st.dictionaries(st.sampled_from(("en", "fr", "ja")), st.sampled_from((None, *CEFR_LEVELS)), max_size=2)
    return CourseProfile(
        id=draw(st.sampled_from("abcdefgh")),
        institution=draw(st.sampled_from(("École Polytechnique", "ecole polytechnique", "Keio", "The Keio", "!"))),
        country=draw(st.sampled_from(("JP", "FR", "US", "HK", "TW", "IN"))),
        title=draw(st.sampled_from(("Film studies", "Climate change", "映画研究"))),
        discipline=draw(st.sampled_from((None, "Economics"))),
        description=draw(st.sampled_from((None, "Cities in a changing climate", "Films of Asia"))),
        keywords=draw(some("film", "economy", "climate change")),
        level=draw(st.sampled_from((None, *Level))),
        exchange_languages=draw(languages),
        native_languages=draw(some("en", "fr", "ja")),
        learning_languages=draw(some("en", "fr", "ja")),
        time_zone=draw(st.sampled_from((None, *ZONES))),
        slots=draw(st.lists(slots, max_size=3, unique=True).map(tuple)),
        mode=draw(st.sampled_from((None, *Mode))),
        tools=draw(some("zoom", "teams", "voov")),
        blocked_tools=draw(some("zoom", "teams", "voov")),
        bandwidth=draw(st.sampled_from((None, *Bandwidth))),
        capacity=draw(st.sampled_from((0, 1, 2))),
        wishes=Wishes(must_have_topic=draw(st.sampled_from((None, "Films", "climate change", "映画", "?!")))),
        **dates,
    )
