"""The fields of a course profile: their types, and how each is checked when a profile is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, time, timedelta
from enum import StrEnum
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from matcher.reading import Reader, as_date, as_id, as_text, as_time, one_of, whole
from matcher.vocabulary.asem import COUNTRIES, Region
from matcher.vocabulary.cefr import cefr_level
from matcher.vocabulary.isced import field_code
from matcher.vocabulary.languages import primary_language
from matcher.vocabulary.levels import LEVEL_OF_EQF, Level
from matcher.vocabulary.sdg import FIRST_GOAL, LAST_GOAL
from matcher.vocabulary.skills import skill_id
from matcher.vocabulary.tools import tool_id

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# Longer spans are slips of the pen, such as 2072 for 2027, and would stretch every table of weeks.
LONGEST_COURSE = timedelta(days=3 * 366)


def weekday_name(weekday: int) -> str:
    """Return the English name of a weekday counted from Monday = 0."""
    return _WEEKDAY_NAMES[weekday].capitalize()


class Mode(StrEnum):
    """How the two classes work together: live, each in its own time, or both."""

    SYNCHRONOUS = "synchronous"
    ASYNCHRONOUS = "asynchronous"
    MIXED = "mixed"


class Bandwidth(StrEnum):
    """What the students' connections carry: text and pictures, video, several videos."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class FieldWish(StrEnum):
    """How a partner's field of education should stand to one's own; any is no wish."""

    SAME = "same"
    ADJACENT = "adjacent"
    COMPLEMENTARY = "complementary"
    ANY = "any"


@dataclass(frozen=True, order=True)
class Slot:
    """A weekly lesson in local time; `weekday` counts from Monday = 0.

    Raises
    ------
    ValueError
        If the weekday is not 0..6, or the end is not after the start: a lesson across midnight is two slots.
    """

    weekday: int
    start: time
    end: time

    def __post_init__(self) -> None:
        if not 0 <= self.weekday < len(WEEKDAYS):
            raise ValueError(f"weekday must be from 0 (Monday) to 6, not {self.weekday}")
        if self.end <= self.start:
            raise ValueError(
                f"must end after it starts, not {self.start:%H:%M} to {self.end:%H:%M}; "
                "write a lesson across midnight as two slots"
            )


@dataclass(frozen=True)
class Wishes:
    """What the lecturer would like in a partner; only `must_have_topic` is a condition."""

    regions: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    disciplines: tuple[str, ...] = ()
    must_have_topic: str | None = None
    field: FieldWish | None = None


def read_fields(reader: Reader) -> dict[str, Any]:
    """Return the checked values of every field of a course profile, by name; problems stay in the reader."""
    level, eqf = reader.converted("level", one_of(Level)), reader.converted("eqf", whole(1, 8))
    starts_on, ends_on = reader.converted("starts_on", as_date), reader.converted("ends_on", as_date)
    if starts_on and ends_on and ends_on < starts_on:
        reader.problem("ends_on", f"must not be before starts_on, {starts_on}")
    elif starts_on and ends_on and ends_on - starts_on > LONGEST_COURSE:
        reader.problem("ends_on", f"is more than three years after starts_on, {starts_on}")
    return {
        "id": reader.required("id", as_id),
        "institution": reader.required("institution", as_text),
        "country": reader.required("country", _country),
        "title": reader.required("title", as_text),
        "discipline": reader.converted("discipline", as_text),
        "description": reader.converted("description", as_text),
        "outcomes": reader.listed("outcomes", as_text),
        "keywords": reader.listed("keywords", as_text),
        "isced_f": reader.converted("isced_f", _isced_f),
        "level": LEVEL_OF_EQF[eqf] if level is None and eqf is not None else level,
        "eqf": eqf,
        "students": reader.converted("students", whole(1, 100_000)),
        "exchange_languages": reader.converted("exchange_languages", _languages) or {},
        "native_languages": reader.listed("native_languages", _language),
        "learning_languages": reader.listed("learning_languages", _language),
        "starts_on": starts_on,
        "ends_on": ends_on,
        "breaks": reader.listed("breaks", _break),
        "time_zone": reader.converted("time_zone", _time_zone),
        "slots": reader.listed("slots", _slot),
        "weeks_wanted": reader.converted("weeks_wanted", whole(1, 52)),
        "mode": reader.converted("mode", one_of(Mode)),
        "tools": reader.listed("tools", _tool),
        "blocked_tools": reader.listed("blocked_tools", _tool),
        "bandwidth": reader.converted("bandwidth", one_of(Bandwidth)),
        "sdgs": reader.listed("sdgs", whole(FIRST_GOAL, LAST_GOAL)),
        "skills": reader.listed("skills", lambda value: skill_id(as_text(value))),
        "capacity": reader.converted("capacity", whole(0, 1000)) if reader.raw("capacity") is not None else 1,
        "wishes": _wishes(reader),
    }


def _wishes(reader: Reader) -> Wishes:
    value = reader.raw("wishes")
    if value is None:
        return Wishes()
    if not isinstance(value, Mapping):
        reader.problem("wishes", f"must be an object, not {value!r}")
        return Wishes()
    inner = Reader(value, "wishes.", reader.problems)
    inner.refuse_unknown(item.name for item in fields(Wishes))
    return Wishes(
        inner.listed("regions", one_of(Region)),
        inner.listed("countries", _country),
        inner.listed("disciplines", as_text),
        inner.converted("must_have_topic", as_text),
        inner.converted("field", one_of(FieldWish)),
    )


def _country(value: Any) -> str:
    code = as_text(value).upper()
    if code not in COUNTRIES:
        hint = "; write GB for the United Kingdom" if code == "UK" else ""
        raise ValueError(f"must be an ISO 3166-1 alpha-2 code such as JP, not {value!r}{hint}")
    return code


def _isced_f(value: Any) -> str:
    if isinstance(value, int):
        raise ValueError(f'must be a text, so that no leading zero is lost: "0613", not {value!r}')
    return field_code(as_text(value))


def _language(value: Any) -> str:
    return primary_language(as_text(value))


def _languages(value: Any) -> dict[str, str | None]:
    if isinstance(value, Mapping):
        return {_language(tag): None if level is None else cefr_level(as_text(level)) for tag, level in value.items()}
    if isinstance(value, list | tuple):
        return {_language(tag): None for tag in value}
    raise ValueError(f'must be a list such as ["en"] or levels such as {{"en": "B2"}}, not {value!r}')


def _tool(value: Any) -> str:
    return tool_id(as_text(value))


def _break(value: Any) -> tuple[date, date]:
    if isinstance(value, Mapping) and value.keys() == {"from", "to"}:
        first, last = as_date(value["from"]), as_date(value["to"])
    elif isinstance(value, list | tuple) and len(value) == 2:
        first, last = as_date(value[0]), as_date(value[1])
    else:
        raise ValueError(f'must be {{"from": date, "to": date}} or [from, to], not {value!r}')
    if last < first:
        raise ValueError(f"must not end before it starts, not {first} to {last}")
    return first, last


def _slot(value: Any) -> Slot:
    if not isinstance(value, Mapping) or value.keys() != {"weekday", "start", "end"}:
        raise ValueError(f'must be {{"weekday": "mon", "start": "09:00", "end": "10:30"}}, not {value!r}')
    return Slot(_weekday(value["weekday"]), as_time(value["start"]), as_time(value["end"]))


def _weekday(value: Any) -> int:
    name = value.strip().lower() if isinstance(value, str) else ""
    for names in (WEEKDAYS, _WEEKDAY_NAMES):
        if name in names:
            return names.index(name)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < len(WEEKDAYS):
        return value
    raise ValueError(f"weekday must be one of {', '.join(WEEKDAYS)}, or 0 for Monday to 6; not {value!r}")


@cache
def _time_zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _time_zone(value: Any) -> str:
    name = as_text(value)
    if name not in _time_zones():
        raise ValueError(f"must be an IANA time zone such as Asia/Tokyo, not {value!r}")
    return name
