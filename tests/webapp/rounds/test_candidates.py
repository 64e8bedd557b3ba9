"""Who takes part in a round, and how the matcher sees them."""

from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from matcher.profile import Slot
from tests import factories
from webapp.accounts.models import User
from webapp.db import db
from webapp.matches.lifecycle import OPEN_STATES, State
from webapp.profiles.models import CourseProfile, CourseState
from webapp.rounds import candidates

pytestmark = pytest.mark.usefixtures("context")


def course_of_mai(**fields: object) -> CourseProfile:
    """A course at Hanoi."""
    return factories.course(factories.user(at=factories.institution()), **fields)


def ids(now: datetime) -> list[str]:
    """Ids of the courses that take part."""
    return [profile.id for profile in candidates.load(now).profiles]


@pytest.mark.parametrize("state", CourseState)
def test_only_open_courses_take_part(state: CourseState, now: datetime) -> None:
    course = course_of_mai(state=state)
    assert ids(now) == ([str(course.id)] if state is CourseState.OPEN else [])


@pytest.mark.parametrize("missing", [{"confirmed_at": None}, {"verified_at": None}, {"closed_at": factories.AT}])
def test_courses_of_people_who_are_not_verified_or_have_left_stay_away(
    missing: dict[str, datetime | None], now: datetime
) -> None:
    factories.course(factories.user(at=factories.institution(), **missing))
    assert ids(now) == []


def test_a_course_takes_part_until_its_last_day(now: datetime) -> None:
    course = course_of_mai(starts_on=date(2026, 9, 1), ends_on=now.date())
    assert ids(now) == [str(course.id)]
    assert ids(now + timedelta(days=1)) == []


def test_weeks_that_are_over_are_no_weeks_to_share(now: datetime) -> None:
    course = course_of_mai(starts_on=date(2026, 9, 1), ends_on=date(2026, 12, 18))
    (profile,) = candidates.load(now).profiles
    assert (profile.starts_on, profile.ends_on) == (date(2026, 11, 30), course.ends_on)


def test_a_course_in_its_last_week_keeps_its_dates_in_order(now: datetime) -> None:
    course_of_mai(starts_on=date(2026, 9, 1), ends_on=date(2026, 11, 26))
    (profile,) = candidates.load(now).profiles
    assert (profile.starts_on, profile.ends_on) == (date(2026, 11, 26), date(2026, 11, 26))


def test_a_course_without_dates_takes_part(now: datetime) -> None:
    course_of_mai(starts_on=None, ends_on=None)
    (profile,) = candidates.load(now).profiles
    assert (profile.starts_on, profile.ends_on) == (None, None)


@pytest.mark.parametrize("state", State)
def test_open_matches_take_places_and_every_match_was_tried(state: State, now: datetime) -> None:
    match = factories.pair(state=state)
    match.course_b.capacity = 2
    db.session.flush()
    a_id, b_id = str(match.course_a_id), str(match.course_b_id)
    found = candidates.load(now)
    places = {profile.id: profile.capacity for profile in found.profiles}
    assert places == ({b_id: 1} if state in OPEN_STATES else {a_id: 1, b_id: 2})
    assert found.tried == (set() if state is State.TAKEN_BACK else {frozenset({a_id, b_id})})


def test_every_field_reaches_the_matcher(now: datetime) -> None:
    values = {
        "discipline": "Hydrology",
        "description": "Floods.",
        "outcomes": ["Read a map"],
        "keywords": ["rain"],
        "isced_f": "0521",
        "level": "master",
        "eqf": 7,
        "students": 24,
        "capacity": 3,
        "exchange_languages": {"en": "B2", "fr": None},
        "native_languages": ["vi"],
        "learning_languages": ["en"],
        "breaks": [{"from": "2027-03-08", "to": "2027-03-14"}],
        "time_zone": "Asia/Ho_Chi_Minh",
        "slots": [{"weekday": "mon", "start": "09:00", "end": "10:30"}],
        "weeks_wanted": 6,
        "mode": "mixed",
        "tools": ["zoom"],
        "blocked_tools": ["line"],
        "bandwidth": "low",
        "sdgs": [6, 11],
        "skills": ["U1.5"],
        "wish_regions": ["europe"],
        "wish_countries": ["PT"],
        "wish_disciplines": ["Geography"],
        "must_have_topic": "rain",
    }
    course = course_of_mai(**values)
    (profile,) = candidates.load(now).profiles
    seen = profile.to_dict()
    assert seen.pop("wishes") == {
        "regions": ["europe"], "countries": ["PT"], "disciplines": ["Geography"], "must_have_topic": "rain"
    }  # fmt: skip
    assert (seen.pop("id"), seen.pop("title")) == (str(course.id), "Urban water")
    assert (seen.pop("institution"), seen.pop("country")) == ("Hanoi University", "VN")
    assert (seen.pop("starts_on"), seen.pop("ends_on")) == ("2027-02-15", "2027-06-04")
    assert seen == {name: value for name, value in values.items() if not name.startswith(("wish", "must"))}
    assert isinstance(profile.slots[0], Slot)


def test_a_row_the_matcher_cannot_read_costs_nobody_else_the_round(now: datetime) -> None:
    broken = course_of_mai(exchange_languages={"en": "very good"})
    other = factories.course(factories.user("rui@ulisboa.example", at=factories.institution("Lisbon", "PT")))
    with capture_logs() as logs:
        assert ids(now) == [str(other.id)]
    assert [(line["course_id"], "exchange_languages" in line["problems"]) for line in logs] == [(broken.id, True)]


def test_the_number_of_queries_does_not_grow_with_the_courses(now: datetime) -> None:
    lecturer_id = factories.user(at=factories.institution()).id
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("SELECT"):
            statements.append(statement)

    for n_courses in (1, 4):
        for _ in range(n_courses):
            factories.course(db.session.get_one(User, lecturer_id))
        db.session.commit()
        db.session.expunge_all()
        statements.clear()
        sa.event.listen(db.engine, "before_cursor_execute", note)
        assert candidates.load(now).profiles[0].institution == "Hanoi University"
        sa.event.remove(db.engine, "before_cursor_execute", note)
        assert len(statements) == 6
