"""Public holidays of a country, named in the reader's language where the list of holidays has it."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import holidays

MONDAY_TO_FRIDAY = frozenset(range(5))
DAY = timedelta(days=1)
SHORTEST_PERIOD = 3
"""Days in a row without teaching, weekends included, that are worth a break."""


@dataclass(frozen=True)
class Holiday:
    """A public holiday; estimated where its date hangs on the sight of the moon."""

    on: date
    names: tuple[str, ...]
    is_estimated: bool


@dataclass(frozen=True)
class Period:
    """Holidays that follow each other, with the weekends between and around them."""

    first: date
    last: date
    names: tuple[str, ...]
    is_estimated: bool

    @property
    def value(self) -> str:
        """What the button that takes it over as a break sends."""
        return f"break|{self.first.isoformat()}|{self.last.isoformat()}"


def is_known(country: str) -> bool:
    """Tell whether the holidays of a country (ISO 3166-1 alpha-2) are known."""
    return country in holidays.list_supported_countries(include_aliases=False)


def language_for(country: str, language: str) -> str | None:
    """Pick the language of holidays' names: the reader's, else English, else the country's own (None)."""
    offered = sorted(holidays.country_holidays(country).supported_languages or (), key=lambda one: one == "en_US")
    for wanted in (language, "en"):
        for one in offered:
            if one.split("_")[0] == wanted:
                return str(one)
    return None


@lru_cache(maxsize=1024)
def of_year(country: str, year: int, language: str) -> tuple[Holiday, ...]:
    """List a country's public holidays of a year, in order."""
    found: Any = holidays.country_holidays(country, years=year, language=language_for(country, language))
    mark = found.tr(getattr(found, "estimated_label", "") or "").replace("%s", "").strip()
    listed = []
    for on in sorted(day for day in found if day.year == year):
        names = found.get_list(on)
        is_estimated = bool(mark) and any(mark in name for name in names)
        # The word for it is said in the reader's language, whatever the names are in.
        plain = dict.fromkeys(name.replace(mark, "").strip() if mark else name for name in names)
        listed.append(Holiday(on, tuple(plain), is_estimated))
    return tuple(listed)


def between(country: str, first: date, last: date, language: str) -> tuple[Holiday, ...]:
    """List a country's public holidays from a first to a last day; none where they are not known.

    Parameters
    ----------
    country
        ISO 3166-1 alpha-2 code.
    first, last
        Both are included.
    language
        Of the reader (``en``, ``fr``, ``ja``).
    """
    if not is_known(country):
        return ()
    years = range(first.year, last.year + 1)
    return tuple(it for year in years for it in of_year(country, year, language) if first <= it.on <= last)


@lru_cache(maxsize=256)
def weekdays_of(country: str) -> frozenset[int]:
    """Days on which a country works (0 is Monday)."""
    if not is_known(country):
        return MONDAY_TO_FRIDAY
    return frozenset(range(7)) - frozenset(holidays.country_holidays(country).weekend)


def periods(found: tuple[Holiday, ...], weekdays: frozenset[int], first: date, last: date) -> tuple[Period, ...]:
    """Find three days or more in a row without teaching of which two at least are holidays on weekdays.

    Parameters
    ----------
    found
        Holidays, in order.
    weekdays
        Days on which one teaches (0 is Monday).
    first, last
        Of the term: no period reaches beyond them.
    """
    by_day = {it.on: it for it in found}
    runs: list[list[date]] = []
    for day in (first + n * DAY for n in range((last - first).days + 1)):
        if day.weekday() in weekdays and day not in by_day:
            continue
        if runs and day - runs[-1][-1] == DAY:
            runs[-1].append(day)
        else:
            runs.append([day])
    return tuple(
        _period(run, by_day)
        for run in runs
        if len(run) >= SHORTEST_PERIOD and sum(day in by_day and day.weekday() in weekdays for day in run) > 1
    )


def _period(run: list[date], by_day: dict[date, Holiday]) -> Period:
    its = [by_day[day] for day in run if day in by_day]
    names = tuple(dict.fromkeys(name for it in its for name in it.names))
    return Period(run[0], run[-1], names, any(it.is_estimated for it in its))
