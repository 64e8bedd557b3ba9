"""The forms of a conversation: a message with its files, and a proposed meeting."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from flask_wtf.file import MultipleFileField
from werkzeug.datastructures import FileStorage
from wtforms import DateField, RadioField, SelectField, StringField, TextAreaField, TimeField
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from webapp.conversations import files as kinds
from webapp.conversations import labels, times
from webapp.conversations.contacts import names_contact
from webapp.conversations.meeting_rules import FARTHEST, LONGEST_PLACE
from webapp.conversations.parties import Party
from webapp.conversations.rules import LONGEST_TEXT
from webapp.i18n import clock, day
from webapp.matches.clocks import city

OWN_TIME = "own"
"""Value of the choice that takes the time from the fields for day and time."""
LENGTHS = (15, 30, 45, 60, 90, 120, 180)
"""Minutes a meeting can be proposed for."""
_TOO_EARLY = _l(
    "This seems to hold a mail address or a telephone number. Addresses are exchanged once both of you accept; "
    "until then please leave them out."
)


def plain(text: str | None) -> str:
    """Take a text as typed, with one kind of line break, and without invisible control characters."""
    lines = (text or "").replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in lines if c in "\n\t" or (ord(c) >= 32 and ord(c) != 127)).strip()


class MessageForm(FlaskForm):  # type: ignore[misc]
    """A message, with up to three files."""

    text = TextAreaField(
        _l("Your message"),
        filters=[plain],
        validators=[
            DataRequired(_l("Write something first.")),
            Length(max=LONGEST_TEXT, message=_l("Please write at most %(max)d characters.")),
        ],
    )
    files = MultipleFileField(
        _l("Files"),
        description=_l(
            "Up to 3 files of 5 MB each: PDF, Word, Excel, PowerPoint, OpenDocument text, pictures, text or CSV."
        ),
    )

    def __init__(self, party: Party, **values: Any) -> None:
        super().__init__(**values)
        self.party = party
        self.checked: list[kinds.CheckedFile] = []

    def validate_text(self, field: TextAreaField) -> None:
        """Keep addresses out until both have accepted."""
        if not self.party.shows_names and names_contact(field.data or ""):
            raise ValidationError(_TOO_EARLY)

    def validate_files(self, field: MultipleFileField) -> None:
        """Check each file by its content; all problems are said at once."""
        sent = [file for file in field.data or () if isinstance(file, FileStorage)]
        if len(sent) > kinds.MOST_FILES:
            n = kinds.MOST_FILES
            raise ValidationError(ngettext("Send at most %(num)d file.", "Send at most %(num)d files.", n))
        problems = []
        for file in sent:
            name = file.filename or ""
            try:
                self.checked.append(kinds.check(name, file.stream.read(kinds.LARGEST_FILE + 1)))
            except kinds.FileRefusedError as error:
                shown = kinds.clean_name(name)
                problems.append(str(labels.FILE_PROBLEMS[error.problem]) % {"name": shown})
        if problems:
            raise ValidationError(" ".join(problems))
        if sent and self.text.errors:
            raise ValidationError(_("Please choose your files once more; browsers do not keep them."))


class MeetingForm(FlaskForm):  # type: ignore[misc]
    """A proposed meeting: one of the offered times, or a day and a time of one's own."""

    when = RadioField(_l("When to meet"), validate_choice=False)
    day = DateField(_l("Date"), validators=[Optional()])
    time = TimeField(_l("Time"), validators=[Optional()])
    which = RadioField(_l("This time occurs twice. Which one do you mean?"), choices=[], validate_choice=False)
    minutes = SelectField(_l("Length of the meeting"), coerce=int, default=60)
    place = StringField(
        _l("Where to meet online"),
        description=_l("Optional: a link to a room, or the tool you would like to use."),
        filters=[plain],
        validators=[Length(max=LONGEST_PLACE, message=_l("Please write at most %(max)d characters."))],
    )

    def __init__(self, party: Party, now: datetime, offers: Sequence[tuple[datetime, datetime]], **values: Any) -> None:
        super().__init__(prefix="meeting-", **values)
        self.party = party
        self.now = now
        self.starts_at: datetime | None = None
        self.zone = times.zone_of(party.own)
        self.when.choices = [
            *((start.isoformat(), times.on_both_clocks(party, start, end)) for start, end in offers),
            (OWN_TIME, _("Another time")),
        ]
        if not self.when.data:
            self.when.data = self.when.choices[0][0]
        self.time.description = _("On the clock in %(city)s.", city=city(party.own))
        self.minutes.choices = [(n, ngettext("%(num)d minute", "%(num)d minutes", n)) for n in LENGTHS]

    def validate_when(self, field: RadioField) -> None:
        """Find the instant that is meant, wherever it was chosen."""
        self.starts_at = self._own_time() if field.data == OWN_TIME else _read(field.data)
        if self.starts_at is None:
            if field.data != OWN_TIME:
                raise ValidationError(_("Choose one of the times, or give a date and a time."))
        elif not self.now < self.starts_at <= self.now + FARTHEST:
            raise ValidationError(_("Choose a time that lies ahead, within a year."))

    def validate_which(self, field: RadioField) -> None:
        """Ask which of two is meant when clocks are set back over the time."""
        if field.choices and not field.data:
            raise ValidationError(
                _("Clocks are set back on this day, so this time comes twice. Choose one of the two.")
            )

    def validate_place(self, field: StringField) -> None:
        """Keep addresses out until both have accepted."""
        if not self.party.shows_names and names_contact(field.data or ""):
            raise ValidationError(_TOO_EARLY)

    def _own_time(self) -> datetime | None:
        """Read day and time on the own clock; None where the choice between two is still open."""
        if self.day.data is None or self.time.data is None:
            raise ValidationError(_("Give both a date and a time."))
        found = times.instants(self.day.data, self.time.data, self.zone)
        where = city(self.party.own)
        if not found:
            raise ValidationError(
                _(
                    "On %(day)s clocks in %(city)s are set forward over %(time)s, so this time does not exist. "
                    "Choose another one.",
                    day=day(self.day.data),
                    city=where,
                    time=self.time.data.strftime("%H:%M"),
                )
            )
        if len(found) == 1:
            return found[0]
        other = times.zone_of(self.party.partner)
        there = city(self.party.partner)
        first, second = (_("%(time)s in %(city)s", time=clock(at, other.key), city=there) for at in found)
        self.which.choices = [
            ("0", _("The first, before clocks are set back: %(there)s", there=first)),
            ("1", _("The second, after clocks are set back: %(there)s", there=second)),
        ]
        if self.which.data not in ("0", "1"):
            self.which.data = None
            return None
        return found[int(self.which.data)]


def _read(text: str | None) -> datetime | None:
    """Read an instant as the page wrote it; None for anything else."""
    try:
        found = datetime.fromisoformat(text or "")
        return found.astimezone(UTC) if found.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None
