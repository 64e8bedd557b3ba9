"""The form that names a search."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, StringField
from wtforms.validators import InputRequired, Length


class KeepForm(FlaskForm):  # type: ignore[misc]
    """A name, and whether mail is wanted."""

    name = StringField(
        _l("Name of the search"),
        validators=[
            InputRequired(message=_l("Please give the search a name.")),
            Length(max=100, message=_l("Please write at most %(max)d characters.")),
        ],
    )
    wants_mail = BooleanField(
        _l("Write to me when a new course fits"),
        description=_l("At most one message a day, and only when there is something new."),
    )


class RenameForm(FlaskForm):  # type: ignore[misc]
    """Another name."""

    name = StringField(
        _l("New name"),
        validators=[
            InputRequired(message=_l("Please give the search a name.")),
            Length(max=100, message=_l("Please write at most %(max)d characters.")),
        ],
    )
