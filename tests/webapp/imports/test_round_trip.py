"""The published partnerships' courses in each format, imported: equal in every column the format carries."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from matcher.profile import CourseProfile as MatcherProfile
from matcher.profile import read_profiles
from tests import factories
from tests.webapp.imports import exporting
from tests.webapp.imports.building import send, words
from tests.webapp.profiles.filling import FULL
from webapp.db import db
from webapp.imports import writing
from webapp.imports.keys import key_of
from webapp.imports.reading import Row
from webapp.profiles.models import CourseProfile
from webapp.profiles.rules import COLUMNS, values_of

Write = Callable[[list[MatcherProfile]], bytes]
FORMATS: dict[str, tuple[Write, tuple[str, ...]]] = {
    "csv": (lambda profiles: exporting.as_table("csv", profiles), exporting.SAME),
    "xlsx": (lambda profiles: exporting.as_table("xlsx", profiles), exporting.SAME),
    "jsonl": (exporting.as_lines, exporting.SAME),
    "schema.org": (exporting.as_linked_data, ("title", "discipline", "description", "level")),
    "ooapi": (exporting.as_ooapi, ("title", "description")),
}


def import_all(client: FlaskClient, data: bytes) -> str:
    """Send a file, choose all sound rows and import them; gives what the page says then."""
    answer = send(client, data)
    assert answer.status_code == 303, words(answer.text)
    shown = client.get(answer.location)
    assert 'class="row-problems"' not in shown.text, words(shown.text)
    done = client.post(answer.location, data={"then": "import"}, follow_redirects=True)
    return words(done.text)


def saved(app: Flask) -> dict[str, dict[str, Any]]:
    """All courses by the key of their row."""
    with app.app_context():
        return {str(course.source_key): values_of(course) for course in db.session.scalars(sa.select(CourseProfile))}


@pytest.mark.parametrize("name", FORMATS)
def test_the_courses_come_back_equal_and_a_second_import_changes_nothing(
    name: str, app: Flask, mai: FlaskClient
) -> None:
    write, columns = FORMATS[name]
    profiles = [profile for piece in exporting.pieces() for profile in piece]
    assert len(profiles) == 192
    for piece in exporting.pieces():
        assert f"{len(piece)} drafts were made." in import_all(mai, write(piece))
    found = saved(app)
    for profile in profiles:
        its = found[key_of(Row(1, {"own_id": profile.id}))]
        assert {column: its[column] for column in columns} == exporting.said(profile, columns)
        if name == "ooapi":
            assert its["exchange_languages"] == {"en": None}
            assert its["level"] == (profile.level.value if profile.level in ("tvet", "bachelor", "master") else None)
    for piece in exporting.pieces():
        answer = send(mai, write(piece))
        assert f"{len(piece)} courses are the same as before" in words(mai.get(answer.location).text)
        refused = mai.post(answer.location, data={"then": "import"})
        assert refused.status_code == 422
        assert "the same as before, so there is nothing to save" in words(refused.text)
    assert saved(app) == found


@pytest.mark.parametrize("ending", ["csv", "xlsx", "jsonl"])
@pytest.mark.parametrize("language", ["en", "fr", "ja"])
def test_ones_own_courses_downloaded_and_sent_again_are_the_same(
    ending: str, language: str, app: Flask, sign_in: Callable[[int], FlaskClient]
) -> None:
    with app.app_context():
        mai_id = factories.user(at=factories.institution(), language=language).id
        db.session.commit()
    mai = sign_in(mai_id)
    tricky = FULL | {
        "title": "=1+1",
        "discipline": "'=2+2",
        "term_name": "+3",
        "outcomes": "-4\n@5",
        # The matcher knows one number of students.
        "students_most": "" if ending == "jsonl" else "30",
    }
    assert mai.post("/courses/new", data=tricky).status_code == 303
    assert mai.post("/courses/new", data={"title": 'Only a title, "quoted"; with signs'}).status_code == 303
    answer = send(mai, mai.get(f"/courses/export.{ending}").data)
    assert answer.status_code == 303, words(answer.text)
    shown = mai.get(answer.location).text
    assert shown.count('class="import-line"') == 2
    assert 'class="row-problems"' not in shown, words(shown)
    assert shown.count("state-plain") == 1 + 2, words(shown)


def test_a_column_of_every_kind_comes_back_through_a_table(app: Flask, mai: FlaskClient) -> None:
    """Into another lecturer's account, so that every value is read rather than recognised."""
    assert mai.post("/courses/new", data=FULL | {"students_most": "30", "themes": "floods, trains"}).status_code == 303
    with app.app_context():
        course = db.session.scalars(sa.select(CourseProfile)).one()
        wanted = values_of(course)
        db.session.delete(course)
        db.session.flush()
        files = [writing.table(ending, [wanted | {"own_id": ending}]) for ending in ("csv", "xlsx")]
        db.session.commit()
    for content in files:
        assert "1 draft was made." in import_all(mai, content)
    found = saved(app)
    assert len(found) == 2
    for its in found.values():
        assert {name: its[name] for name in COLUMNS} == wanted


def test_the_matcher_reads_the_lines_we_write(mai: FlaskClient) -> None:
    assert mai.post("/courses/new", data=FULL).status_code == 303
    lines = mai.get("/courses/export.jsonl").data.decode().splitlines()
    profile = read_profiles(lines)[0]
    assert profile.title == FULL["title"]
    assert profile.exchange_languages == {"en": "B2", "fr": None}
    assert profile.wishes.countries == ("FI", "PT")
