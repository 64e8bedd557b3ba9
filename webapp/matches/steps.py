"""How far a match has come, who is awaited, and what happened so far, as the reader sees it."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp.accounts.models import User
from webapp.matches import approval
from webapp.matches.approval_words import who_approved
from webapp.matches.labels import (
    AFTER_OFFICE_LABEL,
    BY_ITSELF_LABEL,
    EVENT_LABELS,
    INVITED_LABEL,
    reason_label,
    state_label,
)
from webapp.matches.lifecycle import OPEN_STATES, Action, Actor, Side, State
from webapp.matches.models import Match, MatchEvent
from webapp.matches.people import Place, asked_for_time, awaited, place_of, shows_contacts, turns_of_agreement

_STEPS: tuple[tuple[State, LazyString], ...] = (
    (State.PROPOSED, _l("Proposed")),
    (State.ACCEPTED, _l("Accepted")),
    (State.APPROVED, _l("Approved")),
    (State.ACTIVE, _l("Running")),
    (State.COMPLETED, _l("Completed")),
)

_REACHED_BY = {
    Action.PROPOSE: State.PROPOSED,
    Action.ACCEPT: State.ACCEPTED,
    Action.APPROVE: State.APPROVED,
    Action.START: State.ACTIVE,
    Action.COMPLETE: State.COMPLETED,
}


@dataclass(frozen=True)
class Step:
    """One step on the way of a match: ``status`` is done, current, todo or ended."""

    label: str
    status: str


@dataclass(frozen=True)
class Happened:
    """One line of the history."""

    at: datetime
    what: str
    who: str
    reason: str
    note: str
    asks: bool
    """Whether an office returned it with questions: the note holds them, the reason what they are about."""


def steps(match: Match) -> list[Step]:
    """Give the five steps of a match; one that ended early ends with how it ended instead of the steps it missed."""
    order = [state for state, _label in _STEPS]
    if match.state in order:
        here = order.index(match.state)
        return [
            Step(str(label), "done" if at < here or state is State.COMPLETED is match.state else _status(at, here))
            for at, (state, label) in enumerate(_STEPS)
        ]
    reached = [str(label) for state, label in _STEPS if state in _states_reached(match)]
    return [*(Step(label, "done") for label in reached), Step(str(state_label(match.state)), "ended")]


def _status(at: int, here: int) -> str:
    return "current" if at == here else "todo"


def _states_reached(match: Match) -> set[State]:
    """Find the states a match went through in its last turn; half a step has reached nothing."""
    agreed = turns_of_agreement(match)
    events = [event for event in match.events if event.turn == match.turn or event.action is Action.PROPOSE]
    actions = [event.action for event in events]
    actions += [e.action for e in match.events if e.action is Action.ACCEPT and e.turn in agreed[:-1]]
    reached = {_REACHED_BY[action] for action in (Action.PROPOSE, Action.START, Action.COMPLETE) if action in actions}
    for action in (Action.ACCEPT, Action.APPROVE):
        if actions.count(action) == len(Side):
            reached.add(_REACHED_BY[action])
    return reached


def waiting_words(match: Match, reader: User) -> list[str]:
    """Say who is awaited, one sentence each; empty when nobody is."""
    own = place_of(match, reader)
    return [_awaited_words(match, place, is_reader=place == own) for place in awaited(match)]


def _awaited_words(match: Match, place: Place, *, is_reader: bool) -> str:
    name = match.course(place.side).institution.name
    if place.actor is Actor.OFFICE and match.has_acted(place.side, Action.ENDORSE):
        if is_reader:
            return str(_("Your office has approved; the second person of your institution is awaited."))
        return str(_("The office of %(institution)s has approved; a second person there is awaited.", institution=name))
    if place.actor is Actor.OFFICE:
        if is_reader:
            return str(_("The approval of your office is awaited."))
        return str(_("The international office of %(institution)s is awaited.", institution=name))
    if asked_for_time(match, place.side) is not None:
        if is_reader:
            return str(_("Your answer is awaited; you asked for a week to think it over."))
        return str(
            _("The lecturer at %(institution)s is awaited, and asked for a week to think it over.", institution=name)
        )
    if match.invited_by_id not in (None, match.course(place.side).lecturer_id):
        inviting = match.course(place.side.other).institution.name
        if is_reader:
            return str(_("The lecturer at %(institution)s invites you. Your answer is awaited.", institution=inviting))
        return str(_("The lecturer at %(institution)s is invited and has not answered yet.", institution=name))
    if is_reader:
        return str(_("Your answer is awaited."))
    return str(_("The lecturer at %(institution)s is awaited.", institution=name))


def next_words(match: Match) -> str:
    """Say what happens next when nobody is awaited; empty while somebody is."""
    if match.state is State.APPROVED:
        return f"{who_approved(match)} {_('It counts as running from the first day both classes teach.')}"
    if match.state is State.ACTIVE:
        return str(_("Both classes are teaching. It is completed after the last day both teach."))
    if match.state is State.COMPLETED:
        return str(_("The last shared teaching day has passed."))
    if match.state is State.TAKEN_BACK:
        return str(_("A coordinator took this proposal back. The two courses may be proposed to each other again."))
    if match.state not in OPEN_STATES:
        return str(_("This match has ended. The two courses will not be proposed to each other again."))
    return ""


def too_late_words(match: Match) -> str:
    """Say to somebody who decides on a match that has ended why nothing was done."""
    if match.state is State.EXPIRED:
        return str(
            _(
                "The time to answer ran out before your answer came, so nothing was changed. If another partner was "
                "kept for your course, you find the new proposal among your matches; else the next round looks again."
            )
        )
    return str(_("This match ended before your answer came, so nothing was changed. Below stands how it ended."))


def returned_with(match: Match) -> MatchEvent | None:
    """Find what an office returned a match with that both lecturers look at again; None where none did."""
    returned = (e for e in match.events if e.action is Action.RETURN and e.turn == match.turn - 1)
    return next(returned, None) if match.state is State.PROPOSED else None


def history(match: Match, reader: User) -> list[Happened]:
    """Tell what happened so far, the latest first; people are named only once contacts are shown."""
    return [
        Happened(
            at=event.at,
            what=str(_what(match, event)),
            who=_who(match, event, reader),
            reason=str(reason_label(event.reason, event.action)),
            note=event.note,
            asks=event.action is Action.RETURN,
        )
        for event in reversed(match.events)
    ]


def _what(match: Match, event: MatchEvent) -> LazyString | str:
    if event.action is Action.APPROVE and event.side is not None and event.actor is None:
        label = AFTER_OFFICE_LABEL if approval.office_had_approved(match, event) else BY_ITSELF_LABEL
        return str(label) % {"institution": match.course(event.side).institution.name}
    if event.action is Action.PROPOSE and event.side is not None:
        return INVITED_LABEL
    return EVENT_LABELS[event.action]


def _who(match: Match, event: MatchEvent, reader: User) -> str:
    if event.side is None or event.actor is None:
        return ""
    if event.actor_id == reader.id:
        return str(_("You"))
    course = match.course(event.side)
    is_lecturer = event.actor_id == course.lecturer_id
    if is_lecturer and shows_contacts(match):
        return str(_("%(name)s, %(institution)s", name=event.actor.name, institution=course.institution.name))
    if is_lecturer:
        return str(_("The lecturer at %(institution)s", institution=course.institution.name))
    return str(_("The international office of %(institution)s", institution=course.institution.name))
