"""Every state, action and reason has its words."""

import pytest

from webapp.matches import labels
from webapp.matches.lifecycle import TRANSITIONS, Action, Actor, State


def test_every_state_and_event_has_a_label_and_every_state_a_tone() -> None:
    assert set(labels.STATE_LABELS) == set(labels.STATE_TONES) == set(State)
    assert set(labels.EVENT_LABELS) == set(Action)
    assert set(labels.STATE_TONES.values()) == {"fits", "talk", "not", "plain"}


def test_every_action_a_person_can_take_has_a_button_and_an_answer() -> None:
    of_a_side = {Actor.LECTURER, Actor.OFFICE}
    by_people = {
        action
        for (_state, action), found in TRANSITIONS.items()
        if found.actors & of_a_side and Actor.CLOCK not in found.actors
    }
    assert set(labels.ACTION_LABELS) == set(labels.DONE_LABELS) == by_people


@pytest.mark.parametrize(("state", "action"), [key for key, found in TRANSITIONS.items() if found.needs_reason])
def test_whoever_must_say_why_can_choose_among_reasons(state: State, action: Action) -> None:
    for actor in TRANSITIONS[state, action].actors:
        offered = labels.reason_choices(action, actor)
        assert labels.OTHER_REASON in offered
        assert len(offered) > 3
        assert ("no_time" in offered) == (actor is Actor.LECTURER)
        assert ("details_missing" in offered) == (action is Action.RETURN)


def test_reasons_about_time_and_rules_never_count_against_the_fit() -> None:
    about_people = {"no_time", "other_partner", "institution_rules", "course_cancelled", "other"}
    assert set(labels.DECLINE_REASONS) - labels.COUNTS_AGAINST_FIT == about_people
    assert set(labels.DECLINE_REASONS) > labels.COUNTS_AGAINST_FIT


def test_the_longest_code_fits_its_column() -> None:
    assert max(map(len, labels.REASONS)) <= 40
