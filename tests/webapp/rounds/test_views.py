"""Pages of rounds: for coordinators and administrators, with filters that live in the address."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from matcher.reasons import make_reason
from tests import factories
from webapp.access import Role
from webapp.db import db
from webapp.matches.lifecycle import State
from webapp.rounds.models import LeftOut, Round

SignIn = Callable[[int], FlaskClient]


@pytest.fixture
def people(app: Flask) -> dict[str, int]:
    """A round with two matches and a course left out; ids of people by role."""
    with app.app_context():
        proposed = factories.pair()
        this_round = db.session.get_one(Round, proposed.round_id)
        factories.round_("2026-W47")
        kyoto = factories.institution("Kyoto University", "JP")
        paris = factories.institution("Sorbonne Université", "FR")
        yui = factories.user("yui@kyoto.example", at=kyoto)
        zoe = factories.user("zoe@sorbonne.example", at=paris)
        tea = factories.course(yui, "Tea and ceramics")
        factories.match(tea, factories.course(zoe, "Porcelain"), this_round, State.DECLINED, score=0.41)
        reason = make_reason("left_out_places_taken", n_partners=4).to_dict()
        db.session.add(LeftOut(round=this_round, course=factories.course(zoe, "Glass"), reason=reason))
        this_round.n_matches = 2
        ids = {
            "coordinator": factories.user("coordinator@asem.example", Role.COORDINATOR).id,
            "administrator": factories.user("root@asem.example", Role.ADMINISTRATOR).id,
            "office": factories.user("office@kyoto.example", Role.OFFICE, kyoto).id,
            "lecturer": yui.id,
            "round": this_round.id,
            "kyoto": kyoto.id,
        }
        db.session.commit()
    return ids


@pytest.mark.parametrize("path", ["/rounds", "/rounds/1"])
def test_rounds_are_for_coordinators_and_administrators(
    client: FlaskClient, sign_in: SignIn, people: dict[str, int], path: str
) -> None:
    assert client.get(path).status_code == 302
    for role, status in {"lecturer": 403, "office": 403, "coordinator": 200, "administrator": 200}.items():
        assert sign_in(people[role]).get(path).status_code == status


def test_the_list_shows_the_newest_round_first(sign_in: SignIn, people: dict[str, int]) -> None:
    page = sign_in(people["coordinator"]).get("/rounds").text
    assert "<h1>Matching rounds</h1>" in page
    assert page.index(">23–29 Nov 2026<") < page.index(">16–22 Nov 2026<")


def test_before_the_first_round_the_list_says_when_it_runs(app: Flask, sign_in: SignIn) -> None:
    with app.app_context():
        coordinator = factories.user("coordinator@asem.example", Role.COORDINATOR).id
        db.session.commit()
    page = sign_in(coordinator).get("/rounds").text
    assert "No round has run yet" in page
    assert "Monday at 05:00 UTC" in page


def show(sign_in: SignIn, people: dict[str, int], query: str = "") -> str:
    """The page of the round as the coordinator sees it."""
    answer = sign_in(people["coordinator"]).get(f"/rounds/{people['round']}{query}")
    assert answer.status_code == 200
    return answer.text


def test_a_round_shows_all_its_matches_and_whom_it_left_out_and_why(sign_in: SignIn, people: dict[str, int]) -> None:
    page = show(sign_in, people)
    assert "<h1>Round of 23–29 Nov 2026</h1>" in page
    assert "2 matches, the best fit first." in page
    assert page.index("Urban water") < page.index("Tea and ceramics")
    assert "Kyoto University, Japan" in page
    assert "Declined" in page
    assert "until 2 Dec" in page
    assert "Possible partners: 4; every place they offer went to another course." in page
    assert "left_out" not in page.replace("left-out", "")


@pytest.mark.parametrize(
    "query",
    ["?state=declined", "?country=JP", "?country=FR", "?institution={kyoto}", "?text=PORCELAIN", "?text=kyoto+univ"],
)
def test_each_filter_narrows_the_list(sign_in: SignIn, people: dict[str, int], query: str) -> None:
    page = show(sign_in, people, query.format(**people))
    assert "One match, the best fit first." in page
    assert "Porcelain" in page
    assert "Urban water" not in page


def test_filters_are_kept_in_the_form_and_can_be_dropped(sign_in: SignIn, people: dict[str, int]) -> None:
    page = show(sign_in, people, "?country=JP&text=tea")
    assert '<option selected value="JP">Japan</option>' in page
    assert 'value="tea"' in page
    assert "Show all" in page
    assert "Show all" not in show(sign_in, people)


def test_filters_that_nothing_meets_say_so(sign_in: SignIn, people: dict[str, int]) -> None:
    assert "No match is like this" in show(sign_in, people, "?country=JP&state=active")


def test_filters_that_do_not_exist_show_everything(sign_in: SignIn, people: dict[str, int]) -> None:
    assert "2 matches" in show(sign_in, people, "?state=lost&country=XX&institution=999&page=no")


def test_a_search_for_wildcards_finds_only_these_letters(sign_in: SignIn, people: dict[str, int]) -> None:
    assert "No match is like this" in show(sign_in, people, "?text=%25")


def test_a_round_that_does_not_exist_is_not_found(sign_in: SignIn, people: dict[str, int]) -> None:
    assert sign_in(people["coordinator"]).get("/rounds/99").status_code == 404


def test_a_round_that_proposed_nothing_says_so(app: Flask, sign_in: SignIn, people: dict[str, int]) -> None:
    with app.app_context():
        nothing = factories.round_("2026-W49", n_matches=0, published_at=factories.AT + timedelta(days=7)).id
        db.session.commit()
    page = sign_in(people["coordinator"]).get(f"/rounds/{nothing}").text
    assert "This round proposed nothing" in page
    assert "No course took part." in page


def test_long_rounds_come_in_pages_that_keep_the_filters(app: Flask, sign_in: SignIn, people: dict[str, int]) -> None:
    with app.app_context():
        this_round = db.session.get_one(Round, people["round"])
        ha = factories.user("ha@hue.example", at=factories.institution("Hue University", "VN"))
        eva = factories.user("eva@coimbra.example", at=factories.institution("University of Coimbra", "PT"))
        for n in range(26):
            a, b = factories.course(ha, f"Course {n} of Ha"), factories.course(eva, f"Course {n} of Eva")
            factories.match(a, b, this_round, score=0.9 - n / 100)
        db.session.commit()
    first = show(sign_in, people, "?text=of+ha")
    assert "26 matches" in first
    assert "Page 1 of 2" in first
    assert "text=of+ha&amp;page=2" in first
    assert "Course 25 of Ha" in show(sign_in, people, "?text=of+ha&page=2")
