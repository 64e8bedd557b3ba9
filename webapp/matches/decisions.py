"""The one door through which a match changes its state."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from webapp.accounts import scope
from webapp.accounts.models import User
from webapp.db import db
from webapp.errors import NotAllowedError, WrongStateError
from webapp.mail.outbox import promise
from webapp.matches import alternates, approval, approval_audit, approval_words, emails, plan_versions
from webapp.matches.labels import OTHER_REASON, reason_choices
from webapp.matches.lifecycle import OPEN_STATES, Action, Actor, Side, State, next_state, transition
from webapp.matches.models import Match, MatchEvent, PlanVersion
from webapp.matches.people import place_of
from webapp.matches.queries import UNDECIDED_STATES

LONGEST_NOTE = 1000
"""Letters of a note."""


@dataclass(frozen=True)
class Limits:
    """How long people have, in days: ``respond`` for both lecturers, ``approve`` for both offices."""

    respond: int
    approve: int


def move(
    match: Match,
    action: Action,
    *,
    actor: User | None,
    now: datetime,
    limits: Limits,
    reason: str = "",
    note: str = "",
    changes: Sequence[object] = (),
    shown_plan: str | None = None,
    is_past: bool = False,
) -> MatchEvent:
    """Take an action on a match: state, event, deadline, mail and alternates in the running transaction.

    Parameters
    ----------
    match
        With its courses and events loaded.
    action
        What is done.
    actor
        Who does it; the side follows from the person. None is the clock.
    now
        The instant (aware).
    limits
        How long those awaited next have, where an institution's policy does not say it.
    reason
        Code of `labels.REASONS`; needed where the table of transitions says so, refused elsewhere.
    note
        The actor's own words, needed with the reason ``other`` and for a return, whose questions they are.
    changes
        What changed in the plan, a sentence each, for ``Action.CHANGE``; lazy texts are written to everyone in
        their own language. Call it only where `approval.must_ask_again` says so.
    shown_plan
        Fingerprint of the plan that somebody who says yes was shown, empty when there was none; None where nobody
        was shown anything.
    is_past
        Whether this is entered long after it happened: nobody is written to, and nobody comes in for the match.

    Returns
    -------
    MatchEvent
        The event that was added and flushed.

    Raises
    ------
    NotAllowedError
        When this person stands on neither side, is not verified, or may not take this action in this state.
    WrongStateError
        When the action is impossible in this state, was taken before, lacks its reason or an agreement its
        institution asks for, when the plan is another than was shown, or somebody was faster; after the last the
        session must be rolled back.
    """
    side, kind = _standing(match, actor, action)
    found = transition(match.state, action)
    if found is None:
        raise WrongStateError(
            _("This match has moved on, and this can no longer be done. Open it again to see how it stands.")
        )
    if kind not in found.actors:
        raise NotAllowedError(_("This step belongs to somebody else; the match page says who is awaited."))
    if side is not None and match.has_acted(side, action):
        raise WrongStateError(_("Your side has already done this. The match page says who is awaited now."))
    if action is Action.MAYBE and side is not None and match.has_acted(side, Action.ACCEPT):
        raise WrongStateError(_("You have accepted already, so there is nothing left to think over."))
    _check_reason(action, kind, reason, note, needed=found.needs_reason)
    _check_moment(match, action)
    on = approval.ground(match, now) if match.state is State.ACCEPTED or found.to is State.ACCEPTED else None
    if kind is Actor.OFFICE and actor is not None and side is not None:
        _check_office(match, action, side, actor, on)
    to = next_state(match.state, action, other_side_has_acted=side is not None and match.has_acted(side.other, action))
    if to is None:
        raise WrongStateError()
    before = match.state
    # Asked before anything changes, because the question writes down what has changed so far.
    plan = _plan(match, action, to, shown_plan, now)
    event = MatchEvent(turn=match.turn, action=action, side=side, actor=actor, reason=reason, note=note.strip(), at=now)
    event.plan_id = plan.id if plan is not None and action in approval.STEPS else None
    match.events.append(event)
    match.changed_at = now
    if action is Action.MAYBE and match.respond_by is not None:
        # Both have time after the week that one of them takes; once per side and turn, so it ends.
        match.respond_by = max(match.respond_by, now + timedelta(days=limits.respond))
    _enter(match, to, event, now, limits, on, plan)
    if kind is Actor.OFFICE:
        approval_audit.note_decision(match, event, before, now)
    try:
        db.session.flush()
    except (IntegrityError, StaleDataError) as error:
        raise WrongStateError() from error
    if is_past:
        return event
    for key, mail in emails.of_event(match, event, before, on, changes):
        promise(key, mail, now)
    # Once both offices have approved, a new partner is a matter for the next round; so it is for a round taken back.
    if before in UNDECIDED_STATES and match.state not in OPEN_STATES and action is not Action.TAKE_BACK:
        alternates.bring_in(match, event, now, timedelta(days=limits.respond))
    return event


def settle(match: Match, now: datetime) -> list[MatchEvent]:
    """Let the sides of an accepted match approve by themselves that need nobody's yes any longer.

    Parameters
    ----------
    match
        Accepted, with its courses and events loaded.
    now
        The instant (aware).

    Returns
    -------
    list of MatchEvent
        The approvals that were added and flushed, their mail promised; empty when everybody asked is still needed.

    Raises
    ------
    WrongStateError
        When somebody changed the match at the same moment; roll back and go on with the next.
    """
    on = approval.ground(match, now)
    sides = approval.settled(match, on)
    if not sides:
        return []
    deadline = match.respond_by
    events = _approve_by_itself(match, sides, now, plan_versions.current(match))
    match.changed_at = now
    _approved_or_until(match, deadline)
    try:
        db.session.flush()
    except (IntegrityError, StaleDataError) as error:
        raise WrongStateError() from error
    for key, mail in emails.of_event(match, events[-1], State.ACCEPTED, on):
        promise(key, mail, now)
    return events


def _standing(match: Match, actor: User | None, action: Action) -> tuple[Side | None, Actor]:
    """Tell on which side the actor acts, and as what."""
    if actor is None:
        return None, Actor.CLOCK
    place = place_of(match, actor)
    is_coordinator = action is Action.TAKE_BACK and scope.is_of_all(actor)
    if place is None and not is_coordinator:
        raise NotAllowedError()
    if not actor.is_active or not actor.is_verified:
        raise NotAllowedError(
            _("Your account waits to be verified for your institution. We will write to you when it is.")
        )
    return (None, Actor.COORDINATOR) if place is None else (place.side, place.actor)


def _check_reason(action: Action, kind: Actor, reason: str, note: str, *, needed: bool) -> None:
    if len(note) > LONGEST_NOTE:
        raise WrongStateError(_("Please write at most %(n)d characters in your own words.", n=LONGEST_NOTE))
    if not needed:
        if reason:
            raise WrongStateError(_("This step takes no reason."))
    elif reason not in reason_choices(action, kind):
        raise WrongStateError(_("Please choose a reason, so that the other side knows why."))
    elif action is Action.RETURN and not note.strip():
        raise WrongStateError(_("Please write what is to be settled, so that the lecturers can do it."))
    elif reason == OTHER_REASON and not note.strip():
        raise WrongStateError(_("Please say in your own words what the other reason is."))


def _check_moment(match: Match, action: Action) -> None:
    """Refuse to take back what somebody answered, and to ask again where nobody has said yes."""
    if action is Action.TAKE_BACK:
        answered = (e for e in match.events if e.turn == match.turn and e.action in (Action.ACCEPT, Action.MAYBE))
        if any(answered):
            raise WrongStateError(_("Somebody has answered this proposal, so it can no longer be taken back."))
    if action is Action.CHANGE and not approval.must_ask_again(match):
        raise WrongStateError(_("Nobody has approved this yet, so nobody needs to be asked again."))


def _check_office(match: Match, action: Action, side: Side, actor: User, on: approval.Ground | None) -> None:
    """Refuse what the policy of the institution leaves to another person, or to a day when a paper is on file."""
    if not approval.signs(actor):
        raise NotAllowedError(approval_words.obstacle_words(match, side, approval.Obstacle.NOT_SIGNING, on))
    if action not in approval.STEPS or on is None:
        return
    stands_in_the_way = approval.obstacle(match, side, actor, on)
    if stands_in_the_way is approval.Obstacle.NO_AGREEMENT:
        raise WrongStateError(approval_words.obstacle_words(match, side, stands_in_the_way, on))
    if stands_in_the_way is not None:
        raise NotAllowedError(approval_words.obstacle_words(match, side, stands_in_the_way, on))
    if action is not approval.next_step(match, side, on.policies[side]):
        raise WrongStateError(
            _("Your institution approves in another way than when you opened the page. Open the match again.")
        )


def _plan(match: Match, action: Action, to: State, shown: str | None, now: datetime) -> PlanVersion | None:
    """Find the plan that offices are asked about or say yes to, made out of the courses when there is none yet.

    Raises
    ------
    WrongStateError
        When somebody says yes to a plan that was changed after they were shown it.
    """
    if action in approval.STEPS:
        standing = plan_versions.current(match)
        if shown is not None and shown != (standing.sha256 if standing else ""):
            raise WrongStateError(_("The plan was changed after you opened the page. Look at what changed first."))
        return standing or plan_versions.ensure(match, now)
    if action is Action.CHANGE:
        return plan_versions.current(match)
    return plan_versions.ensure(match, now) if action is Action.ACCEPT and to is State.ACCEPTED else None


def _enter(
    match: Match,
    to: State,
    event: MatchEvent,
    now: datetime,
    limits: Limits,
    on: approval.Ground | None,
    plan: PlanVersion | None,
) -> None:
    """Put a match into a state, with the deadline of those awaited there."""
    before = match.state
    match.state = to
    if to is State.PROPOSED and before is State.ACCEPTED:
        # A new turn, so that both lecturers can accept once more and both offices approve once more.
        match.turn += 1
        match.respond_by = now + timedelta(days=limits.respond)
    elif on is not None and to is State.ACCEPTED and (before is State.PROPOSED or event.action is Action.CHANGE):
        if event.action is Action.CHANGE:
            # A new turn for the offices; what the lecturers accepted in the one before still holds.
            match.turn += 1
        _await_approval(match, now, limits, on, plan)
    elif to is not before:
        match.respond_by = None


def _await_approval(match: Match, now: datetime, limits: Limits, on: approval.Ground, plan: PlanVersion | None) -> None:
    """Let the sides approve that ask nobody, and set the deadline of the others."""
    _approve_by_itself(match, [side for side in Side if approval.approves_by_itself(side, on)], now, plan)
    _approved_or_until(match, now + timedelta(days=approval.answer_days(match, on, limits.approve)))


def _approve_by_itself(
    match: Match, sides: Sequence[Side], now: datetime, plan: PlanVersion | None
) -> list[MatchEvent]:
    plan_id = plan.id if plan is not None else None
    events = [MatchEvent(turn=match.turn, action=Action.APPROVE, side=side, at=now, plan_id=plan_id) for side in sides]
    match.events.extend(events)
    return events


def _approved_or_until(match: Match, deadline: datetime | None) -> None:
    """Put a match into its next state when both sides have approved; else those who have not have until then."""
    is_approved = all(match.has_acted(side, Action.APPROVE) for side in Side)
    match.state = State.APPROVED if is_approved else match.state
    match.respond_by = None if is_approved else deadline
