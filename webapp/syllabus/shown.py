"""Suggestions as people read them: with names and no codes."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any

from babel.dates import format_skeleton
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp.i18n import day, join, language_name, locale
from webapp.profiles import labels
from webapp.syllabus.filling import Fields, Filling, filling_of, typed_in
from webapp.syllabus.suggestion import SURE, Suggestion, Sureness

PARTS = {
    "title": _l("Title of the course"),
    "isced_f": _l("Field of education"),
    "description": _l("Description"),
    "outcomes": _l("Learning outcomes"),
    "keywords": _l("Keywords"),
    "level": _l("Level"),
    "eqf": _l("EQF level"),
    "students": _l("Students"),
    "exchange_languages": _l("Languages of the exchange"),
    "learning_languages": _l("Languages your students are learning"),
    "starts_on": _l("First and last day of teaching"),
    "slots": _l("Live hours"),
    "sdgs": _l("Sustainable Development Goals"),
    "skills": _l("Skills"),
}
SURENESS = {Sureness.SURE: _l("sure"), Sureness.LIKELY: _l("likely"), Sureness.PERHAPS: _l("perhaps")}
_NO_PASSAGE = {
    "isced_f": _l("From the meaning of title and description, compared with all fields."),
    "sdgs": _l("From the meaning of title and description, compared with the 17 goals."),
    "keywords": _l("Terms of your text that say most about it."),
    "exchange_languages": _l("Your text is written in this language."),
}


@dataclass(frozen=True)
class Option:
    """One value that can be taken over.

    Parameters
    ----------
    lines
        What it says, line by line.
    payload
        What the form gets, as JSON.
    percent
        Its chance of 100; None where only words are fitting.
    """

    lines: tuple[str, ...]
    payload: str
    percent: int | None = None


@dataclass(frozen=True)
class Shown:
    """A suggestion as the page shows it.

    Parameters
    ----------
    part
        Field of the form.
    label
        Its name.
    option
        The suggested value.
    why
        A sentence, or the passage quoted.
    is_quoted
        Whether `why` is a passage of the text.
    sureness
        A word.
    alternates
        Other values.
    typed
        What stands in the form already and is something else.
    """

    part: str
    label: str
    option: Option
    why: str
    is_quoted: bool
    sureness: str
    alternates: tuple[Option, ...]
    typed: tuple[str, ...]


def shown(suggestions: list[Suggestion], typed: Fields) -> list[Shown]:
    """Put suggestions into the reader's words.

    Parameters
    ----------
    suggestions
        As `webapp.syllabus.reading.read` gives them.
    typed
        What stands in the form already.
    """
    return [_shown(it, typed) for it in suggestions]


def _shown(it: Suggestion, typed: Fields) -> Shown:
    with_percent = it.part == "isced_f"
    filling = filling_of(it.values)
    return Shown(
        part=it.part,
        label=str(PARTS[it.part]),
        option=Option(lines_of(it.values), _json(filling), round(100 * it.chance) if with_percent else None),
        why=_why(it),
        is_quoted=bool(it.why) and not _is_under_heading(it),
        sureness=str(SURENESS[it.sureness]),
        alternates=tuple(
            Option(lines_of({it.part: value}), _json(filling_of({it.part: value})), round(100 * chance))
            for value, chance in it.alternates
        ),
        typed=tuple(_typed_line(name, value) for name, value in typed_in(typed, filling).items()),
    )


def _is_under_heading(it: Suggestion) -> bool:
    """Tell whether a suggestion is what stands under a heading, which its reason names."""
    return it.part in ("title", "description", "outcomes") and it.chance >= SURE


def _why(it: Suggestion) -> str:
    if _is_under_heading(it):
        return str(_("It stands under “%(heading)s” in your text.", heading=it.why))
    return it.why or str(_NO_PASSAGE.get(it.part, ""))


def _json(filling: Filling) -> str:
    return json.dumps(filling.to_dict(), ensure_ascii=False, separators=(",", ":"))


def _typed_line(name: str, value: str) -> str:
    namers: dict[str, Callable[[str], str]] = {"isced_f": labels.isced_label, "level": labels.level_label}
    try:
        return namers[name](value) or value if name in namers else value
    except ValueError:
        # What a browser once sent need not be a level.
        return value


def lines_of(values: Mapping[str, Any]) -> tuple[str, ...]:
    """Say values of a course in words, line by line."""
    first, *_more = values
    value = values[first]
    lines: dict[str, Callable[[], tuple[str, ...]]] = {
        "isced_f": lambda: (labels.isced_label(value),),
        "outcomes": lambda: tuple(value),
        "keywords": lambda: (join(value),),
        "level": lambda: (labels.level_label(value),),
        "eqf": lambda: (_("EQF level %(n)d", n=value),),
        "students": lambda: (_size(value, values.get("students_most")),),
        "exchange_languages": lambda: tuple(_language(code, level) for code, level in value.items()),
        "learning_languages": lambda: (join(map(language_name, value)),),
        "starts_on": lambda: (_("%(first)s to %(last)s", first=day(value), last=day(values["ends_on"])),),
        "slots": lambda: tuple(_slot(one) for one in value),
        "sdgs": lambda: tuple(map(labels.sdg_label, value)),
        "skills": lambda: tuple(map(labels.skill_label, value)),
    }
    return lines[first]() if first in lines else (str(value),)


def _size(fewest: int, most: int | None) -> str:
    return str(fewest) if most is None else str(_("%(fewest)d to %(most)d", fewest=fewest, most=most))


def _language(code: str, level: str | None) -> str:
    if not level:
        return language_name(code)
    return str(_("%(language)s, %(level)s", language=language_name(code), level=labels.cefr_label(level)))


def _slot(one: Mapping[str, str]) -> str:
    start, end = (_clock(one[name]) for name in ("start", "end"))
    return str(_("%(day)s, %(start)s to %(end)s", day=labels.weekday_label(one["weekday"]), start=start, end=end))


def _clock(text: str) -> str:
    return str(format_skeleton("Hm", time.fromisoformat(text), locale=locale()))
