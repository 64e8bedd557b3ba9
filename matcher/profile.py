"""A class as the matcher sees it, read and checked from JSON Lines."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from os import PathLike
from pathlib import Path
from typing import Any

from matcher.fields import WEEKDAYS, Bandwidth, Mode, Slot, Wishes, read_fields
from matcher.reading import Problem, ProfileError, ProfileFileError, Reader
from matcher.vocabulary.asem import Region, region_of
from matcher.vocabulary.levels import Level

__all__ = [
    "Bandwidth",
    "CourseProfile",
    "Level",
    "Mode",
    "Problem",
    "ProfileError",
    "ProfileFileError",
    "Region",
    "Slot",
    "Wishes",
    "read_profiles",
]


@dataclass(frozen=True)
class CourseProfile:
    """One course offered for exchange in one term.

    Only `id`, `institution`, `country` and `title` are required; None and empty mean unknown, and unknown
    forbids nothing. The class itself checks nothing: `from_dict` does.

    Parameters
    ----------
    country : str
        ISO 3166-1 alpha-2 code.
    isced_f : str, optional
        ISCED-F 2013 code of two to four digits.
    eqf : int, optional
        European Qualifications Framework level 1..8.
    students : int, optional
        Number of students, at least 1.
    exchange_languages : Mapping
        Languages the class can work in, BCP 47 primary language to CEFR level or None.
    native_languages, learning_languages : tuple of str
        What the students speak, and what they are learning.
    starts_on, ends_on : date, optional
        First and last day of teaching.
    breaks : tuple of (date, date)
        First and last day of each break.
    time_zone : str, optional
        IANA name. Never guessed from the country.
    slots : tuple of Slot
        Possible live lessons in the local time of `time_zone`.
    weeks_wanted : int, optional
        Weeks of the exchange, 1..52.
    tools, blocked_tools : tuple of str
        Ids of `matcher.vocabulary.tools` or free text.
    sdgs : tuple of int
        Sustainable Development Goals, 1..17.
    skills : tuple of str
        Ids of `matcher.vocabulary.skills` or free text.
    capacity : int
        Partnerships offered; 0 takes no more.
    """

    id: str
    institution: str
    country: str
    title: str
    discipline: str | None = None
    description: str | None = None
    outcomes: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    isced_f: str | None = None
    level: Level | None = None
    eqf: int | None = None
    students: int | None = None
    exchange_languages: Mapping[str, str | None] = field(default_factory=dict, hash=False)
    native_languages: tuple[str, ...] = ()
    learning_languages: tuple[str, ...] = ()
    starts_on: date | None = None
    ends_on: date | None = None
    breaks: tuple[tuple[date, date], ...] = ()
    time_zone: str | None = None
    slots: tuple[Slot, ...] = ()
    weeks_wanted: int | None = None
    mode: Mode | None = None
    tools: tuple[str, ...] = ()
    blocked_tools: tuple[str, ...] = ()
    bandwidth: Bandwidth | None = None
    sdgs: tuple[int, ...] = ()
    skills: tuple[str, ...] = ()
    capacity: int = 1
    wishes: Wishes = field(default_factory=Wishes)

    @property
    def region(self) -> Region | None:
        """The ASEM region of the country; None outside ASEM."""
        return region_of(self.country)

    @classmethod
    def from_dict(cls, mapping: Mapping[str, Any]) -> CourseProfile:
        """Read a profile from JSON values.

        Raises
        ------
        ProfileError
            With every problem found.
        """
        reader = Reader(mapping)
        reader.refuse_unknown(item.name for item in fields(cls))
        values = read_fields(reader)
        if reader.problems:
            raise ProfileError(reader.problems)
        return cls(**values)

    def to_dict(self) -> dict[str, Any]:
        """Return the profile as JSON values that `from_dict` reads back; what is unknown is left out."""
        values = {item.name: getattr(self, item.name) for item in fields(self)}
        values["slots"] = [
            {"weekday": WEEKDAYS[slot.weekday], "start": f"{slot.start:%H:%M}", "end": f"{slot.end:%H:%M}"}
            for slot in self.slots
        ]
        values["breaks"] = [{"from": first.isoformat(), "to": last.isoformat()} for first, last in self.breaks]
        values["exchange_languages"] = dict(self.exchange_languages)
        values["wishes"] = _stated({item.name: getattr(self.wishes, item.name) for item in fields(Wishes)})
        return _stated(values)


def _stated(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: list(value) if isinstance(value, tuple) else value.isoformat() if isinstance(value, date) else value
        for name, value in values.items()
        if value is not None and value not in ("", (), [], {})
    }


def read_profiles(source: str | PathLike[str] | Iterable[str]) -> list[CourseProfile]:
    """Read profiles from JSON Lines, one object a line; blank lines are skipped.

    Parameters
    ----------
    source : path or iterable of str
        A file in UTF-8, or its lines.

    Raises
    ------
    ProfileFileError
        With every problem of every line.
    OSError
        If the file cannot be opened.
    """
    problems: list[Problem] = []
    profiles: list[CourseProfile] = []
    first_line: dict[str, int] = {}
    for number, line in enumerate(_lines(source), start=1):
        if not line.strip():
            continue
        try:
            profile = CourseProfile.from_dict(_parsed(line))
        except ProfileError as error:
            problems.extend(problem.at_line(number) for problem in error.problems)
            continue
        if profile.id in first_line:
            problems.append(Problem("id", f"{profile.id!r} is taken by line {first_line[profile.id]}", number))
        first_line.setdefault(profile.id, number)
        profiles.append(profile)
    if problems:
        raise ProfileFileError(problems)
    return profiles


def _lines(source: str | PathLike[str] | Iterable[str]) -> Iterable[str]:
    if not isinstance(source, str | PathLike):
        return source
    try:
        # Only line feeds end a line: JSON text may hold other separators, such as U+2028.
        return Path(source).read_text(encoding="utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise ProfileFileError([Problem("", "is not in UTF-8", line)]) from None


def _parsed(line: str) -> Mapping[str, Any]:
    try:
        value = json.loads(line, object_pairs_hook=_without_repeats)
    except json.JSONDecodeError as error:
        raise ProfileError([Problem("", f"is not JSON: {error.msg} at character {error.pos + 1}")]) from None
    except ProfileError:
        raise
    except ValueError as error:
        # Python refuses numbers of thousands of digits.
        raise ProfileError([Problem("", f"is not JSON: {error}")]) from None
    except RecursionError:
        raise ProfileError([Problem("", "is nested too deeply")]) from None
    if not isinstance(value, dict):
        raise ProfileError([Problem("", "must be a JSON object")])
    return value


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        names = [name for name, _ in pairs]
        repeated = sorted({name for name in names if names.count(name) > 1})
        raise ProfileError([Problem(name, "is given twice") for name in repeated])
    return values
