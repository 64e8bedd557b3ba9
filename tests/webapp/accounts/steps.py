"""Steps that tests of account pages share."""

import re
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from webapp.accounts import passwords
from webapp.accounts.models import User
from webapp.db import db
from webapp.mail.models import OutboxMessage

PASSWORD = "three wise herons"


def details(**changes: str) -> dict[str, str]:
    """A lecturer's sign-up."""
    values = {
        "role": "lecturer",
        "institution": "Hanoi University",
        "name": "Nguyễn Thị Mai",
        "email": " Mai@hanu.edu.vn ",
        "password": PASSWORD,
        "language": "fr",
        "time_zone": "",
        "consent": "y",
    }
    return values | changes


def the_user(app: Flask, email: str = "mai@hanu.edu.vn") -> User | None:
    """The account of an address, loaded and let go."""
    with app.app_context():
        user = db.session.scalar(sa.select(User).where(User.email == email))
        if user is not None:
            db.session.expunge(user)
        return user


def mails(app: Flask) -> list[OutboxMessage]:
    """All mail promised."""
    with app.app_context():
        return list(db.session.scalars(sa.select(OutboxMessage).order_by(OutboxMessage.id)))


def link_in(message: OutboxMessage) -> str:
    """The first link of a message with a token in it, as a path."""
    found = re.search(r"http://localhost(/(?:confirm|password/reset)/\S+)", message.text)
    assert found is not None
    return found[1]


def account(app: Flask, **fields: Any) -> User:
    """Somebody with a password."""
    with app.app_context():
        at = factories.institution()
        user = factories.user("mai@hanu.edu.vn", at=at, **({"password_hash": passwords.make(PASSWORD)} | fields))
        db.session.commit()
        db.session.refresh(user)
        db.session.expunge(user)
        return user


def come_in(client: FlaskClient, password: str = PASSWORD, query: str = "", **fields: str) -> Any:
    """Send the sign-in form."""
    return client.post(f"/sign-in{query}", data={"email": "mai@hanu.edu.vn", "password": password} | fields)
