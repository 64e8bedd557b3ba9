"""What became untrue between computing and publishing is left away, and whoever is left with nobody learns why."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from config import Settings
from matcher.rules import RuleSettings
from tests import factories
from tests.webapp.rounds.conftest import Market, make_draft, water_course
from webapp.accounts.models import User
from webapp.db import db
from webapp.errors import WrongStateError
from webapp.matches.lifecycle import State
from webapp.matches.models import Alternate, Match
from webapp.profiles.models import CourseProfile, CourseState
from webapp.rounds import decision_rules, draft_publishing, queries
from webapp.rounds.models import DecisionKind, LeftOut, Round, RoundPair, RoundState


def publish(round_id: int, now: datetime, settings: Settings) -> dict[int, str]:
    """Publish a draft of which nothing is left; gives the reasons of courses left out, by id."""
    this_round = db.session.get_one(Round, round_id)
    assert draft_publishing.publish(this_round, now, settings) == []
    db.session.commit()
    assert this_round.state is RoundState.PUBLISHED
    assert this_round.n_matches == 0
    assert db.session.scalar(sa.select(sa.func.count(RoundPair.id))) == 1
    return {row.course_id: row.reason["code"] for row in db.session.scalars(sa.select(LeftOut))}


@pytest.mark.parametrize(
    ("change", "own", "other"),
    [
        ({"state": CourseState.PAUSED}, None, "left_out_partner_gone"),
        ({"state": CourseState.WITHDRAWN}, None, "left_out_partner_gone"),
        ({"students": 26}, "left_out_course_changed", "left_out_partner_changed"),
    ],
    ids=["paused", "withdrawn", "changed"],
)
def test_a_course_that_changed_since_leaves_a_reason_for_both_sides(
    app: Flask,
    market: Market,
    settings: Settings,
    now: datetime,
    change: dict[str, object],
    own: str | None,
    other: str,
) -> None:
    with app.app_context():
        draft_id = make_draft(settings, now, market.coordinator).id
        course = db.session.get_one(CourseProfile, market.rivers)
        for name, value in change.items():
            setattr(course, name, value)
        db.session.commit()
        reasons = publish(draft_id, now, settings)
    expected = {market.water: other} | ({market.rivers: own} if own else {})
    assert reasons == expected


def test_a_pair_that_met_meanwhile_is_left_away(app: Flask, market: Market, settings: Settings, now: datetime) -> None:
    with app.app_context():
        draft_id = make_draft(settings, now, market.coordinator).id
        courses = [db.session.get_one(CourseProfile, each) for each in (market.water, market.rivers)]
        factories.match(*courses, factories.round_("2026-W40"), State.DECLINED)
        db.session.commit()
        reasons = publish(draft_id, now, settings)
    assert reasons == {market.water: "left_out_met_meanwhile", market.rivers: "left_out_met_meanwhile"}


def test_a_pair_kept_apart_since_is_not_proposed(app: Flask, market: Market, settings: Settings, now: datetime) -> None:
    with app.app_context():
        draft = make_draft(settings, now, market.coordinator)
        water, rivers = (db.session.get_one(CourseProfile, each) for each in (market.water, market.rivers))
        actor = db.session.get_one(User, market.coordinator)
        decision_rules.decide(water, rivers, DecisionKind.FORBID, "", actor, now, RuleSettings())
        db.session.commit()
        reasons = publish(draft.id, now, settings)
    assert set(reasons.values()) == {"left_out_kept_apart"}


def test_alternates_of_courses_that_changed_go(app: Flask, market: Market, settings: Settings, now: datetime) -> None:
    with app.app_context():
        porto = factories.institution("University of Porto", "PT")
        third = water_course(factories.user("ana@up.example", at=porto), "Water and cities of the Douro").id
        db.session.commit()
        draft = make_draft(settings, now, market.coordinator)
        kept = db.session.scalars(sa.select(Alternate)).all()
        assert {one.round_id for one in kept} == {draft.id}
        paired = db.session.scalars(sa.select(RoundPair)).one().course_b_id
        spare = ({market.rivers, third} - {paired}).pop()
        db.session.get_one(CourseProfile, spare).updated_at = now + timedelta(hours=1)
        db.session.commit()
        matches = draft_publishing.publish(draft, now + timedelta(hours=2), settings)
        db.session.commit()
        assert [match.course_b_id for match in matches] == [paired]
        assert db.session.scalars(sa.select(Alternate)).all() == []
        # The next round reads a course that changed anew: its old reason is no reason any longer.
        assert db.session.scalars(sa.select(LeftOut)).all() == []


def test_a_draft_of_last_week_belongs_to_the_week_it_is_published_in(
    app: Flask, market: Market, settings: Settings, now: datetime
) -> None:
    with app.app_context():
        draft = make_draft(settings, now, market.coordinator)
        draft_publishing.publish(draft, now + timedelta(days=7), settings)
        db.session.commit()
        assert (draft.week, draft.published_week) == ("2026-W49", "2026-W49")
        assert queries.latest() is draft


def test_a_draft_is_published_once(app: Flask, market: Market, settings: Settings, now: datetime) -> None:
    with app.app_context():
        draft = make_draft(settings, now, market.coordinator)
        draft_publishing.publish(draft, now, settings)
        db.session.commit()
        with pytest.raises(WrongStateError):
            draft_publishing.publish(draft, now + timedelta(days=7), settings)
        db.session.rollback()
        assert db.session.scalar(sa.select(sa.func.count(Match.id))) == 1


def test_a_draft_counts_for_nothing_before_it_is_published(
    app: Flask, market: Market, settings: Settings, now: datetime
) -> None:
    with app.app_context():
        make_draft(settings, now, market.coordinator)
        assert queries.latest() is None
        assert queries.before("2026-W50") is None
        assert queries.of_week("2026-W48") is None
