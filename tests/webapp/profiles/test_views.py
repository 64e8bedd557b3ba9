"""Pages of courses."""

from collections.abc import Callable
from datetime import date

from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from webapp.access import Role
from webapp.db import db
from webapp.profiles.models import CourseProfile, CourseState

SignIn = Callable[[int], FlaskClient]


def make_course(app: Flask, **fields: object) -> tuple[int, int]:
    """A lecturer in Hanoi and a course of theirs; gives the ids of both."""
    with app.app_context():
        hanoi = factories.institution()
        mai = factories.user(at=hanoi)
        course = factories.course(mai, **fields)
        db.session.commit()
        return mai.id, course.id


def state_of(app: Flask, course_id: int) -> CourseState:
    """What the database says."""
    with app.app_context():
        return db.session.get_one(CourseProfile, course_id).state


def test_a_lecturer_without_courses_is_told_how_to_begin(app: Flask, sign_in: SignIn) -> None:
    with app.app_context():
        mai = factories.user(at=factories.institution())
        db.session.commit()
        mai_id = mai.id
    page = sign_in(mai_id).get("/courses")
    assert page.status_code == 200
    assert "No course yet" in page.text
    assert "Describe a course" in page.text


def test_my_courses_say_how_complete_they_are_and_what_comes_next(app: Flask, sign_in: SignIn) -> None:
    mai_id, course_id = make_course(app)
    page = sign_in(mai_id).get("/courses")
    assert "Open for partners" in page.text
    assert "28 of 100: still thin" in page.text
    assert f'/courses/{course_id}/edit#description">Add a description' in page.text


def test_a_title_alone_makes_a_draft(app: Flask, sign_in: SignIn) -> None:
    mai_id, _course_id = make_course(app)
    answer = sign_in(mai_id).post("/courses/new", data={"title": "Rivers", "then": "save"})
    assert answer.status_code == 303
    made = int(answer.location.rsplit("/", 1)[1])
    assert state_of(app, made) is CourseState.DRAFT


def test_the_form_of_a_new_course_has_the_institutions_time_zone(app: Flask, sign_in: SignIn) -> None:
    mai_id, _course_id = make_course(app)
    page = sign_in(mai_id).get("/courses/new")
    assert page.status_code == 200
    assert '<option selected value="Asia/Ho_Chi_Minh">Ho Chi Minh City</option>' in page.text


def test_a_course_is_shown_to_its_people_and_to_nobody_else(app: Flask, sign_in: SignIn, client: FlaskClient) -> None:
    mai_id, course_id = make_course(app)
    with app.app_context():
        lisbon = factories.institution("University of Lisbon", "PT")
        hanoi = db.session.get_one(CourseProfile, course_id).institution
        people = {
            "office": (factories.user("office@hanu.example", Role.OFFICE, hanoi).id, 200),
            "pending office": (factories.user("new@hanu.example", Role.OFFICE, hanoi, verified_at=None).id, 403),
            "other office": (factories.user("office@ulisboa.example", Role.OFFICE, lisbon).id, 403),
            "colleague": (factories.user("linh@hanu.example", at=hanoi).id, 403),
            "coordinator": (factories.user("co@net.example", Role.COORDINATOR).id, 200),
            "administrator": (factories.user("admin@net.example", Role.ADMINISTRATOR).id, 200),
        }
        db.session.commit()
    for who, (person_id, status) in people.items():
        assert sign_in(person_id).get(f"/courses/{course_id}").status_code == status, who
    assert client.get(f"/courses/{course_id}").status_code == 302
    assert sign_in(mai_id).get("/courses/999999").status_code == 404
    office = sign_in(people["office"][0]).get(f"/courses/{course_id}").text
    assert "Urban water" in office
    assert "mai@hanu.example" not in office
    assert f"/courses/{course_id}/edit" not in office


def test_nobody_changes_the_course_of_another(app: Flask, sign_in: SignIn) -> None:
    _mai_id, course_id = make_course(app)
    with app.app_context():
        hanoi = db.session.get_one(CourseProfile, course_id).institution
        linh_id = factories.user("linh@hanu.example", at=hanoi).id
        db.session.commit()
    linh = sign_in(linh_id)
    assert linh.get(f"/courses/{course_id}/edit").status_code == 403
    for step in ("edit", "publish", "pause", "resume", "withdraw", "undo", "copy"):
        assert linh.post(f"/courses/{course_id}/{step}", data={"title": "Mine"}).status_code == 403, step
    assert state_of(app, course_id) is CourseState.OPEN


def test_pausing_can_be_undone(app: Flask, sign_in: SignIn) -> None:
    mai_id, course_id = make_course(app)
    mai = sign_in(mai_id)
    page = mai.post(f"/courses/{course_id}/pause", follow_redirects=True)
    assert "is paused" in page.text
    assert "Undo this step" in page.text
    assert state_of(app, course_id) is CourseState.PAUSED
    version = page.text.partition('name="version" value="')[2].partition('"')[0]
    page = mai.post(f"/courses/{course_id}/undo", data={"to": "open", "version": version}, follow_redirects=True)
    assert "Undone" in page.text
    assert state_of(app, course_id) is CourseState.OPEN
    assert "Undo this step" not in mai.get(f"/courses/{course_id}").text


def test_each_step_leads_where_it_says(app: Flask, sign_in: SignIn) -> None:
    mai_id, course_id = make_course(app, state=CourseState.DRAFT, published_at=None)
    mai = sign_in(mai_id)
    for step, state in (
        ("publish", CourseState.OPEN),
        ("pause", CourseState.PAUSED),
        ("resume", CourseState.OPEN),
        ("withdraw", CourseState.WITHDRAWN),
    ):
        page = mai.post(f"/courses/{course_id}/{step}", follow_redirects=True)
        assert page.status_code == 200
        assert "Undo this step" in page.text
        assert state_of(app, course_id) is state
    again = mai.post(f"/courses/{course_id}/withdraw")
    assert again.status_code == 409
    assert "look at how it stands now" in again.text


def test_someone_not_verified_writes_drafts_and_is_told_why_no_more(app: Flask, sign_in: SignIn) -> None:
    with app.app_context():
        new_id = factories.user("new@hanu.example", at=factories.institution(), verified_at=None).id
        db.session.commit()
    new = sign_in(new_id)
    form = new.get("/courses/new")
    assert "waits to be verified" in form.text
    assert "Save and open for partners" not in form.text
    page = new.post("/courses/new", data={"title": "Rivers", "then": "publish"}, follow_redirects=True)
    assert page.status_code == 200
    assert "Saved as a draft, not yet open for partners." in page.text
    course_id = int(page.request.path.rsplit("/", 1)[1])
    assert state_of(app, course_id) is CourseState.DRAFT
    assert new.post(f"/courses/{course_id}/publish").status_code == 403


def test_a_copy_is_a_draft_a_year_later_and_says_what_to_check(app: Flask, sign_in: SignIn) -> None:
    mai_id, course_id = make_course(app, term_name="Semester 2", slots=[])
    page = sign_in(mai_id).post(f"/courses/{course_id}/copy", follow_redirects=True)
    assert page.status_code == 200
    assert "moved by 52 weeks" in page.text
    with app.app_context():
        made = db.session.get_one(CourseProfile, int(page.request.path.split("/")[2]))
        assert made.state is CourseState.DRAFT
        assert made.copied_from_id == course_id
        assert made.term_name == ""
        assert made.starts_on == date(2028, 2, 14)


def test_what_a_program_filled_in_is_marked_and_a_correction_removes_the_mark(app: Flask, sign_in: SignIn) -> None:
    mai_id, course_id = make_course(app, students=30, filled_in=["students", "institution"])
    mai = sign_in(mai_id)
    page = mai.get(f"/courses/{course_id}").text
    assert page.count("Filled in for the demonstration") == 1
    assert "the institution only stands in for another one" in page
    form = mai.get(f"/courses/{course_id}/edit").text
    assert form.count("Filled in for the demonstration") == 1
    mai.post(f"/courses/{course_id}/edit", data={"title": "Urban water", "students": "24", "version": "1"})
    with app.app_context():
        assert db.session.get_one(CourseProfile, course_id).filled_in == ["institution"]


def test_tools_often_blocked_in_a_country_are_named_where_one_chooses_them(app: Flask, sign_in: SignIn) -> None:
    with app.app_context():
        beijing = factories.institution("Beihang University", "CN")
        li_id = factories.user("li@buaa.example", at=beijing).id
        db.session.commit()
    page = sign_in(li_id).get("/courses/new").text
    assert "Often blocked in China, as far as we know: Zoom, Google Meet" in page
