"""What a round begun now would find: counted as the round counts it, and said before somebody begins one."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from config import Settings
from matcher.profile import Region
from tests import factories
from tests.webapp.rounds.conftest import Market, make_draft, water_course
from webapp.accounts.models import User
from webapp.db import db
from webapp.matches.models import Match
from webapp.profiles.models import CourseProfile
from webapp.rounds import candidates, console, labels, supply
from webapp.rounds.models import LeftOut, PlaceDecision, Round, RoundPair, RoundState

SignIn = Callable[[int], FlaskClient]

NO_ASIAN = "No course in Asia has a free place, so a round begun now finds no pair."


@pytest.fixture
def proposed(app: Flask, market: Market, settings: Settings, now: datetime) -> int:
    """A published round that took the only Asian course; a second European one is left. Its id."""
    with app.app_context():
        water_course(db.session.get_one(User, market.rui), "Coasts")
        first = make_draft(settings, now, market.coordinator)
        console.publish(first, db.session.get_one(User, market.coordinator), now, settings)
        db.session.commit()
        match = db.session.scalars(sa.select(Match)).one()
        assert market.water in (match.course_a_id, match.course_b_id)
        return first.id


def test_a_round_that_would_find_nobody_in_one_region_is_told_before_it_begins(
    app: Flask, market: Market, sign_in: SignIn, proposed: int
) -> None:
    page = sign_in(market.coordinator).get("/rounds").text
    assert NO_ASIAN in page
    assert "A proposal for one of them waits for answers." in page
    assert f'first; that is possible while nobody has answered. <a href="/rounds/{proposed}">' in page
    with app.app_context():
        db.session.execute(sa.update(Match).values(state="declined"))
        db.session.commit()
    assert NO_ASIAN not in sign_in(market.coordinator).get("/rounds").text


def test_such_a_round_leaves_courses_out_for_want_of_a_free_place_and_publishing_it_is_no_main_button(
    app: Flask, market: Market, sign_in: SignIn, settings: Settings, now: datetime, proposed: int
) -> None:
    with app.app_context():
        empty = make_draft(settings, now + timedelta(hours=1), market.coordinator)
        assert (empty.n_matches, empty.n_courses_a) == (0, 0)
        codes = {row.reason["code"] for row in db.session.query(LeftOut).filter_by(round_id=empty.id)}
        empty_id = empty.id
    assert codes == {"left_out_no_other_side"}
    assert str(labels.LEFT_OUT_LABELS["left_out_no_other_side"]) == "No course of the other region had a free place"
    page = sign_in(market.coordinator).get(f"/rounds/{empty_id}").text
    assert NO_ASIAN in page
    assert "Courses with a free place: 0 in Asia, " in page
    assert f'<a class="button button-secondary" href="/rounds/{empty_id}/publish">' in page


def test_publishing_is_the_main_button_of_a_draft_with_pairs(sign_in: SignIn, town: dict[str, int]) -> None:
    browser = sign_in(town["coordinator"])
    assert f'<a class="button" href="/rounds/{town["draft"]}/publish">' in browser.get(f"/rounds/{town['draft']}").text
    assert "proposes nothing" not in browser.get(f"/rounds/{town['draft']}/publish").text


def test_the_preview_of_a_draft_without_pairs_says_what_publishing_does(
    app: Flask, sign_in: SignIn, town: dict[str, int]
) -> None:
    with app.app_context():
        db.session.execute(sa.delete(RoundPair))
        db.session.execute(sa.update(Round).values(n_matches=0))
        db.session.commit()
    preview = sign_in(town["coordinator"]).get(f"/rounds/{town['draft']}/publish").text
    assert "This draft proposes nothing to anybody." in preview


def test_what_is_free_is_counted_as_a_round_counts_it(app: Flask, market: Market, now: datetime) -> None:
    with app.app_context():
        mai, rui = (db.session.get_one(User, one) for one in (market.mai, market.rui))
        mai.exchanges_at_once = 1
        water_course(mai, "Of a lecturer who has enough")
        roomy = water_course(rui, "Two places", capacity=2)
        none = water_course(rui, "No place left by a coordinator")
        water_course(rui, "Over", starts_on=now.date() - timedelta(days=90), ends_on=now.date() - timedelta(days=1))
        db.session.add(PlaceDecision(course_id=none.id, places=0, at=now))
        this_round = factories.round_("2026-W48", state=RoundState.PUBLISHED)
        factories.match(db.session.get_one(CourseProfile, market.water), roomy, this_round)
        db.session.commit()
        found = supply.at(now)
        taking_part = candidates.load(now).profiles
        by_region = {side: sum(profile.region is side for profile in taking_part) for side in Region}
        assert (found.n_open["asia"], found.n_open["europe"]) == (2, 3)
        assert (found.n_free["asia"], found.n_free["europe"]) == (by_region[Region.ASIA], by_region[Region.EUROPE])
        assert by_region == {Region.ASIA: 0, Region.EUROPE: 2}
        assert found.n_waiting["asia"] == 1
        assert found.empty == ("asia",)


def test_some_that_are_taken_are_said_without_a_warning(app: Flask, market: Market, sign_in: SignIn) -> None:
    with app.app_context():
        water_course(db.session.get_one(User, market.mai), "Free water")
        other = db.session.get_one(CourseProfile, market.rivers)
        other.capacity = 2
        factories.match(db.session.get_one(CourseProfile, market.water), other, factories.round_("2026-W48"))
        db.session.commit()
    page = sign_in(market.coordinator).get("/rounds").text
    assert "Courses with a free place now: 1 of 2 open ones in Asia, 1 of 1 in Europe." in page
    assert "begun now finds no pair" not in page
