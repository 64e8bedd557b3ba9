"""Time zones to choose from."""

from zoneinfo import ZoneInfo

from flask import Flask
from flask_babel import force_locale

from webapp.institutions import reference, zones


def test_every_zone_offered_exists_and_none_is_offered_twice(context: Flask) -> None:
    offered = [zone for zone, _label in zones.choices()]
    assert len(offered) == len(set(offered))
    assert all(ZoneInfo(zone).key == zone for zone in offered)


def test_every_institution_of_the_list_stands_in_a_zone_offered(context: Flask) -> None:
    offered = {zone for zone, _label in zones.choices()}
    assert {reference.time_zone_of(row["country"], row["city"]) for row in reference.read("institutions")} <= offered


def test_zones_are_called_by_city_and_country_in_the_readers_language(context: Flask) -> None:
    with force_locale("fr"):
        labels = dict(zones.choices())
    assert labels["Europe/London"] == "Londres (Royaume-Uni)"


def test_a_zone_of_another_continent_is_not_offered(context: Flask) -> None:
    offered = {zone for zone, _label in zones.choices()}
    assert "America/New_York" not in offered
    assert "UTC" in offered
