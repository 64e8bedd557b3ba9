"""The weeks both sides of a match teach, with public holidays and the window proposed, laid out on one line.

Horizontally in percent of the width: so a picture stretches from a phone to a desk while its words keep their size.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from babel.dates import get_month_names
from flask_babel import gettext as _
from flask_babel import ngettext

from matcher.explanation import Explanation
from webapp.i18n import day, join, locale
from webapp.matches import window as windows
from webapp.matches.lifecycle import Side
from webapp.matches.models import Match
from webapp.matches.window import Window
from webapp.profiles import public_holidays
from webapp.profiles.models import CourseProfile

WEEK = timedelta(weeks=1)
SCHOOL_DAYS = 5
ROOM_OF_A_MONTH = 9.0
"""Percent of a phone's width that the short name of a month takes."""


@dataclass(frozen=True)
class Span:
    """Weeks side by side: left edge and width in percent, and their first and last Monday."""

    x: float
    width: float
    first: date
    last: date


@dataclass(frozen=True)
class DayOff:
    """A public holiday on a school day: left edge and width in percent, the day, and its name."""

    x: float
    width: float
    on: date
    name: str
    words: str


@dataclass(frozen=True)
class WeeksRow:
    """One side's weeks: those in which it teaches, one by one, runs off between them, and public holidays in them."""

    side: Side
    region: str
    institution: str
    teaching: tuple[Span, ...]
    off: tuple[Span, ...]
    holidays: tuple[DayOff, ...]
    words: str
    holiday_words: str


@dataclass(frozen=True)
class Mark:
    """A word at a place on the line, in percent."""

    x: float
    label: str


@dataclass(frozen=True)
class WeeksPicture:
    """The weeks both sides teach, drawn and in words; no proposed window where no week is shared."""

    rows: tuple[WeeksRow, ...]
    shared: tuple[Span, ...]
    window: Span | None
    proposed: Window | None
    months: tuple[Mark, ...]
    n_shared: int
    words: str


class Axis:
    """Whole weeks from a first to a last Monday across the whole width."""

    def __init__(self, weeks: list[date]) -> None:
        self.first, self.last = min(weeks), max(weeks)
        self.n = (self.last - self.first) // WEEK + 1

    def x(self, week: date) -> float:
        """Left edge of a week, in percent."""
        return (week - self.first) / WEEK / self.n * 100

    def spans(self, weeks: list[date]) -> tuple[Span, ...]:
        """Join weeks that follow each other."""
        runs: list[list[date]] = []
        for week in sorted(weeks):
            if runs and week - runs[-1][-1] == WEEK:
                runs[-1].append(week)
            else:
                runs.append([week])
        return tuple(self.span(run[0], run[-1]) for run in runs)

    def span(self, first: date, last: date) -> Span:
        """Give the place of the weeks from a first to a last one."""
        return Span(round(self.x(first), 3), round(((last - first) // WEEK + 1) / self.n * 100, 3), first, last)

    def day_off(self, holiday: public_holidays.Holiday) -> DayOff:
        """Give the place of a day from Monday to Friday: a fifth of its week."""
        weekday = holiday.on.weekday()
        part = 100 / self.n / SCHOOL_DAYS
        x = self.x(holiday.on - timedelta(days=weekday)) + weekday * part
        name = join(holiday.names)
        if holiday.is_estimated:
            name = str(_("%(name)s, date estimated", name=name))
        words = _("%(day)s (%(name)s)", day=day(holiday.on), name=name)
        return DayOff(round(x, 3), round(part, 3), holiday.on, name, str(words))

    def months(self) -> tuple[Mark, ...]:
        """Mark the first days of months; the first mark stands at the edge, unless the next is too near."""
        names = get_month_names("abbreviated", context="stand-alone", locale=locale())
        end = self.last + WEEK
        starts = [date(y, m, 1) for y in range(self.first.year, end.year + 1) for m in range(1, 13)]
        marks = [Mark(round(self.x(on), 3), str(names[on.month])) for on in starts if self.first < on < end]
        if not marks or marks[0].x >= ROOM_OF_A_MONTH:
            marks.insert(0, Mark(0.0, str(names[self.first.month])))
        return tuple(mark for mark in marks if mark.x <= 100 - ROOM_OF_A_MONTH)


def axis_of(explanation: Explanation) -> Axis | None:
    weeks = [*explanation.teaching_weeks_a, *explanation.teaching_weeks_b]
    return Axis(weeks) if weeks else None


def weeks_picture(match: Match, explanation: Explanation) -> WeeksPicture | None:
    """Lay out both sides' teaching weeks; None when neither side's dates were known.

    Parameters
    ----------
    match
        Whose sides are drawn.
    explanation
        The weeks as the round saw them.
    """
    axis = axis_of(explanation)
    if axis is None:
        return None
    rows = []
    for side, weeks in ((Side.A, explanation.teaching_weeks_a), (Side.B, explanation.teaching_weeks_b)):
        course = match.course(side)
        institution = course.institution
        teaching = axis.spans(list(weeks))
        off = axis.spans(_between(list(weeks)))
        each = tuple(axis.span(week, week) for week in weeks)
        holidays = tuple(axis.day_off(holiday) for holiday in _school_holidays(course, weeks))
        rows.append(
            WeeksRow(
                side=side,
                region=institution.region,
                institution=institution.name,
                teaching=each,
                off=off,
                holidays=holidays,
                words=_row_words(institution.name, teaching),
                holiday_words=_holiday_words(institution.name, holidays) if weeks else "",
            )
        )
    proposed = windows.propose(match, explanation)
    window = axis.span(proposed.weeks[0], proposed.weeks[-1]) if proposed else None
    shared = axis.spans(list(explanation.shared_weeks))
    n_shared = len(explanation.shared_weeks)
    return WeeksPicture(tuple(rows), shared, window, proposed, axis.months(), n_shared, _shared_words(shared, n_shared))


def _school_holidays(course: CourseProfile, weeks: tuple[date, ...]) -> list[public_holidays.Holiday]:
    """Find the public holidays on days of a course's teaching weeks, from its first to its last day."""
    if not weeks:
        return []
    first = max(course.starts_on or date.min, min(weeks))
    last = min(course.ends_on or date.max, max(weeks) + timedelta(days=SCHOOL_DAYS - 1))
    country = course.institution.country
    school_days = public_holidays.weekdays_of(country) & public_holidays.MONDAY_TO_FRIDAY
    found = public_holidays.between(country, first, last, locale().language)
    taught = set(weeks)
    return [
        holiday
        for holiday in found
        if (weekday := holiday.on.weekday()) in school_days and holiday.on - timedelta(days=weekday) in taught
    ]


def _holiday_words(institution: str, holidays: tuple[DayOff, ...]) -> str:
    if not holidays:
        return str(
            _(
                "No public holiday is known on the school days of %(institution)s in these weeks.",
                institution=institution,
            )
        )
    days = join(holiday.words for holiday in holidays)
    return str(_("Public holidays at %(institution)s: %(days)s.", institution=institution, days=days))


def _between(weeks: list[date]) -> list[date]:
    """Find the weeks off between the first and the last teaching week."""
    if not weeks:
        return []
    taught, first, n = set(weeks), min(weeks), (max(weeks) - min(weeks)) // WEEK
    return [week for at in range(n) if (week := first + at * WEEK) not in taught]


def _from_to(span: Span) -> str:
    # People call the week by its days: Monday of the first to Friday of the last.
    return str(_("%(start)s to %(end)s", start=day(span.first), end=day(span.last + timedelta(days=4))))


def _row_words(institution: str, teaching: tuple[Span, ...]) -> str:
    if not teaching:
        return str(_("The teaching dates of %(institution)s are not known.", institution=institution))
    weeks = join(_from_to(span) for span in teaching)
    return str(_("%(institution)s teaches: %(weeks)s.", institution=institution, weeks=weeks))


def _shared_words(shared: tuple[Span, ...], n_shared: int) -> str:
    if not shared:
        return str(_("No week is known in which both classes teach."))
    weeks = join(_from_to(span) for span in shared)
    return str(
        ngettext(
            "Both teach in %(num)d week: %(weeks)s.", "Both teach in %(num)d weeks: %(weeks)s.", n_shared, weeks=weeks
        )
    )
