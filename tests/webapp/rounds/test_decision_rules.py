"""What coordinators decide about pairs and places, what a round makes of it, and what no decision can do."""

from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from config import Settings
from matcher.rules import RuleSettings
from tests import factories
from tests.webapp.rounds.conftest import Market, make_draft, water_course
from webapp.access import Role
from webapp.accounts.models import User
from webapp.audit.models import AuditEvent
from webapp.db import db
from webapp.errors import NotAllowedError, WrongStateError
from webapp.profiles.models import CourseProfile, CourseState
from webapp.rounds import candidates, decision_checks, decision_rules, decision_standing
from webapp.rounds.models import DecisionKind, LeftOut, PairDecision, PlaceDecision, RoundPair

RULES = RuleSettings()


def courses(market: Market) -> tuple[CourseProfile, CourseProfile]:
    """The Vietnamese and the Portuguese course."""
    return db.session.get_one(CourseProfile, market.water), db.session.get_one(CourseProfile, market.rivers)


def decide(market: Market, kind: DecisionKind, now: datetime, note: str = "") -> PairDecision:
    """Decide about both, as the coordinator of all."""
    actor = db.session.get_one(User, market.coordinator)
    decision = decision_rules.decide(*courses(market), kind, note, actor, now, RULES)
    db.session.commit()
    return decision


def third_course(now: datetime) -> CourseProfile:
    """A second Portuguese course that suits the Vietnamese one less."""
    porto = factories.institution("University of Porto", "PT")
    third = water_course(factories.user("ana@up.example", at=porto), "Poetry", description="Poems of the sea.")
    db.session.commit()
    return third


def found(round_id: int) -> dict[tuple[int, int], bool]:
    """Pairs of a draft, and whether each was locked."""
    rows = db.session.scalars(sa.select(RoundPair).where(RoundPair.round_id == round_id))
    return {(row.course_a_id, row.course_b_id): row.is_locked for row in rows}


def test_a_pair_kept_together_is_found_though_another_fits_better(
    app: Flask, market: Market, settings: Settings, now: datetime
) -> None:
    with app.app_context():
        third = third_course(now)
        third_id = third.id
        before = make_draft(settings, now, market.coordinator)
        assert found(before.id) == {(market.water, market.rivers): False}
        actor = db.session.get_one(User, market.coordinator)
        water = db.session.get_one(CourseProfile, market.water)
        decision_rules.decide(third, water, DecisionKind.LOCK, "They know each other.", actor, now, RULES)
        db.session.commit()
        after = make_draft(settings, now, market.coordinator)
        assert found(after.id) == {(market.water, third_id): True}


def test_a_pair_kept_apart_is_not_found(app: Flask, market: Market, settings: Settings, now: datetime) -> None:
    with app.app_context():
        decide(market, DecisionKind.FORBID, now)
        assert found(make_draft(settings, now, market.coordinator).id) == {}


def test_the_opposite_decision_replaces_the_first_and_undoing_leaves_none(
    app: Flask, market: Market, now: datetime
) -> None:
    with app.app_context():
        decide(market, DecisionKind.LOCK, now, "first")
        decision = decide(market, DecisionKind.FORBID, now + timedelta(hours=1), "second")
        assert (decision.kind, decision.note) == (DecisionKind.FORBID, "second")
        decision_rules.undo(decision, db.session.get_one(User, market.coordinator), now)
        db.session.commit()
        assert db.session.scalars(sa.select(PairDecision)).all() == []
        events = db.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id)).all()
        assert [event.action for event in events] == ["rounds.lock", "rounds.forbid", "rounds.undo_pair"]
        assert {event.object_name for event in events} == {
            "Urban water (Hanoi University) – Rivers and cities (University of Lisbon)"
        }
        assert events[1].before == {"kind": "lock", "note": "first"}
        assert events[1].after == {"kind": "forbid", "note": "second"}


def test_the_log_has_room_for_the_four_names_of_a_pair(app: Flask, market: Market, now: datetime) -> None:
    with app.app_context():
        water, rivers = courses(market)
        water.title, rivers.institution.name = "水" * 150, "University of Applied Sciences " * 5
        decide(market, DecisionKind.FORBID, now)
        name = db.session.scalars(sa.select(AuditEvent)).one().object_name
    assert len(name) == 200
    assert name.startswith("水水水")
    assert "…" in name
    assert "Rivers and cities (University of Applied" in name
    assert "(Hanoi University)" in name


def test_a_lock_that_a_rule_forbids_is_refused_with_its_reason(app: Flask, market: Market, now: datetime) -> None:
    with app.app_context():
        courses(market)[1].starts_on = date(2027, 5, 20)
        db.session.commit()
        with pytest.raises(WrongStateError) as refused:
            decide(market, DecisionKind.LOCK, now)
    assert refused.value.message.startswith("These two cannot be kept together: ")
    assert "week" in refused.value.message


def test_a_course_is_not_locked_beyond_its_places(app: Flask, market: Market, now: datetime) -> None:
    with app.app_context():
        third = third_course(now)
        decide(market, DecisionKind.LOCK, now)
        decide(market, DecisionKind.LOCK, now)
        actor = db.session.get_one(User, market.coordinator)
        with pytest.raises(WrongStateError, match="as many courses as it has places"):
            decision_rules.decide(third, courses(market)[0], DecisionKind.LOCK, "", actor, now, RULES)


def test_two_courses_of_one_side_are_no_pair(app: Flask, market: Market, now: datetime) -> None:
    with app.app_context():
        actor = db.session.get_one(User, market.coordinator)
        with pytest.raises(WrongStateError, match="one course in Asia and one in Europe"):
            decision_rules.decide(third_course(now), courses(market)[1], DecisionKind.FORBID, "", actor, now, RULES)


@pytest.mark.parametrize(("fields", "may"), [({"countries": ["VN"]}, True), ({"countries": ["JP"]}, False)])
def test_a_coordinator_of_countries_decides_where_a_side_is_theirs(
    app: Flask, market: Market, now: datetime, fields: dict[str, object], may: bool
) -> None:
    with app.app_context():
        actor = factories.user("some@asem.example", Role.COORDINATOR, **fields)
        water, rivers = courses(market)
        if may:
            decision_rules.decide(water, rivers, DecisionKind.FORBID, "", actor, now, RULES)
            decision_rules.set_places(water, 0, actor, now)
            with pytest.raises(NotAllowedError):
                decision_rules.set_places(rivers, 0, actor, now)
        else:
            with pytest.raises(NotAllowedError):
                decision_rules.decide(water, rivers, DecisionKind.FORBID, "", actor, now, RULES)


@pytest.mark.parametrize("state", [CourseState.PAUSED, CourseState.WITHDRAWN])
def test_a_lock_whose_course_left_is_void_and_the_round_goes_on_without_it(
    app: Flask, market: Market, settings: Settings, now: datetime, state: CourseState
) -> None:
    with app.app_context():
        decision = decide(market, DecisionKind.LOCK, now)
        courses(market)[1].state = state
        db.session.commit()
        ignored = decision_standing.ignored(4, now.date())
        assert {own: one.why for own, one in ignored.items()} == {
            decision.id: "“Rivers and cities” is not open for partners."
        }
        assert found(make_draft(settings, now, market.coordinator).id) == {}


def test_a_lock_that_a_rule_came_to_forbid_is_ignored_and_says_why(
    app: Flask, market: Market, settings: Settings, now: datetime
) -> None:
    with app.app_context():
        decision = decide(market, DecisionKind.LOCK, now)
        courses(market)[1].exchange_languages = {"pt": None}
        courses(market)[0].exchange_languages = {"vi": None}
        db.session.commit()
        assert "No shared language" in decision_standing.ignored(4, now.date())[decision.id].why
        assert found(make_draft(settings, now, market.coordinator).id) == {}


def test_more_locks_than_places_are_kept_in_the_order_of_the_decisions(
    app: Flask, market: Market, now: datetime
) -> None:
    with app.app_context():
        third = third_course(now)
        water, rivers = courses(market)
        for hours, partner in ((2, rivers), (1, third)):
            at = now + timedelta(hours=hours)
            db.session.add(PairDecision(course_a=water, course_b=partner, kind=DecisionKind.LOCK, at=at))
        db.session.flush()
        kept = decision_checks.effective(candidates.load(now), RULES)
        assert kept.locked == {(str(water.id), str(third.id))}


def test_a_course_left_without_places_takes_no_part_until_it_is_undone(
    app: Flask, market: Market, settings: Settings, now: datetime
) -> None:
    with app.app_context():
        actor = db.session.get_one(User, market.coordinator)
        rivers = courses(market)[1]
        rivers.capacity = 3
        db.session.flush()
        decision_rules.set_places(rivers, 2, actor, now)
        assert {one.id: one.capacity for one in candidates.load(now).profiles}[str(rivers.id)] == 2
        decision_rules.set_places(rivers, 0, actor, now)
        db.session.commit()
        draft = make_draft(settings, now, market.coordinator)
        assert found(draft.id) == {}
        assert {row.course_id for row in db.session.scalars(sa.select(LeftOut))} == {market.water}
        with pytest.raises(WrongStateError):
            decision_rules.set_places(rivers, 4, actor, now)
        decision_rules.set_places(rivers, 3, actor, now)
        db.session.commit()
        assert db.session.scalars(sa.select(PlaceDecision)).all() == []
        assert {one.id: one.capacity for one in candidates.load(now).profiles}[str(rivers.id)] == 3
