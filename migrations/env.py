"""How Alembic runs our migrations; the app lends its engine, the migrations themselves never import it."""

import logging
from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import Connection

logger = logging.getLogger("alembic.env")
extension = current_app.extensions["migrate"]


def leave_out_empty(_context: Any, _revision: Any, directives: list[Any]) -> None:
    """Write no revision when nothing changed."""
    if getattr(context.config.cmd_opts, "autogenerate", False) and directives[0].upgrade_ops.is_empty():
        directives[:] = []
        logger.info("No changes in schema detected.")


def set_foreign_keys(connection: Connection, *, on: bool) -> None:
    """Switch SQLite's foreign keys: a rebuilt table is dropped on the way, which would delete child rows."""
    raw = connection.connection.cursor()
    raw.execute(f"PRAGMA foreign_keys={'on' if on else 'off'}")
    raw.close()


def run() -> None:
    """Migrate in one transaction, and check afterwards that no row points nowhere."""
    with extension.db.engine.connect() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        if is_sqlite:
            set_foreign_keys(connection, on=False)
        context.configure(
            connection=connection,
            target_metadata=extension.db.metadata,
            process_revision_directives=leave_out_empty,
            **extension.configure_args,
        )
        with context.begin_transaction():
            context.run_migrations()
        if is_sqlite:
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            connection.rollback()
            set_foreign_keys(connection, on=True)
            if broken:
                raise RuntimeError(f"rows that point nowhere after the migration: {broken[:5]}")


run()
