"""Who is signed in: Flask-Login's side of it, and how a session begins and ends."""

from flask import Flask, session
from flask_login import LoginManager, login_user, logout_user

from webapp.accounts.models import User
from webapp.accounts.tokens import mark_of
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


def start(user: User) -> None:
    """Begin a person's session in this browser, with nothing in it that somebody may have planted before."""
    _empty()
    session.permanent = True
    login_user(user)


def end() -> None:
    """End the session in this browser; the language chosen in it stays."""
    logout_user()
    _empty()


def _empty() -> None:
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language


def note_password(password_hash: str) -> None:
    """Note that whoever uses this browser knows the password of an account not confirmed yet."""
    session["knows"] = mark_of(password_hash)


def knows_password(user: User) -> bool:
    """Tell whether the person's present password was chosen or typed in this browser."""
    return session.get("knows") == mark_of(user.password_hash)


def is_own_path(target: str | None) -> bool:
    """Tell whether an address asked for leads to a page of ours and nowhere else.

    Browsers read "//host", "/\\host" and "/<tab>/host" as addresses of other hosts.
    """
    if not target or not target.startswith("/") or target.startswith("//"):
        return False
    return "\\" not in target and target.isprintable()


def init_app(app: Flask) -> None:
    """Attach to the app."""
    manager.init_app(app)
    manager.user_loader(load_user)
