"""A week of half hours in which a lecturer marks when the class can meet live."""

from dataclasses import dataclass
from datetime import time

from babel.dates import format_skeleton, get_day_names

from webapp.i18n import locale
from webapp.profiles.labels import WEEKDAYS, weekday_label

FIRST, END, STEP = 7 * 60, 22 * 60, 30
"""Minutes after midnight at which the grid starts and ends, and those of one cell."""


@dataclass(frozen=True)
class Weekday:
    """A column."""

    value: str
    name: str
    short: str


@dataclass(frozen=True)
class HalfHour:
    """A row, named by the time at which it starts."""

    clock: str
    is_full: bool


@dataclass(frozen=True)
class WeekGrid:
    """The days and half hours of the grid, named in the reader's language."""

    days: tuple[Weekday, ...]
    times: tuple[HalfHour, ...]
    end: str
    first: int = FIRST
    step: int = STEP


def _clock(minutes: int) -> str:
    return str(format_skeleton("Hm", time(minutes // 60, minutes % 60), locale=locale()))


def lay_out() -> WeekGrid:
    """Name the days and half hours of a week."""
    short = get_day_names("abbreviated", context="stand-alone", locale=locale())
    return WeekGrid(
        days=tuple(Weekday(day, weekday_label(day), str(short[n])) for n, day in enumerate(WEEKDAYS)),
        times=tuple(HalfHour(_clock(minutes), minutes % 60 == 0) for minutes in range(FIRST, END, STEP)),
        end=_clock(END),
    )
