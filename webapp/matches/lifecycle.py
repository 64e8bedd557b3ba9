"""The life of a match as pure data: states, actions, and which action leads where."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a match stands."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    APPROVED = "approved"
    ACTIVE = "active"
    COMPLETED = "completed"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    FELL_THROUGH = "fell_through"
    TAKEN_BACK = "taken_back"


class Action(StrEnum):
    """What can happen to a match."""

    PROPOSE = "propose"
    ACCEPT = "accept"
    DECLINE = "decline"
    MAYBE = "maybe"
    ENDORSE = "endorse"
    APPROVE = "approve"
    RETURN = "return"
    CHANGE = "change"
    TAKE_BACK = "take_back"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"
    START = "start"
    COMPLETE = "complete"


class Actor(StrEnum):
    """Who may take an action: a side's lecturer, a side's international office, a coordinator, or the clock."""

    LECTURER = "lecturer"
    OFFICE = "office"
    COORDINATOR = "coordinator"
    CLOCK = "clock"


class Side(StrEnum):
    """An end of a match: A is the Asian course, B the European one."""

    A = "a"
    B = "b"

    @property
    def other(self) -> "Side":
        """The partner's end."""
        return Side.B if self is Side.A else Side.A


@dataclass(frozen=True)
class Transition:
    """Where an action leads.

    Parameters
    ----------
    to
        The next state.
    actors
        Who may act.
    needs_both
        Whether the state changes only once both sides have taken the action.
    needs_reason
        Whether the actor must say why.
    """

    to: State
    actors: frozenset[Actor]
    needs_both: bool = False
    needs_reason: bool = False


_LECTURER = frozenset({Actor.LECTURER})
_OFFICE = frozenset({Actor.OFFICE})
_CLOCK = frozenset({Actor.CLOCK})
_COORDINATOR = frozenset({Actor.COORDINATOR})

TRANSITIONS: dict[tuple[State, Action], Transition] = {
    (State.PROPOSED, Action.ACCEPT): Transition(State.ACCEPTED, _LECTURER, needs_both=True),
    (State.PROPOSED, Action.MAYBE): Transition(State.PROPOSED, _LECTURER),
    (State.PROPOSED, Action.DECLINE): Transition(State.DECLINED, _LECTURER, needs_reason=True),
    (State.PROPOSED, Action.WITHDRAW): Transition(State.WITHDRAWN, _LECTURER, needs_reason=True),
    (State.PROPOSED, Action.EXPIRE): Transition(State.EXPIRED, _CLOCK),
    (State.PROPOSED, Action.TAKE_BACK): Transition(State.TAKEN_BACK, _COORDINATOR),
    (State.ACCEPTED, Action.ENDORSE): Transition(State.ACCEPTED, _OFFICE),
    (State.ACCEPTED, Action.CHANGE): Transition(State.ACCEPTED, _LECTURER | _CLOCK),
    (State.ACCEPTED, Action.APPROVE): Transition(State.APPROVED, _OFFICE, needs_both=True),
    (State.ACCEPTED, Action.DECLINE): Transition(State.DECLINED, _OFFICE, needs_reason=True),
    (State.ACCEPTED, Action.RETURN): Transition(State.PROPOSED, _OFFICE, needs_reason=True),
    (State.ACCEPTED, Action.WITHDRAW): Transition(State.WITHDRAWN, _LECTURER, needs_reason=True),
    (State.ACCEPTED, Action.EXPIRE): Transition(State.EXPIRED, _CLOCK),
    (State.APPROVED, Action.WITHDRAW): Transition(State.WITHDRAWN, _LECTURER | _OFFICE, needs_reason=True),
    (State.APPROVED, Action.CHANGE): Transition(State.ACCEPTED, _LECTURER | _CLOCK),
    (State.APPROVED, Action.START): Transition(State.ACTIVE, _CLOCK),
    (State.ACTIVE, Action.WITHDRAW): Transition(State.FELL_THROUGH, _LECTURER | _OFFICE, needs_reason=True),
    (State.ACTIVE, Action.COMPLETE): Transition(State.COMPLETED, _CLOCK),
}

OPEN_STATES = frozenset({State.PROPOSED, State.ACCEPTED, State.APPROVED, State.ACTIVE})
"""States in which a match takes up one of each course's places."""

CONTACT_STATES = frozenset({State.ACCEPTED, State.APPROVED, State.ACTIVE, State.COMPLETED})
"""States in which both lecturers see each other's contact details."""


def transition(state: State, action: Action) -> Transition | None:
    """Look an action up; None when it cannot be taken in this state."""
    return TRANSITIONS.get((state, action))


def next_state(state: State, action: Action, *, other_side_has_acted: bool) -> State | None:
    """Tell where an action leads.

    Parameters
    ----------
    state
        Where the match stands.
    action
        What is done.
    other_side_has_acted
        Whether the partner's side has taken the same action in the same turn.

    Returns
    -------
    State or None
        The next state, the same one while the other side is awaited; None when the action is impossible.
    """
    found = transition(state, action)
    if found is None:
        return None
    return state if found.needs_both and not other_side_has_acted else found.to
