"""What becomes of pairs that are to be kept together, and how the pages tell it."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from config import Settings
from matcher.market import Decisions
from matcher.rules import RuleSettings
from tests import factories
from tests.webapp.rounds.conftest import Market, make_draft, water_course
from webapp.access import Role
from webapp.accounts.models import User
from webapp.db import db
from webapp.errors import WrongStateError
from webapp.matches.lifecycle import State
from webapp.profiles.models import CourseProfile
from webapp.rounds import candidates, decision_checks, decision_rules, decision_standing
from webapp.rounds.models import DecisionKind, PairDecision, PlaceDecision, Round, RoundPair, RoundState

SignIn = Callable[[int], FlaskClient]
RULES = RuleSettings()


def lock(a: CourseProfile, b: CourseProfile, at: datetime) -> PairDecision:
    """Keep two courses together, whatever a rule would say."""
    row = PairDecision(course_a=a, course_b=b, kind=DecisionKind.LOCK, at=at)
    db.session.add(row)
    db.session.flush()
    return row


def courses(market: Market) -> tuple[CourseProfile, CourseProfile]:
    """The Vietnamese and the Portuguese course."""
    return db.session.get_one(CourseProfile, market.water), db.session.get_one(CourseProfile, market.rivers)


def kept(now: datetime) -> Decisions:
    """The decisions a round of now would keep."""
    found = candidates.load(now)
    return decision_checks.effective(found, RuleSettings(tried=found.tried))


def reasons(now: datetime) -> list[str]:
    """Why locks are ignored, by the order of their ids; what a round does is checked against it."""
    found = decision_standing.ignored(4, now.date())
    effective = kept(now)
    held = {(str(one.course_a_id), str(one.course_b_id)) for one in map(_decision, found)}
    assert not held & effective.locked
    return [found[decision_id].why for decision_id in sorted(found)]


def _decision(decision_id: int) -> PairDecision:
    return db.session.get_one(PairDecision, decision_id)


def test_a_lock_is_refused_for_a_course_that_was_left_no_place(app: Flask, market: Market, now: datetime) -> None:
    with app.app_context():
        water, rivers = courses(market)
        actor = db.session.get_one(User, market.coordinator)
        decision_rules.set_places(rivers, 0, actor, now)
        db.session.flush()
        with pytest.raises(WrongStateError, match="A coordinator left “Rivers and cities” no place in coming rounds"):
            decision_rules.decide(water, rivers, DecisionKind.LOCK, "", actor, now, RULES)


def test_fewer_places_than_the_lecturer_offers_take_fewer_locks(app: Flask, market: Market, now: datetime) -> None:
    with app.app_context():
        water, rivers = courses(market)
        water.capacity = 3
        actor = db.session.get_one(User, market.coordinator)
        third = water_course(factories.user("ana@up.example", at=rivers.institution), "Poetry")
        decision_rules.set_places(water, 1, actor, now)
        decision_rules.decide(water, rivers, DecisionKind.LOCK, "", actor, now, RULES)
        with pytest.raises(WrongStateError, match="as many courses as it has places"):
            decision_rules.decide(water, third, DecisionKind.LOCK, "", actor, now, RULES)


def test_a_lock_that_was_proposed_takes_no_place_of_the_next_one(app: Flask, market: Market, now: datetime) -> None:
    with app.app_context():
        water, rivers = courses(market)
        actor = db.session.get_one(User, market.coordinator)
        decision_rules.decide(water, rivers, DecisionKind.LOCK, "", actor, now, RULES)
        factories.match(water, rivers, factories.round_(), State.EXPIRED)
        third = water_course(factories.user("ana@up.example", at=rivers.institution), "Poetry")
        made = decision_rules.decide(water, third, DecisionKind.LOCK, "", actor, now, RULES)
        assert reasons(now) == []
        assert kept(now).locked == {(str(water.id), str(third.id))}
        assert made.id not in decision_standing.proposed([made.id])


def test_every_reason_a_round_ignores_a_lock_for_is_named(app: Flask, market: Market, now: datetime) -> None:
    with app.app_context():
        water, rivers = courses(market)
        lock(water, rivers, now)
        assert reasons(now) == []

        places = PlaceDecision(course_id=rivers.id, places=0, at=now)
        db.session.add(places)
        assert reasons(now) == ["A coordinator left “Rivers and cities” no place in coming rounds."]
        db.session.delete(places)

        third = water_course(factories.user("ana@up.example", at=rivers.institution), "Poetry")
        other = factories.match(water, third, factories.round_())
        assert reasons(now) == ["Every place of “Urban water” is taken by other matches: 1 of 1."]

        water.capacity, water.lecturer.exchanges_at_once = 2, 1
        db.session.flush()
        assert reasons(now) == ["The lecturer of “Urban water” has as many matches at once as wanted."]
        other.state = State.EXPIRED
        db.session.flush()
        assert reasons(now) == []

        fourth = water_course(factories.user("eva@up.example", at=rivers.institution), "Tides")
        lock(water, fourth, now + timedelta(hours=1))
        assert reasons(now) == ["The free places of “Urban water” go to pairs kept together before."]


@pytest.mark.parametrize(("by", "said"), [
    ("round", "The two were proposed to each other in the round of 23–29 Nov 2026."),
    ("invitation", "The two were proposed to each other by an invitation."),
])  # fmt: skip
def test_a_lock_that_was_kept_is_done_and_not_ignored(
    app: Flask, sign_in: SignIn, market: Market, now: datetime, by: str, said: str
) -> None:
    with app.app_context():
        water, rivers = courses(market)
        lock(water, rivers, now)
        at = factories.round_("2026-W48")
        match = factories.match(water, rivers, at, State.DECLINED)
        if by == "invitation":
            match.round_id, match.invited_by_id = None, market.mai
        round_id = at.id
        db.session.commit()
    page = sign_in(market.coordinator).get("/rounds/decisions").text
    assert said in page
    assert "Ignored" not in page
    assert (f'<a href="/rounds/{round_id}">{said}</a>' in page) == (by == "round")


def test_a_lock_whose_proposal_was_taken_back_is_kept_in_the_next_run(
    app: Flask, sign_in: SignIn, market: Market, now: datetime
) -> None:
    with app.app_context():
        water, rivers = courses(market)
        lock(water, rivers, now)
        factories.match(water, rivers, factories.round_("2026-W48"), State.TAKEN_BACK)
        db.session.commit()
    page = sign_in(market.coordinator).get("/rounds/decisions").text
    assert "The two were proposed" not in page
    assert "Ignored" not in page


def test_the_list_of_decisions_says_which_are_ignored_and_why(
    app: Flask, sign_in: SignIn, market: Market, now: datetime
) -> None:
    with app.app_context():
        water, rivers = courses(market)
        lock(water, rivers, now)
        db.session.add(PlaceDecision(course_id=water.id, places=0, at=now))
        db.session.commit()
    page = sign_in(market.coordinator).get("/rounds/decisions").text
    assert "Ignored" in page
    assert "A coordinator left “Urban water” no place in coming rounds." in page


def test_a_draft_names_the_locks_it_could_not_keep_to_those_they_concern(
    app: Flask, sign_in: SignIn, market: Market, settings: Settings, now: datetime
) -> None:
    said = "Ignored: “Urban water” (Hanoi University) and “Rivers and cities” (University of Lisbon). "
    with app.app_context():
        water, rivers = courses(market)
        lock(water, rivers, now - timedelta(hours=1))
        db.session.add(PlaceDecision(course_id=water.id, places=0, at=now))
        draft_id = make_draft(settings, now, market.coordinator).id
        of_vietnam = factories.user("viet@asem.example", Role.COORDINATOR, countries=["VN"]).id
        of_japan = factories.user("japan@asem.example", Role.COORDINATOR, countries=["JP"]).id
        db.session.commit()
    for person in (market.coordinator, of_vietnam):
        page = sign_in(person).get(f"/rounds/{draft_id}").text
        assert f"{said}A coordinator left “Urban water” no place in coming rounds." in page
        assert "One pair that is to be kept together is not in this draft:" in page
    assert "Ignored" not in sign_in(of_japan).get(f"/rounds/{draft_id}").text
    with app.app_context():
        db.session.delete(db.session.scalars(sa.select(PlaceDecision)).one())
        db.session.commit()
    page = sign_in(market.coordinator).get(f"/rounds/{draft_id}").text
    assert f"{said}When this draft was computed, something stood in the way that does not any longer." in page


def test_a_draft_is_silent_about_locks_it_kept_and_locks_made_after_it(
    app: Flask, sign_in: SignIn, town: dict[str, int]
) -> None:
    with app.app_context():
        draft = db.session.get_one(RoundPair, town["hanoi"])
        lock(draft.course_a, draft.course_b, factories.AT - timedelta(days=1))
        kyoto = db.session.get_one(RoundPair, town["kyoto"])
        lock(draft.course_a, kyoto.course_b, factories.AT + timedelta(days=1))
        db.session.commit()
    assert "Ignored" not in sign_in(town["coordinator"]).get(f"/rounds/{town['draft']}").text


@pytest.mark.parametrize("state", [RoundState.DRAFT, RoundState.TAKEN_BACK])
def test_a_round_that_is_no_draft_does_not_ask_to_look_before_publishing(
    app: Flask, sign_in: SignIn, town: dict[str, int], state: RoundState
) -> None:
    with app.app_context():
        earlier = factories.round_("2026-W47")
        row = db.session.get_one(RoundPair, town["hanoi"])
        this_round = db.session.get_one(Round, row.round_id)
        this_round.state, this_round.based_on_id, this_round.taken_back_at = state, earlier.id, factories.AT
        db.session.commit()
    page = sign_in(town["coordinator"]).get(f"/rounds/{town['draft']}").text
    assert ("To look at before publishing:" in page) == (state is RoundState.DRAFT)
    assert ("Marked to look at when they were found:" in page) == (state is not RoundState.DRAFT)
    # The round it began from was published, so it is no draft.
    assert "Run again from an earlier round" in page
