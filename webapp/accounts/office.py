"""The people of an international office: who signs, and how one of them hands it over."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from webapp.access import Role
from webapp.accounts import emails, queries
from webapp.accounts.models import User
from webapp.audit.log import note
from webapp.errors import NotAllowedError, WrongStateError
from webapp.mail.outbox import promise


@dataclass(frozen=True)
class Signing:
    """What somebody of an office signs; fields as in `User`."""

    signs_for_office: bool = True
    signs_as_second: bool = False
    is_stand_in: bool = False

    @classmethod
    def of(cls, user: User) -> "Signing":
        """Tell what somebody signs now."""
        return cls(user.signs_for_office, user.signs_as_second, user.is_stand_in)

    @property
    def is_first(self) -> bool:
        """Whether this person is asked first for the office."""
        return self.signs_for_office and not self.is_stand_in


def check_may_see(actor: User, user: User) -> None:
    """Refuse whoever may not look at a person: administrators may at all, an office at people of its institution.

    Raises
    ------
    NotAllowedError
        For everybody else.
    """
    own = actor.institution_id is not None and actor.institution_id == user.institution_id
    if actor.role is not Role.ADMINISTRATOR and not (actor.role is Role.OFFICE and own):
        raise NotAllowedError(_("You can look after people of your own institution only."))


def check_may_set_signing(actor: User, user: User) -> None:
    """Refuse whoever may not say what a person signs, and people who sign nothing.

    Raises
    ------
    NotAllowedError
        When the actor is neither an administrator nor of the same office.
    WrongStateError
        When the person is not, or no longer, at work in an office.
    """
    check_may_see(actor, user)
    if user.role is not Role.OFFICE or not user.is_verified or user.closed_at is not None:
        raise WrongStateError(_("%(name)s does not work in an international office now.", name=user.name))


def _note(action: str, user: User, actor_id: int | None, now: datetime, before: Any, after: Any) -> None:
    note(
        action,
        actor_id=actor_id,
        now=now,
        kind="users",
        object_id=user.id,
        name=user.name,
        institution_id=user.institution_id,
        before=before,
        after=after,
    )


def _sign(user: User, signing: Signing, actor_id: int | None, now: datetime) -> None:
    before = Signing.of(user)
    if before == signing:
        return
    user.signs_for_office = signing.signs_for_office
    user.signs_as_second = signing.signs_as_second
    user.is_stand_in = signing.is_stand_in
    _note("accounts.set_signing", user, actor_id, now, asdict(before), asdict(signing))


def colleagues_of(user: User) -> list[User]:
    """List the others at work in the office of somebody's institution, by id."""
    others = queries.offices_of(user.institution_id) if user.institution_id is not None else []
    return [one for one in others if one.id != user.id]


def set_signing(user: User, signing: Signing, actor: User, now: datetime) -> None:
    """Say what somebody of an office signs.

    Raises
    ------
    NotAllowedError
        As for `check_may_set_signing`.
    WrongStateError
        As there, and when nobody would be left whom an approval is brought to first.
    """
    check_may_set_signing(actor, user)
    queries.hold_institution(user.institution_id or 0)
    if not signing.is_first and not any(Signing.of(one).is_first for one in colleagues_of(user)):
        raise WrongStateError(
            _("Somebody must sign for the office without being a stand-in. Choose who else does, then come back.")
        )
    _sign(user, signing, actor.id, now)


def keep_going(user: User, actor_id: int | None, now: datetime) -> bool:
    """Look after an office that somebody is about to leave: there is always one who signs, and nobody loses it.

    When no colleague signs first, the one who is there longest does from now on. When there is no colleague at all,
    administrators are told.

    Parameters
    ----------
    user
        Who leaves; still counted in the office.
    actor_id
        Who causes it.
    now
        The instant (aware).

    Returns
    -------
    bool
        False when the office is empty then.
    """
    if user.role is not Role.OFFICE or user.institution is None or not user.is_verified:
        return True
    queries.hold_institution(user.institution.id)
    others = colleagues_of(user)
    if not others:
        for judge in queries.administrators():
            if judge.id != actor_id:
                promise(f"office-empty:{user.id}:{judge.id}:{now.isoformat()}", emails.office_empty(judge, user), now)
        return False
    if not any(Signing.of(one).is_first for one in others):
        heir = others[0]
        _sign(heir, Signing(True, heir.signs_as_second), actor_id, now)
        promise(f"office-yours:{heir.id}:{now.isoformat()}", emails.office_yours(heir, user), now)
    return True


def hand_over(user: User, successor: User | None, now: datetime) -> None:
    """Let somebody leave an office: what they sign passes to a colleague, and they stay as a lecturer.

    Parameters
    ----------
    user
        Who leaves.
    successor
        The colleague who takes over; None when there is no colleague, which hands the office to the administrators.
    now
        The instant (aware).

    Raises
    ------
    NotAllowedError
        When the person is of no office, or the successor is not a colleague.
    WrongStateError
        When nobody was chosen though there are colleagues.
    """
    if user.role is not Role.OFFICE:
        raise NotAllowedError(_("Only people of an international office can hand it over."))
    queries.hold_institution(user.institution_id or 0)
    others = colleagues_of(user)
    if successor is None and others:
        raise WrongStateError(_("Choose the colleague who takes over from you."))
    if successor is not None:
        if successor.id not in {one.id for one in others}:
            raise NotAllowedError(_("Only a colleague of your office can take it over."))
        second = successor.signs_as_second or user.signs_as_second
        _sign(successor, Signing(True, second), user.id, now)
        promise(f"office-yours:{successor.id}:{now.isoformat()}", emails.office_yours(successor, user), now)
    else:
        keep_going(user, None, now)
    before = {"role": user.role, **asdict(Signing.of(user))}
    user.role = Role.LECTURER
    user.signs_for_office, user.signs_as_second, user.is_stand_in = True, False, False
    # By number: names of people who leave are taken out of the log.
    after = {"role": user.role, "taken_over_by": successor.id if successor else None}
    before = {name: value for name, value in before.items() if value}
    after |= {name: False for name in before if name != "role"}
    _note("accounts.hand_over", user, user.id, now, before, after)
