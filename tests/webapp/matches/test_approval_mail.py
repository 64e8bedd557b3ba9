"""Who of an office is written to about an approval, in which words, and with which link."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from tests import factories
from tests.conftest import NOW
from tests.webapp.matches.conftest import LIMITS, Scene, policy
from webapp.access import Role
from webapp.accounts.models import User
from webapp.db import db
from webapp.institutions.models import Chain
from webapp.mail.models import OutboxMessage
from webapp.matches import approval_links, reminders
from webapp.matches.decisions import move
from webapp.matches.lifecycle import Action, Side, State

DAYS = reminders.Days(lecturers=(3, 6), offices=(7, 14))


def colleague(scene: Scene, name: str, **fields: object) -> User:
    """Another person of the office of side A."""
    return factories.user(f"{name}@hanu.example", Role.OFFICE, scene.office_a.institution, **fields)


def told(act: object) -> dict[str, OutboxMessage]:
    """What an action promised, by receiver; every link to a match opens it."""
    assert callable(act)
    before = set(db.session.scalars(sa.select(OutboxMessage.id)))
    act()
    new = [row for row in db.session.scalars(sa.select(OutboxMessage)) if row.id not in before]
    found = {row.to_address: row for row in new}
    assert len(found) == len(new)
    assert not any(re.search(r"%\(|\{\{|None", row.subject + row.text + row.html) for row in new)
    return found


def opened_by(scene: Scene, mail: OutboxMessage) -> User:
    """The person whom the link of a message signs in; the same in text and HTML."""
    links = {m[1] for part in (mail.text, mail.html) for m in re.finditer(r"/matches/\d+/open/([\w.-]+)", part)}
    assert len(links) == 1
    return approval_links.read(links.pop(), scene.match.id, NOW).user


def test_those_asked_get_a_link_of_their_own_and_nobody_else_does(scene: Scene) -> None:
    scene.act(Action.ACCEPT, scene.mai)
    found = told(lambda: scene.act(Action.ACCEPT, scene.rui))
    for office in (scene.office_a, scene.office_b):
        assert opened_by(scene, found[office.email]) == office
        assert "do not pass this message on" in found[office.email].text
    for lecturer in (scene.mai, scene.rui):
        assert "/open/" not in found[lecturer.email].text + found[lecturer.email].html


def test_a_stand_in_is_written_to_with_the_first_reminder_and_may_act_before(scene: Scene) -> None:
    stand_in = colleague(scene, "stand-in", is_stand_in=True)
    scene.act(Action.ACCEPT, scene.mai)
    assert stand_in.email not in told(lambda: scene.act(Action.ACCEPT, scene.rui))
    day = NOW + timedelta(days=7)
    assert reminders.due(day - timedelta(minutes=1), DAYS) == []
    found = told(lambda: reminders.remind(scene.match.id, day, DAYS))
    assert set(found) == {scene.office_a.email, scene.office_b.email, stand_in.email}
    assert opened_by(scene, found[stand_in.email]) == stand_in
    scene.act(Action.APPROVE, stand_in)
    # Having had a part in it, the stand-in hears how it ends.
    assert stand_in.email in told(lambda: scene.act(Action.WITHDRAW, scene.mai, "no_time"))


def test_a_stand_in_is_asked_at_once_where_there_is_nobody_else(scene: Scene) -> None:
    scene.office_a.is_stand_in = True
    scene.act(Action.ACCEPT, scene.mai)
    assert scene.office_a.email in told(lambda: scene.act(Action.ACCEPT, scene.rui))


def test_the_second_person_is_asked_after_the_first_and_reminded_alone(scene: Scene) -> None:
    policy(scene, Side.A, chain=Chain.OFFICE_THEN_SECOND, second_title="the dean")
    dean = colleague(scene, "dean", signs_as_second=True, signs_for_office=False)
    scene.act(Action.ACCEPT, scene.mai)
    assert dean.email not in told(lambda: scene.act(Action.ACCEPT, scene.rui))
    found = told(lambda: scene.act(Action.ENDORSE, scene.office_a))
    assert set(found) == {dean.email}
    assert found[dean.email].subject == "Your approval as the dean: Urban water with University of Lisbon"
    assert f"{scene.office_a.name} has approved for your office" in found[dean.email].text
    assert opened_by(scene, found[dean.email]) == dean
    found = told(lambda: reminders.remind(scene.match.id, NOW + timedelta(days=7), DAYS))
    assert set(found) == {dean.email, scene.office_b.email}
    found = told(lambda: scene.act(Action.APPROVE, scene.office_b))
    assert set(found) == {dean.email}


def test_administrators_hear_that_nobody_can_take_the_second_step(scene: Scene) -> None:
    policy(scene, Side.A, chain=Chain.OFFICE_THEN_SECOND, second_title="the dean")
    scene.go_to(State.ACCEPTED)
    assert set(told(lambda: scene.act(Action.ENDORSE, scene.office_a))) == {scene.administrator.email}


def test_what_the_institution_asks_and_what_is_missing_stands_in_the_message(scene: Scene) -> None:
    policy(scene, Side.A, needs_agreement=True, asks="Is the credit <right>?")
    scene.act(Action.ACCEPT, scene.mai)
    found = told(lambda: scene.act(Action.ACCEPT, scene.rui))
    mail = found[scene.office_a.email]
    assert "What your institution looks at: Is the credit <right>?" in mail.text
    assert "Is the credit &lt;right&gt;?" in mail.html
    for part in (mail.text, mail.html):
        assert "there is none with University of Lisbon" in part
    assert "agreement" not in found[scene.office_b.email].text


def test_an_institution_that_asks_nobody_is_not_asked(scene: Scene) -> None:
    policy(scene, Side.A, chain=Chain.NONE)
    scene.act(Action.ACCEPT, scene.mai)
    found = told(lambda: scene.act(Action.ACCEPT, scene.rui))
    assert set(found) == {scene.mai.email, scene.rui.email, scene.office_b.email}
    assert "so only your approval is needed." in found[scene.office_b.email].text


def test_where_neither_asks_anybody_all_hear_that_it_is_approved(scene: Scene) -> None:
    for side in Side:
        policy(scene, side, chain=Chain.NONE)
    scene.act(Action.ACCEPT, scene.mai)
    found = told(lambda: scene.act(Action.ACCEPT, scene.rui))
    assert set(found) == {it.email for it in (scene.mai, scene.rui, scene.office_a, scene.office_b)}
    assert scene.rui.email in found[scene.mai.email].text


@pytest.mark.parametrize("by", ["mai", None])
def test_a_change_is_told_to_each_in_their_language_with_what_changed(scene: Scene, by: str | None) -> None:
    scene.office_b.language = "fr"
    scene.go_to(State.APPROVED)
    actor = getattr(scene, by) if by else None
    changes = [_l("Declined"), "Weeks: 10 instead of 8 <of 12>."]
    found = told(lambda: move(scene.match, Action.CHANGE, actor=actor, now=NOW, limits=LIMITS, changes=changes))
    lecturers = {scene.rui.email} | ({scene.mai.email} if by is None else set())
    assert set(found) == lecturers | {scene.office_a.email, scene.office_b.email}
    assert "* Declined\n* Weeks: 10 instead of 8 <of 12>." in found[scene.office_a.email].text
    assert "Weeks: 10 instead of 8 &lt;of 12" in found[scene.office_a.email].html
    assert "* Décliné" in found[scene.office_b.email].text
    assert opened_by(scene, found[scene.office_b.email]) == scene.office_b
    assert "You need not accept again." in found[scene.rui.email].text
    again = told(lambda: scene.act(Action.APPROVE, scene.office_a))
    assert set(again) == {scene.office_b.email}


def test_lecturers_hear_that_a_proposal_was_taken_back(scene: Scene) -> None:
    found = told(lambda: scene.act(Action.TAKE_BACK, scene.coordinator))
    assert set(found) == {scene.mai.email, scene.rui.email}
    assert found[scene.mai.email].subject == "Taken back: Urban water with University of Lisbon"
    assert scene.rui.email not in found[scene.mai.email].text
