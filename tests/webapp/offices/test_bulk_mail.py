"""An import of many lecturers writes to them in the pace of the hour, and says so; nothing of the import is lost."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from config import Settings
from tests import factories
from tests.webapp.imports.building import csv, words
from tests.webapp.offices.conftest import House
from tests.webapp.offices.test_bulk import HEADER, account, import_all, mails, new_courses, send
from webapp.access import Role
from webapp.accounts import invites
from webapp.accounts.models import AccountInvite
from webapp.db import db
from webapp.mail.models import OutboxMessage


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Two mails an hour for one person."""
    return settings.model_copy(update={"person_mails_an_hour": 2})


def rows(n: int) -> list[str]:
    """Courses of as many new lecturers."""
    return [f"Lecturer {name},{name}@hanu.example,C-{name},Course {name},25" for name in "abcdefgh"[:n]]


def test_all_is_imported_and_mail_over_the_limit_goes_in_the_next_hours(
    app: Flask, office: FlaskClient, house: House
) -> None:
    page = words(office.get(import_all(office, *rows(5))).text)
    assert "5 drafts were made. 5 lecturers are written to." in page
    assert "3 lecturers are written to later, because enough mail of your institution went out this hour" in page
    assert len(new_courses(app)) == 5
    waits = [mail.try_again_at for mail in mails(app)]
    assert [at > mail.promised_at for at, mail in zip(waits, mails(app), strict=True)] == [
        False,
        False,
        True,
        True,
        True,
    ]
    assert waits[2] == waits[3] == waits[4] - timedelta(hours=1)
    assert waits[2].minute == waits[2].second == 0


def test_the_life_of_a_link_begins_when_its_mail_goes(app: Flask, office: FlaskClient, house: House) -> None:
    import_all(office, *rows(3))
    with app.app_context():
        begun = {one.email: one.invited_at for one in db.session.query(AccountInvite)}
        goes = {one.to_address: one.try_again_at for one in db.session.query(OutboxMessage)}
    assert begun == goes


def test_once_all_mail_has_gone_the_page_says_so(app: Flask, office: FlaskClient, house: House) -> None:
    page = words(office.get(import_all(office, *rows(2))).text)
    assert "The lecturers were written to." in page
    assert "later" not in page


def test_more_invitations_than_may_wait_are_refused_and_the_choice_is_kept(
    app: Flask, office: FlaskClient, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(invites, "MOST_WAITING", 2)
    with app.app_context():
        db.session.add(
            AccountInvite(
                institution_id=house.hanoi, email="a@hanu.example", role=Role.LECTURER,
                invited_at=factories.AT,
            )
        )  # fmt: skip
        db.session.commit()
    address = send(office, csv(HEADER, *rows(4)))
    shown = ["2", "3", "4", "5"]
    refused = office.post(address, data={"shown": shown, "row": ["2", "3", "5"], "then": "import"})
    assert refused.status_code == 422
    assert "2 people of this file are new here, and the institution may invite 1 more now" in words(refused.text)
    assert (new_courses(app), account(app, "b@hanu.example"), mails(app)) == ([], None, [])
    assert office.get(address).text.count(" checked") == 3
    # Whoever is invited already takes no further place.
    assert office.post(address, data={"shown": shown, "row": ["2", "3"], "then": "import"}).status_code == 303
    assert len(new_courses(app)) == 2


def test_a_queue_too_long_saves_nothing_and_keeps_the_choice(
    app: Flask, office: FlaskClient, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webapp.accounts.mail_limits.LONGEST_QUEUE", timedelta(hours=1))
    address = send(office, csv(HEADER, *rows(8)))
    shown = [str(n) for n in range(2, 10)]
    refused = office.post(address, data={"shown": shown, "row": shown[:7], "then": "import"})
    assert refused.status_code == 422
    assert "come back tomorrow" in words(refused.text)
    assert (new_courses(app), account(app, "a@hanu.example"), mails(app)) == ([], None, [])
    assert office.get(address).text.count(" checked") == 7
