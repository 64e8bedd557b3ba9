"""Files somebody has uploaded and not yet imported."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Model, PrimaryKey, ShortText


class ImportFile(Model):
    """An uploaded file as it was read, kept between its preview and the decision; deleted after a day.

    One that was imported is kept as long as the import can be undone.
    """

    __tablename__ = "import_files"

    id: Mapped[PrimaryKey]
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[ShortText]
    rows: Mapped[list[Any]] = mapped_column(default=list)
    """One object a course, as read: its place in the file, its values, its problems; and what its import did."""
    uploaded_at: Mapped[datetime]
    imported_at: Mapped[datetime | None]
