"""Courses of many lecturers in one file: nothing public, nobody who can sign in too early, nothing twice."""

import json
from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.webapp.imports.building import csv, words, xlsx
from tests.webapp.offices.conftest import House
from webapp.access import Role
from webapp.accounts.models import AccountInvite, User
from webapp.audit.models import AuditEvent
from webapp.db import db
from webapp.imports.models import ImportFile
from webapp.mail.models import OutboxMessage
from webapp.profiles.models import CourseProfile, CourseState

HEADER = "Lecturer,Address of the lecturer,Course number,Title of the course,Students"
BINH = "Tran Binh,Binh@hanu.example,HYD-1,Delta cities,25"
TAM = "Nguyen Tam,tam@elsewhere.example,LAW-2,Law of rivers,30"
Log = Callable[[], list[AuditEvent]]


def send(client: FlaskClient, data: bytes, name: str = "courses.csv", address: str = "/house/import") -> str:
    """Send a file to be read; gives the address of its preview."""
    mark = "a-mark-that-stands-in-no-file"
    head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    body = head.encode() + data + f"\r\n--{mark}--\r\n".encode()
    answer = client.post(address, data=body, content_type=f"multipart/form-data; boundary={mark}")
    assert answer.status_code == 303, words(answer.text)
    return answer.location


def import_all(client: FlaskClient, *rows: str, header: str = HEADER, **more: object) -> str:
    address = send(client, csv(header, *rows))
    assert client.post(address, data={"then": "import", **more}).status_code == 303
    return address


def new_courses(app: Flask) -> list[CourseProfile]:
    with app.app_context():
        made = sa.select(CourseProfile).where(CourseProfile.source_key.is_not(None)).order_by(CourseProfile.id)
        return list(db.session.scalars(made.options(sa.orm.joinedload(CourseProfile.lecturer))))


def mails(app: Flask) -> list[OutboxMessage]:
    with app.app_context():
        waiting = sa.select(OutboxMessage).where(OutboxMessage.key.like("courses-wait:%"))
        return list(db.session.scalars(waiting.order_by(OutboxMessage.to_address)))


def account(app: Flask, email: str) -> User | None:
    with app.app_context():
        return db.session.scalar(sa.select(User).where(User.email == email))


def test_reading_a_file_saves_neither_course_nor_account(app: Flask, office: FlaskClient, house: House) -> None:
    text = words(office.get(send(office, csv(HEADER, BINH))).text)
    assert "Row 2 Delta cities Becomes a draft" in text
    assert "Tran Binh, binh@hanu.example" in text
    assert (new_courses(app), account(app, "binh@hanu.example"), mails(app)) == ([], None, [])


def test_a_row_without_a_lecturer_says_so_in_words(office: FlaskClient, house: House) -> None:
    rows = (",,A-1,Nobody’s course,20", "Tran Binh,,A-2,Half known,20", ",chi@hanu.example,A-3,No name,20")
    page = words(office.get(send(office, csv(HEADER, *rows))).text)
    assert "This row names no lecturer." in page
    assert "Tran Binh, without an address" in page
    assert "chi@hanu.example, without a name" in page
    assert "No name, no address" not in page


def test_courses_become_drafts_of_their_lecturers_who_are_written_to(
    app: Flask, office: FlaskClient, house: House, noted: Log
) -> None:
    own = "Mai,mai@hanu.example,HYD-7,Monsoons,20"
    page = words(office.get(import_all(office, BINH, "Tran Binh,binh@hanu.example,HYD-2,Floods,25", own)).text)
    assert "3 drafts were made. 2 lecturers are written to." in page
    assert [(one.title, one.lecturer.email, one.state, one.institution_id) for one in new_courses(app)] == [
        ("Delta cities", "binh@hanu.example", CourseState.DRAFT, house.hanoi),
        ("Floods", "binh@hanu.example", CourseState.DRAFT, house.hanoi),
        ("Monsoons", "mai@hanu.example", CourseState.DRAFT, house.hanoi),
    ]
    to_binh, to_mai = mails(app)
    assert to_binh.subject == "2 drafts of your courses wait for you on Causeway"
    assert "- Delta cities\n- Floods\n" in to_binh.text
    assert "/courses" in to_mai.text
    assert "Begin my account" in to_binh.text
    assert "Begin my account" not in to_mai.text
    for mail, is_new in ((to_binh, True), (to_mai, False)):
        for text in (mail.text, mail.html):
            assert ("because an office of your institution entered your address." in text) is is_new
            assert ("because there is an account with your address." in text) is not is_new
    (event,) = noted()
    assert (event.action, event.institution_id) == ("offices.import", house.hanoi)
    assert event.after["made"] == {"binh@hanu.example": ["Delta cities", "Floods"], "mai@hanu.example": ["Monsoons"]}


def test_nobody_can_use_the_account_before_the_link_is_followed(
    app: Flask, office: FlaskClient, house: House, client: FlaskClient
) -> None:
    import_all(office, BINH)
    made = account(app, "binh@hanu.example")
    assert made is not None
    assert (made.is_active, made.is_verified, made.role, made.name) == (False, False, Role.LECTURER, "Tran Binh")
    for password in ("", "!", "Tran Binh"):
        answer = client.post("/sign-in", data={"email": "binh@hanu.example", "password": password})
        assert answer.status_code == 422
    link = next(line for line in mails(app)[0].text.split() if line.startswith("http://localhost/"))
    assert client.get(link).status_code == 200
    assert account(app, "binh@hanu.example").is_active is False  # type: ignore[union-attr]


def test_who_follows_the_link_has_a_verified_account_with_the_drafts(
    app: Flask, office: FlaskClient, house: House, client: FlaskClient, sign_in: Callable[[int], FlaskClient]
) -> None:
    import_all(office, BINH)
    link = next(line for line in mails(app)[0].text.split() if line.startswith("http://localhost/"))
    secret = "monsoon-lantern-ferry-41"
    answer = client.post(link, data={"name": "Binh", "password": secret, "language": "en", "consent": "y"})
    assert answer.status_code == 303, words(answer.text)
    made = account(app, "binh@hanu.example")
    assert made is not None
    assert (made.is_active, made.is_verified, made.institution_id) == (True, True, house.hanoi)
    assert "Delta cities" in words(sign_in(made.id).get("/courses").text)


def test_a_second_import_of_the_same_file_changes_nothing(app: Flask, office: FlaskClient, house: House) -> None:
    import_all(office, BINH, "Mai,mai@hanu.example,HYD-7,Monsoons,20")
    before = [(one.id, one.version, one.updated_at) for one in new_courses(app)]
    address = send(office, csv(HEADER, BINH, "Mai,mai@hanu.example,HYD-7,Monsoons,20"))
    assert "there is nothing to save" in words(office.get(address).text)
    office.post(address, data={"shown": ["2", "3"], "row": ["2", "3"], "then": "import"})
    assert [(one.id, one.version, one.updated_at) for one in new_courses(app)] == before
    assert len(mails(app)) == 2


def test_two_lecturers_may_call_their_courses_alike(app: Flask, office: FlaskClient, house: House) -> None:
    import_all(office, BINH, "Mai,mai@hanu.example,HYD-1,Delta cities,20")
    assert [one.lecturer.email for one in new_courses(app)] == ["binh@hanu.example", "mai@hanu.example"]


def test_one_course_twice_in_a_file_is_a_problem(office: FlaskClient, house: House) -> None:
    text = words(office.get(send(office, csv(HEADER, BINH, BINH))).text)
    assert "This is the same course as in Row 2." in text


def test_an_address_elsewhere_needs_the_offices_word(app: Flask, office: FlaskClient, house: House, noted: Log) -> None:
    address = send(office, csv(HEADER, TAM))
    refused = office.post(address, data={"then": "import"})
    assert refused.status_code == 422
    assert "addresses of chosen rows are not at your institution (Row 2)" in words(refused.text)
    assert new_courses(app) == []
    assert office.post(address, data={"then": "import", "works_here": "tam@elsewhere.example"}).status_code == 303
    assert [one.lecturer.email for one in new_courses(app)] == ["tam@elsewhere.example"]
    assert noted()[-1].after["on_the_offices_word"] == ["tam@elsewhere.example"]


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("Tran Binh,,HYD-1,Delta,25", "Address of the lecturer : Write the mail address of who teaches the course."),
        ("Tran Binh,binh at hanu,HYD-1,Delta,25", "This is no complete mail address"),
        (",binh@hanu.example,HYD-1,Delta,25", "Lecturer : Write the lecturer’s name; they are new here."),
        ("www.win.example,binh@hanu.example,HYD-1,Delta,25", "Write the name only"),
        ("Rui,rui@ulisboa.example,HYD-1,Delta,25", "is not that of a lecturer of your institution"),
        ("Lan,office@hanu.example,HYD-1,Delta,25", "is not that of a lecturer of your institution"),
        ("Tran Binh,binh@hanu.example,HYD-1,Delta,many", "Students"),
    ],
)
def test_problems_are_told_by_row_and_column_and_nothing_is_saved(
    app: Flask, office: FlaskClient, house: House, row: str, problem: str
) -> None:
    address = send(office, csv(HEADER, "Mai,mai@hanu.example,HYD-7,Monsoons,20", row))
    assert problem in words(office.get(address).text)
    refused = office.post(address, data={"shown": ["2", "3"], "row": ["2", "3"], "then": "import"})
    assert refused.status_code == 422
    assert "chosen rows have problems (Row 3)" in words(refused.text)
    assert new_courses(app) == []


def test_what_a_lecturer_has_in_hand_an_office_does_not_change(app: Flask, office: FlaskClient, house: House) -> None:
    row = "Mai,mai@hanu.example,HYD-7,Monsoons,20"
    import_all(office, row)
    office.post(send(office, csv(HEADER, row.replace("20", "22"))), data={"then": "import"})
    (course,) = new_courses(app)
    assert (course.students, course.version) == (22, 2)
    text = words(office.get(send(office, csv(HEADER, row.replace("20", "24")))).text)
    assert "In the lecturer’s hands, stays as it is" in text
    with app.app_context():
        db.session.get_one(CourseProfile, course.id).state = CourseState.OPEN
        db.session.commit()
    address = send(office, csv(HEADER, row.replace("20", "26")))
    office.post(address, data={"shown": ["2"], "row": ["2"], "then": "import"})
    assert new_courses(app)[0].students == 22


def test_workbooks_and_json_lines_are_read_too(app: Flask, office: FlaskClient, house: House) -> None:
    rows = [["Lecturer", "Email", "Title", "Start date"], ["Binh", "binh@hanu.example", "Deltas", date(2027, 2, 15)]]
    office.post(send(office, xlsx(rows), "courses.xlsx"), data={"then": "import"})
    lines = {"lecturer_name": "Chi", "lecturer_email": "chi@hanu.example", "title": "Reefs", "level": "bachelor"}
    office.post(send(office, json.dumps(lines).encode(), "courses.jsonl"), data={"then": "import"})
    assert [(one.title, one.lecturer.email) for one in new_courses(app)] == [
        ("Deltas", "binh@hanu.example"),
        ("Reefs", "chi@hanu.example"),
    ]


def test_the_template_reads_back(office: FlaskClient, house: House) -> None:
    for ending in ("csv", "xlsx"):
        content = office.get(f"/house/import/template.{ending}").data
        assert "Becomes a draft" in words(office.get(send(office, content)).text)


def test_an_account_nobody_confirmed_becomes_the_lecturers(app: Flask, office: FlaskClient, house: House) -> None:
    with app.app_context():
        lisbon = db.session.get_one(factories.Institution, house.lisbon)
        early = factories.user("binh@hanu.example", Role.OFFICE, lisbon, confirmed_at=None, verified_at=None)
        early_id, before = early.id, early.get_id()
        db.session.commit()
    import_all(office, BINH)
    made = account(app, "binh@hanu.example")
    assert made is not None
    assert (made.id, made.role, made.institution_id) == (early_id, Role.LECTURER, house.hanoi)
    assert (made.is_active, made.get_id() != before) == (False, True)


def test_a_file_belongs_to_who_sent_it_and_to_the_offices_own_address(
    app: Flask, office: FlaskClient, house: House, sign_in: Callable[[int], FlaskClient]
) -> None:
    address = send(office, csv(HEADER, BINH))
    with app.app_context():
        colleague = factories.user(
            "hoa@hanu.example", Role.OFFICE, db.session.get(factories.Institution, house.hanoi)
        ).id
        own = ImportFile(user_id=house.office, name="own.csv", rows=[], uploaded_at=factories.AT)
        db.session.add(own)
        db.session.commit()
        own_id = own.id
    assert sign_in(colleague).get(address).status_code == 403
    assert sign_in(house.mai).get(address).status_code == 403
    assert office.get(f"/house/import/{own_id}").status_code == 404
    # Whoever leaves the office meanwhile cannot take the rows as courses of their own.
    with app.app_context():
        db.session.get_one(User, house.office).role = Role.LECTURER
        db.session.commit()
    assert sign_in(house.office).get(address.replace("/house/", "/courses/")).status_code == 404


def test_a_file_is_imported_once(office: FlaskClient, house: House) -> None:
    address = import_all(office, BINH)
    assert office.post(address, data={"then": "import"}).status_code == 409


def test_no_file_and_no_table_are_refused_with_what_to_do(office: FlaskClient, house: House) -> None:
    assert "Choose a file first." in words(office.post("/house/import").text)
    mark = "x"
    body = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n1,2\n\r\n--{mark}--\r\n'
    answer = office.post("/house/import", data=body, content_type=f"multipart/form-data; boundary={mark}")
    assert answer.status_code == 422
    assert "No header was found." in words(answer.text)


def test_an_invitation_that_waits_is_renewed_not_doubled(app: Flask, office: FlaskClient, house: House) -> None:
    import_all(office, BINH)
    import_all(office, "Tran Binh,binh@hanu.example,HYD-9,Reefs,25")
    with app.app_context():
        assert len(db.session.scalars(sa.select(AccountInvite)).all()) == 1
    assert len(mails(app)) == 2


def test_columns_about_lecturers_are_left_out_of_ones_own_import(
    app: Flask, house: House, sign_in: Callable[[int], FlaskClient]
) -> None:
    mai = sign_in(house.mai)
    address = send(mai, csv(HEADER, BINH), address="/courses/import")
    text = words(mai.get(address).text)
    assert "were left out: Lecturer, Address of the lecturer." in text
    mai.post(address, data={"then": "import"})
    assert [one.lecturer.email for one in new_courses(app)] == ["mai@hanu.example"]
