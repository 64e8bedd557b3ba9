"""Days of the term and weekly hours, where a text states them without doubt."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from functools import cache
from itertools import pairwise

from babel import Locale

from webapp.syllabus.page_text import Page
from webapp.syllabus.passages import around, is_unspaced
from webapp.syllabus.suggestion import Suggestion

LANGUAGES = (
    *("en", "fr", "de", "es", "it", "pt", "nl", "da", "sv", "nb", "fi", "et", "lv", "lt", "pl", "cs", "sk", "sl", "hr"),
    *("hu", "ro", "bg", "el", "ca", "ru", "uk", "tr", "id", "ms", "vi", "hi", "ko", "ja", "zh", "th"),
)
"""Languages whose months and weekdays are read."""
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_JOINED = re.compile(
    r"\s*(?:\([^)]{1,12}\))?\s*(?:[-–—~〜～]|to|until|till|through|and|au|"
    r"jusqu'au|et le|bis(?: zum)?|al|a|"
    r"hasta el|đến(?: ngày)?|から|至|到|부터|s/d|sampai|до|do|ถึง)\s*"
    r"(?:the |el |le |den )?(?:\w{2,9}\.?,? )?",
    re.I,
)
_SHORTEST, _LONGEST = 14, 310
_YEARS = range(2020, 2101)
_DATES_CHANCE, _HOURS_CHANCE = 0.85, 0.8
_CLOCK = r"(\d{1,2})(?:(?:[:.：]|\s?h\s?|時)(\d{2})?分?)?\s*(a\.?m\.?|p\.?m\.?)?"
_HOURS = rf"{_CLOCK}\s*(uhr)?\s*(?:[-–—~〜～]|to|until|bis|à|a|al|đến|至|から|s/d|ถึง)\s*{_CLOCK}\s*(uhr|h\b|น\.)?"
_TWO_TIMES = re.compile(rf"(?<![\d:.]){_HOURS}", re.I)
_REACH = 32


@dataclass(frozen=True)
class _Found:
    """A day named in the text; the year is None where only a neighbour tells it."""

    start: int
    end: int
    day: date


@cache
def _months() -> tuple[re.Pattern[str], dict[str, int]]:
    """Names of the months in all languages; those that mean different months somewhere are left out."""
    names: dict[str, set[int]] = {}
    for language in LANGUAGES:
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in Locale.parse(language).months[context][width].items():
                    bare = name.casefold().rstrip(".")
                    if len(bare) > 2 and not any(map(str.isdigit, bare)):
                        names.setdefault(bare, set()).add(number)
    clear = {name: numbers.pop() for name, numbers in names.items() if len(numbers) == 1}
    return re.compile("|".join(map(re.escape, sorted(clear, key=len, reverse=True)))), clear


def _day(year: str | int, month: str | int, day: str | int) -> date | None:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found if found.year in _YEARS else None


def days_in(text: str) -> list[_Found]:
    """Find the days a text names in full or with a year that stands at its neighbour, in order."""
    found = {one.start: one for one in _all_days(text) if one is not None}
    kept: list[_Found] = []
    for one in sorted(found.values(), key=lambda it: (it.start, -it.end)):
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


def _all_days(text: str) -> Iterator[_Found | None]:
    small = text.casefold()
    if len(small) != len(text):
        small = text.lower() if len(text.lower()) == len(text) else text
    names, number = _months()
    year = r",?(?: de| del)?\s+(\d{4})"
    month = rf"({names.pattern})\.?"
    both = r"\s*(?:[-–—]|to|au|bis|al|until|till)\s*"
    then_day = rf"(?:\w+,? )?\d{{1,2}}\S{{0,2}}(?: of| de)?\s+(?:{names.pattern})\.?"
    then_month = rf"(?:{names.pattern})\.?\s+\d{{1,2}}(?:st|nd|rd|th)?,?"
    patterns = (
        (r"(?<![\d-])(\d{4})-(\d{1,2})-(\d{1,2})(?![\d-])", "ymd"),
        (r"(?<!\d)(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일号]", "ymd"),
        (r"(?<![\d.])(\d{4})\.\s?(\d{1,2})\.\s?(\d{1,2})(?!\d)", "ymd"),
        (r"(?<![\d.])(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})(?!\d)", "dmy"),
        (r"(?:ngày )?(\d{1,2}) tháng (\d{1,2}),? (?:năm )?(\d{4})", "dmy"),
        (rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th|er|º|\.)?(?: of| de| d')?\s+{month}{year}", "dmy"),
        (rf"\b{month}\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})", "mdy"),
        (rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th|er|º|\.)?(?: of| de)?\s+{month}(?={both}{then_day}{year})", "dm4"),
        (rf"\b{month}\s+(\d{{1,2}})(?:st|nd|rd|th)?(?={both}{then_month}\s+(\d{{4}}))", "md4"),
    )  # fmt: skip
    for pattern, order in patterns:
        for match in re.finditer(pattern, small):
            parts = dict(zip(order.replace("4", "y"), match.groups(), strict=True))
            value = _day(
                parts["y"], number.get(parts["m"], 0) or (parts["m"] if parts["m"].isdigit() else 0), parts["d"]
            )
            yield _Found(match.start(), match.end(), value) if value else None
    # In Japanese, Chinese and Korean the year of the second day is often left to the first.
    for match in re.finditer(
        r"(\d{4})\s?[年년][^\n]{3,24}?[-–—~〜～至到から부터]+\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일号]", small
    ):
        value = _day(match.group(1), match.group(2), match.group(3))
        yield _Found(match.start(2), match.end(), value) if value else None


def suggest_dates(page: Page) -> list[Suggestion]:
    """Suggest first and last day: the one range of the text that is as long as a term may be."""
    days = days_in(page.text)
    ranges: dict[tuple[date, date], str] = {}
    for first, second in pairwise(days):
        between = page.text[first.end : second.start]
        length = (second.day - first.day).days
        if _JOINED.fullmatch(between) and _SHORTEST <= length <= _LONGEST:
            ranges.setdefault((first.day, second.day), around(page.text, first.start, second.end))
    if len(ranges) != 1:
        return []
    ((starts_on, ends_on), why) = next(iter(ranges.items()))
    return [Suggestion("starts_on", {"starts_on": starts_on, "ends_on": ends_on}, why, _DATES_CHANCE)]


@cache
def _weekdays(language: str) -> tuple[re.Pattern[str], dict[str, str]]:
    """Names of weekdays: the full ones of all languages, the short ones of the text's own language and English."""
    names: dict[str, set[str]] = {}
    for code in LANGUAGES:
        widths = ("wide", "abbreviated") if code in (language, "en") else ("wide",)
        for context in ("format", "stand-alone"):
            for width in widths:
                for number, name in Locale.parse(code).days[context][width].items():
                    names.setdefault(name.casefold().rstrip("."), set()).add(_DAYS[number])
    for signs, before in (
        ("月火水木金土日", ""),
        ("一二三四五六日", "周"),
        ("一二三四五六日", "週"),
        ("一二三四五六日", "星期"),
    ):
        for number, sign in enumerate(signs):
            names.setdefault(f"{before}{sign}" if before else f"{sign}曜", set()).add(_DAYS[number])
    clear = {name: next(iter(its)) for name, its in names.items() if len(its) == 1 and (len(name) > 1)}
    each = [re.escape(n) if is_unspaced(n) else rf"\b{re.escape(n)}s?\b" for n in sorted(clear, key=len, reverse=True)]
    return re.compile(rf"({'|'.join(each)})\.?[^\d\n]{{0,14}}$", re.I), clear


def suggest_slots(page: Page) -> list[Suggestion]:
    """Suggest weekly hours: a weekday with its times, at most four of them."""
    pattern, names = _weekdays(page.language)
    found: dict[tuple[str, str, str], str] = {}
    for match in _TWO_TIMES.finditer(page.text):
        before = page.text[max(0, match.start() - _REACH) : match.start()]
        day = pattern.search(before)
        if day is None:
            continue
        word = day.group(1).casefold()
        weekday = names.get(word) or names.get(word.removesuffix("s"))
        hour, minute, half, uhr, hour2, minute2, half2, after = match.groups()
        start = _time(hour, minute, half or (half2 if _is_afternoon(hour, hour2, half2) else None))
        end = _time(hour2, minute2, half2)
        # "Monday 10-12" alone might be pages or days of the month.
        is_clock = any((minute, minute2, half, half2, uhr, after)) or "h" in match.group().casefold()
        if weekday and start and end and start < end and is_clock:
            slot = (weekday, f"{start:%H:%M}", f"{end:%H:%M}")
            found.setdefault(slot, around(page.text, match.start() - len(before) + day.start(), match.end()))
    if not 1 <= len(found) <= 4:
        return []
    slots = [{"weekday": weekday, "start": start, "end": end} for weekday, start, end in found]
    why = " / ".join(dict.fromkeys(found.values()))
    return [Suggestion("slots", {"slots": slots}, why, _HOURS_CHANCE)]


def _is_afternoon(hour: str, hour2: str, half2: str | None) -> bool:
    """Tell whether the "pm" behind the end of "2-4 pm" speaks of the start too."""
    return half2 is not None and int(hour) % 12 <= int(hour2) % 12


def _time(hour: str, minute: str | None, half: str | None) -> time | None:
    value = int(hour)
    if half:
        if not 1 <= value <= 12:
            return None
        value = value % 12 + (12 if half.casefold().startswith("p") else 0)
    return time(value, int(minute or 0)) if value < 24 and int(minute or 0) < 60 else None
