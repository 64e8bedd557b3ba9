"""The balance dial: what a position would change, who may turn it, and what is kept of who turned it."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.webapp.rounds import dial_market
from webapp.audit.models import AuditEvent
from webapp.db import db
from webapp.rounds.models import DialChoice, Round, RoundState

SignIn = Callable[[int], FlaskClient]


@pytest.fixture
def ids(app: Flask) -> dict[str, int]:
    """A round whose dial stands at 0 and gives a French course its partner from 0.3 on."""
    with app.app_context():
        return dial_market.stage()


def dial(sign_in: SignIn, ids: dict[str, int], query: str = "", person: str = "coordinator") -> str:
    """The page of the dial."""
    answer = sign_in(ids[person]).get(f"/rounds/{ids['round']}/dial{query}")
    assert answer.status_code == 200
    return " ".join(answer.text.split())


def test_the_dial_is_for_coordinators_of_all_and_administrators(
    client: FlaskClient, sign_in: SignIn, ids: dict[str, int]
) -> None:
    for path in ("dial", "dial/courses"):
        address = f"/rounds/{ids['round']}/{path}"
        assert client.get(address).status_code == 302
        expected = {"lecturer": 403, "office": 403, "of_portugal": 403, "coordinator": 200, "administrator": 200}
        assert {person: sign_in(ids[person]).get(address).status_code for person in expected} == expected


def test_without_a_position_the_present_one_is_shown(sign_in: SignIn, ids: dict[str, int]) -> None:
    page = dial(sign_in, ids)
    assert "This is the position of this round." in page
    assert 'value="0"' in page
    assert "0: the best fit, whoever gets it" in page
    assert "Who gains and who loses" not in page


def test_a_position_says_its_price_and_what_it_brings_in_one_sentence(sign_in: SignIn, ids: dict[str, int]) -> None:
    page = dial(sign_in, ids, "?at=0.5")
    assert "2.9% less fit, 33 more of 100 European courses have a partner." in page
    assert "Price of balance at this position: 2.9% of the best possible fit." in page
    assert 'aria-valuetext="0.5: between fit and balance"' in page


def test_the_way_back_says_what_is_lost(app: Flask, sign_in: SignIn, ids: dict[str, int]) -> None:
    with app.app_context():
        this_round = dial_market.the_round(ids["round"])
        this_round.balance = 0.5
        this_round.frontier = dict(this_round.frontier or {}) | {"present": 0.5}
        db.session.commit()
    assert "3% more fit, 33 fewer of 100 European courses have a partner." in dial(sign_in, ids, "?at=0")
    assert "Against position 0: 2.9% less fit, 33 more of 100" in dial(sign_in, ids)


def test_who_gains_and_who_loses_stands_by_course_country_and_institution(sign_in: SignIn, ids: dict[str, int]) -> None:
    page = dial(sign_in, ids, "?at=0.5")
    gains, losses = page[page.index('id="gains"') : page.index('id="losses"')], page[page.index('id="losses"') :]
    assert "One course gains partners" in gains
    assert "Parisian ponds" in gains
    assert "1 partner instead of 0" in gains
    assert "Rivers and cities" in losses
    assert "1 partner instead of 2" in losses
    assert "France: 1 instead of 0" in page
    assert "Portugal: 2 instead of 3" in page
    assert "Sorbonne Université, France: 1 instead of 0" in page


def test_figures_stand_beside_those_of_the_round(sign_in: SignIn, ids: dict[str, int]) -> None:
    page = dial(sign_in, ids, "?at=0.5")
    rows = {
        "Fit kept of the best possible": ("100%", "97.1%"),
        "European courses with a partner": ("66.7%", "100%"),
        "European countries with a partner": ("1 of 2", "2 of 2"),
        "Unevenness by country, Europe": ("40", "28"),
        "Unevenness by institution, Asia": ("40", "28"),
    }
    for label, (present, chosen) in rows.items():
        row = page[page.index(f'<th scope="row">{label}</th>') :]
        assert f'<td class="number">{present}</td> <td class="number">{chosen}</td>' in row[:200]


def test_the_least_served_are_named_with_their_fair_share(sign_in: SignIn, ids: dict[str, int]) -> None:
    assert "France: 0 of a fair share of 1" in dial(sign_in, ids)
    assert "Least served" not in dial(sign_in, ids, "?at=1")


def test_the_picture_has_a_text_and_a_table(sign_in: SignIn, ids: dict[str, int]) -> None:
    page = dial(sign_in, ids, "?at=0.5")
    assert '<title id="frontier-title">Fit kept against balance, for every position of the dial</title>' in page
    text = page[page.index('<desc id="frontier-desc">') : page.index("</desc>")]
    assert "From position 0 to 1 the fit kept falls from 100% to 97%" in text
    assert "This round stands here. Position 0: 100% of the fit kept, 0% of the unevenness gone." in text
    assert "Chosen to look at. Position 0.5: 97% of the fit kept, 25% of the unevenness gone." in text
    table = page[page.index("All positions as a table") :]
    assert table.count('<th scope="row">') == 21
    assert f'href="/rounds/{ids["round"]}/dial?at=0.35"' in table


@pytest.mark.parametrize(
    ("asked", "shown"), [("0.37", "0.35"), ("0.34", "0.35"), ("7", "0"), ("nan", "0"), ("soon", "0"), ("1", "1")]
)
def test_the_nearest_position_is_shown_and_the_present_one_for_anything_else(
    sign_in: SignIn, ids: dict[str, int], asked: str, shown: str
) -> None:
    page = dial(sign_in, ids, f"?at={asked}")
    assert f'step="0.05" value="{shown}"' in page


def test_all_courses_that_change_have_pages_of_their_own(sign_in: SignIn, ids: dict[str, int]) -> None:
    client, address = sign_in(ids["coordinator"]), f"/rounds/{ids['round']}/dial/courses?at=0.5"
    assert "Parisian ponds" in client.get(address).text
    losses = client.get(f"{address}&which=losses").text
    assert "Courses that lose partners" in losses
    assert "Rivers and cities" in losses
    assert "No course has another number of partners" in client.get(address.replace("0.5", "0.1")).text


def test_long_lists_name_the_first_and_link_to_the_rest(
    sign_in: SignIn, ids: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webapp.rounds.dial_views.FIRST", 0)
    page = dial(sign_in, ids, "?at=0.5")
    assert "All 1 courses" in page
    assert "at=0.5&amp;which=losses" in page
    assert "Parisian ponds" not in page
    assert "The other 2" in page


def choose(sign_in: SignIn, ids: dict[str, int], person: str = "coordinator", **data: Any) -> Any:
    """Send the form of the dial."""
    return sign_in(ids[person]).post(f"/rounds/{ids['round']}/dial", data=data)


def test_a_position_chosen_holds_from_now_on_and_is_kept_with_who_and_why(
    app: Flask, sign_in: SignIn, ids: dict[str, int]
) -> None:
    answer = choose(sign_in, ids, at="0.5", note="Central Asia waits too long.")
    assert (answer.status_code, answer.location) == (303, f"/rounds/{ids['round']}/dial?at=0.5")
    choose(sign_in, ids, "administrator", at="0.3")
    with app.app_context():
        rows = db.session.scalars(sa.select(DialChoice).order_by(DialChoice.id)).all()
        assert [(row.balance, row.by_id, row.note) for row in rows] == [
            (0.5, ids["coordinator"], "Central Asia waits too long."),
            (0.3, ids["administrator"], ""),
        ]
        events = db.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id)).all()
        assert [(one.action, one.actor_id, one.object_id) for one in events] == [
            ("rounds.choose_dial", ids["coordinator"], rows[0].id),
            ("rounds.choose_dial", ids["administrator"], rows[1].id),
        ]
        assert (events[1].before, events[1].after) == ({"balance": 0.5}, {"balance": 0.3})
        assert events[0].after["note"] == "Central Asia waits too long."
    page = dial(sign_in, ids, "?at=0.3")
    assert "Position 0.3 already holds for coming rounds." in page
    assert "0.5, chosen by Noor Haddad" in page
    assert "<q>Central Asia waits too long.</q>" in page


def test_nobody_else_chooses_a_position(app: Flask, sign_in: SignIn, ids: dict[str, int]) -> None:
    for person in ("lecturer", "office", "of_portugal"):
        assert choose(sign_in, ids, person, at="0.5").status_code == 403
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(DialChoice)) == 0


@pytest.mark.parametrize("data", [{"at": "1.5"}, {"at": "much"}, {}, {"at": "0.5", "note": "x" * 501}])
def test_what_is_no_position_changes_nothing_and_keeps_what_was_typed(
    app: Flask, sign_in: SignIn, ids: dict[str, int], data: dict[str, str]
) -> None:
    answer = choose(sign_in, ids, **({"note": "Kept words."} | data))
    assert answer.status_code == 422
    assert data.get("note", "Kept words.") in answer.text
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(DialChoice)) == 0


def test_a_round_without_a_dial_says_so(app: Flask, sign_in: SignIn, ids: dict[str, int]) -> None:
    with app.app_context():
        bare = factories.round_("2026-W46").id
        db.session.commit()
    client = sign_in(ids["coordinator"])
    assert "This round has no dial" in client.get(f"/rounds/{bare}/dial").text
    assert client.get(f"/rounds/{bare}/dial/courses").status_code == 404
    assert client.post(f"/rounds/{bare}/dial", data={"at": "0.5"}).status_code == 404
    assert client.get("/rounds/99/dial").status_code == 404


def test_a_round_is_run_again_at_a_position_of_its_own(app: Flask, sign_in: SignIn, ids: dict[str, int]) -> None:
    answer = sign_in(ids["coordinator"]).post(f"/rounds/{ids['round']}/dial/again", data={"at": "0.35"})
    assert answer.status_code == 303
    with app.app_context():
        begun = db.session.scalars(sa.select(Round).order_by(Round.id.desc())).first()
        assert begun is not None
        assert answer.location == f"/rounds/{begun.id}"
        assert (begun.state, begun.balance, begun.based_on_id) == (RoundState.WAITING, 0.35, ids["round"])
        assert (begun.dial_by_id, begun.asked_by_id) == (ids["coordinator"], ids["coordinator"])
        assert db.session.scalar(sa.select(sa.func.count()).select_from(DialChoice)) == 0
        noted = db.session.scalars(sa.select(AuditEvent)).one()
        assert (noted.action, noted.after["balance"]) == ("rounds.start", 0.35)
    # One computation at a time.
    assert sign_in(ids["coordinator"]).post(f"/rounds/{ids['round']}/dial/again", data={"at": "0.5"}).status_code == 409


def test_only_coordinators_of_all_run_a_round_again(sign_in: SignIn, ids: dict[str, int]) -> None:
    for person in ("lecturer", "office", "of_portugal"):
        answer = sign_in(ids[person]).post(f"/rounds/{ids['round']}/dial/again", data={"at": "0.5"})
        assert answer.status_code == 403
