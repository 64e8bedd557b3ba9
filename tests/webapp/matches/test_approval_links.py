"""The link in mail to an office: it shows a button, signs in when that is pressed, and never decides."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.webapp.matches.conftest import Scene, make_scene, policy
from tests.webapp.matches.test_views import Ids, prepare, stored
from webapp.access import Role
from webapp.accounts.models import BrowserSession, User
from webapp.db import db
from webapp.institutions.models import Chain
from webapp.matches import approval_links
from webapp.matches.lifecycle import Action, Side, State
from webapp.matches.models import Match

SignIn = Callable[[int], FlaskClient]


@pytest.fixture
def ids(app: Flask) -> Ids:
    return prepare(app, lambda scene: scene.go_to(State.ACCEPTED))


def link(app: Flask, ids: Ids, name: str = "office_a") -> str:
    """The path of a link as mail would carry it now."""
    with app.app_context():
        match, user = db.session.get_one(Match, ids.match), db.session.get_one(User, ids.people[name])
        with app.test_request_context():
            address = approval_links.address(user, match)
    assert address.startswith(f"http://localhost/matches/{ids.match}/open/")
    return address.removeprefix("http://localhost")


def n_browsers(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(sa.select(sa.func.count(BrowserSession.id))) or 0


def test_opening_signs_nobody_in_and_decides_nothing(app: Flask, ids: Ids, client: FlaskClient) -> None:
    before = stored(app, ids.match)
    for _ in range(2):
        page = client.get(link(app, ids))
        assert page.status_code == 200
        assert "Open as Office" in page.text
        assert "Urban water" not in page.text
    assert client.get("/approvals").status_code == 302
    assert stored(app, ids.match) == before
    assert n_browsers(app) == 0


def test_the_button_signs_in_and_leads_to_the_match(app: Flask, ids: Ids, client: FlaskClient) -> None:
    before = stored(app, ids.match)
    answer = client.post(link(app, ids))
    assert (answer.status_code, answer.location) == (303, f"/matches/{ids.match}")
    page = client.get(answer.location)
    assert "For your office" in page.text
    assert stored(app, ids.match) == before
    assert n_browsers(app) == 1
    # Whoever is in already is led on at once, and no second browser is noted.
    assert client.get(link(app, ids)).location == f"/matches/{ids.match}"
    client.post(link(app, ids))
    assert n_browsers(app) == 1


def test_somebody_elses_session_is_pointed_out_and_then_replaced(app: Flask, ids: Ids, sign_in: SignIn) -> None:
    client = sign_in(ids.people["mai"])
    page = client.get(link(app, ids))
    assert "You are signed in as Mai in this browser" in page.text
    client.post(link(app, ids))
    assert client.get("/approvals").status_code == 200


def change(app: Flask, ids: Ids, **fields: object) -> None:
    with app.app_context():
        office = db.session.get_one(User, ids.people["office_a"])
        for name, value in fields.items():
            setattr(office, name, value)
        db.session.commit()


@pytest.mark.parametrize(
    "fields",
    [
        {"closed_at": datetime(2026, 11, 24, tzinfo=UTC)},
        {"session_version": 2},
        {"verified_at": None},
        {"email": "another@hanu.example"},
        {"institution_id": 3},
        {"role": Role.LECTURER},
    ],
)
def test_a_link_is_worth_nothing_once_its_account_changed(
    app: Flask, ids: Ids, client: FlaskClient, fields: dict[str, object]
) -> None:
    path = link(app, ids)
    change(app, ids, **fields)
    for answer in (client.get(path), client.post(path)):
        assert answer.status_code == 404
        assert "This link does not work" in answer.text
    assert client.get("/approvals").status_code == 302


def test_signing_out_everywhere_ends_every_link(app: Flask, ids: Ids, client: FlaskClient) -> None:
    path = link(app, ids)
    client.post(path)
    assert client.post("/preferences/sign-out-everywhere").status_code in (302, 303)
    assert app.test_client().post(path).status_code == 404


def test_a_link_opens_one_match_and_bears_no_change(app: Flask, ids: Ids, client: FlaskClient) -> None:
    path = link(app, ids)
    for broken in (path[:-1], path + "x", path.replace(f"/matches/{ids.match}/", "/matches/4711/")):
        assert client.post(broken).status_code == 404
    other = path.rpartition("/")[2]
    assert client.post(f"/matches/{ids.match}/open/{other[5:]}").status_code == 404


@pytest.mark.parametrize(("days", "is_old"), [(13.9, False), (14.1, True)])
def test_a_link_lives_for_fourteen_days(context: Flask, days: float, is_old: bool) -> None:
    scene = make_scene()
    token = approval_links.sign(scene.office_a, scene.match)
    later = datetime.now(UTC) + timedelta(days=days)
    opened = approval_links.read(token, scene.match.id, later)
    assert (opened.user, opened.is_old) == (scene.office_a, is_old)


def test_a_link_of_an_earlier_turn_signs_nobody_in(app: Flask, ids: Ids, client: FlaskClient) -> None:
    path = link(app, ids)
    with app.app_context():
        match = db.session.get_one(Match, ids.match)
        lecturer, office = match.course_a.lecturer, db.session.get_one(User, ids.people["office_b"])
        scene = make_acting(match, lecturer, office)
        scene.act(Action.APPROVE, office)
        scene.act(Action.CHANGE, lecturer)
        db.session.commit()
    for answer in (client.get(path), client.post(path)):
        assert answer.status_code == 410
        assert "This link has grown too old" in answer.text
        assert f"next=/matches/{ids.match}" in answer.text or f"next=%2Fmatches%2F{ids.match}" in answer.text
    assert client.get("/approvals").status_code == 302


@pytest.mark.parametrize("how", ["approve", "decline", "withdraw", "another_signs", "colleague"])
def test_a_link_is_spent_once_its_step_is_done_or_awaited_no_longer(
    app: Flask, ids: Ids, client: FlaskClient, how: str
) -> None:
    path = link(app, ids)
    with app.app_context():
        match = db.session.get_one(Match, ids.match)
        office, colleague = (db.session.get_one(User, ids.people[name]) for name in ("office_a", "office_a"))
        if how == "colleague":
            colleague = factories.user("lan@hanu.example", Role.OFFICE, office.institution)
        scene = make_acting(match, match.course_a.lecturer, office)
        if how == "another_signs":
            office.signs_for_office = False
        elif how == "withdraw":
            scene.act(Action.WITHDRAW, scene.mai, "other", "words")
        elif how == "decline":
            scene.act(Action.DECLINE, office, "other", "words")
        else:
            scene.act(Action.APPROVE, colleague)
        db.session.commit()
    for answer in (client.get(path), client.post(path)):
        assert answer.status_code == 410
        assert "This link has done its work" in answer.text
        assert "so it signs nobody in any more" in answer.text
        assert f"/sign-in?next=/matches/{ids.match}" in answer.text.replace("%2F", "/")
        assert "Open as" not in answer.text
    assert client.get("/approvals").status_code == 302
    assert n_browsers(app) == 0


def test_what_the_other_office_does_spends_no_link_and_it_opens_as_often_as_needed(
    app: Flask, ids: Ids, client: FlaskClient
) -> None:
    path = link(app, ids)
    with app.app_context():
        match, office = db.session.get_one(Match, ids.match), db.session.get_one(User, ids.people["office_b"])
        make_acting(match, match.course_a.lecturer, office).act(Action.APPROVE, office)
        db.session.commit()
    for browser in (client, app.test_client()):
        assert "Open as Office" in browser.get(path).text
        assert browser.post(path).location == f"/matches/{ids.match}"
    # A person who is in already comes to the match, also when the link is spent.
    with app.app_context():
        match, office = db.session.get_one(Match, ids.match), db.session.get_one(User, ids.people["office_a"])
        make_acting(match, match.course_a.lecturer, office).act(Action.APPROVE, office)
        db.session.commit()
    assert client.get(path).location == f"/matches/{ids.match}"


def test_each_of_two_persons_has_a_link_for_their_own_step(scene: Scene) -> None:
    policy(scene, Side.A, chain=Chain.OFFICE_THEN_SECOND, second_title="the dean")
    dean = factories.user(
        "dean@hanu.example", Role.OFFICE, scene.office_a.institution, signs_for_office=False, signs_as_second=True
    )
    match, now = scene.go_to(State.ACCEPTED), datetime.now(UTC)

    def spent() -> list[bool]:
        people = (scene.office_a, dean)
        return [approval_links.read(approval_links.sign(one, match), match.id, now).is_spent for one in people]

    assert spent() == [False, True]
    scene.act(Action.ENDORSE, scene.office_a)
    assert spent() == [True, False]
    scene.act(Action.APPROVE, dean)
    assert spent() == [True, True]


def test_a_missing_paper_spends_no_link(scene: Scene) -> None:
    match = scene.go_to(State.ACCEPTED)
    policy(scene, Side.A, needs_agreement=True)
    token = approval_links.sign(scene.office_a, match)
    assert approval_links.read(token, match.id, datetime.now(UTC)).signs_in


def make_acting(match: Match, lecturer: User, office: User) -> Scene:
    """A scene around a match that is stored, for those who act in it."""
    return Scene(match, lecturer, lecturer, office, office, office, office, lecturer, office)


def test_a_person_who_is_no_office_has_no_link(context: Flask) -> None:
    scene = make_scene()
    for person in (scene.mai, scene.coordinator, scene.administrator):
        with pytest.raises(approval_links.BadLinkError):
            approval_links.read(approval_links.sign(person, scene.match), scene.match.id, datetime.now(UTC))
