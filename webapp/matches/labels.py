"""What states, actions, criteria and reasons are called on pages."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from webapp.matches.lifecycle import Action, Actor, Side, State

STATE_LABELS: dict[State, LazyString] = {
    State.PROPOSED: _l("Proposed"),
    State.ACCEPTED: _l("Accepted"),
    State.APPROVED: _l("Approved"),
    State.ACTIVE: _l("Running"),
    State.COMPLETED: _l("Completed"),
    State.DECLINED: _l("Declined"),
    State.EXPIRED: _l("Time ran out"),
    State.WITHDRAWN: _l("Withdrawn"),
    State.FELL_THROUGH: _l("Broken off"),
    State.TAKEN_BACK: _l("Taken back"),
}

STATE_TONES: dict[State, str] = {
    State.PROPOSED: "talk",
    State.ACCEPTED: "talk",
    State.APPROVED: "fits",
    State.ACTIVE: "fits",
    State.COMPLETED: "fits",
    State.DECLINED: "not",
    State.EXPIRED: "plain",
    State.WITHDRAWN: "not",
    State.FELL_THROUGH: "not",
    State.TAKEN_BACK: "plain",
}

ACTION_LABELS: dict[Action, LazyString] = {
    Action.ACCEPT: _l("Accept this partner"),
    Action.MAYBE: _l("Maybe, ask me in a week"),
    Action.DECLINE: _l("Decline"),
    Action.ENDORSE: _l("Approve for the office"),
    Action.APPROVE: _l("Approve"),
    Action.RETURN: _l("Return to the lecturers"),
    Action.WITHDRAW: _l("Withdraw"),
}
"""What stands on the button of each action a person can take."""

DONE_LABELS: dict[Action, LazyString] = {
    Action.ACCEPT: _l("You accepted. We have told those who are next."),
    Action.MAYBE: _l("We will ask you again in a week, and have told the other side. You can answer at any time."),
    Action.DECLINE: _l("You declined. Both sides have been told, and this pair will not be proposed again."),
    Action.ENDORSE: _l("You approved for the office. We have asked the second person of your institution."),
    Action.APPROVE: _l("You approved. We have told those who are next."),
    Action.RETURN: _l("You returned the match. Both lecturers have been asked to look at it again."),
    Action.WITHDRAW: _l("You withdrew. Everyone concerned has been told."),
}
"""What the next page says once an action is taken."""

EVENT_LABELS: dict[Action, LazyString] = {
    Action.PROPOSE: _l("Proposed by the matching round"),
    Action.ACCEPT: _l("Accepted"),
    Action.MAYBE: _l("Asked for a week"),
    Action.DECLINE: _l("Declined"),
    Action.ENDORSE: _l("Approved by the office, the second person is awaited"),
    Action.APPROVE: _l("Approved"),
    Action.CHANGE: _l("The plan was changed"),
    Action.TAKE_BACK: _l("Taken back by a coordinator"),
    Action.RETURN: _l("Returned to the lecturers"),
    Action.WITHDRAW: _l("Withdrawn"),
    Action.EXPIRE: _l("Time to answer ran out"),
    Action.START: _l("Teaching together began"),
    Action.COMPLETE: _l("Last shared day passed"),
}
"""What the history calls each event."""

INVITED_LABEL = _l("Invited the other side")
"""What the history calls a proposal that a lecturer made by hand."""

BY_ITSELF_LABEL = _l("Approved by itself, because %(institution)s asks nobody to approve")
"""What the history calls the approval of an institution that approves the moment both lecturers accept."""

AFTER_OFFICE_LABEL = _l("Approved, because the office of %(institution)s has approved and no second person follows")
"""What the history calls the approval of an institution that gave up its second person once its office had approved."""

OTHER_REASON = "other"
NO_TIME = "no_time"

DECLINE_REASONS: dict[str, LazyString] = {
    "no_time": _l("No time for an exchange in this term"),
    "calendar": _l("Our dates or hours do not fit"),
    "level": _l("The students' levels are too far apart"),
    "topic": _l("The topics do not go together"),
    "class_size": _l("The classes are too different in size"),
    "language": _l("The language of exchange does not work for us"),
    "technology": _l("The tools do not work for us"),
    "other_partner": _l("Another partner is already agreed"),
    "institution_rules": _l("Our institution's rules do not allow it"),
    "course_cancelled": _l("The course does not take place"),
    OTHER_REASON: _l("Another reason"),
}
"""Why a person declines or withdraws, by code."""

RETURN_REASONS: dict[str, LazyString] = {
    "details_missing": _l("Something must be settled or corrected first"),
    "plan_question": _l("A question about the plan: weeks, tools or who leads"),
    "credit_question": _l("Credit or assessment is not clear"),
    "data_question": _l("What happens to the students’ data is not clear"),
    "support_question": _l("Costs, rooms or support are not clear"),
    OTHER_REASON: _l("Something else"),
}
"""What an office's questions are about when it returns a match, by code."""

REASONS: dict[str, LazyString] = RETURN_REASONS | DECLINE_REASONS
"""All reasons by code. Matches were once returned with reasons of declining, and events are never changed."""

COUNTS_AGAINST_FIT: frozenset[str] = frozenset({"calendar", "level", "topic", "class_size", "language", "technology"})
"""Reasons about the pair. All others are about a person's time or an institution, and say nothing about how well
two courses fit; learning from decisions must not mix the two."""

_OF_OFFICES = frozenset({"institution_rules"})
_OF_LECTURERS = frozenset({"no_time"})


def reason_choices(action: Action, actor: Actor) -> dict[str, LazyString]:
    """Give the reasons an actor can choose from for an action, in the order of the form.

    An office does not speak of a lecturer's time, and only it sends a match back with questions.
    """
    if action is Action.RETURN:
        return RETURN_REASONS
    left_out = _OF_OFFICES if actor is Actor.LECTURER else _OF_LECTURERS
    return {code: label for code, label in DECLINE_REASONS.items() if code not in left_out}


SIDE_LABELS: dict[Side, LazyString] = {Side.A: _l("Asia"), Side.B: _l("Europe")}

CRITERION_LABELS: dict[str, LazyString] = {
    "topic": _l("Topic"),
    "field": _l("Field of study"),
    "complementarity": _l("What each brings the other"),
    "level": _l("Level"),
    "language": _l("Language"),
    "calendar": _l("Teaching weeks"),
    "live_hours": _l("Live hours"),
    "class_size": _l("Class size"),
    "technology": _l("Tools and ways of working"),
    "goals": _l("Goals and skills"),
    "wishes": _l("Wishes of the lecturers"),
}

MODE_WORDS: dict[str, LazyString] = {
    "synchronous": _l("live"),
    "asynchronous": _l("each in their own time"),
    "mixed": _l("mixed"),
}
"""Ways of working as they stand inside a sentence."""


def state_label(state: State) -> LazyString:
    """Name a state."""
    return STATE_LABELS[state]


def state_tone(state: State) -> str:
    """Give the tone a state's badge has: ``fits``, ``talk``, ``not`` or ``plain``."""
    return STATE_TONES[state]


def reason_label(code: str, action: Action | None = None) -> LazyString | str:
    """Name the reason of a decision, or what the questions of a return are about; empty for no reason."""
    if action is Action.RETURN and code in RETURN_REASONS:
        return RETURN_REASONS[code]
    return REASONS.get(code, "")
