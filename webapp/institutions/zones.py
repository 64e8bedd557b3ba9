"""Time zones people here can choose from, each called by its city and country."""

from functools import cache
from importlib.resources import files

from matcher.vocabulary.asem import region_of
from webapp.i18n import country_name, zone_city

WORLD_TIME = "UTC"


@cache
def countries_of_zones() -> dict[str, str]:
    """Map the IANA zones of ASEM countries to their country (ISO 3166-1 alpha-2), from the IANA database itself."""
    table = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in table.splitlines() if line and not line.startswith("#"))
    return {row[2].strip(): row[0] for row in rows if region_of(row[0]) is not None}


def choices() -> list[tuple[str, str]]:
    """List zones for a menu as (IANA name, "City (Country)"), ordered as the reader's language writes them."""
    named = [(zone, f"{zone_city(zone)} ({country_name(country)})") for zone, country in countries_of_zones().items()]
    return [*sorted(named, key=lambda pair: pair[1].casefold()), (WORLD_TIME, WORLD_TIME)]
