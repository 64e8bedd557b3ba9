"""Digests on PostgreSQL: promised, archived, sent in order, and emptied after a year."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade

from config import Settings
from tests import factories
from tests.conftest import NOW, make_settings
from tests.smtp import MailServer
from tests.webapp.rounds import known_week
from webapp import create_app
from webapp.access import Role
from webapp.db import db
from webapp.jobs import run_clean_up, run_send_mail
from webapp.mail.models import OutboxMessage
from webapp.mail.outbox import promise
from webapp.mail.render import Mail
from webapp.rounds.models import DigestIssue


@pytest.fixture
def there(postgres_url: str, tmp_path: Path, mail_server: MailServer) -> Iterator[Settings]:
    """Settings of the service on PostgreSQL, inside its context, with a mail server."""
    settings = mail_server.settings(make_settings(tmp_path, database_url=postgres_url))
    app: Flask = create_app(settings)
    with app.app_context():
        upgrade()
        yield settings
        db.session.remove()
        db.engine.dispose()


def test_the_known_week_goes_the_whole_way(there: Settings, mail_server: MailServer) -> None:
    this = known_week.stage()
    factories.user("vn@asem.example", Role.COORDINATOR, countries=["VN"], network="AUF")
    n = known_week.promise(this)
    promise("reset:1", Mail("mai@hanu.example", "A new password", "text", "<p>text</p>"), NOW)
    db.session.commit()
    assert db.session.query(DigestIssue).count() == n
    said: list[str] = []
    run_send_mail(there, NOW, said.append)
    assert said[-1] == f"Messages sent: {n + 1}; to be tried again: 0."
    assert mail_server.received[0]["Subject"] == "A new password"
    assert len(mail_server.received) == n + 1
    run_clean_up(there, NOW + timedelta(days=400), said.append)
    assert db.session.query(DigestIssue).count() == 0
    assert {row.text for row in db.session.query(OutboxMessage)} == {""}
    assert known_week.promise(this) == 0
