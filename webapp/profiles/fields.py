"""Kinds of form fields profiles need; each keeps what was typed and says in our words what to do."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any, cast

from flask_babel import format_decimal
from flask_babel import gettext as _
from wtforms import Field, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.utils import unset_value
from wtforms.validators import DataRequired, ValidationError
from wtforms.widgets import DateInput, TextArea, TextInput, TimeInput

# What people put between words: commas and semicolons of all scripts, and line ends.
_BETWEEN_WORDS = re.compile(r"[,;，；、،؛\n]+")
EARLIEST, LATEST = 2000, 2100


def clean(text: str | None) -> str:
    """Drop control characters, which databases refuse, and spaces around; line ends become one kind."""
    text = (text or "").replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in text if sign == "\n" or unicodedata.category(sign) != "Cc").strip()


def once(items: Iterable[str]) -> list[str]:
    """Give the items without empty ones and repetitions, in their order."""
    return list(dict.fromkeys(item for item in items if item))


def complain(field: Field, message: str) -> None:
    """Add an error to a field after its own checks have run."""
    field.errors = [*field.errors, message]


@dataclass(frozen=True)
class UpTo:
    """A validator: at most so many characters, because the column or the reader takes no more."""

    length: int

    def __call__(self, form: object, field: Field) -> None:
        """Refuse a longer text and say how much too long it is."""
        n = len(str(field.data or ""))
        if n > self.length:
            raise ValidationError(
                _("Shorten this to %(most)d characters; it has %(n)d now.", most=self.length, n=n),
            )


class LineField(StringField):
    """One line of text; ``needed`` is what to say when it is empty and may not be."""

    def __init__(self, label: Any = None, *, most: int = 200, needed: Any = None, **kwargs: Any) -> None:
        checks = [DataRequired(needed)] if needed else []
        super().__init__(
            label, validators=[*checks, UpTo(most)], filters=[lambda text: " ".join(clean(text).split())], **kwargs
        )


class TextField(TextAreaField):
    """Several lines of text."""

    def __init__(self, label: Any = None, *, most: int = 5000, **kwargs: Any) -> None:
        super().__init__(label, validators=[UpTo(most)], filters=[clean], **kwargs)


class _TypedField(Field):
    """A field whose value is read from text; the text comes back as typed when it cannot be read."""

    widget: Any = TextInput()

    def _value(self) -> str:
        if self.raw_data:
            return clean(str(self.raw_data[0]))
        return "" if self.data in (None, []) else self.written(self.data)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the text; empty means nothing stated."""
        text = clean(str(valuelist[0])) if valuelist else ""
        self.data = self.read(text) if text else self.read_nothing()

    def read_nothing(self) -> Any:
        """Give the value of an empty field."""
        return None

    def read(self, text: str) -> Any:
        """Give the value of a text; ValueError with a sentence for the reader when it has none."""
        return text

    def written(self, value: Any) -> str:
        """Write a value as people would type it."""
        return str(value)


class WholeNumberField(_TypedField):
    """A whole number within limits, typed as text so that phones show digits and nothing is swallowed."""

    def __init__(self, label: Any = None, *, low: int, high: int, **kwargs: Any) -> None:
        self.low, self.high = low, high
        super().__init__(label, render_kw={"inputmode": "numeric", "autocomplete": "off", "size": 6}, **kwargs)

    def read(self, text: str) -> int:
        """Read digits of any script."""
        if not re.fullmatch(r"\d{1,9}", text) or not self.low <= int(text) <= self.high:
            high = format_decimal(self.high)
            raise ValueError(_("Write a whole number from %(low)d to %(high)s.", low=self.low, high=high))
        return int(text)


class DayField(_TypedField):
    """A date."""

    widget = DateInput()

    def read(self, text: str) -> date:
        """Read ``YYYY-MM-DD``, as browsers send it."""
        try:
            if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
                raise ValueError
            found = date.fromisoformat(text)
        except ValueError:
            raise ValueError(_("Write the date as year-month-day, such as 2027-03-01.")) from None
        if not EARLIEST <= found.year < LATEST:
            raise ValueError(_("Check the year of this date."))
        return found

    def written(self, value: Any) -> str:
        """Write the date as browsers want it."""
        return str(value.isoformat())


class ClockField(_TypedField):
    """A time of day."""

    widget = TimeInput()

    def read(self, text: str) -> time:
        """Read ``HH:MM``; seconds, which some browsers send, are dropped."""
        try:
            if not re.fullmatch(r"\d{1,2}:\d{2}(:\d{2})?", text):
                raise ValueError
            return time.fromisoformat(text.zfill(5) if len(text) < 6 else text.zfill(8)).replace(second=0)
        except ValueError:
            raise ValueError(_("Write the time as hours and minutes, such as 09:30.")) from None

    def written(self, value: Any) -> str:
        """Write hours and minutes."""
        return f"{value:%H:%M}"


class _ListField(_TypedField):
    """A list typed as one text; at most ``n`` items of at most ``most`` characters."""

    def __init__(self, label: Any = None, *, n: int = 30, most: int = 200, **kwargs: Any) -> None:
        self.n, self.most = n, most
        super().__init__(label, **kwargs)

    def read_nothing(self) -> list[str]:
        """Give an empty list."""
        return []

    def parts(self, text: str) -> list[str]:
        """Cut the text into items."""
        return text.split("\n")

    def read(self, text: str) -> list[str]:
        """Read the items, each once."""
        items = once(" ".join(part.split()) for part in self.parts(text))
        if len(items) > self.n:
            raise ValueError(
                _("Keep the %(most)d most important ones; there are %(n)d now.", most=self.n, n=len(items))
            )
        long = next((item for item in items if len(item) > self.most), None)
        if long is not None:
            raise ValueError(
                _("Shorten “%(start)s…” to %(most)d characters.", start=long[:30], most=self.most),
            )
        return items


class LinesField(_ListField):
    """A list with one item on each line."""

    widget: Any = TextArea()

    def written(self, value: Any) -> str:
        """Write one item on each line."""
        return "\n".join(value)


class WordsField(_ListField):
    """A list with commas between the items."""

    def parts(self, text: str) -> list[str]:
        """Cut at the commas of any script."""
        return _BETWEEN_WORDS.split(text)

    def written(self, value: Any) -> str:
        """Write the items with commas between them."""
        return ", ".join(value)


Choices = dict[str | None, list[tuple[str, str]]]
"""Values with their labels by group; None holds those outside any group."""


class PickField(SelectField):
    """A choice from a list; a value the row already has is kept even when the list lacks it.

    Parameters
    ----------
    choices
        Makes the list, in the reader's language.
    name_of
        Names a value that is not in the list.
    """

    def __init__(
        self, label: Any = None, *, choices: Callable[[], Choices], name_of: Callable[[str], str] = str, **kwargs: Any
    ) -> None:
        self.name_of = name_of
        self.offered = choices()
        super().__init__(label, choices=cast(Any, self.offered), filters=[lambda value: value or ""], **kwargs)

    def _offers(self, value: str) -> bool:
        return any(value == known for group in self.offered.values() for known, _label in group)

    def process(self, formdata: Any, data: Any = None, extra_filters: Sequence[Any] | None = None) -> None:
        """Offer the present value too, then read what was chosen."""
        kept = "" if data is None or data is unset_value else str(data)
        if kept and not self._offers(kept):
            self.offered = {**self.offered, _("Others"): [(kept, self.name_of(kept))]}
            self.choices = cast(Any, self.offered)
        super().process(formdata, kept, extra_filters)

    def pre_validate(self, form: Any) -> None:
        """Refuse what is not offered."""
        if self.data and not self._offers(self.data):
            raise ValidationError(_("Choose one of the entries of the list."))


@dataclass(frozen=True)
class Group:
    """Checkboxes under one heading: value and label of each."""

    title: str
    options: tuple[tuple[Any, str], ...]


class ChecksField(SelectMultipleField):
    """Checkboxes in groups; values the row already has are kept even when the groups lack them."""

    def __init__(
        self,
        label: Any = None,
        *,
        groups: Callable[[], list[Group]],
        name_of: Callable[[Any], str] = str,
        coerce: Callable[[Any], Any] = str,
        **kwargs: Any,
    ) -> None:
        self.groups = groups()
        self.name_of = name_of
        super().__init__(label, coerce=coerce, validate_choice=False, choices=[], **kwargs)

    def process(self, formdata: Any, data: Any = None, extra_filters: Sequence[Any] | None = None) -> None:
        """Offer the present values too, then read what was checked."""
        kept = data if isinstance(data, list) else []
        known = {value for group in self.groups for value, _label in group.options}
        extra = tuple((value, self.name_of(value)) for value in kept if value not in known)
        if extra:
            self.groups = [*self.groups, Group(_("Others"), extra)]
        super().process(formdata, kept, extra_filters)

    def pre_validate(self, form: Any) -> None:
        """Refuse what is not offered; what was there before keeps its order, which differs between languages."""
        if self.process_errors:
            return
        known = {value for group in self.groups for value, _label in group.options}
        chosen = dict.fromkeys(self.data or [])
        self.data = [value for value in dict.fromkeys([*(self.object_data or []), *chosen]) if value in chosen]
        if not known.issuperset(self.data):
            raise ValidationError(_("Choose from the entries of the list."))
