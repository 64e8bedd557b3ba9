"""Starting, publishing, discarding and taking back: who may, what it leaves behind, and who is faster."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from config import Settings
from tests import factories
from tests.webapp.rounds.conftest import Market, make_draft
from webapp.access import Role
from webapp.accounts.models import User
from webapp.audit.models import AuditEvent
from webapp.db import db
from webapp.errors import NotAllowedError, WrongStateError
from webapp.mail.models import OutboxMessage
from webapp.matches import queries as match_queries
from webapp.matches.decisions import Limits, move
from webapp.matches.lifecycle import Action, State
from webapp.matches.models import Alternate, Match
from webapp.rounds import candidates, console, digest_jobs, queries
from webapp.rounds.models import DialChoice, DigestIssue, Round, RoundState


def coordinator_of(market: Market) -> User:
    """The coordinator of all."""
    return db.session.get_one(User, market.coordinator)


def published(settings: Settings, now: datetime, market: Market) -> Round:
    """A round that a coordinator published, with its digests promised."""
    draft = make_draft(settings, now, market.coordinator)
    console.publish(draft, coordinator_of(market), now, settings)
    db.session.commit()
    assert db.session.scalar(sa.select(sa.func.count(OutboxMessage.id)).where(OutboxMessage.promised_at == now)) == 0
    digest_jobs.run(now, lambda _said: None)
    return draft


def actions() -> list[str]:
    """What the audit log tells, in its order."""
    return list(db.session.scalars(sa.select(AuditEvent.action).order_by(AuditEvent.id)))


def test_only_coordinators_of_all_run_rounds(app: Flask, market: Market, settings: Settings, now: datetime) -> None:
    with app.app_context():
        of_vietnam = factories.user("viet@asem.example", Role.COORDINATOR, countries=["VN"])
        draft = make_draft(settings, now, market.coordinator)
        steps = (
            lambda: console.start(of_vietnam, now, settings),
            lambda: console.publish(draft, of_vietnam, now, settings),
            lambda: console.discard(draft, of_vietnam, now),
            lambda: console.stop(draft, of_vietnam, now),
            lambda: console.take_back(draft, of_vietnam, now, settings),
        )
        for step in steps:
            with pytest.raises(NotAllowedError):
                step()
        assert actions() == []


def test_a_second_round_is_refused_while_one_is_waiting(
    app: Flask, market: Market, settings: Settings, now: datetime
) -> None:
    with app.app_context():
        console.start(coordinator_of(market), now, settings)
        with pytest.raises(WrongStateError):
            console.start(coordinator_of(market), now, settings)
        assert actions() == ["rounds.start"]


def test_a_round_takes_the_newest_position_of_the_dial_and_names_who_chose_it(
    app: Flask, market: Market, settings: Settings, now: datetime
) -> None:
    with app.app_context():
        assert console.begin(now, settings, asked_by=None).balance == settings.balance
        for balance, hours in ((0.9, 1), (0.2, 2), (0.7, 0)):
            at = now + timedelta(hours=hours)
            db.session.add(DialChoice(balance=balance, by_id=market.coordinator, at=at))
        this_round = console.begin(now, settings, asked_by=None)
        assert (this_round.balance, this_round.dial_by_id) == (0.2, market.coordinator)


def test_stopping_is_for_rounds_under_way_and_discarding_for_drafts(
    app: Flask, market: Market, settings: Settings, now: datetime
) -> None:
    with app.app_context():
        begun = console.start(coordinator_of(market), now, settings)
        with pytest.raises(WrongStateError):
            console.discard(begun, coordinator_of(market), now)
        console.stop(begun, coordinator_of(market), now)
        assert begun.state is RoundState.DISCARDED
        draft = make_draft(settings, now, market.coordinator)
        with pytest.raises(WrongStateError):
            console.stop(draft, coordinator_of(market), now)
        assert draft.state is RoundState.DRAFT
        assert actions() == ["rounds.start", "rounds.stop"]


def test_a_discarded_draft_keeps_its_pairs_and_nothing_that_only_publishing_needs(
    app: Flask, market: Market, settings: Settings, now: datetime
) -> None:
    with app.app_context():
        draft = make_draft(settings, now, market.coordinator)
        console.discard(draft, coordinator_of(market), now)
        db.session.commit()
        assert (draft.state, draft.settled_by_id) == (RoundState.DISCARDED, market.coordinator)
        assert (draft.statistics, draft.frontier) == (None, None)
        assert draft.n_matches == 1
        with pytest.raises(WrongStateError):
            console.publish(draft, coordinator_of(market), now, settings)
        with pytest.raises(WrongStateError):
            console.discard(draft, coordinator_of(market), now)


def test_a_round_taken_back_before_mail_went_out_leaves_no_mail_and_a_free_week(
    app: Flask, market: Market, settings: Settings, now: datetime
) -> None:
    with app.app_context():
        this_round = published(settings, now, market)
        assert db.session.scalar(sa.select(sa.func.count(OutboxMessage.id))) == 4
        done = console.take_back(this_round, coordinator_of(market), now + timedelta(hours=1), settings)
        db.session.commit()
        assert done == console.TakenBack(n_told=0, n_withdrawn=4, is_cut_short=False)
        assert db.session.scalars(sa.select(OutboxMessage)).all() == []
        assert db.session.scalars(sa.select(DigestIssue)).all() == []
        assert (this_round.state, this_round.published_week) == (RoundState.TAKEN_BACK, None)
        match = db.session.scalars(sa.select(Match)).one()
        assert match.state is State.TAKEN_BACK
        assert queries.of_week("2026-W48") is None
        assert queries.latest() is None
        assert candidates.load(now).tried == frozenset()
        assert actions() == ["rounds.publish", "rounds.take_back"]


def test_whoever_has_read_of_a_proposal_is_told_that_it_was_taken_back(
    app: Flask, market: Market, settings: Settings, now: datetime
) -> None:
    with app.app_context():
        this_round = published(settings, now, market)
        to_mai = OutboxMessage.to_address == "mai@hanu.example"
        db.session.execute(sa.update(OutboxMessage).where(to_mai).values(sent_at=now))
        db.session.commit()
        done = console.take_back(this_round, coordinator_of(market), now + timedelta(hours=1), settings)
        assert done == console.TakenBack(n_told=1, n_withdrawn=3, is_cut_short=False)
        db.session.commit()
        mail = db.session.scalars(sa.select(OutboxMessage).where(OutboxMessage.sent_at.is_(None))).one()
        assert mail.to_address == "mai@hanu.example"
        assert mail.subject == "Taken back: Urban water with University of Lisbon"
        assert [issue.user_id for issue in db.session.scalars(sa.select(DigestIssue))] == [market.mai]


def test_offices_and_coordinators_whose_digest_was_sent_are_told_that_the_round_is_gone(
    app: Flask, market: Market, settings: Settings, now: datetime
) -> None:
    later = now + timedelta(hours=1)
    with app.app_context():
        lisbon = db.session.get_one(User, market.rui).institution
        others = (
            factories.user("late@ulisboa.example", Role.OFFICE, lisbon),
            factories.user("japan@asem.example", Role.COORDINATOR, countries=["JP"]),
        )
        portugal = factories.user("portugal@asem.example", Role.COORDINATOR, countries=["PT"])
        ines = factories.user("ines@asem.example", Role.COORDINATOR)
        this_round = published(settings, now, market)
        not_sent = OutboxMessage.to_address.in_([one.email for one in others])
        db.session.execute(sa.update(OutboxMessage).where(~not_sent).values(sent_at=now))
        db.session.commit()
        done = console.take_back(this_round, ines, later, settings)
        db.session.commit()
        mails = db.session.scalars(sa.select(OutboxMessage).where(OutboxMessage.promised_at == later)).all()
        by_address = {mail.to_address: mail for mail in mails}
        offices = {"office@hanu.example"}
        assert by_address.keys() == offices | {
            "mai@hanu.example", "rui@ulisboa.example", "coordinator@asem.example", portugal.email,
        }  # fmt: skip
        assert done.n_told == len(mails) == 5
        to_office = by_address["office@hanu.example"]
        assert to_office.subject == "The round of 23–29 Nov 2026 was taken back"
        match = db.session.scalars(sa.select(Match)).one()
        for text in (to_office.text, to_office.html):
            assert "“Urban water” (Hanoi University) and “Rivers and cities” (University of Lisbon)" in text
            assert f"/matches/{match.id}" in text
        to_coordinator = by_address[portugal.email]
        assert f"{ines.name} took back the matching round" in to_coordinator.text
        assert f"/rounds/{this_round.id}" in to_coordinator.text


def test_a_pair_taken_back_is_proposed_again_in_its_own_row_and_everybody_hears_of_it(
    app: Flask, market: Market, settings: Settings, now: datetime
) -> None:
    later = now + timedelta(hours=2)
    with app.app_context():
        first = published(settings, now, market)
        db.session.execute(sa.update(OutboxMessage).values(sent_at=now))
        console.take_back(first, coordinator_of(market), now + timedelta(hours=1), settings)
        db.session.commit()
        second = make_draft(settings, later, market.coordinator)
        console.publish(second, coordinator_of(market), later, settings)
        db.session.commit()
        digest_jobs.run(later, lambda _said: None)
        match = db.session.scalars(sa.select(Match)).one()
        assert (match.state, match.turn, match.round_id) == (State.PROPOSED, 2, second.id)
        assert (match.proposed_at, match.respond_by) == (later, later + timedelta(days=settings.respond_days))
        assert [(event.turn, event.action) for event in match.events] == [
            (1, Action.PROPOSE), (1, Action.TAKE_BACK), (2, Action.PROPOSE),
        ]  # fmt: skip
        digests = sa.select(OutboxMessage.to_address).where(
            OutboxMessage.sent_at.is_(None), OutboxMessage.key.startswith("digest:")
        )
        assert len(db.session.scalars(digests).all()) == 4
        assert second.published_week == "2026-W48"


def test_a_second_round_taken_back_before_its_mail_goes_leaves_the_digest_of_the_first_in_the_archive(
    app: Flask, market: Market, settings: Settings, now: datetime
) -> None:
    later = now + timedelta(hours=2)
    with app.app_context():
        first = published(settings, now, market)
        db.session.execute(sa.update(OutboxMessage).values(sent_at=now))
        console.take_back(first, coordinator_of(market), now + timedelta(hours=1), settings)
        db.session.commit()
        second = published(settings, later, market)
        assert db.session.query(DigestIssue).count() == 8
        console.take_back(second, coordinator_of(market), later + timedelta(hours=1), settings)
        db.session.commit()
        left = db.session.query(DigestIssue).all()
        assert [(issue.number, issue.made_at) for issue in left] == [(1, now)] * 4


@pytest.mark.parametrize("answer", [Action.ACCEPT, Action.MAYBE, Action.DECLINE])
def test_a_round_somebody_answered_is_not_taken_back(
    app: Flask, market: Market, settings: Settings, now: datetime, answer: Action
) -> None:
    with app.app_context():
        this_round = published(settings, now, market)
        match = db.session.scalars(sa.select(Match)).one()
        reason = "no_time" if answer is Action.DECLINE else ""
        mai = db.session.get_one(User, market.mai)
        move(match, answer, actor=mai, now=now, limits=Limits(respond=9, approve=21), reason=reason)
        db.session.commit()
        with pytest.raises(WrongStateError):
            console.take_back(this_round, coordinator_of(market), now, settings)
        db.session.rollback()
        assert db.session.get_one(Round, this_round.id).state is RoundState.PUBLISHED


def test_a_round_is_taken_back_once(app: Flask, market: Market, settings: Settings, now: datetime) -> None:
    with app.app_context():
        this_round = published(settings, now, market)
        console.take_back(this_round, coordinator_of(market), now, settings)
        db.session.commit()
        with pytest.raises(WrongStateError):
            console.take_back(this_round, coordinator_of(market), now, settings)


def test_alternates_of_drafts_and_of_rounds_taken_back_are_nobodys(app: Flask, market: Market, now: datetime) -> None:
    with app.app_context():
        for state in (RoundState.DRAFT, RoundState.TAKEN_BACK, RoundState.PUBLISHED):
            week = "2026-W48" if state is RoundState.PUBLISHED else None
            its_round = factories.round_("2026-W48", state=state, published_week=week)
            db.session.add(
                Alternate(
                    round_id=its_round.id, course_id=market.water, partner_id=market.rivers, rank=1,
                    score=0.5, confidence=0.5, explanation={},
                )
            )  # fmt: skip
        db.session.flush()
        assert [one.round_id for one in match_queries.alternates_of(market.water)] == [its_round.id]
        assert [one.round_id for one in match_queries.alternates_of(market.rivers)] == [its_round.id]
