"""What somebody was shown when they decide, and what of it has changed since.

What the other side does in the same turn hinders nobody's own answer: it is no part of this.
"""

from dataclasses import dataclass

from flask_babel import gettext as _

from webapp.accounts.models import User
from webapp.matches.approval import STEPS
from webapp.matches.lifecycle import Action, Actor, Side, State
from webapp.matches.models import Match, MatchEvent
from webapp.matches.people import Place, turns_of_agreement

_PARTS = 4
_NO_STEP = "none"
_ANSWERS = frozenset({Action.ACCEPT})


@dataclass(frozen=True)
class Seen:
    """A match as somebody looked at it; its text stands in the form they send.

    Parameters
    ----------
    turn, state
        Of the match; for a lecturer the turn in which the lecturers agree or have agreed.
    steps
        What their own side had done in that turn: steps of the approval, or a lecturer's yes.
    plan
        Fingerprint of the plan; empty when there was none, and for a lecturer whose yes is given.
    """

    turn: int
    state: State
    steps: frozenset[Action]
    plan: str

    def __str__(self) -> str:
        """Write it as `read` reads it."""
        return ":".join((str(self.turn), self.state, "+".join(sorted(self.steps)) or _NO_STEP, self.plan))


def of(match: Match, place: Place, plan: str) -> Seen:
    """Tell what somebody who stands there sees now; a plan's fingerprint is empty when there is none."""
    if place.actor is Actor.OFFICE:
        steps = frozenset(action for action in STEPS if match.has_acted(place.side, action))
        return Seen(match.turn, match.state, steps, plan)
    turns = turns_of_agreement(match)
    steps = _ANSWERS if any(e.turn in turns for e in _accepted(match, place.side)) else frozenset()
    return Seen(turns.start, match.state, steps, "" if steps else plan)


def _accepted(match: Match, side: Side) -> list[MatchEvent]:
    return [event for event in match.events if event.side is side and event.action is Action.ACCEPT]


def read(text: str) -> Seen | None:
    """Read what a form brings back; None when no page of ours gave it."""
    parts = text.split(":")
    if len(parts) != _PARTS or not (parts[0].isascii() and parts[0].isdecimal()) or parts[1] not in set(State):
        return None
    steps = frozenset(step for step in STEPS | _ANSWERS if step.value in parts[2].split("+"))
    return Seen(int(parts[0][:9]), State(parts[1]), steps, parts[3])


def what_changed(match: Match, place: Place, seen: Seen | None, plan: str, reader: User) -> str:
    """Say what has changed since somebody looked, as far as it concerns their own step.

    Parameters
    ----------
    match, place
        The match as it stands, and where the reader stands in it.
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
    now = of(match, place, plan)
    if seen is None:
        return _not_ours()
    if seen == now:
        return ""
    returned = next((e for e in reversed(match.events) if e.action is Action.RETURN and e.turn >= seen.turn), None)
    if returned is not None and returned.side is not None:
        return _returned(match, match.course(returned.side).institution.name)
    if place.actor is Actor.LECTURER:
        return _for_lecturer(seen, now)
    if (seen.turn, seen.plan) != (now.turn, now.plan):
        return _plan_changed()
    if seen.steps != now.steps:
        return _own_step(match, place.side, reader)
    return _moved_on(now) or _not_ours()


def _for_lecturer(seen: Seen, now: Seen) -> str:
    """Say what concerns a lecturer's answer; that the other side accepted or an office approved does not."""
    if seen.turn != now.turn:
        return str(
            _(
                "This proposal was taken back and made again after you opened the page. Look at it once more before "
                "you answer."
            )
        )
    if seen.steps != now.steps:
        return str(_("You have accepted this already; nothing was changed now. Below stands what you can still do."))
    if seen.plan != now.plan:
        return _plan_changed()
    return _moved_on(now) if seen.state is not now.state else ""


def _returned(match: Match, institution: str) -> str:
    if match.state is State.PROPOSED:
        return str(
            _(
                "The international office of %(institution)s returned this match after you opened the page. Both "
                "lecturers look at it again; nothing was changed by you.",
                institution=institution,
            )
        )
    return str(
        _(
            "The international office of %(institution)s returned this match after you opened the page, and both "
            "lecturers have accepted it again. Look at it once more before you decide.",
            institution=institution,
        )
    )


def _plan_changed() -> str:
    return str(_("The plan was changed after you opened the page. Look at what changed first."))


def _moved_on(now: Seen) -> str:
    """Say that a match is approved or running now; empty in other states."""
    if now.state is State.APPROVED:
        return str(_("The exchange was approved after you opened the page; nothing was changed by you."))
    if now.state is State.ACTIVE:
        return str(_("Teaching together began after you opened the page; nothing was changed by you."))
    return ""


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
