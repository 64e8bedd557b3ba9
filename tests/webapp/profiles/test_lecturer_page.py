"""The page about the lecturer."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.webapp.profiles.filling import sent_back
from webapp.access import Role
from webapp.db import db
from webapp.profiles import queries

SignIn = Callable[[int], FlaskClient]
ADDRESS = "/lecturer-profiles/mine"
FULL = {
    "biography": "I teach water.\nI like <rivers> & boats.",
    "web_page": "https://www.hanu.example/mai",
    "languages-0-language": "vi",
    "languages-0-level": "C2",
    "languages-1-language": "en",
    "languages-1-level": "",
    "experience": "some",
    "looking_for": "A class near a river.",
}


@pytest.fixture
def mai_id(app: Flask) -> int:
    """A lecturer in Hanoi."""
    with app.app_context():
        mai = factories.user(at=factories.institution())
        db.session.commit()
        return mai.id


def test_what_is_said_is_saved_and_shown_again(app: Flask, sign_in: SignIn, mai_id: int) -> None:
    mai = sign_in(mai_id)
    assert mai.get(ADDRESS).status_code == 200
    answer = mai.post(ADDRESS, data=FULL, follow_redirects=True)
    assert answer.status_code == 200
    assert "Saved." in answer.text
    back = sent_back(answer.text)
    assert {name: back[name] for name in FULL} == {name: [value] for name, value in FULL.items()}
    assert mai.post(ADDRESS, data=FULL | {"experience": "none"}).status_code == 303
    with app.app_context():
        row = queries.lecturer_profile(factories.db.session.get_one(factories.User, mai_id))
        assert row is not None
        assert row.languages == {"vi": "C2", "en": None}
        assert row.experience == "none"


def test_an_empty_page_may_be_saved(sign_in: SignIn, mai_id: int) -> None:
    assert sign_in(mai_id).post(ADDRESS, data={}).status_code == 303


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("hanu.example/mai", "https://hanu.example/mai"), ("http://hanu.example", "http://hanu.example"), ("", "")],
)
def test_an_address_is_kept_with_its_scheme(app: Flask, sign_in: SignIn, mai_id: int, typed: str, kept: str) -> None:
    assert sign_in(mai_id).post(ADDRESS, data={"web_page": typed}).status_code == 303
    with app.app_context():
        row = queries.lecturer_profile(factories.db.session.get_one(factories.User, mai_id))
        assert row is not None
        assert row.web_page == kept


@pytest.mark.parametrize(
    "typed", ["javascript://alert.example/%0a1", "my page", "https://", "ftp://hanu.example", "https://[bad.example"]
)
def test_what_is_no_web_address_is_refused_and_kept(sign_in: SignIn, mai_id: int, typed: str) -> None:
    answer = sign_in(mai_id).post(ADDRESS, data=FULL | {"web_page": typed})
    assert answer.status_code == 422
    assert 'href="#web_page"' in answer.text
    back = sent_back(answer.text)
    assert {name: back[name] for name in FULL} == {
        name: [value] for name, value in (FULL | {"web_page": typed}).items()
    }


def test_adding_a_language_keeps_what_was_typed(sign_in: SignIn, mai_id: int) -> None:
    answer = sign_in(mai_id).post(ADDRESS, data=FULL | {"add": "languages"})
    assert answer.status_code == 200
    assert 'id="languages-2-language"' in answer.text
    assert sent_back(answer.text)["biography"] == [FULL["biography"]]


def test_partners_institutions_read_it_beside_the_course(app: Flask, sign_in: SignIn, mai_id: int) -> None:
    with app.app_context():
        mai = factories.db.session.get_one(factories.User, mai_id)
        course_id = factories.course(mai).id
        office_id = factories.user("office@hanu.example", Role.OFFICE, mai.institution).id
        db.session.commit()
    sign_in(mai_id).post(ADDRESS, data=FULL)
    page = sign_in(office_id).get(f"/courses/{course_id}").text
    assert "I teach water." in page
    assert "&lt;rivers&gt;" in page
    assert "Vietnamese and English" in page
    assert "Some: one or two exchanges" in page


def test_others_have_no_such_page(app: Flask, sign_in: SignIn, client: FlaskClient) -> None:
    with app.app_context():
        office_id = factories.user("office@hanu.example", Role.OFFICE, factories.institution()).id
        db.session.commit()
    assert client.get(ADDRESS).status_code == 302
    assert sign_in(office_id).get(ADDRESS).status_code == 403
    assert sign_in(office_id).post(ADDRESS, data=FULL).status_code == 403
