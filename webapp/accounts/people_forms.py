"""Forms about other people: finding them, inviting them, what they sign, what they are."""

from collections.abc import Collection
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    ValidationError,
    widgets,
)
from wtforms.fields import Field
from wtforms.validators import DataRequired, InputRequired, Length

from webapp.access import Role
from webapp.accounts.forms import (
    PASSWORD_HELP,
    email_field,
    good_password,
    language_field,
    name_field,
    plain_name,
    trim,
)
from webapp.accounts.labels import ROLES
from webapp.accounts.models import User
from webapp.accounts.office import Signing
from webapp.accounts.roles import Place
from webapp.institutions import labels, queries
from webapp.institutions.forms import TOO_LONG, country_choices
from webapp.institutions.models import Institution


class MembersForm(FlaskForm):  # type: ignore[misc]
    """Whom to list; it stands in the address.

    Parameters
    ----------
    roles
        Roles the people of the list may have. Another one in the address counts as none.
    """

    class Meta:
        """Read from the address; nothing is changed, so no token is needed."""

        csrf = False

    q = StringField(_l("Name or mail address"), filters=[trim])
    role = SelectField(_l("Role"), validate_choice=False)

    def __init__(self, *args: Any, roles: Collection[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(role.value, str(label)) for role, label in ROLES.items() if role in roles]
        self.role.choices = [("", _("All roles")), *named]
        if self.role.data not in dict(named):
            self.role.data = ""

    @property
    def wanted_role(self) -> Role | None:
        """The role to list; None for all."""
        return Role(self.role.data) if self.role.data else None


class InviteForm(FlaskForm):  # type: ignore[misc]
    """Inviting somebody of one's institution."""

    email = email_field()
    name = StringField(
        _l("Name"),
        filters=[trim],
        description=_l("The mail greets the person by it; they can correct it."),
        validators=[Length(max=200, message=TOO_LONG), plain_name],
    )
    role = RadioField(
        _l("As"),
        choices=[
            (Role.LECTURER.value, _l("Lecturer: teaches a course and looks for a partner class")),
            (Role.OFFICE.value, _l("Colleague in the international office: may do all you may do")),
        ],
        validators=[InputRequired(_l("Choose what the person will be here."))],
    )
    language = language_field(_l("Language of the mail"))


class JoinForm(FlaskForm):  # type: ignore[misc]
    """Beginning the account of an invitation. Set `email` to the invited address before validation."""

    email: str = ""
    name = name_field()
    password = PasswordField(
        _l("Password"),
        description=PASSWORD_HELP,
        validators=[
            DataRequired(_l("Choose a password.")),
            good_password(lambda form: (form.name.data or "", form.email)),
        ],
    )
    language = language_field(_l("Language of pages and mail"))
    consent = BooleanField(
        _l("I have read the privacy notice and agree that Causeway stores what I enter for finding partner classes."),
        validators=[InputRequired(_l("We need your agreement to store your details."))],
    )


class SigningForm(FlaskForm):  # type: ignore[misc]
    """What somebody of an office signs."""

    signs_for_office = BooleanField(
        _l("Signs for the office"), description=_l("Takes the first, and often only, step of an approval.")
    )
    signs_as_second = BooleanField(
        _l("Signs as second person"),
        description=_l("The dean or the board, where your institution wants a second person after the office."),
    )
    is_stand_in = BooleanField(
        _l("Stands in"), description=_l("Is asked only once the others have not answered by the first reminder.")
    )

    def validate_is_stand_in(self, field: Field) -> None:
        """A stand-in for nothing is a slip of the pen."""
        if field.data and not (self.signs_for_office.data or self.signs_as_second.data):
            raise ValidationError(_("Choose what this person signs as a stand-in."))

    def signing(self) -> Signing:
        """Give what was chosen."""
        return Signing(bool(self.signs_for_office.data), bool(self.signs_as_second.data), bool(self.is_stand_in.data))


class HandOverForm(FlaskForm):  # type: ignore[misc]
    """Leaving an office.

    Parameters
    ----------
    colleagues
        Who can take over; with nobody, the administrators do.
    """

    successor = RadioField(_l("Who takes over"), validators=[InputRequired(_l("Choose who takes over."))])
    sure = BooleanField(
        _l("I know that I cannot approve anything afterwards."),
        validators=[InputRequired(_l("Tick this if you are sure."))],
    )

    def __init__(self, *args: Any, colleagues: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(str(one.id), f"{one.name} ({one.email})") for one in colleagues]
        nobody = [("nobody", _("Nobody else works in our office: administrators of Causeway look for somebody"))]
        self.successor.choices = named or nobody


class RoleForm(FlaskForm):  # type: ignore[misc]
    """What somebody is. `found` holds the institution after validation; None for none.

    Parameters
    ----------
    user
        Whose role it is; it stands in the form until something is chosen.
    """

    role = SelectField(_l("Role"))
    institution = StringField(
        _l("Institution"),
        filters=[trim],
        description=_l("Begin to type its name. Coordinators and administrators may have none."),
    )
    countries = SelectMultipleField(
        _l("Countries of a coordinator"),
        description=_l("Without a country and a network, a coordinator works for all institutions."),
        widget=widgets.ListWidget(prefix_label=False),
        option_widget=widgets.CheckboxInput(),
    )
    network = StringField(
        _l("Network of a coordinator"),
        filters=[trim],
        description=_l("Exactly as institutions state it on their pages."),
        validators=[Length(max=200, message=TOO_LONG)],
    )

    found: Institution | None = None

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        known = {
            "role": user.role.value,
            "institution": labels.full_name(user.institution) if user.institution else "",
            "countries": user.countries,
            "network": user.network,
        }
        super().__init__(*args, data=known, **kwargs)
        self.role.choices = [(role.value, str(label)) for role, label in ROLES.items()]
        self.countries.choices = country_choices()

    def validate_institution(self, field: Field) -> None:
        """Find the institution by its name, or by its name with its place when others share the name."""
        typed = field.data or ""
        if not typed:
            if self.role.data in (Role.LECTURER, Role.OFFICE):
                raise ValidationError(_("Lecturers and offices need an institution."))
            return
        if len(typed) > queries.LONGEST_NAME * 2:
            raise ValidationError(TOO_LONG)
        bare = typed.rpartition(" (")[0] if typed.endswith(")") else typed
        for name in (typed, bare):
            same = queries.by_name(name[: queries.LONGEST_NAME]) if name else []
            exact = [row for row in same if labels.full_name(row) == typed] or same
            if len(exact) == 1:
                self.found = exact[0]
                return
            if exact:
                places = "; ".join(labels.full_name(row) for row in exact)
                raise ValidationError(_("Several institutions have this name. Write one of: %(places)s", places=places))
        raise ValidationError(_("We know no institution of exactly this name."))

    def validate_network(self, field: Field) -> None:
        """Refuse a network no institution names: its coordinator would see nothing."""
        if field.data and self.role.data == Role.COORDINATOR and field.data not in queries.networks_in_use():
            raise ValidationError(_("No institution says that it belongs to this network. Check the spelling."))

    def place(self) -> Place:
        """Give what was chosen."""
        return Place(Role(self.role.data), self.found, tuple(self.countries.data or ()), self.network.data or "")
