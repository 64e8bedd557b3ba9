"""The audit log."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from webapp.db import Model, PrimaryKey, ShortText


class AuditEvent(Model):
    """One thing somebody did by the power of their role; rows are added, never changed.

    Only the name of somebody who closes their account is taken out.
    """

    __tablename__ = "audit_events"

    id: Mapped[PrimaryKey]
    at: Mapped[datetime] = mapped_column(index=True)
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id", ondelete="SET NULL"), index=True)
    """None for a command or a job."""
    action: Mapped[ShortText] = mapped_column(index=True)
    """Code of what was done, folder first: ``accounts.verify``."""
    object_kind: Mapped[ShortText]
    """Table of what it was done to: ``users``."""
    object_id: Mapped[int | None]
    object_name: Mapped[ShortText] = mapped_column(default="")
    """Its name at that time, for readers."""
    institution_id: Mapped[int | None] = mapped_column(sa.ForeignKey("institutions.id"), index=True)
    """The institution it concerns; None when it concerns none or all."""
    before: Mapped[dict[str, Any]] = mapped_column(default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(default=dict)
