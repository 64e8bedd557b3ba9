"""The file for the stocktaking: a row for each indicator, country and half-year, each defined in the dictionary."""

import csv
from collections.abc import Callable
from io import StringIO

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.webapp.insights.market import ASIA, EUROPE, build
from tests.webapp.insights.recount import recount
from webapp.insights.asem_cells import PARTS

SignIn = Callable[[int], FlaskClient]
Line = dict[str, str]


def key_of(line: Line) -> tuple[str, str, str, str]:
    """What a row is about."""
    return line["indicator"], line["region"], line["country"], line["half_year"]


@pytest.fixture
def lines(app: Flask, sign_in: SignIn) -> list[Line]:
    """The file of a market of some hundred matches."""
    with app.app_context():
        people = build(600)
    text = sign_in(people.coordinator).get("/insights/asem.csv").text
    assert text.startswith("\ufeff")
    return list(csv.DictReader(StringIO(text.removeprefix("\ufeff"))))


def test_every_column_and_indicator_stands_in_the_dictionary(client: FlaskClient, lines: list[Line]) -> None:
    text = client.get("/insights/asem-dictionary.csv").text.removeprefix("\ufeff")
    known = {(row["kind"], row["code"]): row["definition"] for row in csv.DictReader(StringIO(text))}
    assert {("column", column) for column in lines[0]} <= set(known)
    assert {("indicator", line["indicator"]) for line in lines} <= set(known)
    assert {("country", line["country"]) for line in lines} - {("country", "ALL")} <= set(known)
    assert all(known.values())


def test_each_indicator_country_and_half_year_has_one_row(lines: list[Line]) -> None:
    keys = [(line["indicator"], line["region"], line["country"], line["half_year"]) for line in lines]
    assert len(keys) == len(set(keys)) > 100


def test_nothing_between_one_and_four_is_told(lines: list[Line]) -> None:
    assert {line["status"] for line in lines} == {"shown"}
    assert {line["country"] for line in lines} > {"OTHER", "ALL", "VN"}
    assert not [line for line in lines if line["base"] in {"1", "2", "3", "4"}]


def test_where_there_are_few_in_all_only_that_is_told(app: Flask, sign_in: SignIn) -> None:
    with app.app_context():
        people = build(12)
    text = sign_in(people.coordinator).get("/insights/asem.csv").text.removeprefix("\ufeff")
    few = [line for line in csv.DictReader(StringIO(text)) if line["status"] != "shown"]
    assert {"small", "held_back"} == {line["status"] for line in few}
    assert {(line["country"], line["half_year"], line["value"], line["base"]) for line in few} == {
        ("ALL", "ALL", "", "")
    }


def test_adding_countries_and_half_years_together_changes_no_sum(lines: list[Line]) -> None:
    values = {key_of(line): int(line["base"]) for line in lines}
    folded = 0
    for indicator, region, country, half_year in values:
        if country != "ALL":
            continue
        parts = {key: n for key, n in values.items() if key[:2] == (indicator, region) and key[2] != "ALL"}
        of_it = [n for key, n in parts.items() if key[3] == half_year]
        if half_year != "OTHER":
            folded += (indicator, region, "OTHER", half_year) in values
            assert sum(of_it) == values[indicator, region, "ALL", half_year]
        if half_year == "ALL":
            terms = [n for key, n in values.items() if key[:3] == (indicator, region, "ALL") and key[3] != "ALL"]
            assert sum(terms) == values[indicator, region, "ALL", "ALL"]
    assert folded > 5


def test_neither_half_years_of_a_country_nor_parts_of_an_indicator_leave_a_small_rest(lines: list[Line]) -> None:
    values = {key_of(line): int(line["base"]) for line in lines}
    checked = 0
    for (indicator, region, country, half_year), n in values.items():
        if country == "OTHER" or half_year == "OTHER":
            continue
        if half_year == "ALL" and country != "ALL":
            told = [m for key, m in values.items() if key[:3] == (indicator, region, country) and key[3] != "ALL"]
            assert n - sum(told) not in {1, 2, 3, 4}
            checked += 1
        for whole, parts in PARTS.values():
            told = [values.get((part, region, country, half_year)) for part in parts]
            if whole == indicator and None not in told:
                assert n - sum(part or 0 for part in told) not in {1, 2, 3, 4}
                checked += 1
    assert checked > 50


def test_other_countries_are_those_not_named_added_up(app: Flask, lines: list[Line]) -> None:
    found = {key_of(line): line["value"] for line in lines}
    with app.app_context():
        counted = {country: recount(country=country)["funnel"] for country in (*ASIA, *EUROPE)}
    checked = 0
    for indicator, step in (("partnerships", "accepted"), ("exchanges_completed", "completed")):
        for region, countries in (("asia", ASIA), ("europe", EUROPE)):
            named = [country for country in countries if (indicator, region, country, "ALL") in found]
            for country in named:
                assert found[indicator, region, country, "ALL"] == str(counted[country][step][0])
            left = sum(counted[country][step][0] or 0 for country in countries if country not in named)
            assert found.get((indicator, region, "OTHER", "ALL"), "0") == str(left)
            checked += left > 0
    assert checked


def test_the_numbers_are_those_of_an_independent_count(app: Flask, lines: list[Line]) -> None:
    with app.app_context():
        whole, japan = recount(), recount(country="JP")
        spring = recount(country="JP", term="2027-1")
    found = {(line["indicator"], line["region"], line["country"], line["half_year"]): line["value"] for line in lines}
    for region in ("asia", "europe"):
        assert found["matches_proposed", region, "ALL", "ALL"] == str(whole["funnel"]["proposed"][0])
        assert found["exchanges_completed", region, "ALL", "ALL"] == str(whole["funnel"]["completed"][0])
        for side in ("asia", "europe", "both"):
            assert found[f"partnerships_led_{side}", region, "ALL", "ALL"] == str(whole["lead"][side][0])
        assert found["students", region, "ALL", "ALL"] == str(whole["students"][region][0])
    assert found["matches_proposed", "asia", "JP", "ALL"] == str(japan["funnel"]["proposed"][0])
    assert found["partnerships", "asia", "JP", "2027-1"] == str(spring["funnel"]["accepted"][0])
    assert found["courses_opened", "asia", "JP", "ALL"] == str(japan["funnel"]["open"][0])


def test_a_coordinator_of_a_country_gets_their_matches_only(app: Flask, sign_in: SignIn) -> None:
    with app.app_context():
        people = build(600)
        told = recount(country="JP")
    text = sign_in(people.of_japan).get("/insights/asem.csv").text.removeprefix("\ufeff")
    lines = list(csv.DictReader(StringIO(text)))
    assert {line["country"] for line in lines if line["region"] == "asia"} - {"OTHER"} == {"JP", "ALL"}
    whole = next(
        line
        for line in lines
        if (line["indicator"], line["region"], line["country"], line["half_year"])
        == ("matches_proposed", "europe", "ALL", "ALL")
    )
    assert whole["value"] == str(told["funnel"]["proposed"][0])
