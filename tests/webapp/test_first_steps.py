"""The way of a new lecturer."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from webapp.db import db
from webapp.profiles.models import CourseState, LecturerProfile

SignIn = Callable[[int], FlaskClient]


def lecturer(app: Flask, *, is_verified: bool = True, course: CourseState | None = None) -> int:
    with app.app_context():
        at = None if is_verified else {"verified_at": None}
        mai = factories.user(at=factories.institution(), **(at or {}))
        if course is not None:
            factories.course(mai, state=course)
            db.session.add(LecturerProfile(user=mai, updated_at=factories.AT))
        db.session.commit()
        return mai.id


@pytest.mark.parametrize("is_verified", [True, False])
def test_a_new_lecturer_is_led_from_a_course_to_partners(app: Flask, sign_in: SignIn, is_verified: bool) -> None:
    page = sign_in(lecturer(app, is_verified=is_verified)).get("/").text
    assert "To your first partner class" in page
    assert 'href="/courses/new"' in page
    assert "Done" not in page


def test_what_is_done_is_said_and_the_draft_goes_on(app: Flask, sign_in: SignIn) -> None:
    page = sign_in(lecturer(app, course=CourseState.DRAFT)).get("/").text
    assert page.count("Done") == 2
    assert "/edit" in page


def test_who_has_opened_a_course_needs_no_first_steps(app: Flask, sign_in: SignIn) -> None:
    page = sign_in(lecturer(app, course=CourseState.OPEN)).get("/").text
    assert "To your first partner class" not in page
