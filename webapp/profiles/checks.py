"""What fields of a form must be together; each error stands at the field one would change."""

from datetime import date
from typing import Any
from urllib.parse import urlsplit

from flask_babel import gettext as _
from flask_babel import ngettext

from matcher.profile import Level
from matcher.vocabulary.levels import EQF_LEVELS, LEVEL_OF_EQF
from matcher.vocabulary.tools import tool_id
from webapp.i18n import join, language_name
from webapp.profiles import labels, rows
from webapp.profiles.fields import complain

SHORTEST_TERM, LONGEST_TERM = 2, 52
"""Weeks."""


def check_course(form: Any) -> None:
    """Check a course form after its fields have checked themselves."""
    starts_on, ends_on = form.starts_on.data, form.ends_on.data
    _check_term(form, starts_on, ends_on)
    term_is_sound = not form.starts_on.errors and not form.ends_on.errors
    rows.check_breaks(form.breaks, *((starts_on, ends_on) if term_is_sound else (None, None)))
    rows.check_slots(form.slots)
    if any(rows.typed(form.slots)) and not form.time_zone.data and not form.time_zone.errors:
        complain(form.time_zone, _("Choose the time zone of your live hours."))
    rows.check_languages(form.exchange_languages)
    _check_learning(form)
    _check_size(form)
    _check_level(form)
    _check_tools(form)


def weeks_of(starts_on: date, ends_on: date) -> float:
    """Tell how many weeks a term lasts, both days included."""
    return ((ends_on - starts_on).days + 1) / 7


def _check_term(form: Any, starts_on: date | None, ends_on: date | None) -> None:
    if starts_on is None or ends_on is None:
        return
    weeks = weeks_of(starts_on, ends_on)
    if ends_on < starts_on:
        complain(form.ends_on, _("The last day lies before the first; check both."))
    elif weeks < SHORTEST_TERM:
        complain(form.ends_on, _("A term lasts %(n)d weeks or more; check both days.", n=SHORTEST_TERM))
    elif weeks > LONGEST_TERM:
        complain(form.ends_on, _("A term lasts %(n)d weeks at most; check the years of both days.", n=LONGEST_TERM))
    elif form.weeks_wanted.data and form.weeks_wanted.data > weeks:
        text = ngettext(
            "The term has only %(num)d full week; ask for fewer weeks or check its days.",
            "The term has only %(num)d full weeks; ask for fewer weeks or check its days.",
            int(weeks),
        )
        complain(form.weeks_wanted, text)


def _check_learning(form: Any) -> None:
    spoken = {row.data for row in form.native_languages if row.data}
    for row in form.learning_languages:
        if row.data in spoken:
            name = language_name(row.data)
            complain(row, _("Students both speak and learn %(language)s; take it out of one list.", language=name))


def _check_size(form: Any) -> None:
    fewest, most = form.students, form.students_most
    if fewest.errors or most.errors or most.data is None:
        return
    if fewest.data is None:
        complain(fewest, _("Give the fewest students too, or write the number here and leave “to” empty."))
    elif most.data < fewest.data:
        complain(most, _("The largest number of students lies below the smallest; check both."))


def _check_level(form: Any) -> None:
    if not form.level.data or not form.eqf.data or form.level.errors or form.eqf.errors:
        return
    level, eqf = Level(form.level.data), int(form.eqf.data)
    if eqf not in EQF_LEVELS[level] and LEVEL_OF_EQF[eqf] is not level:
        name = labels.level_label(level)
        complain(
            form.eqf,
            _(
                "EQF level %(n)d does not go with “%(level)s”; change one, or leave this to the level.",
                n=eqf,
                level=name,
            ),
        )


def _check_tools(form: Any) -> None:
    used = {*(form.tools.data or []), *map(tool_id, form.tools_other.data or [])}
    for field, blocked in (
        (form.blocked_tools, form.blocked_tools.data or []),
        (form.blocked_other, list(map(tool_id, form.blocked_other.data or []))),
    ):
        both = [labels.tool_label(tool) for tool in blocked if tool in used]
        if both:
            complain(
                field, _("You work with %(tools)s and call them blocked; take them out of one list.", tools=join(both))
            )


def check_lecturer(form: Any) -> None:
    """Check a lecturer form after its fields have checked themselves."""
    rows.check_languages(form.languages)
    address = full_address(form.web_page.data)
    if address and not form.web_page.errors and not _is_web_address(address):
        complain(form.web_page, _("Write the address as browsers show it, such as https://www.example.org/people/me."))
    elif len(address) > 200 and not form.web_page.errors:
        complain(form.web_page, _("Use a shorter address, of 200 characters at most."))


def full_address(typed: str | None) -> str:
    """Give a web address with its scheme, which people often leave out."""
    typed = typed or ""
    return typed if not typed or "://" in typed else f"https://{typed}"


def _is_web_address(address: str) -> bool:
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        return parts.scheme in ("http", "https") and "." in host.strip(".") and " " not in address
    except ValueError:
        return False
