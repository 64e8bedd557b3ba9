"""What somebody tries who wants to speak for an institution that is not theirs."""

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from webapp.db import db
from webapp.profiles.models import CourseProfile, CourseState

SignIn = Callable[[int], FlaskClient]


def test_a_draft_written_for_an_institution_that_refused_the_person_is_never_opened(
    app: Flask, sign_in: SignIn
) -> None:
    with app.app_context():
        famous, own = factories.institution("Famous University"), factories.institution("Own College", "PT")
        person = factories.user("rui@own.example", at=famous, verified_at=None)
        drafts = [factories.course(person, state=state).id for state in (CourseState.DRAFT, CourseState.PAUSED)]
        # Refused, signed up again for another institution, verified there.
        person.institution, person.verified_at = own, factories.AT
        person.session_version += 1
        person_id = person.id
        db.session.commit()
    browser = sign_in(person_id)
    for course_id, step in zip(drafts, ("publish", "resume"), strict=True):
        answer = browser.post(f"/courses/{course_id}/{step}")
        assert answer.status_code == 403
        assert "This course belongs to Famous University" in answer.text
        assert "This course belongs to Famous University" in browser.get(f"/courses/{course_id}").text
    browser.post(f"/courses/{drafts[0]}/copy")
    with app.app_context():
        copied = db.session.get_one(CourseProfile, drafts[1] + 1)
        assert copied.institution.name == "Own College"
