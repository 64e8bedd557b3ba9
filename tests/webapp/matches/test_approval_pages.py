"""What an office sees: its list with filters, several at once with a preview, and its part of a match's page."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.conftest import NOW
from tests.webapp.matches.approving import SignIn, many, titles
from tests.webapp.matches.conftest import Scene, policy
from tests.webapp.matches.test_views import Ids, decide, prepare, seen, stored
from webapp.db import db
from webapp.institutions.models import ApprovalPolicy, Chain
from webapp.matches import plan_versions
from webapp.matches.lifecycle import Action, Side, State
from webapp.matches.models import Match
from webapp.profiles.models import LecturerProfile


def test_the_list_is_narrowed_by_what_stands_in_its_address(app: Flask, sign_in: SignIn) -> None:
    office, *_ids = many(app, 5, lambda _scene, found: setattr(found[4], "state", State.APPROVED))
    client = sign_in(office)

    def shown(query: str = "") -> list[str]:
        answer = client.get(f"/approvals{query}")
        assert answer.status_code == 200
        return titles(answer.text)

    assert shown() == ["Own 0", "Own 1", "Own 2", "Own 3"]
    assert shown("?country=PT") == ["Own 0", "Own 2"]
    assert shown("?country=FR") == ["Own 1", "Own 3"]
    assert shown("?lecturer=l2%40") == []
    assert shown("?lecturer=L2") == ["Own 2"]
    assert shown("?lecturer=other+3") == ["Own 3"]
    assert shown("?show=others") == ["Own 4", "Urban water"] or shown("?show=others") == ["Urban water", "Own 4"]
    assert shown("?show=approved") == ["Own 4"]
    assert shown("?show=approved&country=FR") == []
    assert shown("?show=boo&country=XX&days=x&page=0") == ["Own 0", "Own 1", "Own 2", "Own 3"]
    page = client.get("/approvals?country=FR&lecturer=own").text
    assert '<option selected value="FR">France</option>' in page
    assert 'value="own"' in page
    assert "Drop the filters" in page
    assert "No match is like this" in client.get("/approvals?lecturer=nobody").text


def test_the_deadline_narrows_as_well(app: Flask, sign_in: SignIn) -> None:
    from_now = timedelta(days=365 * 80)

    def put(_scene: Scene, found: list[Match]) -> None:
        found[0].respond_by = NOW + from_now

    office, *_ids = many(app, 1, put)
    client = sign_in(office)
    assert titles(client.get("/approvals").text) == ["Own 0"]
    assert titles(client.get("/approvals?days=14").text) == []


def test_a_long_list_has_pages_that_keep_the_filters_and_asks_no_more_for_more_rows(
    app: Flask, sign_in: SignIn
) -> None:
    office, *_ids = many(app, 23)
    client = sign_in(office)
    assert "Page 1 of 2" in client.get("/approvals").text
    page = client.get("/approvals?lecturer=Own").text
    assert "/approvals?lecturer=Own&amp;page=2" in page
    assert len(titles(client.get("/approvals?page=2").text)) == 3
    asked: list[str] = []
    with app.app_context():
        sa.event.listen(db.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    client.get("/approvals")
    n_of_twenty, asked[:] = len(asked), []
    client.get("/approvals?page=2")
    assert n_of_twenty == len(asked)
    asked.clear()
    query = "&".join(f"match={n}" for n in _ids)
    client.get(f"/approvals/preview?{query}")
    n_of_all, asked[:] = len(asked), []
    client.get(f"/approvals/preview?match={_ids[0]}")
    assert n_of_all == len(asked)


def test_an_office_reads_what_its_policy_asks_and_the_lecturers_words_but_no_messages(
    app: Flask, sign_in: SignIn
) -> None:
    def stage(scene: Scene) -> None:
        policy(scene, Side.A, asks="Is the workload right?")
        profile = LecturerProfile(
            user=scene.rui, biography="I dam rivers.", looking_for="A class that measures.", updated_at=NOW
        )
        db.session.add(profile)
        scene.go_to(State.ACCEPTED)
        scene.act(Action.RETURN, scene.office_b, "other", "Which credits?")
        scene.go_to(State.ACCEPTED)
        factories.message(scene.match, scene.mai, "Between the two of us")

    ids = prepare(app, stage)
    page = sign_in(ids.people["office_a"]).get(f"/matches/{ids.match}").text
    for words in ("Is the workload right?", "I dam rivers.", "A class that measures.", "Which credits?"):
        assert words in page
    assert "If you approve: You approve; University of Lisbon is still awaited." in page
    assert "Between the two of us" not in page
    page = sign_in(ids.people["office_b"]).get(f"/matches/{ids.match}").text
    assert "Is the workload right?" not in page
    assert "Your institution has not said what its people look at." in page
    for name in ("mai", "coordinator"):
        assert "For your office" not in sign_in(ids.people[name]).get(f"/matches/{ids.match}").text


def test_without_an_agreement_there_is_a_sentence_in_place_of_the_button(app: Flask, sign_in: SignIn) -> None:
    def stage(scene: Scene) -> None:
        scene.go_to(State.ACCEPTED)
        policy(scene, Side.A, needs_agreement=True)

    ids = prepare(app, stage)
    client = sign_in(ids.people["office_a"])
    assert "there is none with University of Lisbon that has not ended" in client.get("/approvals").text
    page = client.get(f"/matches/{ids.match}").text
    assert "there is none with University of Lisbon that has not ended" in page
    assert 'value="approve"' not in page
    href = re.search(r'href="(/agreements/new\?partner=\d+)"', page)
    assert href is not None
    assert 'value="University of Lisbon"' in client.get(href[1]).text
    shown = seen(client, ids)
    status, page = decide(client, ids, "approve", seen=shown)
    assert status == 409
    assert "only with an agreement on file" in page
    data = {"partner": "University of Lisbon", "reference": "LOA 7"}
    assert client.post("/agreements", data=data).status_code == 303
    assert decide(client, ids, "approve", seen=shown)[0] == 303


def test_a_plan_that_changed_meanwhile_is_not_approved(app: Flask, ids_accepted: Ids, sign_in: SignIn) -> None:
    ids, client = ids_accepted, sign_in(ids_accepted.people["office_a"])
    shown = seen(client, ids)
    with app.app_context():
        match = db.session.get_one(Match, ids.match)
        standing = plan_versions.current(match)
        assert standing is not None
        plan_versions.add(
            match, dict(standing.document) | {"contingency": "Names"}, cause="edited", made_by=None, now=NOW
        )
        db.session.commit()
    status, page = decide(client, ids, "approve", seen=shown)
    assert status == 409
    assert "The plan was changed after you opened the page." in page
    assert stored(app, ids.match)[0] is State.ACCEPTED


@pytest.fixture
def ids_accepted(app: Flask) -> Ids:
    return prepare(app, lambda scene: scene.go_to(State.ACCEPTED))


@pytest.mark.parametrize("action", ["change", "take_back", "start"])
def test_what_has_no_button_cannot_be_sent(app: Flask, ids_accepted: Ids, sign_in: SignIn, action: str) -> None:
    before = stored(app, ids_accepted.match)
    for name in ("mai", "office_a"):
        assert decide(sign_in(ids_accepted.people[name]), ids_accepted, action)[0] == 409
    assert stored(app, ids_accepted.match) == before


def test_the_page_says_when_nobody_can_take_the_second_step(app: Flask, sign_in: SignIn) -> None:
    def stage(scene: Scene) -> None:
        scene.go_to(State.ACCEPTED)
        db.session.add(
            ApprovalPolicy(
                institution_id=scene.match.course_a.institution_id,
                chain=Chain.OFFICE_THEN_SECOND,
                second_title="the dean",
                changed_at=NOW,
            )
        )
        db.session.flush()
        scene.act(Action.ENDORSE, scene.office_a)

    ids = prepare(app, stage)
    page = sign_in(ids.people["office_a"]).get(f"/matches/{ids.match}").text
    assert "Nobody at Hanoi University can approve yet" in page
    assert "now it takes another person: the dean." in page


def test_nobody_is_found_by_name_whose_name_is_not_shown_yet(app: Flask, sign_in: SignIn) -> None:
    def name(_scene: Scene, found: list[Match]) -> None:
        for match in found:
            match.course_b.lecturer.name = "Hidden Person"
        found[1].state = State.PROPOSED

    office, *_ids = many(app, 2, name)
    client = sign_in(office)
    assert titles(client.get("/approvals?show=accepted&lecturer=hidden").text) == ["Own 0"]
    assert titles(client.get("/approvals?show=proposed&lecturer=hidden").text) == []
    assert titles(client.get("/approvals?show=proposed&lecturer=L1").text) == ["Own 1"]
