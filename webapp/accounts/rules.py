"""What may happen to an account: joining, confirming, verifying, new passwords."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from webapp.access import Role
from webapp.accounts import browsers, emails, queries
from webapp.accounts.models import AccountInvite, User
from webapp.audit.log import forget_person as forget_in_log
from webapp.audit.log import note
from webapp.db import db
from webapp.errors import NotAllowedError, WrongStateError
from webapp.institutions import domains
from webapp.institutions.models import Institution
from webapp.mail import queries as mail_queries
from webapp.mail.outbox import promise
from webapp.mail.render import Mail

MAILS_AN_HOUR = 5
"""Messages one address is sent in an hour at the request of people who are not signed in."""


@dataclass(frozen=True)
class SignUp:
    """What a person says when signing up.

    Parameters
    ----------
    email
        Lower case.
    name, role, institution, language, time_zone
        As in `User`; only coordinators may have no institution.
    password_hash
        Made by `passwords.make`.
    """

    email: str
    name: str
    role: Role
    institution: Institution | None
    language: str
    time_zone: str
    password_hash: str


def _send_on_request(kind: str, mail: Mail, user: User, now: datetime) -> bool:
    """Promise mail a stranger asked for, unless the address was sent enough of it this hour."""
    if mail_queries.n_promised_to(user.email, now - timedelta(hours=1)) >= MAILS_AN_HOUR:
        return False
    return promise(f"{kind}:{user.id}:{now.isoformat()}", mail, now)


def sign_up(data: SignUp, now: datetime, link_hours: int) -> None:
    """Note who wants to join, and write to the address; the same in the eyes of who asks, whoever has it.

    An account nobody confirmed, or a closed one, takes the new details: whoever confirms the address decides what
    is true, and links of earlier attempts lose their worth with the old password.

    Parameters
    ----------
    data
        What the person said.
    now
        The instant (aware).
    link_hours
        Life of the link in the mail (hours).
    """
    user = queries.by_email(data.email)
    if user is not None and user.is_active:
        _send_on_request("known-address", emails.known_address(user), user, now)
        return
    if user is None:
        user = User(email=data.email, created_at=now, session_version=1)
        db.session.add(user)
    else:
        user.confirmed_at = user.verified_at = user.closed_at = None
        user.session_version += 1
    user.name = data.name
    user.role = data.role
    user.institution = data.institution
    user.language = data.language
    user.time_zone = data.time_zone
    user.password_hash = data.password_hash
    db.session.flush()
    send_confirmation(user, now, link_hours)


def send_confirmation(user: User, now: datetime, link_hours: int) -> None:
    """Send the link that confirms an address, once more if need be."""
    if user.confirmed_at is None:
        _send_on_request("confirm", emails.confirm(user, link_hours), user, now)


def address_shows(user: User) -> bool:
    """Tell whether the address itself shows that a lecturer works at the institution."""
    if user.role is not Role.LECTURER or user.institution is None:
        return False
    return domains.shows(user.email, user.institution)


def confirm(user: User, now: datetime) -> bool:
    """Note that the address is theirs; verify a lecturer whose address shows it, else ask those who can tell.

    Returns
    -------
    bool
        False when it was confirmed before.
    """
    if user.confirmed_at is not None:
        return False
    user.confirmed_at = now
    if address_shows(user):
        user.verified_at = now
        return True
    own = queries.verifiers_of(user.institution_id) if user.role is Role.LECTURER and user.institution_id else []
    for judge in own or queries.administrators():
        promise(f"somebody-waits:{user.id}:{judge.id}:{now.isoformat()}", emails.somebody_waits(judge, user), now)
    return True


def check_may_judge(actor: User, user: User) -> None:
    """Refuse whoever may not judge this person: administrators may all, an office the lecturers of its institution.

    Raises
    ------
    NotAllowedError
        For everybody else.
    """
    if actor.role is Role.ADMINISTRATOR:
        return
    own = actor.institution_id is not None and actor.institution_id == user.institution_id
    if not (actor.role is Role.OFFICE and own and user.role is Role.LECTURER):
        raise NotAllowedError(_("You can verify lecturers of your own institution only."))


def _check_waits(user: User) -> None:
    if user.confirmed_at is None or user.verified_at is not None or user.closed_at is not None:
        raise WrongStateError(_("Somebody decided about %(name)s already; nothing was changed.", name=user.name))


def _log(action: str, user: User, actor: User, now: datetime, before: dict[str, Any], after: dict[str, Any]) -> None:
    note(
        action,
        actor_id=actor.id,
        now=now,
        kind="users",
        object_id=user.id,
        name=user.name,
        institution_id=user.institution_id,
        before=before,
        after=after,
    )


def verify(user: User, actor: User, now: datetime) -> None:
    """Find role and institution to be true, and tell the person.

    Raises
    ------
    NotAllowedError
        When the actor is neither an administrator nor the office of the lecturer's institution.
    WrongStateError
        When the person does not wait for it.
    """
    check_may_judge(actor, user)
    _check_waits(user)
    user.verified_at = now
    _log("accounts.verify", user, actor, now, before={"verified_at": None}, after={"verified_at": now})
    promise(f"verified:{user.id}:{now.isoformat()}", emails.verified(user), now)


def refuse(user: User, actor: User, reason: str, now: datetime) -> None:
    """Close an account whose role or institution is not true, and tell the person why; they may sign up again.

    Raises
    ------
    NotAllowedError, WrongStateError
        As for `verify`.
    """
    check_may_judge(actor, user)
    _check_waits(user)
    user.closed_at = now
    _log("accounts.refuse", user, actor, now, before={"closed_at": None}, after={"closed_at": now, "reason": reason})
    sign_out_everywhere(user, now)
    promise(f"refused:{user.id}:{now.isoformat()}", emails.refused(user, reason), now)


def ask_for_reset(email: str, now: datetime, link_minutes: int, confirm_hours: int) -> None:
    """Send a link that sets a new password, if somebody has this address; say nothing either way."""
    user = queries.by_email(email)
    if user is None or user.closed_at is not None:
        # Written and thrown away: an answer that comes sooner would tell that nobody has this address.
        emails.reset(User(id=0, email=email, password_hash="", session_version=0, language="en"), link_minutes)
        return
    if user.confirmed_at is None:
        send_confirmation(user, now, confirm_hours)
        return
    _send_on_request("reset", emails.reset(user, link_minutes), user, now)


def set_password(user: User, password_hash: str, now: datetime) -> None:
    """Take a new password, sign the person out everywhere, and tell them."""
    user.password_hash = password_hash
    sign_out_everywhere(user, now)
    promise(f"password-changed:{user.id}:{user.session_version}", emails.password_changed(user), now)


def sign_out_everywhere(user: User, now: datetime) -> None:
    """End every session of a person."""
    user.session_version += 1
    browsers.end_all(user, now)


def forget_person(user: User, now: datetime) -> None:
    """Close an account and take away everything that tells whose it was; the row stays for what points to it."""
    sign_out_everywhere(user, now)
    forget_in_log(user.id, user.email)
    db.session.execute(sa.delete(AccountInvite).where(AccountInvite.email == user.email))
    user.closed_at = now
    user.email = f"closed-{user.id}@causeway.invalid"
    user.name = str(_("A former member"))
    user.password_hash = "!"  # noqa: S105 - no password has this hash
    user.time_zone = "UTC"
    user.mail_language = user.paused_until = user.exchanges_at_once = None
    user.wants_digest = user.is_listed = user.shows_name = False
