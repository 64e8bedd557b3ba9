"""Signed links: who asked for what, and until which change of the account the link holds."""

from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from flask import current_app, url_for
from itsdangerous import BadData, URLSafeTimedSerializer

from webapp.accounts.models import User
from webapp.db import db


class Purpose(StrEnum):
    """What a link does; a link made for one purpose is worth nothing for another."""

    CONFIRM = "confirm"
    RESET = "reset"
    UNSUBSCRIBE = "unsubscribe"


class BadLinkError(Exception):
    """The link was not made here, was used already, or belongs to an account that changed since."""


class ExpiredLinkError(Exception):
    """The link is genuine and unused, but too old.

    Parameters
    ----------
    user
        Whose link it is, so that a new one can be offered.
    """

    def __init__(self, user: User) -> None:
        super().__init__("link expired")
        self.user = user


def _serializer(purpose: Purpose) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt=f"causeway:{purpose}")


def _bound_to(purpose: Purpose, user: User) -> str:
    """What must not have changed since the link was made: this is what makes reset links good for one use."""
    facts = {
        Purpose.CONFIRM: (user.email, user.session_version, user.password_hash),
        Purpose.RESET: (user.email, user.session_version, user.password_hash),
        Purpose.UNSUBSCRIBE: (user.email,),
    }[purpose]
    return sha256("\n".join(map(str, facts)).encode()).hexdigest()[:24]


def sign(purpose: Purpose, user: User) -> str:
    """Make the token of a link.

    Parameters
    ----------
    purpose
        What the link does.
    user
        Whose it is; must have been flushed, because the id goes into the token.
    """
    return str(_serializer(purpose).dumps([user.id, _bound_to(purpose, user)]))


def read(purpose: Purpose, token: str, now: datetime, max_age: timedelta | None = None) -> User:
    """Find whose token this is.

    Parameters
    ----------
    purpose
        What the page does.
    token
        The token out of the address.
    now
        The instant (aware).
    max_age
        Life of such a link; None for one that never grows old.

    Raises
    ------
    BadLinkError
        When it was made for another purpose or tampered with, or its account changed or was closed since.
    ExpiredLinkError
        When it is older than `max_age`.
    """
    try:
        (user_id, bound), made_at = _serializer(purpose).loads(token, return_timestamp=True)
    except (BadData, TypeError, ValueError) as error:
        raise BadLinkError from error
    user = db.session.get(User, user_id)
    if user is None or user.closed_at is not None or bound != _bound_to(purpose, user):
        raise BadLinkError
    if max_age is not None and now - made_at > max_age:
        raise ExpiredLinkError(user)
    return user


def mark_of(password_hash: str) -> str:
    """Give the mark by which a browser shows that the password of an account was chosen, or typed, in it.

    It goes into the session, which people can read; the hash itself must not.
    """
    return sha256(f"chosen here:{password_hash}".encode()).hexdigest()[:24]


def unsubscribe_url(user: User) -> str:
    """Give the address that takes a person off the weekly digest, for the mail's ``List-Unsubscribe`` header."""
    return url_for("accounts.unsubscribe", token=sign(Purpose.UNSUBSCRIBE, user), _external=True)
