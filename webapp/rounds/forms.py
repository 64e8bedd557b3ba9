"""Forms of round pages."""

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField
from wtforms.validators import Length

from webapp.i18n import country_name
from webapp.institutions.models import Institution
from webapp.matches.labels import STATE_LABELS
from webapp.matches.lifecycle import State


class FilterForm(FlaskForm):  # type: ignore[misc]
    """Which matches of a round to show; sent with GET, so that a filtered list has an address of its own."""

    class Meta:
        """A form that changes nothing needs no token, and a token has no place in an address."""

        csrf = False

    text = StringField(_l("Course or institution"), validators=[Length(max=200)])
    state = SelectField(_l("State"))
    country = SelectField(_l("Country"))
    institution = SelectField(_l("Institution"))

    def offer(self, institutions: Iterable[Institution]) -> None:
        """Fill the choices with the states there are, and with the places a round reaches."""
        rows = list(institutions)
        everything = ("", _("All"))
        countries = sorted({row.country for row in rows}, key=country_name)
        self.state.choices = [everything, *((state.value, str(STATE_LABELS[state])) for state in State)]
        self.country.choices = [everything, *((code, country_name(code)) for code in countries)]
        self.institution.choices = [everything, *((str(row.id), row.name) for row in rows)]
        self.drop_unknown()

    def drop_unknown(self) -> None:
        """Forget choices that are not offered: an old or mistyped address then shows more rather than nothing."""
        for field in (self.state, self.country, self.institution):
            if field.data not in [choice[0] for choice in field.choices or ()]:
                field.data = ""

    @property
    def letters(self) -> str:
        """The text looked for, at most 200 letters."""
        return (self.text.data or "").strip()[:200]

    @property
    def is_narrowed(self) -> bool:
        """Whether any filter is set."""
        return bool(self.letters or self.state.data or self.country.data or self.institution.data)
