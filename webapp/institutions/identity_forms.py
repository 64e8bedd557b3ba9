"""The form of what an institution is called and where it is, for administrators."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectField, StringField, ValidationError
from wtforms.fields import Field
from wtforms.validators import DataRequired, Length

from matcher.vocabulary.asem import region_of
from webapp.i18n import country_name
from webapp.institutions import queries
from webapp.institutions.forms import TOO_LONG, country_choices, trim
from webapp.institutions.models import Institution


class IdentityForm(FlaskForm):  # type: ignore[misc]
    """Name and country of an institution.

    Parameters
    ----------
    institution
        The institution; its values stand in the form until something is typed.
    """

    name = StringField(
        _l("Name"), filters=[trim], validators=[DataRequired(_l("Write the name.")), Length(max=200, message=TOO_LONG)]
    )
    country = SelectField(_l("Country"))
    sure = BooleanField(
        _l("The country of the other region is right"),
        description=_l("Only needed where the new country belongs to the other region than the present one."),
    )

    def __init__(self, *args: Any, institution: Institution, **kwargs: Any) -> None:
        super().__init__(*args, data={"name": institution.name, "country": institution.country}, **kwargs)
        self.institution = institution
        self.country.choices = country_choices()

    def validate_name(self, field: Field) -> None:
        """Refuse a second institution of the same name in a country."""
        if any(row.id != self.institution.id for row in queries.by_name(field.data, self.country.data)):
            raise ValidationError(_("This country has an institution of this name already."))

    def validate_sure(self, field: Field) -> None:
        """Ask whether another region is meant."""
        if region_of(self.country.data or "") not in (None, self.institution.region or None) and not field.data:
            raise ValidationError(
                _(
                    "%(country)s belongs to the other region. Tick this if that is meant.",
                    country=country_name(self.country.data),
                )
            )
