"""Credit systems and data protection in words."""

import pytest
from flask import Flask

from matcher.vocabulary.asem import REGIONS
from webapp.institutions import credits, data_protection


def test_every_credit_system_has_a_name(context: Flask) -> None:
    names = [system.name for system in credits.systems().values()]
    assert len(names) == len(set(names)) == 56
    assert set(credits.NAMES) <= set(credits.systems())
    assert not [name for name in names if "-" in name.split()[0] and name.split()[0] in credits.systems()]


def test_systems_of_the_country_stand_first(context: Flask) -> None:
    found = credits.choices("JP")
    assert len(found) == 56
    first = [code for code, _name in found[: sum("JP" in one.countries for one in credits.systems().values())]]
    assert "JP-TANI" in first
    assert "ECTS" not in first


@pytest.mark.parametrize(
    ("code", "facts"),
    [
        ("ECTS", ["One credit stands for 25 to 30 hours of work."]),
        ("ECTS-EE", ["One credit stands for 26 hours of work."]),
        (
            "JP-TANI",
            [
                "One credit stands for 45 hours of work.",
                "It counts for about 1.9 ECTS credits; the home institution decides.",
            ],
        ),
        ("TH-CREDIT", ["It counts for about 1.9 ECTS credits as far as we know; the home institution decides."]),
        ("LA-CREDIT", []),
    ],
)
def test_what_a_credit_stands_for_is_said_as_far_as_it_is_known(context: Flask, code: str, facts: list[str]) -> None:
    assert credits.systems()[code].facts == facts


def test_nothing_stated_has_no_words(context: Flask) -> None:
    assert (credits.label(""), data_protection.regime_label(""), data_protection.basis_label("")) == ("", "", "")
    assert data_protection.help_of(data_protection.BASES, "") == ""


@pytest.mark.parametrize(
    ("country", "law"), [("PT", "gdpr"), ("NO", "gdpr"), ("GB", "uk_gdpr"), ("CH", ""), ("VN", "")]
)
def test_the_usual_law_of_a_country(country: str, law: str) -> None:
    assert data_protection.usual_regime(country) == law


def test_where_a_named_law_is_the_national_one_it_is_offered_once() -> None:
    assert "national" in data_protection.regimes_of("VN")
    assert data_protection.regimes_of("GB") == data_protection.regimes_of("PT") == ["gdpr", "uk_gdpr", "none"]


def test_countries_under_the_gdpr_are_of_the_european_region() -> None:
    assert {REGIONS.get(code, "europe") for code in data_protection.GDPR_COUNTRIES} == {"europe"}
