"""Countries and the two regions of ASEM, the Asia-Europe Meeting."""

from __future__ import annotations

from enum import StrEnum

from matcher.vocabulary.tables import read_table


class Region(StrEnum):
    """The ASEM group of a country: a political grouping, not geography."""

    ASIA = "asia"
    EUROPE = "europe"


_REGION_NAMES: dict[str, str] = {Region.ASIA: "Asia", Region.EUROPE: "Europe"}
_ROWS = read_table("countries")

# Every country of ISO 3166-1 and Kosovo, by alpha-2 code, with its English name.
COUNTRIES: dict[str, str] = {row["code"]: row["name_en"] for row in _ROWS}

# Hong Kong and Macao count with China; everything not listed here is outside ASEM.
REGIONS: dict[str, Region] = {row["code"]: Region(row["asem_group"]) for row in _ROWS if row["asem_group"]}


def region_of(country: str) -> Region | None:
    """Return the ASEM region of a country.

    Parameters
    ----------
    country : str
        ISO 3166-1 alpha-2 code in capitals.

    Returns
    -------
    Region or None
        None for a country outside ASEM and for an unknown code.
    """
    return REGIONS.get(country)


def country_name(country: str) -> str:
    """Return the English name of a country, or the code itself when it is unknown."""
    return COUNTRIES.get(country, country)


def region_name(region: str) -> str:
    """Return the English name of a region given by its value, or the text itself when it is none."""
    return _REGION_NAMES.get(region, region)
