"""What an administrator may make of somebody: another role, another institution, another reach as coordinator."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from webapp.access import Role
from webapp.accounts import emails, invites, office, queries
from webapp.accounts.models import User
from webapp.audit.log import note
from webapp.errors import NotAllowedError, WrongStateError
from webapp.institutions.models import Institution
from webapp.mail.outbox import promise


@dataclass(frozen=True)
class Place:
    """What somebody does, and where; countries and network count for coordinators only. Fields as in `User`."""

    role: Role
    institution: Institution | None
    countries: tuple[str, ...] = ()
    network: str = ""


def _facts(user: User) -> dict[str, Any]:
    return {
        "role": user.role,
        "institution_id": user.institution.id if user.institution else None,
        "countries": list(user.countries),
        "network": user.network,
    }


def change(user: User, place: Place, actor: User, now: datetime) -> bool:
    """Give somebody another role, institution or reach, and tell them.

    Parameters
    ----------
    user
        Whose role it is.
    place
        What they do from now on.
    actor
        An administrator.
    now
        The instant (aware).

    Returns
    -------
    bool
        False when the office they leave has nobody left.

    Raises
    ------
    NotAllowedError
        When the actor is no administrator.
    WrongStateError
        When the account is closed, or it is the last administrator who would be none any longer.
    """
    if actor.role is not Role.ADMINISTRATOR:
        raise NotAllowedError(_("Only administrators change roles."))
    if user.closed_at is not None:
        raise WrongStateError(_("This account was closed meanwhile; nothing was changed."))
    leaves_administration = user.role is Role.ADMINISTRATOR and place.role is not Role.ADMINISTRATOR
    if leaves_administration and not [one for one in queries.administrators() if one.id != user.id]:
        raise WrongStateError(_("This is the only administrator. Make somebody else one first."))
    before = _facts(user)
    new_id = place.institution.id if place.institution else None
    leaves_office = user.role is Role.OFFICE and (place.role is not Role.OFFICE or new_id != user.institution_id)
    goes_on = office.keep_going(user, actor.id, now) if leaves_office else True
    old_institution_id = user.institution_id
    user.role, user.institution = place.role, place.institution
    is_coordinator = place.role is Role.COORDINATOR
    user.countries = list(place.countries) if is_coordinator else []
    user.network = place.network if is_coordinator else ""
    if leaves_office:
        invites.withdraw_colleagues(user, actor, now)
        user.signs_for_office, user.signs_as_second, user.is_stand_in = True, False, False
    after = _facts(user)
    if before == after:
        return True
    note(
        "accounts.change_role",
        actor_id=actor.id,
        now=now,
        kind="users",
        object_id=user.id,
        name=user.name,
        institution_id=old_institution_id or new_id,
        before=before,
        after=after,
    )
    promise(f"role-changed:{user.id}:{now.isoformat()}", emails.role_changed(user), now)
    return goes_on
