"""Under which data-protection law an institution works, and on what student data may cross borders: codes in words."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp.i18n import country_name

# Countries where the General Data Protection Regulation holds: the European Union and, through the agreement on the
# European Economic Area, Iceland, Liechtenstein and Norway.
GDPR_COUNTRIES = frozenset(
    ("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE",
     "IS", "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK")
)  # fmt: skip

REGIMES = {
    "gdpr": (
        _l("General Data Protection Regulation (GDPR)"),
        _l("The law of the European Union and the European Economic Area."),
    ),
    "uk_gdpr": (_l("UK GDPR"), _l("The law of the United Kingdom, close to the European one.")),
    "national": (_l("National law"), _l("A data-protection law of its own country.")),
    "none": (_l("No general law"), _l("Its country has no general data-protection law; house rules may apply.")),
}
"""Code of a law to its name and a line of help."""

BASES = {
    "no_transfer": (
        _l("No student data crosses the border"),
        _l("Students work under names of their choice; lists and marks stay at home."),
    ),
    "adequacy": (
        _l("Adequacy decision"),
        _l("The other country’s protection was found to be equal, so nothing else needs signing."),
    ),
    "clauses": (_l("Standard contractual clauses"), _l("Both institutions sign model clauses on the data.")),
    "consent": (_l("Explicit consent"), _l("Every student agrees in writing, and may say no without harm.")),
    "undecided": (_l("Not decided yet"), _l("To be settled with each partner before students meet.")),
}
"""Code of a basis to its name and a line of help."""


def regime_label(code: str, country: str = "") -> str:
    """Name a data-protection law; that of a country by the country. Empty when none is stated."""
    if code == "national" and country:
        return str(_("The data-protection law of %(country)s", country=country_name(country)))
    return str(REGIMES[code][0]) if code in REGIMES else ""


def regimes_of(country: str) -> list[str]:
    """List the laws to choose from in a country: where one of the named laws is the national one, it stands for it."""
    return [code for code in REGIMES if code != "national" or not usual_regime(country)]


def basis_label(code: str) -> str:
    """Name what student data may cross borders on; empty when it is not stated."""
    return str(BASES[code][0]) if code in BASES else ""


def help_of(table: dict[str, tuple[object, object]], code: str) -> str:
    """Give the line of help of a code in one of the tables above; empty for an unknown code."""
    return str(table[code][1]) if code in table else ""


def usual_regime(country: str) -> str:
    """Tell which law usually holds in a country (ISO 3166-1 alpha-2); empty where one has to ask."""
    if country == "GB":
        return "uk_gdpr"
    return "gdpr" if country in GDPR_COUNTRIES else ""
