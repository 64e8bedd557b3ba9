"""The pages of matches: who may open them, what they show, and what deciding does."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.conftest import NOW
from tests.webapp.matches.conftest import Scene, make_scene
from tests.webapp.matches.samples import explanation
from webapp.db import db
from webapp.matches.lifecycle import Action, Side, State
from webapp.matches.models import Match

SignIn = Callable[[int], FlaskClient]
PEOPLE = ("mai", "rui", "office_a", "office_b", "coordinator", "administrator", "stranger", "other_office")


@dataclass
class Ids:
    """What a test outside the app context knows of the scene."""

    match: int
    version: int
    people: dict[str, int]


def prepare(app: Flask, change: Callable[[Scene], object] = lambda _: None) -> Ids:
    """Make a scene with a full explanation, change it, commit it."""
    with app.app_context():
        scene = make_scene()
        scene.match.explanation = explanation()
        change(scene)
        db.session.commit()
        return Ids(scene.match.id, scene.match.version, {name: getattr(scene, name).id for name in PEOPLE})


def stored(app: Flask, match_id: int) -> tuple[State, int]:
    with app.app_context():
        match = db.session.get_one(Match, match_id)
        return match.state, match.version


@pytest.fixture
def ids(app: Flask) -> Iterator[Ids]:
    return prepare(app)


PROPOSED = "1:proposed:none:"
"""What the page of a match nobody has answered gives along."""


def decide(client: FlaskClient, ids: Ids, action: str, **fields: str) -> tuple[int, str]:
    """Send a decision, from a page nobody had answered unless `seen` is among the fields."""
    data = {"action": action, "seen": PROPOSED, **fields}
    response = client.post(f"/matches/{ids.match}/decisions", data=data)
    return response.status_code, response.text


def seen(client: FlaskClient, ids: Ids) -> str:
    """What the page of the match gives along to say what it showed."""
    shown = re.search(r'name="seen" value="([^"]+)"', client.get(f"/matches/{ids.match}").text)
    assert shown is not None
    return shown[1]


def test_only_those_concerned_and_those_who_oversee_open_a_match(app: Flask, ids: Ids, sign_in: SignIn) -> None:
    statuses = {name: sign_in(ids.people[name]).get(f"/matches/{ids.match}").status_code for name in PEOPLE}
    assert statuses == dict.fromkeys(PEOPLE[:6], 200) | dict.fromkeys(PEOPLE[6:], 403)
    assert app.test_client().get(f"/matches/{ids.match}").location.startswith("/sign-in")
    assert sign_in(ids.people["mai"]).get("/matches/4711").status_code == 404


def test_nobody_outside_decides_whatever_they_send(ids: Ids, app: Flask, sign_in: SignIn) -> None:
    for name in ("coordinator", "administrator", "stranger", "other_office"):
        assert decide(sign_in(ids.people[name]), ids, "accept")[0] == 403
    assert decide(sign_in(ids.people["office_a"]), ids, "accept")[0] == 403
    assert decide(app.test_client(), ids, "accept")[0] == 302
    assert stored(app, ids.match) == (State.PROPOSED, ids.version)


def test_a_pending_lecturer_is_told_to_wait(app: Flask, sign_in: SignIn) -> None:
    ids = prepare(app, lambda scene: setattr(scene.mai, "verified_at", None))
    client = sign_in(ids.people["mai"])
    assert client.get(f"/matches/{ids.match}").status_code == 403
    assert decide(client, ids, "accept")[0] == 403


def test_the_page_says_who_why_when_and_what_to_do(ids: Ids, sign_in: SignIn) -> None:
    page = sign_in(ids.people["mai"]).get(f"/matches/{ids.match}").text
    assert "<h1>Urban water with Rivers and cities</h1>" in page
    lead = "Both courses speak of river and flood, and both teach in the same 10 weeks, with about 4 live hours a week"
    assert f'<p class="lead">{lead} in common.</p>' in page
    assert "Very good fit" in page
    assert "Your answer is awaited." in page
    assert "The lecturer at University of Lisbon is awaited." in page
    assert "Both teach in 10 weeks" in page
    assert "Clocks change in Ho Chi Minh City" not in page
    assert "15:00–17:00 in Ho Chi Minh City" in page
    assert "Accept this partner" in page
    assert "Proposed by the matching round" in page


def test_no_raw_code_reaches_the_page(ids: Ids, sign_in: SignIn) -> None:
    page = sign_in(ids.people["mai"]).get(f"/matches/{ids.match}").text
    words = re.sub(r"<[^>]+>", " ", page)
    for code in ("topic_shared_terms", "class_size", "no_time", "live_hours", "State.", "Action.", "%(", "{{", "None"):
        assert code not in words


def test_pictures_use_nothing_the_content_policy_forbids(ids: Ids, sign_in: SignIn) -> None:
    page = sign_in(ids.people["mai"]).get(f"/matches/{ids.match}").text
    assert "style=" not in page
    assert "<style" not in page
    assert 'aria-labelledby="weeks-title weeks-desc"' in page
    assert page.count('class="hours-bar"') == 10


@pytest.mark.parametrize("viewer", ["mai", "rui", "office_a", "office_b", "coordinator", "administrator"])
def test_names_and_addresses_show_only_once_both_have_accepted(app: Flask, sign_in: SignIn, viewer: str) -> None:
    ids = prepare(app, lambda scene: scene.act(Action.ACCEPT, scene.mai))
    other = "Rui" if viewer == "mai" else "Mai"
    page = sign_in(ids.people[viewer]).get(f"/matches/{ids.match}").text
    assert "rui@ulisboa.example" not in page
    assert "mai@hanu.example" not in page
    assert other not in re.sub(r"<header class=\"site-header\">.*?</header>", "", page, flags=re.S)
    with app.app_context():
        scene_match = db.session.get_one(Match, ids.match)
        factories.acted(scene_match, Side.B, Action.ACCEPT, scene_match.course_b.lecturer)
        scene_match.state = State.ACCEPTED
        db.session.commit()
    page = sign_in(ids.people[viewer]).get(f"/matches/{ids.match}").text
    assert "rui@ulisboa.example" in page
    assert "mai@hanu.example" in page


def test_accepting_keeps_thanks_and_returns_to_the_page(ids: Ids, app: Flask, sign_in: SignIn) -> None:
    client = sign_in(ids.people["mai"])
    response = client.post(f"/matches/{ids.match}/decisions", data={"action": "accept", "seen": PROPOSED})
    assert (response.status_code, response.location) == (303, f"/matches/{ids.match}")
    page = client.get(response.location).text
    assert "You accepted." in page
    assert "Accept this partner" not in page
    assert "Withdraw" in page
    assert stored(app, ids.match) == (State.PROPOSED, ids.version + 1)


def test_declining_without_a_reason_comes_back_open_with_what_was_typed(ids: Ids, app: Flask, sign_in: SignIn) -> None:
    status, page = decide(sign_in(ids.people["mai"]), ids, "decline", note="Sorry, <we> moved")
    assert status == 422
    assert "Please choose a reason" in page
    assert "Sorry, &lt;we&gt; moved" in page
    assert '<details class="confirm" open>' in page
    status, page = decide(sign_in(ids.people["mai"]), ids, "decline", reason="other")
    assert status == 422
    assert "Please say in your own words" in page
    status, page = decide(sign_in(ids.people["mai"]), ids, "decline", reason="details_missing")
    assert status == 422
    assert stored(app, ids.match) == (State.PROPOSED, ids.version)


def test_declining_with_a_reason_shows_it_to_the_partner(ids: Ids, app: Flask, sign_in: SignIn) -> None:
    assert decide(sign_in(ids.people["mai"]), ids, "decline", reason="calendar", note="We start in April.")[0] == 303
    assert stored(app, ids.match)[0] is State.DECLINED
    page = sign_in(ids.people["rui"]).get(f"/matches/{ids.match}").text
    assert "Our dates or hours do not fit" in page
    assert "We start in April." in page
    assert "This match has ended." in page
    assert '<form method="post" action="/matches/' not in page


@pytest.mark.parametrize(("action", "status"), [("explode", 400), ("", 400), ("propose", 409), ("complete", 409)])
def test_actions_nobody_can_take_are_refused(ids: Ids, sign_in: SignIn, action: str, status: int) -> None:
    assert decide(sign_in(ids.people["mai"]), ids, action)[0] == status


def test_a_form_without_what_was_shown_changes_nothing(ids: Ids, app: Flask, sign_in: SignIn) -> None:
    client = sign_in(ids.people["mai"])
    for sent in ("", "x", "-1", str(ids.version)):
        data = {"action": "accept", "seen": sent}
        assert client.post(f"/matches/{ids.match}/decisions", data=data).status_code == 409
    assert stored(app, ids.match) == (State.PROPOSED, ids.version)


def test_an_office_approves_and_may_return(app: Flask, sign_in: SignIn) -> None:
    ids = prepare(app, lambda scene: scene.go_to(State.ACCEPTED))
    page = sign_in(ids.people["office_a"]).get(f"/matches/{ids.match}").text
    assert "The approval of your office is awaited." in page
    assert all(label in page for label in ("Approve", "Return to the lecturers", "Decline"))
    office_a, office_b = (sign_in(ids.people[name]) for name in ("office_a", "office_b"))
    assert decide(office_a, ids, "approve", seen=seen(office_a, ids))[0] == 303
    assert (
        decide(office_b, ids, "return", seen=seen(office_b, ids), reason="details_missing", note="Which credits?")[0]
        == 303
    )
    assert stored(app, ids.match)[0] is State.PROPOSED


def test_the_page_says_when_nobody_can_approve(app: Flask, sign_in: SignIn) -> None:
    def close_office(scene: Scene) -> None:
        scene.go_to(State.ACCEPTED)
        scene.office_b.verified_at = None

    ids = prepare(app, close_office)
    page = sign_in(ids.people["mai"]).get(f"/matches/{ids.match}").text
    assert "Nobody at University of Lisbon can approve yet" in page
    assert "Nobody at Hanoi University can approve yet" not in page


def test_an_edited_or_thin_profile_is_named(app: Flask, sign_in: SignIn) -> None:
    ids = prepare(app, lambda scene: setattr(scene.match.course_a, "updated_at", NOW.replace(hour=12)))
    page = sign_in(ids.people["mai"]).get(f"/matches/{ids.match}").text
    assert "“Urban water” was edited after this score was computed" in page
    assert "Your profile is thin: it does not name a description" in page
    assert "The profile of University of Lisbon is thin" in page


def test_what_the_demonstration_filled_in_is_marked(app: Flask, sign_in: SignIn) -> None:
    def fill_in(scene: Scene) -> None:
        scene.match.course_a.students, scene.match.course_a.filled_in = 24, ["students"]

    ids = prepare(app, fill_in)
    page = sign_in(ids.people["mai"]).get(f"/matches/{ids.match}").text
    assert page.count("(filled in for the demonstration)") == 1
    assert "were filled in plausibly" in page


def test_a_match_without_an_explanation_still_has_a_page(app: Flask, sign_in: SignIn) -> None:
    ids = prepare(app, lambda scene: setattr(scene.match, "explanation", {}))
    page = sign_in(ids.people["mai"]).get(f"/matches/{ids.match}")
    assert page.status_code == 200
    assert "No teaching dates are known" in page.text


@pytest.mark.parametrize(("language", "month"), [("fr", "mars"), ("ja", "3月")])
def test_the_page_speaks_the_readers_language(app: Flask, sign_in: SignIn, language: str, month: str) -> None:
    ids = prepare(app, lambda scene: setattr(scene.mai, "language", language))
    page = sign_in(ids.people["mai"]).get(f"/matches/{ids.match}")
    assert page.status_code == 200
    assert f'<html lang="{language}"' in page.text
    assert f">{month}</text>" in page.text


def test_forms_carry_a_token_where_tokens_are_checked(app: Flask, ids: Ids, sign_in: SignIn) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    client = sign_in(ids.people["mai"])
    assert decide(client, ids, "accept")[0] == 400
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get(f"/matches/{ids.match}").text)
    assert token is not None
    assert decide(client, ids, "accept", csrf_token=token[1])[0] == 303
