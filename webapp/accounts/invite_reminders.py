"""The one reminder of an invitation nobody has followed yet."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from webapp.accounts import emails, invite_links, invites
from webapp.accounts.mail_limits import REMINDED, key_of
from webapp.accounts.models import AccountInvite
from webapp.db import db
from webapp.mail.outbox import promise

AFTER = timedelta(days=7)
"""How long after an invitation the reminder goes; its link works for as long again."""


def remind(now: datetime) -> int:
    """Remind, once for each time they were invited, those who have not come; tell how many.

    Whoever has an account already that the invitation cannot verify is left in peace.
    """
    due = (
        sa.select(AccountInvite)
        .where(
            AccountInvite.used_at.is_(None),
            AccountInvite.invited_at <= now - AFTER,
            AccountInvite.invited_at > now - invite_links.LIFE + timedelta(days=1),
        )
        .options(joinedload(AccountInvite.institution))
        .order_by(AccountInvite.id)
    )
    n = 0
    for row in db.session.scalars(due):
        user = invites.account_of(row)
        if user is None or invites.can_verify(row, user):
            key = key_of(REMINDED, row.institution_id, row.id, row.invited_at.isoformat())
            n += promise(key, emails.account_reminded(row), now)
    return n
