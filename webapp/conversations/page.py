"""The page of a conversation, put together: messages, meetings, and the list for the first meeting."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import abort, current_app, render_template
from flask_login import current_user
from markupsafe import Markup

from webapp.conversations import meeting_rules, queries, times, wording
from webapp.conversations.forms import OWN_TIME, MeetingForm, MessageForm
from webapp.conversations.labels import CHECKLIST, Point
from webapp.conversations.models import Attachment, ChecklistTick, Meeting, Message
from webapp.conversations.parties import Party, party_of
from webapp.matches import queries as matches

N_PAST = 5
"""Meetings shown that are over or called off."""


@dataclass(frozen=True)
class ShownMessage:
    """One message as its reader sees it."""

    id: int
    who: str
    region: str
    is_own: bool
    is_new: bool
    text: Markup
    sent_at: datetime
    files: Sequence[Attachment]


@dataclass(frozen=True)
class ShownMeeting:
    """One meeting as its reader sees it, with what they can do about it."""

    meeting: Meeting
    when: str
    who: str
    place: Markup
    is_own: bool
    is_over: bool
    may_agree: bool
    may_call_off: bool


@dataclass(frozen=True)
class ShownPoint:
    """One point of the list for the first meeting, and who ticked it."""

    code: str
    point: Point
    tick: ChecklistTick | None
    who: str


def load(match_id: int) -> Party:
    """Give the party the reader is; ends the request with 404 when there is no such match.

    Raises
    ------
    NotAllowedError
        For everybody but its two lecturers.
    """
    match = matches.by_id(match_id)
    if match is None:
        abort(404)
    return party_of(match, current_user)


def render(party: Party, message_form: MessageForm | None = None, meeting_form: MeetingForm | None = None) -> str:
    """Render the page, with forms that came back with errors in place of empty ones."""
    now = datetime.now(UTC)
    match_id = party.match.id
    found = queries.page(match_id)
    mark = queries.read_mark(match_id, current_user.id)
    unread = queries.unread_times(match_id, current_user.id, mark.read_at if mark else None)
    messages = [_shown(party, message, mark.read_at if mark else None) for message in reversed(found.items)]
    offers = times.offers(party, now) if party.may_write else times.Offers((), "lessons")
    meetings = [_shown_meeting(party, meeting, now) for meeting in queries.meetings(match_id)]
    ahead = [it for it in meetings if not it.is_over]
    past = [it for it in meetings if it.is_over][-N_PAST:]
    if party.may_write:
        message_form = message_form or MessageForm(party, formdata=None)
        meeting_form = meeting_form or MeetingForm(party, now, offers.spans, formdata=None)
    ticks = queries.ticks(match_id)
    points = [
        ShownPoint(code, point, ticks.get(code), party.name_of(ticks[code].ticked_by_id) if code in ticks else "")
        for code, point in CHECKLIST.items()
    ]
    return render_template(
        "conversations/show.html",
        party=party,
        match=party.match,
        page=found,
        messages=messages,
        first_new=next((it.id for it in messages if it.is_new), None),
        newest_id=messages[-1].id if messages and found.page == 1 else None,
        n_unread=len(unread),
        partner_is_gone=not party.partner.lecturer.is_active,
        ahead=ahead,
        past=past,
        offers=offers,
        points=points,
        n_done=len(ticks),
        message_form=message_form,
        meeting_form=meeting_form,
        own_time=OWN_TIME,
        size=wording.size,
        keep_files_days=current_app.config["SETTINGS"].keep_files_days,
    )


def _shown(party: Party, message: Message, read_at: datetime | None) -> ShownMessage:
    side = party.side_of(message.author_id)
    is_own = side is party.side
    return ShownMessage(
        id=message.id,
        who=party.name_of(message.author_id),
        region=party.match.course(side).institution.region if side else "",
        is_own=is_own,
        is_new=not is_own and (read_at is None or message.sent_at > read_at),
        text=wording.with_links(message.text),
        sent_at=message.sent_at,
        files=message.attachments,
    )


def _shown_meeting(party: Party, meeting: Meeting, now: datetime) -> ShownMeeting:
    return ShownMeeting(
        meeting=meeting,
        when=times.on_both_clocks(party, meeting.starts_at),
        who=party.name_of(meeting.proposed_by_id),
        place=wording.with_links(meeting.place),
        is_own=party.is_own(meeting.proposed_by_id),
        is_over=meeting.called_off_at is not None or meeting.starts_at <= now,
        may_agree=meeting_rules.may_agree(party, meeting, now),
        may_call_off=meeting_rules.may_call_off(meeting, now),
    )
