"""The table of transitions as pure data."""

from itertools import product

from webapp.matches.lifecycle import (
    CONTACT_STATES,
    OPEN_STATES,
    TRANSITIONS,
    Action,
    Actor,
    Side,
    State,
    next_state,
    transition,
)

ENDS = {State.COMPLETED, State.DECLINED, State.EXPIRED, State.WITHDRAWN, State.FELL_THROUGH, State.TAKEN_BACK}


def test_matches_end_where_nothing_leads_on() -> None:
    assert {state for state in State if not any(at is state for at, _action in TRANSITIONS)} == ENDS
    assert set(State) - ENDS == OPEN_STATES


def test_every_state_can_be_reached_from_a_proposal() -> None:
    reached = {State.PROPOSED}
    for _ in State:
        reached |= {found.to for (at, _action), found in TRANSITIONS.items() if at in reached}
    assert reached == set(State)


def test_next_state_is_none_exactly_where_the_table_has_no_line() -> None:
    for state, action, other in product(State, Action, (False, True)):
        found = transition(state, action)
        to = next_state(state, action, other_side_has_acted=other)
        assert (to is None) == (found is None)
        if found is not None:
            assert to is (state if found.needs_both and not other else found.to)


def test_only_accepting_and_approving_need_both_sides() -> None:
    assert {action for (_state, action), found in TRANSITIONS.items() if found.needs_both} == {
        Action.ACCEPT,
        Action.APPROVE,
    }


def test_whoever_ends_or_returns_a_match_says_why_and_the_clock_never_does() -> None:
    for (_state, action), found in TRANSITIONS.items():
        assert found.needs_reason == (action in (Action.DECLINE, Action.RETURN, Action.WITHDRAW))
        by_the_clock = (Action.EXPIRE, Action.START, Action.COMPLETE, Action.CHANGE)
        assert (Actor.CLOCK in found.actors) == (action in by_the_clock)
        assert (Actor.COORDINATOR in found.actors) == (action is Action.TAKE_BACK)


def test_contacts_show_only_after_both_have_accepted() -> None:
    assert {State.ACCEPTED, State.APPROVED, State.ACTIVE, State.COMPLETED} == CONTACT_STATES
    assert [side.other for side in Side] == [Side.B, Side.A]
