"""What is written to whom when something happens to a match, each in their own language and time zone."""

from collections.abc import Iterable

from flask import url_for
from flask_babel import force_locale

from webapp.accounts import queries as accounts
from webapp.accounts.models import User
from webapp.mail.render import Mail, render
from webapp.matches import labels, wording
from webapp.matches.lifecycle import Action, Side, State
from webapp.matches.models import Match, MatchEvent

Promise = tuple[str, Mail]
"""A key and the message that is promised under it."""

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


def _write(name: str, match: Match, event: MatchEvent, side: Side, person: User, before: State | None) -> Mail:
    with force_locale(person.language):
        top = wording.top_sentence(match.explanation)
    return render(
        name,
        person.email,
        person.language,
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
    )
