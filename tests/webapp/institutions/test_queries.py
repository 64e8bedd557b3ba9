"""Finding institutions."""

import pytest
from flask import Flask

from tests import factories
from webapp.db import db
from webapp.institutions import queries


@pytest.fixture(autouse=True)
def some_institutions(context: Flask) -> None:
    """A handful of institutions."""
    factories.institution("Hanoi University", "VN", city="Hanoi", website_domain="hanu.edu.vn")
    factories.institution("National Economics University", "VN", city="Hanoi", website_domain="neu.edu.vn")
    factories.institution("Universität Wien", "AT", city="Vienna", website_domain="univie.ac.at")
    factories.institution("University of Lisbon", "PT", city="Lisbon", website_domain="ulisboa.pt")
    factories.institution("University of Newcastle", "AU", city="Newcastle")
    factories.institution("University of Newcastle", "GB", city="Newcastle upon Tyne")


def names(text: str) -> list[str]:
    """Names of what a search finds."""
    return [row.name for row in queries.search(text)]


@pytest.mark.parametrize("typed", ["universitat wien", "UNIVERSITÄT", "vienna", "univie.ac.at", "wien univ"])
def test_a_search_finds_name_city_and_domain_whatever_the_accents(typed: str) -> None:
    assert names(typed) == ["Universität Wien"]


def test_names_that_begin_with_what_was_typed_come_first() -> None:
    assert names("hanoi") == ["Hanoi University", "National Economics University"]


def test_nothing_typed_finds_nothing() -> None:
    assert names("  ") == names("%") == names("_") == []


def test_a_search_gives_no_more_than_asked_for() -> None:
    assert len(queries.search("university", limit=2)) == 2


def test_a_name_is_known_in_each_country_that_has_it() -> None:
    assert [row.country for row in queries.by_name("university of newcastle")] == ["AU", "GB"]
    assert [row.country for row in queries.by_name("University of Newcastle", "GB")] == ["GB"]
    assert queries.by_name("University of New") == queries.by_name("") == []


def test_a_mistyped_name_brings_the_nearest_first_and_nonsense_brings_nothing() -> None:
    assert queries.nearest("Univeristy of Lisbno")[0].name == "University of Lisbon"
    assert queries.nearest("zzqq") == []


def test_a_renamed_institution_is_found_by_its_new_name_only() -> None:
    row = queries.by_name("Hanoi University")[0]
    row.name = "Trường Đại học Hà Nội"
    db.session.flush()
    assert names("truong dai hoc") == ["Trường Đại học Hà Nội"]
    assert "Hanoi University" not in names("hanoi university")
