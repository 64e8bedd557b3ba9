"""The form that invites a partner."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, TextAreaField
from wtforms.validators import Length, ValidationError

from webapp.directory.invitations import LONGEST_NOTE, Chance


class InviteForm(FlaskForm):  # type: ignore[misc]
    """One of the inviter's courses, and some words to the other side."""

    own = RadioField(_l("With which of your courses?"), coerce=int, validate_choice=False)
    note = TextAreaField(
        _l("A few words to the other lecturer"),
        description=_l("Optional. Say why you would like to work together; they read it with your course."),
        validators=[Length(max=LONGEST_NOTE, message=_l("Please write at most %(max)d characters."))],
    )

    def __init__(self, chances: list[Chance], **values: Any) -> None:
        super().__init__(**values)
        self.by_id = {chance.course.id: chance for chance in chances}
        self.own.choices = [(chance.course.id, chance.course.title) for chance in chances]

    @property
    def chosen(self) -> Chance | None:
        """The course that was chosen; None when it is none of the inviter's open ones."""
        return self.by_id.get(self.own.data) if self.own.data is not None else None

    def validate_own(self, field: RadioField) -> None:
        """Take only a course of one's own that no rule keeps from the other."""
        chance = self.chosen
        if chance is None:
            raise ValidationError(_l("Please choose one of your open courses."))
        if chance.hindrances:
            raise ValidationError(" ".join(chance.hindrances))
