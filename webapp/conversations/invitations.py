"""A meeting as a calendar file (RFC 5545)."""

from datetime import UTC, timedelta

from flask import current_app, url_for
from flask_babel import gettext as _
from icalendar import Calendar, Event
from icalendar.enums import STATUS

from webapp.conversations.models import Meeting
from webapp.conversations.parties import Party
from webapp.conversations.times import on_both_clocks


def calendar_of(party: Party, meeting: Meeting) -> bytes:
    """Write a meeting for one lecturer's calendar.

    Its times are in UTC, the one clock both sides share: a country that changes its rules moves neither
    lecturer away from the other. The same meeting keeps its identifier, and each change raises its sequence,
    so that calendars replace what they had.

    Parameters
    ----------
    party
        Whose calendar; their clock comes first in the description.
    meeting
        An agreed meeting, or one called off after it was agreed.
    """
    link = url_for("conversations.show", match_id=party.match.id, _external=True, _anchor="meetings")
    changed_at = meeting.called_off_at or meeting.agreed_at or meeting.proposed_at
    starts_at = meeting.starts_at.astimezone(UTC)
    event = Event.new(
        uid=f"meeting-{meeting.id}@{current_app.config['SERVER_NAME'].partition(':')[0]}",
        sequence=meeting.sequence,
        stamp=changed_at.astimezone(UTC).replace(microsecond=0),
        start=starts_at,
        end=starts_at + timedelta(minutes=meeting.minutes),
        status=STATUS.CANCELLED if meeting.called_off_at else STATUS.CONFIRMED,
        summary=_("%(a)s with %(b)s", a=party.own.title, b=party.partner.title),
        description="\n".join([on_both_clocks(party, meeting.starts_at), party.partner_name, link]),
        location=meeting.place or None,
        url=link,
    )
    calendar = Calendar.new(prodid="-//Causeway//Meetings//EN", method="PUBLISH", subcomponents=[event])
    written: bytes = calendar.to_ical()
    return written
