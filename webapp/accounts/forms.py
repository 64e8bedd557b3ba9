"""Forms of accounts."""

from collections.abc import Callable, Sequence
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    EmailField,
    Form,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields import Field
from wtforms.validators import DataRequired, Email, InputRequired, Length, Optional, StopValidation

from webapp.access import Role
from webapp.accounts import passwords
from webapp.accounts.labels import ROLES_TO_SIGN_UP_WITH
from webapp.i18n import LANGUAGES, own_language_name
from webapp.institutions import labels, queries, zones
from webapp.institutions.forms import TOO_LONG
from webapp.institutions.models import Institution

CHOICES_OFFERED = 8
"""Institutions offered to somebody whose typed name we do not know (count)."""

PASSWORD_HELP = _l(
    "At least 10 characters. Three or four words that do not belong together are easy to remember and hard to guess."
)


def trim(value: str | None) -> str:
    """Take the spaces off both ends."""
    return (value or "").strip()


def small(value: str | None) -> str:
    """Write a mail address the way we keep it."""
    return trim(value).lower()


def text(field: Field) -> str:
    """Give the text of a field; empty when nothing was sent."""
    return str(field.data or "")


def plain_name(_form: Form, field: Field) -> None:
    """Refuse names that carry an advertisement: mail repeats them to other people."""
    text = field.data or ""
    if "://" in text or "www." in text.lower() or not text.isprintable():
        raise ValidationError(_("Write your name only, without addresses of web pages."))


def email_field() -> EmailField:
    """The field of a mail address."""
    return EmailField(
        _l("Mail address"),
        filters=[small],
        validators=[
            DataRequired(_l("Write your mail address.")),
            Email(_l("This is no complete mail address; it looks like name@university.edu.")),
            Length(max=200, message=_l("This address is too long; 200 characters are the most.")),
        ],
    )


def name_field() -> StringField:
    """The field of a person's name."""
    return StringField(
        _l("Your name"),
        filters=[trim],
        validators=[
            DataRequired(_l("Write your name as your partners should read it.")),
            Length(max=200, message=_l("This name is too long; 200 characters are the most.")),
            plain_name,
        ],
    )


def good_password(personal: Callable[[Any], Sequence[str]]) -> Callable[[Form, Field], None]:
    """Make the validator of a new password; `personal` gives what must not serve as one."""

    def check(form: Form, field: Field) -> None:
        if len(field.data or "") < passwords.SHORTEST:
            raise StopValidation(_("Choose a password of at least %(n)d characters.", n=passwords.SHORTEST))
        if len(field.data) > passwords.LONGEST:
            raise StopValidation(_("Choose a password of at most %(n)d characters.", n=passwords.LONGEST))
        if passwords.is_easy_to_guess(field.data, *personal(form)):
            raise StopValidation(_("This is easy to guess. Choose something that is not your name or address."))

    return check


def language_field(label: LazyString) -> SelectField:
    """The menu of languages, each named in itself."""
    return SelectField(label, choices=[(code, own_language_name(code)) for code in LANGUAGES])


class SignUpForm(FlaskForm):  # type: ignore[misc]
    """Joining. `found` holds the institution after validation; None for a coordinator without one."""

    role = RadioField(
        _l("What you do"),
        choices=[(role.value, label) for role, label in ROLES_TO_SIGN_UP_WITH.items()],
        validators=[InputRequired(_l("Choose what you do."))],
    )
    institution = StringField(
        _l("Your institution"),
        filters=[trim],
        description=_l("Begin to type its name or city. Coordinators of a network may leave this empty."),
    )
    institution_choice = RadioField(_l("Institutions with a similar name"), validators=[Optional()])
    name = name_field()
    email = email_field()
    password = PasswordField(
        _l("Password"),
        description=PASSWORD_HELP,
        validators=[
            DataRequired(_l("Choose a password.")),
            good_password(lambda form: (form.name.data or "", form.email.data or "")),
        ],
    )
    language = language_field(_l("Language of pages and mail"))
    time_zone = SelectField(_l("Your time zone"))
    consent = BooleanField(
        _l("I have read the privacy notice and agree that Causeway stores what I enter for finding partner classes."),
        validators=[InputRequired(_l("We need your agreement to store your details."))],
    )

    found: Institution | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.time_zone.choices = [("", _("The same as my institution")), *zones.choices()]
        self.institution_choice.validate_choice = False
        self.institution_choice.choices = []

    def validate_institution(self, field: Field) -> None:
        """Find the institution by what was typed or chosen; when in doubt offer those that come near."""
        if not field.data:
            if self.role.data != Role.COORDINATOR:
                raise ValidationError(_("Write the name of your institution."))
            return
        if len(field.data) > queries.LONGEST_NAME:
            raise ValidationError(TOO_LONG)
        namesakes = queries.by_name(field.data)
        if len(namesakes) == 1:
            self.found = namesakes[0]
            return
        near = namesakes or [*queries.search(field.data, CHOICES_OFFERED), *queries.nearest(field.data)]
        offered = list({row.id: row for row in near}.values())[:CHOICES_OFFERED]
        self.found = next((row for row in offered if str(row.id) == self.institution_choice.data), None)
        if self.found is not None:
            field.data = self.found.name
        if self.found is None or namesakes:
            self.institution_choice.choices = [(str(row.id), labels.full_name(row)) for row in offered]
        if self.found is not None:
            return
        if namesakes:
            raise ValidationError(_("Several institutions have this name. Choose yours below."))
        if offered:
            raise ValidationError(_("We know no institution of exactly this name. Choose yours below, or correct it."))
        raise ValidationError(
            _("We know no institution with a name like this. Try its official name, its English name or its city.")
        )


class SignInForm(FlaskForm):  # type: ignore[misc]
    """Coming in."""

    email = EmailField(_l("Mail address"), filters=[small], validators=[DataRequired(_l("Write your mail address."))])
    password = PasswordField(_l("Password"), validators=[DataRequired(_l("Write your password."))])


class ConfirmForm(FlaskForm):  # type: ignore[misc]
    """Confirming an address in another browser than the one used for signing up."""

    password = PasswordField(
        _l("Password"),
        description=_l("The one you chose when you signed up."),
        validators=[DataRequired(_l("Write the password you chose when you signed up."))],
    )


class ForgotForm(FlaskForm):  # type: ignore[misc]
    """Asking for a link that sets a new password."""

    email = email_field()


class NewPasswordForm(FlaskForm):  # type: ignore[misc]
    """Choosing a new password. Set `personal` to the person's name and address before validation."""

    personal: tuple[str, ...] = ()
    password = PasswordField(
        _l("New password"),
        description=PASSWORD_HELP,
        validators=[DataRequired(_l("Choose a password.")), good_password(lambda form: form.personal)],
    )


class ChangePasswordForm(NewPasswordForm):
    """Choosing a new password while signed in."""

    present = PasswordField(_l("Present password"), validators=[DataRequired(_l("Write your present password."))])


class RefuseForm(FlaskForm):  # type: ignore[misc]
    """Saying why somebody cannot be verified."""

    reason = TextAreaField(
        _l("Why"),
        filters=[trim],
        validators=[
            DataRequired(_l("Say in a sentence why; the person reads it.")),
            Length(max=1000, message=_l("Write at most 1,000 characters.")),
        ],
    )
