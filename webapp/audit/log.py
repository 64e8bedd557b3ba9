"""Writing the audit log: one line in the transaction of what it tells."""

import re
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any

import sqlalchemy as sa

from webapp.audit.models import AuditEvent
from webapp.db import db

LONGEST_NAME = 200
FORMER = "former-member"
"""Stands in facts for the address of somebody who has left."""
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")


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
    db.session.execute(sa.update(AuditEvent).where(own).values(object_name=""))
    forget_address(email)


def forget_address(email: str) -> None:
    """Take an address out of the log, wherever it stands."""
    db.session.execute(sa.update(AuditEvent).where(AuditEvent.object_name == email).values(object_name=""))
    told = (
        sa.cast(column, sa.Text).contains(email, autoescape=True) for column in (AuditEvent.before, AuditEvent.after)
    )
    for event in db.session.scalars(sa.select(AuditEvent).where(sa.or_(*told))):
        event.before, event.after = _without(event.before, {email}), _without(event.after, {email})


def forget_strangers(before: datetime, known: Callable[[Collection[str]], Collection[str]]) -> None:
    """Take the addresses of people who never came out of what was noted about invitations and imports.

    Parameters
    ----------
    before
        Events before this instant.
    known
        Chooses, of some addresses, those of people we still know.
    """
    told = (sa.cast(column, sa.Text).contains("@") for column in (AuditEvent.before, AuditEvent.after))
    old = sa.select(AuditEvent).where(
        AuditEvent.at < before,
        AuditEvent.object_kind.in_(("account_invites", "import_files")),
        sa.or_(AuditEvent.object_name.contains("@"), *told),
    )
    events = db.session.scalars(old).all()
    of_events = [_addresses([event.object_name, event.before, event.after]) for event in events]
    strange = set().union(*of_events)
    strange -= set(known(strange))
    for event, addresses in zip(events, of_events, strict=True):
        if addresses & strange:
            event.before, event.after = _without(event.before, strange), _without(event.after, strange)
            event.object_name = "" if event.object_name in strange else event.object_name


def _addresses(value: Any) -> set[str]:
    """List the texts in facts that look like addresses."""
    if isinstance(value, dict):
        return _addresses([*value.keys(), *value.values()])
    if isinstance(value, list):
        return set().union(*map(_addresses, value))
    return {value} if isinstance(value, str) and _ADDRESS.fullmatch(value) else set()


def _without(value: Any, emails: Collection[str]) -> Any:
    """Give facts without some addresses, wherever in them they stand; what stood under several is put together."""
    if isinstance(value, dict):
        found: dict[str, Any] = {}
        for key, inner in value.items():
            name, cleared = FORMER if key in emails else key, _without(inner, emails)
            both = isinstance(found.get(name), list) and isinstance(cleared, list)
            found[name] = found[name] + cleared if both else cleared
        return found
    if isinstance(value, list):
        return [_without(inner, emails) for inner in value]
    return FORMER if isinstance(value, str) and value in emails else value


def _plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _as_json(value) for key, value in facts.items()}


def _as_json(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value
