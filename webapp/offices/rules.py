"""Who may see a house, and what may happen to its targets."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from webapp.access import Role
from webapp.accounts import scope
from webapp.accounts.models import User
from webapp.audit.log import note
from webapp.db import db
from webapp.errors import NotAllowedError, WrongStateError
from webapp.institutions.models import BalanceTarget, Institution
from webapp.offices import queries

MOST_TARGETS = 100
_WHOM = ("scope", "partner_id", "partner_country")
_STATED = (*_WHOM, "at_least", "at_most")


def check_may_see(actor: User, institution: Institution) -> None:
    """Refuse whoever may not see the figures of an institution.

    Raises
    ------
    NotAllowedError
        For everybody but its office, coordinators who work for it, and administrators.
    """
    is_own = actor.role is Role.OFFICE and actor.institution_id == institution.id
    if not is_own and not scope.covers(actor, institution):
        raise NotAllowedError(_("These figures are for the institution's own office and its coordinators."))


def add_target(institution: Institution, values: Mapping[str, Any], actor: User, now: datetime) -> BalanceTarget:
    """Set a new target.

    Raises
    ------
    WrongStateError
        When the institution has as many targets as can be looked after.
    """
    if queries.n_targets(institution.id) >= MOST_TARGETS:
        raise WrongStateError(_("There are as many targets as can be kept. Remove one first."))
    target = BalanceTarget(institution_id=institution.id, set_at=now, **values)
    db.session.add(target)
    db.session.flush()
    _log("offices.add_target", target, institution, actor, now, {}, _stated(target))
    return target


def change_target(
    target: BalanceTarget, institution: Institution, values: Mapping[str, Any], actor: User, now: datetime
) -> bool:
    """Change a target; tells whether anything is different now."""
    before = _stated(target)
    if before == dict(values):
        return False
    for name, value in values.items():
        setattr(target, name, value)
    target.set_at = now
    after = _stated(target)
    # Whom a target speaks of is told even where it stays, else nobody knows which one changed.
    told = {name: value for name, value in before.items() if value != after[name] or name not in _WHOM}
    _log("offices.change_target", target, institution, actor, now, told, after)
    return True


def remove_target(target: BalanceTarget, institution: Institution, actor: User, now: datetime) -> None:
    """Give a target up."""
    _log("offices.remove_target", target, institution, actor, now, _stated(target), {})
    db.session.delete(target)


def _stated(target: BalanceTarget) -> dict[str, Any]:
    return {name: getattr(target, name) for name in _STATED}


def _log(
    action: str,
    target: BalanceTarget,
    institution: Institution,
    actor: User,
    now: datetime,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> None:
    note(
        action,
        actor_id=actor.id,
        now=now,
        kind="balance_targets",
        object_id=target.id,
        name=institution.name,
        institution_id=institution.id,
        before=before,
        after=after,
    )


def note_export(institution: Institution, ending: str, counts: Mapping[str, int], actor: User, now: datetime) -> None:
    """Note in the audit log that somebody took everything as a file, and how much that was."""
    note(
        "offices.export",
        actor_id=actor.id,
        now=now,
        kind="institutions",
        object_id=institution.id,
        name=institution.name,
        institution_id=institution.id,
        after={"file": ending, **counts},
    )
