"""The form of a target: how many matches at once an institution wants at least and allows at most, with whom."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import IntegerField, RadioField, SelectField, StringField, ValidationError
from wtforms.fields import Field
from wtforms.validators import NumberRange, Optional

from webapp.i18n import country_name
from webapp.institutions import labels, queries
from webapp.institutions.forms import country_choices, trim
from webapp.institutions.models import BalanceTarget, Institution, TargetScope
from webapp.offices.wording import SCOPES

MOST = 1000
_NUMBER = _l("Write a whole number from 0 to 1,000, or leave it empty.")
_EACH = (TargetScope.EACH_INSTITUTION, TargetScope.EACH_COUNTRY)


class TargetForm(FlaskForm):  # type: ignore[misc]
    """A target; `partner_row` holds the partner after validation."""

    scope = RadioField(_l("Matches"), choices=[(scope.value, label) for scope, label in SCOPES.items()])
    institution = StringField(_l("Which institution"), filters=[trim])
    partner_country = SelectField(_l("Which country"), default="")
    at_least = IntegerField(
        _l("At least"), validators=[Optional(), NumberRange(0, MOST, _NUMBER)], render_kw={"inputmode": "numeric"}
    )
    at_most = IntegerField(
        _l("At most"), validators=[Optional(), NumberRange(0, MOST, _NUMBER)], render_kw={"inputmode": "numeric"}
    )

    def __init__(self, *args: Any, own: Institution, target: BalanceTarget | None = None, **kwargs: Any) -> None:
        data: dict[str, Any] = {"scope": TargetScope.EACH_INSTITUTION.value}
        if target is not None:
            data = {
                "scope": target.scope.value,
                "institution": target.partner.name if target.partner else "",
                "partner_country": target.partner_country or (target.partner.country if target.partner else ""),
                "at_least": target.at_least,
                "at_most": target.at_most,
            }
        super().__init__(*args, data=data, **kwargs)
        self.own = own
        self.partner_row: Institution | None = None
        self.partner_country.choices = [("", _("Choose a country")), *country_choices()]

    @property
    def chosen(self) -> TargetScope:
        """Whom the target speaks of."""
        return TargetScope(self.scope.data)

    def validate_institution(self, field: Field) -> None:
        """Find the institution by what was typed."""
        if self.scope.data != TargetScope.INSTITUTION:
            return
        if not field.data:
            raise ValidationError(_("Write the name of the institution."))
        found = queries.by_name(field.data, self.partner_country.data or None)
        if not found:
            near = [labels.full_name(row) for row in queries.nearest(field.data, 3)]
            if near:
                raise ValidationError(
                    _("We know no institution of exactly this name. Did you mean %(names)s?", names="; ".join(near))
                )
            raise ValidationError(_("We know no institution of exactly this name."))
        if len(found) > 1:
            raise ValidationError(_("Several countries have an institution of this name. Choose the country below."))
        self.partner_row = found[0]
        if self.partner_row.id == self.own.id:
            raise ValidationError(_("This is your own institution; choose another one."))

    def validate_partner_country(self, field: Field) -> None:
        """Ask for the country where one is meant."""
        if self.scope.data == TargetScope.COUNTRY and not field.data:
            raise ValidationError(_("Choose the country."))
        if self.scope.data == TargetScope.COUNTRY and field.data == self.own.country:
            text = _(
                "Partners come from the other region, so none is in %(country)s.", country=country_name(field.data)
            )
            raise ValidationError(text)

    def validate(self, extra_validators: Any = None) -> bool:
        """Refuse also targets that say nothing."""
        is_sound = bool(super().validate(extra_validators))
        numbers = (self.at_least, self.at_most)
        if any(field.data is not None or field.errors for field in numbers):
            return is_sound
        self.at_most.errors = [_("Write how many at least, at most, or both.")]
        return False

    def validate_at_most(self, field: Field) -> None:
        """Refuse targets that contradict themselves."""
        if field.data is not None and self.at_least.data is not None and self.at_least.data > field.data:
            raise ValidationError(_("At most cannot be less than at least."))

    def validate_at_least(self, field: Field) -> None:
        """Refuse a minimum with every institution or country there is."""
        if field.data and self.scope.data in _EACH:
            raise ValidationError(
                _("A least number needs one institution, one country or all together; leave this empty here.")
            )

    def values(self) -> dict[str, Any]:
        """What the target becomes."""
        scope = self.chosen
        return {
            "scope": scope,
            "partner_id": self.partner_row.id if scope is TargetScope.INSTITUTION and self.partner_row else None,
            "partner_country": self.partner_country.data if scope is TargetScope.COUNTRY else None,
            "at_least": self.at_least.data,
            "at_most": self.at_most.data,
        }
