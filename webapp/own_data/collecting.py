"""A person's data as one file that people and programs can read."""

from base64 import b64encode
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from webapp.accounts.models import User
from webapp.db import Model
from webapp.own_data import queries

SECRETS = frozenset({"password_hash", "session_version", "key"})
"""Columns that say nothing about the person and would help whoever steals the file."""


def collect(user: User, now: datetime) -> dict[str, Any]:
    """Give everything stored about a person, table by table.

    Parameters
    ----------
    user
        Whose data.
    now
        The instant (aware), for the head of the file.

    Returns
    -------
    dict
        JSON values. Attached files are in Base64, instants in ISO 8601 with their offset.
    """
    found = queries.belongings(user)
    return {
        "about": "Everything Causeway stores about one person.",
        "made_at": now.isoformat(),
        "institution": user.institution.name if user.institution else None,
        **{table: [_row(row) for row in rows] for table, rows in found.items()},
    }


def _row(row: Model) -> dict[str, Any]:
    columns = sa.inspect(type(row)).column_attrs
    return {column.key: _plain(getattr(row, column.key)) for column in columns if column.key not in SECRETS}


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return b64encode(value).decode() if isinstance(value, bytes) else value
