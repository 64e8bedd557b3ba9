"""The demonstration shows a conversation once a round has proposed somebody, and loading it twice adds nothing."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from tests import factories
from tests.webapp.conversations.conftest import SLOTS
from webapp.conversations import queries
from webapp.conversations.models import Meeting, Message
from webapp.db import db
from webapp.demo import people, talk
from webapp.matches.lifecycle import State

pytestmark = pytest.mark.usefixtures("context")


def test_the_best_proposal_of_the_demonstration_gets_a_conversation_once(now: datetime) -> None:
    real = factories.pair(score=0.9, proposed_at=now - timedelta(hours=5))
    hanoi, lisbon = real.course_a.institution, real.course_b.institution
    cast = [factories.user(f"{name}@{people.DOMAIN}", at=at) for name, at in (("a", hanoi), ("b", lisbon))]
    courses = [factories.course(person, slots=SLOTS) for person in cast]
    at_round = factories.round_("2026-W49")
    shown = factories.match(*courses, at_round, proposed_at=now - timedelta(hours=5))
    n = talk.load(now)
    messages = db.session.scalars(sa.select(Message).order_by(Message.id)).all()
    assert len(messages) == n > 0
    assert {message.match_id for message in messages} == {shown.id}
    assert all(shown.proposed_at < message.sent_at < now for message in messages)
    assert [file.name for message in messages for file in message.attachments] == ["plan.csv"]
    assert [match.id for match, _n, _at in queries.unread_of(cast[0])] == [shown.id]
    (meeting,) = db.session.scalars(sa.select(Meeting))
    assert meeting.starts_at > now
    assert talk.load(now) == 0


def test_nobody_talks_before_the_first_round_or_after_the_end(now: datetime) -> None:
    assert talk.load(now) == 0
    match = factories.pair(state=State.DECLINED)
    for person in (match.course_a.lecturer, match.course_b.lecturer):
        person.email = f"{person.id}@{people.DOMAIN}"
    db.session.flush()
    assert talk.load(now) == 0
