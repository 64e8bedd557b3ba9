"""Events of the audit log in words a person can read, and as a file."""

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from babel.numbers import format_decimal
from flask_babel import gettext as _

from webapp.access import Role
from webapp.accounts.audit_queries import INSTITUTION_COLUMNS, PERSON_COLUMNS, Names
from webapp.accounts.labels import ROLES
from webapp.accounts.models import User
from webapp.audit.columns import VALUE_LABELS, column_label
from webapp.audit.labels import action_label
from webapp.audit.log import FORMER
from webapp.audit.models import AuditEvent
from webapp.i18n import country_name, day, instant, join, locale, week_days, zone_name
from webapp.institutions import credits, data_protection
from webapp.institutions.labels import type_label
from webapp.spreadsheets import harmless

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}.*[+]00:00")
_ROUND = re.compile(r"(\d{4}-W\d{2})(?:/(\d+))?")


@dataclass(frozen=True)
class Change:
    """One fact that changed, in words; empty where there was, or is, none."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Line:
    """One event in words.

    Parameters
    ----------
    at
        When it happened.
    who
        Name of who did it.
    what, name
        What was done, and to whom or what.
    place
        The institution it concerns; empty when it concerns none or all.
    changes
        The facts that changed.
    """

    at: datetime
    who: str
    what: str
    name: str
    place: str
    changes: tuple[Change, ...]


def _special(column: str, value: Any, names: Names) -> str | None:
    """Words of a code whose meaning depends on its column; None when there are none."""
    if column in INSTITUTION_COLUMNS and isinstance(value, int):
        return names.institutions.get(value) or str(_("an institution no longer listed"))
    if column in PERSON_COLUMNS and isinstance(value, int):
        return names.people.get(value) or str(_("A former member"))
    if not isinstance(value, str):
        return None
    if value == FORMER:
        return str(_("A former member"))
    if column == "role" and value in set(Role):
        return str(ROLES[Role(value)])
    if column.endswith("country") or column == "countries":
        return country_name(value)
    if column == "time_zone":
        return zone_name(value)
    known = {
        "credit_system": credits.label,
        "institution_type": type_label,
        "privacy_regime": data_protection.regime_label,
        "transfer_basis": data_protection.basis_label,
    }
    if column in known:
        return known[column](value) or None
    labels = VALUE_LABELS.get(column, {})
    return str(labels[value]) if value in labels else None


def words(column: str, value: Any, names: Names) -> str:
    """Write a value of the audit log for a person.

    Parameters
    ----------
    column
        Its key.
    value
        The value, as JSON keeps it.
    names
        Names of institutions and people by id.
    """
    if value is None or value in ("", [], {}):
        return ""
    special = _special(column, value, names)
    if special is not None:
        return special
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, int | float):
        return str(format_decimal(value, locale=locale()))
    if isinstance(value, list):
        return join(words(column, one, names) for one in value)
    if isinstance(value, dict):
        if set(value) == {"from", "to"}:
            first, last = (words(column, value[key], names) for key in ("from", "to"))
            return str(_("%(first)s to %(last)s", first=first, last=last))
        return join((_pair(key, words(key, one, names)) for key, one in value.items()), "; ")
    text = str(value)
    if _DAY.fullmatch(text):
        return day(date.fromisoformat(text))
    if _INSTANT.fullmatch(text):
        return instant(datetime.fromisoformat(text))
    return _name(text)


def _name(text: str) -> str:
    """Write the week that names a round as its days, with the number of the round; other names stay as they are."""
    found = _ROUND.fullmatch(text)
    if not found:
        return text
    days, number = week_days(found[1]), found[2]
    return str(_("%(days)s (no. %(number)d)", days=days, number=int(number))) if number else days


def _pair(column: str, said: str) -> str:
    label = str(_("A former member")) if column == FORMER else column if "@" in column else column_label(column)
    return str(_("%(label)s: %(value)s", label=label, value=said))


def line(event: AuditEvent, actor: User | None, names: Names) -> Line:
    """Put an event into words.

    Parameters
    ----------
    event
        The event.
    actor
        Who did it; None for a command or a job.
    names
        Names of institutions and people by id, from `audit_queries.names`.
    """
    columns = dict.fromkeys([*event.before, *event.after])
    changes = (
        Change(
            column_label(column),
            words(column, event.before.get(column), names),
            words(column, event.after.get(column), names),
        )
        for column in columns
    )
    return Line(
        at=event.at,
        who=actor.name if actor else str(_("Causeway itself")),
        what=action_label(event.action),
        name=_name(f"{event.object_name}/{event.object_id}" if event.object_kind == "rounds" else event.object_name),
        place=names.institutions.get(event.institution_id or 0, ""),
        changes=tuple(one for one in changes if one.before or one.after),
    )


def said(change: Change) -> str:
    """Write a change as one sentence."""
    if not change.before:
        return str(_("%(label)s: %(value)s", label=change.label, value=change.after))
    if not change.after:
        return str(_("%(label)s: %(value)s, now empty", label=change.label, value=change.before))
    return str(_("%(label)s: %(before)s, now %(after)s", label=change.label, before=change.before, after=change.after))


def as_csv(lines: Iterable[Line]) -> str:
    """Write events as a CSV file, with the byte order mark by which spreadsheets know UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([_("When (UTC)"), _("Who"), _("What"), _("Whom or what"), _("Institution"), _("Changes")])
    for one in lines:
        changes = "; ".join(said(change) for change in one.changes)
        cells = (one.who, one.what, one.name, one.place, changes)
        writer.writerow([one.at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S"), *map(harmless, cells)])
    return "\ufeff" + out.getvalue()
