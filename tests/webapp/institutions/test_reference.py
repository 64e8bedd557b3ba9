"""The reference list and how it is loaded."""

from zoneinfo import ZoneInfo

import pytest

from matcher.vocabulary.asem import REGIONS
from tests import factories
from webapp.access import Role
from webapp.db import db
from webapp.institutions import queries, reference, rules

pytestmark = pytest.mark.usefixtures("context")


def test_loading_fills_the_table_and_loading_again_changes_nothing() -> None:
    n_rows = len(reference.read("institutions"))
    assert reference.load() == (n_rows, 0)
    assert reference.load() == (0, 0)
    assert len(queries.everything()) == n_rows


def test_every_row_has_a_code_a_name_and_a_country_of_asem() -> None:
    rows = reference.read("institutions")
    assert len({row["code"] for row in rows}) == len(rows)
    assert len({(row["name"], row["country"]) for row in rows}) == len(rows)
    assert all(row["name"] == row["name"].strip() != "" for row in rows)
    assert {row["country"] for row in rows} <= set(REGIONS)
    assert all(row["website_domain"] == row["website_domain"].lower() for row in rows)


def test_every_asem_country_has_an_institution() -> None:
    assert {row["country"] for row in reference.read("institutions")} == set(REGIONS)


def test_every_zone_of_the_tables_exists_and_every_city_of_them_is_in_the_list() -> None:
    cities = {(row["country"], row["city"]) for row in reference.read("institutions")}
    for row in reference.read("city_time_zones"):
        assert (row["country"], row["city"]) in cities
        assert ZoneInfo(row["time_zone"]).key == row["time_zone"]
    for row in reference.read("country_time_zones"):
        assert ZoneInfo(row["time_zone"]).key == row["time_zone"]


@pytest.mark.parametrize(
    ("country", "city", "zone"),
    [
        ("VN", "Hanoi", "Asia/Ho_Chi_Minh"),
        ("AU", "Sydney", "Australia/Sydney"),
        ("AU", "Perth", "Australia/Perth"),
        ("RU", "Vladivostok", "Asia/Vladivostok"),
        ("HK", "Hong Kong", "Asia/Hong_Kong"),
        ("US", "Boston", "UTC"),
    ],
)
def test_a_city_has_its_own_clock_where_it_differs_from_the_capitals(country: str, city: str, zone: str) -> None:
    assert reference.time_zone_of(country, city) == zone


def test_a_row_that_changed_in_the_list_changes_here_but_a_corrected_zone_stays() -> None:
    reference.load()
    row = queries.by_code("AT-001")
    assert row is not None
    name = row.name
    row.name, row.time_zone = "Old name", "Europe/Zurich"
    db.session.flush()
    assert reference.load() == (0, 1)
    assert (row.name, row.time_zone) == (name, "Europe/Zurich")


def test_an_institution_added_by_hand_is_taken_over_not_doubled() -> None:
    first = reference.read("institutions")[0]
    own = factories.institution(first["name"], first["country"])
    assert reference.load() == (len(reference.read("institutions")) - 1, 1)
    assert own.code == first["code"]


def test_what_an_office_changed_is_not_taken_back_by_the_list() -> None:
    reference.load()
    row = queries.by_code("AT-001")
    assert row is not None
    office = factories.user("office@akbild.example", Role.OFFICE, row)
    rules.edit(row, {"website_domain": "akademie.example"}, office, factories.AT)
    row.city = "Wien"
    db.session.flush()
    assert reference.load() == (0, 1)
    assert (row.website_domain, row.city) == ("akademie.example", "Vienna")
