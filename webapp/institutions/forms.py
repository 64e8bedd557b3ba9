"""Forms of institutions."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Form, SelectField, StringField, ValidationError
from wtforms.fields import Field
from wtforms.validators import DataRequired, Length, Optional

from matcher.vocabulary.asem import REGIONS
from webapp.i18n import country_name
from webapp.institutions import domains, queries, zones

TOO_LONG = _l("This is too long; 200 characters are the most.")


def trim(value: str | None) -> str:
    """Take the spaces off both ends."""
    return (value or "").strip()


def domain(value: str | None) -> str:
    """Cut a web address down to its domain: "https://www.hanu.edu.vn/en" becomes "hanu.edu.vn"."""
    return domains.cut(value or "")


def country_choices() -> list[tuple[str, str]]:
    """Give the ASEM countries as choices, by name in the reader's language."""
    return sorted(((code, country_name(code)) for code in REGIONS), key=lambda pair: pair[1].casefold())


def own_domain(_form: Form, field: Field) -> None:
    """Refuse what is no domain, and domains in which anybody can have an address."""
    problem = domains.problem_of(field.data)
    if problem:
        raise ValidationError(problem)


class InstitutionForm(FlaskForm):  # type: ignore[misc]
    """Adding an institution the reference list lacks."""

    name = StringField(
        _l("Name"), filters=[trim], validators=[DataRequired(_l("Write the name.")), Length(max=200, message=TOO_LONG)]
    )
    country = SelectField(_l("Country"))
    city = StringField(_l("City"), filters=[trim], validators=[Length(max=200, message=TOO_LONG)])
    website_domain = StringField(
        _l("Domain of its mail addresses"),
        filters=[domain],
        description=_l(
            "Such as hanu.edu.vn. Lecturers whose address ends in it are verified at once, so leave it empty for a "
            "domain that others use too."
        ),
        validators=[
            Optional(),
            Length(max=200, message=TOO_LONG),
            own_domain,
        ],
    )
    time_zone = SelectField(_l("Time zone"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.country.choices = country_choices()
        self.time_zone.choices = [("", _("The usual one of its city or capital")), *zones.choices()]

    def validate_name(self, field: Field) -> None:
        """Refuse a second institution of the same name in a country."""
        if queries.by_name(field.data, self.country.data):
            raise ValidationError(_("This country has an institution of this name already."))
