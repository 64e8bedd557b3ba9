"""From a cell to what a browser would send for the course form; what cannot be read says what to write instead."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import Any

from flask_babel import gettext as _

from matcher.vocabulary.cefr import CEFR_LEVELS
from matcher.vocabulary.isced import FIELDS
from matcher.vocabulary.languages import primary_language
from matcher.vocabulary.tools import TOOLS, tool_id
from webapp.imports.dates import clock_of, day_of
from webapp.imports.names import code_of
from webapp.imports.reading import shortened
from webapp.profiles.rows import MOST_ROWS

_CODED = frozenset(("skill", "mode", "wish"))
Sent = list[tuple[str, str]]
"""Names of form fields with their values."""
Read = Callable[[str, Any], Sent]
"""Reads the value of a column by its key; ValueError with a sentence when it cannot."""

_BETWEEN = re.compile(r"[;；\n]+")
_BETWEEN_WORDS = re.compile(r"[,;，；、،؛\n]+")
_SPAN = re.compile(r"\s*(?:\bto\b|\bau\b|\bà\b|→|–|—|〜|～|から|\.\.|\s-\s)\s*")
_WITH_LEVEL = re.compile(r"(.+?)[\s:：(（]*\b([ABCabc][12])[)）]?")
_HOURS = re.compile(r"(.+?)[\s,]*\b(\d{1,2}[:.hH]\d{2})\s*(?:-|–|—|~|〜|to|à)\s*(\d{1,2}[:.hH]\d{2})")


def text_of(raw: Any) -> str:
    """Give a single value as text, numbers without a needless decimal."""
    if isinstance(raw, float) and raw.is_integer() and abs(raw) < 1e15:
        raw = int(raw)
    if raw is None:
        return ""
    if isinstance(raw, list | dict | tuple | bool):
        raise ValueError(_("Write a text here, not a list or a nested value."))
    text = str(raw)
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError(_("This text holds half a character; type it again.")) from None
    return text.strip()


def items_of(raw: Any, between: re.Pattern[str] = _BETWEEN) -> list[Any]:
    """Give the parts of a value: a list as it is, a text cut where it says so."""
    if isinstance(raw, list | tuple):
        return [item for item in raw if item not in (None, "")]
    return [part.strip() for part in between.split(text_of(raw)) if part.strip()]


def _few(items: list[Any]) -> list[Any]:
    if len(items) > MOST_ROWS:
        raise ValueError(_("Keep the %(most)d most important ones; there are %(n)d now.", most=MOST_ROWS, n=len(items)))
    return items


def plain(key: str, raw: Any) -> Sent:
    """A text or number as it stands."""
    return [(key, text_of(raw))]


def size(key: str, raw: Any) -> Sent:
    """A number of students, or the smallest and the largest: "25", "25 to 30"."""
    text = unicodedata.normalize("NFKC", text_of(raw))
    found = re.fullmatch(r"(\d+)\s*(?:-|–|~|〜|to|à|から)\s*(\d+)", text)
    return [(key, found[1]), (f"{key}_most", found[2])] if found else [(key, text)]


def lines(key: str, raw: Any) -> Sent:
    """A list with one item on each line."""
    return [(key, "\n".join(" ".join(text_of(item).split()) for item in items_of(raw, re.compile("\n"))))]


def words(key: str, raw: Any) -> Sent:
    """A list with commas between the items."""
    return [(key, ", ".join(text_of(item) for item in items_of(raw, _BETWEEN_WORDS)))]


def day(key: str, raw: Any) -> Sent:
    """A date."""
    return [(key, "" if raw in (None, "") else day_of(raw))]


def _code(kind: str, raw: Any) -> str:
    text = text_of(raw)
    # The template writes some entries as code and name: "U2.3 teamwork", "mixed: some live meetings".
    code = code_of(kind, text) or code_of(
        kind, re.split(r"[\s:：]", text.strip(), maxsplit=1)[0] if kind in _CODED else ""
    )
    if code is None:
        raise ValueError(
            _(
                "“%(text)s” is not in our list. The second sheet of the template shows what can stand here.",
                text=shortened(text),
            )
        )
    return code


def one_of(kind: str) -> Read:
    """A reader of one entry of a list, by name or code."""

    def read(key: str, raw: Any) -> Sent:
        return [(key, "" if text_of(raw) == "" else _code(kind, raw))]

    return read


def some_of(kind: str, between: re.Pattern[str] = _BETWEEN_WORDS) -> Read:
    """A reader of several entries of a list."""

    def read(key: str, raw: Any) -> Sent:
        if isinstance(raw, str):
            # Some names hold commas themselves.
            whole = [part.strip() for part in _BETWEEN.split(raw) if part.strip()]
            parts = [one for part in whole for one in ([part] if code_of(kind, part) else items_of(part, between))]
        else:
            parts = items_of(raw if isinstance(raw, list | tuple) else text_of(raw), between)
        return [(key, _code(kind, part)) for part in parts]

    return read


def field_of_education(key: str, raw: Any) -> Sent:
    """An ISCED-F code, also one whose leading zero a spreadsheet has eaten, or the name of a field."""
    text = unicodedata.normalize("NFKC", text_of(raw))
    found = re.match(r"\d+\b", text)
    if not found:
        return [(key, "" if text == "" else _code("field", text))]
    digits = found[0]
    codes = [code for code in dict.fromkeys((digits, f"0{digits}", f"00{digits}")) if code in FIELDS]
    if isinstance(raw, str) and digits in FIELDS:
        return [(key, digits)]
    if len(codes) == 1:
        return [(key, codes[0])]
    if not codes:
        raise ValueError(_("“%(text)s” is no code of a field (ISCED-F), such as 0613.", text=shortened(text)))
    raise ValueError(
        _(
            "“%(text)s” could be the field %(codes)s. Write the code with its zeros, as a text.",
            text=shortened(text),
            codes=" / ".join(codes),
        )
    )


def _language(raw: Any) -> str:
    text = text_of(raw)
    code = code_of("language", text)
    if code:
        return code
    try:
        return primary_language(text)
    except ValueError:
        raise ValueError(
            _("“%(text)s” is no language we know. Write its name, or its code such as en.", text=shortened(text))
        ) from None


def languages(key: str, raw: Any) -> Sent:
    """Languages by name or code."""
    found = dict.fromkeys(_language(item) for item in items_of(raw, _BETWEEN_WORDS))
    return [(f"{key}-{n}", code) for n, code in enumerate(_few(list(found)))]


def languages_with_levels(key: str, raw: Any) -> Sent:
    """Languages, each with its level where it is stated: "English B2; Japanese"."""
    if isinstance(raw, dict):
        pairs = [(name, text_of(level).upper()) for name, level in raw.items()]
    else:
        pairs = [_with_level(text_of(item)) for item in items_of(raw, _BETWEEN_WORDS)]
    sent: Sent = []
    for n, (name, level) in enumerate(_few(pairs)):
        if level and level not in CEFR_LEVELS:
            raise ValueError(_("“%(text)s” is no level; they run from A1 to C2.", text=shortened(level)))
        sent += [(f"{key}-{n}-language", _language(name)), (f"{key}-{n}-level", level)]
    return sent


def _with_level(text: str) -> tuple[str, str]:
    found = _WITH_LEVEL.fullmatch(text)
    return (found[1], found[2].upper()) if found else (text, "")


def breaks(key: str, raw: Any) -> Sent:
    """Days without teaching: "2027-02-08 to 2027-02-14; 2027-05-01"."""
    sent: Sent = []
    for n, item in enumerate(_few(items_of(raw if isinstance(raw, list | str) else [raw]))):
        ends = _ends(item)
        if len(ends) > 2:
            raise ValueError(_("Write each break as 2027-02-08 to 2027-02-14, with semicolons between them."))
        for name, end in zip(("first", "last"), ends, strict=False):
            sent.append((f"{key}-{n}-{name}", day_of(end)))
    return sent


def _ends(item: Any) -> list[Any]:
    if isinstance(item, dict):
        return [item.get("from"), item.get("to")]
    if isinstance(item, list | tuple):
        return list(item)
    return list(_SPAN.split(item)) if isinstance(item, str) else [item]


def live_hours(key: str, raw: Any) -> Sent:
    """Weekly hours: "Mon 09:00-10:30; Wed 14:00-15:30"."""
    sent: Sent = []
    for n, item in enumerate(_few(items_of(raw))):
        weekday, start, end = _hours(item)
        sent += [(f"{key}-{n}-weekday", weekday), (f"{key}-{n}-start", start), (f"{key}-{n}-end", end)]
    return sent


def _hours(item: Any) -> tuple[str, str, str]:
    message = _("Write live hours as Mon 09:00-10:30; Wed 14:00-15:30.")
    if isinstance(item, dict):
        found: Iterable[Any] = (item.get("weekday"), item.get("start"), item.get("end"))
    else:
        matched = _HOURS.fullmatch(unicodedata.normalize("NFKC", text_of(item)))
        if not matched:
            raise ValueError(message)
        found = matched.groups()
    weekday, start, end = found
    day_code = code_of("weekday", text_of(weekday))
    if day_code is None:
        raise ValueError(message)
    return day_code, clock_of(start), clock_of(end)


def tools(known: str, other: str) -> Read:
    """A reader of tools: those of our list, and others by their names, in the two fields of the form."""

    def read(_key: str, raw: Any) -> Sent:
        found = [code_of("tool", text_of(item)) or tool_id(text_of(item)) for item in items_of(raw, _BETWEEN_WORDS)]
        return [
            *((known, tool) for tool in found if tool in TOOLS),
            (other, ", ".join(tool for tool in found if tool not in TOOLS)),
        ]

    return read


def goals(key: str, raw: Any) -> Sent:
    """Sustainable Development Goals by number or title: "6; 11", "SDG 6"."""
    sent: Sent = []
    for item in items_of(raw, _BETWEEN_WORDS):
        text = text_of(item)
        code = code_of("goal", text)
        if code is None:
            number = re.fullmatch(r"(?:sdg|odd|goal)?\s*0?(\d{1,2})(?:\s*[:：].*)?", text, re.IGNORECASE)
            if not number or code_of("goal", number[1]) is None:
                raise ValueError(_("“%(text)s” is no goal; write numbers from 1 to 17.", text=shortened(text)))
            code = number[1]
        sent.append((key, code))
    return sent
