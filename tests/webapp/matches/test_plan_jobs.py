"""Plans follow their courses by the clock, each in a transaction of its own."""

import pytest
from flask import Flask

from tests.conftest import NOW
from tests.webapp.matches.conftest import LIMITS
from tests.webapp.matches.test_plan_views import in_state
from tests.webapp.matches.test_views import prepare
from webapp import jobs
from webapp.db import db
from webapp.matches import plan_changes, plan_documents, plan_versions
from webapp.matches.lifecycle import State
from webapp.matches.models import Match
from webapp.profiles.models import CourseProfile


def test_the_hourly_job_lets_plans_follow_and_tells_it(app: Flask) -> None:
    ids = prepare(app, in_state(State.APPROVED))
    with app.app_context():
        course = db.session.get_one(CourseProfile, db.session.get_one(Match, ids.match).course_a_id)
        course.students = 44
        db.session.commit()
        said: list[str] = []
        jobs.run_deadlines(app.config["SETTINGS"], NOW, said.append)
        match = db.session.get_one(Match, ids.match)
        assert "Plans that followed their courses: 1." in said
        assert match.state is State.ACCEPTED
        assert plan_versions.all_of(match)[-1].cause == "courses_changed"


def test_a_plan_that_fails_stops_no_other(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = prepare(app, in_state(State.APPROVED))
    with app.app_context():
        db.session.get_one(Match, ids.match).course_a.students = 44
        db.session.commit()
        follow = plan_changes.follow_courses
        monkeypatch.setattr(plan_changes, "due", lambda: [0, ids.match])

        def broken(match_id: int, *rest: object) -> object:
            if match_id == 0:
                raise ValueError("broken")
            return follow(match_id, NOW, LIMITS)

        monkeypatch.setattr(plan_changes, "follow_courses", broken)
        said: list[str] = []
        jobs.run_deadlines(app.config["SETTINGS"], NOW, said.append)
        assert "Plans that followed their courses: 1." in said
        standing = plan_versions.current(db.session.get_one(Match, ids.match))
        assert standing is not None
        assert plan_documents.fingerprint(standing.document) == standing.sha256
