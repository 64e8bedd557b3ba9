"""Nobody can take the next step of an approval: who hears of it, in words that are true, and what they can do."""

import pytest
from flask import Flask

from tests import factories
from tests.webapp.matches.approving import SignIn
from tests.webapp.matches.conftest import Scene, policy
from tests.webapp.matches.test_approval_mail import colleague, told
from tests.webapp.matches.test_views import decide, prepare, seen
from webapp.access import Role
from webapp.institutions.models import Chain
from webapp.matches.lifecycle import Action, Side, State


@pytest.mark.parametrize(("title", "named"), [("the dean", "the dean"), ("", "the second person")])
def test_a_missing_second_person_is_called_that_to_administrators_and_to_the_office(
    scene: Scene, title: str, named: str
) -> None:
    policy(scene, Side.A, chain=Chain.OFFICE_THEN_SECOND, second_title=title)
    lan = colleague(scene, "lan")
    scene.go_to(State.ACCEPTED)
    found = told(lambda: scene.act(Action.ENDORSE, scene.office_a))
    assert set(found) == {scene.administrator.email, lan.email}
    for part in (found[scene.administrator.email].text, found[scene.administrator.email].html):
        assert "A second person is missing" in part
        assert f"nobody there can take the second step: {named}." in part
        assert "Its office can name a colleague or invite somebody" in part
        assert "international office is missing" not in part
    for part in (found[lan.email].text, found[lan.email].html):
        assert f"a second person approves after that ({named}), and nobody else signs as second person." in part
        assert "/people/all?role=office" in part
        assert "Name a colleague who signs, or invite somebody." in part
    assert found[lan.email].subject.startswith("Nobody of your office can approve yet: Urban water")


def test_an_office_in_which_nobody_signs_is_not_called_missing(scene: Scene) -> None:
    scene.office_a.signs_for_office = False
    scene.act(Action.ACCEPT, scene.mai)
    found = told(lambda: scene.act(Action.ACCEPT, scene.rui))
    assert set(found) == {
        it.email for it in (scene.mai, scene.rui, scene.office_a, scene.office_b, scene.administrator)
    }
    administrators = found[scene.administrator.email]
    assert "nobody in the international office of Hanoi University signs for it." in administrators.text
    assert "verified account" not in administrators.text + administrators.html
    assert "and nobody signs for your office." in found[scene.office_a.email].text


def test_where_there_is_no_office_administrators_are_asked_to_invite_it(scene: Scene) -> None:
    scene.office_a.verified_at = None
    scene.act(Action.ACCEPT, scene.mai)
    found = told(lambda: scene.act(Action.ACCEPT, scene.rui))
    assert scene.office_a.email not in found
    for part in (found[scene.administrator.email].text, found[scene.administrator.email].html):
        assert "An international office is missing" in part
        assert "Please invite its international office" in part


@pytest.mark.parametrize("has_second", [True, False])
def test_the_page_says_that_somebody_was_asked_only_where_somebody_was(
    app: Flask, sign_in: SignIn, has_second: bool
) -> None:
    def stage(scene: Scene) -> None:
        policy(scene, Side.A, chain=Chain.OFFICE_THEN_SECOND, second_title="the dean")
        if has_second:
            factories.user("dean@hanu.example", Role.OFFICE, scene.office_a.institution, signs_as_second=True)
        scene.go_to(State.ACCEPTED)

    ids = prepare(app, stage)
    office = sign_in(ids.people["office_a"])
    assert decide(office, ids, "endorse", seen=seen(office, ids))[0] == 303
    page = office.get(f"/matches/{ids.match}").text
    assert ("We have asked the second person of your institution." in page) == has_second
    assert ("so nobody was asked: name a colleague or invite somebody." in page) == (not has_second)
    assert ('/people/all?role=office">Name a colleague or invite somebody' in page) == (not has_second)


def test_the_second_person_reads_what_the_institution_looks_at(scene: Scene) -> None:
    policy(scene, Side.A, chain=Chain.OFFICE_THEN_SECOND, asks="Is the credit <right>?")
    dean = colleague(scene, "dean", signs_as_second=True, signs_for_office=False)
    scene.go_to(State.ACCEPTED)
    mail = told(lambda: scene.act(Action.ENDORSE, scene.office_a))[dean.email]
    assert "What your institution looks at: Is the credit <right>?" in mail.text
    assert "What your institution looks at: Is the credit &lt;right&gt;?</p>" in mail.html
