"""The migrations make exactly the tables of the models, can be taken back, and lose no row, on both databases."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import downgrade, upgrade

from tests.conftest import make_settings
from webapp import create_app
from webapp.db import db

FOLDER = Path(__file__).parents[2] / "migrations"
REVISIONS = [found.revision for found in ScriptDirectory(FOLDER).walk_revisions()][::-1]
AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC).replace(tzinfo=None)
N_ROWS = 2
# Columns of the first tables that a check keeps to certain values; all others take any value of their type.
CHECKED: dict[tuple[str, str], str] = {
    ("users", "role"): "lecturer",
    ("course_profiles", "state"): "open",
    ("matches", "state"): "proposed",
    ("match_events", "action"): "propose",
    ("match_events", "side"): "a",
}
# Keys that must point to another course than their neighbour does.
SECOND = {("matches", "course_b_id"), ("alternates", "partner_id")}

Rows = dict[str, list[tuple[Any, ...]]]


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.sqlite3'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


def _tables() -> set[str]:
    with db.engine.connect() as connection:
        return set(sa.inspect(connection).get_table_names()) - {"alembic_version"}


def _reflected() -> sa.MetaData:
    """The tables as they are in the database now, whatever the models say."""
    found = sa.MetaData()
    found.reflect(db.engine)
    found.remove(found.tables["alembic_version"])
    return found


def _value(column: sa.Column[Any], n: int) -> Any:
    """A value for a column in the n-th row, counted from 1: another one in each row where the type allows."""
    key = (str(column.table.name), column.name)
    if key in CHECKED:
        return CHECKED[key]
    if column.foreign_keys:
        return N_ROWS + 1 - n if key in SECOND else n
    if isinstance(column.type, sa.String):
        return f"{n}{column.name}"[: column.type.length]
    values: dict[type, Any] = {
        sa.JSON: {"n": n, "text": "Ñandú 川"},
        sa.DateTime: AT,
        sa.Date: date(2027, 2, 14 + n),
        sa.Boolean: True,
        sa.Float: n / 7,
        sa.Integer: n,
    }
    return next(value for kind, value in values.items() if isinstance(column.type, kind))


def _fill(tables: sa.MetaData) -> None:
    """Write rows into every table, with every column but the number filled."""
    with db.engine.begin() as connection:
        for table in tables.sorted_tables:
            for n in range(1, N_ROWS + 1):
                values = {column.name: _value(column, n) for column in table.columns if not column.primary_key}
                connection.execute(table.insert().values(values))


def _rows(tables: sa.MetaData) -> Rows:
    with db.engine.connect() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(table.select().order_by(*table.primary_key))]
            for table in tables.sorted_tables
        }


def _constraints() -> dict[str, list[Any]]:
    """Everything by which the tables refuse rows, and their indexes."""
    with db.engine.connect() as connection:
        inspector = sa.inspect(connection)
        read = (
            inspector.get_check_constraints,
            inspector.get_unique_constraints,
            inspector.get_foreign_keys,
            inspector.get_indexes,
        )
        return {
            table: [sorted(one(table), key=lambda found: str(found["name"])) for one in read]
            for table in sorted(inspector.get_table_names())
        }


def test_the_migrations_make_what_the_models_say_and_can_be_taken_back(database_url: str, tmp_path: Path) -> None:
    app = create_app(make_settings(tmp_path, database_url=database_url))
    with app.app_context():
        upgrade()
        assert _tables() == set(db.metadata.tables)
        with db.engine.connect() as connection:
            differences = compare_metadata(
                MigrationContext.configure(connection, opts={"compare_type": True}), db.metadata
            )
        assert differences == []
        downgrade(revision="base")
        assert _tables() == set()
        upgrade()
        assert _tables() == set(db.metadata.tables)
        db.engine.dispose()


def test_each_migration_goes_up_and_down_on_a_filled_database_and_loses_no_row(
    database_url: str, tmp_path: Path
) -> None:
    app = create_app(make_settings(tmp_path, database_url=database_url))
    first, *later = REVISIONS
    with app.app_context():
        upgrade(revision=first)
        tables, constraints = _reflected(), [_constraints()]
        _fill(tables)
        before = _rows(tables)
        assert {name: len(rows) for name, rows in before.items()} == dict.fromkeys(_tables(), N_ROWS)
        for revision in later:
            upgrade(revision=revision)
            assert _rows(tables) == before
            constraints.append(_constraints())
        for revision in [first, *later[:-1]][::-1]:
            constraints.pop()
            downgrade(revision=revision)
            assert _rows(tables) == before
            assert _constraints() == constraints[-1]
        upgrade()
        assert _rows(tables) == before
        db.engine.dispose()


def test_digests_of_rounds_published_before_count_as_promised_and_drafts_owe_theirs(
    database_url: str, tmp_path: Path
) -> None:
    app = create_app(make_settings(tmp_path, database_url=database_url))
    with app.app_context():
        upgrade(revision="5a72043a120c")
        rounds = _reflected().tables["rounds"]
        values = {"week": "2026-W48", "started_at": AT, "balance": 0.5, "progress": {}, "error": "", "report": {}}
        values |= {"n_courses_a": 0, "n_courses_b": 0, "n_matches": 0}
        with db.engine.begin() as connection:
            for state, week, published_at in (
                ("published", "2026-W48", AT), ("taken_back", None, AT), ("draft", None, None),
            ):  # fmt: skip
                row = values | {"state": state, "published_week": week, "published_at": published_at}
                connection.execute(rounds.insert().values(**row))
        before = _rows(rounds.metadata)
        upgrade(revision="8c3e5f17b2d4")
        now = _reflected().tables["rounds"]
        with db.engine.connect() as connection:
            found = connection.execute(
                sa.select(now.c.state, now.c.digests_done_at, now.c.digests_up_to).order_by(now.c.id)
            ).all()
        assert found == [("published", AT, 0), ("taken_back", AT, 0), ("draft", None, 0)]
        downgrade(revision="5a72043a120c")
        assert _rows(_reflected()) == before
        db.engine.dispose()


def test_archives_take_a_second_digest_of_a_week_and_go_back_to_the_newest(database_url: str, tmp_path: Path) -> None:
    app = create_app(make_settings(tmp_path, database_url=database_url))
    with app.app_context():
        upgrade(revision=REVISIONS[0])
        _fill(_reflected())
        upgrade(revision="d27f60b9e815")
        before = _reflected()
        former = before.tables["digest_issues"]
        made = [{column.name: _value(column, n) for column in former.columns if column.name != "id"} for n in (1, 2)]
        with db.engine.begin() as connection:
            connection.execute(former.insert(), made)
        upgrade(revision="3e9a4d61c72f")
        issues = _reflected().tables["digest_issues"]
        second = made[0] | {"number": 2, "subject": "The second one"}
        with db.engine.begin() as connection:
            assert list(connection.scalars(sa.select(issues.c.number))) == [1, 1]
            connection.execute(issues.insert().values(**second))
        with pytest.raises(sa.exc.IntegrityError), db.engine.begin() as connection:
            connection.execute(issues.insert().values(**second))
        downgrade(revision="d27f60b9e815")
        left = sa.select(former.c.user_id, former.c.subject).order_by(former.c.id)
        with db.engine.connect() as connection:
            assert connection.execute(left).all() == [(2, made[1]["subject"]), (1, "The second one")]
        db.engine.dispose()


def test_what_a_round_was_computed_from_is_kept_byte_for_byte_and_taken_away_alone(
    database_url: str, tmp_path: Path
) -> None:
    app = create_app(make_settings(tmp_path, database_url=database_url))
    packed, certificate = bytes(range(256)) * 8192, {"objective": 1 / 3, "is_proven": True}
    with app.app_context():
        upgrade(revision="ee9ed1fd2e2a")
        tables = _reflected()
        _fill(tables)
        before = _rows(tables)
        upgrade(revision="4b7c1d90a3f6")
        rounds = _reflected().tables["rounds"]
        with db.engine.begin() as connection:
            former = connection.execute(sa.select(rounds.c.statistics, rounds.c.certificate)).all()
            connection.execute(
                rounds.update().where(rounds.c.id == 1).values(statistics=packed, certificate=certificate)
            )
        assert former == [(None, None)] * N_ROWS
        with db.engine.connect() as connection:
            kept = connection.execute(
                sa.select(rounds.c.statistics, rounds.c.certificate).order_by(rounds.c.id)
            ).tuples()
            assert [(value and bytes(value), said) for value, said in kept] == [(packed, certificate), (None, None)]
        downgrade(revision="ee9ed1fd2e2a")
        assert _rows(tables) == before
        assert {"statistics", "certificate"}.isdisjoint(_reflected().tables["rounds"].columns.keys())
        db.engine.dispose()
