"""Pages of insights say what each figure means, draw it with words beside, and send the same figures as files."""

import csv
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from tests import factories
from tests.webapp.insights.market import build
from tests.webapp.insights.reading import tables
from webapp.access import Role
from webapp.accounts.models import User
from webapp.db import db
from webapp.insights.figures import FIGURES, PUBLIC
from webapp.matches.lifecycle import State
from webapp.matches.models import Match
from webapp.matches.people import may_see

SignIn = Callable[[int], FlaskClient]


def rows_of(text: str) -> list[list[str]]:
    """The lines of a CSV file."""
    return list(csv.reader(StringIO(text.removeprefix("\ufeff"))))


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """Collect the statements a page sends to the database."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def test_before_the_first_match_the_pages_say_that_there_is_nothing_to_draw(
    app: Flask, client: FlaskClient, sign_in: SignIn
) -> None:
    page = client.get("/insights").text
    assert "There are not enough matches yet to draw this." in page
    assert "No country has five partnerships that can be shown" in page
    with app.app_context():
        coordinator = factories.user("noor@asem.example", Role.COORDINATOR).id
        db.session.commit()
    assert sign_in(coordinator).get("/insights/network").status_code == 200
    assert "Nobody is below their fair share" in sign_in(coordinator).get("/insights/reach").text


@pytest.mark.parametrize("path", ["/insights", "/insights/network"])
def test_every_figure_has_its_definition_base_unit_date_and_file(app: Flask, sign_in: SignIn, path: str) -> None:
    with app.app_context():
        people = build(200)
    browser = sign_in(people.coordinator)
    page = browser.get(path).text
    sections = re.findall(r'<section class="insight" id="([a-z-]+)".*?</section>', page, re.S)
    assert sections == list(PUBLIC if path == "/insights" else FIGURES)
    for section in re.findall(r'<section class="insight".*?</section>', page, re.S):
        assert "Base: " in section
        assert "Unit: " in section
        assert "Computed on " in section
        href = re.search(r'href="([^"]+\.csv)"', section)
        assert href is not None
        assert browser.get(href[1]).status_code == 200


def test_charts_and_map_have_a_title_a_description_and_a_table(app: Flask, sign_in: SignIn) -> None:
    with app.app_context():
        people = build(400)
    page = sign_in(people.coordinator).get("/insights/network").text
    pictures = re.findall(r'<svg class="(?:bars|world)".*?</svg>\n', page, re.S)
    assert len(pictures) >= 12
    for picture in pictures:
        assert 'role="img"' in picture
        named = re.search(r'aria-labelledby="(\S+) (\S+)"', picture)
        assert named is not None
        assert re.search(rf'<title id="{named[1]}">[^<]+</title>', picture)
        assert re.search(rf'<desc id="{named[2]}">[^<]+</desc>', picture)
    for section in re.findall(r'<section class="insight".*?</section>', page, re.S):
        assert "<svg" not in section or "<table" in section
    arcs = re.findall(r'<path class="arc"[^>]*><title>([^<]+)</title>', page)
    shown = [key for key in tables(page)["pairs"] if key != "others"]
    assert len(arcs) == len(shown) > 4
    dots = re.findall(r'<circle class="dot [^>]*><title>([^<]+)</title>', page)
    assert len(dots) == len([key for key in tables(page)["countries"] if not key.startswith("others")]) > 4
    assert any(words.startswith("Vietnam and Portugal: ") for words in arcs)


def test_no_arc_and_no_bar_shows_a_small_number(app: Flask, sign_in: SignIn) -> None:
    with app.app_context():
        people = build(40)
    page = sign_in(people.coordinator).get("/insights/network").text
    assert "fewer than 5" in page
    assert not re.search(r"<title>[^<]*: [1-4]</title>", page)
    for code, rows in tables(page).items():
        counts = [row[0] for row in rows.values()]
        assert not {"1", "2", "3", "4"} & set(counts) or code == "coverage", code


def test_pages_ask_the_database_as_often_for_many_rows_as_for_few(app: Flask, sign_in: SignIn) -> None:
    asked = []
    for n, seed in ((20, 1), (700, 2)):
        with app.app_context():
            if seed == 1:
                people = build(n)
            else:
                for table in reversed(db.metadata.sorted_tables):
                    db.session.execute(table.delete())
                people = build(n, seed=seed)
        browser = sign_in(people.coordinator)
        for path in ("/insights", "/insights/network", "/insights/asem.csv", "/insights/reach"):
            with counted(app) as statements:
                assert browser.get(path).status_code == 200
            asked.append((path, len(statements)))
    assert asked[:4] == asked[4:]


def test_a_file_says_what_its_numbers_mean_and_has_the_numbers_of_the_page(app: Flask, sign_in: SignIn) -> None:
    with app.app_context():
        people = build(300)
    browser = sign_in(people.coordinator)
    seen = tables(browser.get("/insights/network?country=JP").text)
    answer = browser.get("/insights/network/origin.csv?country=JP")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.data.startswith(b"\xef\xbb\xbf")
    lines = rows_of(answer.text)
    head = {line[0]: line[1] for line in lines[:7]}
    assert head["Indicator"] == "Who proposes"
    assert head["Definition"].startswith("Matches by how they began")
    assert head["Covers"] == "All institutions; Japan"
    assert head["Computed"][:2] == "20"
    assert lines[8] == ["Begun by", "Matches", "Share"]
    assert [line[1] for line in lines[9:]] == [row[0] for row in seen["origin"].values()]


@pytest.mark.parametrize("path", ["/insights/ended.csv", "/insights/nothing.csv", "/insights/network/nothing.csv"])
def test_figures_that_are_not_public_or_do_not_exist_are_not_found(app: Flask, sign_in: SignIn, path: str) -> None:
    with app.app_context():
        people = build(20)
    assert sign_in(people.coordinator).get(path).status_code == 404


def test_filters_are_kept_in_the_address_and_unknown_ones_are_dropped(app: Flask, sign_in: SignIn) -> None:
    with app.app_context():
        people = build(60)
    browser = sign_in(people.coordinator)
    page = browser.get("/insights/network?country=JP&term=2027-1").text
    assert '<option selected value="JP">Japan</option>' in page
    assert "Narrowed to: January to June 2027 and Japan." in page
    assert "/insights/network/funnel.csv?term=2027-1&amp;country=JP" in page
    assert "Narrowed to" not in browser.get("/insights/network?country=XX&term=9&network=no").text


def test_a_coordinator_of_some_institutions_reads_whose_figures_these_are(app: Flask, sign_in: SignIn) -> None:
    with app.app_context():
        people = build(60)
    assert "Matches with a side at one of your institutions" in sign_in(people.of_japan).get("/insights/network").text
    lines = rows_of(sign_in(people.of_japan).get("/insights/network/funnel.csv").text)
    assert ["Covers", "Institutions of this coordinator"] in lines
    assert sign_in(people.lecturer).get("/insights/network").status_code == 403


def test_what_everybody_sees_cannot_be_narrowed(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        build(200)
    whole = tables(client.get("/insights").text)
    assert tables(client.get("/insights?term=2027-1&country=JP&network=COIL+Circle").text) == whole
    for name in PUBLIC:
        narrowed = rows_of(client.get(f"/insights/{name}.csv?country=JP").text)[8:]
        assert narrowed == rows_of(client.get(f"/insights/{name}.csv").text)[8:]
    for path in ("/insights/network", "/insights/network/funnel.csv", "/insights/asem.csv"):
        assert client.get(path).status_code == 302


def test_filters_of_a_coordinator_of_a_country_stay_within_it(app: Flask, sign_in: SignIn) -> None:
    """What is counted of another country are its matches with theirs, each of which they may open."""
    with app.app_context():
        people = build(500)
        coordinator = db.session.get_one(User, people.of_japan)
        matches = db.session.scalars(sa.select(Match).where(Match.state != State.TAKEN_BACK)).all()
        seen = [match for match in matches if may_see(match, coordinator)]
        theirs = {name: [m for m in seen if m.course_b.institution.country == name] for name in ("PT", "FR")}
        assert all(match.course_a.institution.country == "JP" for match in seen)
        n_all = len([match for match in matches if match.course_b.institution.country == "PT"])
        assert n_all > len(theirs["PT"]) > 5
    browser = sign_in(people.of_japan)
    for country, of_it in theirs.items():
        found = tables(browser.get(f"/insights/network?country={country}").text)["funnel"]
        assert found["proposed"][0] == str(len(of_it))
        assert found["open"][0] == "0"
    assert tables(browser.get("/insights/network").text)["funnel"]["proposed"][0] == str(len(seen))
