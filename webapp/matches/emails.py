"""What is written to whom when something happens to a match, each in their own language and time zone."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask import url_for
from flask_babel import force_locale

from webapp.accounts import queries as accounts
from webapp.accounts.models import User
from webapp.mail.render import Mail, render
from webapp.matches import approval_links, approval_words, labels, wording
from webapp.matches.approval import Ground
from webapp.matches.approval_people import Missing, asked, informed, missing, signers
from webapp.matches.lifecycle import Action, Actor, Side, State
from webapp.matches.models import Match, MatchEvent
from webapp.matches.people import Place

Promise = tuple[str, Mail]
"""A key and the message that is promised under it."""

AFTER_MAYBE = "maybe"
"""The reminder that comes when the week somebody asked for is over."""

_ENDS = (State.DECLINED, State.EXPIRED, State.WITHDRAWN, State.FELL_THROUGH)


def of_event(
    match: Match, event: MatchEvent, before: State, on: Ground | None = None, changes: Sequence[object] = ()
) -> list[Promise]:
    """Write to all concerned by an event.

    Parameters
    ----------
    match
        In the state the event led to.
    event
        The last event, with its turn.
    before
        The state before it.
    on
        What the approval of the match rests on; needed where an approval is or was awaited.
    changes
        What changed in the plan, a sentence each.

    Returns
    -------
    list of (key, Mail)
        Keys name match, turn, action, side and receiver, so that each is promised once. The actor gets none
        for their own ending, return or half of a step, because the page has told them.
    """
    if event.action is Action.ACCEPT:
        mails = _of_acceptance(match, event, on)
    elif event.action is Action.CHANGE:
        mails = _of_change(match, event, on, changes)
    elif event.action is Action.MAYBE and event.side is not None:
        mails = _to_all("match_maybe", match, event, _lecturers(match, event.side.other))
    elif event.action is Action.ENDORSE and event.side is not None:
        mails = _ask_offices("match_second_asked", match, event, on, event.side)
    elif event.action is Action.APPROVE:
        mails = _of_approval(match, event, on)
    elif event.action is Action.RETURN:
        mails = _to_all("match_returned", match, event, _everyone(match))
    elif event.action is Action.TAKE_BACK:
        mails = _to_all("match_taken_back", match, event, _lecturers(match))
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


def reminder(match: Match, place: Place, moment: str, on: Ground) -> list[Promise]:
    """Remind those awaited at a place: the side's lecturer, or the people of its office who can take the next step.

    From the first reminder on stand-ins are written to as well.

    Parameters
    ----------
    match
        Proposed or accepted, with its deadline.
    place
        Who is awaited.
    moment
        Which reminder it is, part of the key; `AFTER_MAYBE` once the week a lecturer asked for is over.
    on
        What the approval of the match rests on.
    """
    is_office = place.actor is Actor.OFFICE
    people = [(place.side, it) for it in signers(match, place.side, on)] if is_office else _lecturers(match, place.side)
    facts = {
        "is_office": is_office,
        "is_after_maybe": moment == AFTER_MAYBE,
        "partner_has_accepted": match.has_acted(place.side.other, Action.ACCEPT),
    }
    return [
        (
            f"{reminder_key(match, place, moment)}{person.id}",
            _write(
                "match_reminder", match, match.events[-1], side, person, None, on=on if is_office else None, **facts
            ),
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


def _of_acceptance(match: Match, event: MatchEvent, on: Ground | None) -> list[Promise]:
    if match.state is State.PROPOSED and event.side is not None:
        return _to_all("match_partner_accepted", match, event, _lecturers(match, event.side.other))
    if match.state is State.APPROVED:
        # Both institutions approved by themselves.
        return _to_all("match_approved", match, event, _everyone(match), with_actor=True)
    waiting = _unapproved(match)
    alone = match.course(waiting[0]).institution.name if len(waiting) == 1 else ""
    mails = _to_all("match_accepted", match, event, _lecturers(match), with_actor=True, only_asked=alone)
    for side in waiting:
        facts = {"partner_is_asked": side.other in waiting}
        mails += _ask_offices("match_approval_asked", match, event, on, side, **facts)
    return mails


def _of_approval(match: Match, event: MatchEvent, on: Ground | None) -> list[Promise]:
    if match.state is State.ACCEPTED and event.side is not None:
        facts = {"by_itself": event.actor_id is None}
        return _ask_offices("match_partner_approved", match, event, on, event.side.other, tell_missing=False, **facts)
    return _to_all("match_approved", match, event, _everyone(match), with_actor=True)


def _of_change(match: Match, event: MatchEvent, on: Ground | None, changes: Sequence[object]) -> list[Promise]:
    """Ask both offices again, and tell the lecturers what changed, each office only where it is asked at all."""
    mails = []
    for side in Side:
        if side in _unapproved(match):
            mails += _ask_offices("match_changed", match, event, on, side, changes=changes)
        else:
            told = [(side, person) for person in informed(match, side)]
            mails += _to_all("match_plan_changed", match, event, told, changes=changes)
    return mails + _to_all("match_plan_changed", match, event, _lecturers(match), changes=changes)


def _unapproved(match: Match) -> list[Side]:
    return [side for side in Side if not match.has_acted(side, Action.APPROVE)]


def _ask_offices(
    name: str,
    match: Match,
    event: MatchEvent,
    on: Ground | None,
    side: Side,
    *,
    tell_missing: bool = True,
    **facts: Any,
) -> list[Promise]:
    """Ask those of a side's office who take the next step; where there is nobody, tell the administrators and it."""
    if on is None:
        return []
    people = [(side, person) for person in asked(match, side, on)]
    mails = _to_all(name, match, event, people, on=on, **facts)
    lacks = missing(match, side, on) if tell_missing else None
    if lacks is not None:
        facts = {"lacks": lacks.value, "policy": on.policies[side]}
        told = [(side, person) for person in accounts.administrators()]
        mails += _to_all("match_office_missing", match, event, told, **facts)
    if lacks in (Missing.FIRST, Missing.SECOND):
        told = [(side, person) for person in informed(match, side)]
        mails += _to_all("match_signer_missing", match, event, told, **facts)
    return mails


def _lecturers(match: Match, *sides: Side) -> list[tuple[Side, User]]:
    return [(side, match.course(side).lecturer) for side in sides or Side]


def _everyone(match: Match) -> list[tuple[Side, User]]:
    return [*_lecturers(match), *((side, person) for side in Side for person in informed(match, side))]


def _to_all(
    name: str,
    match: Match,
    event: MatchEvent,
    receivers: Iterable[tuple[Side, User]],
    *,
    before: State | None = None,
    with_actor: bool = False,
    **facts: Any,
) -> list[Promise]:
    mails = []
    for side, person in receivers:
        if not person.is_active or (person.id == event.actor_id and not with_actor):
            continue
        key = f"match:{match.id}:{event.turn}:{event.action}:{event.side or 'clock'}:{person.id}"
        if name == "match_office_missing":
            # An administrator hears of each institution without an office.
            key = f"{key}:{side}"
        mails.append((key, _write(name, match, event, side, person, before, **facts)))
    return mails


def _write(
    name: str,
    match: Match,
    event: MatchEvent,
    side: Side,
    person: User,
    before: State | None,
    on: Ground | None = None,
    **facts: Any,
) -> Mail:
    """Write one message; with the ground of an approval its link opens the page as the person who is asked."""
    with force_locale(person.language_of_mail):
        top = wording.top_sentence(match.explanation)
        obstacle = approval_words.missing_paper(match, side, on) if on else ""
        policy = on.policies[side] if on else facts.pop("policy", None)
        second = approval_words.second_person(policy) if policy else ""
        changes = [str(sentence) for sentence in facts.pop("changes", ())]
        approved = approval_words.who_approved(match)
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
        reason=labels.reason_label(event.reason, event.action),
        link=approval_links.address(person, match)
        if on
        else url_for("matches.show", match_id=match.id, _external=True),
        opens_as_person=on is not None,
        obstacle=obstacle,
        second=second,
        asks=on.policies[side].asks if on else "",
        changes=changes,
        approved=approved,
        **facts,
    )
