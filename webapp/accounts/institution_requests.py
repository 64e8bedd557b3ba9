"""Institutions people look for and do not find: asked for, added, or answered with a reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import gettext as _

from webapp.accounts import emails, queries
from webapp.accounts.models import User
from webapp.audit.log import note
from webapp.db import db
from webapp.errors import NotAllowedError, WrongStateError
from webapp.institutions import rules as institution_rules
from webapp.institutions.models import Institution, InstitutionRequest
from webapp.mail.outbox import promise

MOST_OF_ONE = 3
"""Undecided requests from one address."""
MOST_OF_ALL = 200
"""Undecided requests altogether: whoever sends more is no person."""

KEPT_FOR = timedelta(days=365)
"""How long a request is kept after somebody decided about it."""


@dataclass(frozen=True)
class Wanted:
    """What somebody says about a missing institution; fields as in `InstitutionRequest`."""

    name: str
    country: str
    city: str
    web_page: str
    email: str
    language: str


def undecided() -> Sequence[InstitutionRequest]:
    """List the requests nobody has decided on, those that wait longest first."""
    return db.session.scalars(
        sa.select(InstitutionRequest)
        .where(InstitutionRequest.decided_at.is_(None))
        .order_by(InstitutionRequest.asked_at, InstitutionRequest.id)
        .limit(MOST_OF_ALL)
    ).all()


def get(request_id: int) -> InstitutionRequest | None:
    """Find a request nobody else may decide on until the transaction ends."""
    return db.session.get(InstitutionRequest, request_id, with_for_update=True)


def ask(wanted: Wanted, now: datetime) -> None:
    """Note what is missing and tell the administrators; the same wish of the same person counts once.

    Raises
    ------
    NotAllowedError
        When this address, or everybody together, waits for too many answers already.
    """
    waiting = undecided()
    of_one = [one for one in waiting if one.email == wanted.email]
    if any((one.name.casefold(), one.country) == (wanted.name.casefold(), wanted.country) for one in of_one):
        return
    if len(of_one) >= MOST_OF_ONE or len(waiting) >= MOST_OF_ALL:
        raise NotAllowedError(_("Earlier requests still wait for an answer. Please try again in a few days."))
    row = InstitutionRequest(**vars(wanted), asked_at=now)
    db.session.add(row)
    db.session.flush()
    for judge in queries.administrators():
        promise(f"institution-asked:{row.id}:{judge.id}", emails.institution_asked(judge, row), now)


def _decide(row: InstitutionRequest, now: datetime) -> None:
    if row.decided_at is not None:
        raise WrongStateError(_("Somebody decided about %(name)s already; nothing was changed.", name=row.name))
    row.decided_at = now


def add(row: InstitutionRequest, institution: Institution, actor: User, now: datetime) -> None:
    """Answer a request with the institution it led to.

    Raises
    ------
    WrongStateError
        When it was decided before.
    """
    _decide(row, now)
    institution_rules.add(institution, actor, now)
    row.institution_id = institution.id
    promise(f"institution-added:{row.id}", emails.institution_added(row, institution), now)


def decline(row: InstitutionRequest, reason: str, actor: User, now: datetime) -> None:
    """Answer a request with the reason why the institution is not added.

    Raises
    ------
    WrongStateError
        When it was decided before.
    """
    _decide(row, now)
    note(
        "institutions.decline",
        actor_id=actor.id,
        now=now,
        kind="institution_requests",
        object_id=row.id,
        name=row.name,
        after={"reason": reason},
    )
    promise(f"institution-declined:{row.id}", emails.institution_declined(row, reason), now)


def forget_before(instant: datetime) -> int:
    """Delete requests decided before an instant; tell how many."""
    old = sa.delete(InstitutionRequest).where(InstitutionRequest.decided_at < instant)
    return len(db.session.scalars(old.returning(InstitutionRequest.id)).all())
