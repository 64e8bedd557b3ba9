"""Importing, undoing and forgetting on PostgreSQL, where foreign keys, JSON and locks are other than on SQLite."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade

from tests import factories
from tests.conftest import make_settings
from tests.webapp.offices.test_bulk import BINH, account, import_all, mails, new_courses
from webapp import create_app
from webapp.access import Role
from webapp.accounts.models import AccountInvite, User
from webapp.audit.models import AuditEvent
from webapp.db import db
from webapp.jobs import run_clean_up, run_invitations
from webapp.offices import sent_files


@pytest.fixture
def there(postgres_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The service on PostgreSQL."""
    app = create_app(make_settings(tmp_path, database_url=postgres_url))
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    with app.app_context():
        upgrade()
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def office(there: Flask) -> FlaskClient:
    """The browser of the office of Hanoi."""
    with there.app_context():
        person = factories.user("lan@hanu.example", Role.OFFICE, factories.institution(website_domain="hanu.example"))
        db.session.commit()
        key = person.get_id()
    client = there.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = key
    return client


def test_an_import_is_undone_and_made_again_and_forgotten_when_nobody_comes(there: Flask, office: FlaskClient) -> None:
    address = import_all(office, BINH, "Chi,chi@hanu.example,HYD-3,Reefs,25")
    assert "courses.csv" in office.get("/house/import").text
    with there.app_context():
        lan = db.session.query(User).filter_by(email="lan@hanu.example").one()
        listed = [
            [(file.name, name) for file, name in sent_files.imported(user)]
            for user in (
                factories.user("hoa@hanu.example", Role.OFFICE, lan.institution),
                factories.user("rui@ulisboa.example", Role.OFFICE, factories.institution("Lisbon", "PT")),
            )
        ]
    assert listed == [[("courses.csv", "Lan")], []]
    assert office.post(f"{address}/undo").status_code == 303
    assert (new_courses(there), mails(there), account(there, "binh@hanu.example")) == ([], [], None)
    assert office.post(address, data={"then": "import"}).status_code == 303
    assert len(new_courses(there)) == len(mails(there)) == 2
    settings, said = there.config["SETTINGS"], []
    with there.app_context():
        run_invitations(settings, datetime.now(UTC) + timedelta(days=8), said.append)
        run_clean_up(settings, datetime.now(UTC) + timedelta(days=settings.keep_strangers_days + 1), said.append)
        assert said[0] == "Reminders of invitations promised: 2."
        assert "people who never came 2" in said[1]
        assert db.session.scalar(sa.select(sa.func.count(AccountInvite.id))) == 0
        assert "hanu.example" not in str([(one.before, one.after) for one in db.session.scalars(sa.select(AuditEvent))])
    assert (new_courses(there), account(there, "chi@hanu.example")) == ([], None)
