"""Commands of the service: ``flask --app webapp <group> <command>``."""

from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import urlsplit

import click
from email_validator import EmailNotValidError, validate_email
from flask import Flask, current_app
from flask.cli import AppGroup

from webapp.access import Role
from webapp.accounts import passwords
from webapp.accounts import queries as people
from webapp.accounts.models import User
from webapp.db import db
from webapp.demo import history, loading, talk
from webapp.demo.people import PASSWORD
from webapp.i18n import LANGUAGES, SOURCE_LANGUAGE
from webapp.institutions import reference
from webapp.rounds.cli import commands as rounds_commands

accounts_commands = AppGroup("accounts", help="People with an account.")
institutions_commands = AppGroup("institutions", help="The list of institutions.")
demo_commands = AppGroup("demo", help="Data to try the service with.")


def load_demo(say: Callable[[str], None], password: str = PASSWORD) -> None:
    """Load the demonstration; what is there already stays as it is.

    Parameters
    ----------
    say
        Where it is told what was added.
    password
        The password of everybody in the demonstration.

    Raises
    ------
    click.ClickException
        When the password everybody can read in this code would open an administrator's account to the world.
    """
    host = urlsplit(current_app.config["SETTINGS"].public_url).hostname
    if password == PASSWORD and host not in ("localhost", "127.0.0.1", "::1"):
        raise click.ClickException(
            "The demonstration's password is public, and so is this service. Choose another with --password."
        )
    now, settings = datetime.now(UTC), current_app.config["SETTINGS"]
    loaded = loading.load(now, password)
    db.session.commit()
    say(f"Demonstration loaded. Added: people {loaded.n_people}, courses {loaded.n_courses}.")
    n_past = history.load(now, settings)
    db.session.commit()
    if n_past:
        say(f"Past terms of the demonstration loaded. Proposals and what became of them: {n_past}.")


def load_demo_talk(say: Callable[[str], None]) -> None:
    """Let two people of the demonstration talk, once a round has proposed them to each other."""
    n = talk.load(datetime.now(UTC))
    db.session.commit()
    if n:
        say(f"Conversation of the demonstration loaded. Messages: {n}.")


@demo_commands.command("load")
@click.option(
    "--password",
    envvar="CAUSEWAY_DEMO_PASSWORD",
    default=PASSWORD,
    show_default=True,
    help="Password of everybody in the demonstration.",
)
def load_demo_command(password: str) -> None:
    """Add institutions, invented people and real courses to try the service with. Not for a real installation."""
    load_demo(click.echo, password)
    load_demo_talk(click.echo)
    click.echo(f"Everybody's password: {password}")


@institutions_commands.command("load")
def load_institutions() -> None:
    """Add the reference list of institutions, and follow its changes."""
    n_added, n_changed = reference.load()
    db.session.commit()
    click.echo(f"Institutions added: {n_added}; changed: {n_changed}.")


@accounts_commands.command("create-administrator")
@click.option("--email", prompt="Mail address")
@click.option("--name", prompt="Name")
@click.option("--language", prompt="Language", type=click.Choice(LANGUAGES), default=SOURCE_LANGUAGE)
@click.password_option("--password", help="Asked for when not given; others may read it in the list of processes.")
def create_administrator(email: str, name: str, language: str, password: str) -> None:
    """Create the first administrator, who verifies everybody else."""
    try:
        address = validate_email(email, check_deliverability=False).normalized.lower()
    except EmailNotValidError as error:
        raise click.ClickException(f"{email} is not a mail address: {error}") from error
    if not name.strip():
        raise click.ClickException("The name is empty.")
    if not passwords.SHORTEST <= len(password) <= passwords.LONGEST:
        raise click.ClickException(f"The password needs {passwords.SHORTEST} to {passwords.LONGEST} characters.")
    if passwords.is_easy_to_guess(password, name, address):
        raise click.ClickException("The password is easy to guess.")
    if people.by_email(address) is not None:
        raise click.ClickException(f"{address} has an account already.")
    now = datetime.now(UTC)
    # Hashing takes its time on purpose; the database is not held meanwhile.
    db.session.rollback()
    password_hash = passwords.make(password)
    db.session.add(
        User(
            email=address,
            name=name.strip(),
            password_hash=password_hash,
            role=Role.ADMINISTRATOR,
            language=language,
            created_at=now,
            confirmed_at=now,
            verified_at=now,
        )
    )
    db.session.commit()
    click.echo(f"Administrator {address} created.")


def init_app(app: Flask) -> None:
    """Attach the commands."""
    for group in (accounts_commands, institutions_commands, demo_commands, rounds_commands):
        app.cli.add_command(group)
