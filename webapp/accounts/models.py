"""People and their sign-ins."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.access import Role
from webapp.db import EnumText, Model, PrimaryKey, ShortText
from webapp.institutions.models import Institution


class User(Model):
    """A person with an account."""

    __tablename__ = "users"
    __table_args__ = (
        sa.CheckConstraint("role in ('lecturer', 'office', 'coordinator', 'administrator')", name="role_known"),
        sa.CheckConstraint(
            "institution_id is not null or role in ('coordinator', 'administrator')", name="institution_given"
        ),
        sa.CheckConstraint("exchanges_at_once is null or exchanges_at_once >= 1", name="exchanges_at_once_positive"),
    )

    id: Mapped[PrimaryKey]
    email: Mapped[ShortText] = mapped_column(unique=True)
    """Lower case."""
    name: Mapped[ShortText]
    password_hash: Mapped[ShortText]
    role: Mapped[Role] = mapped_column(EnumText(Role))
    institution_id: Mapped[int | None] = mapped_column(sa.ForeignKey("institutions.id"), index=True)
    language: Mapped[str] = mapped_column(sa.String(10), default="en")
    time_zone: Mapped[ShortText] = mapped_column(default="UTC")
    mail_language: Mapped[str | None] = mapped_column(sa.String(10))
    """Language of mail where it is another than that of the pages."""
    wants_digest: Mapped[bool] = mapped_column(default=True)
    paused_until: Mapped[date | None]
    """No partner is proposed to a lecturer before this day."""
    exchanges_at_once: Mapped[int | None]
    """Most open matches over all of a lecturer's courses; None where only the courses' places count."""
    is_listed: Mapped[bool] = mapped_column(default=True, server_default=sa.true())
    """Whether other lecturers find this person's open courses in the directory."""
    shows_name: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    """Whether the directory names the lecturer; addresses are never shown before both accept."""
    signs_for_office: Mapped[bool] = mapped_column(default=True, server_default=sa.true())
    """Of an office: whether this person takes the first step of an approval."""
    signs_as_second: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    """Of an office: whether this person takes the second step, as dean or board."""
    is_stand_in: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    """Of an office: asked only once the others have not answered by the first reminder."""
    countries: Mapped[list[str]] = mapped_column(default=list, server_default="[]")
    """Of a coordinator: the countries (ISO 3166-1 alpha-2) they work for; with no network either, all of them."""
    network: Mapped[ShortText] = mapped_column(default="", server_default="")
    """Of a coordinator: the network whose institutions they work for."""
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    """When the person showed that the address is theirs."""
    verified_at: Mapped[datetime | None]
    """When role and institution were found to be true: by the address's domain or by an administrator."""
    closed_at: Mapped[datetime | None]
    session_version: Mapped[int] = mapped_column(default=1)
    """Part of every session; raised to sign out everywhere."""

    institution: Mapped[Institution | None] = relationship(lazy="joined")

    # What Flask-Login asks of a person.
    is_authenticated = True
    is_anonymous = False

    @property
    def is_active(self) -> bool:
        """Whether the person may be signed in at all."""
        return self.confirmed_at is not None and self.closed_at is None

    @property
    def language_of_mail(self) -> str:
        """The language mail to this person is written in."""
        return self.mail_language or self.language

    @property
    def is_verified(self) -> bool:
        """Whether role and institution are verified."""
        return self.verified_at is not None

    def get_id(self) -> str:
        """The session's key: it changes when the person signs out everywhere."""
        return f"{self.id}:{self.session_version}"


class SignInAttempt(Model):
    """One failed sign-in, kept to slow down guessing; rows older than the window are deleted."""

    __tablename__ = "sign_in_attempts"

    id: Mapped[PrimaryKey]
    email: Mapped[ShortText] = mapped_column(index=True)
    place: Mapped[ShortText] = mapped_column(index=True)
    """Network address it came from."""
    at: Mapped[datetime] = mapped_column(index=True)


class BrowserSession(Model):
    """One browser somebody is signed in with."""

    __tablename__ = "browser_sessions"

    id: Mapped[PrimaryKey]
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), index=True)
    key: Mapped[ShortText] = mapped_column(unique=True)
    """SHA-256 of the random value the browser holds."""
    browser: Mapped[ShortText] = mapped_column(default="")
    """Name of browser and system, as far as the browser told."""
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    """To the nearest hour."""
    ended_at: Mapped[datetime | None]


class AccountInvite(Model):
    """An office asks somebody of its institution to join; the account begins when they follow the link."""

    __tablename__ = "account_invites"
    __table_args__ = (
        sa.UniqueConstraint("institution_id", "email"),
        sa.CheckConstraint("role in ('lecturer', 'office')", name="role_known"),
    )

    id: Mapped[PrimaryKey]
    institution_id: Mapped[int] = mapped_column(sa.ForeignKey("institutions.id", ondelete="CASCADE"), index=True)
    email: Mapped[ShortText] = mapped_column(index=True)
    """Lower case."""
    name: Mapped[ShortText] = mapped_column(default="")
    role: Mapped[Role] = mapped_column(EnumText(Role))
    language: Mapped[str] = mapped_column(sa.String(10), default="en")
    invited_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("users.id"))
    invited_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    """When the account began; None while the link waits."""

    institution: Mapped[Institution] = relationship()
    invited_by: Mapped[User | None] = relationship()
