"""The two courses side by side, row by row, and what either leaves unsaid."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp.i18n import country_name, day, join, language_name, zone_name
from webapp.matches.models import Match
from webapp.profiles.labels import (
    bandwidth_label,
    cefr_label,
    field_wish_label,
    isced_label,
    level_label,
    mode_label,
    region_label,
    sdg_label,
    skill_label,
    tool_label,
    weekday_label,
)
from webapp.profiles.models import CourseProfile


@dataclass(frozen=True)
class Cell:
    """What one course says in a row: its lines, none when it says nothing; and whether a program filled it in."""

    lines: tuple[str, ...]
    is_filled_in: bool


@dataclass(frozen=True)
class Row:
    """One aspect of both courses."""

    label: str
    a: Cell
    b: Cell


Lines = Callable[[CourseProfile], Sequence[str]]


def rows(match: Match) -> list[Row]:
    """Compare the two courses of a match; a row of which neither says anything is left out."""
    compared = [
        Row(str(label), _cell(match.course_a, fields, lines), _cell(match.course_b, fields, lines))
        for label, fields, lines in _ROWS
    ]
    return [row for row in compared if row.a.lines or row.b.lines]


def missing(course: CourseProfile) -> list[str]:
    """Name what a course does not say and matching could use, in the order of its weight."""
    return [str(label) for label, is_known in _NEEDED if not is_known(course)]


def _cell(course: CourseProfile, fields: tuple[str, ...], lines: Lines) -> Cell:
    said = tuple(line for line in lines(course) if line)
    return Cell(said, bool(said) and any(name in course.filled_in for name in fields))


def _days(course: CourseProfile) -> list[str]:
    if course.starts_on and course.ends_on:
        dates = _("%(start)s to %(end)s", start=day(course.starts_on), end=day(course.ends_on))
    else:
        known = course.starts_on or course.ends_on
        dates = day(known) if known else ""
    return [course.term_name, dates]


def _students(course: CourseProfile) -> list[str]:
    fewest, most = course.students, course.students_most
    if fewest and most and most != fewest:
        return [_("%(fewest)d to %(most)d students", fewest=fewest, most=most)]
    return _counted("%(num)d student", "%(num)d students", fewest)


def _breaks(course: CourseProfile) -> list[str]:
    return [
        _("%(start)s to %(end)s", start=day(date.fromisoformat(off["from"])), end=day(date.fromisoformat(off["to"])))
        for off in course.breaks
    ]


def _level(course: CourseProfile) -> list[str]:
    return [level_label(course.level), _("EQF level %(n)d", n=course.eqf) if course.eqf else ""]


def _exchange_languages(course: CourseProfile) -> list[str]:
    return [
        _("%(language)s (%(level)s)", language=language_name(code), level=cefr_label(level))
        if level
        else language_name(code)
        for code, level in course.exchange_languages.items()
    ]


def _slots(course: CourseProfile) -> list[str]:
    return [
        _("%(weekday)s, %(start)s to %(end)s", weekday=weekday_label(at["weekday"]), start=at["start"], end=at["end"])
        for at in course.slots
    ]


def _wishes(course: CourseProfile) -> list[str]:
    wished = [*map(region_label, course.wish_regions), *map(country_name, course.wish_countries)]
    wished += course.wish_disciplines
    field = field_wish_label(course.wish_field)
    topic = _("Must have: %(topic)s", topic=course.must_have_topic) if course.must_have_topic else ""
    return [join(wished) if wished else "", field, topic]


def _counted(singular: str, plural: str, n: int | None) -> list[str]:
    return [ngettext(singular, plural, n)] if n else []


_ROWS: tuple[tuple[LazyString, tuple[str, ...], Lines], ...] = (
    (_l("What it is about"), ("description",), lambda it: it.description.splitlines()),
    (_l("What students learn"), ("outcomes",), lambda it: it.outcomes),
    (_l("Keywords"), ("keywords",), lambda it: [join(it.keywords)] if it.keywords else []),
    (_l("Field of study"), ("isced_f",), lambda it: [it.discipline, isced_label(it.isced_f)]),
    (_l("Level"), ("level", "eqf"), _level),
    (_l("Students"), ("students",), _students),
    (_l("Teaching dates"), ("starts_on", "ends_on"), _days),
    (_l("Weeks without teaching"), ("breaks",), _breaks),
    (_l("Weeks wanted"), ("weeks_wanted",), lambda it: _counted("%(num)d week", "%(num)d weeks", it.weeks_wanted)),
    (_l("Possible live hours, local time"), ("slots",), _slots),
    (_l("Time zone"), ("time_zone",), lambda it: [zone_name(it.time_zone)] if it.time_zone else []),
    (_l("Languages of exchange"), ("exchange_languages",), _exchange_languages),
    (_l("Students speak at home"), ("native_languages",), lambda it: [join(map(language_name, it.native_languages))]),
    (_l("Students learn"), ("learning_languages",), lambda it: [join(map(language_name, it.learning_languages))]),
    (_l("Way of working"), ("mode",), lambda it: [mode_label(it.mode)]),
    (_l("Tools"), ("tools",), lambda it: [join(map(tool_label, it.tools))]),
    (_l("Tools that do not work"), ("blocked_tools",), lambda it: [join(map(tool_label, it.blocked_tools))]),
    (_l("Connection"), ("bandwidth",), lambda it: [bandwidth_label(it.bandwidth)]),
    (_l("Sustainable Development Goals"), ("sdgs",), lambda it: [sdg_label(goal) for goal in it.sdgs]),
    (_l("Skills"), ("skills",), lambda it: [skill_label(skill) for skill in it.skills]),
    (_l("Themes to work on"), ("themes",), lambda it: it.themes),
    (
        _l("Wishes for a partner"),
        ("wish_regions", "wish_countries", "wish_disciplines", "wish_field", "must_have_topic"),
        _wishes,
    ),
)

_NEEDED: tuple[tuple[LazyString, Callable[[CourseProfile], bool]], ...] = (
    (_l("a description"), lambda it: bool(it.description)),
    (_l("languages of exchange"), lambda it: bool(it.exchange_languages)),
    (_l("the field of study"), lambda it: bool(it.isced_f)),
    (_l("the number of students"), lambda it: it.students is not None),
    (_l("teaching dates"), lambda it: it.starts_on is not None and it.ends_on is not None),
    (_l("the time zone"), lambda it: it.time_zone is not None),
    (_l("possible live hours"), lambda it: bool(it.slots)),
    (_l("the level"), lambda it: it.level is not None or it.eqf is not None),
    (_l("languages spoken at home"), lambda it: bool(it.native_languages)),
    (_l("tools"), lambda it: bool(it.tools)),
    (_l("goals or skills"), lambda it: bool(it.sdgs or it.skills)),
)
