"""One's own data, and closing an account."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from webapp.access import Role
from webapp.accounts import passwords
from webapp.accounts.models import BrowserSession, User
from webapp.conversations.models import Attachment, Message
from webapp.db import db
from webapp.directory.models import SavedSearch
from webapp.mail.models import OutboxMessage
from webapp.matches.lifecycle import State
from webapp.matches.models import Match
from webapp.profiles.models import CourseProfile, CourseState, FormDraft, LecturerProfile

SignIn = Callable[[int], FlaskClient]
PASSWORD = "three wise herons"
YES = {"password": PASSWORD, "sure": "y"}


@pytest.fixture
def ids(app: Flask) -> dict[str, int]:
    """Mai with a match, a message with a file, a draft, a saved search and a course nobody met."""
    with app.app_context():
        match = factories.pair()
        mai = match.course_a.lecturer
        mai.password_hash = passwords.make(PASSWORD)
        alone = factories.course(mai, "A course nobody met", state=CourseState.DRAFT)
        message = Message(match=match, author=mai, text="Xin chào from Hanoi", sent_at=factories.AT)
        message.attachments.append(Attachment(name="plan.pdf", kind="application/pdf", size=3, content=b"abc"))
        db.session.add_all(
            [
                message,
                LecturerProfile(user=mai, biography="Teaches rivers", updated_at=factories.AT),
                FormDraft(user_id=mai.id, form="course:new", fields=[["title", "Half"]], saved_at=factories.AT),
                SavedSearch(user=mai, name="Water", saved_at=factories.AT, looked_at=factories.AT),
            ]
        )
        db.session.commit()
        return {"mai": mai.id, "rui": match.course_b.lecturer_id, "match": match.id, "alone": alone.id,
                "course": match.course_a_id, "message": message.id}  # fmt: skip


def the_file(client: FlaskClient) -> dict[str, Any]:
    answer = client.get("/preferences/my-data.json")
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=causeway-")
    found: dict[str, Any] = json.loads(answer.text)
    return found


def test_the_file_holds_what_is_ones_own_and_no_secret_and_nobody_elses(
    app: Flask, sign_in: SignIn, ids: dict[str, int]
) -> None:
    found = the_file(sign_in(ids["mai"]))
    assert found["users"][0]["email"] == "mai@hanu.example"
    assert [row["title"] for row in found["course_profiles"]] == ["Urban water", "A course nobody met"]
    assert found["messages"][0]["text"] == "Xin chào from Hanoi"
    assert found["attachments"][0]["content"] == "YWJj"
    assert found["lecturer_profiles"][0]["biography"] == "Teaches rivers"
    assert found["form_drafts"]
    assert found["saved_searches"]
    assert found["matches"]
    text = json.dumps(found)
    assert "password_hash" not in text
    assert "rui@ulisboa" not in text
    assert "Rivers and cities" not in text
    other = the_file(sign_in(ids["rui"]))
    assert other["messages"] == []
    assert "mai@hanu" not in json.dumps(other)


def test_leaving_needs_the_password_and_a_tick(app: Flask, sign_in: SignIn, ids: dict[str, int]) -> None:
    client = sign_in(ids["mai"])
    assert "Your open match is withdrawn" in client.get("/preferences/leave").text
    for data, sentence in (
        ({"sure": "y"}, "Write your password"),
        ({"password": "three wise hens", "sure": "y"}, "This is not your password."),
        ({"password": PASSWORD}, "Tick this if you are sure."),
    ):
        answer = client.post("/preferences/leave", data=data)
        assert answer.status_code == 422
        assert sentence in answer.text
    with app.app_context():
        assert db.session.get_one(User, ids["mai"]).closed_at is None


def test_leaving_tells_the_partner_deletes_what_is_ones_own_and_leaves_the_rest_nameless(
    app: Flask, sign_in: SignIn, ids: dict[str, int]
) -> None:
    client = sign_in(ids["mai"])
    assert client.post("/preferences/leave", data=YES).location == "/"
    assert client.get("/preferences").status_code == 302
    with app.app_context():
        mai = db.session.get_one(User, ids["mai"])
        assert (mai.name, mai.email) == ("A former member", f"closed-{ids['mai']}@causeway.invalid")
        assert mai.closed_at is not None
        assert db.session.get_one(Match, ids["match"]).state in (State.WITHDRAWN, State.DECLINED)
        assert db.session.get(CourseProfile, ids["alone"]) is None
        assert db.session.get_one(CourseProfile, ids["course"]).state is CourseState.WITHDRAWN
        message = db.session.get_one(Message, ids["message"])
        assert (message.author_id, message.text) == (None, "Xin chào from Hanoi")
        for model in (LecturerProfile, FormDraft, SavedSearch, BrowserSession):
            assert db.session.scalars(sa.select(model)).all() == []
        told = db.session.scalars(sa.select(OutboxMessage.to_address)).all()
        assert set(told) == {"rui@ulisboa.example"}
        everything = "\n".join(
            str(value)
            for table in db.metadata.tables.values()
            for row in db.session.execute(table.select())
            for value in row
        )
    assert "mai@hanu.example" not in everything
    answer = app.test_client().post("/sign-in", data={"email": "mai@hanu.example", "password": PASSWORD})
    assert answer.status_code == 422


def test_the_last_administrator_cannot_leave_but_one_of_two_can(app: Flask, sign_in: SignIn) -> None:
    with app.app_context():
        fields: dict[str, Any] = {"password_hash": passwords.make(PASSWORD)}
        kei = factories.user("kei@causeway.example", Role.ADMINISTRATOR, **fields).id
        db.session.commit()
    assert sign_in(kei).post("/preferences/leave", data=YES).status_code == 403
    with app.app_context():
        factories.user("ana@causeway.example", Role.ADMINISTRATOR)
        db.session.commit()
    assert sign_in(kei).post("/preferences/leave", data=YES).status_code == 303


def test_what_is_paused_is_kept_and_a_pause_in_the_past_refused(
    app: Flask, sign_in: SignIn, ids: dict[str, int]
) -> None:
    client = sign_in(ids["mai"])
    today = factories.AT.date() + timedelta(days=60)
    data = {"name": "Mai", "language": "en", "mail_language": "ja", "time_zone": "Asia/Tokyo", "shows_name": "y"}
    assert client.post("/preferences", data=data | {"paused_until": "2001-01-01"}).status_code == 422
    assert client.post("/preferences", data=data | {"exchanges_at_once": "0"}).status_code == 422
    sent = data | {"paused_until": today.isoformat(), "exchanges_at_once": "2"}
    assert client.post("/preferences", data=sent).status_code == 303
    with app.app_context():
        mai = db.session.get_one(User, ids["mai"])
        assert (mai.paused_until, mai.exchanges_at_once) == (today, 2)
        assert (mai.is_listed, mai.shows_name, mai.language_of_mail) == (False, True, "ja")
        mai.mail_language = None
        assert mai.language_of_mail == "en"
