"""Steps of a course and the way back from each."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.webapp.profiles.filling import sent_back
from webapp.db import db
from webapp.profiles import rules
from webapp.profiles.models import CourseProfile, CourseState

SignIn = Callable[[int], FlaskClient]


def place(app: Flask, sign_in: SignIn, state: CourseState) -> tuple[FlaskClient, int]:
    """The browser of a lecturer and a course of theirs."""
    with app.app_context():
        mai = factories.user(at=factories.institution())
        course_id = factories.course(mai, state=state).id
        db.session.commit()
        mai_id = mai.id
    return sign_in(mai_id), course_id


def states(app: Flask) -> dict[int, CourseState]:
    """The courses there are, with their states."""
    with app.app_context():
        return {row.id: row.state for row in db.session.query(CourseProfile)}


@pytest.mark.parametrize(
    ("step", "before", "after"),
    [
        ("publish", CourseState.DRAFT, CourseState.OPEN),
        ("pause", CourseState.OPEN, CourseState.PAUSED),
        ("resume", CourseState.PAUSED, CourseState.OPEN),
        ("withdraw", CourseState.DRAFT, CourseState.WITHDRAWN),
        ("withdraw", CourseState.OPEN, CourseState.WITHDRAWN),
        ("withdraw", CourseState.PAUSED, CourseState.WITHDRAWN),
    ],
)
def test_every_step_has_a_way_back(
    app: Flask, sign_in: SignIn, step: str, before: CourseState, after: CourseState
) -> None:
    mai, course_id = place(app, sign_in, before)
    assert mai.post(f"/courses/{course_id}/{step}").status_code == 303
    assert states(app) == {course_id: after}
    page = mai.get(f"/courses/{course_id}").text
    assert "Undo this step" in page
    back = {name: sent_back(page)[name][0] for name in ("to", "version")}
    assert mai.post(f"/courses/{course_id}/undo", data=back).status_code == 303
    assert states(app) == {course_id: before}
    assert mai.post(f"/courses/{course_id}/undo", data=back).status_code == 409


def test_publishing_leads_to_who_would_fit_and_the_course_links_there(app: Flask, sign_in: SignIn) -> None:
    mai, course_id = place(app, sign_in, CourseState.DRAFT)
    assert f'href="/courses/{course_id}/fits"' in mai.get(f"/courses/{course_id}").text
    answer = mai.post(f"/courses/{course_id}/publish")
    assert (answer.status_code, answer.location) == (303, f"/courses/{course_id}/fits")


def test_pausing_is_called_not_now(app: Flask, sign_in: SignIn) -> None:
    mai, course_id = place(app, sign_in, CourseState.OPEN)
    assert "Not now: pause" in mai.get(f"/courses/{course_id}").text


def test_a_copy_can_be_undone_until_something_is_done_with_it(app: Flask, sign_in: SignIn) -> None:
    mai, course_id = place(app, sign_in, CourseState.OPEN)
    page = mai.post(f"/courses/{course_id}/copy", follow_redirects=True)
    assert "Undo the copy" in page.text
    (copy_id,) = set(states(app)) - {course_id}
    mai.post(f"/courses/drafts?course={copy_id}", data={"title": "Rivers"})
    answer = mai.post(f"/courses/{copy_id}/undo", data={"to": "copied", "version": "1"})
    assert (answer.status_code, answer.location) == (303, f"/courses/{course_id}")
    assert states(app) == {course_id: CourseState.OPEN}
    page = mai.post(f"/courses/{course_id}/copy", follow_redirects=True)
    (copy_id,) = set(states(app)) - {course_id}
    sent = sent_back(page.text) | {"title": ["Rivers"], "version": ["1"]}
    assert mai.post(f"/courses/{copy_id}/edit", data=sent).status_code == 303
    for version in ("1", "2"):
        assert mai.post(f"/courses/{copy_id}/undo", data={"to": "copied", "version": version}).status_code == 409
    assert set(states(app)) == {course_id, copy_id}


def test_what_is_no_copy_is_never_deleted(app: Flask, sign_in: SignIn) -> None:
    mai, course_id = place(app, sign_in, CourseState.DRAFT)
    assert mai.post(f"/courses/{course_id}/undo", data={"to": "copied", "version": "1"}).status_code == 409
    assert set(states(app)) == {course_id}


def test_a_copy_carries_everything_but_its_term_to_the_next_one(app: Flask, sign_in: SignIn) -> None:
    mai, course_id = place(app, sign_in, CourseState.OPEN)
    mai.post(f"/courses/{course_id}/copy")
    with app.app_context():
        first, copied = db.session.query(CourseProfile).order_by(CourseProfile.id)
        assert first.starts_on is not None
        assert copied.starts_on is not None
        assert copied.starts_on > first.starts_on
        assert copied.starts_on.weekday() == first.starts_on.weekday()
        moved = {"starts_on", "ends_on", "term_name", "breaks"}
        values, copies = rules.values_of(first), rules.values_of(copied)
        assert {name: copies[name] for name in values if name not in moved} == {
            name: values[name] for name in values if name not in moved
        }
