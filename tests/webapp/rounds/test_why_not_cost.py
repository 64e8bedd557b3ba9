"""What forcing a pair would cost: fetched after the page, and where it is not computed, a bound from the round."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from config import Settings
from tests import factories
from tests.webapp.rounds.test_why_not import SignIn, Town, computed, page, pair, town
from webapp.db import db
from webapp.matches.lifecycle import State
from webapp.profiles.models import CourseProfile
from webapp.rounds import candidates, matching, why_not, why_not_scorer
from webapp.rounds.models import PlaceDecision, Round, RoundPair
from webapp.rounds.why_not_stored import Stored

__all__ = ["town"]


@pytest.fixture
def round_of_town(app: Flask, town: Town, settings: Settings) -> Town:
    """The town with a round that was computed for it and is a draft."""
    with app.app_context():
        now = datetime.now(UTC)
        found = candidates.load(now)
        made = matching.compute(found, now, settings, lambda _line: None, balance=0.0)
        this_round = db.session.get_one(Round, town.round_id)
        this_round.statistics, this_round.frontier = made.statistics, made.frontier
        this_round.certificate = made.proposals.certificate.to_dict()
        for one in made.proposals.pairs:
            row = RoundPair(
                round_id=town.round_id, course_a_id=int(one.a_id), course_b_id=int(one.b_id), version_a=1, version_b=1,
                score=one.explanation.score, confidence=0.5, explanation={},
            )  # fmt: skip
            db.session.add(row)
        db.session.commit()
    return town


@dataclass(frozen=True)
class Fetch:
    """What the page fetches by itself."""

    address: str
    selects: str
    link: str


def fetch(said: str) -> Fetch | None:
    tag = BeautifulSoup(said, "html.parser").select_one("#cost[hx-get]")
    if tag is None:
        return None
    link = tag.select_one("a")
    assert link is not None
    assert (tag["hx-trigger"], tag["hx-target"]) == ("load", tag["hx-select"])
    return Fetch(str(tag["hx-get"]), str(tag["hx-select"]), str(link["href"]))


def test_the_page_answers_at_once_and_fetches_the_cost_after_it(
    sign_in: SignIn, round_of_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = round_of_town
    with monkeypatch.context() as patched:
        # Whatever reads the whole market is not for the first answer.
        patched.setattr(why_not, "_with_cost", lambda *_: pytest.fail("the market was computed"))
        said = page(sign_in, town, pair(town, "books", "rivers"))
    verdict = re.search(r"Their fit is (\d+) of 100; they would need (\d+)\.", said)
    assert verdict is not None
    assert "What their places were worth to others, and to balance, in this round:" in said
    assert "Partners both have in this round" in said
    assert "prices and partners are what the round kept" in said
    found = fetch(said)
    assert found is not None
    # Without scripts the same address is a link, and gives the page whole.
    assert found.link == found.address
    whole = sign_in(town.coordinator).get(found.address)
    assert whole.status_code == 200
    answer = BeautifulSoup(whole.text, "html.parser").select_one(found.selects)
    assert answer is not None
    assert "Pairs that would be lost" in answer.text
    assert fetch(whole.text) is None
    statuses = BeautifulSoup(said, "html.parser").select(f"{found.selects} [role=status]")
    assert {tag["id"] for tag in statuses} == {"verdict", "cost-said", "basis"}
    # What is said again after the answer has come stands in regions that stay.
    assert {tag["id"] for tag in answer.select("[role=status]")} == {"verdict", "basis"}


@pytest.mark.parametrize("which", ["a rule", "full", "the round's own pair"])
def test_nothing_is_fetched_where_nothing_can_be_computed(
    app: Flask, sign_in: SignIn, round_of_town: Town, which: str
) -> None:
    town, other = round_of_town, "books"
    with app.app_context():
        if which == "a rule":
            db.session.get_one(CourseProfile, town.books).exchange_languages = {"vi": "C1"}
        elif which == "full":
            books, coasts = (db.session.get_one(CourseProfile, own) for own in (town.books, town.coasts))
            factories.match(books, coasts, factories.round_("2026-W40"), State.ACTIVE)
        else:
            (partner,) = [
                row.course_a_id for row in db.session.query(RoundPair).all() if row.course_b_id == town.rivers
            ]
            other = "water" if partner == town.water else "floods"
        db.session.commit()
    for query in (pair(town, other, "rivers"), computed(town, other, "rivers")):
        said = page(sign_in, town, query)
        assert fetch(said) is None
        assert "What keeping them together would cost" not in said
        assert ("This round puts these two together." in said) == (which == "the round's own pair")


def test_a_market_too_large_is_told_the_least_it_would_cost_and_who_would_lose(
    app: Flask, sign_in: SignIn, round_of_town: Town, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = round_of_town
    with app.app_context():
        this_round, books, rivers = (
            db.session.get_one(Round, town.round_id),
            db.session.get_one(CourseProfile, town.books),
            db.session.get_one(CourseProfile, town.rivers),
        )
        exact = why_not.ask(this_round, books, rivers, settings, datetime.now(UTC), with_cost=True)
        assert exact.numbers is not None
        assert exact.numbers.why.forced is not None
        monkeypatch.setattr(why_not, "MOST_A_SIDE", 2)
        large = why_not.ask(this_round, books, rivers, settings, datetime.now(UTC), with_cost=True)
        assert (large.cost, large.numbers) == (why_not.Cost.TOO_LARGE, None)
        least = large.stored.least_cost
        assert least is not None
        assert 0.01 < least <= exact.numbers.why.forced.quality_lost + 1e-6
        (partner,) = [db.session.get_one(CourseProfile, one.course_id).title for one in large.stored.partners_b]
    said = page(sign_in, town, pair(town, "books", "rivers"))
    assert f"It would cost at least {round(100 * least)} points of fit" in said
    assert f"“Rivers and cities” has no other place: it would lose “{partner}”." in said
    assert "“Accounting” has no other place" not in said
    assert "This market is too large to be computed again while you wait." in said
    assert fetch(said) is None


def test_many_new_texts_are_not_waited_for(sign_in: SignIn, town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    # The two courses themselves are read with the first answer, the three others are not.
    assert fetch(page(sign_in, town, pair(town, "books", "rivers"))) is not None
    monkeypatch.setattr(why_not_scorer, "MOST_NEW_TEXTS", 0)
    said = page(sign_in, town, computed(town, "books", "rivers"))
    assert "too large to be computed again while you wait" in said
    # This round kept no prices.
    assert "would cost at least" not in said


def test_one_question_is_computed_at_a_time(
    sign_in: SignIn, round_of_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = round_of_town
    monkeypatch.setattr(why_not, "PATIENCE", 0.01)
    address = f"/rounds/{town.round_id}/why-not{computed(town, 'books', 'rivers')}"
    with why_not._one_at_a_time:
        answer = sign_in(town.coordinator).get(address)
    assert answer.status_code == 503
    assert "Another question of this kind is being computed just now." in answer.text
    # It stands where the answer would have stood, with a way to ask again, and does not ask by itself for ever.
    again = BeautifulSoup(answer.text, "html.parser").select_one("#answer a[href*='cost=1']")
    assert again is not None
    assert fetch(answer.text) is None
    assert sign_in(town.coordinator).get(address).status_code == 200


@pytest.mark.parametrize(
    ("certificate", "least"),
    [
        ({"is_proven": True, "bound": 5.0, "objective": 5.0}, 0.2),
        # Its solution may be 0.15 below the best: so may be what forcing costs.
        ({"is_proven": False, "bound": 5.15, "objective": 5.0}, 0.05),
        ({"is_proven": False, "bound": 6.0, "objective": 5.0}, 0.0),
        (None, None),
    ],
)
def test_the_least_cost_allows_for_what_the_round_did_not_prove(
    app: Flask, town: Town, certificate: dict[str, object] | None, least: float | None
) -> None:
    with app.app_context():
        this_round = db.session.get_one(Round, town.round_id)
        this_round.frontier = {"points": [], "prices": {str(town.books): 0.3, str(town.rivers): 0.5, "7": None}}
        this_round.certificate = certificate
        kept: Stored = why_not.stored(this_round, town.books, town.rivers, 0.6)
        assert kept.price == pytest.approx(0.8)
        assert kept.least_cost == (None if least is None else pytest.approx(least, abs=1e-5))
        assert why_not.stored(this_round, 7, town.rivers, 0.6).least_cost is None


@pytest.mark.parametrize(
    ("which", "said"),
    [
        ("coordinator", "A coordinator left “{title}” no place in coming rounds."),
        ("lecturer", "The lecturer of “{title}” has as many matches at once as wanted."),
    ],
)
def test_who_has_no_place_left_is_named(
    app: Flask, sign_in: SignIn, round_of_town: Town, which: str, said: str
) -> None:
    town = round_of_town
    with app.app_context():
        books = db.session.get_one(CourseProfile, town.books)
        if which == "coordinator":
            db.session.add(PlaceDecision(course_id=books.id, places=0, by_id=town.coordinator, at=factories.AT))
        else:
            books.lecturer.exchanges_at_once = 1
            coasts = db.session.get_one(CourseProfile, town.coasts)
            factories.match(factories.course(books.lecturer, "Tax"), coasts, factories.round_("2026-W40"), State.ACTIVE)
        db.session.commit()
        title = books.title
    assert said.format(title=title) in page(sign_in, town, computed(town, "books", "rivers"))
