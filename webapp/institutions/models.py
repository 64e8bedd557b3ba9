"""Institutions."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, validates

from matcher.vocabulary.asem import region_of
from webapp.db import CountryCode, Model, PrimaryKey, ShortText
from webapp.institutions.names import fold


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
    search_text: Mapped[str]
    """Name, city and domain without accents; follows them by itself."""

    @validates("name", "city", "website_domain")
    def _follow(self, key: str, value: str) -> str:
        words = {"name": self.name, "city": self.city, "website_domain": self.website_domain, key: value}
        self.search_text = fold(" ".join(word for word in words.values() if word))
        return value

    @property
    def region(self) -> str:
        """The ASEM region, ``asia`` or ``europe``; empty outside ASEM."""
        return region_of(self.country) or ""


class InstitutionRequest(Model):
    """An institution somebody looked for and did not find; an administrator adds it or says why not."""

    __tablename__ = "institution_requests"

    id: Mapped[PrimaryKey]
    name: Mapped[ShortText]
    country: Mapped[CountryCode]
    city: Mapped[ShortText] = mapped_column(default="")
    web_page: Mapped[ShortText] = mapped_column(default="")
    email: Mapped[ShortText]
    """Address of whoever asked, who is told the answer."""
    language: Mapped[str] = mapped_column(sa.String(10), default="en")
    asked_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    institution_id: Mapped[int | None] = mapped_column(sa.ForeignKey("institutions.id"))
    """The institution it led to; None while undecided, or when there is none."""
