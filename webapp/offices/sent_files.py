"""Files an office sent for its lecturers: whose they are, and who of the office may undo their import."""

from collections.abc import Sequence

import sqlalchemy as sa

from webapp.accounts.models import User
from webapp.db import db
from webapp.imports.models import ImportFile
from webapp.imports.queries import is_of_office


def house_of(file: ImportFile) -> int | None:
    """Tell for which institution (id) a file was sent; None where it does not say so."""
    found: int | None = next((row["lecturer"].get("house") for row in file.rows if "lecturer" in row), None)
    return found


def may_undo(file: ImportFile, user: User) -> bool:
    """Whether somebody of an office may undo the import of a file: everybody of the office it was sent for.

    A file that does not say so is of whoever sent it.
    """
    house = house_of(file)
    if house is None:
        return file.user_id == user.id
    return user.institution_id == house


def imported(user: User) -> Sequence[tuple[ImportFile, str]]:
    """List the files that somebody's office has imported and that are still kept, the latest first.

    Returns
    -------
    sequence
        Each with the name of who sent it; empty for the person's own.
    """
    house = ImportFile.rows[(0, "lecturer", "house")].as_integer()
    of_house = sa.or_(house == user.institution_id, sa.and_(house.is_(None), ImportFile.user_id == user.id))
    chosen = (
        sa.select(ImportFile, User.id, User.name)
        .join(User, User.id == ImportFile.user_id)
        .where(of_house, ImportFile.imported_at.is_not(None))
        .order_by(ImportFile.imported_at.desc(), ImportFile.id.desc())
        .limit(5)
    )
    found = db.session.execute(chosen).tuples()
    return [(file, "" if by == user.id else name) for file, by, name in found if is_of_office(file)]


def sender_of(file: ImportFile) -> str:
    """Name who sent a file."""
    return db.session.scalar(sa.select(User.name).where(User.id == file.user_id)) or ""
