"""The database: base class of the models, recurring column types, and how connections behave."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import sqlalchemy as sa
from flask import Flask, request
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.pagination import Pagination
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, mapped_column, registry
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


LAST_PAGE = 1_000_000
"""No list is longer; the first row of a page far beyond has a number that databases refuse."""

E = TypeVar("E", bound=StrEnum)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware in Python, UTC without an offset in the database.

    Raises
    ------
    ValueError
        When a naive datetime is stored, because nobody can say which instant it means.
    """

    impl = sa.DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware datetime into naive UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the stored UTC back with its zone."""
        return None if value is None else value.replace(tzinfo=UTC)


class EnumText(TypeDecorator[E]):
    """A StrEnum stored by value as text, without a database enumeration.

    Parameters
    ----------
    members
        The enumeration; values of at most 20 characters.
    """

    impl = sa.String(20)
    cache_ok = True

    def __init__(self, members: type[E]) -> None:
        super().__init__()
        self.members = members

    def process_bind_param(self, value: E | None, dialect: Dialect) -> str | None:
        """Store the value, and refuse one the enumeration lacks."""
        return None if value is None else self.members(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> E | None:
        """Give the member back."""
        return None if value is None else self.members(value)


PrimaryKey = Annotated[int, mapped_column(primary_key=True)]
ShortText = Annotated[str, mapped_column(sa.String(200))]
CountryCode = Annotated[str, mapped_column(sa.String(2))]


class Base(DeclarativeBase):
    """The base of every model; the type map stands in the registry because Flask-SQLAlchemy refuses it here."""

    metadata = sa.MetaData(naming_convention=NAMING)
    registry = registry(
        metadata=metadata,
        type_annotation_map={
            datetime: UtcDateTime(),
            str: sa.Text(),
            dict[str, Any]: sa.JSON(),
            list[Any]: sa.JSON(),
            list[str]: sa.JSON(),
            list[int]: sa.JSON(),
            dict[str, str | None]: sa.JSON(),
        },
    )


class Database(SQLAlchemy):
    """Flask-SQLAlchemy, with numbers of pages that every database can count to and every list has."""

    def paginate(self, select: sa.Select[Any], *, page: int | None = None, **kwargs: Any) -> Pagination:
        """Give one page of a selection, the last one for a number behind it; the number comes from the address
        unless it is given."""
        wanted = request.args.get("page", 1, type=int) if page is None else page
        found = super().paginate(select, page=min(wanted, LAST_PAGE), **kwargs)
        if found.page > found.pages > 0:
            return super().paginate(select, page=found.pages, **kwargs)
        return found


db = Database(model_class=Base, disable_autonaming=True)
migrate = Migrate()

if TYPE_CHECKING:

    class Model(Base):
        """What type checkers see of ``db.Model``."""

        __abstract__ = True
else:
    Model = db.Model

_reads_only: ContextVar[bool] = ContextVar("reads_only", default=False)


@contextmanager
def reading() -> Iterator[None]:
    """Let SQLite transactions inside start as readers, so that pages never wait for a writer."""
    token = _reads_only.set(True)
    try:
        yield
    finally:
        _reads_only.reset(token)


def set_pragmas(connection: sqlite3.Connection, _record: object) -> None:
    """Prepare a new SQLite connection: the driver starts no transaction, we do, in `begin`."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=wal", "synchronous=normal", "busy_timeout=10000", "foreign_keys=on"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def begin(connection: sa.Connection) -> None:
    """Start a transaction; writers take the lock at once.

    A deferred transaction that reads first and writes later fails with "database is locked" when another
    writer came between, whatever the busy timeout.
    """
    connection.exec_driver_sql("BEGIN" if _reads_only.get() else "BEGIN IMMEDIATE")


def render_item(kind: str, item: object, _autogen: object) -> str | bool:
    """Write our own column types into migrations as plain ones, so that migrations never import the app."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime()"
    if kind == "type" and isinstance(item, EnumText):
        return "sa.String(length=20)"
    return False


def init_app(app: Flask) -> None:
    """Attach database and migrations to the app."""
    db.init_app(app)
    migrate.init_app(app, db, render_item=render_item, compare_type=True, render_as_batch=True)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            sa.event.listen(db.engine, "connect", set_pragmas)
            sa.event.listen(db.engine, "begin", begin)

    def remember_reading() -> None:
        _reads_only.set(request.method in ("GET", "HEAD"))

    def forget_reading(_error: BaseException | None) -> None:
        _reads_only.set(False)

    app.before_request(remember_reading)
    app.teardown_request(forget_reading)
