"""The archive of digests: written with the mail, read by its owner only, gone with the account and with the years."""

import json
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from config import Settings
from tests import factories
from tests.conftest import NOW
from tests.webapp.rounds import known_week
from tests.webapp.rounds.known_week import READERS
from webapp.access import Role
from webapp.accounts.models import User
from webapp.db import db
from webapp.jobs import run_clean_up
from webapp.mail.models import OutboxMessage
from webapp.matches.decisions import Limits
from webapp.own_data import leaving
from webapp.rounds import digest_jobs, digest_queries
from webapp.rounds.digest_archive import main_part
from webapp.rounds.models import DigestIssue, Round

SignIn = Callable[[int], FlaskClient]


@pytest.fixture
def ids(app: Flask) -> dict[str, int]:
    """The readers of the known week with their digests, and the ids of these as ``issue_<reader>``."""
    with app.app_context():
        known_week.promise(known_week.stage())
        found = {}
        for name, (_, email, _, _) in READERS.items():
            found[name] = db.session.query(User).filter_by(email=email).one().id
            found[f"issue_{name}"] = db.session.query(DigestIssue).filter_by(user_id=found[name]).one().id
    return found


def test_what_is_promised_is_archived_as_it_is(context: Flask) -> None:
    n = known_week.promise(known_week.stage())
    issues = {row.user_id: row for row in db.session.query(DigestIssue)}
    assert len(issues) == n == db.session.query(OutboxMessage).count()
    for message in db.session.query(OutboxMessage):
        issue = issues[int(message.key.rpartition(":")[2])]
        assert (issue.subject, issue.text, issue.html) == (message.subject, message.text, message.html)
        assert (issue.week, issue.made_at) == ("2026-W48", NOW)


def test_an_issue_and_its_mail_stand_or_fall_together(context: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    this = known_week.stage()
    db.session.commit()
    promised: list[int] = []

    def fail(*_: object) -> None:
        promised.append(db.session.query(OutboxMessage).count())
        assert db.session.query(DigestIssue).count() == promised[0]
        raise RuntimeError("the machine is on fire")

    with monkeypatch.context() as patched:
        patched.setattr(digest_queries, "note_progress", fail)
        digest_jobs.run(NOW, lambda _said: None)
    assert promised[0] > 0
    assert db.session.query(DigestIssue).count() == db.session.query(OutboxMessage).count() == 0
    assert (this.digests_done_at, this.digests_up_to) == (None, 0)
    digest_jobs.run(NOW, lambda _said: None)
    assert db.session.query(DigestIssue).count() == db.session.query(OutboxMessage).count() == promised[0]


def test_promised_twice_nobody_has_two(context: Flask) -> None:
    this = known_week.stage()
    n = known_week.promise(this)
    assert known_week.promise(this) == 0
    assert db.session.query(OutboxMessage).count() == n
    weeks = db.session.query(DigestIssue.user_id, DigestIssue.week).all()
    assert len(weeks) == len(set(weeks)) == n


def test_after_a_round_taken_back_a_second_digest_of_the_week_goes_out_and_the_archive_keeps_both(
    context: Flask,
) -> None:
    first = known_week.stage()
    n = known_week.promise(first)
    texts = {issue.user_id: issue.text for issue in db.session.query(DigestIssue)}
    db.session.execute(sa.update(Round).where(Round.id == first.id).values(published_week=None, state="taken_back"))
    factories.round_("2026-W48", published_at=NOW + timedelta(hours=3), digests_done_at=None)
    db.session.commit()
    digest_jobs.run(NOW + timedelta(hours=3), lambda _said: None)
    second = db.session.query(DigestIssue).filter_by(made_at=NOW + timedelta(hours=3)).all()
    assert 0 < len(second) < n
    assert {issue.number for issue in second} == {2}
    assert db.session.query(OutboxMessage).count() == n + len(second)
    of_first = db.session.query(DigestIssue).filter_by(number=1).all()
    assert {issue.user_id: issue.text for issue in of_first} == texts
    reader = db.session.get_one(User, second[0].user_id)
    assert [issue.number for issue in db.session.scalars(digest_queries.issues_of(reader))] == [2, 1]


@pytest.mark.parametrize("name", list(READERS))
def test_the_page_shows_what_the_mail_said_with_its_links_and_without_its_styles(
    app: Flask, sign_in: SignIn, ids: dict[str, int], name: str
) -> None:
    page = sign_in(ids[name]).get(f"/digests/{ids[f'issue_{name}']}")
    assert page.status_code == 200
    assert "style=" not in page.text
    seen = unescape(page.text)
    with app.app_context():
        issue = db.session.get_one(DigestIssue, ids[f"issue_{name}"])
        said = [line.strip(" *") for line in issue.text.partition("\n-- ")[0].splitlines()]
        assert f"<h1>{issue.subject}</h1>" in seen
    assert len(said) > 10
    for line in said:
        assert (f'href="{line}"' if line.startswith("http") else line.strip("-█░")) in seen


def test_only_ones_own_digests_are_listed_and_opened(sign_in: SignIn, ids: dict[str, int]) -> None:
    client = sign_in(ids["office"])
    page = client.get("/digests").text
    assert "One match waits for your approval" in page
    assert f"/digests/{ids['issue_office']}" in page
    assert f"/digests/{ids['issue_lecturer']}" not in page
    assert client.get(f"/digests/{ids['issue_lecturer']}").status_code == 403
    assert client.get("/digests/4711").status_code == 404


def test_the_newest_stands_first_and_long_lists_have_pages(app: Flask, sign_in: SignIn) -> None:
    with app.app_context():
        noor = factories.user("noor@asem.example", Role.COORDINATOR)
        for week in range(1, 26):
            factories.digest_issue(noor, f"2026-W{week:02d}", subject=f"Week {week:02d}.")
        noor_id = noor.id
        db.session.commit()
    client = sign_in(noor_id)
    first, second = client.get("/digests").text, client.get("/digests?page=2").text
    assert first.index("Week 25.") < first.index("Week 24.")
    assert "Week 05." not in first
    assert "Week 05." in second
    assert "Page 2 of 2" in second
    beyond = client.get("/digests?page=99").text
    assert "Week 05." in beyond
    assert "Page 2 of 2" in beyond


def test_without_digests_the_page_says_when_the_first_comes(app: Flask, sign_in: SignIn) -> None:
    with app.app_context():
        one = factories.user("mai@hanu.example", at=factories.institution()).id
        other = factories.user("noor@asem.example", Role.COORDINATOR, wants_digest=False).id
        root = factories.user("kei@causeway.example", Role.ADMINISTRATOR).id
        db.session.commit()
    assert "No digest yet" in sign_in(one).get("/digests").text
    assert "You do not receive the digest" in sign_in(other).get("/digests").text
    assert "No digest for administrators" in sign_in(root).get("/digests").text


def test_digests_are_part_of_ones_own_data_and_go_with_the_account(
    app: Flask, sign_in: SignIn, ids: dict[str, int]
) -> None:
    data = json.loads(sign_in(ids["lecturer"]).get("/preferences/my-data.json").text)
    [issue] = data["digest_issues"]
    assert issue["subject"] == "A new partner is proposed for your course"
    with app.app_context():
        leaving.leave(db.session.get_one(User, ids["lecturer"]), NOW, Limits(9, 21))
        db.session.commit()
        left = set(db.session.scalars(sa.select(DigestIssue.user_id)))
    assert ids["lecturer"] not in left
    assert ids["office"] in left


def test_after_a_year_digests_leave_the_archive_and_sent_mail_is_emptied_but_stays_promised(
    app: Flask, settings: Settings, ids: dict[str, int]
) -> None:
    said: list[str] = []
    with app.app_context():
        sent = db.session.query(OutboxMessage).filter_by(to_address="mai@hanu.example").one()
        sent.sent_at = NOW
        key = sent.key
        n = db.session.query(DigestIssue).count()
        db.session.commit()
        run_clean_up(settings, NOW + timedelta(days=365), said.append)
        assert db.session.query(DigestIssue).count() == n
        assert db.session.query(OutboxMessage).filter_by(key=key).one().text != ""
        run_clean_up(settings, NOW + timedelta(days=366), said.append)
        assert db.session.query(DigestIssue).count() == 0
        row = db.session.query(OutboxMessage).filter_by(key=key).one()
        assert (row.to_address, row.subject, row.text, row.html, row.headers) == ("", "", "", "", {})
        assert row.sent_at == NOW
        unsent = db.session.query(OutboxMessage).filter(OutboxMessage.sent_at.is_(None)).all()
        assert len(unsent) == n - 1
        assert all(message.text for message in unsent)
    assert f"old digests {n}" in said[-1]
    assert "texts of old mail 1" in said[-1]


def test_nothing_a_mail_program_may_run_comes_through() -> None:
    html = (
        "<html><main><p style='x' onclick='y' class=\"quiet\">A &lt;b&gt; &amp; c<br>"
        "<script>alert(1)</script><img src=x><a href='/x' style='z'>go</a></p></main><p>footer</p></html>"
    )
    assert main_part(html) == '<p class="quiet">A &lt;b&gt; &amp; c<br>alert(1)<a href="/x">go</a></p>'
