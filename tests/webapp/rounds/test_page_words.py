"""Words and figures on the pages of rounds: what adds up, what is named, and for whom it counts."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser

from matcher.explanation import Share
from matcher.reasons import make_reason
from tests import factories
from tests.webapp.matches.samples import REASONS, SHARES, explanation
from webapp.access import Role
from webapp.db import db
from webapp.i18n import day
from webapp.matches.lifecycle import State
from webapp.profiles.models import CourseProfile
from webapp.rounds import comparing_pages, queries
from webapp.rounds.matching import next_week, week_of
from webapp.rounds.models import Round, RoundPair, RoundState

SignIn = Callable[[int], FlaskClient]


def words(page: str) -> str:
    """The text of a page."""
    return " ".join(BeautifulSoup(page, "html.parser").get_text(" ").split())


@pytest.fixture
def two_rounds(app: Flask, town: dict[str, int]) -> dict[str, int]:
    """The draft of the town, run again from another round that found the same pairs."""
    with app.app_context():
        draft = db.session.get_one(Round, town["draft"])
        other = factories.round_("2026-W47", n_matches=3, report=dict(draft.report) | {"quality": 32.0}, balance=0.35)
        for pair in db.session.scalars(sa.select(RoundPair).where(RoundPair.round_id == draft.id)).all():
            values = {name: getattr(pair, name) for name in ("course_a_id", "course_b_id", "version_a", "version_b")}
            db.session.add(RoundPair(round_id=other.id, score=0.5, confidence=0.5, explanation={}, **values))
        draft.report = dict(draft.report) | {"quality": 29.41}
        draft.based_on_id = other.id
        ids = town | {"other": other.id}
        db.session.commit()
    return ids


@pytest.mark.parametrize("n_reasons", [1, 2, 4])
def test_the_points_beside_the_reasons_add_up_to_the_score(
    app: Flask, sign_in: SignIn, town: dict[str, int], n_reasons: int
) -> None:
    # The second speaks of the same criterion as the first, and one criterion has no sentence at all.
    reasons = (REASONS[0], make_reason("field_same", field="0613"), *REASONS[1:])[:n_reasons]
    shares = (*SHARES[:2], Share("class_size", None, 0.2, 0.0949, 0.0), Share("level", 0.4, 0.1, 0.0406, 1.0))
    stored = explanation(shares=shares, reasons=reasons, score=0.7265)
    with app.app_context():
        pair = db.session.get_one(RoundPair, town["hanoi"])
        pair.explanation, pair.score = stored, 0.7265
        match = factories.match(
            pair.course_a, pair.course_b, factories.round_("2026-W47"), score=0.7265, explanation=stored
        )
        db.session.commit()
        match_id = match.id
    browser = sign_in(town["coordinator"])
    for address in (f"/rounds/{town['draft']}/pairs/{town['hanoi']}", f"/matches/{match_id}"):
        page = BeautifulSoup(browser.get(address).text, "html.parser")
        said = " ".join(tag.get_text(" ") for tag in page.select(".reason-share, .reasons-rest"))
        points = [(int(n), int(most)) for n, most in re.findall(r"(\d+) of (\d+) points", said)]
        assert sum(n for n, _ in points) == 73, address
        assert sum(most for _, most in points) == 100, address
        table = [int(tag.get_text().split()[0]) for tag in page.select(".shares td.number")]
        assert sum(table[:-1]) == table[-1] == 73, address


def test_a_comparison_writes_fit_in_whole_points_and_says_of_what(sign_in: SignIn, two_rounds: dict[str, int]) -> None:
    page = words(sign_in(two_rounds["coordinator"]).get(f"/rounds/{two_rounds['draft']}/compare").text)
    assert "Fit of all pairs together, in points 2,941 3,200" in page
    assert "A pair has up to 100 points of fit." in page
    assert "Position of the dial 0.5 0.35" in page
    assert "The figures above count all pairs" not in page


def test_a_coordinator_of_countries_learns_that_the_figures_count_all_pairs(
    sign_in: SignIn, two_rounds: dict[str, int]
) -> None:
    page = words(sign_in(two_rounds["vietnam"]).get(f"/rounds/{two_rounds['draft']}/compare").text)
    assert "Pairs 3 3" in page
    assert "The figures above count all pairs of both rounds. Below you see the pairs" in page
    assert "Rivers of Kyoto" not in page


def test_the_next_page_of_a_comparison_names_the_round_compared_with(
    sign_in: SignIn, two_rounds: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparing_pages, "PAIRS_A_PAGE", 2)
    browser = sign_in(two_rounds["coordinator"])
    address = f"/rounds/{two_rounds['draft']}/compare"
    for query in ("?found=both", f"?with={two_rounds['other']}&found=both"):
        page = BeautifulSoup(browser.get(address + query).text, "html.parser")
        (link,) = page.select("a[rel=next]")
        assert sorted(str(link["href"]).partition("?")[2].split("&")) == [
            "found=both", "page=2", f"with={two_rounds['other']}",
        ]  # fmt: skip


def test_the_filter_in_force_stands_on_the_line_of_the_others(
    app: Flask, browser: Browser, sign_in: SignIn, two_rounds: dict[str, int]
) -> None:
    text = sign_in(two_rounds["coordinator"]).get(f"/rounds/{two_rounds['draft']}/compare").text
    links = BeautifulSoup(text, "html.parser").select_one("ul.round-links:has(strong)")
    css = Path(app.static_folder or "", "css", "rounds.css").read_text()
    page = browser.new_page()
    page.set_content(f"<style>{css}</style>{links}")
    lines = page.locator("li > :is(a, strong)").evaluate_all(
        "them => them.map(one => { const line = document.createRange(); line.selectNodeContents(one);"
        " return Math.round(line.getBoundingClientRect().top) })"
    )
    page.close()
    assert len(lines) == 4
    assert len(set(lines)) == 1


def test_the_log_names_the_round_that_was_run_again_by_its_week(
    app: Flask, sign_in: SignIn, town: dict[str, int]
) -> None:
    browser = sign_in(town["coordinator"])
    assert browser.post(f"/rounds/{town['draft']}/again").status_code == 303
    with app.app_context():
        root = factories.user("root@asem.example", Role.ADMINISTRATOR).id
        db.session.commit()
    page = words(sign_in(root).get("/audit?action=rounds.start").text)
    assert re.search(r"Beginning from round:? (\S+ )?23–29 Nov 2026", page), page


def test_a_draft_of_a_week_that_is_taken_says_from_which_day_on_it_can_be_published(
    app: Flask, sign_in: SignIn, town: dict[str, int]
) -> None:
    today = datetime.now(UTC)
    with app.app_context():
        factories.round_(week_of(today))
        db.session.commit()
    with app.test_request_context():
        monday = day(next_week(today))
    page = words(sign_in(town["coordinator"]).get(f"/rounds/{town['draft']}/publish").text)
    assert f"This draft can be published from {monday} on, or after the other one is taken back." in page


@pytest.mark.parametrize("hour", [0, 12, 23])
@pytest.mark.parametrize(("today", "monday"), [(22, 23), (23, 30), (28, 30), (29, 30)])
def test_the_next_week_begins_when_its_number_changes(today: int, monday: int, hour: int) -> None:
    now = datetime(2026, 11, today, hour, 30, tzinfo=UTC)
    begins = next_week(now)
    assert begins == date(2026, 11, monday)
    first = datetime(begins.year, begins.month, begins.day, tzinfo=UTC)
    assert week_of(first) != week_of(now) == week_of(first - timedelta(seconds=1))


def test_states_of_a_rounds_matches_come_in_the_order_of_the_steps(app: Flask) -> None:
    with app.app_context():
        this_round = factories.round_()
        asia = factories.user("a@hanu.example", at=factories.institution())
        europe = factories.user("b@ulisboa.example", at=factories.institution("University of Lisbon", "PT"))
        states = (State.DECLINED, State.APPROVED, State.PROPOSED, State.ACCEPTED, State.PROPOSED)
        for state in states:
            factories.match(factories.course(asia), factories.course(europe), this_round, state)
        assert list(queries.n_by_state(this_round.id).items()) == [
            (State.PROPOSED, 2), (State.ACCEPTED, 1), (State.APPROVED, 1), (State.DECLINED, 1),
        ]  # fmt: skip


def test_the_page_of_places_says_places_of_what(app: Flask, sign_in: SignIn, town: dict[str, int]) -> None:
    with app.app_context():
        db.session.get_one(CourseProfile, town["a"]).capacity = 3
        db.session.commit()
    page = words(sign_in(town["coordinator"]).get(f"/rounds/decisions/places/{town['a']}").text)
    assert (
        "The lecturer offers 3 places. For coming rounds you can give this course fewer places;"
        " with 0 it takes no part in them."
    ) in page


@pytest.mark.parametrize("state", [RoundState.PUBLISHED, RoundState.DRAFT])
def test_the_state_of_a_round_stands_apart_from_its_sentence(
    app: Flask, sign_in: SignIn, town: dict[str, int], state: RoundState
) -> None:
    with app.app_context():
        this_round = db.session.get_one(Round, town["draft"])
        if state is RoundState.PUBLISHED:
            this_round.state, this_round.published_week, this_round.published_at = state, "2026-W48", factories.AT
        db.session.commit()
    page = BeautifulSoup(sign_in(town["coordinator"]).get(f"/rounds/{town['draft']}?as=pairs").text, "html.parser")
    (badge,) = page.select("main p:has(> .state)")[:1]
    assert badge.get_text().strip() in ("Published", "Draft")
