"""The one door through which a match changes its state."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from webapp.accounts.models import User
from webapp.db import db
from webapp.errors import NotAllowedError, WrongStateError
from webapp.mail.outbox import promise
from webapp.matches import alternates, emails
from webapp.matches.labels import OTHER_REASON, reason_choices
from webapp.matches.lifecycle import OPEN_STATES, Action, Actor, Side, State, next_state, transition
from webapp.matches.models import Match, MatchEvent
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
        How long those awaited next have.
    reason
        Code of `labels.DECLINE_REASONS`; needed where the table of transitions says so, refused elsewhere.
    note
        The actor's own words, needed with the reason ``other``.

    Returns
    -------
    MatchEvent
        The event that was added and flushed.

    Raises
    ------
    NotAllowedError
        When this person stands on neither side, is not verified, or may not take this action in this state.
    WrongStateError
        When the action is impossible in this state, was taken before, lacks its reason, or somebody was faster;
        after the last the session must be rolled back.
    """
    side, kind = _standing(match, actor)
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
    to = next_state(match.state, action, other_side_has_acted=side is not None and match.has_acted(side.other, action))
    if to is None:
        raise WrongStateError()
    before = match.state
    event = MatchEvent(turn=match.turn, action=action, side=side, actor=actor, reason=reason, note=note.strip(), at=now)
    match.events.append(event)
    match.changed_at = now
    if action is Action.MAYBE and match.respond_by is not None:
        # Both have time after the week that one of them takes; once per side and turn, so it ends.
        match.respond_by = max(match.respond_by, now + timedelta(days=limits.respond))
    _enter(match, to, now, limits)
    try:
        db.session.flush()
    except (IntegrityError, StaleDataError) as error:
        raise WrongStateError() from error
    for key, mail in emails.of_event(match, event, before):
        promise(key, mail, now)
    # Once both offices have approved, a new partner is a matter for the next round.
    if before in UNDECIDED_STATES and match.state not in OPEN_STATES:
        alternates.bring_in(match, event, now, timedelta(days=limits.respond))
    return event


def _standing(match: Match, actor: User | None) -> tuple[Side | None, Actor]:
    """Tell on which side the actor acts, and as what."""
    if actor is None:
        return None, Actor.CLOCK
    place = place_of(match, actor)
    if place is None:
        raise NotAllowedError()
    if not actor.is_active or not actor.is_verified:
        raise NotAllowedError(
            _("Your account waits to be verified for your institution. We will write to you when it is.")
        )
    return place.side, place.actor


def _check_reason(action: Action, kind: Actor, reason: str, note: str, *, needed: bool) -> None:
    if len(note) > LONGEST_NOTE:
        raise WrongStateError(_("Please write at most %(n)d characters in your own words.", n=LONGEST_NOTE))
    if not needed:
        if reason:
            raise WrongStateError(_("This step takes no reason."))
    elif reason not in reason_choices(action, kind):
        raise WrongStateError(_("Please choose a reason, so that the other side knows why."))
    elif reason == OTHER_REASON and not note.strip():
        raise WrongStateError(_("Please say in your own words what the other reason is."))


def _enter(match: Match, to: State, now: datetime, limits: Limits) -> None:
    """Put a match into a state, with the deadline of those awaited there."""
    before = match.state
    match.state = to
    if to is State.PROPOSED and before is State.ACCEPTED:
        # A new turn, so that both lecturers can accept once more and both offices approve once more.
        match.turn += 1
        match.respond_by = now + timedelta(days=limits.respond)
    elif to is State.ACCEPTED and before is State.PROPOSED:
        match.respond_by = now + timedelta(days=limits.approve)
    elif to is not before:
        match.respond_by = None
