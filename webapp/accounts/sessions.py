"""Who is signed in: Flask-Login's side of it."""

from flask import Flask
from flask_login import LoginManager

from webapp.accounts.models import User
from webapp.db import db

manager = LoginManager()


def load_user(key: str) -> User | None:
    """Find the person of a session; None when they have signed out everywhere or the account is closed.

    Parameters
    ----------
    key
        ``User.get_id()`` as the session kept it.
    """
    user_id, _, version = key.partition(":")
    if not user_id.isdecimal() or not version.isdecimal():
        return None
    user = db.session.get(User, int(user_id))
    return user if user is not None and user.is_active and user.session_version == int(version) else None


def init_app(app: Flask) -> None:
    """Attach to the app."""
    manager.init_app(app)
    manager.user_loader(load_user)
