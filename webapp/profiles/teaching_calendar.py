"""The weeks of a term with its breaks and public holidays, laid out on one line, and the same in words.

Places are percentages of the width, so that the strip stretches from a phone to a desk while its words keep their size.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from wtforms import FieldList, Form, FormField

from matcher.calendars import LEAST_TEACHING_DAYS
from webapp.i18n import SOURCE_LANGUAGE, country_name, day, join, month, short_day
from webapp.profiles import public_holidays
from webapp.profiles.checks import LONGEST_TERM
from webapp.profiles.fields import DayField
from webapp.profiles.public_holidays import DAY, MONDAY_TO_FRIDAY, Holiday, Period
from webapp.profiles.rows import MOST_ROWS, BreakRow, typed

WEEK = timedelta(weeks=1)
ROOM_OF_A_MONTH = 11.0
"""Percent of a phone's width that the short name of a month takes."""


class CalendarForm(Form):
    """The part of a course's form that the calendar reads; what cannot be read counts as not stated."""

    starts_on = DayField()
    ends_on = DayField()
    breaks = FieldList(FormField(BreakRow), max_entries=MOST_ROWS)


@dataclass(frozen=True)
class Span:
    """Days side by side on the strip: left edge and width, in percent."""

    x: float
    width: float


@dataclass(frozen=True)
class Mark:
    """A word on the strip, at a place in percent."""

    x: float
    label: str


@dataclass(frozen=True)
class Week:
    """One week of a term."""

    monday: date
    days: Span
    """Its days inside the term."""
    middle: float
    n_free: int
    """Holidays on weekdays that no break covers."""
    n_in_break: int
    """Weekdays in a break."""
    is_taught: bool
    words: str
    """What is off, empty when nothing is."""


@dataclass(frozen=True)
class TeachingCalendar:
    """A term's weeks, drawn and in words."""

    weeks: tuple[Week, ...]
    breaks: tuple[Span, ...]
    holidays: tuple[Span, ...]
    months: tuple[Mark, ...]
    offers: tuple[Period, ...]
    """Runs of holidays that could be taken over as breaks."""
    words: str
    unknown_country: str
    """Name of the country whose holidays are not known, else empty."""

    @property
    def weeks_with_something(self) -> list[Week]:
        """The weeks in which something is off."""
        return [week for week in self.weeks if week.words]


class _Axis:
    """The whole weeks of a term across the whole width, from Monday to Sunday."""

    def __init__(self, first: date, last: date) -> None:
        self.first, self.last = first, last
        self.monday = first - first.weekday() * DAY
        self.n = (last - self.monday) // WEEK + 1

    def x(self, on: date) -> float:
        return round((on - self.monday) / DAY / self.n / 7 * 100, 3)

    def span(self, first: date, last: date) -> Span:
        first, last = max(first, self.first), min(last, self.last)
        return Span(self.x(first), round(((last - first) // DAY + 1) / self.n / 7 * 100, 3))

    def weeks(self) -> Iterator[tuple[date, list[date]]]:
        """Give each Monday with the days of its week that lie in the term."""
        for at in range(self.n):
            monday = self.monday + at * WEEK
            days = (monday + n * DAY for n in range(7))
            yield monday, [on for on in days if self.first <= on <= self.last]

    def months(self) -> tuple[Mark, ...]:
        """Mark the first days of months; the first mark stands at the edge, unless the next is too near."""
        every = (self.monday + n * DAY for n in range(1, self.n * 7))
        marks = [Mark(self.x(on), month(on)) for on in every if on.day == 1]
        if not marks or marks[0].x >= ROOM_OF_A_MONTH:
            marks.insert(0, Mark(0.0, month(self.monday)))
        kept: list[Mark] = []
        for mark in marks:
            if mark.x <= 100 - ROOM_OF_A_MONTH and (not kept or mark.x - kept[-1].x >= ROOM_OF_A_MONTH):
                kept.append(mark)
        return tuple(kept)


def of_form(form: Any, country: str) -> TeachingCalendar | None:
    """Lay out the term that stands in a form, as far as it can be read.

    Parameters
    ----------
    form
        With ``starts_on``, ``ends_on`` and rows of ``breaks``.
    country
        Whose holidays are shown (ISO 3166-1 alpha-2); empty for none.
    """
    breaks = []
    for row in typed(form.breaks):
        first, last = row.form.first.data, row.form.last.data
        if first is not None and first <= (last or first):
            breaks.append((first, last or first))
    return lay_out(form.starts_on.data, form.ends_on.data, breaks, country)


def lay_out(
    first: date | None, last: date | None, breaks: list[tuple[date, date]], country: str
) -> TeachingCalendar | None:
    """Lay out a term; None without both dates, for dates out of order, and for more than a year.

    Parameters
    ----------
    first, last
        Days of teaching.
    breaks
        First and last days without teaching; what lies outside the term does not count.
    country
        Whose holidays are shown (ISO 3166-1 alpha-2); empty for none.
    """
    if first is None or last is None or not first <= last < first + LONGEST_TERM * WEEK:
        return None
    axis = _Axis(first, last)
    found = public_holidays.between(country, first, last, _language())
    weekdays = public_holidays.weekdays_of(country)
    inside = [(max(start, first), min(end, last)) for start, end in breaks if start <= last and end >= first]
    in_break = {start + n * DAY for start, end in inside for n in range((end - start).days + 1)}
    free = {it.on: it for it in found if it.on.weekday() in weekdays and it.on not in in_break}
    offers = [
        period
        for period in public_holidays.periods(found, weekdays, first, last)
        if any(period.first <= on <= period.last for on in free)
    ]
    weeks = tuple(_week(axis, monday, days, in_break, free, weekdays) for monday, days in axis.weeks())
    is_known = not country or public_holidays.is_known(country)
    return TeachingCalendar(
        weeks=weeks,
        breaks=tuple(axis.span(start, end) for start, end in inside),
        holidays=tuple(axis.span(on, on) for on in free),
        months=axis.months(),
        offers=tuple(offers),
        words=_words(weeks, first, last, len(free)),
        unknown_country="" if is_known else country_name(country),
    )


def _language() -> str:
    found = get_locale()
    return str(found.language) if found else SOURCE_LANGUAGE


def _week(
    axis: _Axis,
    monday: date,
    days: list[date],
    in_break: set[date],
    free: dict[date, Holiday],
    weekdays: frozenset[int],
) -> Week:
    its = [free[on] for on in days if on in free]
    off = sum(on in in_break and on.weekday() in weekdays for on in days)
    # As rounds count weeks, which know breaks but no holidays.
    taught = sum(on not in in_break and on.weekday() in MONDAY_TO_FRIDAY for on in days)
    facts = []
    if off:
        facts.append(ngettext("%(num)d weekday in a break", "%(num)d weekdays in a break", off))
    if its:
        names = join(_named(it) for it in its)
        text = ngettext("%(num)d holiday (%(names)s)", "%(num)d holidays (%(names)s)", len(its), names=names)
        facts.append(text)
    words = str(_("Week of %(day)s: %(what)s", day=day(monday), what=join(facts))) if facts else ""
    middle = round(axis.x(monday) + 50 / axis.n, 3)
    is_taught = taught >= LEAST_TEACHING_DAYS
    return Week(monday, axis.span(days[0], days[-1]), middle, len(its), off, is_taught, words)


def _named(it: Holiday) -> str:
    said = {"day": short_day(it.on), "names": "; ".join(it.names)}
    text = _("%(day)s: %(names)s, estimated", **said) if it.is_estimated else _("%(day)s: %(names)s", **said)
    return str(text)


def _words(weeks: tuple[Week, ...], first: date, last: date, n_free: int) -> str:
    n = sum(week.is_taught for week in weeks)
    told = ngettext(
        "%(num)d teaching week between %(first)s and %(last)s.",
        "%(num)d teaching weeks between %(first)s and %(last)s.",
        n,
        first=day(first),
        last=day(last),
    )
    if not n_free:
        return str(told)
    free = ngettext("%(num)d public holiday falls on a weekday.", "%(num)d public holidays fall on weekdays.", n_free)
    return f"{told} {free}"


def offer_words(period: Period) -> str:
    """Say which days a run of holidays takes, and what they are."""
    names = join(period.names) if len(period.names) < 4 else "; ".join((*period.names[:3], "…"))
    said = {"first": short_day(period.first), "last": short_day(period.last), "names": names}
    if period.is_estimated:
        return str(_("%(first)s to %(last)s: %(names)s, estimated", **said))
    return str(_("%(first)s to %(last)s: %(names)s", **said))
