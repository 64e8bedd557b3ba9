"""Invitations to join: an office asks somebody of its institution, who follows a link and is confirmed and verified."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256

import sqlalchemy as sa
from flask import current_app
from flask_babel import gettext as _
from flask_sqlalchemy.pagination import Pagination
from itsdangerous import BadData, URLSafeSerializer

from webapp.access import Role
from webapp.accounts import emails, queries
from webapp.accounts.models import AccountInvite, User
from webapp.accounts.rules import MAILS_AN_HOUR, sign_out_everywhere
from webapp.accounts.tokens import BadLinkError
from webapp.audit.log import note
from webapp.db import db
from webapp.errors import NotAllowedError, WrongStateError
from webapp.institutions.models import Institution
from webapp.mail import queries as mail_queries
from webapp.mail.outbox import promise

LIFE = timedelta(days=14)
"""How long a link can be followed after it was sent."""
PAUSE = timedelta(hours=1)
"""The same person is not written to again sooner."""
MOST_WAITING = 500
"""Invitations of one institution that wait for an answer."""
KEPT_FOR = timedelta(days=180)
"""How long an invitation is kept after it was sent, followed or not."""
PER_PAGE = 30


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="causeway:invite")


def _bound(invite: AccountInvite) -> str:
    facts = (invite.email, invite.institution_id, invite.role.value)
    return sha256("\n".join(map(str, facts)).encode()).hexdigest()[:24]


def token(invite: AccountInvite) -> str:
    """Make the token of an invitation's link; the invitation must have been flushed."""
    return str(_serializer().dumps([invite.id, _bound(invite)]))


def of_token(text: str) -> AccountInvite:
    """Find the invitation of a link, which nobody else may use until the transaction ends.

    Raises
    ------
    BadLinkError
        When it was tampered with, withdrawn, changed since or used already.
    """
    try:
        invite_id, bound = _serializer().loads(text)
    except (BadData, TypeError, ValueError) as error:
        raise BadLinkError from error
    invite = _held(invite_id)
    if invite is None or invite.used_at is not None or bound != _bound(invite):
        raise BadLinkError
    return invite


def is_old(invite: AccountInvite, now: datetime) -> bool:
    """Whether the link of an invitation can no longer be followed."""
    return now - invite.invited_at > LIFE


def _held(invite_id: int) -> AccountInvite | None:
    with_institution = sa.orm.joinedload(AccountInvite.institution)
    return db.session.get(AccountInvite, invite_id, with_for_update={"of": AccountInvite}, options=[with_institution])


def get(invite_id: int) -> AccountInvite | None:
    """Find an invitation which nobody else may use or change until the transaction ends."""
    return _held(invite_id)


def waiting(institution_id: int, page: int) -> Pagination:
    """List an institution's invitations nobody has followed yet, the newest first."""
    query = (
        sa.select(AccountInvite)
        .where(AccountInvite.institution_id == institution_id, AccountInvite.used_at.is_(None))
        .options(sa.orm.joinedload(AccountInvite.invited_by))
        .order_by(AccountInvite.invited_at.desc(), AccountInvite.id.desc())
    )
    return db.paginate(query, page=page, per_page=PER_PAGE, error_out=False)


def _of_institution(institution_id: int) -> Sequence[AccountInvite]:
    return db.session.scalars(sa.select(AccountInvite).where(AccountInvite.institution_id == institution_id)).all()


def check_may_invite(actor: User, institution_id: int) -> None:
    """Refuse whoever may not invite people to an institution: its office may, and administrators.

    Raises
    ------
    NotAllowedError
        For everybody else.
    """
    own = actor.role is Role.OFFICE and actor.institution_id == institution_id
    if actor.role is not Role.ADMINISTRATOR and not own:
        raise NotAllowedError(_("You can invite people of your own institution only."))


def _log(action: str, invite: AccountInvite, actor: User, now: datetime) -> None:
    note(
        action,
        actor_id=actor.id,
        now=now,
        kind="account_invites",
        object_id=invite.id,
        name=invite.email,
        institution_id=invite.institution_id,
        after={"role": invite.role},
    )


def _write(invite: AccountInvite, actor: User, now: datetime) -> None:
    """Send the link, unless the address was sent enough this hour; nobody learns of either."""
    if mail_queries.n_promised_to(invite.email, now - PAUSE) < MAILS_AN_HOUR:
        mail = emails.account_invited(invite, actor, token(invite), LIFE.days)
        promise(f"account-invited:{invite.id}:{now.isoformat()}", mail, now)


def invite(
    institution: Institution, email: str, name: str, role: Role, language: str, actor: User, now: datetime
) -> AccountInvite:
    """Ask somebody to join an institution; the same to the eyes of who asks, whether the address is known or not.

    Parameters
    ----------
    institution
        Where the person works.
    email
        Lower case.
    name
        As the mail greets them; empty when unknown.
    role
        Lecturer, or office for a colleague.
    language
        Language of the mail.
    actor, now
        Who asks, and when (aware).

    Raises
    ------
    NotAllowedError
        When the actor may not, the role is another one, or too many invitations wait already.
    WrongStateError
        When the person joined by an invitation of this institution, or was written to within the hour.
    """
    check_may_invite(actor, institution.id)
    if role not in (Role.LECTURER, Role.OFFICE):
        raise NotAllowedError(_("Lecturers and colleagues of the office can be invited, nobody else."))
    present = {one.email: one for one in _of_institution(institution.id)}
    row = present.get(email)
    if row is None and sum(one.used_at is None for one in present.values()) >= MOST_WAITING:
        raise NotAllowedError(_("Too many invitations wait for an answer. Withdraw those nobody will follow."))
    if row is not None:
        if row.used_at is not None and account_of(row) is None:
            # The account that came of it was closed since.
            row.used_at = None
        _check_waits(row, now)
    else:
        row = AccountInvite(institution_id=institution.id, email=email)
        db.session.add(row)
    row.institution, row.name, row.role, row.language = institution, name, role, language
    row.invited_by_id, row.invited_at = actor.id, now
    db.session.flush()
    _log("accounts.invite", row, actor, now)
    _write(row, actor, now)
    return row


def _check_waits(row: AccountInvite, now: datetime) -> None:
    if row.used_at is not None:
        raise WrongStateError(_("%(address)s has followed an earlier invitation already.", address=row.email))
    if now - row.invited_at < PAUSE:
        raise WrongStateError(_("%(address)s was written to within the last hour. Wait a little.", address=row.email))


def send_again(row: AccountInvite, actor: User, now: datetime) -> None:
    """Send the link once more; its life begins anew.

    Raises
    ------
    NotAllowedError, WrongStateError
        As for `invite`.
    """
    check_may_invite(actor, row.institution_id)
    _check_waits(row, now)
    row.invited_by_id, row.invited_at = actor.id, now
    _log("accounts.invite_again", row, actor, now)
    _write(row, actor, now)


def withdraw(row: AccountInvite, actor: User, now: datetime) -> None:
    """Take an invitation back; its link leads nowhere then.

    Raises
    ------
    NotAllowedError
        As for `invite`.
    WrongStateError
        When it was followed already.
    """
    check_may_invite(actor, row.institution_id)
    if row.used_at is not None:
        raise WrongStateError(_("%(address)s has followed the invitation already.", address=row.email))
    _log("accounts.withdraw_invite", row, actor, now)
    db.session.delete(row)


def withdraw_colleagues(user: User, actor: User, now: datetime) -> None:
    """Take back what lets others into an office, when an administrator takes who asked them out of it."""
    asked = sa.select(AccountInvite).where(
        AccountInvite.invited_by_id == user.id, AccountInvite.role == Role.OFFICE, AccountInvite.used_at.is_(None)
    )
    for row in db.session.scalars(asked.with_for_update()):
        _log("accounts.withdraw_invite", row, actor, now)
        db.session.delete(row)


def account_of(row: AccountInvite) -> User | None:
    """Find the account the invited address has already; None while it has none that can be used."""
    user = queries.by_email(row.email)
    return user if user is not None and user.is_active else None


def can_verify(row: AccountInvite, user: User) -> bool:
    """Whether following the link verifies an account there is: one that waits for just this role and institution."""
    same = user.institution_id == row.institution_id and user.role is row.role
    return same and not user.is_verified


def accept(row: AccountInvite, name: str, password_hash: str, language: str, now: datetime) -> User:
    """Begin, or verify, the account of somebody who followed the link: its address is shown to be theirs by that.

    Parameters
    ----------
    row
        The invitation.
    name, password_hash, language
        What the person chose; not looked at when there is an account already.
    now
        The instant (aware).

    Raises
    ------
    WrongStateError
        When the link is too old, or the address has an account this invitation cannot verify.
    """
    if is_old(row, now):
        raise WrongStateError(_("This invitation is too old. Ask the office that sent it for a new one."))
    user = queries.by_email(row.email)
    if user is not None and user.is_active:
        if not can_verify(row, user):
            raise WrongStateError(_("You have an account with this address already. Sign in with it."))
        user.verified_at = now
    else:
        if user is None:
            user = User(email=row.email, created_at=now, session_version=1)
            db.session.add(user)
        else:
            sign_out_everywhere(user, now)
            user.closed_at = None
        user.name, user.password_hash, user.language = name, password_hash, language
        user.role, user.institution, user.time_zone = row.role, row.institution, row.institution.time_zone
        user.confirmed_at = user.verified_at = now
    row.used_at = now
    db.session.flush()
    note(
        "accounts.join",
        actor_id=user.id,
        now=now,
        kind="users",
        object_id=user.id,
        name=user.name,
        institution_id=row.institution_id,
        after={"role": user.role, "verified_at": now},
    )
    return user


def forget_before(instant: datetime) -> int:
    """Delete invitations sent before an instant; tell how many."""
    old = sa.delete(AccountInvite).where(AccountInvite.invited_at < instant)
    return len(db.session.scalars(old.returning(AccountInvite.id)).all())
