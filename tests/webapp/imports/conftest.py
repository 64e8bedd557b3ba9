"""A lecturer's browser, and what the database holds of their courses."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from webapp.db import db
from webapp.profiles.models import CourseProfile


@pytest.fixture
def mai(app: Flask, sign_in: Callable[[int], FlaskClient]) -> FlaskClient:
    """The browser of a lecturer in Hanoi whom nobody has verified yet."""
    with app.app_context():
        mai_id = factories.user(at=factories.institution(), verified_at=None).id
        db.session.commit()
    return sign_in(mai_id)


@pytest.fixture
def courses(app: Flask) -> Callable[[], list[CourseProfile]]:
    """All courses, read afresh."""

    def read() -> list[CourseProfile]:
        with app.app_context():
            return list(db.session.scalars(sa.select(CourseProfile).order_by(CourseProfile.id)))

    return read
