"""What is written to whom when something happens to a match, each in their own language and time zone."""

from collections.abc import Iterable
from typing import Any

from flask import url_for
from flask_babel import force_locale

from webapp.accounts import queries as accounts
from webapp.accounts.models import User
from webapp.mail.render import Mail, render
from webapp.matches import labels, wording
from webapp.matches.lifecycle import Action, Actor, Side, State
from webapp.matches.models import Match, MatchEvent
from webapp.matches.people import Place

Promise = tuple[str, Mail]
"""A key and the message that is promised under it."""

AFTER_MAYBE = "maybe"
"""The reminder that comes when the week somebody asked for is over."""

_ENDS = (State.DECLINED, State.EXPIRED, State.WITHDRAWN, State.FELL_THROUGH)


def of_event(match: Match, event: MatchEvent, before: State) -> list[Promise]:
    """Write to all concerned by an event.

    Parameters
    ----------
    match
        In the state the event led to.
    event
        The last event, with its turn.
    before
        The state before it.

    Returns
    -------
    list of (key, Mail)
        Keys name match, turn, action, side and receiver, so that each is promised once. The actor gets none
        for their own ending, return or half of a step, because the page has told them.
    """
    if event.action is Action.ACCEPT:
        mails = _of_acceptance(match, event)
    elif event.action is Action.MAYBE and event.side is not None:
        mails = _to_all("match_maybe", match, event, _lecturers(match, event.side.other))
    elif event.action is Action.APPROVE:
        mails = _of_approval(match, event)
    elif event.action is Action.RETURN:
        mails = _to_all("match_returned", match, event, _everyone(match))
    elif match.state in _ENDS:
        knew_of_it = _lecturers(match) if before is State.PROPOSED else _everyone(match)
        mails = _to_all("match_ended", match, event, knew_of_it, before=before)
    elif event.action is Action.START:
        mails = _to_all("match_started", match, event, _everyone(match))
    else:
        mails = _to_all("match_completed", match, event, _everyone(match))
    return mails


def of_alternate(match: Match) -> list[Promise]:
    """Tell both lecturers about a partner who came in for one that fell away."""
    return _to_all("match_alternate", match, match.events[0], _lecturers(match))


def reminder(match: Match, place: Place, moment: str) -> list[Promise]:
    """Remind those awaited at a place: the side's lecturer, or the people of its international office.

    Parameters
    ----------
    match
        Proposed or accepted, with its deadline.
    place
        Who is awaited.
    moment
        Which reminder it is, part of the key; `AFTER_MAYBE` once the week a lecturer asked for is over.
    """
    is_office = place.actor is Actor.OFFICE
    people = _offices(match, place.side) if is_office else _lecturers(match, place.side)
    facts = {
        "is_office": is_office,
        "is_after_maybe": moment == AFTER_MAYBE,
        "partner_has_accepted": match.has_acted(place.side.other, Action.ACCEPT),
    }
    return [
        (
            f"{reminder_key(match, place, moment)}{person.id}",
            _write("match_reminder", match, match.events[-1], side, person, None, **facts),
        )
        for side, person in people
        if person.is_active
    ]


def reminder_key(match: Match, place: Place, moment: str) -> str:
    """Give the beginning of a reminder's keys, which is the same for all its receivers."""
    return f"match:{match.id}:{match.turn}:remind:{place.side}:{place.actor}:{moment}:"


def invitation(match: Match, note: str) -> list[Promise]:
    """Tell the lecturer of the other side that somebody invites them, with the inviter's own words."""
    sides = [side for side in Side if match.course(side).lecturer_id != match.invited_by_id]
    return [
        (
            f"match:{match.id}:1:invite:{side}:{person.id}",
            _write("invited", match, match.events[0], side, person, None, note=note),
        )
        for side, person in _lecturers(match, *sides)
        if person.is_active
    ]


def _of_acceptance(match: Match, event: MatchEvent) -> list[Promise]:
    if match.state is State.PROPOSED and event.side is not None:
        return _to_all("match_partner_accepted", match, event, _lecturers(match, event.side.other))
    mails = _to_all("match_accepted", match, event, _lecturers(match), with_actor=True)
    for side in Side:
        offices = _offices(match, side)
        mails += _to_all("match_approval_asked", match, event, offices)
        if not offices:
            missing = ((side, person) for person in accounts.administrators())
            mails += _to_all("match_office_missing", match, event, missing)
    return mails


def _of_approval(match: Match, event: MatchEvent) -> list[Promise]:
    if match.state is State.ACCEPTED and event.side is not None:
        return _to_all("match_partner_approved", match, event, _offices(match, event.side.other))
    return _to_all("match_approved", match, event, _everyone(match), with_actor=True)


def _lecturers(match: Match, *sides: Side) -> list[tuple[Side, User]]:
    return [(side, match.course(side).lecturer) for side in sides or Side]


def _offices(match: Match, side: Side) -> list[tuple[Side, User]]:
    return [(side, person) for person in accounts.offices_of(match.course(side).institution_id)]


def _everyone(match: Match) -> list[tuple[Side, User]]:
    return [*_lecturers(match), *_offices(match, Side.A), *_offices(match, Side.B)]


def _to_all(
    name: str,
    match: Match,
    event: MatchEvent,
    receivers: Iterable[tuple[Side, User]],
    *,
    before: State | None = None,
    with_actor: bool = False,
) -> list[Promise]:
    mails = []
    for side, person in receivers:
        if not person.is_active or (person.id == event.actor_id and not with_actor):
            continue
        key = f"match:{match.id}:{event.turn}:{event.action}:{event.side or 'clock'}:{person.id}"
        if name == "match_office_missing":
            # An administrator hears of each institution without an office.
            key = f"{key}:{side}"
        mails.append((key, _write(name, match, event, side, person, before)))
    return mails


def _write(
    name: str, match: Match, event: MatchEvent, side: Side, person: User, before: State | None, **facts: Any
) -> Mail:
    with force_locale(person.language_of_mail):
        top = wording.top_sentence(match.explanation)
    return render(
        name,
        person.email,
        person.language_of_mail,
        match=match,
        event=event,
        before=before,
        person=person,
        zone=person.time_zone,
        own=match.course(side),
        partner=match.course(side.other),
        actor_course=match.course(event.side) if event.side else None,
        top=top,
        points=wording.score_points(match.score),
        reason=labels.reason_label(event.reason),
        link=url_for("matches.show", match_id=match.id, _external=True),
        **facts,
    )
