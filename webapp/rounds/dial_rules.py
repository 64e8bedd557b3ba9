"""Choosing the position of the dial."""

from datetime import datetime

from flask_babel import gettext as _

from webapp.accounts import scope
from webapp.accounts.models import User
from webapp.audit import log
from webapp.db import db
from webapp.errors import NotAllowedError
from webapp.rounds.models import DialChoice


def may_turn(user: User) -> bool:
    """Whether a person may look at the dial and turn it: it moves partners of all countries."""
    return scope.is_of_all(user)


def require_may_turn(user: User) -> None:
    """Refuse the dial to those who work for some countries only.

    Raises
    ------
    NotAllowedError
        For everybody but coordinators of all institutions and administrators.
    """
    if not may_turn(user):
        raise NotAllowedError(
            _("The dial moves partners in all countries: it is for coordinators of all institutions.")
        )


def choose(actor: User, balance: float, note: str, before: float, now: datetime) -> DialChoice:
    """Choose a position for all coming rounds.

    Parameters
    ----------
    actor
        Who chooses.
    balance
        The position, 0..1.
    note
        Why, for other coordinators; may be empty.
    before
        The position that held until now.
    now
        The instant (aware).

    Raises
    ------
    NotAllowedError
        See `require_may_turn`.
    """
    require_may_turn(actor)
    choice = DialChoice(balance=balance, by=actor, at=now, note=note.strip())
    db.session.add(choice)
    db.session.flush()
    log.note(
        "rounds.choose_dial",
        actor_id=actor.id,
        now=now,
        kind="dial_choices",
        object_id=choice.id,
        before={"balance": before},
        after={"balance": balance} | ({"note": choice.note} if choice.note else {}),
    )
    return choice
