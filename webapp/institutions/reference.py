"""The reference list of institutions, and how it comes into the database."""

import csv
from functools import cache
from pathlib import Path
from typing import NamedTuple

from webapp.db import db
from webapp.institutions import queries
from webapp.institutions.models import Institution

DATA = Path(__file__).parent / "data"


class Loaded(NamedTuple):
    """What loading the list did."""

    n_added: int
    n_changed: int


def read(name: str) -> list[dict[str, str]]:
    """Read one table of the ``data`` folder by its name without ending."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def _zones() -> tuple[dict[str, str], dict[tuple[str, str], str]]:
    capitals = {row["country"]: row["time_zone"] for row in read("country_time_zones")}
    cities = {(row["country"], row["city"]): row["time_zone"] for row in read("city_time_zones")}
    return capitals, cities


def time_zone_of(country: str, city: str = "") -> str:
    """Tell the usual time zone (IANA) of a city, its capital's when nothing else is known.

    Parameters
    ----------
    country
        ISO 3166-1 alpha-2 code.
    city
        English name of the city as the list writes it.

    Returns
    -------
    str
        ``UTC`` for a country outside the list.
    """
    capitals, cities = _zones()
    return cities.get((country, city)) or capitals.get(country, "UTC")


def load() -> Loaded:
    """Add the reference list's rows and follow its changes, inside the caller's transaction.

    Rows are known by their code; an institution added here by hand under the same name and country is taken
    over. A time zone corrected here is left as it is, and so is whatever its office changed. Loading twice changes
    nothing the second time.
    """
    present = queries.everything()
    by_code = {row.code: row for row in present if row.code}
    by_name = {(row.name, row.country): row for row in present}
    edited = queries.edited_columns()
    n_added = n_changed = 0
    for line in read("institutions"):
        row = by_code.get(line["code"]) or by_name.get((line["name"], line["country"]))
        if row is None:
            zone = time_zone_of(line["country"], line["city"])
            db.session.add(Institution(**line, time_zone=zone))
            n_added += 1
            continue
        own = edited.get(row.id, set())
        changes = {key: value for key, value in line.items() if key not in own and getattr(row, key) != value}
        for field, value in changes.items():
            setattr(row, field, value)
        n_changed += bool(changes)
    db.session.flush()
    return Loaded(n_added, n_changed)
