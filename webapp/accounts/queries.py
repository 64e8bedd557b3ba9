"""Questions about people."""

from collections.abc import Sequence

import sqlalchemy as sa
from flask_sqlalchemy.pagination import Pagination

from webapp.access import Role
from webapp.accounts.models import User
from webapp.db import db
from webapp.institutions.models import Institution
from webapp.institutions.names import fold

PER_PAGE = 20


def hold(user_id: int) -> User | None:
    """Find a person whom nobody else may change until the transaction ends, so that two people cannot decide both."""
    return db.session.get(User, user_id, with_for_update={"of": User}, populate_existing=True)


def get(user_id: int) -> User | None:
    """Find a person by id."""
    return db.session.get(User, user_id)


def hold_institution(institution_id: int) -> None:
    """Let nobody else decide about the people of an institution's office until the transaction ends."""
    db.session.get(Institution, institution_id, with_for_update=True)


def by_email(email: str) -> User | None:
    """Find the person with this mail address, whatever its case."""
    return db.session.scalar(sa.select(User).where(User.email == email.strip().lower()))


def _at_work(*conditions: sa.ColumnElement[bool]) -> Sequence[User]:
    return db.session.scalars(
        sa.select(User)
        .where(User.closed_at.is_(None), User.confirmed_at.is_not(None), User.verified_at.is_not(None), *conditions)
        .order_by(User.id)
    ).all()


def offices_of(institution_id: int) -> Sequence[User]:
    """List the verified people of an institution's international office, by id."""
    return _at_work(User.role == Role.OFFICE, User.institution_id == institution_id)


def verifiers_of(institution_id: int) -> Sequence[User]:
    """List those of an office who are written to about people to verify, by id.

    Who signs as second person only, such as a dean, is spared as long as the office has somebody else.
    """
    office = offices_of(institution_id)
    return [user for user in office if user.signs_for_office or not user.signs_as_second] or office


def coordinators() -> Sequence[User]:
    """List the verified coordinators, by id."""
    return _at_work(User.role == Role.COORDINATOR)


def administrators() -> Sequence[User]:
    """List the verified administrators, by id."""
    return _at_work(User.role == Role.ADMINISTRATOR)


def pending(institution_id: int | None, page: int) -> Pagination:
    """List people who confirmed their address and wait to be verified, those who wait longest first.

    Parameters
    ----------
    institution_id
        Only lecturers of this institution; None lists everyone of every role.
    page
        Page, from 1.
    """
    query = (
        sa.select(User)
        .where(User.confirmed_at.is_not(None), User.verified_at.is_(None), User.closed_at.is_(None))
        .order_by(User.confirmed_at, User.id)
    )
    if institution_id is not None:
        query = query.where(User.institution_id == institution_id, User.role == Role.LECTURER)
    return db.paginate(query, page=page, per_page=PER_PAGE, error_out=False)


def members(institution_id: int | None, words: str, role: Role | None, page: int) -> Pagination:
    """List people who confirmed their address, by name.

    Parameters
    ----------
    institution_id
        Only people of this institution; None lists everyone.
    words
        What name, address or institution must hold; empty for all.
    role
        Only people of this role; None for every role.
    page
        Page, from 1.
    """
    query = (
        sa.select(User)
        .where(User.confirmed_at.is_not(None), User.closed_at.is_(None))
        .order_by(sa.func.lower(User.name), User.id)
    )
    if institution_id is not None:
        query = query.where(User.institution_id == institution_id)
    if role is not None:
        query = query.where(User.role == role)
    for word in words.lower().split():
        named = sa.func.lower(User.name).contains(word, autoescape=True)
        at = User.institution.has(Institution.search_text.contains(fold(word) or word, autoescape=True))
        query = query.where(sa.or_(named, User.email.contains(word, autoescape=True), at))
    return db.paginate(query, page=page, per_page=PER_PAGE, error_out=False)
