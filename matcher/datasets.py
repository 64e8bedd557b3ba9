"""Invented course profiles of any number, for tests and benchmarks; never shown as real courses.

Countries, calendars, holidays, zones, languages and subjects are real kinds; institutions and courses are
not. As in real catalogues a third of the profiles is thin, a few institutions offer very many courses, some
countries are asked for by all, many courses describe themselves in their own language, and Europe offers
about twice as many places as Asia.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import cache
from random import Random
from typing import Any

from matcher.dataset_tables import (
    Country,
    Subject,
    Weighted,
    countries,
    monday_of,
    sentences,
    subjects,
    within,
)
from matcher.fields import Bandwidth, Mode, Slot, Wishes
from matcher.profile import CourseProfile, Level, Region
from matcher.vocabulary.cefr import CEFR_LEVELS
from matcher.vocabulary.tools import TOOLS

_SIDES = (Region.ASIA, Region.EUROPE)
# Places a course offers: 1.2 on average in Asia, 2.4 in Europe.
_PLACES = {
    Region.ASIA: Weighted(((1, 8), (2, 2))),
    Region.EUROPE: Weighted(((1, 5), (2, 6), (3, 5), (4, 4))),
}
# What language classes of a region learn.
_LEARNT = {
    Region.ASIA: Weighted((("en", 6), ("fr", 3), ("de", 3), ("es", 2), ("it", 1))),
    Region.EUROPE: Weighted((("ja", 5), ("zh", 4), ("ko", 3), ("en", 4), ("es", 1), ("id", 0.7), ("vi", 0.5))),
}
_LANGUAGE_CLASSES = 0.18
# Countries that all ask for describe their courses better; together a third of the profiles is thin.
_THIN = {True: 0.25, False: 0.42}
_IN_OWN_LANGUAGE = 0.4
_FIRST_HALF_OF_YEAR = 0.65
_LEVELS = Weighted(((Level.BACHELOR, 8), (Level.MASTER, 3), (Level.TVET, 1)))
_EQF = {Level.BACHELOR: 6, Level.MASTER: 7, Level.TVET: 5}
_BANDWIDTHS = Weighted(((Bandwidth.LOW, 2), (Bandwidth.MEDIUM, 4), (Bandwidth.HIGH, 4)))
_MODES = Weighted(((Mode.MIXED, 5), (Mode.SYNCHRONOUS, 3), (Mode.ASYNCHRONOUS, 2)))
_TOOLS = ("zoom", "teams", "google_meet", "padlet", "miro", "moodle", "google_docs", "email", "whatsapp", "canva")
_TOOLS_OF = {"CN": ("voov", "wechat", "tencent_docs"), "JP": ("line",), "KR": ("kakaotalk",), "TH": ("line",)}
_SKILLS = ("U1.1", "U1.6", "U2.1", "U2.3", "U2.4", "U4.1", "U4.3", "D1.2", "D2.2", "D2.4", "D3.1")
_COLON = {"ja": "：", "zh": "：", "fr": " : "}
_WITHOUT_SPACES = ("ja", "zh")
_ENGLISH_TITLES = ("{name}: {a}", "{name}: {a}", "{name}", "Introduction to {name}", "{name} in context: {b}")
_OUTCOMES = ("explain {a} to people of another country", "judge {b} from two points of view", "work in a mixed team")


def make_profiles(n: int, seed: int = 0) -> list[CourseProfile]:
    """Make ``n`` invented course profiles, every second one Asian.

    The same seed gives the same profiles, and fewer of them are the first of more. Some thousands a second.

    Parameters
    ----------
    n : int >= 0
        Number of profiles on both sides together.
    seed : int
        Another seed, another catalogue.
    """
    known: dict[tuple[str, int], _Institution] = {}
    return [_profile(i, Random(f"{seed}/{i}"), seed, known) for i in range(n)]  # noqa: S311


@dataclass(frozen=True)
class _Institution:
    """What all courses of an institution share: name, zone, language, terms, breaks."""

    name: str
    zone: str
    tongue: str
    terms: tuple[tuple[date, date], ...]
    breaks: tuple[tuple[date, date], ...]

    @classmethod
    def of(cls, country: Country, rank: int, seed: int) -> _Institution:
        chance = Random(f"{seed}/{country.code}/{rank}")  # noqa: S311
        later = timedelta(weeks=chance.choice((0, 0, 0, 1, 1, 2)))
        terms = tuple(
            (monday_of(first + later + timedelta(days=3)), monday_of(last + later) + timedelta(days=4))
            for first, last in country.terms
        )
        return cls(
            f"Invented University {country.code} {rank}",
            country.zones.draw(chance),
            country.tongues.draw(chance),
            terms,
            # A few teach through a holiday of their country.
            tuple(span for span in country.breaks if chance.random() < 0.9),
        )


def _profile(i: int, chance: Random, seed: int, known: dict[tuple[str, int], _Institution]) -> CourseProfile:
    region = _SIDES[i % 2]
    country = countries(region).draw(chance)
    rank = country.ranks.draw(chance)
    institution = known.get((country.code, rank))
    if institution is None:
        institution = known[country.code, rank] = _Institution.of(country, rank, seed)
    subject = _subject(region, institution.tongue, chance)
    has_own = institution.tongue in subject.topics and chance.random() < _IN_OWN_LANGUAGE
    language = institution.tongue if has_own else "en"
    a, b = chance.sample(subject.topics[language], 2)
    level = _LEVELS.draw(chance)
    facts: dict[str, Any] = {
        "id": f"c{i:06}",
        "institution": institution.name,
        "country": country.code,
        "title": _title(subject, language, a, b, chance),
        "discipline": subject.names[language] if chance.random() < 0.85 else None,
        "level": level,
        "capacity": _PLACES[region].draw(chance),
    }
    if chance.random() < _THIN[country.is_asked_for]:
        return CourseProfile(**facts)
    return CourseProfile(
        **facts,
        **_content(subject, language, a, b, level, chance),
        **_languages(subject, country, institution.tongue, chance),
        **_time(institution, region, chance),
        **_technology(country.code, chance),
        wishes=_wishes(region, subject, b if language == "en" else subject.names["en"], chance),
    )


def _subject(region: Region, tongue: str, chance: Random) -> Subject:
    if chance.random() < _LANGUAGE_CLASSES:
        learnt = _LEARNT[region].draw(chance)
        for subject in subjects():
            if subject.learnt == learnt != tongue:
                return subject
    return chance.choice(_content_subjects())


@cache
def _content_subjects() -> tuple[Subject, ...]:
    return tuple(subject for subject in subjects() if subject.learnt is None)


def _title(subject: Subject, language: str, a: str, b: str, chance: Random) -> str:
    name = subject.names[language]
    if language != "en":
        return name + _COLON.get(language, ": ") + a if chance.random() < 0.7 else name
    # A topic alone would hide which language a class learns.
    if subject.learnt is None and chance.random() < 0.2:
        return a[0].upper() + a[1:]
    return chance.choice(_ENGLISH_TITLES).format(name=name, a=a, b=b)


def _content(subject: Subject, language: str, a: str, b: str, level: Level, chance: Random) -> dict[str, Any]:
    parts = [chance.choice(sentences(language, "content")).format(a=a, b=b)]
    context = sentences(language, "context")
    if context and chance.random() < 0.6:
        parts.append(chance.choice(context))
    parts.append(chance.choice(sentences(language, "activity")))
    text = ("" if language in _WITHOUT_SPACES else " ").join(parts)
    has_outcomes = language == "en" and chance.random() < 0.3
    return {
        # Sentences may begin with a topic.
        "description": text[0].upper() + text[1:],
        "keywords": (a, b) if chance.random() < 0.6 else (),
        "outcomes": (chance.choice(_OUTCOMES).format(a=a, b=b),) if has_outcomes else (),
        "isced_f": subject.isced_f if chance.random() < 0.7 else None,
        "eqf": _EQF[level] if chance.random() < 0.3 else None,
        "students": min(180, max(5, round(chance.lognormvariate(3.2, 0.5)))),
        "sdgs": subject.goals if chance.random() < 0.6 else (),
        "skills": tuple(chance.sample(_SKILLS, chance.randrange(4))),
    }


def _languages(subject: Subject, country: Country, tongue: str, chance: Random) -> dict[str, Any]:
    """Most work in English; some also or only in their own language; language classes in the one they learn."""
    steps = chance.choice((-1, 0, 0, 0, 1))
    english = CEFR_LEVELS[min(5, max(1, CEFR_LEVELS.index(country.english) + steps))]
    spoken: dict[str, str | None] = {"en": "C2" if tongue == "en" else english}
    if tongue != "en" and (subject.learnt or chance.random() < 0.2):
        spoken[tongue] = "C2"
    if subject.learnt and subject.learnt != "en":
        spoken[subject.learnt] = chance.choice(("A2", "B1", "B1", "B2"))
    if len(spoken) > 1 and chance.random() < 0.2:
        del spoken["en"]
    return {
        "exchange_languages": spoken,
        "native_languages": (tongue,),
        "learning_languages": (subject.learnt,) if subject.learnt else (),
    }


def _time(institution: _Institution, region: Region, chance: Random) -> dict[str, Any]:
    is_early = chance.random() < _FIRST_HALF_OF_YEAR
    terms = [term for term in institution.terms if (term[0].month % 12 <= 6) is is_early]
    first, last = chance.choice(terms or institution.terms)
    if chance.random() < 0.1:  # taught in half a term
        last = monday_of(first + (last - first) / 2) + timedelta(days=4)
    # Asian afternoons and European mornings are what both can reach.
    earliest = 13 if region is Region.ASIA else 8
    days = chance.sample(range(5), chance.randrange(3))
    starts = [(chance.randrange(earliest, earliest + 6), chance.choice((0, 0, 30))) for _ in days]
    return {
        "starts_on": first,
        "ends_on": last,
        "breaks": within(institution.breaks, first, last),
        "time_zone": institution.zone,
        "slots": tuple(
            Slot(day, time(hour, minute), time(hour + 1 + (minute == 30), 30 - minute))
            for day, (hour, minute) in sorted(zip(days, starts, strict=True))
        ),
        "weeks_wanted": chance.choice((4, 5, 6, 6, 8, 10, None)),
    }


def _technology(country: str, chance: Random) -> dict[str, Any]:
    listed = (*_TOOLS, *_TOOLS_OF.get(country, ()) * 4)
    chosen = [listed[int(chance.random() * len(listed))] for _ in range(chance.randrange(5))]
    blocked = tuple(name for name, tool in TOOLS.items() if country in tool.blocked_in)
    says_so = chance.random() < 0.8
    return {
        "tools": tuple(dict.fromkeys(tool for tool in chosen if tool not in blocked)),
        "blocked_tools": blocked if says_so else (),
        "mode": _MODES.draw(chance),
        "bandwidth": _BANDWIDTHS.draw(chance) if chance.random() < 0.7 else None,
    }


def _wishes(region: Region, subject: Subject, topic: str, chance: Random) -> Wishes:
    kind = chance.random()
    if kind < 0.12:  # partners where everybody would like one
        other = _SIDES[1 - _SIDES.index(region)]
        asked_for = [country.code for country in countries(other).things if country.is_asked_for]
        return Wishes(countries=tuple(sorted(chance.sample(asked_for, 2))))
    if kind < 0.20:
        return Wishes(disciplines=(subject.names["en"],))
    if kind < 0.23:
        return Wishes(must_have_topic=topic)
    return Wishes()
