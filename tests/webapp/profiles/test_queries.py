"""Finding profiles."""

from datetime import date, datetime

from flask import Flask

from tests import factories
from webapp.profiles import queries
from webapp.profiles.models import LecturerProfile


def test_my_courses_are_mine_with_the_latest_term_first(context: Flask) -> None:
    hanoi = factories.institution()
    mai = factories.user("mai@hanu.example", at=hanoi)
    linh = factories.user("linh@hanu.example", at=hanoi)
    factories.course(linh)
    old = factories.course(mai, "Old", starts_on=date(2026, 2, 2), ends_on=date(2026, 6, 1))
    new = factories.course(mai, "New")
    unknown = factories.course(mai, "No dates yet", starts_on=None, ends_on=None)
    assert [course.id for course in queries.of_lecturer(mai)] == [unknown.id, new.id, old.id]


def test_a_course_comes_with_its_institution_and_one_that_is_not_there_is_none(context: Flask) -> None:
    mai = factories.user(at=factories.institution())
    course = factories.course(mai)
    found = queries.course(course.id)
    assert found is not None
    assert found.institution.name == "Hanoi University"
    assert queries.course(course.id + 1) is None


def test_a_lecturer_profile_is_found_once_it_exists(context: Flask, now: datetime) -> None:
    mai = factories.user(at=factories.institution())
    assert queries.lecturer_profile(mai) is None
    row = LecturerProfile(user=mai, biography="I teach water.", updated_at=now)
    context.extensions["sqlalchemy"].session.add(row)
    assert queries.lecturer_profile(mai) is row
