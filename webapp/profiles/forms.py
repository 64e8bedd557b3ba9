"""The form of a course, and what it shares with the form of a lecturer."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import FieldList, FormField, HiddenField

from matcher.vocabulary.tools import TOOLS, tool_id
from webapp.i18n import country_name, zone_city
from webapp.profiles import checks, choices, labels, rows, terms
from webapp.profiles.fields import (
    ChecksField,
    DayField,
    LineField,
    LinesField,
    PickField,
    TextField,
    WholeNumberField,
    WordsField,
    once,
)


@dataclass(frozen=True)
class FormProblem:
    """What is wrong with one field, for the list above the form."""

    field_id: str
    label: str
    message: str


class ProfileForm(FlaskForm):  # type: ignore[misc]
    """What the forms of courses and of lecturers share: rows one can add, and all problems in one list."""

    def add_row(self, name: str) -> None:
        """Add an empty row to one of the lists; unknown names and full lists change nothing."""
        field = self._fields.get(name)
        if isinstance(field, FieldList) and len(field) < rows.MOST_ROWS:
            field.append_entry()

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        """Check every field, then what belongs together."""
        super().validate(extra_validators)
        self.check_together()
        return not self.problems()

    def check_together(self) -> None:
        """Check what concerns several fields at once."""

    def problems(self) -> list[FormProblem]:
        """List everything that is wrong, in the order of the page."""
        return list(self._problems())

    def _problems(self) -> Iterator[FormProblem]:
        for field in self:
            for number, leaf in rows.leaves(field):
                label = str(field.label.text)
                if number is not None and isinstance(field[0], FormField):
                    label = _("%(list)s, row %(n)d, %(field)s", list=label, n=number, field=leaf.label.text)
                elif number is not None:
                    label = _("%(list)s, row %(n)d", list=label, n=number)
                for message in leaf.errors:
                    yield FormProblem(leaf.id, label, str(message))


class CourseForm(ProfileForm):
    """Everything a course profile says; only the title is needed for a draft."""

    version = HiddenField()
    title = LineField(
        _l("Title of the course"),
        needed=_l("Give the course a title; a draft needs nothing else."),
        description=_l("As your students know it, in English if you can."),
        render_kw={"autocomplete": "off"},
    )
    discipline = LineField(_l("Subject"), description=_l("In your own words, such as “Environmental engineering”."))
    isced_f = PickField(
        _l("Field of education"),
        choices=choices.isced_fields,
        name_of=labels.isced_label,
        description=_l("From ISCED-F, the UNESCO list of fields; it finds partners whatever words they use."),
    )
    description = TextField(
        _l("Description"),
        description=_l("What the class does and what it could do with a partner: five sentences are plenty."),
        render_kw={"rows": 6},
    )
    outcomes = LinesField(
        _l("Learning outcomes"),
        n=20,
        most=300,
        description=_l("What students can do afterwards, one on each line."),
        render_kw={"rows": 4},
    )
    keywords = WordsField(_l("Keywords"), most=80, description=_l("Three to eight, with commas between them."))

    level = PickField(_l("Level"), choices=choices.levels, name_of=labels.level_label)
    eqf = PickField(
        _l("EQF level"),
        choices=choices.eqf_levels,
        description=_l(
            "The European Qualifications Framework counts from 1 (basic) to 8 (doctorate). You may leave it."
        ),
    )
    students = WholeNumberField(
        _l("Students, from"),
        low=1,
        high=100_000,
        description=_l("How many take part; when you do not know yet, the fewest you expect."),
    )
    students_most = WholeNumberField(
        _l("Students, to"),
        low=1,
        high=100_000,
        description=_l("The most you expect; leave it when you know the number."),
    )
    capacity = WholeNumberField(
        _l("Partner classes"),
        low=1,
        high=100,
        description=_l("How many partner classes you can work with in this term; most choose 1."),
    )

    exchange_languages = rows.language_rows(
        _l("Languages of the exchange"),
        description=_l("Languages your students can work in, each with their usual level on the CEFR scale."),
    )
    native_languages = rows.languages(
        _l("Languages your students speak at home"),
        description=_l("Partners who learn one of them gain most from your class."),
    )
    learning_languages = rows.languages(
        _l("Languages your students are learning"),
        description=_l("Together with a class that speaks one of them, both sides learn: a tandem."),
    )

    term_name = LineField(_l("Name of the term"), description=_l("As your institution calls it, such as “Semester 2”."))
    starts_on = DayField(_l("First day of teaching"))
    ends_on = DayField(_l("Last day of teaching"))
    weeks_wanted = WholeNumberField(
        _l("Weeks of the exchange"),
        low=1,
        high=52,
        description=_l("How long you would like to work together; most exchanges take 4 to 8 weeks."),
    )
    breaks = FieldList(
        FormField(rows.BreakRow),
        _l("Breaks"),
        min_entries=1,
        max_entries=rows.MOST_ROWS,
        description=_l("Holidays and examination weeks inside the term. Rows left empty do not count."),
    )
    time_zone = PickField(_l("Time zone"), choices=choices.time_zones, name_of=zone_city)
    slots = FieldList(
        FormField(rows.SlotRow),
        _l("Live hours"),
        min_entries=1,
        max_entries=rows.MOST_ROWS,
        description=_l("Weekly hours in which the class can meet a partner live, in your local time."),
    )
    mode = PickField(_l("Way of working"), choices=choices.modes, name_of=labels.mode_label)

    tools = ChecksField(_l("Tools you work with"), groups=choices.tools, name_of=labels.tool_label)
    tools_other = WordsField(_l("Other tools"), n=20, most=80, description=_l("With commas between them."))
    blocked_tools = ChecksField(
        _l("Tools that do not work at your place"), groups=choices.tools, name_of=labels.tool_label
    )
    blocked_other = WordsField(_l("Other blocked tools"), n=20, most=80, description=_l("With commas between them."))
    bandwidth = PickField(_l("Your students' connections"), choices=choices.bandwidths, name_of=labels.bandwidth_label)

    themes = WordsField(
        _l("Themes"),
        n=20,
        most=80,
        description=_l("What the class could work on with a partner, with commas: “floods, public transport”."),
    )
    sdgs = ChecksField(_l("Sustainable Development Goals"), groups=choices.goals, coerce=int)
    skills = ChecksField(_l("Skills"), groups=choices.skills, name_of=labels.skill_label)

    wish_field = PickField(
        _l("The partner's field of education"), choices=choices.field_wishes, name_of=labels.field_wish_label
    )
    wish_regions = ChecksField(_l("Regions you wish for"), groups=choices.regions, name_of=labels.region_label)
    wish_countries = ChecksField(_l("Countries you wish for"), groups=choices.countries, name_of=country_name)
    wish_disciplines = WordsField(
        _l("Subjects you wish for"), n=10, most=80, description=_l("With commas between them, such as “law, medicine”.")
    )
    must_have_topic = LineField(
        _l("Topic a partner must share"),
        description=_l("Only if you cannot do without: classes that do not mention it are never proposed."),
    )

    def add_row(self, name: str) -> None:
        """Add a row, or take over a term or a break that the calendar proposes."""
        if not terms.take_over(self, name):
            super().add_row(name)

    def check_together(self) -> None:
        """Check dates, rows and lists against each other."""
        checks.check_course(self)

    def values(self) -> dict[str, Any]:
        """Give the values of a course's columns; fields with errors count as not stated."""
        plain = (
            *("title", "discipline", "description", "outcomes", "keywords", "students", "students_most"),
            *("term_name", "starts_on", "ends_on", "weeks_wanted", "themes", "sdgs", "skills"),
            *("wish_regions", "wish_countries", "wish_disciplines", "must_have_topic"),
        )
        maybe = ("isced_f", "level", "time_zone", "mode", "bandwidth", "wish_field")
        return {
            **{name: self[name].data for name in plain},
            **{name: self[name].data or None for name in maybe},
            "eqf": int(self.eqf.data) if self.eqf.data.isdecimal() else None,
            "capacity": self.capacity.data or 1,
            "exchange_languages": rows.language_values(self.exchange_languages),
            "native_languages": once(row.data for row in self.native_languages),
            "learning_languages": once(row.data for row in self.learning_languages),
            "breaks": rows.break_values(self.breaks),
            "slots": rows.slot_values(self.slots),
            "tools": once([*(self.tools.data or []), *map(tool_id, self.tools_other.data or [])]),
            "blocked_tools": once([*(self.blocked_tools.data or []), *map(tool_id, self.blocked_other.data or [])]),
        }


def course_data(values: Mapping[str, Any]) -> dict[str, Any]:
    """Turn the values of a course's columns into what `CourseForm` is filled with.

    Parameters
    ----------
    values
        Columns of a course by name, as `webapp.profiles.rules.values_of` gives them.
    """
    eqf, tools, blocked = values["eqf"], values["tools"], values["blocked_tools"]
    return {
        **values,
        "eqf": "" if eqf is None else str(eqf),
        "exchange_languages": [
            {"language": language, "level": level or ""} for language, level in values["exchange_languages"].items()
        ],
        "breaks": [
            {"first": date.fromisoformat(one["from"]), "last": date.fromisoformat(one["to"])}
            for one in values["breaks"]
        ],
        "slots": [
            {
                "weekday": one["weekday"],
                "start": time.fromisoformat(one["start"]),
                "end": time.fromisoformat(one["end"]),
            }
            for one in values["slots"]
        ],
        "tools": [tool for tool in tools if tool in TOOLS],
        "tools_other": [tool for tool in tools if tool not in TOOLS],
        "blocked_tools": [tool for tool in blocked if tool in TOOLS],
        "blocked_other": [tool for tool in blocked if tool not in TOOLS],
    }
