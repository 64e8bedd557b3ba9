"""Forms of the list of left-out courses."""

from collections.abc import Iterable, Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from webapp.i18n import country_name
from webapp.rounds.labels import left_out_label
from webapp.rounds.left_out_rules import LONGEST_NOTE


class LeftOutFilterForm(FlaskForm):  # type: ignore[misc]
    """Which left-out courses to show; sent with GET, so that a filtered list has an address of its own."""

    class Meta:
        """A form that changes nothing needs no token, and a token has no place in an address."""

        csrf = False

    countries: Sequence[str] = ()
    """The countries that occur (ISO 3166-1 alpha-2), by their names in the language in force."""

    text = StringField(_l("Course or institution"), validators=[Length(max=200)])
    country = SelectField(_l("Country"))
    reason = SelectField(_l("Reason"))
    helped = BooleanField(_l("Only courses a small change would help"))

    def offer(self, countries: Iterable[str], codes: Iterable[str]) -> None:
        """Fill the choices with what occurs, and forget choices that are not offered."""
        everything = ("", _("All"))
        self.countries = sorted(countries, key=country_name)
        self.country.choices = [everything, *((code, country_name(code)) for code in self.countries)]
        self.reason.choices = [everything, *((code, str(left_out_label(code))) for code in codes)]
        for field in (self.country, self.reason):
            if field.data not in [choice[0] for choice in field.choices or ()]:
                field.data = ""

    @property
    def letters(self) -> str:
        """The text looked for, at most 200 letters."""
        return (self.text.data or "").strip()[:200]

    @property
    def is_narrowed(self) -> bool:
        """Whether any filter is set."""
        return bool(self.letters or self.country.data or self.reason.data or self.helped.data)


class LetterForm(FlaskForm):  # type: ignore[misc]
    """What a coordinator adds to the letter."""

    words = TextAreaField(
        _l("Your own words"),
        validators=[Length(max=LONGEST_NOTE, message=_l("This is too long; 2,000 characters are the most."))],
        render_kw={"rows": 5},
    )

    def say_where(self, *, has_change: bool) -> None:
        """Say where in the letter the words stand: below the change only where there is one."""
        self.words.description = (
            _("They stand below the reason and the change. You may leave this empty.")
            if has_change
            else _("They stand below the reason. You may leave this empty.")
        )
