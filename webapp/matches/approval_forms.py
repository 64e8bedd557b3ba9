"""The form that narrows an office's matches."""

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField
from wtforms.validators import Length

from webapp.i18n import country_name
from webapp.matches.approval_queries import OTHERS, WAITING, Wanted
from webapp.matches.labels import STATE_LABELS

DAYS = (3, 7, 14)


class WantedForm(FlaskForm):  # type: ignore[misc]
    """Which matches an office wants to see; sent with GET, so that a filtered list has an address of its own."""

    class Meta:
        """A form that changes nothing needs no token, and a token has no place in an address."""

        csrf = False

    show = SelectField(_l("Show"))
    country = SelectField(_l("Partner’s country"))
    lecturer = StringField(_l("Lecturer or course"), validators=[Length(max=200)])
    days = SelectField(_l("To be answered"))

    def offer(self, countries: Iterable[str]) -> None:
        """Fill the choices, and forget what an old or mistyped address asks for."""
        states = [(state.value, str(label)) for state, label in STATE_LABELS.items()]
        named = sorted(((code, country_name(code)) for code in countries), key=lambda pair: pair[1].casefold())
        within = [(str(n), ngettext("within %(num)d day", "within %(num)d days", n)) for n in DAYS]
        for field, choices in (
            (self.show, [(WAITING, _("What waits for me")), (OTHERS, _("All others")), *states]),
            (self.country, [("", _("All")), *named]),
            (self.days, [("", _("at any time")), *within]),
        ):
            field.choices = choices
            if field.data not in [value for value, _label in choices]:
                field.data = choices[0][0]

    def wanted(self) -> Wanted:
        """Give what was chosen."""
        return Wanted(
            show=self.show.data,
            country=self.country.data,
            lecturer=(self.lecturer.data or "").strip()[:200],
            days=int(self.days.data) if self.days.data else None,
        )

    @property
    def is_narrowed(self) -> bool:
        """Whether any filter besides the state is set."""
        return bool(self.country.data or (self.lecturer.data or "").strip() or self.days.data)
