"""Whether somebody can take each step an institution's policy asks for, and where it is said that nobody can."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.webapp.matches.conftest import Scene, make_scene, policy
from tests.webapp.matches.test_views import Ids, prepare
from webapp.access import Role
from webapp.accounts import queries as accounts
from webapp.accounts.models import User
from webapp.db import db
from webapp.institutions import signers
from webapp.institutions.models import ApprovalPolicy, Chain
from webapp.institutions.signers import Gap
from webapp.matches.lifecycle import Action, Side, State

SignIn = Callable[[int], FlaskClient]
NO_SECOND = "asks for a second person (the dean), but nobody signs as second person"
FIRST, SECOND = {"signs_for_office": True}, {"signs_for_office": False, "signs_as_second": True}
BOTH: dict[str, Any] = {"signs_for_office": True, "signs_as_second": True}
NEITHER = {"signs_for_office": False}


@pytest.mark.parametrize(
    ("chain", "people", "missing"),
    [
        (Chain.NONE, [], None),
        (Chain.OFFICE, [], Gap.NO_FIRST),
        (Chain.OFFICE, [SECOND, NEITHER], Gap.NO_FIRST),
        (Chain.OFFICE, [FIRST], None),
        (Chain.OFFICE_THEN_SECOND, [SECOND], Gap.NO_FIRST),
        (Chain.OFFICE_THEN_SECOND, [FIRST, FIRST], Gap.NO_SECOND),
        (Chain.OFFICE_THEN_SECOND, [BOTH], Gap.SAME_PERSON),
        (Chain.OFFICE_THEN_SECOND, [BOTH, NEITHER], Gap.SAME_PERSON),
        (Chain.OFFICE_THEN_SECOND, [BOTH, FIRST], None),
        (Chain.OFFICE_THEN_SECOND, [BOTH, SECOND], None),
        (Chain.OFFICE_THEN_SECOND, [FIRST, SECOND], None),
        (Chain.OFFICE_THEN_SECOND, [FIRST, SECOND | {"verified_at": None}], Gap.NO_SECOND),
        (Chain.OFFICE_THEN_SECOND, [FIRST, SECOND | {"closed_at": factories.AT}], Gap.NO_SECOND),
        (Chain.OFFICE_THEN_SECOND, [FIRST, SECOND | {"confirmed_at": None}], Gap.NO_SECOND),
        (Chain.OFFICE_THEN_SECOND, [FIRST, SECOND | {"role": Role.LECTURER}], Gap.NO_SECOND),
    ],
)
def test_a_step_without_anybody_to_take_it_is_found(
    context: Flask, chain: Chain, people: list[dict[str, Any]], missing: Gap | None
) -> None:
    hanoi = factories.institution()
    for n, fields in enumerate(people):
        factories.user(f"p{n}@hanu.example", **({"role": Role.OFFICE, "at": hanoi} | fields))
    elsewhere = factories.institution("Kyoto University", "JP")
    factories.user("office@kyoto.example", Role.OFFICE, elsewhere, signs_as_second=True)
    rule = ApprovalPolicy(institution_id=hanoi.id, chain=chain, second_title="the dean", changed_at=factories.AT)
    db.session.add(rule)
    db.session.flush()
    assert signers.gap(rule, accounts.offices_of(hanoi.id)) is missing
    said = signers.warning(hanoi)
    assert said == (signers.gap_words(missing, rule, "Hanoi University") if missing else "")


def test_the_warning_counts_what_waits(context: Flask) -> None:
    scene = make_scene()
    policy(scene, Side.A, chain=Chain.OFFICE_THEN_SECOND, second_title="the dean")
    house, other = scene.match.course_a.institution, scene.match.course_b.institution
    assert "wait" not in signers.warning(house)
    scene.go_to(State.ACCEPTED)
    assert signers.warning(house).endswith("1 match waits for its approval now.")
    scene.act(Action.ENDORSE, scene.office_a)
    assert (signers.n_waiting(house.id), signers.n_waiting(other.id)) == (1, 1)
    scene.act(Action.APPROVE, scene.office_b)
    assert (signers.n_waiting(house.id), signers.n_waiting(other.id)) == (1, 0)


def with_second(scene: Scene, *steps: tuple[Action, str]) -> None:
    """Hanoi asks for the dean, and nobody is it."""
    policy(scene, Side.A, chain=Chain.OFFICE_THEN_SECOND, second_title="the dean")
    scene.go_to(State.ACCEPTED)
    for action, name in steps:
        scene.act(action, getattr(scene, name))


@pytest.fixture
def ids(app: Flask) -> Ids:
    return prepare(app, with_second)


def hanoi_of(app: Flask, ids: Ids) -> int:
    with app.app_context():
        return db.session.get_one(User, ids.people["office_a"]).institution_id or 0


def test_the_pages_that_lead_there_say_it_with_a_link(app: Flask, ids: Ids, sign_in: SignIn) -> None:
    hanoi = hanoi_of(app, ids)
    office, root = sign_in(ids.people["office_a"]), sign_in(ids.people["administrator"])
    for path in (f"/institutions/{hanoi}/policy", "/people/all", f"/matches/{ids.match}"):
        assert NO_SECOND in office.get(path).text, path
    assert 'href="/people/all?role=office"' in office.get(f"/institutions/{hanoi}/policy").text
    assert f'href="/institutions/{hanoi}/policy"' in office.get("/people/all").text
    page = root.get(f"/institutions/{hanoi}/policy").text
    assert NO_SECOND in page
    assert 'href="/people/all?role=office&amp;q=Hanoi+University"' in page
    assert "asks for a second person" not in root.get("/people/all").text
    for name in ("office_b", "mai"):
        assert "asks for a second person" not in sign_in(ids.people[name]).get(f"/matches/{ids.match}").text
    with app.app_context():
        hanu = db.session.get_one(User, ids.people["office_a"]).institution
        factories.user("dean@hanu.example", Role.OFFICE, hanu, signs_as_second=True)
        db.session.commit()
    for path in (f"/institutions/{hanoi}/policy", "/people/all", f"/matches/{ids.match}"):
        assert "asks for a second person" not in office.get(path).text, path


def test_saving_such_a_policy_says_it_at_once(app: Flask, ids: Ids, sign_in: SignIn) -> None:
    path = f"/institutions/{hanoi_of(app, ids)}/policy"
    office = sign_in(ids.people["office_a"])
    office.post(path, data={"chain": "office"})
    assert "asks for a second person" not in office.get(path).text
    data = {"chain": "office_then_second", "second_title": "the dean"}
    page = office.post(path, data=data, follow_redirects=True).text
    assert f"{NO_SECOND}: a match stops once the office has approved it. 1 match waits for its approval now." in page


def test_after_the_first_step_nobody_is_left_for_the_second(app: Flask, sign_in: SignIn) -> None:
    ids = prepare(app, lambda scene: with_second(scene, (Action.ENDORSE, "office_a")))
    page = sign_in(ids.people["office_a"]).get(f"/matches/{ids.match}").text
    assert (
        "Nobody can take this step: nobody besides the one who approved for the office signs as second person." in page
    )


def test_without_anybody_who_signs_those_who_look_read_that_nobody_can(app: Flask, sign_in: SignIn) -> None:
    def stage(scene: Scene) -> None:
        scene.go_to(State.ACCEPTED)
        scene.office_a.signs_for_office = False

    ids = prepare(app, stage)
    page = sign_in(ids.people["office_a"]).get(f"/matches/{ids.match}").text
    assert "Nobody can take this step: Nobody at Hanoi University signs for the office" in page


def test_the_only_second_person_is_warned_before_they_take_the_first_step(app: Flask, sign_in: SignIn) -> None:
    def stage(scene: Scene) -> None:
        with_second(scene)
        scene.office_a.signs_as_second = True
        factories.user("lan@hanu.example", Role.OFFICE, scene.office_a.institution)

    ids = prepare(app, stage)
    page = sign_in(ids.people["office_a"]).get(f"/matches/{ids.match}").text
    assert "You are the only one who signs as second person, and nobody takes both steps." in page


@pytest.mark.parametrize("who", ["office_a", "administrator"])
def test_taking_the_last_right_to_sign_away_is_said(app: Flask, sign_in: SignIn, who: str) -> None:
    ids = prepare(app, with_second)
    with app.app_context():
        hanu = db.session.get_one(User, ids.people["office_a"]).institution
        dean = factories.user("dean@hanu.example", Role.OFFICE, hanu, signs_as_second=True).id
        db.session.commit()
    client = sign_in(ids.people[who])
    kept = client.post(f"/people/{dean}/signing", data={"signs_as_second": "y"}, follow_redirects=True).text
    assert "asks for a second person" not in kept
    page = client.post(f"/people/{dean}/signing", data={"signs_for_office": "y"}, follow_redirects=True).text
    assert NO_SECOND in page
    assert "1 match waits for its approval now." in page


def test_another_role_for_the_last_second_person_is_said_too(app: Flask, ids: Ids, sign_in: SignIn) -> None:
    with app.app_context():
        hanu = db.session.get_one(User, ids.people["office_a"]).institution
        dean = factories.user("dean@hanu.example", Role.OFFICE, hanu, signs_as_second=True).id
        db.session.commit()
    data = {"role": "lecturer", "institution": "Hanoi University"}
    root = sign_in(ids.people["administrator"])
    assert NO_SECOND in root.post(f"/people/{dean}/role", data=data, follow_redirects=True).text
