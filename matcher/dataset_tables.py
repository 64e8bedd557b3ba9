"""Tables behind the invented profiles: countries with their calendars, breaks, subjects and sentences.

Read from the files ``market_*.csv`` under data/; their origins are in data/README.md.
"""

from __future__ import annotations

import csv
from bisect import bisect
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

from matcher.profile import Region
from matcher.vocabulary.asem import region_of

T = TypeVar("T")

# Terms that begin in it; those of December begin in the year before, so that they overlap with its spring.
YEAR = 2027
# Exponent of Zipf's law over the institutions of a country: the largest of 100 has a fifth of its courses.
HUB_EXPONENT = 1.0


class Weighted(Generic[T]):
    """Things with weights > 0, to be drawn by chance; several times faster than `random.choices`."""

    def __init__(self, pairs: Iterable[tuple[T, float]]) -> None:
        self.things, weights = zip(*pairs, strict=True)
        self._limits = list(accumulate(weights))

    def draw(self, chance: Random) -> T:
        """One of them, each with the chance of its weight."""
        thing: T = self.things[bisect(self._limits, chance.random() * self._limits[-1], hi=len(self.things) - 1)]
        return thing


@dataclass(frozen=True)
class Country:
    """A country of the market.

    ``weight`` is its share of its region's courses, ``is_asked_for`` that many would like a partner there,
    ``english`` the usual CEFR level, ``ranks`` the numbers of its institutions from the largest, ``terms``
    first and last days of teaching, ``breaks`` first and last days of holidays.
    """

    code: str
    weight: float
    is_asked_for: bool
    english: str
    ranks: Weighted[int]
    tongues: Weighted[str]
    zones: Weighted[str]
    terms: tuple[tuple[date, date], ...]
    breaks: tuple[tuple[date, date], ...]


@dataclass(frozen=True)
class Subject:
    """A subject: its ISCED-F field, goals, the language taught or None; name and topics by language."""

    key: str
    isced_f: str
    goals: tuple[int, ...]
    learnt: str | None
    names: dict[str, str]
    topics: dict[str, tuple[str, ...]]


def _rows(name: str) -> list[dict[str, str]]:
    with files("matcher").joinpath("data", f"market_{name}.csv").open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def _weighted(text: str) -> Weighted[str]:
    """From a cell such as "nl*6 fr*4"; a thing without a number weighs 1."""
    parts = [part.partition("*") for part in text.split()]
    return Weighted((thing, float(weight or 1)) for thing, _, weight in parts)


def _term(text: str) -> tuple[date, date]:
    """First and last day from a cell such as "10-01/01-31"."""
    first, last = (tuple(map(int, day.split("-"))) for day in text.split("/"))
    begins = date(YEAR - 1 if first[0] == 12 else YEAR, *first)
    ends = date(begins.year, *last)
    return begins, ends if ends > begins else date(begins.year + 1, *last)


@cache
def countries(region: Region) -> Weighted[Country]:
    """The ASEM countries of a region by their weight."""
    breaks = _rows("breaks")
    found = [
        Country(
            code=row["country"],
            weight=float(row["weight"]),
            is_asked_for=row["is_asked_for"] == "1",
            english=row["english"],
            ranks=Weighted((k, k**-HUB_EXPONENT) for k in range(1, int(row["n_institutions"]) + 1)),
            tongues=_weighted(row["tongues"]),
            zones=_weighted(row["zones"]),
            terms=tuple(_term(term) for term in row["terms"].split()),
            breaks=tuple(
                sorted(
                    (date.fromisoformat(one["first"]), date.fromisoformat(one["last"]))
                    for one in breaks
                    if row["country"] in one["countries"].split()
                )
            ),
        )
        for row in _rows("countries")
        if region_of(row["country"]) is region
    ]
    return Weighted((country, country.weight) for country in found)


@cache
def subjects() -> tuple[Subject, ...]:
    """All subjects in the order of the table; language classes are those with ``learnt``."""
    rows = _rows("phrases")
    languages = [name for name in rows[0] if len(name) == 2]
    topics: dict[str, dict[str, tuple[str, ...]]] = {}
    for row in rows:
        own = topics.setdefault(row["subject"], dict.fromkeys(languages, ()))
        for language in languages if row["kind"] == "topic" else ():
            own[language] += (row[language],) if row[language] else ()
    return tuple(
        Subject(
            key=row["subject"],
            isced_f=row["isced_f"],
            goals=tuple(map(int, row["goals"].split())),
            learnt=row["kind"].partition(":")[2] or None,
            names={language: row[language] for language in languages},
            topics=topics[row["subject"]],
        )
        for row in rows
        if row["kind"].startswith("name")
    )


@cache
def sentences(language: str, kind: str) -> tuple[str, ...]:
    """Sentences of a kind ("content", "context" or "activity") in a language; empty where there are none."""
    return tuple(row["text"] for row in _rows("sentences") if (row["language"], row["kind"]) == (language, kind))


def phrases() -> list[str]:
    """Every name and topic in every language, each once, sorted: what the texts are made of."""
    found: set[str] = set()
    for subject in subjects():
        found.update(subject.names.values(), *subject.topics.values())
    return sorted(found)


def monday_of(day: date) -> date:
    """The Monday of the week of a day."""
    return day - timedelta(days=day.weekday())


def within(breaks: Sequence[tuple[date, date]], first: date, last: date) -> tuple[tuple[date, date], ...]:
    """The breaks that touch the days from ``first`` to ``last``, cut to them."""
    return tuple((max(start, first), min(end, last)) for start, end in breaks if start <= last and end >= first)
