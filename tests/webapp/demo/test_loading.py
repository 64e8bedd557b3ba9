"""The demonstration in the database: real courses, invented people, and loading it twice adds nothing."""

import json
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from webapp.access import Role
from webapp.accounts import passwords
from webapp.accounts.models import User
from webapp.db import db
from webapp.demo import loading, people
from webapp.profiles.models import CourseProfile, CourseState, LecturerProfile
from webapp.rounds import candidates

PASSWORD = "four weeks at least"
pytestmark = pytest.mark.usefixtures("context", "cheap_hashes")


@pytest.fixture
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash with the least work Argon2 allows."""
    for name, value in {"TIME_COST": 1, "MEMORY_KIB": 8, "PARALLELISM": 1}.items():
        monkeypatch.setattr(passwords, name, value)


def courses() -> list[CourseProfile]:
    """All courses, by id."""
    return list(db.session.scalars(sa.select(CourseProfile).order_by(CourseProfile.id)))


def test_every_course_is_open_ahead_and_readable_for_the_matcher(now: datetime) -> None:
    loaded = loading.load(now, PASSWORD)
    lines = (loading.FOLDER / "profiles.jsonl").read_text(encoding="utf-8").splitlines()
    assert loaded.n_courses == len(lines) == len(courses())
    assert {course.state for course in courses()} == {CourseState.OPEN}
    found = candidates.load(now)
    assert len(found.profiles) == len(lines)
    assert {profile.region for profile in found.profiles} == {"asia", "europe"}


def test_courses_keep_what_the_file_says_and_mark_what_was_filled_in(now: datetime) -> None:
    loading.load(now, PASSWORD)
    mappings = loading.courses(now.date())
    filled_in = json.loads((loading.FOLDER / "filled_in.json").read_text(encoding="utf-8"))
    for mapping, course in zip(mappings, courses(), strict=True):
        assert course.filled_in == filled_in[mapping["id"]]
        assert course.institution.name == mapping["institution"]
        assert course.title == mapping["title"]
        assert course.slots == mapping.get("slots", [])
        assert (course.starts_on and course.starts_on.isoformat()) == mapping.get("starts_on")


def test_each_institution_has_a_lecturer_and_an_office_and_there_are_two_overseers(now: datetime) -> None:
    loading.load(now, PASSWORD)
    users = {user.email: user for user in db.session.scalars(sa.select(User)).unique()}
    n_institutions = len({course.institution_id for course in courses()})
    roles = [user.role for user in users.values()]
    assert roles.count(Role.LECTURER) == roles.count(Role.OFFICE) == n_institutions
    assert users[people.COORDINATOR].role is Role.COORDINATOR
    assert users[people.ADMINISTRATOR].role is Role.ADMINISTRATOR
    kyushu = users[people.lecturer_address("JP-019")]
    assert (kyushu.name, kyushu.language, kyushu.time_zone) == ("Demo lecturer, Kyushu University", "ja", "Asia/Tokyo")
    assert all(user.is_active and user.is_verified and user.email.endswith(".example") for user in users.values())
    assert all(passwords.matches(user.password_hash, PASSWORD) for user in users.values())
    assert db.session.scalar(sa.select(sa.func.count()).select_from(LecturerProfile)) == n_institutions


def test_loading_again_adds_nothing_and_changes_nothing_people_did(now: datetime) -> None:
    loading.load(now, PASSWORD)
    first = courses()[0]
    first.state, first.students = CourseState.WITHDRAWN, 99
    db.session.commit()
    assert loading.load(now + timedelta(days=300), PASSWORD) == loading.Loaded(n_people=0, n_courses=0)
    assert (first.state, first.students) == (CourseState.WITHDRAWN, 99)


def test_a_new_password_reaches_everybody(now: datetime) -> None:
    loading.load(now, PASSWORD)
    loading.load(now, "another one, no less long")
    hashes = set(db.session.scalars(sa.select(User.password_hash)))
    assert len(hashes) == 1
    assert passwords.matches(hashes.pop(), "another one, no less long")


def test_terms_lie_ahead_whenever_it_is_loaded(now: datetime) -> None:
    later = now.replace(year=2031)
    loading.load(later, PASSWORD)
    starts = [course.starts_on for course in courses() if course.starts_on]
    assert sum(start > later.date() for start in starts) >= 0.75 * len(starts)
