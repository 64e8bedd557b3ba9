"""Institutions."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from matcher.vocabulary.asem import region_of
from webapp.db import CountryCode, Model, PrimaryKey, ShortText


class Institution(Model):
    """A university, school or training centre whose lecturers and international office use the service."""

    __tablename__ = "institutions"
    __table_args__ = (sa.UniqueConstraint("name", "country"),)

    id: Mapped[PrimaryKey]
    code: Mapped[ShortText | None] = mapped_column(unique=True)
    """Row of the reference list it came from (``AT-001``); None when added here."""
    name: Mapped[ShortText] = mapped_column(index=True)
    country: Mapped[CountryCode] = mapped_column(index=True)
    city: Mapped[ShortText] = mapped_column(default="")
    website_domain: Mapped[ShortText] = mapped_column(default="")
    """Domain its staff's mail addresses end in, as far as known; empty when unknown."""
    time_zone: Mapped[ShortText] = mapped_column(default="UTC")
    """IANA zone, the capital's unless corrected."""

    @property
    def region(self) -> str:
        """The ASEM region, ``asia`` or ``europe``; empty outside ASEM."""
        return region_of(self.country) or ""
