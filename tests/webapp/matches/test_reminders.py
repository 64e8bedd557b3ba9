"""Silence and second thoughts with a moved clock: who is reminded on which day, and what comes after the last."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from config import Settings
from tests import factories
from tests.conftest import NOW
from tests.webapp.matches.conftest import LIMITS, Scene, make_scene
from tests.webapp.matches.samples import explanation
from webapp.db import db
from webapp.jobs import run_deadlines
from webapp.mail.models import OutboxMessage
from webapp.matches import reminders
from webapp.matches.decisions import move
from webapp.matches.lifecycle import Action, State
from webapp.matches.models import Match
from webapp.matches.proposals import keep_alternate

DAYS = reminders.Days(lecturers=(3, 6), offices=(7, 14))
MINUTE = timedelta(minutes=1)


def at(day: float) -> datetime:
    """An instant so many days after the proposal."""
    return NOW + timedelta(days=day)


def told(now: datetime) -> list[tuple[str, str]]:
    """Receivers and subjects of what was promised at an instant."""
    rows = sa.select(OutboxMessage.to_address, OutboxMessage.subject).where(OutboxMessage.promised_at == now)
    return sorted(db.session.execute(rows.order_by(OutboxMessage.id)).tuples().all())


def remind(scene: Scene, now: datetime) -> list[str]:
    """Do what the job does for one match, and give who was written to."""
    if reminders.due(now, DAYS):
        reminders.remind(scene.match.id, now, DAYS)
    return [address for address, _subject in told(now)]


def test_silence_is_reminded_on_the_third_and_the_sixth_day(scene: Scene) -> None:
    both = [scene.mai.email, scene.rui.email]
    assert remind(scene, at(3) - MINUTE) == []
    assert remind(scene, at(3)) == both
    assert remind(scene, at(3) + MINUTE) == []
    assert remind(scene, at(6) - MINUTE) == []
    assert remind(scene, at(6)) == both
    assert remind(scene, at(9) - MINUTE) == []
    assert remind(scene, at(9)) == []


def test_who_has_answered_is_left_in_peace_and_the_other_learns_of_it(scene: Scene) -> None:
    scene.act(Action.ACCEPT, scene.mai)
    assert remind(scene, at(3)) == [scene.rui.email]
    text = db.session.scalar(sa.select(OutboxMessage.text).where(OutboxMessage.promised_at == at(3)))
    assert text is not None
    assert "The lecturer on the other side has accepted." in text
    assert f"/matches/{scene.match.id}" in text
    assert scene.mai.email not in text


def test_only_the_last_of_several_missed_reminders_is_sent(scene: Scene) -> None:
    assert len(remind(scene, at(7))) == 2
    assert remind(scene, at(7) + MINUTE) == []


def test_after_a_maybe_its_side_is_asked_on_the_seventh_day_and_not_before(scene: Scene) -> None:
    move(scene.match, Action.MAYBE, actor=scene.mai, now=at(2), limits=LIMITS)
    assert remind(scene, at(3)) == [scene.rui.email]
    assert remind(scene, at(6)) == [scene.rui.email]
    assert remind(scene, at(9) - MINUTE) == []
    assert remind(scene, at(9)) == [scene.mai.email]
    assert told(at(9))[0][1] == "The week is over: will you work with University of Lisbon?"
    assert remind(scene, at(10)) == []
    assert scene.match.respond_by == at(11)


def test_offices_are_reminded_on_the_seventh_and_the_fourteenth_day(scene: Scene) -> None:
    scene.go_to(State.ACCEPTED)
    assert remind(scene, at(7) - MINUTE) == []
    assert remind(scene, at(7)) == [scene.office_a.email, scene.office_b.email]
    move(scene.match, Action.APPROVE, actor=scene.office_a, now=at(8), limits=LIMITS)
    assert remind(scene, at(14)) == [scene.office_b.email]
    assert told(at(14))[0][1] == "Still waiting for your approval: Rivers and cities with Hanoi University"
    assert remind(scene, at(20)) == []


def test_a_returned_match_counts_its_days_anew(scene: Scene) -> None:
    scene.go_to(State.ACCEPTED)
    move(
        scene.match,
        Action.RETURN,
        actor=scene.office_a,
        now=at(10),
        limits=LIMITS,
        reason="details_missing",
        note="Which credits?",
    )
    assert remind(scene, at(13) - MINUTE) == []
    assert remind(scene, at(13)) == [scene.mai.email, scene.rui.email]


@pytest.mark.parametrize("gone", [4711, None])
def test_a_match_that_is_gone_or_decided_meanwhile_reminds_nobody(scene: Scene, gone: int | None) -> None:
    scene.act(Action.DECLINE, scene.mai, "topic")
    assert reminders.due(at(3), DAYS) == []
    assert reminders.remind(gone or scene.match.id, at(3), DAYS) == 0


def test_a_closed_account_is_not_reminded(scene: Scene) -> None:
    scene.mai.closed_at = NOW
    assert remind(scene, at(3)) == [scene.rui.email]


def test_silence_ends_with_expiry_and_an_alternate_and_both_sides_are_told(app: Flask, settings: Settings) -> None:
    with app.app_context():
        scene = make_scene()
        porto = factories.user("ines@up.example", at=factories.institution("University of Porto", "PT"))
        spare = factories.course(porto, "Rain and roofs")
        keep_alternate(
            scene.match.course_a,
            spare,
            round_id=scene.match.round_id or 0,
            rank=1,
            score=0.6,
            confidence=0.7,
            explanation=explanation(),
        )
        match_id, mai, rui = scene.match.id, scene.mai.email, scene.rui.email
        db.session.commit()
    said: list[str] = []
    by_day: dict[int, list[tuple[str, str]]] = {}
    with app.app_context():
        for day in range(10):
            for hour in (0, 1):
                run_deadlines(settings, at(day) + timedelta(hours=hour), said.append)
                found = told(at(day) + timedelta(hours=hour))
                assert not (hour and found), "told once"
                by_day[day] = by_day.get(day, []) + found
        old, new = db.session.scalars(sa.select(Match).order_by(Match.id)).all()
        assert (old.id, old.state) == (match_id, State.EXPIRED)
        assert (new.state, new.is_alternate, new.course_b.title) == (State.PROPOSED, True, "Rain and roofs")
        assert new.respond_by == at(18)
    assert [day for day, mails in by_day.items() if mails] == [3, 6, 9]
    assert [to for to, _subject in by_day[3]] == [to for to, _subject in by_day[6]] == [mai, rui]
    assert [to for to, _subject in by_day[9]] == ["ines@up.example", mai, mai, rui]
    assert "Reminders promised: 2." in said
