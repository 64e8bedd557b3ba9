"""Questions about the audit log."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from flask_sqlalchemy.pagination import Pagination

from webapp.accounts.models import User
from webapp.audit.models import AuditEvent
from webapp.db import LAST_PAGE, db
from webapp.institutions.models import Institution

PER_PAGE = 30
MOST_IN_FILE = 10_000
"""Newest events in one file; earlier ones by another span of days."""
INSTITUTION_COLUMNS = ("institution_id", "partner_id")
"""Keys of ``before`` and ``after`` whose value is the id of an institution."""
PERSON_COLUMNS = ("taken_over_by",)
"""Keys whose value is the id of a person."""


class Names(NamedTuple):
    """Names by id of what events tell of."""

    institutions: dict[int, str]
    people: dict[int, str]


@dataclass(frozen=True)
class Wanted:
    """Which events to look at.

    Parameters
    ----------
    institution_id
        Only events of this institution; None for all.
    who
        Part of the name or address of who did it; empty for everybody.
    action
        Code of what was done; empty for everything.
    since, until
        First and last instant (aware, the last excluded); None for no limit.
    """

    institution_id: int | None = None
    who: str = ""
    action: str = ""
    since: datetime | None = None
    until: datetime | None = None


def _events(wanted: Wanted) -> sa.Select[AuditEvent, User]:
    query = (
        sa.select(AuditEvent, User)
        .outerjoin(User, User.id == AuditEvent.actor_id)
        .order_by(AuditEvent.at.desc(), AuditEvent.id.desc())
    )
    if wanted.institution_id is not None:
        query = query.where(AuditEvent.institution_id == wanted.institution_id)
    if wanted.who:
        part = wanted.who.lower()
        named = sa.func.lower(User.name).contains(part, autoescape=True)
        addressed = User.email.contains(part, autoescape=True)
        if wanted.institution_id is not None:
            # Whoever looks may know addresses of their own institution only.
            addressed = sa.and_(addressed, User.institution_id == wanted.institution_id)
        query = query.where(sa.or_(named, addressed))
    if wanted.action:
        query = query.where(AuditEvent.action == wanted.action)
    if wanted.since is not None:
        query = query.where(AuditEvent.at >= wanted.since)
    if wanted.until is not None:
        query = query.where(AuditEvent.at < wanted.until)
    return query


class _Rows(Pagination):
    """A page of rows of two models; Flask-SQLAlchemy's own gives the first only."""

    def _query_items(self) -> list[tuple[AuditEvent, User | None]]:
        rows = _events(self._query_args["wanted"]).limit(self.per_page).offset(self._query_offset)
        return [(event, actor) for event, actor in db.session.execute(rows)]

    def _query_count(self) -> int:
        counted = _events(self._query_args["wanted"]).order_by(None).subquery()
        return db.session.scalar(sa.select(sa.func.count()).select_from(counted)) or 0


def page_of(wanted: Wanted, page: int) -> Pagination:
    """List events with who caused them, newest first.

    Parameters
    ----------
    wanted
        Which events.
    page
        Page, from 1.
    """
    return _Rows(
        page=min(page, LAST_PAGE), per_page=PER_PAGE, max_per_page=PER_PAGE, error_out=False, count=True, wanted=wanted
    )


def newest(wanted: Wanted) -> list[tuple[AuditEvent, User | None]]:
    """List the newest `MOST_IN_FILE` events with who caused them."""
    return [(event, actor) for event, actor in db.session.execute(_events(wanted).limit(MOST_IN_FILE))]


def actions(institution_id: int | None) -> Sequence[str]:
    """List the codes of what was done, at an institution or (None) anywhere."""
    query = sa.select(AuditEvent.action).distinct()
    if institution_id is not None:
        query = query.where(AuditEvent.institution_id == institution_id)
    return db.session.scalars(query).all()


def _told(events: Iterable[AuditEvent], columns: Iterable[str]) -> set[int]:
    facts = [one for event in events for one in (event.before, event.after)]
    values = (one.get(column) for one in facts for column in columns)
    return {value for value in values if isinstance(value, int)}


def names(events: Sequence[AuditEvent]) -> Names:
    """Name the institutions and people that events concern or tell of, in two questions."""
    places = _told(events, INSTITUTION_COLUMNS) | {event.institution_id for event in events if event.institution_id}
    institutions = db.session.execute(sa.select(Institution.id, Institution.name).where(Institution.id.in_(places)))
    told_of = _told(events, PERSON_COLUMNS)
    people = db.session.execute(sa.select(User.id, User.name).where(User.id.in_(told_of)))
    return Names({key: name for key, name in institutions}, {key: name for key, name in people})  # noqa: C416
