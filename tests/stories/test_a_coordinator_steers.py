"""A coordinator turns the dial on the demonstration, sees what it costs, keeps two courses together, publishes, and
takes the round back."""

import re
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa

from tests.stories.cast import PASSWORD, sign_in, tick
from tests.stories.staging import Stage, Visitor
from webapp.db import db
from webapp.demo import loading
from webapp.demo.people import COORDINATOR
from webapp.mail.models import OutboxMessage
from webapp.matches.lifecycle import State
from webapp.matches.models import Alternate, Match
from webapp.rounds.models import Round, RoundPair


def stage_the_demonstration(stage: Stage) -> None:
    """Load the demonstration, with the dial at zero."""
    settings = stage.app.config["SETTINGS"]
    stage.app.config["SETTINGS"] = settings.model_copy(update={"balance": 0.0})
    with stage.app.app_context():
        loading.load(datetime.now(UTC), PASSWORD)
        db.session.commit()


def computed(stage: Stage, noor: Visitor) -> str:
    """Let the scheduler compute the round that was asked for, and open the draft; its address."""
    assert "/rounds/" in noor.address, noor.text[:400]
    tick(stage, "rounds")
    noor.open(noor.address)
    assert "Nobody has been told of these pairs yet." in noor.text
    return noor.address


def number(address: str) -> int:
    """The number of a round in its address."""
    return int(address.rpartition("/")[2])


def a_pair_left_aside(stage: Stage, round_id: int) -> tuple[int, str, int, str]:
    """An Asian and a European course that may be paired and were not, with their titles."""
    with stage.app.app_context():
        made = {
            frozenset(pair)
            for pair in db.session.execute(
                sa.select(RoundPair.course_a_id, RoundPair.course_b_id).where(RoundPair.round_id == round_id)
            ).tuples()
        }
        kept = db.session.scalars(
            sa.select(Alternate).where(Alternate.round_id == round_id).order_by(Alternate.score.desc(), Alternate.id)
        )
        for one in kept:
            pair = sorted((one.course, one.partner), key=lambda course: course.institution.region)
            if frozenset((one.course_id, one.partner_id)) not in made:
                return pair[0].id, pair[0].title, pair[1].id, pair[1].title
    raise AssertionError("every possible pair was made")


@pytest.mark.parametrize("stage", ["desk"], indirect=True)
def test_a_coordinator_turns_the_dial_keeps_a_pair_publishes_and_takes_back(stage: Stage) -> None:
    stage_the_demonstration(stage)
    noor = sign_in(stage.visitor("en"), COORDINATOR)
    first = computed(stage, noor.open("/rounds").send("/rounds"))

    # What would half of the way to balance change?
    noor.open(f"{first}/dial")
    assert "This is the position of this round." in noor.text
    noor.open(f"{first}/dial?at=0.5")
    cost = re.search(r"(\d+(?:\.\d+)?)% less fit", noor.text)
    assert cost, noor.text[:1500]
    assert 0 < float(cost[1]) < 50
    assert "European courses have a partner" in noor.text
    noor.send("/dial", {"note": "Agreed in the network's meeting."}, holding="0.5")
    assert "Agreed in the network's meeting." in noor.text
    assert "Demo coordinator" in noor.text
    second = computed(stage, noor.open(f"{first}/dial?at=0.5").send("/dial/again"))

    # The draft at 0.5 gave up what the dial said; now two courses are kept together.
    with stage.app.app_context():
        drafts = {row.id: row for row in db.session.scalars(sa.select(Round))}
        before, after = drafts[number(first)], drafts[number(second)]
        assert (before.balance, after.balance) == (0.0, 0.5)
        assert after.report["price"] == pytest.approx(float(cost[1]) / 100, abs=0.0006)
    a_id, a_title, b_id, b_title = a_pair_left_aside(stage, number(second))
    noor.open(f"/rounds/decisions/new?{urlencode({'asia': a_title, 'europe': b_title})}")
    noor.send(
        "/decisions/pairs",
        {"asia_id": a_id, "europe_id": b_id, "note": "They met at a conference."},
        button=("kind", "lock"),
    )
    assert "They met at a conference." in noor.open("/rounds/decisions").text
    third = computed(stage, noor.open(second).send("/again"))
    with stage.app.app_context():
        pair = sa.select(RoundPair).where(
            RoundPair.round_id == number(third), RoundPair.course_a_id == a_id, RoundPair.course_b_id == b_id
        )
        assert db.session.scalars(pair).one().is_locked
    noor.open(f"{third}/compare")
    assert a_title in noor.text

    # Published: everybody hears of it. Taken back: nobody has answered, so nothing stands any longer.
    noor.open(f"{third}/publish").send("/publish")
    assert "No digest is promised yet" in noor.text
    tick(stage, "rounds")
    assert "digests were promised." in noor.open(third).text
    with stage.app.app_context():
        n_matches = len(db.session.scalars(sa.select(Match).where(Match.state == State.PROPOSED)).all())
        assert n_matches == db.session.get_one(Round, number(third)).n_matches > 0
        n_promised = len(db.session.scalars(sa.select(OutboxMessage).where(OutboxMessage.key.like("digest:%"))).all())
        assert n_promised > n_matches
    noor.open(third).send("/take-back")
    assert "Taken back" in noor.text
    assert f"{n_promised} digests that had not been sent are withdrawn." in noor.text
    with stage.app.app_context():
        assert {match.state for match in db.session.scalars(sa.select(Match))} == {State.TAKEN_BACK}
        waiting = sa.select(OutboxMessage).where(OutboxMessage.key.like("digest:%"), OutboxMessage.sent_at.is_(None))
        assert db.session.scalars(waiting).all() == []
    # The week is free again.
    assert "Start a round now" in noor.open("/rounds").text
