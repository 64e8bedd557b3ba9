"""Searches that are kept: making, naming and forgetting them, and what is new to one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from flask import current_app, url_for
from flask_babel import gettext as _
from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy.exc import IntegrityError
from werkzeug.datastructures import MultiDict

from webapp.accounts.models import User
from webapp.accounts.tokens import BadLinkError
from webapp.db import db
from webapp.directory import saved_queries
from webapp.directory.answers import Desk, Row, chosen_course, own_courses
from webapp.directory.filters import Order, Wanted
from webapp.directory.models import SavedSearch
from webapp.directory.snapshot import Snapshot
from webapp.errors import NotAllowedError, WrongStateError

MOST = 30
"""Searches one person may keep."""
MOST_LINES = 10
"""Courses named in one message; the search itself shows the rest."""


@dataclass(frozen=True)
class New:
    """What a search finds that was published since it was last looked at.

    Parameters
    ----------
    rows
        The newest first, at most `MOST_LINES`.
    has_more
        Whether there are others.
    """

    rows: tuple[Row, ...]
    has_more: bool


def wanted_of(search: SavedSearch) -> Wanted:
    """Read the search that is kept; what the directory no longer knows is left away."""
    return Wanted.read(MultiDict(search.query))


def query_of(wanted: Wanted) -> dict[str, list[str]]:
    """Give a search as names and lists of values, without the number of a page."""
    query: dict[str, list[str]] = {}
    for name, value in replace(wanted, page=1).address():
        query.setdefault(name, []).append(value)
    return query


def keep(person: User, name: str, wanted: Wanted, *, wants_mail: bool, now: datetime) -> SavedSearch:
    """Keep a search; flushed.

    Raises
    ------
    WrongStateError
        When the person keeps as many as they may, or one of this name.
    """
    kept = saved_queries.of_person(person)
    if len(kept) >= MOST:
        raise WrongStateError(_("You keep %(n)d searches, which is the most. Delete one first.", n=MOST))
    _check_name(name, kept)
    search = SavedSearch(
        user=person, name=name.strip(), query=query_of(wanted), wants_mail=wants_mail, saved_at=now, looked_at=now
    )
    db.session.add(search)
    _flush()
    return search


def rename(search: SavedSearch, name: str) -> None:
    """Give a search another name; flushed.

    Raises
    ------
    WrongStateError
        When its owner keeps another of this name.
    """
    _check_name(name, [other for other in saved_queries.of_person(search.user) if other.id != search.id])
    search.name = name.strip()
    _flush()


def set_mail(search: SavedSearch, *, wanted: bool, now: datetime) -> None:
    """Turn mail on or off; what came while it was off is not told afterwards."""
    if wanted and not search.wants_mail:
        search.looked_at = now
    search.wants_mail = wanted


def mine(search: SavedSearch, person: User) -> SavedSearch:
    """Give the search back to its owner.

    Raises
    ------
    NotAllowedError
        When it is somebody else's.
    """
    if search.user_id != person.id:
        raise NotAllowedError()
    return search


def new_since(search: SavedSearch, desk: Desk, snapshot: Snapshot, now: datetime) -> New:
    """Find the courses published since a search was last looked at; its owner's own are never among them."""
    wanted = replace(wanted_of(search), order=Order.NEWEST, all_courses=False, page=1)
    course = chosen_course(wanted, own_courses(search.user))
    rows = desk.search(wanted, snapshot, search.user, course, now).rows
    fresh = [
        row for row in rows if row.course.published_at is not None and search.looked_at < row.course.published_at <= now
    ]
    return New(tuple(fresh[:MOST_LINES]), len(fresh) > MOST_LINES)


def stop_url(search: SavedSearch) -> str:
    """Give the address that turns the mail of one search off, without signing in."""
    return url_for("directory.stop_mail", token=_serializer().dumps([search.id, _bound_to(search)]), _external=True)


def read_token(token: str) -> SavedSearch:
    """Find the search whose mail a link turns off.

    Raises
    ------
    BadLinkError
        When the link was not made here, or its search or account is gone.
    """
    try:
        search_id, bound = _serializer().loads(token)
    except (BadData, TypeError, ValueError) as error:
        raise BadLinkError from error
    search = saved_queries.by_id(search_id)
    if search is None or search.user.closed_at is not None or bound != _bound_to(search):
        raise BadLinkError
    return search


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="causeway:saved-search")


def _bound_to(search: SavedSearch) -> str:
    # Ids are given again on some databases; owner and instant are not.
    return sha256(f"{search.user_id}\n{search.saved_at.isoformat()}".encode()).hexdigest()[:24]


def _check_name(name: str, others: Sequence[SavedSearch]) -> None:
    if not name.strip():
        raise WrongStateError(_("Please give the search a name."))
    if any(other.name.casefold() == name.strip().casefold() for other in others):
        raise WrongStateError(_("You keep a search of this name already. Choose another name."))


def _flush() -> None:
    try:
        db.session.flush()
    except IntegrityError as error:
        raise WrongStateError() from error
