"""What is written to a lecturer about messages and meetings; no address is shown in it."""

from collections.abc import Iterable
from typing import Any

from flask import url_for
from flask_babel import force_locale

from webapp.conversations.models import Meeting, Message
from webapp.conversations.parties import Party
from webapp.conversations.times import on_both_clocks
from webapp.mail.render import Mail, render

Promise = tuple[str, Mail]
"""A key and the message that is promised under it."""


def of_message(receiver: Party, message: Message) -> list[Promise]:
    """Tell a lecturer about a message; nothing to somebody whose account is closed.

    Parameters
    ----------
    receiver
        Who reads it.
    message
        Flushed, with its files.
    """
    return _to(
        receiver,
        "message",
        f"message:{receiver.match.id}:{{person}}:{message.id}",
        anchor="newest",
        message=message,
        files=[file.name for file in message.attachments],
    )


def of_meeting(what: str, meeting: Meeting, receivers: Iterable[Party]) -> list[Promise]:
    """Tell lecturers that a meeting was ``proposed``, ``agreed`` or ``called_off``, each on their own clock first."""
    return [
        mail
        for receiver in receivers
        for mail in _to(
            receiver,
            f"meeting_{what}",
            f"meeting:{meeting.id}:{meeting.sequence}:{what}:{{person}}",
            anchor="meetings",
            meeting=meeting,
        )
    ]


def _to(
    receiver: Party, name: str, key: str, *, anchor: str, meeting: Meeting | None = None, **said: Any
) -> list[Promise]:
    person = receiver.own.lecturer
    if not person.is_active:
        return []
    match_id = receiver.match.id
    with force_locale(person.language_of_mail):
        who = receiver.partner_name
        when = on_both_clocks(receiver, meeting.starts_at) if meeting else ""
    calendar = ""
    if meeting is not None:
        calendar = url_for("conversations.calendar_file", match_id=match_id, meeting_id=meeting.id, _external=True)
    mail = render(
        name,
        person.email,
        person.language_of_mail,
        person=person,
        own=receiver.own,
        partner=receiver.partner,
        who=who,
        when=when,
        meeting=meeting,
        calendar=calendar,
        link=url_for("conversations.show", match_id=match_id, _external=True, _anchor=anchor),
        **said,
    )
    return [(key.format(person=person.id), mail)]
