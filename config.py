"""Every setting of the service: its default, its unit and why it exists.

Read from the environment with the prefix ``CAUSEWAY_`` (``CAUSEWAY_DATABASE_URL`` sets ``database_url``).
The README lists the same names; a test keeps the two together.
"""

from pathlib import Path

from pydantic import Field, PositiveInt, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent


class Settings(BaseSettings):
    """The settings of one installation.

    Raises
    ------
    pydantic.ValidationError
        When a value in the environment has the wrong type or lies outside its range; the error names it.
    """

    model_config = SettingsConfigDict(env_prefix="CAUSEWAY_", extra="ignore")

    # The web service
    secret_key: SecretStr = Field(
        min_length=32,
        description="Signs sessions and links in mail; no default, because a known key lets anyone sign in.",
    )
    database_url: str = Field(
        f"sqlite:///{ROOT / 'var' / 'causeway.sqlite3'}",
        description="SQLAlchemy address; SQLite for one machine, postgresql+psycopg:// for more than one.",
    )
    public_url: str = Field(
        "http://localhost:8000",
        pattern=r"^https?://[A-Za-z0-9.:\[\]-]+/?$",
        description="Address people reach the service at, without a path; links in mail are built from it.",
    )
    trusted_proxies: int = Field(
        0, ge=0, description="Reverse proxies in front whose forwarded headers are believed (count)."
    )
    cache_folder: Path = Field(
        ROOT / "var" / "cache", description="Folder for text embeddings, which are dear to compute twice."
    )

    # Signing in
    sign_in_tries: int = Field(
        8,
        ge=1,
        description="Failed sign-ins per mail address before a pause; a network place has five times as many (count).",
    )
    sign_in_pause_minutes: int = Field(15, ge=1, description="Length of that pause, and of its window (minutes).")
    confirm_link_hours: int = Field(72, ge=1, description="Life of the link that confirms an address (hours).")
    reset_link_minutes: int = Field(60, ge=5, description="Life of a password reset link (minutes).")
    session_days: int = Field(14, ge=1, description="How long a person stays signed in when idle (days).")

    # Mail
    mail_host: str = Field("localhost", description="SMTP server that takes our mail.")
    mail_port: int = Field(25, ge=1, le=65535, description="Its port.")
    mail_user: str = Field("", description="SMTP user; empty means no sign-in at the server.")
    mail_password: SecretStr = Field(SecretStr(""), description="SMTP password.")
    mail_starttls: bool = Field(False, description="Demand STARTTLS before anything is said; on for any real server.")
    mail_timeout_seconds: float = Field(20, gt=0, description="Patience with the SMTP server (seconds).")
    mail_sender: str = Field("Causeway <causeway@localhost>", description="From address of everything we send.")
    mail_max_attempts: int = Field(
        12, ge=1, description="Tries before a message rests with its error for an administrator (count)."
    )
    office_mails_an_hour: int = Field(
        100,
        ge=1,
        description="Invitations and news of imported courses an office has us send in an hour; the rest waits.",
    )
    person_mails_an_hour: int = Field(50, ge=1, description="The same for one person of an office (count).")

    # Matching
    balance: float = Field(0.5, ge=0, le=1, description="The dial: 0 is pure fit, 1 full balance.")
    alternates: int = Field(3, ge=0, le=10, description="Next best partners kept for each course (count).")
    min_shared_weeks: int = Field(4, ge=1, le=20, description="Teaching weeks two courses must share (weeks).")
    min_score: float = Field(0.3, ge=0, le=1, description="Pairs that fit less are never proposed (0..1 of the score).")

    round_waits: bool = Field(
        False, description="Whether the weekly round stays a draft until a coordinator publishes it."
    )

    # Deadlines
    respond_days: int = Field(9, ge=1, description="Days both lecturers have to accept a proposal.")
    approve_days: int = Field(21, ge=1, description="Days both offices have to approve an accepted match.")
    remind_days: tuple[PositiveInt, ...] = Field(
        (3, 6),
        description="Days after a proposal on which lecturers who have not answered are reminded (list).",
    )
    remind_office_days: tuple[PositiveInt, ...] = Field(
        (7, 14), description="Days after both lecturers accepted on which offices are reminded (list)."
    )
    open_invitations: int = Field(
        5, ge=1, description="Invitations a lecturer may have waiting for an answer at once (count)."
    )

    # Keeping
    keep_files_days: int = Field(
        365, ge=1, description="Days after a match has ended until the files of its conversation are deleted."
    )
    keep_mail_days: int = Field(
        365, ge=1, description="Days after which mail that was sent is emptied and digests leave the archive."
    )
    keep_strangers_days: int = Field(
        60,
        ge=15,
        description="Days after which the data of people who were invited or signed up, and never came, is deleted.",
    )


def load() -> Settings:
    """Read the settings from the environment, once per process that asks."""
    return Settings()
