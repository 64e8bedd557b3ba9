"""What people of the demonstration answered in the past: invented, day by day, and taken through the real rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

from webapp.accounts.models import User
from webapp.matches import deadlines, plan_changes, plan_documents, plan_versions
from webapp.matches.decisions import Limits, move
from webapp.matches.lifecycle import Action, Side, State, transition
from webapp.matches.models import Match
from webapp.matches.queries import UNDECIDED_STATES


class Who(Enum):
    """Who acts: the lecturer or the office of one side or of the other; which side is one, the match decides."""

    ONE = auto()
    OTHER = auto()
    OFFICE_OF_ONE = auto()
    OFFICE_OF_OTHER = auto()


@dataclass(frozen=True)
class Answer:
    """One thing somebody does.

    Parameters
    ----------
    days
        After what was done before, or after the first shared day of teaching.
    who, action, reason, note
        As `webapp.matches.decisions.move` takes them; ``Action.CHANGE`` writes the plan anew.
    is_in_term
        Whether the days count from the first day both classes teach.
    """

    days: float
    who: Who
    action: Action
    reason: str = ""
    note: str = ""
    is_in_term: bool = False


Answers = Sequence[Answer]

_BOTH_ACCEPT = (Answer(1.2, Who.ONE, Action.ACCEPT), Answer(1.9, Who.OTHER, Action.ACCEPT))
_BOTH_APPROVE = (Answer(3.4, Who.OFFICE_OF_OTHER, Action.APPROVE), Answer(2.3, Who.OFFICE_OF_ONE, Action.APPROVE))
_ONE_APPROVES = (Answer(4.6, Who.OFFICE_OF_ONE, Action.APPROVE),)
_SMOOTH = (*_BOTH_ACCEPT, *_BOTH_APPROVE)
_RETURNED = (
    *_BOTH_ACCEPT,
    Answer(
        5.0,
        Who.OFFICE_OF_ONE,
        Action.RETURN,
        "details_missing",
        "Please say in the plan how many students take part on our side; the course says it differently.",
    ),
    Answer(1.4, Who.OTHER, Action.ACCEPT),
    Answer(0.9, Who.ONE, Action.ACCEPT),
)

ACCEPTED: tuple[Answers, ...] = (
    _SMOOTH,
    (
        Answer(0.7, Who.OTHER, Action.ACCEPT),
        Answer(1.6, Who.ONE, Action.MAYBE),
        Answer(3.1, Who.ONE, Action.ACCEPT),
        *_BOTH_APPROVE,
    ),
    (*_BOTH_ACCEPT, *_ONE_APPROVES, Answer(1.8, Who.OTHER, Action.CHANGE), *_BOTH_APPROVE),
    _SMOOTH,
    (
        *_SMOOTH,
        Answer(
            16.0,
            Who.ONE,
            Action.WITHDRAW,
            "technology",
            "The shared space cannot be reached from our campus, and we found no other that both may use.",
            is_in_term=True,
        ),
    ),
    (*_RETURNED, *_BOTH_APPROVE),
    _SMOOTH,
    (*_BOTH_ACCEPT, Answer(6.2, Who.OFFICE_OF_OTHER, Action.DECLINE, "institution_rules")),
    (Answer(2.1, Who.OTHER, Action.ACCEPT), Answer(0.6, Who.ONE, Action.ACCEPT), *_BOTH_APPROVE),
    (*_BOTH_ACCEPT, *_ONE_APPROVES, Answer(2.2, Who.OTHER, Action.WITHDRAW, "course_cancelled")),
    _SMOOTH,
    (*_BOTH_ACCEPT, *_ONE_APPROVES),
    _SMOOTH,
    (*_RETURNED, Answer(4.1, Who.OFFICE_OF_ONE, Action.DECLINE, "institution_rules")),
    (
        *_SMOOTH,
        Answer(2.5, Who.OFFICE_OF_OTHER, Action.WITHDRAW, "other", "Our faculty moves its term."),
    ),
)
"""What became of proposals both lecturers said yes to. Most came to teach together; one ran out of an office's time."""

REFUSED: tuple[Answers, ...] = (
    (Answer(2.4, Who.ONE, Action.DECLINE, "no_time"),),
    (),
    (Answer(1.5, Who.OTHER, Action.DECLINE, "calendar"),),
    (Answer(1.1, Who.OTHER, Action.ACCEPT),),
    (Answer(0.9, Who.ONE, Action.ACCEPT), Answer(2.0, Who.OTHER, Action.DECLINE, "no_time")),
    (Answer(3.2, Who.ONE, Action.DECLINE, "topic"),),
    (Answer(0.5, Who.OTHER, Action.ACCEPT), Answer(2.6, Who.OTHER, Action.WITHDRAW, "other_partner")),
    (),
    (Answer(2.2, Who.OTHER, Action.DECLINE, "no_time"),),
    (Answer(1.3, Who.ONE, Action.DECLINE, "calendar"),),
    (Answer(4.0, Who.OTHER, Action.DECLINE, "level", "Mine are in their first year."),),
    (Answer(2.8, Who.ONE, Action.DECLINE, "course_cancelled"),),
)
"""What became of proposals somebody said no to, or let pass."""

INVITED: tuple[Answers, ...] = (
    _SMOOTH,
    (Answer(2.0, Who.ONE, Action.DECLINE, "no_time"),),
    _SMOOTH,
    _SMOOTH,
    (),
)
"""What became of invitations."""

AWAITED: tuple[Answers, ...] = (_BOTH_ACCEPT, (*_BOTH_ACCEPT, *_ONE_APPROVES), _BOTH_ACCEPT)
"""Invitations of these days: offices are asked, and have not all answered."""

_CONTINGENCY = "When a week is lost, both classes go on with their own part and meet again the week after."


def give(
    match: Match,
    answers: Answers,
    offices: Mapping[int, User],
    *,
    one: Side,
    pace: float,
    until: datetime,
    limits: Limits,
) -> None:
    """Take a proposal through its answers, and let the clock do between them what it does every day.

    Parameters
    ----------
    match
        Just proposed, with its courses and people.
    answers
        In order; what cannot be done any longer ends them.
    offices
        Who answers for an institution, by its id.
    one
        Which side is the one; of an invitation the side that is invited.
    pace
        How slowly all answer: the days between answers are multiplied by it.
    until
        The instant of loading: what would come later has not happened.
    limits
        How long people had.
    """
    at = match.proposed_at
    for answer in answers:
        at = _instant(match, answer, at, pace)
        _tick(match, min(at, until), limits)
        side = one if answer.who in (Who.ONE, Who.OFFICE_OF_ONE) else one.other
        if answer.action is Action.ACCEPT and match.has_acted(side, Action.ACCEPT):
            # Who invites has said yes before.
            continue
        if at > until or transition(match.state, answer.action) is None:
            break
        lecturer = match.course(side).lecturer
        if answer.action is Action.CHANGE:
            standing = plan_versions.ensure(match, at)
            document = plan_documents.edited(match, standing.document, {"contingency": _CONTINGENCY})
            plan_changes.revise(match, document, lecturer, at, limits)
            continue
        is_office = answer.who in (Who.OFFICE_OF_ONE, Who.OFFICE_OF_OTHER)
        actor = offices[match.course(side).institution_id] if is_office else lecturer
        move(
            match,
            answer.action,
            actor=actor,
            now=at,
            limits=limits,
            reason=answer.reason,
            note=answer.note,
            is_past=True,
        )
    _tick(match, until, limits)


def _instant(match: Match, answer: Answer, at: datetime, pace: float) -> datetime:
    if not answer.is_in_term:
        return at + timedelta(days=answer.days * pace)
    period = deadlines.shared_period(match)
    return (period[0] if period else at) + timedelta(days=answer.days)


def _tick(match: Match, until: datetime, limits: Limits) -> None:
    """Do what the clock did up to an instant: time that ran out, the first and the last day together."""
    while True:
        at = _next_tick(match)
        action = None if at is None or at > until else deadlines.next_action(match, at)
        if at is None or action is None:
            return
        move(match, action, actor=None, now=at, limits=limits, is_past=True)


def _next_tick(match: Match) -> datetime | None:
    if match.state in UNDECIDED_STATES:
        return match.respond_by
    period = deadlines.shared_period(match) if match.state in (State.APPROVED, State.ACTIVE) else None
    if period is None:
        return None
    return max(period[0], match.changed_at) if match.state is State.APPROVED else period[1]
