"""What the clock does, and when."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.conftest import NOW
from tests.webapp.matches.conftest import LIMITS, Scene
from webapp.db import db
from webapp.matches import deadlines
from webapp.matches.lifecycle import Action, State

LATE = datetime(2026, 12, 2, 9, 0, tzinfo=UTC)
"""The respond_by of the scene."""


@pytest.mark.parametrize(("now", "is_due"), [(LATE - timedelta(seconds=1), False), (LATE, True)])
def test_a_proposal_expires_when_its_time_is_over(scene: Scene, now: datetime, is_due: bool) -> None:
    assert deadlines.due(now) == ([scene.match.id] if is_due else [])
    assert deadlines.apply(scene.match.id, now, LIMITS) is (Action.EXPIRE if is_due else None)
    assert scene.match.state is (State.EXPIRED if is_due else State.PROPOSED)


def test_an_accepted_match_has_the_offices_time(scene: Scene) -> None:
    scene.go_to(State.ACCEPTED)
    assert deadlines.due(LATE) == []
    assert deadlines.due(NOW + timedelta(days=21)) == [scene.match.id]


def test_applying_again_changes_nothing(scene: Scene) -> None:
    deadlines.apply(scene.match.id, LATE, LIMITS)
    n_events = len(scene.match.events)
    assert deadlines.apply(scene.match.id, LATE, LIMITS) is None
    assert deadlines.due(LATE) == []
    assert len(scene.match.events) == n_events


def test_a_match_that_is_gone_is_passed_over(scene: Scene) -> None:
    assert deadlines.apply(4711, LATE, LIMITS) is None


def test_a_match_starts_with_the_first_shared_day_and_completes_after_the_last(scene: Scene) -> None:
    match = scene.go_to(State.APPROVED)
    match.course_a.time_zone, match.course_b.time_zone = "Asia/Ho_Chi_Minh", "Europe/Lisbon"
    # Both teach from Monday 15 February to Friday 4 June 2027; midnight comes to Hanoi seven hours before UTC.
    begins = datetime(2027, 2, 14, 17, 0, tzinfo=UTC)
    assert deadlines.next_action(match, begins - timedelta(seconds=1)) is None
    assert deadlines.next_action(match, begins) is Action.START
    assert deadlines.apply(match.id, begins, LIMITS) is Action.START
    # Lisbon is an hour ahead of UTC in June, so that its 4 June ends at 23:00 UTC.
    ends = datetime(2027, 6, 4, 23, 0, tzinfo=UTC)
    assert deadlines.next_action(match, ends - timedelta(seconds=1)) is None
    assert deadlines.due(ends) == [match.id]
    assert deadlines.apply(match.id, ends, LIMITS) is Action.COMPLETE
    assert match.state is State.COMPLETED


def test_a_missed_start_and_end_are_caught_up_one_after_the_other(scene: Scene) -> None:
    match = scene.go_to(State.APPROVED)
    much_later = datetime(2028, 1, 1, tzinfo=UTC)
    done = [deadlines.apply(match.id, much_later, LIMITS) for _ in range(3)]
    assert done == [Action.START, Action.COMPLETE, None]


@pytest.mark.parametrize(
    ("a", "b", "breaks", "days"),
    [
        (
            (date(2027, 2, 15), date(2027, 6, 4)),
            (date(2027, 3, 6), date(2027, 7, 2)),
            [],
            (date(2027, 3, 8), date(2027, 6, 4)),
        ),
        (
            (date(2027, 3, 1), date(2027, 5, 28)),
            (date(2027, 3, 1), date(2027, 5, 28)),
            [{"from": "2027-03-01", "to": "2027-03-07"}, {"from": "2027-05-27", "to": "2027-06-10"}],
            (date(2027, 3, 8), date(2027, 5, 26)),
        ),
        ((date(2027, 1, 4), date(2027, 2, 5)), (date(2027, 3, 1), date(2027, 5, 28)), [], None),
        ((None, date(2027, 2, 5)), (date(2027, 1, 4), date(2027, 5, 28)), [], None),
    ],
)
def test_shared_days_leave_out_weekends_breaks_and_unknown_dates(
    scene: Scene,
    a: tuple[date | None, date],
    b: tuple[date, date],
    breaks: list[dict[str, str]],
    days: tuple[date, date] | None,
) -> None:
    match = scene.match
    match.course_a.starts_on, match.course_a.ends_on = a
    match.course_b.starts_on, match.course_b.ends_on = b
    match.course_b.breaks = breaks
    assert deadlines.shared_days(match) == days
    assert (deadlines.shared_period(match) is None) == (days is None)


def test_an_approved_match_without_known_dates_waits(scene: Scene) -> None:
    match = scene.go_to(State.APPROVED)
    match.course_a.starts_on = None
    db.session.flush()
    assert deadlines.due(datetime(2028, 1, 1, tzinfo=UTC)) == []
