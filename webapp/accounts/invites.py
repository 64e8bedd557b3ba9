"""Invitations to join: an office asks somebody of its institution, who follows a link and is confirmed and verified."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_sqlalchemy.pagination import Pagination

from webapp.access import Role
from webapp.accounts import emails, invite_links, mail_limits, queries
from webapp.accounts.mail_limits import INVITED, Places
from webapp.accounts.models import AccountInvite, User
from webapp.accounts.refusals import asked_not_to
from webapp.accounts.rules import sign_out_everywhere
from webapp.audit.log import note
from webapp.db import db
from webapp.errors import NotAllowedError, WrongStateError
from webapp.i18n import instant
from webapp.institutions.models import Institution
from webapp.mail.outbox import promise
from webapp.mail.recall import call_back

PAUSE = timedelta(hours=1)
"""The same person is not written to again sooner."""
MOST_WAITING = 500
"""Invitations of one institution that wait for an answer."""
KEPT_FOR = timedelta(days=180)
"""How long an invitation that was followed, or the wish not to be written to, is kept."""
PER_PAGE = 30


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


def waiting_addresses(institution_id: int) -> set[str]:
    """List whom an institution has invited and who has not come yet."""
    waits = (AccountInvite.institution_id == institution_id, AccountInvite.used_at.is_(None))
    return set(db.session.scalars(sa.select(AccountInvite.email).where(*waits)))


def _facts(invite: AccountInvite) -> dict[str, Any]:
    """What the audit log tells of an invitation; the name is left out, because it may be that of a stranger."""
    return {"role": invite.role, "invited_at": invite.invited_at}


def _log(
    action: str, invite: AccountInvite, actor: User, now: datetime, before: dict[str, Any], after: dict[str, Any]
) -> None:
    note(
        action,
        actor_id=actor.id,
        now=now,
        kind="account_invites",
        object_id=invite.id,
        name=invite.email,
        institution_id=invite.institution_id,
        before=before,
        after=after,
    )


def _write(invite: AccountInvite, actor: User, places: Places, now: datetime) -> None:
    """Send the link when its place has come."""
    mail = emails.account_invited(invite, actor)
    at = mail_limits.spared(invite.email, invite.invited_at, now)
    promise(places.key(INVITED, invite.id, now.isoformat()), mail, now, not_before=at)


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
        When the person joined by an invitation of this institution, was written to within the hour, or asked us
        not to write.

    Returns
    -------
    AccountInvite
        Its ``invited_at`` is when the mail goes: now, or later when enough went this hour.
    """
    check_may_invite(actor, institution.id)
    if role not in (Role.LECTURER, Role.OFFICE):
        raise NotAllowedError(_("Lecturers and colleagues of the office can be invited, nobody else."))
    if asked_not_to([email]):
        raise WrongStateError(_("Whoever has %(address)s asked us not to write to them.", address=email))
    places = Places(institution.id, actor.id, now)
    at = places.next()
    present = {one.email: one for one in _of_institution(institution.id)}
    row, before = present.get(email), {}
    if row is None and sum(one.used_at is None for one in present.values()) >= MOST_WAITING:
        raise NotAllowedError(_("Too many invitations wait for an answer. Withdraw those nobody will follow."))
    if row is not None:
        if row.used_at is not None and account_of(row) is None:
            # The account that came of it was closed since.
            row.used_at = None
        _check_waits(row, now)
        before = _facts(row)
    else:
        row = AccountInvite(institution_id=institution.id, email=email)
        db.session.add(row)
    row.institution, row.name, row.role, row.language = institution, name, role, language
    row.invited_by_id, row.invited_at = actor.id, at
    db.session.flush()
    _log("accounts.invite", row, actor, now, before, _facts(row))
    _write(row, actor, places, now)
    return row


def _check_waits(row: AccountInvite, now: datetime) -> None:
    if row.used_at is not None:
        raise WrongStateError(_("%(address)s has followed an earlier invitation already.", address=row.email))
    if row.invited_at > now:
        at = instant(row.invited_at)
        raise WrongStateError(_("The mail to %(address)s waits to go: %(instant)s.", address=row.email, instant=at))
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
    before, places = _facts(row), Places(row.institution_id, actor.id, now)
    row.invited_by_id, row.invited_at = actor.id, places.next()
    _log("accounts.invite_again", row, actor, now, before, _facts(row))
    _write(row, actor, places, now)


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
    _take_back(row, actor, now)


def _take_back(row: AccountInvite, actor: User, now: datetime) -> None:
    """Delete an invitation, and mail about it that has not gone yet."""
    _log("accounts.withdraw_invite", row, actor, now, _facts(row), {})
    call_back(mail_limits.about_invitation(row.institution_id), row.email)
    db.session.delete(row)


def withdraw_colleagues(user: User, actor: User, now: datetime) -> None:
    """Take back what lets others into an office, when an administrator takes who asked them out of it."""
    asked = sa.select(AccountInvite).where(
        AccountInvite.invited_by_id == user.id, AccountInvite.role == Role.OFFICE, AccountInvite.used_at.is_(None)
    )
    for row in db.session.scalars(asked.with_for_update()):
        _take_back(row, actor, now)


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
    if invite_links.is_old(row, now):
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
    """Delete invitations sent before an instant and followed, and wishes not to be written to; tell how many."""
    old = sa.delete(AccountInvite).where(AccountInvite.invited_at < instant, AccountInvite.used_at.is_not(None))
    return len(db.session.scalars(old.returning(AccountInvite.id)).all())
