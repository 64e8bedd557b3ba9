"""Searches somebody keeps."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.accounts.models import User
from webapp.db import Model, PrimaryKey, ShortText


class SavedSearch(Model):
    """A search of the directory that is repeated, and mailed when something new fits."""

    __tablename__ = "saved_searches"
    __table_args__ = (sa.UniqueConstraint("user_id", "name"),)

    id: Mapped[PrimaryKey]
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[ShortText]
    query: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """The search as its address states it: names to lists of values."""
    wants_mail: Mapped[bool] = mapped_column(default=True)
    saved_at: Mapped[datetime]
    looked_at: Mapped[datetime]
    """Courses published after this are new to it."""

    user: Mapped[User] = relationship()
