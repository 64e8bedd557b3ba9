"""What happens to meetings: proposed by one lecturer, agreed by the other, called off by either."""

from datetime import datetime, timedelta

from flask_babel import gettext as _

from webapp.accounts.models import User
from webapp.conversations import emails, queries
from webapp.conversations.emails import Promise
from webapp.conversations.models import Meeting
from webapp.conversations.parties import Party, require_open
from webapp.db import db
from webapp.errors import NotAllowedError, WrongStateError
from webapp.mail.outbox import promise

FARTHEST = timedelta(days=400)
"""Meetings are proposed at most this far ahead."""
MOST_OPEN = 10
"""Proposals of one match that can wait for an answer at the same time."""
LONGEST_PLACE = 300
"""Characters."""


def propose(party: Party, actor: User, starts_at: datetime, minutes: int, place: str, now: datetime) -> Meeting:
    """Propose a time, and tell the other lecturer by mail.

    Parameters
    ----------
    party, actor
        Who proposes.
    starts_at
        The instant (aware), ahead of now.
    minutes
        How long it lasts.
    place
        Where to meet online, in own words; may be empty.
    now
        The present instant (aware).

    Returns
    -------
    Meeting
        The new one, or one that was proposed for this instant before and still stands.

    Raises
    ------
    WrongStateError
        When the match has ended, the time is past or too far ahead, or too many proposals wait already.
    """
    require_open(party)
    if not now < starts_at <= now + FARTHEST:
        raise WrongStateError(_("Choose a time that lies ahead, within a year."))
    queries.lock(party.match.id)
    standing = [it for it in queries.meetings(party.match.id) if it.called_off_at is None and it.starts_at > now]
    for meeting in standing:
        if meeting.starts_at == starts_at:
            return meeting
    if sum(it.agreed_at is None for it in standing) >= MOST_OPEN:
        raise WrongStateError(_("Many proposed times wait for an answer already. Call some of them off first."))
    meeting = Meeting(
        match=party.match, proposed_by=actor, starts_at=starts_at, minutes=minutes, place=place, proposed_at=now
    )
    db.session.add(meeting)
    db.session.flush()
    _promise(emails.of_meeting("proposed", meeting, [party.other]), now)
    return meeting


def may_agree(party: Party, meeting: Meeting, now: datetime) -> bool:
    """Whether this party can agree: the other one proposed it, it stands, and it lies ahead."""
    return (
        party.may_write
        and not party.is_own(meeting.proposed_by_id)
        and meeting.agreed_at is None
        and may_call_off(meeting, now)
    )


def may_call_off(meeting: Meeting, now: datetime) -> bool:
    """Whether a meeting can still be called off: it stands and has not begun, however the match does."""
    return meeting.called_off_at is None and meeting.starts_at > now


def agree(party: Party, meeting: Meeting, now: datetime) -> None:
    """Agree to a proposed time, and write to both; agreeing twice changes nothing.

    Raises
    ------
    NotAllowedError
        For the lecturer who proposed it.
    WrongStateError
        When the match has ended, or the meeting was called off or lies behind.
    """
    require_open(party)
    if party.is_own(meeting.proposed_by_id):
        raise NotAllowedError(_("The other lecturer answers this; you proposed it."))
    queries.lock(party.match.id)
    db.session.refresh(meeting)
    if meeting.agreed_at is not None and meeting.called_off_at is None:
        return
    if not may_agree(party, meeting, now):
        raise WrongStateError(_("This meeting was called off or lies behind. Propose another time."))
    meeting.agreed_at = now
    meeting.sequence += 1
    _promise(emails.of_meeting("agreed", meeting, [party, party.other]), now)


def call_off(party: Party, meeting: Meeting, now: datetime) -> None:
    """Call a meeting off, agreed or not, and tell the other lecturer; doing so twice changes nothing.

    Raises
    ------
    WrongStateError
        When it has begun.
    """
    queries.lock(party.match.id)
    db.session.refresh(meeting)
    if meeting.called_off_at is not None:
        return
    if not may_call_off(meeting, now):
        raise WrongStateError(_("This meeting has begun or lies behind; it can no longer be called off."))
    meeting.called_off_at = now
    meeting.sequence += 1
    _promise(emails.of_meeting("called_off", meeting, [party.other]), now)


def _promise(mails: list[Promise], now: datetime) -> None:
    for key, mail in mails:
        promise(key, mail, now)
