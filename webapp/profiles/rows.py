"""Rows of the course form: languages, breaks and live hours, of which there may be several each."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, FieldList, Form, FormField

from webapp.i18n import language_name
from webapp.profiles import choices, labels
from webapp.profiles.fields import ClockField, DayField, PickField, complain

MOST_ROWS = 20


class LanguageRow(Form):
    """A language with its level."""

    language = PickField(_l("Language"), choices=choices.languages, name_of=language_name)
    level = PickField(_l("Level"), choices=choices.cefr_levels, name_of=labels.cefr_label)


class BreakRow(Form):
    """Days without teaching, from the first to the last."""

    first = DayField(_l("From"))
    last = DayField(_l("To"))


class SlotRow(Form):
    """A weekly hour in which the class can meet live."""

    weekday = PickField(_l("Day"), choices=choices.weekdays, name_of=labels.weekday_label)
    start = ClockField(_l("Starts"))
    end = ClockField(_l("Ends"))


def language_rows(label: Any, **kwargs: Any) -> Any:
    """A list of languages with levels."""
    return FieldList(FormField(LanguageRow), label, min_entries=1, max_entries=MOST_ROWS, **kwargs)


def languages(label: Any, **kwargs: Any) -> Any:
    """A list of languages."""
    one = PickField(_l("Language"), choices=choices.languages, name_of=language_name)
    return FieldList(one, label, min_entries=1, max_entries=MOST_ROWS, **kwargs)


def is_typed(row: Any) -> bool:
    """Tell whether anything stands in a row; rows left empty are no rows."""
    if isinstance(row, FormField):
        return any(is_typed(cell) for cell in row)
    return bool(row.data) or bool(row.process_errors)


def typed(rows: Any) -> Iterator[Any]:
    """Go through the rows in which something stands."""
    return (row for row in rows if is_typed(row))


def leaves(field: Any) -> Iterator[tuple[int | None, Field]]:
    """Go through a field's innermost fields, each with the number of its row (from 1), if it is in one."""
    if not isinstance(field, FieldList):
        yield None, field
        return
    for number, row in enumerate(field, start=1):
        for cell in row if isinstance(row, FormField) else (row,):
            yield number, cell


def check_languages(rows: Any) -> None:
    """Ask for the language of a level that stands alone, and for each language once."""
    seen: set[str] = set()
    for row in typed(rows):
        language = row.form.language
        if not language.data and not language.errors:
            complain(language, _("Choose the language this level belongs to."))
        elif language.data in seen:
            name = language_name(language.data)
            complain(language, _("%(language)s is chosen twice; empty one of the two rows.", language=name))
        seen.add(language.data)


def check_breaks(rows: Any, starts_on: date | None, ends_on: date | None) -> None:
    """Ask for breaks that have a first day, end after it and lie inside the term."""
    for row in typed(rows):
        first, last = row.form.first, row.form.last
        if first.errors or last.errors:
            continue
        if first.data is None:
            complain(first, _("Give the first day of this break."))
        elif last.data is not None and last.data < first.data:
            complain(last, _("This break ends before it starts; check both days."))
        elif (starts_on and first.data < starts_on) or (ends_on and (last.data or first.data) > ends_on):
            complain(first, _("This break lies outside the term; check its days or those of the term."))


def check_slots(rows: Any) -> None:
    """Ask for hours that have a day, a start and a later end."""
    for row in typed(rows):
        weekday, start, end = row.form.weekday, row.form.start, row.form.end
        if not weekday.data and not weekday.errors:
            complain(weekday, _("Choose the day of these hours."))
        if start.data is None and not start.errors:
            complain(start, _("Give the time at which these hours start."))
        if end.data is None and not end.errors:
            complain(end, _("Give the time at which these hours end."))
        if start.data and end.data and end.data <= start.data:
            complain(end, _("These hours must end after they start; write hours across midnight as two rows."))


def language_values(rows: Any) -> dict[str, str | None]:
    """Languages to levels, None where no level is stated."""
    return {row.form.language.data: row.form.level.data or None for row in typed(rows) if row.form.language.data}


def break_values(rows: Any) -> list[dict[str, str]]:
    """Breaks as the model keeps them, in order of time; a break without a last day is one day long."""
    found = [
        {"from": row.form.first.data.isoformat(), "to": (row.form.last.data or row.form.first.data).isoformat()}
        for row in typed(rows)
        if row.form.first.data
    ]
    return sorted(found, key=lambda one: one["from"])


def slot_values(rows: Any) -> list[dict[str, str]]:
    """Live hours as the model keeps them, through the week, each once."""
    found = {
        (row.form.weekday.data, f"{row.form.start.data:%H:%M}", f"{row.form.end.data:%H:%M}")
        for row in typed(rows)
        if row.form.weekday.data in labels.WEEKDAYS and row.form.start.data and row.form.end.data
    }
    in_order = sorted(found, key=lambda one: (labels.WEEKDAYS.index(one[0]), *one[1:]))
    return [{"weekday": weekday, "start": start, "end": end} for weekday, start, end in in_order]
