"""The browsers a person is signed in with: noted when a session begins, ended one by one or all at once."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256

import sqlalchemy as sa

from webapp.accounts.models import BrowserSession, User
from webapp.db import db

KEPT_DAYS = 180
"""A browser not used for so long is forgotten, and signed out with that (days)."""

# In this order: most browsers also carry the names of those they descend from.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def names(user_agent: str) -> str:
    """Name browser and system as far as a browser tells: ``Firefox, Windows``; empty when it tells neither."""
    found = [next((name for mark, name in known if mark in user_agent), "") for known in (_BROWSERS, _SYSTEMS)]
    return ", ".join(name for name in found if name)


def _hash(value: str) -> str:
    return sha256(value.encode()).hexdigest()


def begin(user: User, user_agent: str, now: datetime) -> str:
    """Note that somebody signed in with a browser.

    Returns
    -------
    str
        A random value for the browser's session; only its hash is stored.
    """
    value = secrets.token_urlsafe(24)
    db.session.add(
        BrowserSession(user_id=user.id, key=_hash(value), browser=names(user_agent), started_at=now, seen_at=now)
    )
    return value


def of_value(value: str) -> BrowserSession | None:
    """Find the session of a browser by the value it holds."""
    return db.session.scalar(sa.select(BrowserSession).where(BrowserSession.key == _hash(value)))


def note_use(found: BrowserSession, now: datetime) -> None:
    """Note that a browser is in use, to the hour: nobody needs to know more precisely."""
    if now - found.seen_at >= timedelta(hours=1):
        found.seen_at = now


def open_of(user: User) -> Sequence[BrowserSession]:
    """List the browsers somebody is signed in with, the one used last first."""
    return db.session.scalars(
        sa.select(BrowserSession)
        .where(BrowserSession.user_id == user.id, BrowserSession.ended_at.is_(None))
        .order_by(BrowserSession.seen_at.desc(), BrowserSession.id.desc())
    ).all()


def one_of(user: User, session_id: int) -> BrowserSession | None:
    """Find one of somebody's browsers; None when it is not theirs."""
    return db.session.scalar(
        sa.select(BrowserSession).where(BrowserSession.id == session_id, BrowserSession.user_id == user.id)
    )


def end_all(user: User, now: datetime) -> None:
    """End the sessions of all of somebody's browsers."""
    db.session.execute(
        sa.update(BrowserSession)
        .where(BrowserSession.user_id == user.id, BrowserSession.ended_at.is_(None))
        .values(ended_at=now)
    )


def forget_before(now: datetime) -> int:
    """Delete what is known of browsers signed out, or not used for `KEPT_DAYS`; tell how many."""
    old = sa.or_(BrowserSession.ended_at.is_not(None), BrowserSession.seen_at < now - timedelta(days=KEPT_DAYS))
    return len(db.session.scalars(sa.delete(BrowserSession).where(old).returning(BrowserSession.id)).all())
