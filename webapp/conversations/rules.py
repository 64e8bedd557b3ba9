"""What happens to messages: sending, reading, and the list for the first meeting."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from webapp.accounts.models import User
from webapp.conversations import emails, queries
from webapp.conversations.files import CheckedFile
from webapp.conversations.labels import CHECKLIST
from webapp.conversations.models import Attachment, ChecklistTick, Message, ReadMark
from webapp.conversations.parties import Party, require_open
from webapp.db import db
from webapp.errors import WrongStateError
from webapp.mail.outbox import promise

LONGEST_TEXT = 5_000
"""Characters of a message."""
SAME_AGAIN = timedelta(minutes=1)
"""The same text within this time was sent by a double click."""
MAIL_PAUSE = timedelta(hours=1)
"""No second mail about a conversation within this time while its messages are unread."""


def send(party: Party, author: User, text: str, files: Sequence[CheckedFile], now: datetime) -> Message:
    """Keep a message and tell the other lecturer by mail.

    Parameters
    ----------
    party
        Who writes.
    author
        The same person.
    text
        Plain text of 1 to `LONGEST_TEXT` characters.
    files
        Files that were checked.
    now
        The instant (aware).

    Returns
    -------
    Message
        The new one, or the one sent with the same text and files less than a minute ago.

    Raises
    ------
    WrongStateError
        When the match has ended.
    """
    require_open(party)
    match = party.match
    queries.lock(match.id)
    sent = sorted((file.name, len(file.content)) for file in files)
    for message in queries.recent(match.id, author.id, text, now - SAME_AGAIN):
        if sorted((its.name, its.size) for its in message.attachments) == sent:
            return message
    receiver = party.partner.lecturer
    mark = queries.read_mark(match.id, receiver.id)
    unread = queries.unread_times(match.id, receiver.id, mark.read_at if mark else None)
    message = Message(match=match, author=author, text=text, sent_at=now)
    message.attachments = [
        Attachment(name=file.name, kind=file.kind, size=len(file.content), content=file.content) for file in files
    ]
    db.session.add(message)
    db.session.flush()
    _remember(party, author, now)
    if deserves_mail(unread, now):
        for key, mail in emails.of_message(party.other, message):
            promise(key, mail, now)
    return message


def deserves_mail(unread: Sequence[datetime], now: datetime) -> bool:
    """Tell whether a new message is worth a mail, from when the others that are still unread were sent.

    The first unread message brings a mail, and later ones only an hour after the last mail: the link in it
    leads to all of them.
    """
    mailed: datetime | None = None
    for at in unread:
        if mailed is None or at - mailed >= MAIL_PAUSE:
            mailed = at
    return mailed is None or now - mailed >= MAIL_PAUSE


def mark_read(party: Party, reader: User, message_id: int) -> None:
    """Remember that somebody has read up to a message; what came after it stays new.

    Raises
    ------
    WrongStateError
        When the conversation has no such message.
    """
    queries.lock(party.match.id)
    at = queries.sent_at(party.match.id, message_id)
    if at is None:
        raise WrongStateError()
    _remember(party, reader, at)


def _remember(party: Party, reader: User, at: datetime) -> None:
    mark = queries.read_mark(party.match.id, reader.id)
    if mark is None:
        db.session.add(ReadMark(match_id=party.match.id, user_id=reader.id, read_at=at))
    else:
        mark.read_at = max(mark.read_at, at)


def tick(party: Party, actor: User, item: str, *, done: bool, now: datetime) -> None:
    """Tick a point of the first meeting off, or take the tick back; doing so twice changes nothing.

    Parameters
    ----------
    party, actor
        Who does it.
    item
        Code of a point in `labels.CHECKLIST`.
    done
        Whether it is settled.
    now
        The instant (aware).

    Raises
    ------
    WrongStateError
        When the match has ended, or there is no such point.
    """
    require_open(party)
    if item not in CHECKLIST:
        raise WrongStateError()
    queries.lock(party.match.id)
    there = queries.ticks(party.match.id).get(item)
    if done and there is None:
        db.session.add(ChecklistTick(match_id=party.match.id, item=item, ticked_by=actor, ticked_at=now))
    elif not done and there is not None:
        db.session.delete(there)
