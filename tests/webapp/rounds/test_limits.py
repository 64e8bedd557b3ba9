"""What lecturers ask for is kept by rounds: a pause, and a number of exchanges at once over all their courses."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from config import Settings
from tests import factories
from tests.webapp.rounds.conftest import Market, make_draft, water_course
from webapp.accounts.models import User
from webapp.db import db
from webapp.matches.lifecycle import State
from webapp.matches.models import Match
from webapp.profiles.models import CourseProfile
from webapp.rounds import candidates, draft_publishing, matching
from webapp.rounds.models import LeftOut, Round

RunRound = Callable[[datetime], list[str]]


def set_user(app: Flask, user_id: int, **fields: object) -> None:
    with app.app_context():
        user = db.session.get_one(User, user_id)
        for name, value in fields.items():
            setattr(user, name, value)
        db.session.commit()


def pairs(app: Flask) -> list[tuple[str, str]]:
    with app.app_context():
        found = db.session.scalars(sa.select(Match).order_by(Match.id))
        return [(match.course_a.title, match.course_b.title) for match in found]


@pytest.mark.parametrize(("days", "takes_part"), [(1, False), (0, True), (-3, True)])
def test_who_pauses_is_left_out_until_the_day_comes(
    app: Flask, market: Market, now: datetime, days: int, takes_part: bool
) -> None:
    set_user(app, market.rui, paused_until=now.date() + timedelta(days=days))
    with app.app_context():
        assert (market.rivers in candidates.load(now).courses) is takes_part


def test_who_is_not_listed_in_the_directory_still_takes_part(
    app: Flask, market: Market, run_round: RunRound, now: datetime
) -> None:
    set_user(app, market.rui, is_listed=False)
    run_round(now)
    assert pairs(app) == [("Urban water", "Rivers and cities")]


def test_open_matches_of_all_courses_count_against_the_limit(app: Flask, market: Market, now: datetime) -> None:
    set_user(app, market.mai, exchanges_at_once=2)
    with app.app_context():
        mai = db.session.get_one(User, market.mai)
        second = water_course(mai, "Rain in Hanoi", capacity=3)
        kyoto = factories.course(factories.user("ken@k.example", at=factories.institution("Kyoto University", "JP")))
        busy = factories.match(second, kyoto, factories.round_("2026-W40"))
        db.session.commit()
        loaded = candidates.load(now)
        assert {profile.id: profile.capacity for profile in loaded.profiles if profile.country == "VN"} == {
            str(market.water): 1,
            str(second.id): 1,
        }
        assert loaded.room == {market.mai: 1}
        db.session.get_one(User, market.mai).exchanges_at_once = 1
        assert {profile.country for profile in candidates.load(now).profiles} == {"PT"}
        busy.state = State.DECLINED
        assert loaded.tried == candidates.load(now).tried
        assert candidates.load(now).room == {market.mai: 1}


def test_one_round_proposes_no_more_than_the_limit_and_keeps_the_better_pair(
    app: Flask, market: Market, run_round: RunRound, now: datetime
) -> None:
    with app.app_context():
        mai = db.session.get_one(User, market.mai)
        water_course(mai, "Rain in Hanoi")
        porto = factories.user("ana@up.example", at=factories.institution("University of Porto", "PT"))
        water_course(porto, "Water of the Douro")
        db.session.commit()
        computed = matching.compute(candidates.load(now), now, app.config["SETTINGS"], print)
        best = max(computed.proposals.pairs, key=lambda pair: pair.explanation.score)
        assert len(computed.proposals.pairs) == 2
        titles = [db.session.get_one(CourseProfile, int(one)).title for one in (best.a_id, best.b_id)]
        db.session.rollback()
    set_user(app, market.mai, exchanges_at_once=1)
    run_round(now)
    assert pairs(app) == [(titles[0], titles[1])]


def test_a_limit_set_while_the_round_computed_is_kept(
    app: Flask, market: Market, now: datetime, settings: Settings
) -> None:
    with app.app_context():
        draft_id = make_draft(settings, now, market.coordinator).id
    with app.app_context():
        other = water_course(db.session.get_one(User, market.rui), "Bridges")
        kyoto = factories.course(factories.user("ken@k.example", at=factories.institution("Kyoto University", "JP")))
        factories.match(kyoto, other, factories.round_("2026-W40"))
        db.session.get_one(User, market.rui).exchanges_at_once = 1
        db.session.commit()
        this_round = db.session.get_one(Round, draft_id)
        assert this_round.n_matches == 1
        assert draft_publishing.publish(this_round, now, settings) == []
        db.session.commit()
        reasons = {row.course_id: row.reason["code"] for row in db.session.scalars(sa.select(LeftOut))}
        assert reasons == {market.water: "left_out_partner_gone"}
