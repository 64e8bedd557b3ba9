"""Credit systems institutions count in, from ``data/credit_systems.csv``: names, and what one credit stands for."""

from dataclasses import dataclass
from functools import cache

from babel.numbers import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp.i18n import country_name, locale
from webapp.institutions.reference import read

NAMES = {
    "ECTS": _l("ECTS, the European Credit Transfer and Accumulation System"),
    "UK-CATS": _l("CATS, the Credit Accumulation and Transfer Scheme of the United Kingdom"),
    "UCTS": _l("UCTS, the UMAP Credit Transfer Scheme"),
    "UCTS-1999": _l("UCTS on the older scale of 60 points a year"),
    "AUN-ACTS": _l("AUN-ACTS, the ASEAN Credit Transfer System"),
    "AU-EFTSL": _l("Australian units (EFTSL)"),
    "AU-UNSW": _l("Units of credit as at UNSW Sydney"),
    "NZ-NZQF": _l("New Zealand credit points"),
    "JP-TANI": _l("Japanese credits (tan’i)"),
    "KR-HAKJEOM": _l("Korean credits (hakjeom)"),
    "CN-XUEFEN": _l("Chinese credits (xuefen)"),
    "ID-SKS": _l("Indonesian semester credit units (SKS)"),
    "MY-CREDIT": _l("Malaysian credits"),
    "TH-CREDIT": _l("Thai credits"),
    "VN-TINCHI": _l("Vietnamese credits (tín chỉ)"),
    "PH-UNIT": _l("Philippine units"),
    "SG-NUS": _l("Units as at the National University of Singapore"),
    "BN-UBD": _l("Modular credits as at Universiti Brunei Darussalam"),
    "KH-CREDIT": _l("Cambodian credits"),
    "LA-CREDIT": _l("Lao credits"),
    "MM-CREDIT": _l("Myanmar credits"),
    "IN-NCRF": _l("Indian credits (National Credit Framework)"),
    "PK-HEC": _l("Pakistani credit hours"),
    "BD-CREDIT": _l("Bangladeshi credits"),
    "MN-CREDIT": _l("Mongolian credits"),
    "KZ-CREDIT": _l("Kazakh academic credits"),
    "RU-ZET": _l("Russian credit units (zachetnaya edinitsa)"),
}
"""Systems by their row; those called ``ECTS-AT`` are ECTS as a country applies it."""


@dataclass(frozen=True)
class CreditSystem:
    """One way of counting credits.

    Parameters
    ----------
    id
        Row of the table (``JP-TANI``).
    countries
        Countries (ISO 3166-1 alpha-2) that use it.
    hours
        Fewest and most hours of work a credit stands for; None where only class hours, or nothing, is known.
    ects
        ECTS credits one credit counts for: the stated factor, else by the load of a full-time year; None when
        neither is known.
    is_sure
        Whether the row rests on a source that was read.
    """

    id: str
    countries: frozenset[str]
    hours: tuple[float, float] | None
    ects: float | None
    is_sure: bool

    @property
    def name(self) -> str:
        """Its name in the reader's language."""
        if self.id in NAMES:
            return str(NAMES[self.id])
        return str(_("ECTS in %(country)s", country=country_name(self.id.rpartition("-")[2])))

    @property
    def facts(self) -> list[str]:
        """Say what one credit stands for, in sentences; the national factor of ECTS itself is no news."""
        said = []
        if self.hours:
            least, most = map(_figure, self.hours)
            said.append(
                _("One credit stands for %(n)s hours of work.", n=least)
                if least == most
                else _("One credit stands for %(least)s to %(most)s hours of work.", least=least, most=most)
            )
        if self.ects and not self.id.startswith("ECTS"):
            n = _figure(self.ects)
            said.append(
                _("It counts for about %(n)s ECTS credits; the home institution decides.", n=n)
                if self.is_sure
                else _("It counts for about %(n)s ECTS credits as far as we know; the home institution decides.", n=n)
            )
        return [str(one) for one in said]


def _figure(value: float) -> str:
    return str(format_decimal(value, format="#,##0.#", locale=locale()))


def _number(text: str) -> float | None:
    return float(text) if text else None


@cache
def systems() -> dict[str, CreditSystem]:
    """Give every credit system by its id."""
    found = {}
    for row in read("credit_systems"):
        least, most = _number(row["hours_per_credit_min"]), _number(row["hours_per_credit_max"])
        is_total = row["hours_basis"] == "total" and least is not None
        found[row["system_id"]] = CreditSystem(
            id=row["system_id"],
            countries=frozenset(row["countries_iso2"].split()),
            hours=(least, most or least) if is_total and least is not None else None,
            ects=_number(row["ects_per_credit_stated"]) or _number(row["ects_per_credit_by_annual_load"]),
            is_sure=row["confidence"] == "high",
        )
    return found


def choices(country: str) -> list[tuple[str, str]]:
    """List systems for a menu as (id, name): those of a country first, then the rest, each part by name."""
    named = [(system.id, system.name, country not in system.countries) for system in systems().values()]
    return [(code, name) for code, name, _far in sorted(named, key=lambda row: (row[2], row[1].casefold()))]


def label(code: str) -> str:
    """Name a credit system; empty when none is stated."""
    return systems()[code].name if code in systems() else ""
