"""People who asked us not to write again: remembered by a mark out of which nobody reads the address."""

import hmac
from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from flask import current_app

from webapp.accounts.models import AccountInvite, User
from webapp.db import db


def _mark_of(email: str) -> str:
    secret = str(current_app.config["SECRET_KEY"]).encode()
    return f"not-again-{hmac.digest(secret, email.encode(), 'sha256').hex()[:40]}@causeway.invalid"


def asked_not_to(emails: Collection[str]) -> set[str]:
    """Tell whom no office may have us write to; whoever has begun an account since is not among them."""
    marks = {_mark_of(email): email for email in emails}
    kept = sa.select(AccountInvite.email).where(AccountInvite.email.in_(marks)).distinct()
    found = {marks[mark] for mark in db.session.scalars(kept)}
    active = sa.select(User.email).where(User.email.in_(found), User.confirmed_at.is_not(None))
    return found - set(db.session.scalars(active.where(User.closed_at.is_(None))))


def keep_mark(row: AccountInvite, now: datetime) -> None:
    """Turn an invitation into the mark of its address, which tells neither address nor name."""
    row.email, row.name, row.used_at, row.invited_at = _mark_of(row.email), "", now, now
