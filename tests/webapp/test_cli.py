"""The commands that prepare an installation."""

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskCliRunner

from config import Settings
from tests import factories
from webapp import create_app
from webapp.access import Role
from webapp.accounts import passwords
from webapp.accounts.models import User
from webapp.db import db
from webapp.institutions.models import Institution

GOOD = "slow boats to Lisbon"


@pytest.fixture
def runner(app: Flask) -> FlaskCliRunner:
    """A terminal."""
    return app.test_cli_runner()


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash with the least work Argon2 allows."""
    for name, value in {"TIME_COST": 1, "MEMORY_KIB": 8, "PARALLELISM": 1}.items():
        monkeypatch.setattr(passwords, name, value)


def test_institutions_are_loaded_once(app: Flask, runner: FlaskCliRunner) -> None:
    first = runner.invoke(args=["institutions", "load"]).output
    assert runner.invoke(args=["institutions", "load"]).output == "Institutions added: 0; changed: 0.\n"
    with app.app_context():
        n = db.session.scalar(sa.select(sa.func.count()).select_from(Institution))
    assert first == f"Institutions added: {n}; changed: 0.\n"
    assert n is not None
    assert n > 1000


def test_an_administrator_is_asked_for_what_is_needed(app: Flask, runner: FlaskCliRunner) -> None:
    answers = f"Root@ASEM.example\nAda Root\nfr\n{GOOD}\n{GOOD}\n"
    result = runner.invoke(args=["accounts", "create-administrator"], input=answers)
    assert result.output.endswith("Administrator root@asem.example created.\n")
    assert GOOD not in result.output
    with app.app_context():
        user = db.session.scalars(sa.select(User)).one()
        assert (user.email, user.name, user.role, user.language) == (
            "root@asem.example", "Ada Root", Role.ADMINISTRATOR, "fr"
        )  # fmt: skip
        assert user.is_active
        assert user.is_verified
        assert passwords.matches(user.password_hash, GOOD)


@pytest.mark.parametrize(
    ("email", "name", "password", "complaint"),
    [
        ("nowhere", "Ada", GOOD, "nowhere is not a mail address"),
        ("root@asem.example", "  ", GOOD, "The name is empty."),
        ("root@asem.example", "Ada", "short", "The password needs 10 to 200 characters."),
        ("root@asem.example", "Ada Lovelace", "adalovelace", "The password is easy to guess."),
        ("mai@hanu.example", "Mai", GOOD, "mai@hanu.example has an account already."),
    ],
)
def test_an_administrator_is_refused_with_a_reason(
    app: Flask, runner: FlaskCliRunner, email: str, name: str, password: str, complaint: str
) -> None:
    with app.app_context():
        factories.user(at=factories.institution())
        db.session.commit()
    options = ["--email", email, "--name", name, "--language", "en", "--password", password]
    result = runner.invoke(args=["accounts", "create-administrator", *options])
    assert result.exit_code == 1
    assert complaint in result.output
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(User)) == 1


def test_the_demonstration_is_loaded_with_the_password_asked_for(app: Flask, runner: FlaskCliRunner) -> None:
    result = runner.invoke(args=["demo", "load"], env={"CAUSEWAY_DEMO_PASSWORD": GOOD})
    assert result.output.endswith(f"Everybody's password: {GOOD}\n")
    with app.app_context():
        assert passwords.matches(db.session.scalars(sa.select(User.password_hash).limit(1)).one(), GOOD)


def test_a_service_for_everybody_is_not_opened_with_the_password_everybody_knows(settings: Settings) -> None:
    app = create_app(settings.model_copy(update={"public_url": "https://causeway.example"}))
    result = app.test_cli_runner().invoke(args=["demo", "load"])
    assert result.exit_code == 1
    assert "Choose another with --password." in result.output
    with app.app_context():
        assert db.session.scalars(sa.select(User)).all() == []
