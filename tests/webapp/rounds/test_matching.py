"""The weekly round finds pairs and proposes them, once a week."""

from collections.abc import Callable
from datetime import datetime, timedelta
from unittest.mock import ANY

import pytest
import sqlalchemy as sa
from flask import Flask

from config import Settings
from tests import factories
from tests.webapp.rounds.conftest import Market, n_rows, water_course
from webapp.db import db
from webapp.matches.lifecycle import Action, State
from webapp.matches.models import Alternate, Match
from webapp.rounds import matching
from webapp.rounds.models import LeftOut, Round, RoundState

RunRound = Callable[[datetime], list[str]]


def test_two_courses_that_fit_are_proposed_to_each_other(
    app: Flask, market: Market, run_round: RunRound, now: datetime, settings: Settings
) -> None:
    said = run_round(now)
    assert said[0] == "Open courses: 1 in Asia, 1 in Europe."
    assert said[-2:] == [
        "Round of week 2026-W48 published. Partnerships proposed: 1.",
        "Digests: 4 of 4 people looked at, 4 promised.",
    ]
    with app.app_context():
        match = db.session.scalars(sa.select(Match)).one()
        assert (match.course_a_id, match.course_b_id) == (market.water, market.rivers)
        assert match.state is State.PROPOSED
        assert match.respond_by == now + timedelta(days=settings.respond_days)
        assert match.score == pytest.approx(sum(share["share"] for share in match.explanation["shares"]))
        assert [event.action for event in match.events] == [Action.PROPOSE]
        this_round = db.session.get_one(Round, match.round_id)
        assert (this_round.week, this_round.n_courses_a, this_round.n_courses_b) == ("2026-W48", 1, 1)
        assert this_round.n_matches == 1
        assert (this_round.state, this_round.published_week) == (RoundState.PUBLISHED, "2026-W48")
        assert this_round.report["coverage_a"] == 1.0
        assert this_round.frontier is not None


def test_the_second_round_of_a_week_changes_nothing(app: Flask, market: Market, run_round: RunRound, now: datetime):
    run_round(now)
    with app.app_context():
        before = n_rows()
    assert run_round(now + timedelta(days=3)) == ["The round of week 2026-W48 has already run; nothing was done."]
    with app.app_context():
        assert n_rows() == before


def test_a_pair_is_not_proposed_again_in_the_next_week(app: Flask, market: Market, run_round: RunRound, now: datetime):
    run_round(now)
    with app.app_context():
        match = db.session.scalars(sa.select(Match)).one()
        db.session.execute(sa.update(Match).where(Match.id == match.id).values(state=State.EXPIRED))
        db.session.commit()
    run_round(now + timedelta(days=7))
    with app.app_context():
        assert n_rows() == {
            "rounds": 2, "matches": 1, "alternates": 0, "left_out_courses": 2, "outbox_messages": ANY
        }  # fmt: skip
        reasons = db.session.scalars(sa.select(LeftOut.reason)).all()
        assert {reason["code"] for reason in reasons} == {"left_out_already_tried"}


def test_a_round_with_nobody_says_so_and_is_recorded(app: Flask, run_round: RunRound, now: datetime) -> None:
    said = run_round(now)
    assert said[0] == "Open courses: 0 in Asia, 0 in Europe."
    assert said[-2:] == [
        "Round of week 2026-W48 published. Partnerships proposed: 0.",
        "Digests: 0 of 0 people looked at, 0 promised.",
    ]
    with app.app_context():
        assert n_rows() == {"rounds": 1, "matches": 0, "alternates": 0, "left_out_courses": 0, "outbox_messages": 0}


def test_the_next_best_partner_is_kept_with_its_explanation(
    app: Flask, market: Market, run_round: RunRound, now: datetime
) -> None:
    with app.app_context():
        porto = factories.institution("University of Porto", "PT")
        third = water_course(factories.user("ana@up.example", at=porto), "Water and cities of the Douro").id
        db.session.commit()
    run_round(now)
    with app.app_context():
        match = db.session.scalars(sa.select(Match)).one()
        kept = db.session.scalars(sa.select(Alternate).where(Alternate.course_id == market.water)).one()
        assert {match.course_b_id, kept.partner_id} == {market.rivers, third}
        assert kept.rank == 1
        assert kept.explanation["score"] == pytest.approx(kept.score, abs=1e-6)
        assert kept.confidence == pytest.approx(kept.explanation["confidence"])
        assert db.session.scalars(sa.select(LeftOut)).one().reason["code"] == "left_out_places_taken"


@pytest.mark.parametrize(
    ("instant", "week"),
    [(datetime(2026, 11, 23), "2026-W48"), (datetime(2027, 1, 1), "2026-W53"), (datetime(2027, 1, 4), "2027-W01")],
)
def test_weeks_are_iso_weeks(instant: datetime, week: str) -> None:
    assert matching.week_of(instant) == week
