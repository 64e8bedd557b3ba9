"""Forms of the dial."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import FloatField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange


class DialForm(FlaskForm):  # type: ignore[misc]
    """A position of the dial, and why."""

    at = FloatField(
        _l("Position"),
        validators=[
            InputRequired(_l("Choose a position of the dial.")),
            NumberRange(0, 1, _l("A position is a number from 0 to 1.")),
        ],
    )
    note = TextAreaField(
        _l("Why (optional)"),
        description=_l("Kept with the choice and shown to other coordinators."),
        validators=[Length(max=500, message=_l("At most 500 letters."))],
    )
