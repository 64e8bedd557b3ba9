"""Forms of drafts: which pairs to show, and what is decided about one."""

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from webapp.i18n import country_name
from webapp.institutions.models import Institution
from webapp.rounds import labels
from webapp.rounds.decision_rules import LONGEST_NOTE
from webapp.rounds.draft_queries import ORDERS

LOCKED, FREE = "locked", "free"
_POINTS = 100

ORDER_LABELS = {
    "best": _l("Best fit first"),
    "worst": _l("Weakest fit first"),
    "unsure": _l("Least known first"),
    "title": _l("By title"),
}


class PairFilterForm(FlaskForm):  # type: ignore[misc]
    """Which pairs of a draft to show; sent with GET, so that a filtered list has an address of its own."""

    class Meta:
        """A form that changes nothing needs no token, and a token has no place in an address."""

        csrf = False

    text = StringField(_l("Course or institution"), validators=[Length(max=200)])
    country = SelectField(_l("Country"))
    institution = SelectField(_l("Institution"))
    at_least = IntegerField(_l("Fit from"), validators=[Optional(), NumberRange(0, _POINTS)])
    at_most = IntegerField(_l("Fit to"), validators=[Optional(), NumberRange(0, _POINTS)])
    warning = SelectField(_l("To look at"))
    locked = SelectField(_l("Kept together"))
    order = SelectField(_l("Order"))

    def offer(self, institutions: Iterable[Institution]) -> None:
        """Fill the choices with the places a draft reaches, and forget those that are not offered."""
        rows = list(institutions)
        everything = ("", _("All"))
        countries = sorted({row.country for row in rows}, key=country_name)
        self.country.choices = [everything, *((code, country_name(code)) for code in countries)]
        self.institution.choices = [everything, *((str(row.id), row.name) for row in rows)]
        self.warning.choices = [everything, *((code, str(text)) for code, text in labels.WARNING_LABELS.items())]
        self.locked.choices = [
            everything,
            (LOCKED, _("Only pairs kept together")),
            (FREE, _("Only pairs the matcher chose")),
        ]
        self.order.choices = [(code, str(ORDER_LABELS[code])) for code in ORDERS]
        for field in (self.country, self.institution, self.warning, self.locked, self.order):
            offered = [choice[0] for choice in field.choices or ()]
            if field.data not in offered:
                field.data = offered[0]
        for number in (self.at_least, self.at_most):
            if number.data is not None and not 0 <= number.data <= _POINTS:
                number.data = None

    @property
    def letters(self) -> str:
        """The text looked for, at most 200 letters."""
        return (self.text.data or "").strip()[:200]

    @property
    def lowest(self) -> float | None:
        """The lowest score shown, 0..1; a score that is shown as this number of points counts."""
        return None if self.at_least.data is None else (self.at_least.data - 0.5) / _POINTS

    @property
    def highest(self) -> float | None:
        """The highest score shown, 0..1."""
        return None if self.at_most.data is None else (self.at_most.data + 0.5) / _POINTS

    @property
    def is_narrowed(self) -> bool:
        """Whether any filter is set."""
        chosen = (self.country.data, self.institution.data, self.warning.data, self.locked.data)
        return bool(self.letters or any(chosen)) or (self.at_least.data, self.at_most.data) != (None, None)


class NoteForm(FlaskForm):  # type: ignore[misc]
    """Why a pair is kept together or apart."""

    note = TextAreaField(
        _l("Why, for other coordinators"),
        validators=[Length(max=LONGEST_NOTE, message=_l("Please write at most %(max)d characters."))],
    )


class PlacesForm(FlaskForm):  # type: ignore[misc]
    """How many places a course has in coming rounds."""

    places = IntegerField(
        _l("Places in coming rounds"), validators=[InputRequired(_l("Please say how many.")), NumberRange(min=0)]
    )


class SearchPairForm(FlaskForm):  # type: ignore[misc]
    """Two courses to keep together or apart, looked for by their names; sent with GET."""

    class Meta:
        """A form that changes nothing needs no token."""

        csrf = False

    asia = StringField(_l("Course in Asia"), validators=[Length(max=200)])
    europe = StringField(_l("Course in Europe"), validators=[Length(max=200)])
