"""Column types, and SQLite with several writers at once."""

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.dialects.sqlite import dialect
from sqlalchemy.exc import IntegrityError, StatementError

from tests import factories
from webapp.access import Role
from webapp.accounts.models import User
from webapp.db import EnumText, UtcDateTime, db, reading

SQLITE = dialect()


def test_an_instant_comes_back_aware_and_in_utc(context: Flask) -> None:
    in_hanoi = datetime(2026, 11, 23, 16, 0, tzinfo=timezone(timedelta(hours=7)))
    user = factories.user(at=factories.institution(), created_at=in_hanoi)
    db.session.commit()
    db.session.expire_all()
    assert user.created_at == datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    assert user.created_at.tzinfo is UTC
    assert db.session.scalar(sa.text("select created_at from users")) == "2026-11-23 09:00:00.000000"


def test_a_naive_instant_is_refused(context: Flask) -> None:
    with pytest.raises(StatementError, match="time zone"):
        factories.user(at=factories.institution(), created_at=datetime(2026, 11, 23, 9, 0))


def test_no_instant_stays_none() -> None:
    assert UtcDateTime().process_bind_param(None, SQLITE) is None
    assert UtcDateTime().process_result_value(None, SQLITE) is None


def test_an_enumeration_is_stored_by_value_and_comes_back_as_a_member(context: Flask) -> None:
    user = factories.user(role=Role.OFFICE, at=factories.institution())
    db.session.commit()
    db.session.expire_all()
    assert user.role is Role.OFFICE
    assert db.session.scalar(sa.text("select role from users")) == "office"


def test_a_value_outside_the_enumeration_is_refused() -> None:
    with pytest.raises(ValueError, match="janitor"):
        EnumText(Role).process_bind_param("janitor", SQLITE)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("pragma", "value"), [("journal_mode", "wal"), ("foreign_keys", 1), ("busy_timeout", 10000), ("synchronous", 1)]
)
def test_sqlite_connections_are_prepared(context: Flask, pragma: str, value: object) -> None:
    assert db.session.scalar(sa.text(f"pragma {pragma}")) == value


def test_a_row_that_points_nowhere_is_refused(context: Flask) -> None:
    user = factories.user(at=factories.institution())
    user.institution_id = 4711
    with pytest.raises(IntegrityError, match="FOREIGN KEY"):
        db.session.commit()


def test_writers_at_once_wait_for_each_other_instead_of_failing(app: Flask) -> None:
    with app.app_context():
        user_id = factories.user(at=factories.institution(), session_version=0).id
        db.session.commit()
    failures: list[BaseException] = []

    def write() -> None:
        try:
            for _ in range(25):
                with app.app_context():
                    db.session.get_one(User, user_id).session_version += 1
                    db.session.commit()
        except BaseException as error:
            failures.append(error)

    writers = [threading.Thread(target=write) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert failures == []
    with app.app_context():
        assert db.session.get_one(User, user_id).session_version == 100


def test_a_reader_is_not_held_up_by_a_writer(app: Flask) -> None:
    with app.app_context():
        factories.user(at=factories.institution())
        db.session.commit()
    with app.app_context():
        db.session.scalars(sa.select(User)).one().name = "Half written"
        db.session.flush()
        read: list[str] = []

        def look() -> None:
            with app.app_context(), reading():
                read.append(db.session.scalars(sa.select(User)).one().name)

        reader = threading.Thread(target=look)
        reader.start()
        reader.join(timeout=5)
        assert read == ["Mai"]
        db.session.rollback()
