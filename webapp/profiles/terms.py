"""Terms a lecturer can choose instead of typing dates: the institution's own, those of colleagues' courses, and a
country's usual ones."""

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field

from webapp.accounts.models import User
from webapp.db import db
from webapp.i18n import country_name
from webapp.institutions import queries as institution_queries
from webapp.institutions.models import Institution, InstitutionTerm
from webapp.profiles.models import CourseProfile, CourseState
from webapp.profiles.rows import MOST_ROWS, is_typed

TABLE = Path(__file__).parent / "data" / "academic_calendars.csv"
AHEAD = timedelta(days=548)
"""A year and a half: how far ahead terms are proposed."""
LEAST_LEFT = timedelta(weeks=4)
"""A term that ends sooner has no room left for an exchange."""
MOST_OF_COLLEAGUES = 6
BETWEEN = "|"
"""Stands between the parts of what a button sends; the name of a term comes last, so it may hold one itself."""

USUAL_NAMES = {
    "Autumn semester": _l("Autumn semester"),
    "Autumn term": _l("Autumn term"),
    "Even semester": _l("Even semester"),
    "Even semester (genap)": _l("Even semester (genap)"),
    "Fall semester": _l("Fall semester"),
    "First semester": _l("First semester"),
    "Odd semester": _l("Odd semester"),
    "Odd semester (ganjil)": _l("Odd semester (ganjil)"),
    "Second semester": _l("Second semester"),
    "Semester 1": _l("Semester 1"),
    "Semester 2": _l("Semester 2"),
    "Spring semester": _l("Spring semester"),
    "Spring term": _l("Spring term"),
    "Summer semester": _l("Summer semester"),
    "Summer term": _l("Summer term"),
    "Winter semester": _l("Winter semester"),
}


class Origin(StrEnum):
    """Where a proposed term comes from."""

    INSTITUTION = "institution"
    COLLEAGUES = "colleagues"
    PAGES = "pages"
    KNOWLEDGE = "knowledge"
    GUESS = "guess"


@dataclass(frozen=True)
class Term:
    """A term with its dates, proposed for the form of a course."""

    name: str
    starts_on: date
    ends_on: date
    origin: Origin
    country: str = ""
    breaks: tuple[tuple[date, date], ...] = ()

    @property
    def value(self) -> str:
        """What the button of this term sends."""
        days = (self.starts_on.isoformat(), self.ends_on.isoformat())
        if not self.breaks:
            return BETWEEN.join(("term", *days, self.name))
        breaks = ",".join(f"{first.isoformat()}/{last.isoformat()}" for first, last in self.breaks)
        return BETWEEN.join(("own", *days, breaks, self.name))

    @property
    def break_rows(self) -> list[dict[str, str]]:
        """Its breaks as a course keeps them."""
        return [{"from": first.isoformat(), "to": last.isoformat()} for first, last in self.breaks]

    @property
    def label(self) -> str:
        """Its name for the reader; the usual names in their language, others as they were stated."""
        return str(USUAL_NAMES.get(self.name, self.name) or _("Term without a name"))

    @property
    def words(self) -> str:
        """Say where the proposal comes from."""
        country = country_name(self.country)
        if self.origin is Origin.INSTITUTION:
            return str(_("Stated by your international office."))
        if self.origin is Origin.COLLEAGUES:
            return str(_("Stated for courses of your institution."))
        if self.origin is Origin.PAGES:
            return str(_("Usual in %(country)s, after pages of universities there.", country=country))
        if self.origin is Origin.KNOWLEDGE:
            return str(_("Usual in %(country)s as far as we know; not checked.", country=country))
        return str(_("A guess for %(country)s, where terms differ much.", country=country))


@cache
def table() -> dict[str, tuple[dict[str, str], ...]]:
    """Give the rows of usual terms by country (ISO 3166-1 alpha-2)."""
    found: dict[str, list[dict[str, str]]] = {}
    with TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["country_iso2"], []).append(row)
    return {country: tuple(its) for country, its in found.items()}


def _origin(row: dict[str, str]) -> Origin:
    if row["confidence"] == "low":
        return Origin.GUESS
    return Origin.KNOWLEDGE if row["general_knowledge"] == "1" else Origin.PAGES


def _is_near(starts_on: date, ends_on: date, today: date) -> bool:
    return starts_on <= today + AHEAD and ends_on >= today + LEAST_LEFT


def usual(country: str, today: date) -> list[Term]:
    """Date a country's usual terms of the next year and a half, in order; those that run now come first.

    Parameters
    ----------
    country
        ISO 3166-1 alpha-2 code; one that is not in the table has no usual terms.
    today
        The day from which one looks ahead.
    """
    found = []
    for row in table().get(country, ()):
        for year in range(today.year - 1, (today + AHEAD).year + 1):
            starts_on = date.fromisoformat(f"{year}-{row['start_mmdd']}")
            ends_on = date.fromisoformat(f"{year + int(row['crosses_new_year'])}-{row['end_mmdd']}")
            if _is_near(starts_on, ends_on, today):
                found.append(Term(row["term_name"], starts_on, ends_on, _origin(row), country))
    return sorted(found, key=lambda term: term.starts_on)


def own(institution: Institution, today: date) -> list[Term]:
    """List the terms an institution states itself, with their breaks, in order."""
    return [
        Term(row.name, row.starts_on, row.ends_on, Origin.INSTITUTION, institution.country, _breaks_of(row))
        for row in institution_queries.terms_of(institution.id)
        if _is_near(row.starts_on, row.ends_on, today)
    ]


def following(course: CourseProfile, today: date) -> Term | None:
    """Find the next term a course's institution states after the course's own; None where it states none."""
    after = max(course.ends_on or today, today)
    return next((term for term in own(course.institution, today) if term.starts_on > after), None)


def _breaks_of(row: InstitutionTerm) -> tuple[tuple[date, date], ...]:
    return tuple((date.fromisoformat(one["from"]), date.fromisoformat(one["to"])) for one in row.breaks)


def of_institution(institution: Institution, reader: User, today: date) -> list[Term]:
    """List terms stated in courses of an institution, each once, without saying by whom.

    Drafts and withdrawn courses of other people do not count: nobody but their lecturers may read them.
    """
    columns = (CourseProfile.term_name, CourseProfile.starts_on, CourseProfile.ends_on)
    readable = CourseProfile.state.in_((CourseState.OPEN, CourseState.PAUSED))
    chosen = (
        sa.select(*columns)
        .where(CourseProfile.institution_id == institution.id)
        .where(sa.or_(readable, CourseProfile.lecturer_id == reader.id))
        .where(CourseProfile.starts_on <= today + AHEAD, CourseProfile.ends_on >= today + LEAST_LEFT)
        .group_by(*columns)
        .order_by(CourseProfile.starts_on, sa.func.count().desc(), CourseProfile.term_name, CourseProfile.ends_on)
        .limit(MOST_OF_COLLEAGUES)
    )
    rows = db.session.execute(chosen).tuples()
    return [
        Term(name, starts_on, ends_on, Origin.COLLEAGUES, institution.country)
        for name, starts_on, ends_on in rows
        if starts_on and ends_on
    ]


def proposals(reader: User, today: date) -> list[Term]:
    """List the terms a lecturer may choose from, each once.

    Those the institution states come first, then those of its courses, then the usual ones of its country.
    """
    institution = reader.institution
    if institution is None:
        return []
    found: dict[tuple[date, date], Term] = {}
    for term in own(institution, today):
        found.setdefault((term.starts_on, term.ends_on), term)
    own_days = set(found)
    stated = [
        term for term in of_institution(institution, reader, today) if (term.starts_on, term.ends_on) not in own_days
    ]
    known = own_days | {(term.starts_on, term.ends_on) for term in stated}
    usually = [term for term in usual(institution.country, today) if (term.starts_on, term.ends_on) not in known]
    return [*found.values(), *stated, *usually]


def take_over(form: Any, asked: str) -> bool:
    """Fill a proposed term or break into the form of a course.

    Parameters
    ----------
    form
        The form, with everything typed so far.
    asked
        What a button of the calendar sent: ``term|<first day>|<last day>|<name>``,
        ``own|<first day>|<last day>|<first>/<last>,...|<name>`` for a term with breaks, or ``break|<first>|<last>``.

    Returns
    -------
    bool
        False when this is not the calendar's to do; the form is as it was then.
    """
    kind, _between, rest = asked.partition(BETWEEN)
    parts = rest.split(BETWEEN, 3 if kind == "own" else 2)
    if kind not in ("term", "own", "break") or len(parts) < (3 if kind == "own" else 2):
        return False
    try:
        first, last = _days(parts[:2])
        breaks = [_days(one.split("/")) for one in parts[2].split(",")] if kind == "own" else []
    except ValueError:
        return False
    if kind == "break":
        _put_break(form.breaks, first, last)
        return True
    _put(form.starts_on, first)
    _put(form.ends_on, last)
    name = parts[3:] if kind == "own" else parts[2:]
    if name and name[0]:
        _put(form.term_name, name[0])
    present = {(row.form.first.data, row.form.last.data) for row in form.breaks}
    for one in breaks:
        if one not in present:
            _put_break(form.breaks, *one)
    return True


def _days(texts: list[str]) -> tuple[date, date]:
    first, last = map(date.fromisoformat, texts)
    return first, last


def _put(field: Field, value: Any) -> None:
    """Give a field a value in place of what was typed."""
    field.raw_data, field.data = None, value
    field.process_errors = []


def _put_break(breaks: Any, first: date, last: date) -> None:
    for row in breaks:
        if not is_typed(row):
            _put(row.form.first, first)
            _put(row.form.last, last)
            return
    if len(breaks) < MOST_ROWS:
        breaks.append_entry({"first": first, "last": last})
