"""What people call the entries of our lists, in every language of the site, and which code each name means."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import cache

from flask_babel import force_locale

from matcher.fields import FieldWish
from matcher.profile import Bandwidth, Level, Mode, Region
from matcher.vocabulary.isced import STANDARD_FIELDS
from matcher.vocabulary.languages import LANGUAGES as TONGUES
from matcher.vocabulary.tools import TOOLS
from webapp.i18n import LANGUAGES, country_name, language_name, locale, zone_city, zone_name
from webapp.profiles import choices, labels
from webapp.profiles.vocabulary_texts import GOALS, SKILLS

Named = Iterable[tuple[str, str]]
"""Codes with their names."""


def folded(text: str) -> str:
    """Give a name as it is compared: without case, width, accents of typing, and spaces too many."""
    text = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[\s_]+", " ", text).strip(" :*.\n")


def _short(named: Named) -> Iterator[tuple[str, str]]:
    """Also the part of a long label before its explanation: "Mixed" of "Mixed: some live meetings"."""
    for code, name in named:
        yield code, name
        yield code, re.split(r"\s*[:：(（]", name)[0]


def _weekdays() -> Iterator[tuple[str, str]]:
    for width in ("wide", "abbreviated", "short"):
        names = locale().days["stand-alone"].get(width) or locale().days["format"].get(width) or {}
        yield from ((day, str(names[n])) for n, day in enumerate(labels.WEEKDAYS) if n in names)


def _months() -> Iterator[tuple[str, str]]:
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            yield from ((str(n), str(name)) for n, name in locale().months[context][width].items())


def _zones() -> Iterator[tuple[str, str]]:
    for group in choices.time_zones().values():
        for zone, _label in group:
            if zone:
                yield zone, zone_city(zone)
                yield zone, zone_name(zone)


def _skills() -> Iterator[tuple[str, str]]:
    yield from ((skill, labels.skill_label(skill)) for skill in SKILLS)


_SOURCES: dict[str, Callable[[], Named]] = {
    "language": lambda: ((code, language_name(code)) for code in TONGUES),
    "country": lambda: ((code, country_name(code)) for code in _countries()),
    "region": lambda: ((region.value, labels.region_label(region)) for region in Region),
    "level": lambda: _short((level.value, labels.level_label(level)) for level in Level),
    "mode": lambda: _short((mode.value, labels.mode_label(mode)) for mode in Mode),
    "bandwidth": lambda: _short((it.value, labels.bandwidth_label(it)) for it in Bandwidth),
    "wish": lambda: ((wish.value, labels.field_wish_label(wish)) for wish in FieldWish),
    "field": lambda: ((code, labels.isced_label(code)) for code in reversed(STANDARD_FIELDS)),
    "goal": lambda: _goal_names(),
    "skill": _skills,
    "tool": lambda: ((tool, labels.tool_label(tool)) for tool in TOOLS),
    "weekday": _weekdays,
    "month": _months,
    "zone": _zones,
}


def _countries() -> Iterator[str]:
    for group in choices.countries():
        yield from (code for code, _name in group.options)


def _goal_names() -> Iterator[tuple[str, str]]:
    for goal in GOALS:
        label = labels.sdg_label(goal)
        yield str(goal), label
        yield str(goal), re.split(r"\s*[:：]\s*", label)[-1]


@cache
def _known(kind: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for language in LANGUAGES:
        with force_locale(language):
            for code, name in _SOURCES[kind]():
                # A name that stands for a whole field and for a part of it means the part.
                found.setdefault(folded(name), code)
    codes = dict.fromkeys(found.values())
    return found | {folded(code): code for code in codes}


def code_of(kind: str, text: str) -> str | None:
    """Find the code of a name, or of a code however it is written; None when nobody knows it.

    Parameters
    ----------
    kind
        ``language``, ``country``, ``region``, ``level``, ``mode``, ``bandwidth``, ``wish``, ``field``, ``goal``,
        ``skill``, ``tool``, ``weekday``, ``month`` or ``zone``.
    """
    return _known(kind).get(folded(text))
