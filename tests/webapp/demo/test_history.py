"""The demonstration's past went through the real rules, disturbs nothing of the present, and writes to nobody."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from shutil import copyfile

import pytest
import sqlalchemy as sa
from flask import Flask

from config import Settings
from matcher.profile import CourseProfile as MatcherProfile
from tests import factories
from tests.conftest import NOW, make_settings
from webapp import create_app
from webapp.db import db
from webapp.demo import history, loading, people
from webapp.directory import queries as directory
from webapp.mail.models import OutboxMessage
from webapp.matches import plan_documents
from webapp.matches import queries as matches
from webapp.matches.decisions import Limits, move
from webapp.matches.lifecycle import Action, Side, State, next_state
from webapp.matches.models import Match, PlanVersion
from webapp.matches.proposals import keep_alternate
from webapp.profiles.models import CourseProfile, CourseState
from webapp.rounds import candidates, draft_queries
from webapp.rounds.models import Round, RoundPair

LIMITS = Limits(respond=9, approve=21)
FRESH_STATES = {State.ACCEPTED, State.APPROVED, State.ACTIVE}


@dataclass(frozen=True)
class Loaded:
    """A service with the demonstration and its past, and what it was before the past was loaded."""

    app: Flask
    settings: Settings
    n_past: int
    profiles: tuple[MatcherProfile, ...]
    listed: tuple[int, int, int]


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory, migrated_file: Path) -> Iterator[Loaded]:
    """The demonstration with its past, loaded once for all these tests, which only read."""
    folder = tmp_path_factory.mktemp("history")
    copyfile(migrated_file, folder / "test.sqlite3")
    settings = make_settings(folder)
    app = create_app(settings)
    with app.app_context():
        loading.load(NOW, "four weeks at least")
        db.session.commit()
        profiles, listed = candidates.load(NOW).profiles, directory.signature(NOW.date())[:3]
        n_past = history.load(NOW, settings)
        db.session.commit()
    yield Loaded(app, settings, n_past, profiles, listed)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def past(loaded: Loaded) -> Iterator[list[Match]]:
    """Every match of the past, inside an app context."""
    with loaded.app.app_context():
        yield list(db.session.scalars(sa.select(Match).order_by(Match.id).options(*matches.loaded())))
        db.session.remove()


def replayed(match: Match) -> State:
    """Follow the events of a match through the table of transitions alone."""
    state = State.PROPOSED
    for at, event in enumerate(match.events):
        before = [(e.turn, e.side, e.action) for e in match.events[:at]]
        if event.action is not Action.PROPOSE:
            other = event.side.other if event.side else None
            to = next_state(state, event.action, other_side_has_acted=(event.turn, other, event.action) in before)
            assert to is not None, (state, event.action)
            state = to
    return state


def test_every_state_follows_from_events_in_order_none_of_which_lies_ahead(loaded: Loaded, past: list[Match]) -> None:
    assert loaded.n_past == len(past)
    for match in past:
        assert replayed(match) is match.state
        times = [event.at for event in match.events]
        assert times == sorted(times)
        assert times[-1] <= NOW
        assert match.proposed_at == times[0]
        assert match.changed_at == times[-1]
        assert all(event.actor_id for event in match.events if event.side)


def test_enough_exchanges_came_to_an_end_and_some_are_under_way(past: list[Match]) -> None:
    states = Counter(match.state for match in past)
    assert 30 <= states[State.COMPLETED] <= 60
    assert all(states[state] >= 3 for state in (*FRESH_STATES, State.FELL_THROUGH, State.WITHDRAWN))
    assert states[State.PROPOSED] == 0
    asia, europe = (sum(match.invited_by is match.course(side).lecturer for match in past) for side in Side)
    assert min(asia, europe) >= 5


def test_there_is_every_kind_of_ending(past: list[Match]) -> None:
    endings = {
        (match.state, event.reason, event.actor.role.value if event.actor else None)
        for match in past
        for event in match.events[-1:]
    }
    codes = {(state, reason) for state, reason, _ in endings}
    for reason in ("no_time", "calendar", "topic", "institution_rules"):
        assert (State.DECLINED, reason) in codes
    assert {who for state, _, who in endings if state is State.DECLINED} == {"lecturer", "office"}
    assert {(State.WITHDRAWN, "course_cancelled"), (State.WITHDRAWN, "other_partner")} <= codes
    assert (State.FELL_THROUGH, "technology") in codes
    expired = [match for match in past if match.state is State.EXPIRED]
    n_yes = {sum(event.action is Action.ACCEPT for event in match.events) for match in expired}
    assert n_yes == {0, 1, 2}
    assert {Action.RETURN, Action.CHANGE, Action.MAYBE} <= {event.action for match in past for event in match.events}
    declined_after_return = (match for match in past if match.state is State.DECLINED and match.turn > 1)
    assert any(declined_after_return)


def test_whoever_approved_approved_a_plan_that_is_kept_with_its_fingerprint(past: list[Match]) -> None:
    plans = {plan.id: plan for plan in db.session.scalars(sa.select(PlanVersion))}
    assert all(plan.sha256 == plan_documents.fingerprint(plan.document) for plan in plans.values())
    approvals = [(match, event) for match in past for event in match.events if event.action is Action.APPROVE]
    assert len(approvals) > 60
    assert all(event.plan_id and plans[event.plan_id].match_id == match.id for match, event in approvals)
    assert any(plan.number > 1 for plan in plans.values())


def test_rounds_of_past_weeks_found_what_they_proposed(past: list[Match]) -> None:
    found = list(db.session.scalars(sa.select(Round).order_by(Round.published_week)))
    assert len(found) == len({row.published_week for row in found}) == 3
    for row in found:
        assert row.published_at is not None
        assert row.published_at < NOW - timedelta(weeks=15)
        assert row.digests_done_at == row.published_at
        pairs = db.session.scalars(sa.select(RoundPair).where(RoundPair.round_id == row.id)).all()
        proposed = {(match.course_a_id, match.course_b_id): match.score for match in past if match.round_id == row.id}
        assert {(pair.course_a_id, pair.course_b_id): pair.score for pair in pairs} == proposed
        assert row.n_matches == len(proposed) > 20


def test_a_better_fit_was_accepted_more_often(past: list[Match]) -> None:
    by_round = [match for match in past if match.round_id is not None]
    by_round.sort(key=lambda match: match.score)
    yes = [sum(e.action is Action.ACCEPT for e in match.events) >= 2 for match in by_round]
    half = len(yes) // 2
    assert sum(yes[half:]) > sum(yes[:half]) > 0


@pytest.mark.usefixtures("past")
def test_the_present_round_has_the_same_courses_and_none_of_their_pairs_was_tried(loaded: Loaded) -> None:
    now_found = candidates.load(NOW)
    assert now_found.profiles == loaded.profiles
    assert not now_found.room
    ids = {profile.id for profile in now_found.profiles}
    assert not any(pair & ids for pair in now_found.tried)
    # A warning of the present round counts what is open between two institutions.
    assert max(draft_queries.open_matches_by_institutions().values()) == 1
    assert directory.signature(NOW.date())[:3] == loaded.listed


@pytest.mark.usefixtures("past")
def test_no_course_of_the_past_waits_for_a_partner() -> None:
    of_today = {int(profile.id) for profile in candidates.load(NOW).profiles}
    rest = [course for course in db.session.scalars(sa.select(CourseProfile)) if course.id not in of_today]
    open_counts = matches.open_counts()
    for course in rest:
        assert course.state is (CourseState.PAUSED if open_counts[course.id] else CourseState.WITHDRAWN)
        assert open_counts[course.id] <= course.capacity
        assert course.published_at is not None
        assert course.published_at < NOW


@pytest.mark.usefixtures("past")
def test_nobody_is_written_to_about_the_past() -> None:
    assert db.session.scalars(sa.select(OutboxMessage)).all() == []


@pytest.mark.usefixtures("past")
def test_the_past_is_loaded_once_and_loading_the_courses_again_adds_nothing(loaded: Loaded) -> None:
    assert history.load(NOW, loaded.settings) == 0
    assert loading.load(NOW + timedelta(days=300), "four weeks at least") == loading.Loaded(n_people=0, n_courses=0)


@pytest.mark.usefixtures("context")
def test_a_service_that_has_matched_before_gets_no_invented_past(settings: Settings) -> None:
    assert history.load(NOW, settings) == 0
    factories.user(people.COORDINATOR, at=factories.institution())
    factories.round_("2026-W40")
    assert history.load(NOW, settings) == 0


def test_proposals_are_accepted_more_often_the_better_they_fit_and_as_often_as_said() -> None:
    accepted = list(history.acceptances(100))
    assert len(accepted) == 100
    assert abs(sum(accepted) - 100 * (history.BEST + history.WORST) / 2) <= 1
    quarters = [sum(accepted[start : start + 25]) for start in range(0, 100, 25)]
    assert quarters == sorted(quarters, reverse=True)
    assert quarters[0] > quarters[-1]


@pytest.mark.parametrize("is_past", [False, True])
@pytest.mark.usefixtures("context")
def test_what_is_entered_long_after_it_happened_tells_nobody_and_brings_nobody_in(*, is_past: bool) -> None:
    match = factories.pair(proposed_at=NOW)
    braga = factories.institution("University of Minho", "PT")
    other = factories.course(factories.user("ana@uminho.example", at=braga), "Water law")
    assert match.round_id is not None
    keep_alternate(
        match.course_a, other, round_id=match.round_id, rank=1, score=0.6, confidence=0.9, explanation=match.explanation
    )
    db.session.commit()
    rui = match.course_b.lecturer
    move(match, Action.DECLINE, actor=rui, now=NOW, limits=LIMITS, reason="calendar", is_past=is_past)
    assert match.state is State.DECLINED
    n_mails = db.session.scalar(sa.select(sa.func.count(OutboxMessage.id)))
    n_matches = db.session.scalar(sa.select(sa.func.count(Match.id)))
    assert (n_mails, n_matches) == ((0, 1) if is_past else (3, 2))
