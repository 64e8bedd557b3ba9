"""Finding searches that people keep."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from webapp.accounts.models import User
from webapp.db import db
from webapp.directory.models import SavedSearch


def of_person(user: User) -> Sequence[SavedSearch]:
    """List what somebody keeps, by name."""
    found = sa.select(SavedSearch).where(SavedSearch.user_id == user.id)
    return db.session.scalars(found.order_by(SavedSearch.name, SavedSearch.id)).all()


def by_id(search_id: int) -> SavedSearch | None:
    """Find one with its owner; None when there is none."""
    found = sa.select(SavedSearch).where(SavedSearch.id == search_id).options(joinedload(SavedSearch.user))
    return db.session.scalar(found)


def to_mail() -> Sequence[int]:
    """List the ids of the searches whose owners want mail and can be reached, by id."""
    found = (
        sa.select(SavedSearch.id)
        .join(User, SavedSearch.user_id == User.id)
        .where(
            SavedSearch.wants_mail.is_(True),
            User.confirmed_at.is_not(None),
            User.verified_at.is_not(None),
            User.closed_at.is_(None),
        )
        .order_by(SavedSearch.id)
    )
    return db.session.scalars(found).all()
