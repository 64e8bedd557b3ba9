"""People an office brought in who have not come: what hangs on their accounts, and how an account goes again."""

from collections.abc import Collection, Iterable

import sqlalchemy as sa

from webapp.accounts.models import User
from webapp.db import Model, db
from webapp.profiles.models import CourseProfile


def spoken_of(model: type[Model], ids: Collection[int], *but: str) -> set[int]:
    """Tell which rows others speak of that do not go with them.

    Parameters
    ----------
    model
        Table of the rows.
    ids
        Their numbers.
    but
        Columns that do not count: table and name, with a dot between them.
    """
    own = sa.inspect(model).local_table
    columns = [
        column
        for table in Model.metadata.sorted_tables
        for column in table.columns
        for key in column.foreign_keys
        if key.column.table is own and key.ondelete not in ("CASCADE", "SET NULL") and str(column) not in but
    ]
    asked = sa.union_all(*(sa.select(column.label("id")).where(column.in_(ids)) for column in columns)).subquery()
    return set(db.session.scalars(sa.select(asked.c.id).distinct()))


def without_trace(people: Iterable[User], courses_that_go: Collection[int]) -> list[User]:
    """Choose the accounts nobody ever came to, and of which nothing is left once some courses (ids) have gone.

    An account whose sessions were ended before is not among them: its number must not be given to anybody else.
    """
    lonely = [one for one in people if one.confirmed_at is None and one.closed_at is None and one.session_version == 1]
    ids = {one.id for one in lonely}
    left = sa.select(CourseProfile.lecturer_id).where(
        CourseProfile.lecturer_id.in_(ids), CourseProfile.id.not_in(courses_that_go)
    )
    used = set(db.session.scalars(left)) | spoken_of(User, ids, "course_profiles.lecturer_id")
    return [one for one in lonely if one.id not in used]
