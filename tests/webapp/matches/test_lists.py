"""The lists: a lecturer's matches and an office's approvals."""

from collections.abc import Callable

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.webapp.matches.conftest import make_scene
from tests.webapp.matches.samples import explanation
from webapp.accounts.models import User
from webapp.db import db
from webapp.matches import queries
from webapp.matches.lifecycle import Action, State
from webapp.matches.views import PER_PAGE
from webapp.rounds.models import Round

SignIn = Callable[[int], FlaskClient]


def scene_ids(app: Flask, *, state: State = State.PROPOSED, n_past: int = 0) -> dict[str, int]:
    with app.app_context():
        scene = make_scene()
        scene.match.explanation = explanation()
        scene.go_to(state)
        for n in range(n_past):
            partner = factories.course(scene.stranger, f"Old course {n:02d}")
            at = factories.round_(f"2025-W{n + 1:02d}")
            factories.match(scene.match.course_a, partner, at, state=State.DECLINED)
        db.session.commit()
        return {name: getattr(scene, name).id for name in ("mai", "rui", "office_a", "coordinator", "stranger")}


def test_a_lecturer_sees_first_what_waits_for_them(app: Flask, sign_in: SignIn) -> None:
    page = sign_in(scene_ids(app)["mai"]).get("/matches")
    assert page.status_code == 200
    assert "<h1>My matches</h1>" in page.text
    assert "Waiting for you" in page.text
    assert "Both courses speak of: river and flood." in page.text
    assert "Until Wed, 2 Dec 2026" in page.text
    assert "Waiting for others" not in page.text


def test_groups_follow_the_state(app: Flask, sign_in: SignIn) -> None:
    ids = scene_ids(app, state=State.ACCEPTED, n_past=2)
    page = sign_in(ids["mai"]).get("/matches").text
    assert page.index("Waiting for others") < page.index("Past") < page.index("Old course 01")
    assert "Waiting for you" not in page
    assert "The international office of Hanoi University is awaited." in page


def test_a_long_past_has_pages(app: Flask, sign_in: SignIn) -> None:
    ids = scene_ids(app, n_past=PER_PAGE + 3)
    client = sign_in(ids["mai"])
    first, second = client.get("/matches").text, client.get("/matches?page=2").text
    assert "Page 1 of 2" in first
    assert "Old course 22" in first
    assert "Old course 00" in second
    assert client.get("/matches?page=x").status_code == 200


def test_without_a_match_the_page_says_what_comes_next(app: Flask, sign_in: SignIn) -> None:
    ids = scene_ids(app)
    page = sign_in(ids["stranger"]).get("/matches").text
    assert "No course, no match yet" in page
    with app.app_context():
        factories.course(db.session.get_one(User, ids["stranger"]), "Lonely course")
        db.session.commit()
    assert "No partner has been proposed yet" in sign_in(ids["stranger"]).get("/matches").text


def test_an_office_sees_what_waits_for_its_approval_and_then_the_rest(app: Flask, sign_in: SignIn) -> None:
    ids = scene_ids(app, state=State.ACCEPTED, n_past=1)
    page = sign_in(ids["office_a"]).get("/approvals").text
    assert page.index("Waiting for your approval") < page.index("Look and decide")
    assert "Old course 00" not in page
    page = sign_in(ids["office_a"]).get("/approvals?show=others").text
    assert page.index("Other matches of your institution") < page.index("Old course 00")
    assert "Look and decide" not in page


def test_an_office_without_work_is_told_so(app: Flask, sign_in: SignIn) -> None:
    page = sign_in(scene_ids(app)["office_a"]).get("/approvals").text
    assert "Nothing waits for your approval" in page


def test_each_list_is_for_its_role(app: Flask, sign_in: SignIn) -> None:
    ids = scene_ids(app)
    assert sign_in(ids["office_a"]).get("/matches").status_code == 403
    assert sign_in(ids["mai"]).get("/approvals").status_code == 403
    assert sign_in(ids["coordinator"]).get("/matches").status_code == 403
    assert app.test_client().get("/matches").status_code == 302


def test_matches_wait_for_lecturers_and_offices_only(context: Flask) -> None:
    scene = make_scene()
    people = (scene.mai, scene.rui, scene.office_a, scene.office_b, scene.coordinator, scene.stranger)

    def counts() -> list[int]:
        return [len(queries.waiting_for(person)) for person in people]

    assert counts() == [1, 1, 0, 0, 0, 0]
    scene.act(Action.ACCEPT, scene.mai)
    assert counts() == [0, 1, 0, 0, 0, 0]
    scene.act(Action.ACCEPT, scene.rui)
    assert counts() == [0, 0, 1, 1, 0, 0]
    scene.act(Action.APPROVE, scene.office_b)
    assert counts() == [0, 0, 1, 0, 0, 0]
    scene.act(Action.RETURN, scene.office_a, "details_missing", "Which credits?")
    assert counts() == [1, 1, 0, 0, 0, 0]
    assert queries.listed(queries.of_person(scene.mai)) == []
    assert queries.of_lecturer(scene.mai) == [scene.match]
    assert queries.listed(queries.of_person(scene.office_a)) == [scene.match]


def test_a_round_is_filtered_by_state_country_institution_and_text(context: Flask) -> None:
    scene = make_scene()
    kyoto = factories.course(scene.stranger, "Noh theatre")
    other = factories.match(kyoto, scene.match.course_b, db.session.get_one(Round, 1), score=0.9)
    both = [other, scene.match]

    def found(**filters: object) -> list[object]:
        return list(queries.listed(queries.in_round(1, **filters)))  # type: ignore[arg-type]

    assert found() == both
    assert queries.listed(queries.in_round(2)) == []
    assert found(state=State.ACCEPTED) == []
    assert found(country="JP") == [other]
    assert found(country="PT") == both
    assert found(institution_id=scene.mai.institution_id) == [scene.match]
    assert found(text="noh") == [other]
    assert found(text="HANOI") == [scene.match]
    assert found(text="100%") == []


def test_pairs_tried_and_places_taken_are_counted_over_all_matches(context: Flask) -> None:
    scene = make_scene()
    a, b = scene.match.course_a_id, scene.match.course_b_id
    assert queries.tried_pairs() == {frozenset({a, b})}
    assert queries.open_counts() == {a: 1, b: 1}
    assert (queries.n_open(a), queries.partners_tried(b)) == (1, {a})
    scene.act(Action.DECLINE, scene.rui, "topic")
    assert queries.tried_pairs() == {frozenset({a, b})}
    assert queries.open_counts() == {}
    assert queries.n_open(b) == 0


def test_a_longer_list_asks_the_database_no_more_often(app: Flask, sign_in: SignIn) -> None:
    ids = scene_ids(app, n_past=12)
    client = sign_in(ids["office_a"])
    asked: list[str] = []
    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    assert client.get("/approvals").status_code == 200
    n_long = len(asked)
    with app.app_context():
        for match in queries.listed(queries.of_person(db.session.get_one(User, ids["office_a"]), {State.DECLINED})):
            for event in match.events:
                db.session.delete(event)
            db.session.delete(match)
        db.session.commit()
    asked.clear()
    assert client.get("/approvals").status_code == 200
    assert len(asked) >= n_long - 1, "the same questions, however long the list"
