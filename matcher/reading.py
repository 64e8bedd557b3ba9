"""Checks the fields of a mapping one by one and collects every problem, instead of stopping at the first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, time
from enum import StrEnum
from typing import Any, TypeVar

E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")


@dataclass(frozen=True)
class Problem:
    """What is wrong with one field; `line` counts from 1 and is set when a file was read."""

    field: str
    message: str
    line: int | None = None

    def __str__(self) -> str:
        line = "" if self.line is None else f"line {self.line}"
        return ": ".join((", ".join(filter(None, (line, self.field))), self.message))

    def at_line(self, line: int) -> Problem:
        """Return the same problem with the line it was found in."""
        return replace(self, line=line)


class ProfileError(ValueError):
    """A profile that cannot be read; `problems` holds every problem found, not only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class ProfileFileError(ProfileError):
    """A file of profiles that cannot be read; each problem names its line."""


class Reader:
    """Takes the fields out of one mapping; a field that is missing, null or empty is unknown, not wrong.

    Parameters
    ----------
    mapping : Mapping
        Names of fields to JSON values.
    prefix : str
        Written before field names in problems, such as ``"wishes."``.
    problems : list of Problem, optional
        Where problems are collected; a new list by default.
    """

    def __init__(self, mapping: Mapping[str, Any], prefix: str = "", problems: list[Problem] | None = None) -> None:
        self._mapping = mapping
        self._prefix = prefix
        self.problems: list[Problem] = [] if problems is None else problems

    def problem(self, name: str, message: str) -> None:
        """Note a problem with a field."""
        self.problems.append(Problem(self._prefix + name, message))

    def refuse_unknown(self, known: Iterable[str]) -> None:
        """Note every key that is not a known field."""
        known = tuple(known)
        for key in self._mapping:
            if key not in known:
                self.problem(str(key), f"unknown field; the fields are {', '.join(known)}")

    def raw(self, name: str) -> Any:
        """Return a field as it stands; None when it is missing, null, empty or blank."""
        value = self._mapping.get(name)
        if isinstance(value, str):
            value = value.strip()
        return None if value is None or (isinstance(value, str | list | tuple | dict) and not value) else value

    def converted(self, name: str, convert: Callable[[Any], T]) -> T | None:
        """Return a field through `convert`, whose ValueError becomes the problem."""
        value = self.raw(name)
        return None if value is None else self._attempt(name, convert, value)

    def listed(self, name: str, convert: Callable[[Any], T]) -> tuple[T, ...]:
        """Return a list field with every item through `convert`, repeated items once."""
        value = self.raw(name)
        if value is None:
            return ()
        if not isinstance(value, list | tuple):
            self.problem(name, f"must be a list, not {value!r}")
            return ()
        found: dict[T, None] = {}
        for position, item in enumerate(value):
            result = self._attempt(f"{name}[{position}]", convert, item)
            if result is not None:
                found[result] = None
        return tuple(found)

    def required(self, name: str, convert: Callable[[Any], str]) -> str:
        """Return a field that must be there; an empty text (and a problem) when it is not."""
        if self.raw(name) is None:
            self.problem(name, "is required")
            return ""
        return self.converted(name, convert) or ""

    def _attempt(self, name: str, convert: Callable[[Any], T], value: Any) -> T | None:
        try:
            return convert(value)
        except ValueError as error:
            self.problem(name, str(error))
            return None


def as_text(value: Any) -> str:
    """Return a text without spaces around it; ValueError when it is none, empty or not valid Unicode."""
    if not isinstance(value, str):
        raise ValueError(f"must be a text, not {value!r}")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError("contains half a character (a lone surrogate)") from None
    if not value.strip():
        raise ValueError("must not be empty")
    return value.strip()


def as_id(value: Any) -> str:
    """Return an identifier as text; whole numbers are taken too."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else as_text(value)


def whole(low: int, high: int) -> Callable[[Any], int]:
    """Return a converter to a whole number from `low` to `high`; 30.0 counts as 30, text and true do not."""

    def convert(value: Any) -> int:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or (isinstance(value, float) and not value.is_integer()):
            raise ValueError(f"must be a whole number, not {value!r}")
        if not low <= value <= high:
            raise ValueError(f"must be from {low} to {high}, not {value!r}")
        return int(value)

    return convert


def one_of(choices: type[E]) -> Callable[[Any], E]:
    """Return a converter to a member of an enumeration, whatever the case of its letters."""

    def convert(value: Any) -> E:
        try:
            return choices(as_text(value).lower())
        except ValueError:
            raise ValueError(f"must be one of {', '.join(choices)}; not {value!r}") from None

    return convert


def as_date(value: Any) -> date:
    """Return a date written as YYYY-MM-DD."""
    try:
        # fromisoformat alone would also take week dates such as 2027-W08-1.
        if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value.strip()):
            raise ValueError
        return date.fromisoformat(value.strip())
    except ValueError:
        raise ValueError(f"must be a date such as 2027-02-28, not {value!r}") from None


def as_time(value: Any) -> time:
    """Return a time of day written as HH:MM."""
    try:
        if not isinstance(value, str) or not re.fullmatch(r"[0-9]{1,2}:[0-9]{2}", value.strip()):
            raise ValueError
        return time.fromisoformat(value.strip().zfill(5))
    except ValueError:
        raise ValueError(f"must be a time such as 09:30, not {value!r}") from None
