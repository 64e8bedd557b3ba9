"""Several matches approved at once: the preview, the button, and what is sent by hand."""

import re

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.conftest import NOW
from tests.webapp.matches.approving import SignIn, many, more_matches, states
from tests.webapp.matches.conftest import Scene, make_scene, policy
from webapp.access import Role
from webapp.accounts.models import User
from webapp.db import db
from webapp.institutions.models import Chain
from webapp.mail.models import OutboxMessage
from webapp.matches import approval_bulk, plan_versions, sight
from webapp.matches.lifecycle import Action, Actor, Side, State
from webapp.matches.models import Match
from webapp.matches.people import Place

TICKED = re.compile(r'name="ticked" value="([^"]*)"')


def test_the_preview_says_of_each_what_would_happen_and_what_stands_in_the_way(app: Flask, sign_in: SignIn) -> None:
    def stage(scene: Scene, found: list[Match]) -> None:
        policy(scene, Side.A, needs_agreement=True)
        for match in found[:3]:
            partner = match.course_b.institution
            if not db.session.scalar(sa.text(f"select count(*) from partner_agreements where partner_id={partner.id}")):
                factories.agreement(scene.match.course_a.institution, partner)
        found[1].state = State.DECLINED
        found[2].course_b.institution = factories.institution("University of Ghent", "BE")

    office, *ids = many(app, 4, stage)
    client = sign_in(office)
    page = client.get("/approvals/preview?" + "&".join(f"match={n}" for n in [*ids, 4711])).text
    assert "2 of these can be approved now." in page
    assert page.count("You approve; University of Porto is still awaited.") == 1
    assert page.count("You approve; Paris School of Arts is still awaited.") == 1
    assert "This match does not wait for the offices at present." in page
    assert "there is none with University of Ghent" in page
    assert [value.split(":")[0] for value in TICKED.findall(page)] == [str(ids[0]), str(ids[3])]
    assert states(app, ids) == [False] * 4
    assert "Nothing is ticked" in client.get("/approvals/preview").text
    assert client.get("/approvals/preview?match=x&match=99999999999999&match=-1").status_code == 200


def test_one_button_approves_those_that_can_be_and_pressing_it_twice_changes_nothing_more(
    app: Flask, sign_in: SignIn
) -> None:
    office, *ids = many(app, 4)
    client = sign_in(office)
    page = client.get("/approvals/preview?" + "&".join(f"match={n}" for n in ids)).text
    ticked = TICKED.findall(page)
    with app.app_context():
        # Meanwhile one plan was changed, one match was returned, and a colleague approved a third.
        changed, returned, approved, _untouched = (db.session.get_one(Match, it) for it in ids)
        document = dict(plan_versions.ensure(changed, NOW).document) | {"sharing": "Names only"}
        plan_versions.add(changed, document, cause="edited", made_by=None, now=NOW)
        returned.state, returned.turn = State.PROPOSED, 2
        factories.acted(approved, Side.A, Action.APPROVE, db.session.get_one(User, office))
        db.session.commit()
    answer = client.post("/approvals/preview", data={"ticked": ticked})
    assert answer.status_code == 303
    after = client.get(answer.location).text
    assert "You approved 1 match." in after
    assert "2 matches were not approved; below stands why." in after
    assert after.count("This changed after you looked at it.") == 2
    assert states(app, ids) == [False, False, True, True]
    with app.app_context():
        n_mails = db.session.scalar(sa.select(sa.func.count(OutboxMessage.id)))
    answer = client.post("/approvals/preview", data={"ticked": [ticked[2], ticked[3]]})
    assert "There was nothing left to approve." in client.get(answer.location).text
    assert states(app, ids) == [False, False, True, True]
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count(OutboxMessage.id))) == n_mails


def test_what_is_sent_by_hand_approves_nothing_of_others(app: Flask, sign_in: SignIn) -> None:
    office, *ids = many(app, 1)
    with app.app_context():
        stranger = db.session.scalar(sa.select(User.id).where(User.email == "office@kyoto.example"))
        match = db.session.get_one(Match, ids[0])
        plan = plan_versions.current(match)
        assert plan is not None
        good = f"{ids[0]}:{sight.of(match, Place(Side.A, Actor.OFFICE), plan.sha256)}"
    assert stranger is not None
    for person, value in (
        (stranger, good),
        (office, f"{ids[0]}:1"),
        (office, f"{ids[0]}:x:y"),
        (office, good.replace(":accepted:", ":agreed:")),
        (office, good.replace(f"{ids[0]}:1:", f"{ids[0]}:²:")),
        (office, good[:-1]),
        (office, "::"),
        (office, "²:1:"),
    ):
        assert sign_in(person).post("/approvals/preview", data={"ticked": value}).status_code == 303
    assert states(app, ids) == [False]
    sign_in(office).post("/approvals/preview", data={"ticked": good})
    assert states(app, ids) == [True]


def test_several_at_once_are_endorsed_where_a_second_person_follows(app: Flask, sign_in: SignIn) -> None:
    def stage(scene: Scene, _found: list[Match]) -> None:
        policy(scene, Side.A, chain=Chain.OFFICE_THEN_SECOND, second_title="the dean")
        factories.user("dean@hanu.example", Role.OFFICE, scene.office_a.institution, signs_as_second=True)

    office, *ids = many(app, 2, stage)
    with app.app_context():
        dean = db.session.scalar(sa.select(User.id).where(User.email == "dean@hanu.example"))
    assert dean is not None
    query = "&".join(f"match={n}" for n in ids)
    first = "You approved 2 matches for the office; a second person of your institution approves after that."
    for person, words, approved in ((office, "then this person is asked: the dean.", False), (dean, "awaited.", True)):
        client = sign_in(person)
        page = client.get(f"/approvals/preview?{query}").text
        assert page.count(words) == 2
        answer = client.post("/approvals/preview", data={"ticked": TICKED.findall(page)})
        after = client.get(answer.location).text
        assert [it in after for it in (first, "You approved 2 matches.")] == [not approved, approved]
        assert states(app, ids) == [approved] * 2
        assert TICKED.findall(client.get(f"/approvals/preview?{query}").text) == []


def test_no_more_than_the_most_are_approved_at_once(context: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(approval_bulk, "MOST", 2)
    scene = make_scene()
    ids = [match.id for match in more_matches(scene, 3)]
    assert [one.match.id for one in approval_bulk.preview(ids, scene.office_a, NOW)] == ids[:2]
