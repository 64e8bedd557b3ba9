"""Who is written to, in which language and time zone, and what stays hidden."""

import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from tests import factories
from tests.webapp.matches.conftest import Scene
from tests.webapp.matches.samples import explanation
from webapp.accounts.models import User
from webapp.db import db
from webapp.mail.models import OutboxMessage
from webapp.matches.lifecycle import Action, State


def mails(scene: Scene, act: Callable[[], object]) -> dict[str, OutboxMessage]:
    """What an action promises, by receiver."""
    before = set(db.session.scalars(sa.select(OutboxMessage.id)))
    act()
    new = [row for row in db.session.scalars(sa.select(OutboxMessage)) if row.id not in before]
    found = {row.to_address: row for row in new}
    assert len(found) == len(new), "one message each"
    for row in new:
        assert f"/matches/{scene.match.id}" in row.text
        assert f"/matches/{scene.match.id}" in row.html
        assert not re.search(r"%\(|\{\{|None|<h1></h1>", row.subject + row.text + row.html)
    return found


def addresses(*people: User) -> set[str]:
    return {person.email for person in people}


def test_the_partner_hears_of_the_first_acceptance_without_name_or_address(scene: Scene) -> None:
    scene.match.explanation = explanation()
    found = mails(scene, lambda: scene.act(Action.ACCEPT, scene.mai))
    assert set(found) == addresses(scene.rui)
    mail = found[scene.rui.email]
    assert "Hanoi University has accepted" in mail.subject
    assert "Both courses speak of: river and flood." in mail.text
    for part in (mail.text, mail.html):
        assert scene.mai.email not in part
        assert scene.mai.name not in part


def test_when_both_accept_they_get_each_others_address_and_both_offices_are_asked(scene: Scene) -> None:
    scene.act(Action.ACCEPT, scene.mai)
    found = mails(scene, lambda: scene.act(Action.ACCEPT, scene.rui))
    assert set(found) == addresses(scene.mai, scene.rui, scene.office_a, scene.office_b)
    assert scene.rui.email in found[scene.mai.email].text
    assert scene.mai.email in found[scene.rui.email].html
    assert "Please approve" in found[scene.office_a.email].subject
    assert "University of Lisbon" in found[scene.office_a.email].subject


def test_administrators_hear_of_an_institution_without_an_office(scene: Scene) -> None:
    scene.office_b.verified_at = None
    scene.act(Action.ACCEPT, scene.mai)
    found = mails(scene, lambda: scene.act(Action.ACCEPT, scene.rui))
    assert set(found) == addresses(scene.mai, scene.rui, scene.office_a, scene.administrator)
    assert found[scene.administrator.email].subject == "Nobody at University of Lisbon can approve yet"


def test_an_administrator_hears_of_each_institution_without_an_office(scene: Scene) -> None:
    scene.office_a.closed_at = scene.office_b.verified_at = None
    scene.office_a.verified_at = None
    scene.act(Action.ACCEPT, scene.mai)
    scene.act(Action.ACCEPT, scene.rui)
    subjects = db.session.scalars(
        sa.select(OutboxMessage.subject).where(OutboxMessage.to_address == scene.administrator.email)
    )
    assert sorted(subjects) == [
        "Nobody at Hanoi University can approve yet",
        "Nobody at University of Lisbon can approve yet",
    ]


def test_the_first_approval_reaches_the_other_office_and_the_second_everyone(scene: Scene) -> None:
    scene.go_to(State.ACCEPTED)
    assert set(mails(scene, lambda: scene.act(Action.APPROVE, scene.office_a))) == addresses(scene.office_b)
    found = mails(scene, lambda: scene.act(Action.APPROVE, scene.office_b))
    assert set(found) == addresses(scene.mai, scene.rui, scene.office_a, scene.office_b)
    assert scene.mai.email in found[scene.rui.email].text


@pytest.mark.parametrize(
    ("state", "action", "by", "to"),
    [
        (State.PROPOSED, Action.DECLINE, "mai", {"rui"}),
        (State.PROPOSED, Action.WITHDRAW, "rui", {"mai"}),
        (State.PROPOSED, Action.EXPIRE, None, {"mai", "rui"}),
        (State.ACCEPTED, Action.DECLINE, "office_a", {"mai", "rui", "office_b"}),
        (State.ACCEPTED, Action.RETURN, "office_b", {"mai", "rui", "office_a"}),
        (State.ACCEPTED, Action.WITHDRAW, "mai", {"rui", "office_a", "office_b"}),
        (State.ACCEPTED, Action.EXPIRE, None, {"mai", "rui", "office_a", "office_b"}),
        (State.APPROVED, Action.WITHDRAW, "office_b", {"mai", "rui", "office_a"}),
        (State.APPROVED, Action.START, None, {"mai", "rui", "office_a", "office_b"}),
        (State.ACTIVE, Action.WITHDRAW, "rui", {"mai", "office_a", "office_b"}),
        (State.ACTIVE, Action.COMPLETE, None, {"mai", "rui", "office_a", "office_b"}),
    ],
)
def test_those_concerned_are_told_and_the_actor_is_not(
    scene: Scene, state: State, action: Action, by: str | None, to: set[str]
) -> None:
    scene.go_to(state)
    gives_reason = by is not None
    found = mails(
        scene,
        lambda: scene.act(
            action,
            getattr(scene, by) if by else None,
            "other" if gives_reason else "",
            "we have moved to <autumn>" if gives_reason else "",
        ),
    )
    assert set(found) == {getattr(scene, name).email for name in to}
    for mail in found.values():
        assert ("we have moved to <autumn>" in mail.text) == gives_reason
        assert ("&lt;autumn&gt;" in mail.html) == gives_reason
        why = "To be settled: Something else" if action is Action.RETURN else "Reason: Another reason"
        assert (why in mail.text) == gives_reason


def test_each_reads_their_own_language_and_clock(scene: Scene) -> None:
    scene.rui.language, scene.rui.time_zone = "fr", "Europe/Lisbon"
    found = mails(scene, lambda: scene.act(Action.ACCEPT, scene.mai))[scene.rui.email]
    assert '<html lang="fr"' in found.html
    # 2 December 2026, 9:00 UTC, the respond_by of the scene.
    assert all(part in found.text for part in ("mer. 2 déc. 2026", "09:00", "Lisbonne"))
    scene.mai.language, scene.mai.time_zone = "ja", "Asia/Tokyo"
    found = mails(scene, lambda: scene.act(Action.ACCEPT, scene.rui))[scene.mai.email]
    assert '<html lang="ja"' in found.html
    assert all(part in found.text for part in ("2026年12月14日(月)", "18:00", "東京"))


def test_a_closed_account_gets_no_mail(scene: Scene) -> None:
    scene.rui.closed_at = factories.AT
    assert mails(scene, lambda: scene.act(Action.ACCEPT, scene.mai)) == {}


def test_keys_are_of_one_match_turn_action_side_and_person(scene: Scene) -> None:
    scene.go_to(State.ACCEPTED)
    scene.act(Action.RETURN, scene.office_a, "details_missing", "Which credits?")
    scene.go_to(State.APPROVED)
    keys = list(db.session.scalars(sa.select(OutboxMessage.key)))
    assert len(keys) == len(set(keys))
    n = scene.match.id
    assert f"match:{n}:1:accept:a:{scene.rui.id}" in keys
    assert f"match:{n}:2:accept:a:{scene.rui.id}" in keys
    assert f"match:{n}:1:return:a:{scene.mai.id}" in keys
