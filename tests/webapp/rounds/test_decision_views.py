"""Pages on which coordinators decide about pairs and places, and undo it."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from webapp.db import db
from webapp.profiles.models import CourseProfile, CourseState
from webapp.rounds.models import DecisionKind, PairDecision, PlaceDecision, RoundPair

SignIn = Callable[[int], FlaskClient]


def decide(browser: FlaskClient, town: dict[str, int], kind: str, **fields: Any) -> Any:
    """Send a decision about the pair of Hanoi."""
    return browser.post(
        "/rounds/decisions/pairs",
        data={"asia_id": town["a"], "europe_id": town["b"], "kind": kind, "note": "because", **fields},
    )


def test_a_pair_is_decided_shown_and_undone(app: Flask, sign_in: SignIn, town: dict[str, int]) -> None:
    browser = sign_in(town["coordinator"])
    answer = decide(browser, town, "forbid", round_id=town["draft"])
    assert (answer.status_code, answer.location) == (303, f"/rounds/{town['draft']}")
    assert "Kept apart" in browser.get(answer.location).text
    listed = browser.get("/rounds/decisions").text
    assert "because" in listed
    with app.app_context():
        decision = db.session.scalars(sa.select(PairDecision)).one()
        assert decision.kind is DecisionKind.FORBID
        decision_id = decision.id
    assert browser.post(f"/rounds/decisions/pairs/{decision_id}/undo").status_code == 303
    assert browser.post(f"/rounds/decisions/pairs/{decision_id}/undo").status_code == 404
    assert "Nothing is decided about pairs" in browser.get("/rounds/decisions").text


def test_deciding_leads_back_to_the_same_pairs(app: Flask, sign_in: SignIn, town: dict[str, int]) -> None:
    browser, own = sign_in(town["coordinator"]), town["kyoto"]
    filters = "country=JP&at_least=50&warning=sizes_apart&order=worst"
    listed = BeautifulSoup(browser.get(f"/rounds/{town['draft']}?{filters}&pair_id=7").text, "html.parser")
    (row,) = listed.select(f"#row-{own}")
    (more,) = row.select("details")
    part = BeautifulSoup(browser.get(str(more["hx-get"]), headers={"HX-Request": "true"}).text, "html.parser")

    def sent(form: Any, **fields: str) -> Any:
        data = {str(field["name"]): str(field["value"]) for field in form.select("input[type=hidden]")}
        return browser.post(str(form["action"]), data=data | fields)

    back = f"/rounds/{town['draft']}?{filters}#row-{own}"
    (form,) = part.select("form")
    # Refused first, because the note is too long: the way back is kept.
    refused = sent(form, kind="forbid", note="x" * 501)
    assert refused.status_code == 422
    assert back.replace("&", "&amp;") in refused.text
    (again,) = BeautifulSoup(refused.text, "html.parser").select("main form")
    assert sent(again, kind="forbid", note="because").location == back
    part = BeautifulSoup(browser.get(str(more["hx-get"])).text, "html.parser")
    (undo,) = part.select("form[action$=undo]")
    assert sent(undo).location == back


def test_changing_places_leads_back_to_the_same_pairs(sign_in: SignIn, town: dict[str, int]) -> None:
    browser, own = sign_in(town["coordinator"]), town["kyoto"]
    pair = BeautifulSoup(browser.get(f"/rounds/{town['draft']}/pairs/{own}?country=JP&page=1").text, "html.parser")
    (link, _other) = pair.select("a[href*='/decisions/places/']")
    back = f"/rounds/{town['draft']}?country=JP&page=1#row-{own}"

    def sent(text: str, **fields: str) -> Any:
        form = BeautifulSoup(text, "html.parser").select("main form")[-1]
        data = {str(field["name"]): str(field["value"]) for field in form.select("input[type=hidden]")}
        return browser.post(str(form["action"]), data=data | fields)

    refused = sent(browser.get(str(link["href"])).text, places="7")
    assert refused.status_code == 422
    assert sent(refused.text, places="0").location == back
    # The last form is the one that undoes it now.
    assert sent(browser.get(str(link["href"])).text).location == back


def test_two_courses_named_by_the_address_are_there_to_be_decided_about(sign_in: SignIn, town: dict[str, int]) -> None:
    browser = sign_in(town["coordinator"])
    page = BeautifulSoup(
        browser.get(f"/rounds/decisions/new?asia_id={town['a']}&europe_id={town['b']}").text, "html.parser"
    )
    offered = {str(one["name"]): int(str(one["value"])) for one in page.select("input[type=radio][checked]")}
    assert offered == {"asia_id": town["a"], "europe_id": town["b"]}
    assert len(page.select("input[type=radio]")) == 2
    # Sides exchanged are no choice; both sides are searched as if nothing were named.
    swapped = browser.get(f"/rounds/decisions/new?asia_id={town['b']}&europe_id={town['a']}").text
    assert "checked" not in swapped


def test_the_way_back_takes_nothing_but_filters(sign_in: SignIn, town: dict[str, int]) -> None:
    smuggled = "country=VN&_external=1&_scheme=evil&round_id=9&next=//evil.example"
    answer = decide(sign_in(town["coordinator"]), town, "forbid", round_id=town["draft"], list=smuggled)
    assert answer.location == f"/rounds/{town['draft']}?country=VN"


def test_a_refused_lock_says_which_rule_stands_in_the_way_and_keeps_the_note(
    app: Flask, sign_in: SignIn, town: dict[str, int]
) -> None:
    with app.app_context():
        db.session.get_one(RoundPair, town["hanoi"]).course_a.exchange_languages = {"vi": None}
        db.session.commit()
    answer = decide(sign_in(town["coordinator"]), town, "lock")
    assert answer.status_code == 422
    assert "These two cannot be kept together" in answer.text
    assert "because" in answer.text


def test_unknown_decisions_and_courses_are_refused(sign_in: SignIn, town: dict[str, int]) -> None:
    browser = sign_in(town["coordinator"])
    assert decide(browser, town, "marry").status_code == 400
    assert decide(browser, town | {"a": 10**12}, "lock").status_code == 404
    assert decide(browser, town | {"a": 999}, "lock").status_code == 404


def test_two_courses_are_looked_for_by_name(sign_in: SignIn, town: dict[str, int]) -> None:
    browser = sign_in(town["coordinator"])
    assert "No open course" not in browser.get("/rounds/decisions/new").text
    shown = browser.get("/rounds/decisions/new?asia=hanoi&europe=kyoto").text
    assert "Rivers of Hanoi" in shown
    assert "Seas of Kyoto" in shown
    assert "Seas of Hanoi" not in shown
    assert "No open course is like this." in browser.get("/rounds/decisions/new?asia=zzz&europe=").text


def test_places_are_changed_within_what_the_lecturer_offers_and_undone(
    app: Flask, sign_in: SignIn, town: dict[str, int]
) -> None:
    browser, path = sign_in(town["coordinator"]), f"/rounds/decisions/places/{town['a']}"
    assert "The lecturer offers one place." in browser.get(path).text
    refused = browser.post(path, data={"places": "2"})
    assert refused.status_code == 422
    assert "Places go from 0 to 1" in refused.text
    assert browser.post(path, data={"places": "0"}).status_code == 303
    assert "0 of 1" in browser.get("/rounds/decisions").text
    assert browser.post(f"{path}/undo").status_code == 303
    with app.app_context():
        assert db.session.scalars(sa.select(PlaceDecision)).all() == []


def test_drafts_of_other_countries_are_not_shown_to_a_coordinator(
    app: Flask, sign_in: SignIn, town: dict[str, int]
) -> None:
    with app.app_context():
        db.session.get_one(CourseProfile, town["kyoto_a"]).state = CourseState.DRAFT
        db.session.get_one(CourseProfile, town["a"]).state = CourseState.DRAFT
        db.session.commit()
    browser, why_not = sign_in(town["vietnam"]), f"/rounds/{town['draft']}/why-not"
    other, own = town["kyoto_a"], town["a"]
    assert browser.get(f"{why_not}?a={other}").status_code == 404
    assert "Rivers of Hanoi" in browser.get(f"{why_not}?a={own}").text
    assert decide(browser, town | {"a": other}, "forbid").status_code == 404
    assert "Rivers of Kyoto" in sign_in(town["coordinator"]).get(f"{why_not}?a={other}").text
