"""Writing the audit log: one line in the transaction of what it tells."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any

import sqlalchemy as sa

from webapp.audit.models import AuditEvent
from webapp.db import db

LONGEST_NAME = 200
FORMER = "former-member"
"""Stands in facts for the address of somebody who has left."""


def note(
    action: str,
    *,
    actor_id: int | None,
    now: datetime,
    kind: str,
    object_id: int | None = None,
    name: str = "",
    institution_id: int | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> AuditEvent:
    """Note what somebody did, added and not yet flushed.

    Parameters
    ----------
    action
        Code of what was done, folder first: ``accounts.verify``. Its words stand in ``audit/labels.py``.
    actor_id
        Who did it; None for a command or a job.
    now
        The instant (aware).
    kind, object_id, name
        Table, id and present name of what it was done to.
    institution_id
        The institution it concerns; None when it concerns none or all.
    before, after
        The facts that changed, by their column; equal ones are left away. Dates and enumerations are written as
        text.
    """
    was, became = _plain(before or {}), _plain(after or {})
    same = {key for key in was.keys() & became.keys() if was[key] == became[key]}
    event = AuditEvent(
        at=now,
        actor_id=actor_id,
        action=action,
        object_kind=kind,
        object_id=object_id,
        object_name=name[:LONGEST_NAME],
        institution_id=institution_id,
        before={key: value for key, value in was.items() if key not in same},
        after={key: value for key, value in became.items() if key not in same},
    )
    db.session.add(event)
    return event


def forget_person(user_id: int, email: str) -> None:
    """Take the name and the address of somebody who leaves out of the log; what was done to them stays.

    Parameters
    ----------
    user_id
        Whose account is closed.
    email
        Their address, before it is taken away.
    """
    own = sa.and_(AuditEvent.object_kind == "users", AuditEvent.object_id == user_id)
    db.session.execute(sa.update(AuditEvent).where(sa.or_(own, AuditEvent.object_name == email)).values(object_name=""))
    told = (
        sa.cast(column, sa.Text).contains(email, autoescape=True) for column in (AuditEvent.before, AuditEvent.after)
    )
    for event in db.session.scalars(sa.select(AuditEvent).where(sa.or_(*told))):
        event.before, event.after = _without(event.before, email), _without(event.after, email)


def _without(value: Any, email: str) -> Any:
    """Give facts without an address, wherever in them it stands."""
    if isinstance(value, dict):
        return {_without(key, email): _without(inner, email) for key, inner in value.items()}
    if isinstance(value, list):
        return [_without(inner, email) for inner in value]
    return FORMER if value == email else value


def _plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _as_json(value) for key, value in facts.items()}


def _as_json(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value
