"""The form of an agreement with a partner institution."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, SelectField, StringField, ValidationError
from wtforms.fields import Field
from wtforms.validators import DataRequired, Length, Optional

from webapp.institutions import queries
from webapp.institutions.agreement_rules import Paper
from webapp.institutions.forms import TOO_LONG, country_choices, trim
from webapp.institutions.models import Institution


class AgreementForm(FlaskForm):  # type: ignore[misc]
    """What is noted of an agreement."""

    reference = StringField(
        _l("Name or number"),
        filters=[trim],
        validators=[
            DataRequired(_l("Write its name or number, as it stands on the paper.")),
            Length(max=200, message=TOO_LONG),
        ],
    )
    kept_at = StringField(
        _l("Where it is kept"),
        filters=[trim],
        description=_l(
            "A folder, a system or a person, so that a colleague finds it. The paper itself is not stored here."
        ),
        validators=[Length(max=200, message=TOO_LONG)],
    )
    signed_on = DateField(_l("Signed on"), validators=[Optional()])
    ends_on = DateField(
        _l("Ends on"), description=_l("Its last day. Leave empty if it has no end."), validators=[Optional()]
    )

    def validate_ends_on(self, field: Field) -> None:
        """Refuse an end before the beginning."""
        if field.data and self.signed_on.data and field.data < self.signed_on.data:
            raise ValidationError(_("This lies before the day it was signed on."))

    def paper(self) -> Paper:
        """Give what was typed."""
        return Paper(
            reference=self.reference.data or "",
            kept_at=self.kept_at.data or "",
            signed_on=self.signed_on.data,
            ends_on=self.ends_on.data,
        )


class NewAgreementForm(AgreementForm):
    """The same with the partner. `found` holds it after validation."""

    partner = StringField(
        _l("Partner institution"),
        filters=[trim],
        description=_l("Begin to type its name or city and choose it from the list."),
        validators=[DataRequired(_l("Name the partner institution.")), Length(max=200, message=TOO_LONG)],
    )
    country = SelectField(
        _l("Its country"), default="", description=_l("Only needed where several institutions have this name.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.found: Institution | None = None
        self.country.choices = [("", _("Any")), *country_choices()]

    def validate_partner(self, field: Field) -> None:
        """Find the institution by its name."""
        rows = queries.by_name(field.data, self.country.data or None)
        if not rows:
            raise ValidationError(_("No institution here has this name. Choose one of the list while you type."))
        if len(rows) > 1:
            raise ValidationError(_("Several institutions have this name. Choose the country as well."))
        self.found = rows[0]
