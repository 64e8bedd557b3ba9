"""Questions about people."""

from datetime import UTC, datetime, timedelta

import pytest

from tests import factories
from webapp.access import Role
from webapp.accounts import queries

pytestmark = pytest.mark.usefixtures("context")
LATER = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def test_an_address_is_found_whatever_its_case() -> None:
    mai = factories.user("mai@hanu.example", at=factories.institution())
    assert queries.by_email(" Mai@HANU.example ") is mai
    assert queries.by_email("nobody@hanu.example") is None


def test_offices_are_those_of_the_institution_that_are_verified_and_open() -> None:
    hanoi, lisbon = factories.institution(), factories.institution("University of Lisbon", "PT")
    here = factories.user("office@hanu.example", Role.OFFICE, hanoi)
    factories.user("mai@hanu.example", Role.LECTURER, hanoi)
    factories.user("office@ulisboa.example", Role.OFFICE, lisbon)
    factories.user("pending@hanu.example", Role.OFFICE, hanoi, verified_at=None)
    factories.user("unconfirmed@hanu.example", Role.OFFICE, hanoi, confirmed_at=None)
    factories.user("gone@hanu.example", Role.OFFICE, hanoi, closed_at=LATER)
    assert queries.offices_of(hanoi.id) == [here]


def test_coordinators_and_administrators_are_those_who_are_verified() -> None:
    coordinator = factories.user("kim@network.example", Role.COORDINATOR)
    administrator = factories.user("root@causeway.example", Role.ADMINISTRATOR)
    factories.user("new@network.example", Role.COORDINATOR, verified_at=None)
    assert queries.coordinators() == [coordinator]
    assert queries.administrators() == [administrator]


def test_those_who_wait_longest_come_first() -> None:
    hanoi = factories.institution()
    second = factories.user("b@hanu.example", at=hanoi, verified_at=None, confirmed_at=LATER)
    first = factories.user("a@hanu.example", at=hanoi, verified_at=None, confirmed_at=LATER - timedelta(hours=1))
    factories.user("c@hanu.example", at=hanoi, verified_at=None, confirmed_at=None)
    factories.user("d@hanu.example", at=hanoi, verified_at=None, closed_at=LATER)
    factories.user("e@hanu.example", at=hanoi)
    assert queries.pending(None, 1).items == [first, second]


def test_an_office_is_shown_the_lecturers_of_its_own_institution_only() -> None:
    hanoi, lisbon = factories.institution(), factories.institution("University of Lisbon", "PT")
    lecturer = factories.user("a@hanu.example", at=hanoi, verified_at=None)
    factories.user("b@hanu.example", Role.OFFICE, at=hanoi, verified_at=None)
    factories.user("c@ulisboa.example", at=lisbon, verified_at=None)
    assert queries.pending(hanoi.id, 1).items == [lecturer]


def test_a_long_list_comes_in_pages_and_behind_the_last_one_is_the_last() -> None:
    hanoi = factories.institution()
    for n in range(queries.PER_PAGE + 1):
        factories.user(f"person-{n}@hanu.example", at=hanoi, verified_at=None)
    assert len(queries.pending(None, 1).items) == queries.PER_PAGE
    assert len(queries.pending(None, 2).items) == 1
    assert queries.pending(None, 99).items == queries.pending(None, 2).items
