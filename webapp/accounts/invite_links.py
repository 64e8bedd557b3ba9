"""Links of invitations to join: who may follow one, and for how long."""

from datetime import datetime, timedelta
from hashlib import sha256

import sqlalchemy as sa
from flask import current_app
from itsdangerous import BadData, URLSafeSerializer

from webapp.accounts.models import AccountInvite
from webapp.accounts.tokens import BadLinkError
from webapp.db import db

LIFE = timedelta(days=14)
"""How long a link can be followed after it was sent."""


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="causeway:invite")


def _bound(invite: AccountInvite) -> str:
    facts = (invite.email, invite.institution_id, invite.role.value)
    return sha256("\n".join(map(str, facts)).encode()).hexdigest()[:24]


def token(invite: AccountInvite) -> str:
    """Make the token of an invitation's link; the invitation must have been flushed."""
    return str(_serializer().dumps([invite.id, _bound(invite)]))


def of_token(text: str) -> AccountInvite:
    """Find the invitation of a link, which nobody else may use until the transaction ends.

    Raises
    ------
    BadLinkError
        When it was tampered with, withdrawn, changed since or used already.
    """
    try:
        invite_id, bound = _serializer().loads(text)
    except (BadData, TypeError, ValueError) as error:
        raise BadLinkError from error
    invite = held(invite_id)
    if invite is None or invite.used_at is not None or bound != _bound(invite):
        raise BadLinkError
    return invite


def is_old(invite: AccountInvite, now: datetime) -> bool:
    """Whether the link of an invitation can no longer be followed."""
    return now - invite.invited_at > LIFE


def held(invite_id: int) -> AccountInvite | None:
    """Find an invitation which nobody else may use or change until the transaction ends."""
    with_institution = sa.orm.joinedload(AccountInvite.institution)
    return db.session.get(AccountInvite, invite_id, with_for_update={"of": AccountInvite}, options=[with_institution])
