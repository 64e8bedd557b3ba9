"""Public holidays of a country on school days, named in the reader's language where a name is known."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from holidays import country_holidays

from webapp.i18n import locale

SATURDAY = 5
_DAYS_A_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Holiday:
    """One day off and what it is called."""

    on: date
    name: str


def in_weeks(country: str, weeks: Collection[date]) -> tuple[Holiday, ...]:
    """Find the public holidays of a country from Monday to Friday of some weeks.

    Parameters
    ----------
    country
        ISO 3166-1 alpha-2 code; nothing is found for one without a list.
    weeks
        Mondays.

    Returns
    -------
    tuple of Holiday
        In order; nationwide days only, named in the reader's language where the list has it, else in English.
    """
    if not weeks:
        return ()
    years = range(min(weeks).year, (max(weeks) + _DAYS_A_WEEK).year + 1)
    found = {on: name for year in years for on, name in _of_year(country, year, locale().language).items()}
    mondays = set(weeks)
    return tuple(
        Holiday(on, found[on])
        for on in sorted(found)
        if on.weekday() < SATURDAY and on - timedelta(days=on.weekday()) in mondays
    )


@lru_cache(maxsize=1024)
def _of_year(country: str, year: int, language: str) -> dict[date, str]:
    """Days and names of one year; kept, because every page of the country asks again."""
    try:
        offered = country_holidays(country).supported_languages
    except NotImplementedError:
        return {}
    by_language = {name.split("_")[0]: name for name in sorted(offered, reverse=True)}
    known = by_language.get(language) or by_language.get("en")
    return dict(country_holidays(country, years=year, language=known).items())
