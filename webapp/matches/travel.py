"""What the visit that an exchange stands in for would have cost in greenhouse gases, by a published factor."""

import csv
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel.numbers import format_decimal
from flask_babel import gettext as _
from flask_babel import ngettext

from webapp.i18n import country_name, locale
from webapp.institutions.models import Institution
from webapp.institutions.names import fold
from webapp.matches.lifecycle import Side
from webapp.matches.models import Match
from webapp.profiles.models import CourseProfile

DATA = Path(__file__).parent / "data"
EARTH_RADIUS = 6371.0088
"""Mean radius in kilometres."""
NEAR = 700
"""Kilometres up to which nobody need fly."""
UNITED_KINGDOM = "GB"
SOURCE = "UK Government GHG Conversion Factors for Company Reporting 2026, DESNZ"
LICENCE = "Open Government Licence v3.0"


@dataclass(frozen=True)
class Place:
    """Where an institution is, in degrees; ``is_capital`` when its country's capital stands in for its city."""

    latitude: float
    longitude: float
    is_capital: bool = False


@dataclass(frozen=True)
class Travel:
    """What the page says about the visit replaced: the answer, and how it was reckoned; no method without an answer."""

    words: str
    method: tuple[str, ...] = ()


@cache
def _places(name: str) -> dict[tuple[str, str], Place]:
    """Read a table of places by country and folded city; capitals by country alone."""
    is_capital = name == "capitals"
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return {
            (row["country"], "" if is_capital else fold(row["city"])): Place(
                float(row["lat"]), float(row["lon"]), is_capital
            )
            for row in csv.DictReader(file)
        }


@cache
def factors() -> dict[str, tuple[float, float]]:
    """Kilograms of CO2 equivalent of a passenger on a kilometre, without and with effects of height, by route."""
    with (DATA / "flight_factors.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["route"]: (float(row["kg_without_height"]), float(row["kg_with_height"]))
            for row in csv.DictReader(file)
        }


def place_of(institution: Institution) -> Place | None:
    """Find an institution's city, else its country's capital; None outside the list of countries."""
    country = institution.country
    found = _places("cities").get((country, fold(institution.city))) if institution.city else None
    return found or _places("capitals").get((country, ""))


def distance(one: Place, other: Place) -> float:
    """Measure the great circle between two places, in kilometres (haversine)."""
    lat_a, lat_b = math.radians(one.latitude), math.radians(other.latitude)
    half_lat = (lat_b - lat_a) / 2
    half_lon = math.radians(other.longitude - one.longitude) / 2
    chord = math.sin(half_lat) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin(half_lon) ** 2
    return 2 * EARTH_RADIUS * math.asin(min(1.0, math.sqrt(chord)))


def two_figures(value: float) -> float:
    """Round to two significant figures: 23.6 becomes 24, 1.372 becomes 1.4."""
    if not value:
        return 0.0
    return round(value, 1 - math.floor(math.log10(abs(value))))


def tonnes(kilometres: float, n_people: int, route: str) -> tuple[float, float]:
    """Reckon flights there and back, in tonnes of CO2 equivalent: without and with effects of height, two figures."""
    low, high = factors()[route]
    there_and_back = 2 * kilometres * n_people / 1000
    return two_figures(there_and_back * low), two_figures(there_and_back * high)


def saved(match: Match) -> Travel:
    """Say what the visit replaced would have cost.

    Parameters
    ----------
    match
        The smaller class is taken to have visited the larger; of which no number is known, one student.

    Returns
    -------
    Travel
        Without method when a place is not known or too near to fly.
    """
    a, b = match.course_a, match.course_b
    place_a, place_b = place_of(a.institution), place_of(b.institution)
    if place_a is None or place_b is None:
        unknown = a.institution if place_a is None else b.institution
        text = _(
            "The place of %(institution)s is not known, so the flights saved cannot be reckoned.",
            institution=unknown.name,
        )
        return Travel(str(text))
    kilometres = distance(place_a, place_b)
    if kilometres <= NEAR:
        near = _("The two places are so near each other that a visit need not go by air.")
        return Travel(str(near))
    route = "uk" if UNITED_KINGDOM in (a.institution.country, b.institution.country) else "elsewhere"
    guests = _guests(a, b)
    n = guests.students if guests is not None and guests.students else 1
    low, high = (_figure(value) for value in tonnes(kilometres, n, route))
    return Travel(_words(guests, n, low, high), _method(match, kilometres, route))


def _guests(a: CourseProfile, b: CourseProfile) -> CourseProfile | None:
    """The class that would have travelled: the smaller, or the only one whose size is known; None if none is."""
    known = [course for course in (a, b) if course.students]
    return min(known, key=lambda course: course.students or 0) if known else None


def _words(guests: CourseProfile | None, n: int, low: str, high: str) -> str:
    if guests is None:
        return str(
            _(
                "About %(low)s to %(high)s tonnes of CO₂ equivalent for each student who does not fly there and back;"
                " the class sizes are not known.",
                low=low,
                high=high,
            )
        )
    return str(
        ngettext(
            "About %(low)s to %(high)s tonnes of CO₂ equivalent, had the %(num)d student of “%(course)s” flown there"
            " and back.",
            "About %(low)s to %(high)s tonnes of CO₂ equivalent, had the %(num)d students of “%(course)s” flown there"
            " and back.",
            n,
            low=low,
            high=high,
            course=guests.title,
        )
    )


def _method(match: Match, kilometres: float, route: str) -> tuple[str, ...]:
    low, high = factors()[route]
    stand_ins = [
        _(
            "The city of %(institution)s is not known; the capital of %(country)s stands in for it.",
            institution=institution.name,
            country=country_name(institution.country),
        )
        for institution in (match.course(side).institution for side in Side)
        if (place := place_of(institution)) is not None and place.is_capital
    ]
    lines = [
        _("Assumed: each student of the smaller class flies to the partner and back, in economy class."),
        _("Distance as the crow flies: %(n)s km each way.", n=_figure(round(kilometres, -1))),
        *stand_ins,
        _(
            "Factor: %(low)s kg of CO₂ equivalent for each passenger and kilometre, %(high)s kg with the effects of"
            " flying high up, which are less certain; both include 8%% for detours.",
            low=_exact(low),
            high=_exact(high),
        ),
        _("Not counted: the way to the airport, the stay, making the fuel, and the electricity of calls."),
        _("Source: %(source)s (%(licence)s). Coordinates: GeoNames (CC BY 4.0).", source=SOURCE, licence=LICENCE),
    ]
    return tuple(map(str, lines))


def _figure(value: float) -> str:
    return str(format_decimal(value, format="#,##0.###", locale=locale()))


def _exact(value: float) -> str:
    return str(format_decimal(value, format="0.00000", locale=locale()))
