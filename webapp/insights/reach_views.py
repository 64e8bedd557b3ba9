"""The page about the under-served: who is below their fair share, and whom to write to."""

from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import quote

from flask import Response, render_template, request
from flask_babel import gettext as _
from flask_login import current_user

from webapp.access import Role, allow
from webapp.i18n import country_name
from webapp.insights import csv_files, reach, reach_queries
from webapp.insights.blueprint import bp
from webapp.insights.reach import Gap, Offer
from webapp.insights.reach_queries import Person
from webapp.institutions.labels import type_label
from webapp.matches.wording import decimal
from webapp.profiles.labels import level_label, region_label

MOST_PEOPLE = 50
"""People a list names; the file has all."""


@bp.get("/reach")
@allow(Role.COORDINATOR, Role.ADMINISTRATOR)
def reach_page() -> str:
    """Show which countries, institution types and levels are below their fair share, and whom to write to."""
    today = datetime.now(UTC).date()
    offers = reach_queries.offers(current_user, today)
    by_country = _by_country(offers)
    chosen, countries = _chosen(by_country)
    return render_template(
        "insights/reach.html",
        by_country=by_country,
        by_type=reach.gaps(offers, lambda offer: offer.institution_type),
        by_level=reach.gaps(offers, lambda offer: offer.level),
        chosen=chosen,
        offices=reach_queries.offices(current_user, countries, reach.without_match(offers)),
        lecturers=reach_queries.left_out_twice(current_user, countries, today),
        most=MOST_PEOPLE,
        region_label=region_label,
        level_label=level_label,
        type_label=type_label,
        mailto=mailto,
        country_name=country_name,
        decimal=decimal,
        now=datetime.now(UTC),
    )


@bp.get("/reach.csv")
@allow(Role.COORDINATOR, Role.ADMINISTRATOR)
def reach_file() -> Response:
    """Send the countries below their fair share with the people to write to, as a file."""
    today = datetime.now(UTC).date()
    offers = reach_queries.offers(current_user, today)
    by_country = _by_country(offers)
    countries = _chosen(by_country)[1]
    people = [
        *reach_queries.offices(current_user, countries, reach.without_match(offers)),
        *reach_queries.left_out_twice(current_user, countries, today),
    ]
    text = csv_files.written(_lines([gap for gap in by_country if gap.key in countries], people))
    return csv_files.answer(text, "causeway-reach.csv")


def _by_country(offers: list[Offer]) -> list[Gap]:
    return reach.gaps(offers, lambda offer: offer.country)


def _chosen(by_country: list[Gap]) -> tuple[str, list[str]]:
    """The country of the address, empty when it is none of those below; and the countries to name people of."""
    below = [gap.key for gap in by_country]
    asked = request.args.get("country", "")
    return (asked, [asked]) if asked in below else ("", below)


def mailto(person: Person) -> str:
    """Give the address that opens a letter to a person, with a subject."""
    if person.course:
        subject = _("Causeway: a partner class for “%(course)s”", course=person.course)
    else:
        subject = _("Causeway: partner classes for %(institution)s", institution=person.institution)
    return f"mailto:{quote(person.email, safe='@')}?subject={quote(str(subject))}"


def _lines(gaps: list[Gap], people: list[Person]) -> Iterator[tuple[str, ...]]:
    yield (
        _("Country"), _("Region"), _("Open courses"), _("Partnerships offered"), _("Open matches"), _("Fair share"),
        _("Below"), _("Role"), _("Name"), _("Email address"), _("Institution"), _("Course"),
    )  # fmt: skip
    for gap in gaps:
        figures = (
            country_name(gap.key),
            region_label(gap.region),
            str(gap.courses),
            str(gap.offered),
            str(gap.has),
            f"{gap.fair:.1f}",
            f"{gap.below:.1f}",
        )
        there = [person for person in people if person.country == gap.key]
        for person in there:
            role = _("Lecturer") if person.course else _("International office")
            yield (*figures, str(role), person.name, person.email, person.institution, person.course)
        if not there:
            yield (*figures, "", "", "", "", "")
