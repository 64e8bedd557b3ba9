"""Institutions in words."""

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp.i18n import country_name
from webapp.institutions.models import Institution, InstitutionType

TYPE_LABELS: dict[InstitutionType, LazyString] = {
    InstitutionType.UNIVERSITY: _l("University"),
    InstitutionType.APPLIED_SCIENCES: _l("University of applied sciences or polytechnic"),
    InstitutionType.VOCATIONAL: _l("Vocational college or training centre"),
    InstitutionType.SCHOOL: _l("School"),
    InstitutionType.ADULT_EDUCATION: _l("Adult education or lifelong learning"),
    InstitutionType.INDUSTRY: _l("Company or professional body"),
    InstitutionType.OTHER: _l("Another kind of institution"),
}


def type_label(code: str) -> str:
    """Name a type of institution; empty for none stated."""
    return str(TYPE_LABELS[InstitutionType(code)]) if code else ""


def place(institution: Institution) -> str:
    """Say where an institution is: city and country, or the country alone when the city is unknown."""
    country = country_name(institution.country)
    if not institution.city:
        return country
    return str(_("%(city)s, %(country)s", city=institution.city, country=country))


def full_name(institution: Institution) -> str:
    """Name an institution with its place, so that namesakes can be told apart."""
    return str(_("%(name)s (%(place)s)", name=institution.name, place=place(institution)))
