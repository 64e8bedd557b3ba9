"""Slowing down guessing."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from webapp.accounts import throttle
from webapp.accounts.models import SignInAttempt
from webapp.db import db

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PAUSE = timedelta(minutes=15)
pytestmark = pytest.mark.usefixtures("context")


def fail(n: int, email: str = "mai@hanu.example", place: str = "192.0.2.1", at: datetime = NOW) -> None:
    """Fail n times."""
    for _ in range(n):
        throttle.note_failure(email, place, at, PAUSE)
    db.session.flush()


def pause(email: str = "mai@hanu.example", place: str = "192.0.2.1", at: datetime = NOW) -> datetime | None:
    """Until when this address, or this place, has to wait; three tries are allowed."""
    return throttle.pause_ends_at(email, place, at, 3, PAUSE)


def test_nobody_waits_before_the_last_allowed_try() -> None:
    fail(2)
    assert pause() is None


def test_an_address_waits_after_its_tries_from_wherever_they_came() -> None:
    fail(2)
    fail(1, place="198.51.100.7", at=NOW + timedelta(minutes=5))
    assert pause(place="203.0.113.9", at=NOW + timedelta(minutes=5)) == NOW + PAUSE


def test_another_address_from_the_same_place_does_not_wait() -> None:
    fail(3)
    assert pause(email="rui@ulisboa.example") is None


def test_a_place_that_tries_many_addresses_waits() -> None:
    for n in range(3 * throttle.PEOPLE_BEHIND_A_PLACE):
        fail(1, email=f"person-{n}@hanu.example")
    assert pause(email="rui@ulisboa.example") == NOW + PAUSE
    assert pause(email="rui@ulisboa.example", place="198.51.100.7") is None


def test_the_pause_ends_when_the_window_does() -> None:
    fail(3)
    assert pause(at=NOW + PAUSE - timedelta(seconds=1)) == NOW + PAUSE
    assert pause(at=NOW + PAUSE) is None


def test_an_address_whose_owner_came_in_starts_afresh() -> None:
    fail(3)
    throttle.forget("mai@hanu.example")
    assert pause() is None


def test_failures_that_no_longer_count_are_deleted() -> None:
    fail(3)
    fail(1, at=NOW + PAUSE)
    assert db.session.scalar(sa.select(sa.func.count(SignInAttempt.id))) == 1
