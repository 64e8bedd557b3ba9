"""The file for the stocktaking: a row for each indicator, country and half-year, each defined in the dictionary."""

import csv
from collections.abc import Callable
from io import StringIO

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.webapp.insights.market import build
from tests.webapp.insights.recount import recount

SignIn = Callable[[int], FlaskClient]
Line = dict[str, str]


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


def test_small_and_held_back_cells_hold_no_number(lines: list[Line]) -> None:
    assert {line["status"] for line in lines} == {"shown", "small", "held_back"}
    for line in lines:
        assert (line["value"] == line["base"] == "") == (line["status"] != "shown")
        assert line["base"] not in {"1", "2", "3", "4"}


def test_no_small_cell_is_what_is_left_of_a_sum(lines: list[Line]) -> None:
    """Where a row or column has a small cell and its sum is shown, another cell is hidden with it."""
    checked = 0
    for across, along in (("country", "half_year"), ("half_year", "country")):
        groups: dict[tuple[str, str, str], list[Line]] = {}
        for line in lines:
            groups.setdefault((line["indicator"], line["region"], line[across]), []).append(line)
        for group in groups.values():
            whole = next(line for line in group if line[along] == "ALL")
            parts = [line for line in group if line[along] != "ALL"]
            hidden = [line for line in parts if line["status"] != "shown"]
            if whole["status"] == "shown" and "small" in {line["status"] for line in hidden}:
                checked += 1
                left = int(whole["base"]) - sum(int(line["base"] or 0) for line in parts)
                assert len(hidden) > 1
                assert left >= len(hidden) + 2
    assert checked > 5


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
    assert {line["country"] for line in lines if line["region"] == "asia"} == {"JP", "ALL"}
    whole = next(
        line
        for line in lines
        if (line["indicator"], line["region"], line["country"], line["half_year"])
        == ("matches_proposed", "europe", "ALL", "ALL")
    )
    assert whole["value"] == str(told["funnel"]["proposed"][0])
