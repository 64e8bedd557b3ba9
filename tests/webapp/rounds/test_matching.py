"""The weekly round writes everything or nothing, once a week, and nothing that is no longer true."""

from collections.abc import Callable
from datetime import datetime, timedelta
from unittest.mock import ANY

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError

from config import Settings
from tests import factories
from tests.webapp.rounds.conftest import Market, water_course
from webapp import jobs
from webapp.db import db
from webapp.mail.models import OutboxMessage
from webapp.matches.lifecycle import Action, State
from webapp.matches.models import Alternate, Match
from webapp.profiles.models import CourseProfile, CourseState
from webapp.rounds import candidates, digest, matching
from webapp.rounds.models import LeftOut, Round

RunRound = Callable[[datetime], list[str]]
WRITTEN = (Round, Match, Alternate, LeftOut, OutboxMessage)


def n_rows() -> dict[str, int]:
    """How many rows each table a round writes to has."""
    return {
        table.__tablename__: db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0 for table in WRITTEN
    }


def test_two_courses_that_fit_are_proposed_to_each_other(
    app: Flask, market: Market, run_round: RunRound, now: datetime, settings: Settings
) -> None:
    said = run_round(now)
    assert said[0] == "Open courses: 1 in Asia, 1 in Europe."
    assert said[-1] == "Round of week 2026-W48 published. Partnerships proposed: 1."
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
        assert this_round.report["coverage_a"] == 1.0


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
    assert said[-1] == "Round of week 2026-W48 published. Partnerships proposed: 0."
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
    "change", [{"state": CourseState.PAUSED}, {"students": 26}, {"state": CourseState.WITHDRAWN}], ids=str
)
def test_a_course_that_changed_while_the_round_computed_is_left_away(
    app: Flask, market: Market, settings: Settings, now: datetime, change: dict[str, object]
) -> None:
    with app.app_context():
        computed = matching.compute(candidates.load(now), now, settings, print)
        db.session.rollback()
        assert len(computed.proposals.pairs) == 1
        course = db.session.get_one(CourseProfile, market.rivers)
        for name, value in change.items():
            setattr(course, name, value)
        db.session.commit()
        this_round = matching.publish(computed, now, settings)
        db.session.commit()
        assert this_round.n_matches == 0
        assert n_rows()["matches"] == n_rows()["alternates"] == n_rows()["outbox_messages"] == 0


def test_a_pair_that_was_matched_while_the_round_computed_is_left_away(
    app: Flask, market: Market, settings: Settings, now: datetime
) -> None:
    with app.app_context():
        computed = matching.compute(candidates.load(now), now, settings, print)
        db.session.rollback()
        courses = [db.session.get_one(CourseProfile, each) for each in (market.water, market.rivers)]
        factories.match(*courses, factories.round_("2026-W40"))
        db.session.commit()
        assert matching.publish(computed, now, settings).n_matches == 0


def test_no_table_is_held_while_the_round_computes(
    app: Flask, market: Market, run_round: RunRound, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    compute = matching.compute

    def compute_and_write(*arguments: object) -> object:
        with app.app_context():
            db.session.get_one(CourseProfile, market.rivers).students = 30
            db.session.commit()
        return compute(*arguments)

    monkeypatch.setattr(matching, "compute", compute_and_write)
    assert run_round(now)[-1] == "Round of week 2026-W48 published. Partnerships proposed: 0."


def test_a_failure_at_the_very_end_leaves_nothing_behind(
    app: Flask, market: Market, run_round: RunRound, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    promise_all = digest.promise_all

    def fail(*arguments: object) -> int:
        promise_all(*arguments)
        db.session.flush()
        raise RuntimeError("the machine is on fire")

    with monkeypatch.context() as patched:
        patched.setattr(digest, "promise_all", fail)
        with pytest.raises(RuntimeError, match="on fire"):
            run_round(now)
    with app.app_context():
        assert set(n_rows().values()) == {0}
    run_round(now)
    with app.app_context():
        assert n_rows()["matches"] == 1


def test_two_rounds_that_got_past_the_lock_are_parted_by_the_unique_week(
    app: Flask, market: Market, run_round: RunRound, settings: Settings, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    compute = matching.compute

    def while_another_publishes(*arguments: object) -> object:
        computed = compute(*arguments)
        with app.app_context():
            matching.publish(computed, now, settings)
            db.session.commit()
        return computed

    monkeypatch.setattr(matching, "compute", while_another_publishes)
    said = run_round(now)
    assert said[-1] == "The round of week 2026-W48 was run by another process meanwhile; nothing was done."
    with app.app_context():
        assert n_rows()["rounds"] == n_rows()["matches"] == 1


def test_another_broken_constraint_is_not_taken_for_a_second_round(
    app: Flask, market: Market, run_round: RunRound, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digest, "promise_all", lambda this_round, *_: setattr(this_round, "balance", 7))
    with pytest.raises(IntegrityError):
        run_round(now)


def test_a_round_that_runs_elsewhere_is_left_alone(
    app: Flask, market: Market, settings: Settings, now: datetime
) -> None:
    said: list[str] = []
    with app.app_context(), jobs.exclusive("weekly-round") as held:
        assert held
        jobs.run_weekly_round(settings, now, said.append)
        assert said == ["Another process is doing this right now; nothing was done here."]
        assert n_rows()["rounds"] == 0


@pytest.mark.parametrize(
    ("instant", "week"),
    [(datetime(2026, 11, 23), "2026-W48"), (datetime(2027, 1, 1), "2026-W53"), (datetime(2027, 1, 4), "2027-W01")],
)
def test_weeks_are_iso_weeks(instant: datetime, week: str) -> None:
    assert matching.week_of(instant) == week
