"""Who is signed in: Flask-Login's side of it, and how a session begins and ends."""

from datetime import UTC, datetime
from typing import cast

from flask import Flask, has_request_context, redirect, request, session, url_for
from flask_login import LoginManager, current_user, login_user, logout_user
from werkzeug.wrappers import Response

from webapp.accounts import browsers
from webapp.accounts.models import BrowserSession, User
from webapp.accounts.tokens import mark_of
from webapp.db import db

manager = LoginManager()


def this_person() -> User:
    """Give the person who is signed in: the row itself, for rules and queries."""
    return cast(User, current_user._get_current_object())


def load_user(key: str) -> User | None:
    """Find the person of a session; None when they have ended it from elsewhere or the account is closed.

    Parameters
    ----------
    key
        ``User.get_id()`` as the session kept it.
    """
    user_id, _, version = key.partition(":")
    if not user_id.isdecimal() or not version.isdecimal():
        return None
    user = db.session.get(User, int(user_id))
    if user is None or not user.is_active or user.session_version != int(version):
        return None
    if has_request_context() and "browser" in session:
        found = this_browser()
        if found is None or found.user_id != user.id or found.ended_at is not None:
            return None
        if request.method == "POST":
            # Saved with whatever the request saves: reading a page writes nothing.
            browsers.note_use(found, datetime.now(UTC))
    return user


def this_browser() -> BrowserSession | None:
    """Find what is noted of the browser of this request; None in a session begun before it was noted."""
    return browsers.of_value(session["browser"]) if "browser" in session else None


def start(user: User) -> None:
    """Begin a person's session in this browser, with nothing in it that somebody may have planted before.

    Commit after it: the browser is noted among the person's own.
    """
    _empty()
    session.permanent = True
    session["browser"] = browsers.begin(user, request.user_agent.string, datetime.now(UTC))
    login_user(user)


def end() -> None:
    """End the session in this browser; the language chosen in it stays. Commit after it."""
    found = this_browser()
    if found is not None and found.ended_at is None:
        found.ended_at = datetime.now(UTC)
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


def to_mail_sent(address: str) -> Response:
    """Lead to the page that says a message may be on its way to an address."""
    session["mail_sent_to"] = address
    return redirect(url_for("accounts.mail_sent"), 303)


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
