"""The columns of an import: their names, what may stand in them, and how each is read."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from webapp.i18n import LANGUAGES, N_
from webapp.imports import values
from webapp.imports.names import folded
from webapp.imports.reading import shortened

OWN_ID = "own_id"
"""The column in which a file names its courses; it is no part of a course."""


@dataclass(frozen=True)
class Column:
    """One column.

    Parameters
    ----------
    key
        Its name in the code, and the name of the form field it fills.
    header
        What stands in the first row, to be translated.
    help
        What may stand below, to be translated.
    example
        What stands in the row of the template, to be translated.
    read
        Turns a cell into what a browser would send.
    also
        Further form fields, and further columns of a course, that this one fills.
    """

    key: str
    header: str
    help: str
    example: str
    read: Callable[[str, Any], values.Sent]
    also: tuple[str, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        """The form fields it fills; rows of lists carry numbers behind these names."""
        return (self.key, *self.also)


_COMMAS = N_("Several with commas between them.")
_LANGUAGES = N_("By name or code, with semicolons between them.")

COLUMNS: tuple[Column, ...] = (
    Column(
        OWN_ID,
        N_("Course number"),
        N_("How you or your institution name the course. With it a second import finds the course again."),
        "HYD-204",
        values.plain,
    ),
    Column("title", N_("Title of the course"), N_("The only column that is needed."), N_("Urban water"), values.plain),
    Column("discipline", N_("Subject"), N_("In your own words."), N_("Environmental engineering"), values.plain),
    Column(
        "isced_f",
        N_("Field of education"),
        N_("An ISCED-F code of two to four digits, or the name of the field."),
        "0712",
        values.field_of_education,
    ),
    Column(
        "description",
        N_("Description"),
        N_("Up to 5,000 characters."),
        N_("Students measure the water of their city and compare what they find."),
        values.plain,
    ),
    Column(
        "outcomes",
        N_("Learning outcomes"),
        N_("One on each line of the cell."),
        N_("Read a flood map\nExplain it to a council"),
        values.lines,
    ),
    Column("keywords", N_("Keywords"), _COMMAS, N_("water, cities, floods"), values.words),
    Column("level", N_("Level"), N_("One of the levels of the course form."), N_("Bachelor"), values.one_of("level")),
    Column("eqf", N_("EQF level"), N_("A number from 1 to 8; you may leave it."), "6", values.plain),
    Column(
        "students",
        N_("Students"),
        N_("A number, or the smallest and the largest: 25 to 30."),
        "28",
        values.size,
        ("students_most",),
    ),
    Column("capacity", N_("Partner classes"), N_("A number from 1; most write 1."), "1", values.plain),
    Column(
        "exchange_languages",
        N_("Languages of the exchange"),
        N_("With the level of your students where you know it, and semicolons between them."),
        N_("English B2; French"),
        values.languages_with_levels,
    ),
    Column(
        "native_languages",
        N_("Languages your students speak at home"),
        _LANGUAGES,
        N_("Vietnamese"),
        values.languages,
    ),
    Column(
        "learning_languages",
        N_("Languages your students are learning"),
        _LANGUAGES,
        N_("English; Japanese"),
        values.languages,
    ),
    Column("term_name", N_("Name of the term"), N_("As your institution calls it."), N_("Semester 2"), values.plain),
    Column("starts_on", N_("First day of teaching"), N_("A date such as 2027-02-15."), "2027-02-15", values.day),
    Column("ends_on", N_("Last day of teaching"), N_("A date such as 2027-06-04."), "2027-06-04", values.day),
    Column(
        "breaks",
        N_("Breaks"),
        N_("First and last day, with semicolons between several breaks."),
        N_("2027-04-26 to 2027-05-02"),
        values.breaks,
    ),
    Column(
        "time_zone",
        N_("Time zone"),
        N_("A city such as Tokyo, or its name in the time zone database such as Asia/Tokyo."),
        "Asia/Ho_Chi_Minh",
        values.one_of("zone"),
    ),
    Column(
        "slots",
        N_("Live hours"),
        N_("Weekly hours in local time, with semicolons between them."),
        N_("Tue 09:00-10:30; Thu 14:00-15:30"),
        values.live_hours,
    ),
    Column("weeks_wanted", N_("Weeks of the exchange"), N_("A number from 1 to 52."), "6", values.plain),
    Column(
        "mode",
        N_("Way of working"),
        N_("Live, mixed, or in each one's own time."),
        N_("Mixed"),
        values.one_of("mode"),
    ),
    Column(
        "tools",
        N_("Tools you work with"),
        _COMMAS,
        "Zoom, Miro",
        values.tools("tools", "tools_other"),
        ("tools_other",),
    ),
    Column(
        "blocked_tools",
        N_("Tools that do not work at your place"),
        _COMMAS,
        "Facebook",
        values.tools("blocked_tools", "blocked_other"),
        ("blocked_other",),
    ),
    Column(
        "bandwidth",
        N_("Your students' connections"),
        N_("Low, medium or high."),
        N_("Medium"),
        values.one_of("bandwidth"),
    ),
    Column("themes", N_("Themes"), _COMMAS, N_("floods, drinking water"), values.words),
    Column(
        "sdgs",
        N_("Sustainable Development Goals"),
        N_("Numbers from 1 to 17, with semicolons between them."),
        "6; 11",
        values.goals,
    ),
    Column(
        "skills",
        N_("Skills"),
        N_("By name or code from the course form, with semicolons between them."),
        "U2.3; U4.4",
        values.some_of("skill"),
    ),
    Column(
        "wish_field",
        N_("The partner's field of education"),
        N_("Same, adjacent, complementary or any."),
        "",
        values.one_of("wish"),
    ),
    Column("wish_regions", N_("Regions you wish for"), _COMMAS, N_("Europe"), values.some_of("region")),
    Column("wish_countries", N_("Countries you wish for"), _COMMAS, "FI, PT", values.some_of("country")),
    Column("wish_disciplines", N_("Subjects you wish for"), _COMMAS, N_("geography, law"), values.words),
    Column(
        "must_have_topic",
        N_("Topic a partner must share"),
        N_("Only if you cannot do without."),
        "",
        values.plain,
    ),
)
BY_KEY: dict[str, Column] = {column.key: column for column in COLUMNS}

LECTURER_NAME, LECTURER_EMAIL = "lecturer_name", "lecturer_email"
LECTURER_COLUMNS: tuple[Column, ...] = (
    Column(LECTURER_NAME, N_("Lecturer"), N_("Who teaches the course."), "Nguyen Thi Mai", values.plain),
    Column(
        LECTURER_EMAIL,
        N_("Address of the lecturer"),
        N_("The mail address your institution gave them; the course becomes a draft of theirs."),
        "mai@hanu.example",
        values.plain,
    ),
)
"""Columns of a file that an office sends for many lecturers; they are no part of a course."""
_ALL = {**BY_KEY, **{column.key: column for column in LECTURER_COLUMNS}}


def header(key: str) -> str:
    """Name a column in the reader's language; what is no column of ours stays as the file calls it."""
    return str(_(_ALL[key].header)) if key in _ALL else shortened(key)


@cache
def _keys() -> dict[str, str]:
    found: dict[str, str] = {}
    for language in LANGUAGES:
        with force_locale(language):
            found |= {folded(_(column.header)): key for key, column in _ALL.items()}
    return found | {folded(key): key for key in _ALL} | _OTHER_NAMES


_OTHER_NAMES = {
    "title": "title",
    "course": "title",
    "course title": "title",
    "id": OWN_ID,
    "course id": OWN_ID,
    "code": OWN_ID,
    "course code": OWN_ID,
    "start date": "starts_on",
    "end date": "ends_on",
    "term": "term_name",
    "tools": "tools",
    "blocked tools": "blocked_tools",
    "goals": "sdgs",
    "sdg": "sdgs",
    "connections": "bandwidth",
    "lecturer name": LECTURER_NAME,
    "name of the lecturer": LECTURER_NAME,
    "email": LECTURER_EMAIL,
    "e-mail": LECTURER_EMAIL,
    "lecturer e-mail": LECTURER_EMAIL,
    "lecturer address": LECTURER_EMAIL,
}


def key_of(cell: Any) -> str:
    """Find the column a header cell names, in any language of the site; empty when there is none."""
    return _keys().get(folded(cell), "") if isinstance(cell, str) else ""
