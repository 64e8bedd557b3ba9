"""Institutions."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from matcher.vocabulary.asem import region_of
from webapp.db import CountryCode, EnumText, Model, PrimaryKey, ShortText
from webapp.institutions.names import fold


class Chain(StrEnum):
    """Who approves for an institution, one after the other."""

    NONE = "none"
    OFFICE = "office"
    OFFICE_THEN_SECOND = "office_then_second"


class InstitutionType(StrEnum):
    """What kind of place an institution is, as it says itself."""

    UNIVERSITY = "university"
    APPLIED_SCIENCES = "applied_sciences"
    VOCATIONAL = "vocational"
    SCHOOL = "school"
    ADULT_EDUCATION = "adult_education"
    INDUSTRY = "industry"
    OTHER = "other"


class TargetScope(StrEnum):
    """What an institution sets a target for: one partner, one country, each of them, or all together."""

    INSTITUTION = "institution"
    COUNTRY = "country"
    EACH_INSTITUTION = "each_institution"
    EACH_COUNTRY = "each_country"
    ALL = "all"


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
    institution_type: Mapped[ShortText] = mapped_column(default="", server_default="")
    """Value of `InstitutionType`; empty when not stated."""
    description: Mapped[str] = mapped_column(default="", server_default="")
    web_page: Mapped[ShortText] = mapped_column(default="", server_default="")
    more_domains: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    """Domains besides ``website_domain`` that addresses of its staff end in."""
    credit_system: Mapped[ShortText] = mapped_column(default="", server_default="")
    """Row of ``credit_systems.csv``; empty when not stated."""
    support: Mapped[str] = mapped_column(default="", server_default="")
    """What its office offers lecturers, in its own words."""
    privacy_regime: Mapped[ShortText] = mapped_column(default="", server_default="")
    """Code of the data-protection law it works under; empty when not stated."""
    transfer_basis: Mapped[ShortText] = mapped_column(default="", server_default="")
    """Code of what student data may cross borders on; empty when not stated."""
    networks: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
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


class InstitutionTerm(Model):
    """A term as the institution itself states it; lecturers choose it instead of typing dates."""

    __tablename__ = "institution_terms"
    __table_args__ = (sa.CheckConstraint("starts_on <= ends_on", name="dates_in_order"),)

    id: Mapped[PrimaryKey]
    institution_id: Mapped[int] = mapped_column(sa.ForeignKey("institutions.id", ondelete="CASCADE"), index=True)
    name: Mapped[ShortText]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    breaks: Mapped[list[Any]] = mapped_column(default=list)
    """Weeks without teaching: ``[{"from": "2027-02-08", "to": "2027-02-14"}]``."""


class ApprovalPolicy(Model):
    """How an institution approves; one without a row approves by its office alone."""

    __tablename__ = "approval_policies"
    __table_args__ = (
        sa.CheckConstraint("chain in ('none', 'office', 'office_then_second')", name="chain_known"),
        sa.CheckConstraint("answer_days is null or answer_days >= 1", name="answer_days_positive"),
    )

    id: Mapped[PrimaryKey]
    institution_id: Mapped[int] = mapped_column(sa.ForeignKey("institutions.id", ondelete="CASCADE"), unique=True)
    chain: Mapped[Chain] = mapped_column(EnumText(Chain), default=Chain.OFFICE)
    second_title: Mapped[ShortText] = mapped_column(default="")
    """Who the second person is, in the institution's words: the dean, the board."""
    needs_agreement: Mapped[bool] = mapped_column(default=False)
    """Whether an agreement with the partner institution must be on file."""
    answer_days: Mapped[int | None]
    """Days until its people answer; None for the setting of this installation."""
    asks: Mapped[str] = mapped_column(default="")
    """What its people look at before they approve, in the institution's words."""
    changed_at: Mapped[datetime]


class PartnerAgreement(Model):
    """A paper two institutions signed, as one of them keeps it."""

    __tablename__ = "partner_agreements"
    __table_args__ = (
        sa.UniqueConstraint("institution_id", "partner_id", "reference"),
        sa.CheckConstraint("institution_id <> partner_id", name="two_institutions"),
    )

    id: Mapped[PrimaryKey]
    institution_id: Mapped[int] = mapped_column(sa.ForeignKey("institutions.id", ondelete="CASCADE"), index=True)
    partner_id: Mapped[int] = mapped_column(sa.ForeignKey("institutions.id"), index=True)
    reference: Mapped[ShortText]
    """Its name or number."""
    kept_at: Mapped[ShortText] = mapped_column(default="")
    """Where the paper is kept."""
    signed_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    added_at: Mapped[datetime]

    institution: Mapped[Institution] = relationship(foreign_keys=institution_id)
    partner: Mapped[Institution] = relationship(foreign_keys=partner_id)


class BalanceTarget(Model):
    """How many exchanges at once an institution wants at least and allows at most."""

    __tablename__ = "balance_targets"
    __table_args__ = (
        sa.CheckConstraint(
            "scope in ('institution', 'country', 'each_institution', 'each_country', 'all')", name="scope_known"
        ),
        sa.CheckConstraint("at_least is null or at_least >= 0", name="at_least_not_negative"),
        sa.CheckConstraint("at_most is null or at_most >= 0", name="at_most_not_negative"),
        sa.CheckConstraint("at_least is null or at_most is null or at_least <= at_most", name="limits_in_order"),
    )

    id: Mapped[PrimaryKey]
    institution_id: Mapped[int] = mapped_column(sa.ForeignKey("institutions.id", ondelete="CASCADE"), index=True)
    scope: Mapped[TargetScope] = mapped_column(EnumText(TargetScope))
    partner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("institutions.id"))
    """The partner, for the scope ``institution`` only."""
    partner_country: Mapped[CountryCode | None]
    """The country, for the scope ``country`` only."""
    at_least: Mapped[int | None]
    at_most: Mapped[int | None]
    set_at: Mapped[datetime]

    partner: Mapped[Institution | None] = relationship(foreign_keys=partner_id)
