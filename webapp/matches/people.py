"""Whose match it is: who stands on which side, and who may see or do what."""

from dataclasses import dataclass
from datetime import datetime

from webapp.access import Role
from webapp.accounts import scope
from webapp.accounts.models import User
from webapp.matches import approval
from webapp.matches.lifecycle import CONTACT_STATES, TRANSITIONS, Action, Actor, Side, State
from webapp.matches.models import Match


@dataclass(frozen=True)
class Place:
    """Where a person stands in a match: a side's lecturer, or the international office of its institution."""

    side: Side
    actor: Actor


def place_of(match: Match, user: User) -> Place | None:
    """Tell where a person stands; None for everyone who is on neither side."""
    for side in Side:
        course = match.course(side)
        if user.role is Role.LECTURER and course.lecturer_id == user.id:
            return Place(side, Actor.LECTURER)
        if user.role is Role.OFFICE and course.institution_id == user.institution_id:
            return Place(side, Actor.OFFICE)
    return None


def may_see(match: Match, user: User) -> bool:
    """Whether a person may open the page of a match: its two sides, and who oversees one of their institutions."""
    oversees = any(scope.covers(user, match.course(side).institution) for side in Side)
    return oversees or place_of(match, user) is not None


def shows_contacts(match: Match) -> bool:
    """Whether names and addresses of the lecturers are shown: only once both have accepted."""
    return match.state in CONTACT_STATES


_NO_BUTTONS = frozenset({Action.CHANGE})
"""What follows from something else: a plan is changed where it is written."""


def actions_for(match: Match, user: User, on: approval.Ground | None = None) -> tuple[Action, ...]:
    """Tell which actions the page offers a person now, the usual one first.

    Fewer than the table allows: before a lecturer has accepted the way out is called declining, afterwards
    withdrawing, and there is nothing left to think over; what a side has done it is not offered again; and of an
    office each is offered the step of the approval that is theirs.

    Parameters
    ----------
    match, user
        The match, and who looks at it.
    on
        What its approval rests on; without it each side is taken to approve by its office alone.
    """
    place = place_of(match, user)
    if place is None or not user.is_verified:
        return ()
    has_accepted = match.has_acted(place.side, Action.ACCEPT)
    unusual = {Action.DECLINE, Action.MAYBE} if has_accepted else {Action.WITHDRAW}
    offered = [
        action
        for (state, action), found in TRANSITIONS.items()
        if state is match.state and place.actor in found.actors and not match.has_acted(place.side, action)
    ]
    if match.state is State.PROPOSED:
        offered = [action for action in offered if action not in unusual]
    if place.actor is Actor.OFFICE:
        offered = _of_office(offered, match, place.side, user, on or approval.usual(match))
    return tuple(action for action in offered if action not in _NO_BUTTONS)


def _of_office(offered: list[Action], match: Match, side: Side, user: User, on: approval.Ground) -> list[Action]:
    if not approval.signs(user):
        return []
    can_say_yes = approval.obstacle(match, side, user, on) is None
    step = approval.next_step(match, side, on.policies[side])
    return [action for action in offered if action not in approval.STEPS or (can_say_yes and action is step)]


def awaited(match: Match) -> tuple[Place, ...]:
    """Tell who is awaited: the lecturers who have not accepted, or the offices that have not approved."""
    if match.state is State.PROPOSED:
        return tuple(Place(side, Actor.LECTURER) for side in Side if not match.has_acted(side, Action.ACCEPT))
    if match.state is State.ACCEPTED:
        return tuple(Place(side, Actor.OFFICE) for side in Side if not match.has_acted(side, Action.APPROVE))
    return ()


def waiting_since(match: Match) -> datetime:
    """Tell since when a match waits for those it waits for: its last step into the present state."""
    steps = {Action.PROPOSE, Action.RETURN} if match.state is State.PROPOSED else {Action.ACCEPT, Action.CHANGE}
    return max((event.at for event in match.events if event.action in steps), default=match.proposed_at)


def turns_of_agreement(match: Match) -> range:
    """Give the turns in which both lecturers' present acceptance was given and still holds.

    A change of the plan raises the turn for the offices only; a match that was returned is accepted anew.
    """
    changed_in = {event.turn for event in match.events if event.action is Action.CHANGE}
    first = match.turn
    while first - 1 in changed_in:
        first -= 1
    return range(first, match.turn + 1)


def asked_for_time(match: Match, side: Side) -> datetime | None:
    """Tell when a side answered "maybe, ask me in a week" in the present turn; None when it did not."""
    answers = (e.at for e in match.events if (e.side, e.action, e.turn) == (side, Action.MAYBE, match.turn))
    return next(answers, None)
