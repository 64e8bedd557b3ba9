"""The page of a conversation: who sees it, what it shows, what it keeps, and how it ends."""

from datetime import timedelta
from io import BytesIO

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import TestResponse, encode_multipart

from tests import factories
from tests.webapp.conversations import documents
from tests.webapp.conversations.conftest import Browsers
from webapp.conversations.models import Attachment, Message
from webapp.db import db
from webapp.matches.lifecycle import OPEN_STATES, State
from webapp.matches.models import Match

ENDED = sorted(set(State) - OPEN_STATES)
ACCEPTED = pytest.mark.parametrize("browsers", [State.ACCEPTED], indirect=True)


def soup(client: FlaskClient, path: str) -> BeautifulSoup:
    """A page that opens."""
    answer = client.get(path)
    assert answer.status_code == 200
    return BeautifulSoup(answer.text, "html.parser")


def texts(page: BeautifulSoup) -> list[str]:
    """The messages on a page, in its order."""
    return [found.get_text() for found in page.select(".message .said")]


def write(app: Flask, browsers: Browsers, n: int, author: str = "rui") -> None:
    """Put messages into the conversation, a minute apart."""
    with app.app_context():
        match = db.session.get_one(Match, browsers.match_id)
        person = match.course_b.lecturer if author == "rui" else match.course_a.lecturer
        for number in range(n):
            at = factories.AT + timedelta(minutes=number)
            factories.message(match, person, f"message {number}", {f"file {number}.txt": b"text"}, sent_at=at)
        db.session.commit()


@pytest.mark.parametrize("who", ["colleague", "pending", "office", "coordinator", "administrator"])
def test_nobody_else_reads_it(app: Flask, browsers: Browsers, who: str) -> None:
    write(app, browsers, 1)
    client = browsers.others[who]
    for path in ("conversation", "attachments/1"):
        answer = client.get(browsers.path(path))
        assert answer.status_code == 403
        assert "message 0" not in answer.text
    assert client.post(browsers.path(), data={"text": "x"}).status_code == 403


def test_a_stranger_is_sent_to_sign_in(client: FlaskClient, browsers: Browsers) -> None:
    assert client.get(browsers.path()).location.startswith("/sign-in")


def test_an_empty_conversation_suggests_how_to_begin(browsers: Browsers) -> None:
    page = soup(browsers.mai, browsers.path())
    assert "Nothing written yet" in page.text
    assert page.select_one("form.write textarea") is not None
    assert page.select_one("form[data-read]") is None


def test_before_both_accept_the_other_is_the_lecturer_of_a_course(browsers: Browsers) -> None:
    browsers.rui.post(browsers.path(), data={"text": "Olá"})
    page = soup(browsers.mai, browsers.path())
    assert "The lecturer of “Rivers and cities”, University of Lisbon" in page.text
    assert "Rui" not in page.text
    assert "@" not in page.main.text  # type: ignore[union-attr]


@ACCEPTED
def test_after_that_the_other_has_a_name(browsers: Browsers) -> None:
    browsers.rui.post(browsers.path(), data={"text": "Write to rui@ulisboa.example"})
    page = soup(browsers.mai, browsers.path())
    assert page.select_one(".message-head strong").text == "Rui@Ulisboa.Example".partition("@")[0]  # type: ignore[union-attr]
    assert texts(page) == ["Write to rui@ulisboa.example"]


@pytest.mark.parametrize("text", ["mail me: mai@hanu.example", "ring +84 24 3854 4338"])
def test_an_address_before_both_accept_is_refused_and_the_text_kept(app: Flask, browsers: Browsers, text: str) -> None:
    answer = browsers.mai.post(browsers.path(), data={"text": text})
    assert answer.status_code == 422
    page = BeautifulSoup(answer.text, "html.parser")
    assert page.select_one("form.write textarea").text.strip() == text  # type: ignore[union-attr]
    assert "Addresses are exchanged once both of you accept" in page.text
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count(Message.id))) == 0


def test_hostile_text_is_shown_as_written_and_links_are_safe(browsers: Browsers) -> None:
    text = (
        "<img src=x onerror=alert(1)>\nsecond {{7*7}} %(x)s\n"
        "see https://example.org/a_(b)?q=1&r=<b>, javascript:alert(1) and http://[broken. "
        'https://example.org/"onmouseover="x'
    )
    browsers.rui.post(browsers.path(), data={"text": text.replace("\n", "\r\n")})
    page = soup(browsers.mai, browsers.path())
    assert texts(page) == [text]
    assert page.select("main img") == []
    links = page.select(".message .said a")
    assert [link["href"] for link in links] == ["https://example.org/a_(b)?q=1&r=", "https://example.org/"]
    assert all("noopener" in link["rel"] and set(link.attrs) == {"href", "rel", "target"} for link in links)


@pytest.mark.parametrize(("text", "status"), [("", 422), ("  \n ", 422), ("a" * 5000, 303), ("a" * 5001, 422)])
def test_a_message_has_one_to_five_thousand_characters(browsers: Browsers, text: str, status: int) -> None:
    assert browsers.mai.post(browsers.path(), data={"text": text}).status_code == status


def test_times_are_those_of_the_reader_and_the_zone_is_named(app: Flask, browsers: Browsers) -> None:
    write(app, browsers, 1)
    assert "16:00" in soup(browsers.mai, browsers.path()).select_one(".message time").text  # type: ignore[union-attr]
    lisbon = soup(browsers.rui, browsers.path())
    assert "09:00" in lisbon.select_one(".message time").text  # type: ignore[union-attr]
    assert "Times are those of Lisbon, Portugal." in lisbon.text


def test_a_long_conversation_has_pages_the_newest_first(app: Flask, browsers: Browsers) -> None:
    write(app, browsers, 45)
    newest = soup(browsers.mai, browsers.path())
    assert texts(newest) == [f"message {n}" for n in range(25, 45)]
    older = newest.select_one("a[rel=next]")
    assert older is not None
    assert texts(soup(browsers.mai, str(older["href"]))) == [f"message {n}" for n in range(5, 25)]
    assert texts(soup(browsers.mai, browsers.path("conversation?page=3"))) == [f"message {n}" for n in range(5)]


def test_the_number_of_queries_does_not_grow(app: Flask, browsers: Browsers) -> None:
    counted: list[int] = []
    with app.app_context():
        engine = db.engine
    for n in (1, 19):
        write(app, browsers, n)
        seen: list[str] = []

        def watch(_c: object, _d: object, statement: str, *_: object, seen: list[str] = seen) -> None:
            seen.append(statement)

        sa.event.listen(engine, "before_cursor_execute", watch)
        soup(browsers.mai, browsers.path())
        sa.event.remove(engine, "before_cursor_execute", watch)
        counted.append(len(seen))
    assert counted[0] == counted[1]
    assert "attachments.content" not in " ".join(seen)


def test_new_messages_are_marked_until_they_are_marked_as_read(app: Flask, browsers: Browsers) -> None:
    write(app, browsers, 3)
    page = soup(browsers.mai, browsers.path())
    assert len(page.select(".new-mark")) == 3
    assert "3 new messages" in page.select_one("#new").text  # type: ignore[union-attr]
    home = soup(browsers.mai, "/")
    assert "3 new messages" in home.text
    newest = page.select_one("form[data-read] input[name=message]")
    assert newest is not None
    write(app, browsers, 0)
    assert browsers.mai.post(browsers.path("conversation/read"), data={"message": newest["value"]}).status_code == 303
    assert soup(browsers.mai, browsers.path()).select(".new-mark") == []
    assert "new messages" not in soup(browsers.mai, "/").text


def test_reading_marks_nothing_by_itself(app: Flask, browsers: Browsers) -> None:
    write(app, browsers, 1)
    soup(browsers.mai, browsers.path())
    assert len(soup(browsers.mai, browsers.path()).select(".new-mark")) == 1


@pytest.mark.parametrize("browsers", ENDED, indirect=True)
def test_an_ended_match_can_be_read_and_not_written(app: Flask, browsers: Browsers) -> None:
    write(app, browsers, 1)
    page = soup(browsers.mai, browsers.path())
    assert texts(page) == ["message 0"]
    assert page.select("form.write, form[action$=meetings], form[action$=checklist]") == []
    assert "365 days" in page.text
    for path, data in (
        ("conversation", {"text": "x"}),
        ("meetings", {}),
        ("checklist", {"item": "goals", "done": "1"}),
    ):
        assert browsers.mai.post(browsers.path(path), data=data).status_code == 409


def test_a_point_is_ticked_and_unticked_on_the_page(browsers: Browsers) -> None:
    answer = browsers.mai.post(browsers.path("checklist"), data={"item": "goals", "done": "1"})
    assert answer.status_code == 303
    assert answer.location.endswith("#point-goals")
    page = soup(browsers.rui, browsers.path())
    assert "1 of 10 settled" in page.text
    point = page.select_one("#point-goals")
    assert point is not None
    assert "The lecturer of “Urban water”" in point.text
    assert point.select_one("button")["aria-pressed"] == "true"  # type: ignore[index]
    browsers.rui.post(browsers.path("checklist"), data={"item": "goals", "done": "0"})
    assert "0 of 10 settled" in soup(browsers.mai, browsers.path()).text


def upload(client: FlaskClient, path: str, *files: tuple[bytes, str], text: str = "see file") -> int:
    """Send a message with files; gives the status."""
    return send(client, path, *files, text=text).status_code


def send(client: FlaskClient, path: str, *files: tuple[bytes, str], text: str) -> TestResponse:
    """Send a message with files; encoded here, because the test client leaves its temporary files open."""
    values = MultiDict[str, object]({"text": text})
    for content, name in files:
        values.add("files", FileStorage(BytesIO(content), name))
    boundary, data = encode_multipart(values)
    return client.post(path, data=data, content_type=f"multipart/form-data; boundary={boundary}")


def test_a_file_is_sent_and_comes_back_as_a_file_and_nothing_else(app: Flask, browsers: Browsers) -> None:
    plan = documents.docx()
    assert upload(browsers.rui, browsers.path(), (plan, "kế hoạch.docx"), (documents.png(), "map.png")) == 303
    links = soup(browsers.mai, browsers.path()).select(".message-files a")
    assert [link.text for link in links] == ["kế hoạch.docx", "map.png"]
    answer = browsers.mai.get(str(links[0]["href"]))
    assert answer.data == plan
    assert answer.headers["Content-Type"] == documents.WORD
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert browsers.others["colleague"].get(str(links[0]["href"])).status_code == 403
    assert browsers.mai.get(browsers.path("attachments/99")).status_code == 404


def test_a_file_of_another_match_is_not_found_here(app: Flask, browsers: Browsers) -> None:
    with app.app_context():
        match = db.session.get_one(Match, browsers.match_id)
        others = [factories.course(factories.user(f"{n}@x.example", at=match.course_a.institution)) for n in "ab"]
        elsewhere = factories.match(*others, factories.round_("2026-W49"))
        file = factories.message(elsewhere, others[0].lecturer, files={"a.txt": b"secret"}).attachments[0].id
        db.session.commit()
    assert browsers.mai.get(browsers.path(f"attachments/{file}")).status_code == 404


def test_a_refused_file_keeps_the_text_and_says_which_and_why(app: Flask, browsers: Browsers) -> None:
    files = ((b"MZ\x90\0", "photo.png"), (b"#!/bin/sh", "run.txt"))
    answer = send(browsers.mai, browsers.path(), *files, text="see these")
    assert answer.status_code == 422
    page = BeautifulSoup(answer.text, "html.parser")
    assert page.select_one("form.write textarea").text.strip() == "see these"  # type: ignore[union-attr]
    assert "“photo.png” is of a kind we cannot take" in page.text
    assert "“run.txt” is a web page or a program" in page.text
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count(Message.id))) == 0


def test_three_files_of_five_megabytes_are_the_most(app: Flask, browsers: Browsers) -> None:
    five = b"a" * (5 * 1024 * 1024)
    assert upload(browsers.mai, browsers.path(), *((five, f"{n}.txt") for n in "abc")) == 303
    assert upload(browsers.mai, browsers.path(), (five + b"a", "d.txt"), text="two") == 422
    assert upload(browsers.mai, browsers.path(), *((b"a", f"{n}.txt") for n in "abcd"), text="three") == 422
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count(Attachment.id))) == 3


def test_a_body_beyond_that_gets_an_answer_of_its_own(browsers: Browsers) -> None:
    answer = send(browsers.mai, browsers.path(), (b"a" * (21 * 1024 * 1024), "a.txt"), text="x")
    assert answer.status_code == 413
    assert "3 files of 5 MB each" in answer.text


def test_only_this_form_and_only_with_a_session_may_be_large(client: FlaskClient, browsers: Browsers) -> None:
    large = (b"a" * (2 * 1024 * 1024), "a.txt")
    assert upload(client, browsers.path(), large) == 413
    assert upload(browsers.mai, browsers.path("meetings"), large) == 413
