"""From a file to drafts and back: choosing rows, importing twice, changes, undo, and whose file it is."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from config import Settings
from tests import factories
from tests.conftest import NOW
from tests.webapp.imports.building import csv, send, words
from webapp import jobs
from webapp.db import db
from webapp.imports import rules
from webapp.imports.models import ImportFile
from webapp.profiles.models import CourseProfile, CourseState

Courses = Callable[[], list[CourseProfile]]
HEADER = "Course number,Title,Start date,End date,Level"
WATER = "1,Urban water,2027-02-15,2027-06-04,Bachelor"
AIR = "2,City air,2027-02-15,2027-06-04,Master"


def read_in(client: FlaskClient, *rows: str) -> str:
    """Send a table; gives the address of its preview."""
    answer = send(client, csv(*rows))
    assert answer.status_code == 303, words(answer.text)
    return answer.location


def import_all(client: FlaskClient, *rows: str) -> str:
    """Send a table and import what is sound; gives the address of its preview."""
    address = read_in(client, *rows)
    assert client.post(address, data={"then": "import"}).status_code == 303
    return address


def changed(app: Flask, course: CourseProfile, **values: object) -> None:
    """Change a course behind everybody's back."""
    with app.app_context():
        row = db.session.get_one(CourseProfile, course.id)
        for name, value in values.items():
            setattr(row, name, value)
        db.session.commit()


def test_reading_a_file_saves_no_course(mai: FlaskClient, courses: Courses) -> None:
    address = read_in(mai, HEADER, WATER, AIR)
    shown = words(mai.get(address).text)
    assert "2 new courses" in shown
    assert "Row 2 Urban water Becomes a draft" in shown
    assert "Mon, 15 Feb 2027" in shown
    assert courses() == []


def test_an_import_makes_drafts_of_the_lecturers_institution(mai: FlaskClient, courses: Courses) -> None:
    address = import_all(mai, HEADER, WATER, AIR)
    assert "2 drafts were made." in words(mai.get(address).text)
    water, air = courses()
    assert (water.title, water.state, water.starts_on) == ("Urban water", CourseState.DRAFT, date(2027, 2, 15))
    assert water.time_zone == "Asia/Ho_Chi_Minh"
    assert water.institution_id == air.institution_id
    assert (air.title, air.level) == ("City air", "master")


def test_only_chosen_rows_are_imported(mai: FlaskClient, courses: Courses) -> None:
    address = read_in(mai, HEADER, WATER, AIR)
    answer = mai.post(address, data={"shown": ["2", "3"], "row": ["3"], "then": "import"})
    assert answer.status_code == 303
    assert [course.title for course in courses()] == ["City air"]


def test_nothing_is_saved_until_all_chosen_rows_are_sound(mai: FlaskClient, courses: Courses) -> None:
    address = read_in(mai, HEADER, WATER, "2,City air,soon,2027-06-04,Master")
    refused = mai.post(address, data={"shown": ["2", "3"], "row": ["2", "3"], "then": "import"})
    assert refused.status_code == 422
    assert "chosen rows have problems (Row 3)" in words(refused.text)
    assert courses() == []
    assert mai.post(address, data={"shown": ["2", "3"], "row": ["2"], "then": "import"}).status_code == 303
    assert [course.title for course in courses()] == ["Urban water"]


def test_choosing_nothing_is_said(mai: FlaskClient, courses: Courses) -> None:
    address = read_in(mai, HEADER, WATER)
    mai.post(address, data={"then": "none"})
    refused = mai.post(address, data={"then": "import"})
    assert refused.status_code == 422
    assert "No row is chosen" in words(refused.text)
    mai.post(address, data={"then": "all"})
    assert mai.post(address, data={"then": "import"}).status_code == 303
    assert len(courses()) == 1


def test_a_choice_is_kept_from_page_to_page(mai: FlaskClient, courses: Courses) -> None:
    address = read_in(mai, HEADER, *(f"{n},Course {n},,," for n in range(30)))
    first = [str(n) for n in range(2, 27)]
    answer = mai.post(address, data={"shown": first, "row": first[1:], "page": "1", "then": "next"})
    assert answer.location.endswith("page=2")
    second = mai.get(answer.location).text
    assert 'class="import-line" id="row-27"' in second
    assert 'id="row-26"' not in second
    first_page = mai.get(address).text
    assert 'name="row" value="2">' in first_page
    assert 'name="row" value="3" checked>' in first_page
    mai.post(address, data={"shown": ["27"], "page": "2", "then": "import"})
    assert sorted(course.title for course in courses()) == sorted(f"Course {n}" for n in range(30) if n not in (0, 25))


def test_a_second_import_changes_nothing_and_says_so(mai: FlaskClient, courses: Courses) -> None:
    import_all(mai, HEADER, WATER, AIR)
    before = [(course.version, course.updated_at) for course in courses()]
    address = read_in(mai, HEADER, WATER, AIR)
    shown = words(mai.get(address).text)
    assert "2 courses are the same as before" in shown
    assert "there is nothing to save" in shown
    refused = mai.post(address, data={"shown": ["2", "3"], "row": ["2", "3"], "then": "import"})
    assert "2 courses are the same as before." in words(mai.get(refused.location).text)
    assert [(course.version, course.updated_at) for course in courses()] == before


def test_without_a_number_title_and_term_name_the_course(mai: FlaskClient, courses: Courses) -> None:
    import_all(mai, "Title,Term", "Water,Spring", "Water,Autumn")
    assert len(courses()) == 2
    again = mai.get(read_in(mai, "Term,Title,Level", "Autumn,Water,", "Spring,Water,Master"))
    assert "1 course changes" in words(again.text)
    assert "1 course is the same as before" in words(again.text)


def test_a_changed_row_changes_its_course_after_showing_both(app: Flask, mai: FlaskClient, courses: Courses) -> None:
    import_all(mai, HEADER, WATER)
    changed(app, courses()[0], state=CourseState.OPEN, students=30)
    address = read_in(mai, "Course number,Title,Level", "1,Water and cities,Master")
    shown = words(mai.get(address).text)
    assert "1 course changes" in shown
    assert "Level Bachelor Master" in shown
    assert "30" not in shown.partition("Changes a course")[2]
    mai.post(address, data={"then": "import"})
    (course,) = courses()
    assert (course.title, course.level, course.state) == ("Water and cities", "master", CourseState.OPEN)
    assert (course.students, course.starts_on) == (30, date(2027, 2, 15))


def test_what_the_file_says_must_go_with_what_the_course_keeps(mai: FlaskClient, courses: Courses) -> None:
    import_all(mai, HEADER, WATER)
    address = read_in(mai, "Course number,Start date", "1,2027-09-01")
    assert "The last day lies before the first" in words(mai.get(address).text)


def test_a_course_changed_after_the_preview_is_not_broken(app: Flask, mai: FlaskClient, courses: Courses) -> None:
    import_all(mai, HEADER, WATER, AIR)
    address = read_in(mai, "Course number,Start date", "2,2027-03-01", "1,2027-03-01")
    changed(app, courses()[0], starts_on=date(2027, 2, 1), ends_on=date(2027, 2, 20))
    answer = mai.post(address, data={"then": "import"})
    assert answer.status_code == 409
    assert "“Urban water” has changed since the file was read" in words(answer.text)
    assert [course.starts_on for course in courses()] == [date(2027, 2, 1), date(2027, 2, 15)]


def test_a_withdrawn_course_stays_withdrawn(app: Flask, mai: FlaskClient, courses: Courses) -> None:
    import_all(mai, HEADER, WATER)
    changed(app, courses()[0], state=CourseState.WITHDRAWN)
    address = read_in(mai, HEADER, WATER.replace("Bachelor", "Master"))
    assert "Withdrawn here, stays so" in words(mai.get(address).text)
    mai.post(address, data={"shown": ["2"], "row": ["2"], "then": "import"})
    assert courses()[0].level == "bachelor"


def test_drafts_just_made_can_be_removed_except_those_changed_since(
    app: Flask, mai: FlaskClient, courses: Courses
) -> None:
    address = import_all(mai, HEADER, WATER, AIR)
    changed(app, courses()[0], students=30)
    assert "1 draft has not been changed since" in words(mai.get(address).text)
    answer = mai.post(f"{address.partition('?')[0]}/undo", follow_redirects=True)
    assert "1 draft was removed." in words(answer.text)
    assert "1 course has changed since and stays." in words(answer.text)
    assert [course.title for course in courses()] == ["Urban water"]
    assert "1 new course" in words(answer.text)
    mai.post(address, data={"then": "all"})
    assert mai.post(address, data={"then": "import"}).status_code == 303
    assert len(courses()) == 2


def test_the_same_file_sent_from_two_windows_makes_each_course_once(
    mai: FlaskClient, courses: Courses, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_all(mai, HEADER, WATER)
    address = read_in(mai, HEADER, WATER)
    # The other window was faster after this one had looked.
    monkeypatch.setattr("webapp.imports.queries.courses_of_keys", lambda _user, _keys: {})
    answer = mai.post(address, data={"shown": ["2"], "row": ["2"], "then": "import"})
    assert answer.status_code == 409
    assert "from another window" in words(answer.text)
    assert len(courses()) == 1


def test_unknown_columns_are_named(mai: FlaskClient) -> None:
    assert "left out: Room, Notes" in words(mai.get(read_in(mai, "Title,Room,Notes", "Water,12,x")).text)


def test_another_lecturer_sees_neither_file_nor_courses(
    app: Flask, mai: FlaskClient, sign_in: Callable[[int], FlaskClient], courses: Courses
) -> None:
    address = import_all(mai, HEADER, WATER)
    with app.app_context():
        rui_id = factories.user("rui@ulisboa.example", at=factories.institution("Lisbon", "PT")).id
        db.session.commit()
    rui = sign_in(rui_id)
    assert rui.get(address).status_code == 403
    assert rui.post(address, data={"then": "import"}).status_code == 403
    assert "Urban water" not in rui.get("/courses/export.csv").data.decode()
    mine = f"causeway-{courses()[0].id}"
    theirs = import_all(rui, HEADER, WATER, f"{mine},Taken over,,,")
    assert "2 drafts were made." in words(rui.get(theirs).text)
    assert [course.title for course in courses() if course.lecturer_id != rui_id] == ["Urban water"]


def test_old_files_are_forgotten(app: Flask, settings: Settings, mai: FlaskClient) -> None:
    read_in(mai, HEADER, WATER)
    with app.app_context():
        row = db.session.scalars(sa.select(ImportFile)).one()
        row.uploaded_at = NOW - timedelta(hours=23)
        db.session.commit()
        jobs.run_clean_up(settings, NOW, lambda _text: None)
        assert db.session.scalar(sa.select(sa.func.count(ImportFile.id))) == 1
        jobs.run_clean_up(settings, NOW + timedelta(hours=2), lambda _text: None)
        assert db.session.scalar(sa.select(sa.func.count(ImportFile.id))) == 0


def test_the_template_can_be_sent_as_it_is(mai: FlaskClient, courses: Courses) -> None:
    for ending in ("csv", "xlsx"):
        answer = send(mai, mai.get(f"/courses/import/template.{ending}").data)
        assert 'class="row-problems"' not in mai.get(answer.location).text
        mai.post(answer.location, data={"then": "import"})
    (course,) = courses()
    assert (course.title, course.wish_countries, course.tools) == ("Urban water", ["FI", "PT"], ["zoom", "miro"])


def test_a_preview_asks_the_same_number_of_questions_for_any_number_of_rows(app: Flask, mai: FlaskClient) -> None:
    with app.app_context():
        engine = db.engine
    asked: list[str] = []
    counts = []
    for n in (1, 20):
        address = read_in(mai, HEADER, *(f"{i},Course {i},,,Master" for i in range(n)))
        sa.event.listen(engine, "before_cursor_execute", listener := lambda *given: asked.append(given[2]))
        mai.get(address)
        sa.event.remove(engine, "before_cursor_execute", listener)
        counts.append(len(asked))
        asked.clear()
    assert counts[0] == counts[1]


def test_a_row_is_counted_as_chosen_only_when_it_can_be_imported(context: Flask) -> None:
    file = ImportFile(
        rows=[{"n": 2, "key": "k", "values": {}, "problems": [["title", "x"]], "chosen": True, "place": "row"}]
    )
    rules.choose_sound(file, {}, wanted=True)
    assert [row["chosen"] for row in file.rows] == [False]
