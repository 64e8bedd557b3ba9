"""What somebody of an office was shown when they decide, and what of it has changed since.

What the other institution does in the same turn for the same plan hinders nobody: it is no part of this.
"""

from dataclasses import dataclass

from flask_babel import gettext as _

from webapp.accounts.models import User
from webapp.matches.approval import STEPS
from webapp.matches.lifecycle import Action, Side, State
from webapp.matches.models import Match

_PARTS = 4
_NO_STEP = "none"


@dataclass(frozen=True)
class Seen:
    """A match as somebody of one side's office looked at it; its text stands in the form they send.

    Parameters
    ----------
    turn, state
        Of the match.
    steps
        The steps of the approval their own institution had taken in that turn.
    plan
        Fingerprint of the plan; empty when there was none.
    """

    turn: int
    state: State
    steps: frozenset[Action]
    plan: str

    def __str__(self) -> str:
        """Write it as `read` reads it."""
        return ":".join((str(self.turn), self.state, "+".join(sorted(self.steps)) or _NO_STEP, self.plan))


def of(match: Match, side: Side, plan: str) -> Seen:
    """Tell what somebody of a side's office sees now."""
    steps = frozenset(action for action in STEPS if match.has_acted(side, action))
    return Seen(match.turn, match.state, steps, plan)


def read(text: str) -> Seen | None:
    """Read what a form brings back; None when no page of ours gave it."""
    parts = text.split(":")
    if len(parts) != _PARTS or not (parts[0].isascii() and parts[0].isdecimal()) or parts[1] not in set(State):
        return None
    steps = frozenset(step for step in STEPS if step.value in parts[2].split("+"))
    return Seen(int(parts[0][:9]), State(parts[1]), steps, parts[3])


def what_changed(match: Match, side: Side, seen: Seen | None, plan: str, reader: User) -> str:
    """Say what has changed since somebody of a side's office looked, as far as it concerns their step.

    Parameters
    ----------
    match, side
        The match as it stands, and the side of the office.
    seen
        What they were shown.
    plan
        Fingerprint of the plan that stands; empty when there is none.
    reader
        Who decides.

    Returns
    -------
    str
        A sentence; empty when nothing that concerns them has changed.
    """
    now = of(match, side, plan)
    if seen is None:
        return _not_ours()
    if seen == now:
        return ""
    returned = next((e for e in reversed(match.events) if e.action is Action.RETURN and e.turn >= seen.turn), None)
    if returned is not None and returned.side is not None:
        name = match.course(returned.side).institution.name
        if match.state is State.PROPOSED:
            return str(
                _(
                    "The international office of %(institution)s returned this match after you opened the page. Both "
                    "lecturers look at it again; nothing was changed by you.",
                    institution=name,
                )
            )
        return str(
            _(
                "The international office of %(institution)s returned this match after you opened the page, and both "
                "lecturers have accepted it again. Look at it once more before you decide.",
                institution=name,
            )
        )
    if (seen.turn, seen.plan) != (now.turn, now.plan):
        return str(_("The plan was changed after you opened the page. Look at what changed first."))
    if seen.steps != now.steps:
        return _own_step(match, side, reader)
    if now.state is State.APPROVED:
        return str(_("The exchange was approved after you opened the page; nothing was changed by you."))
    if now.state is State.ACTIVE:
        return str(_("Teaching together began after you opened the page; nothing was changed by you."))
    return _not_ours()


def _not_ours() -> str:
    """Say it of what no page of ours can have given."""
    return str(_("Nothing was decided, because the form did not say what you were shown. Please look once more."))


def _own_step(match: Match, side: Side, reader: User) -> str:
    own = [e for e in match.events if e.side is side and e.turn == match.turn and e.action in STEPS]
    if not own:
        return _not_ours()
    last = own[-1]
    if last.actor is None:
        return str(_("This match was approved for your institution by itself after you opened the page."))
    if last.actor_id == reader.id:
        return str(_("You have approved this already; nothing was changed by sending it twice."))
    return str(
        _(
            "%(name)s approved this for your institution after you opened the page; nothing was changed by you.",
            name=last.actor.name,
        )
    )
