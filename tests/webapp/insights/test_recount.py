"""The figures on the page are those of an independent count from raw events, for the whole and for filters."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from matcher.vocabulary.asem import REGIONS
from tests.webapp.insights.market import build
from tests.webapp.insights.reading import as_number, tables
from tests.webapp.insights.recount import n_events, recount
from webapp.insights.figures import FIGURES, PUBLIC

SignIn = Callable[[int], FlaskClient]
Numbers = list[float | None]
HIDDEN = {"fewer than 5", "held back"}
SMALL = {1, 2, 3, 4}

SHARED = {"origin", "lead", "first-yes", "languages", "goals", "inclusion", "ended"}
"""Figures whose second column is the first one's share of the base, which the count gives as well."""


STEPS_AND_SIDES = {"funnel", "students", "coverage", "climate"}
"""Figures whose rows are the same on every page; of all others the rows that are not shown stand together."""
OVERLAPPING = {"languages", "goals", "inclusion"}
"""Figures that count a match several times, so that those not shown are not added up."""


def rounding(code: str, cell: str, number: float) -> float:
    """How far a number on a page may be from the exact one: half of its last decimal, nothing for whole numbers."""
    if number == int(number) and "%" not in cell:
        return 0
    if code == "calibration" and "%" not in cell:
        return 0.5
    return 0.005 + 1e-9 if "%" in cell else 0.05


def resting_on(code: str, row: Numbers, number: float | None) -> float:
    """How many matches a number of a row counts or rests on."""
    return row[-1 if code in ("funnel", "students") else 0] or 0


def together(code: str, rows: list[Numbers]) -> Numbers:
    """What a row of others should say: sums; of the groups by score their mean."""
    if code != "calibration":
        return [sum(row[at] or 0 for row in rows) for at in range(len(rows[0]))]
    n = sum(row[0] or 0 for row in rows)
    return [n, *(sum((row[at] or 0) * (row[0] or 0) for row in rows) / n for at in (1, 2))]


def compare(page: str, told: dict[str, dict[str, Numbers]], codes: list[str]) -> tuple[int, int]:
    """Compare the cells of a page with a count; gives how many were shown and how many hidden or added up."""
    shown = hidden = 0
    found = tables(page)
    for code in codes:
        expected = {key: row for key, row in told.get(code, {}).items() if any(row)}
        seen = {key: row for key, row in found.get(code, {}).items() if row[0] != "0"}
        others = {key: seen.pop(key) for key in [*seen] if key.startswith("others")}
        left = set(expected) - set(seen)
        assert set(seen) <= set(expected), code
        assert bool(left) == bool(others), code
        hidden += len(left)
        for key, cells in seen.items():
            assert code in STEPS_AND_SIDES or set(cells).isdisjoint(HIDDEN), (code, key)
            for cell, number in zip(cells, expected[key], strict=False):
                if cell == "fewer than 5":
                    hidden += 1
                    assert 1 <= resting_on(code, expected[key], number) <= 4, (code, key)
                elif cell == "held back":
                    hidden += 1
                elif number is None:
                    assert cell == "–"
                else:
                    shown += 1
                    assert number not in SMALL or code == "coverage" or at_least_five(code, expected[key]), (code, key)
                    assert abs(as_number(cell) - number) <= rounding(code, cell, number), (code, key, cells)
        for key, cells in others.items():
            its = [expected[one] for one in left if is_of(key, one)]
            check_others(code, cells, its)
    return shown, hidden


def at_least_five(code: str, row: Numbers) -> bool:
    """Whether a small number is a mean or a time that rests on five matches or more."""
    return code in ("funnel", "climate", "calibration", "students") and resting_on(code, row, None) >= 5


def is_of(key: str, row: str) -> bool:
    """Whether a row belongs to these others: of countries there are two."""
    region = key.partition("-")[2]
    return not region or REGIONS[row].value == region


def check_others(code: str, cells: list[str], rows: list[Numbers]) -> None:
    """Others are what is missing, added up, and at least one of them is few or leaves few."""
    said = together(code, rows)
    if code in OVERLAPPING:
        assert set(cells) == {"fewer than 5" if sum(row[0] or 0 for row in rows) < 5 else "held back"}
        return
    for cell, number in zip(cells, said, strict=False):
        if cell in HIDDEN:
            assert (cell == "fewer than 5") == (number in SMALL) or code == "calibration"
        else:
            assert number not in SMALL
            assert abs(as_number(cell) - (number or 0)) <= rounding(code, cell, number or 0), (code, cells)
    counts = [n for row in rows for n in row]
    if code == "calibration":
        counts = [n for row in rows for n in ((row[0] or 0) * (row[2] or 0), (row[0] or 0) * (1 - (row[2] or 0)))]
    assert cells[0] in HIDDEN or any(0 < round(n or 0) < 5 for n in counts)


@pytest.mark.parametrize(
    "filters",
    [{}, {"term": "2027-1"}, {"country": "JP"}, {"network": "COIL Circle", "term": "2027-1"}, {"country": "PT"}],
)
def test_the_figures_on_the_page_are_those_of_an_independent_count(
    app: Flask, sign_in: SignIn, filters: dict[str, str]
) -> None:
    with app.app_context():
        people = build(500)
        told = recount(**filters)
        assert n_events() > 1500
    page = sign_in(people.coordinator).get("/insights/network", query_string=filters).text
    shown, _hidden = compare(page, told, list(FIGURES))
    assert shown > (90 if not filters else 30)


def test_the_public_page_shows_the_same_to_everybody(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        build(500)
        told = recount()
    page = client.get("/insights").text
    assert set(tables(page)) == set(PUBLIC)
    assert compare(page, told, list(PUBLIC))[0] > 40


def test_a_coordinator_of_a_country_sees_what_the_filter_for_it_shows(app: Flask, sign_in: SignIn) -> None:
    with app.app_context():
        people = build(500)
        told = recount(country="JP")
    page = sign_in(people.of_japan).get("/insights/network").text
    assert compare(page, told, list(FIGURES))[0] > 40
    network = sign_in(people.of_network).get("/insights/network").text
    with app.app_context():
        told = recount(network="COIL Circle")
    assert compare(network, told, list(FIGURES))[0] > 40


def test_each_figure_says_its_share_of_the_base(app: Flask, sign_in: SignIn) -> None:
    with app.app_context():
        people = build(500)
        told = recount()
    found = tables(sign_in(people.coordinator).get("/insights/network").text)
    n_partnerships = told["funnel"]["accepted"][0] or 0
    share = as_number(found["inclusion"]["low_bandwidth"][1])
    assert share == pytest.approx((told["inclusion"]["low_bandwidth"][0] or 0) / n_partnerships, abs=0.006)
    assert sum(as_number(row[1]) for row in found["origin"].values()) == pytest.approx(1, abs=0.02)
    assert {len(row) for code in SHARED for row in found[code].values()} == {2}
