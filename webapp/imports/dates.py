"""Days and clock times as people write them in tables."""

import re
import unicodedata
from datetime import date, datetime, time
from typing import Any

from flask_babel import gettext as _

from webapp.imports.names import code_of
from webapp.imports.reading import shortened

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]\d{2}:\d{2}.*)?")
_JAPANESE = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")
_YEAR_FIRST = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})")
_DOTS = re.compile(r"(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{4})")
_SLASHES = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})")
_DAY_MONTH = re.compile(r"(\d{1,2})(?:st|nd|rd|th|er|\.)?\s+([^\W\d]+)\.?,?\s+(\d{4})")
_MONTH_DAY = re.compile(r"([^\W\d]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
_CLOCK = re.compile(r"(\d{1,2})[:.hH](\d{2})(?::\d{2})?")


def day_of(raw: Any) -> str:
    """Read a day; gives it as ``YYYY-MM-DD``.

    Raises
    ------
    ValueError
        With what to write instead: days that could mean two dates are asked about, never guessed.
    """
    if isinstance(raw, datetime):
        return raw.date().isoformat()
    if isinstance(raw, date):
        return raw.isoformat()
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        raise ValueError(
            _("This is the number %(n)s. Format the cell as a date, or write it as 2027-02-15.", n=shortened(raw))
        )
    if not isinstance(raw, str):
        raise ValueError(_("Write the date as year-month-day, such as 2027-03-01."))
    text = unicodedata.normalize("NFKC", raw).strip()
    year, month, day = _parts(text)
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        raise ValueError(_("There is no such day: “%(text)s”.", text=shortened(raw))) from None


def _parts(text: str) -> tuple[int, int, int]:
    """Year, month and day of a text."""
    for pattern in (_ISO, _JAPANESE, _YEAR_FIRST):
        if found := pattern.fullmatch(text):
            return int(found[1]), int(found[2]), int(found[3])
    if found := _DOTS.fullmatch(text):
        return int(found[3]), int(found[2]), int(found[1])
    if found := _SLASHES.fullmatch(text):
        return _by_slashes(int(found[1]), int(found[2]), int(found[3]), text)
    if found := _DAY_MONTH.fullmatch(text):
        return int(found[3]), _month(found[2], text), int(found[1])
    if found := _MONTH_DAY.fullmatch(text):
        return int(found[3]), _month(found[1], text), int(found[2])
    raise ValueError(_("“%(text)s” is no date we can read. Write it as 2027-02-15.", text=shortened(text)))


def _by_slashes(first: int, second: int, year: int, text: str) -> tuple[int, int, int]:
    if first != second and first <= 12 and second <= 12:
        raise ValueError(
            _(
                "“%(text)s” could mean %(one)s or %(other)s. Write the date as year-month-day.",
                text=shortened(text),
                one=f"{year}-{second:02}-{first:02}",
                other=f"{year}-{first:02}-{second:02}",
            )
        )
    return (year, first, second) if second > 12 else (year, second, first)


def _month(name: str, text: str) -> int:
    number = code_of("month", name)
    if number is None:
        raise ValueError(_("“%(text)s” is no date we can read. Write it as 2027-02-15.", text=shortened(text)))
    return int(number)


def clock_of(raw: Any) -> str:
    """Read a time of day; gives it as ``HH:MM``, or the text itself when it is none, for the form to refuse."""
    if isinstance(raw, time):
        return f"{raw:%H:%M}"
    text = unicodedata.normalize("NFKC", str(raw)).strip()
    found = _CLOCK.fullmatch(text)
    return f"{int(found[1]):02}:{found[2]}" if found else text
