"""What may be done with courses."""

from datetime import date, datetime, timedelta

import pytest
from flask import Flask

from tests import factories
from webapp.access import Role
from webapp.accounts.models import User
from webapp.db import db
from webapp.errors import NotAllowedError, WrongStateError
from webapp.institutions.models import InstitutionTerm
from webapp.profiles import rules, terms
from webapp.profiles.models import CourseProfile, CourseState


@pytest.fixture
def mai(context: Flask) -> User:
    """A lecturer in Hanoi."""
    return factories.user(at=factories.institution())


def test_only_a_draft_is_published(mai: User, now: datetime) -> None:
    course = factories.course(mai, state=CourseState.DRAFT, published_at=None)
    rules.publish(course, mai, now)
    assert course.state is CourseState.OPEN
    assert course.published_at == now
    for state in (CourseState.OPEN, CourseState.PAUSED, CourseState.WITHDRAWN):
        course.state = state
        with pytest.raises(WrongStateError):
            rules.publish(course, mai, now)


def test_publishing_says_everything_that_is_in_the_way(context: Flask, now: datetime) -> None:
    toronto = factories.institution("University of Toronto", "CA")
    ann = factories.user("ann@utoronto.example", at=toronto, verified_at=None)
    course = factories.course(
        ann, "", state=CourseState.DRAFT, starts_on=date(2026, 2, 2), ends_on=date(2026, 6, 5), published_at=None
    )
    with pytest.raises(NotAllowedError) as refused:
        rules.publish(course, ann, now)
    for words in (
        "has to be verified",
        "needs a title",
        "Canada is outside the ASEM regions",
        "ended on Fri, 5 Jun 2026",
    ):
        assert words in refused.value.message
    assert course.state is CourseState.DRAFT


def test_what_is_paused_is_resumed_and_what_is_withdrawn_stays_so(mai: User, now: datetime) -> None:
    course = factories.course(mai)
    with pytest.raises(WrongStateError):
        rules.resume(course, mai, now)
    rules.pause(course)
    assert course.state is CourseState.PAUSED
    with pytest.raises(WrongStateError):
        rules.pause(course)
    rules.resume(course, mai, now)
    assert course.state is CourseState.OPEN
    rules.withdraw(course)
    assert course.state is CourseState.WITHDRAWN
    for step in (lambda: rules.pause(course), lambda: rules.resume(course, mai, now), lambda: rules.withdraw(course)):
        with pytest.raises(WrongStateError):
            step()
    with pytest.raises(WrongStateError, match="Copy it"):
        rules.save(course, rules.values_of(course), now)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (CourseState.DRAFT, CourseState.OPEN),
        (CourseState.PAUSED, CourseState.OPEN),
        (CourseState.OPEN, CourseState.PAUSED),
        (CourseState.DRAFT, CourseState.WITHDRAWN),
        (CourseState.OPEN, CourseState.WITHDRAWN),
        (CourseState.PAUSED, CourseState.WITHDRAWN),
    ],
)
def test_each_step_can_be_undone_until_the_course_changes(
    mai: User, now: datetime, before: CourseState, after: CourseState
) -> None:
    course = factories.course(mai, state=after)
    with pytest.raises(WrongStateError):
        rules.undo(course, mai, before.value, course.version + 1, now)
    rules.undo(course, mai, before.value, course.version, now)
    assert course.state is before


@pytest.mark.parametrize(
    ("state", "to"),
    [
        (CourseState.DRAFT, "open"),
        (CourseState.PAUSED, "draft"),
        (CourseState.OPEN, "withdrawn"),
        (CourseState.OPEN, "open"),
        (CourseState.WITHDRAWN, "nonsense"),
    ],
)
def test_no_undo_leads_where_no_step_came_from(mai: User, now: datetime, state: CourseState, to: str) -> None:
    course = factories.course(mai, state=state)
    with pytest.raises(WrongStateError):
        rules.undo(course, mai, to, course.version, now)
    assert course.state is state


def test_undo_is_no_way_around_verification(context: Flask, now: datetime) -> None:
    new = factories.user("new@hanu.example", at=factories.institution(), verified_at=None)
    course = factories.course(new, state=CourseState.WITHDRAWN)
    with pytest.raises(NotAllowedError):
        rules.undo(course, new, "open", course.version, now)
    assert course.state is CourseState.WITHDRAWN


@pytest.mark.parametrize(
    ("starts_on", "weeks"),
    [(date(2027, 2, 15), 52), (date(2026, 9, 7), 52), (date(2025, 11, 24), 104), (date(2024, 2, 12), 156)],
)
def test_a_copy_lies_ahead_on_the_same_weekdays(mai: User, now: datetime, starts_on: date, weeks: int) -> None:
    ends_on = starts_on + timedelta(weeks=15)
    pause = {"from": (starts_on + timedelta(days=30)).isoformat(), "to": (starts_on + timedelta(days=36)).isoformat()}
    course = factories.course(mai, starts_on=starts_on, ends_on=ends_on, breaks=[pause], term_name="Semester 2")
    course.filled_in = ["breaks"]
    copied = rules.copy(course, now)
    assert copied.weeks == weeks
    made = copied.course
    assert made.starts_on is not None
    assert made.starts_on > now.date()
    assert made.starts_on - starts_on == timedelta(weeks=weeks)
    assert made.starts_on.weekday() == starts_on.weekday()
    assert made.ends_on == ends_on + timedelta(weeks=weeks)
    assert date.fromisoformat(made.breaks[0]["from"]) - date.fromisoformat(pause["from"]) == timedelta(weeks=weeks)
    same = set(rules.COLUMNS) - {"starts_on", "ends_on", "breaks", "term_name"}
    assert {name: getattr(made, name) for name in same} == {name: getattr(course, name) for name in same}
    assert made.term_name == ""
    assert made.state is CourseState.DRAFT
    assert made.filled_in == ["breaks"]
    assert made.copied_from_id == course.id
    assert course.breaks == [pause]


def test_a_copy_takes_the_next_term_its_institution_states(mai: User, now: datetime) -> None:
    assert mai.institution is not None
    course = factories.course(mai, starts_on=date(2027, 2, 15), ends_on=date(2027, 6, 4), term_name="Semester 2")
    pause = {"from": "2027-10-04", "to": "2027-10-10"}
    for name, first, last in (
        ("Semester 2", date(2027, 2, 15), date(2027, 6, 4)),
        ("Semester 1", date(2027, 9, 6), date(2027, 12, 24)),
        ("Semester 2 again", date(2028, 2, 14), date(2028, 6, 2)),
    ):
        db.session.add(
            InstitutionTerm(institution_id=mai.institution.id, name=name, starts_on=first, ends_on=last, breaks=[pause])
        )
    term = terms.following(course, now.date())
    made = rules.copy(course, now, term).course
    assert (made.term_name, made.starts_on, made.ends_on) == ("Semester 1", date(2027, 9, 6), date(2027, 12, 24))
    assert made.breaks == [pause]
    assert made.title == course.title
    course.ends_on = date(2028, 3, 1)
    assert terms.following(course, now.date()) is None


def test_a_copy_without_dates_has_none_to_move(mai: User, now: datetime) -> None:
    copied = rules.copy(factories.course(mai, starts_on=None, ends_on=None), now)
    assert copied.weeks == 0
    assert copied.course.starts_on is None
    assert copied.course.ends_on is None


def test_saving_notes_what_a_person_has_changed(mai: User, now: datetime) -> None:
    course = factories.course(mai, filled_in=["students", "mode", "wishes"], students=30, mode="mixed")
    later = now + timedelta(days=1)
    rules.save(course, rules.values_of(course) | {"students": 24}, later)
    assert course.filled_in == ["mode", "wishes"]
    assert course.updated_at == later
    rules.save(course, rules.values_of(course) | {"wish_countries": ["PT"]}, later)
    assert course.filled_in == ["mode"]


def test_every_column_of_a_course_has_a_value_when_nothing_is_said(mai: User, now: datetime) -> None:
    course = rules.new_course(mai, rules.no_values("Asia/Ho_Chi_Minh") | {"title": "Rivers"}, now)
    db.session.add(course)
    db.session.flush()
    assert course.state is CourseState.DRAFT
    assert course.time_zone == "Asia/Ho_Chi_Minh"
    profile_columns = set(CourseProfile.__table__.columns.keys()) - {
        *("id", "lecturer_id", "institution_id", "state", "filled_in", "copied_from_id", "source_key"),
        *("created_at", "updated_at", "published_at", "version"),
    }
    assert profile_columns == set(rules.COLUMNS)


def test_somebody_without_an_institution_offers_no_course(context: Flask, now: datetime) -> None:
    co = factories.user("co@net.example", Role.COORDINATOR)
    with pytest.raises(NotAllowedError):
        rules.new_course(co, rules.no_values() | {"title": "Rivers"}, now)


def test_coordinators_read_drafts_of_their_own_countries_only(mai: User) -> None:
    course = factories.course(mai, state=CourseState.DRAFT)
    here = factories.user("linh@asem.example", Role.COORDINATOR, countries=["VN"])
    elsewhere = factories.user("zoe@asem.example", Role.COORDINATOR, countries=["AU"])
    assert rules.may_see(course, here)
    assert not rules.may_see(course, elsewhere)
    course.state = CourseState.OPEN
    assert rules.may_see(course, elsewhere)
