"""Institutions in words."""

from flask_babel import gettext as _

from webapp.i18n import country_name
from webapp.institutions.models import Institution


def place(institution: Institution) -> str:
    """Say where an institution is: city and country, or the country alone when the city is unknown."""
    country = country_name(institution.country)
    if not institution.city:
        return country
    return str(_("%(city)s, %(country)s", city=institution.city, country=country))


def full_name(institution: Institution) -> str:
    """Name an institution with its place, so that namesakes can be told apart."""
    return str(_("%(name)s (%(place)s)", name=institution.name, place=place(institution)))
