"""Forms of what people set about themselves."""

from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, IntegerField, PasswordField, SelectField, ValidationError
from wtforms.fields import Field
from wtforms.validators import DataRequired, InputRequired, NumberRange, Optional

from webapp.access import Role
from webapp.accounts.forms import language_field, name_field
from webapp.accounts.models import User
from webapp.i18n import LANGUAGES, day, own_language_name
from webapp.institutions import zones

LONGEST_PAUSE = timedelta(days=3 * 366)


class PreferencesForm(FlaskForm):  # type: ignore[misc]
    """What a person can set about themselves; what concerns lecturers only is taken away for others.

    Parameters
    ----------
    today
        The person's present day, from which a pause counts.
    role
        What the person is.
    """

    name = name_field()
    language = language_field(_l("Language of pages"))
    mail_language = SelectField(_l("Language of mail"), filters=[lambda value: value or ""])
    time_zone = SelectField(_l("Your time zone"))
    wants_digest = BooleanField(
        _l("Send me the weekly digest"),
        description=_l("One mail a week when there is something to say about your matches; otherwise none."),
    )
    paused_until = DateField(
        _l("No new partners before"),
        description=_l(
            "Until this day no partner is proposed to you. What is under way goes on. Leave it empty to go on."
        ),
        validators=[Optional()],
    )
    exchanges_at_once = IntegerField(
        _l("Matches at once"),
        description=_l(
            "The most you want to have open at one time, over all your courses. Empty means as many as they offer."
        ),
        validators=[Optional(), NumberRange(1, 50, _l("Write a whole number from 1 to 50, or leave it empty."))],
    )
    is_listed = BooleanField(
        _l("Show my open courses in the directory"),
        description=_l(
            "Verified lecturers, offices and coordinators can then find and read them. "
            "The weekly round looks at them either way."
        ),
    )
    shows_name = BooleanField(
        _l("Show my name with them"),
        description=_l(
            "Otherwise the directory names your institution only. "
            "Your mail address is never shown before both of you accept."
        ),
    )

    def __init__(self, *args: Any, today: date, role: Role, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        same = _("The same as pages")
        self.mail_language.choices = [("", same), *((code, own_language_name(code)) for code in LANGUAGES)]
        self.time_zone.choices = zones.choices()
        if role is not Role.LECTURER:
            for name in ("paused_until", "exchanges_at_once", "is_listed", "shows_name"):
                del self[name]

    def validate_paused_until(self, field: Field) -> None:
        """A pause that is over says nothing, and one of many years is a slip of the pen."""
        if not self.today <= field.data <= self.today + LONGEST_PAUSE:
            last = day(self.today + LONGEST_PAUSE)
            raise ValidationError(_("Choose a day from today to %(last)s, or leave it empty.", last=last))

    def keep(self, user: User) -> None:
        """Write what was chosen."""
        self.populate_obj(user)
        user.mail_language = user.mail_language or None


class LeaveForm(FlaskForm):  # type: ignore[misc]
    """Closing one's account for good."""

    password = PasswordField(
        _l("Your password"), validators=[DataRequired(_l("Write your password, so that nobody else can do this."))]
    )
    sure = BooleanField(
        _l("I know that this cannot be undone."), validators=[InputRequired(_l("Tick this if you are sure."))]
    )
