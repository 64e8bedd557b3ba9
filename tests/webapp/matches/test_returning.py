"""An office returns a match with questions: in own words, about what an office asks, shown to all who settle them."""

import re

import pytest
from flask import Flask

from tests.webapp.matches.approving import SignIn
from tests.webapp.matches.conftest import Scene
from tests.webapp.matches.test_approval_mail import told
from tests.webapp.matches.test_views import Ids, decide, prepare, seen, stored
from webapp.db import db
from webapp.errors import WrongStateError
from webapp.matches import labels, steps
from webapp.matches.lifecycle import Action, Actor, State
from webapp.matches.models import Match

ASKED = "How many credits does <each> class give?\nAnd who grades?"


@pytest.fixture
def ids(app: Flask) -> Ids:
    return prepare(app, lambda scene: scene.go_to(State.ACCEPTED))


@pytest.mark.parametrize("note", ["", "  \n"])
@pytest.mark.parametrize("reason", sorted(labels.RETURN_REASONS))
def test_no_match_is_returned_without_a_question(scene: Scene, reason: str, note: str) -> None:
    scene.go_to(State.ACCEPTED)
    with pytest.raises(WrongStateError, match="Please write what is to be settled"):
        scene.act(Action.RETURN, scene.office_a, reason, note)
    assert scene.match.state is State.ACCEPTED


def test_reasons_to_return_are_not_those_to_decline() -> None:
    offered = labels.reason_choices(Action.RETURN, Actor.OFFICE)
    declining = labels.reason_choices(Action.DECLINE, Actor.OFFICE)
    assert set(offered) & set(declining) == {labels.OTHER_REASON}
    assert len(offered) > 3


def test_a_match_that_was_returned_with_an_old_reason_still_says_it(scene: Scene) -> None:
    scene.go_to(State.ACCEPTED)
    event = scene.act(Action.RETURN, scene.office_a, "other", ASKED)
    event.reason = "calendar"
    assert steps.history(scene.match, scene.mai)[0].reason == "Our dates or hours do not fit"


def test_the_form_asks_for_the_questions_and_keeps_what_was_chosen(app: Flask, ids: Ids, sign_in: SignIn) -> None:
    office = sign_in(ids.people["office_a"])
    page = office.get(f"/matches/{ids.match}").text
    assert all(words in page for words in ("What are your questions about?", "What is to be settled?"))
    assert "The partner’s office reads them too." in page
    shown = seen(office, ids)
    status, page = decide(office, ids, "return", seen=shown, reason="credit_question")
    assert (status, "Please write what is to be settled, so that the lecturers can do it." in page) == (422, True)
    assert re.search(r'<input[^>]*checked[^>]*value="credit_question"', page)
    status, page = decide(office, ids, "return", seen=shown, reason="other_partner", note=ASKED)
    assert (status, "Please choose what your questions are about." in page) == (422, True)
    assert stored(app, ids.match)[0] is State.ACCEPTED
    assert decide(office, ids, "return", seen=shown, reason="credit_question", note=ASKED)[0] == 303
    assert stored(app, ids.match)[0] is State.PROPOSED


def test_the_lecturers_read_the_questions_beside_their_buttons_until_both_have_settled_them(
    app: Flask, ids: Ids, sign_in: SignIn
) -> None:
    office = sign_in(ids.people["office_a"])
    decide(office, ids, "return", seen=seen(office, ids), reason="credit_question", note=ASKED)
    notice = "The international office of Hanoi University has questions"
    for name in ("mai", "rui", "office_b"):
        page = sign_in(ids.people[name]).get(f"/matches/{ids.match}").text
        assert notice in page
        # In the notice and in the history.
        assert page.count("How many credits does &lt;each&gt; class give?") == 2
        assert page.count("To be settled: Credit or assessment is not clear") == 2
        assert (f'/matches/{ids.match}/plan/edit">Change the plan' in page) == (name != "office_b")
    for name in ("mai", "rui"):
        client = sign_in(ids.people[name])
        assert decide(client, ids, "accept", seen=seen(client, ids))[0] == 303
    page = sign_in(ids.people["mai"]).get(f"/matches/{ids.match}").text
    assert notice not in page
    assert page.count("How many credits does &lt;each&gt; class give?") == 1


def test_the_questions_stand_in_the_message(scene: Scene) -> None:
    scene.go_to(State.ACCEPTED)
    found = told(lambda: scene.act(Action.RETURN, scene.office_a, "data_question", ASKED))
    assert set(found) == {it.email for it in (scene.mai, scene.rui, scene.office_b)}
    for mail in found.values():
        assert "To be settled: What happens to the students’ data is not clear" in mail.text
        assert "To be settled: What happens to the students’ data is not clear" in mail.html
        assert ASKED in mail.text
        assert "How many credits does &lt;each&gt; class give?" in mail.html


def test_a_match_that_was_never_returned_shows_no_questions(app: Flask, ids: Ids, sign_in: SignIn) -> None:
    with app.app_context():
        assert steps.returned_with(db.session.get_one(Match, ids.match)) is None
    assert "has questions" not in sign_in(ids.people["mai"]).get(f"/matches/{ids.match}").text
