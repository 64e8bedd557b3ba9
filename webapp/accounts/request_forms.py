"""The form that asks for a missing institution."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Form, SelectField, StringField, ValidationError
from wtforms.fields import Field
from wtforms.validators import DataRequired, Length

from webapp.accounts.forms import email_field, plain_name, trim
from webapp.institutions import queries
from webapp.institutions.forms import TOO_LONG, country_choices


def _web_page(_form: Form, field: Field) -> None:
    """Refuse what no browser could open."""
    typed = field.data or ""
    if typed and ("." not in typed or " " in typed or not typed.isprintable()):
        raise ValidationError(_("A web page looks like www.hanu.edu.vn."))


class MissingForm(FlaskForm):  # type: ignore[misc]
    """What somebody tells us about an institution that is missing."""

    name = StringField(
        _l("Name of the institution"),
        filters=[trim],
        description=_l("Its official name, in English if it has one."),
        validators=[DataRequired(_l("Write the name.")), Length(max=200, message=TOO_LONG), plain_name],
    )
    country = SelectField(_l("Country"))
    city = StringField(_l("City"), filters=[trim], validators=[Length(max=200, message=TOO_LONG), plain_name])
    web_page = StringField(
        _l("Its web page"), filters=[trim], validators=[Length(max=200, message=TOO_LONG), _web_page]
    )
    email = email_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.country.choices = country_choices()

    def validate_name(self, field: Field) -> None:
        """Say so when it is there after all."""
        if queries.by_name(field.data, self.country.data):
            raise ValidationError(_("This institution is on our list; choose it when you sign up."))
