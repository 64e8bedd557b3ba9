"""The form with which people decide."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.validators import AnyOf, InputRequired, Length, ValidationError

from webapp.matches import sight
from webapp.matches.approval import Ground
from webapp.matches.decisions import LONGEST_NOTE
from webapp.matches.labels import OTHER_REASON, reason_choices
from webapp.matches.lifecycle import Action, Actor, transition
from webapp.matches.models import Match
from webapp.matches.people import Place, actions_for, place_of


class DecideForm(FlaskForm):  # type: ignore[misc]
    """One action, what of the match its page showed, and a reason where the action needs one."""

    action = HiddenField(validators=[InputRequired(), AnyOf([action.value for action in Action])])
    seen = HiddenField(validators=[InputRequired()])
    """What of the match counts for this person, as `sight` writes it."""
    reason = RadioField(_l("Why?"), description=_l("The other side reads this."))
    note = TextAreaField(
        _l("In your own words"),
        description=_l("Optional, unless you choose “Another reason”. The other side reads this."),
        validators=[Length(max=LONGEST_NOTE, message=_l("Please write at most %(max)d characters."))],
    )

    def __init__(self, *, action: Action, actor: Actor, needs_reason: bool, **values: Any) -> None:
        super().__init__(**values)
        self.needs_reason = needs_reason
        self.asks = action is Action.RETURN
        choices = reason_choices(action, actor)
        self.codes = frozenset(choices)
        self.reason.choices = list(choices.items())
        self.reason.validate_choice = False
        if self.asks:
            self.reason.label.text = _l("What are your questions about?")
            self.note.label.text = _l("What is to be settled?")
            self.reason.description = ""
            self.note.description = _l("Your questions to both lecturers. The partner’s office reads them too.")
            self.note.flags.required = True
        # Several forms stand on one page, each with fields of its own.
        for field in self:
            field.id = f"{action}-{field.short_name}"

    def validate_reason(self, field: RadioField) -> None:
        """Ask for a reason of the list where the action needs one."""
        if self.needs_reason and field.data not in self.codes:
            if self.asks:
                raise ValidationError(_l("Please choose what your questions are about."))
            raise ValidationError(_l("Please choose a reason, so that the other side knows why."))

    def validate_note(self, field: TextAreaField) -> None:
        """Ask for words where the reason says nothing by itself, and for the questions of an office."""
        if self.asks and not (field.data or "").strip():
            raise ValidationError(_l("Please write what is to be settled, so that the lecturers can do it."))
        if self.needs_reason and self.reason.data == OTHER_REASON and not (field.data or "").strip():
            raise ValidationError(_l("Please say in your own words what the other reason is."))


def forms_for(
    match: Match, user: Any, on: Ground, *, plan: str = "", sent: DecideForm | None = None
) -> dict[Action, DecideForm]:
    """Make a form for each action a person may take now.

    Parameters
    ----------
    match, user
        The match, and who looks at it.
    on
        What its approval rests on.
    plan
        The fingerprint of the plan the page shows; empty when there is none yet.
    sent
        A form that came back with errors; it stands in the place of its action, with what was typed.
    """
    place = place_of(match, user)
    forms: dict[Action, DecideForm] = {}
    for action in actions_for(match, user, on) if place else ():
        if sent is not None and sent.action.data == action:
            forms[action] = sent
        elif place is not None:
            forms[action] = make_form(match, action, place, plan=plan, formdata=None)
    return forms


def make_form(match: Match, action: Action, place: Place, *, plan: str = "", **values: Any) -> DecideForm:
    """Make the form of one action for somebody who stands in this place."""
    found = transition(match.state, action)
    data = {"action": action.value, "seen": str(sight.of(match, place, plan))}
    needs_reason = bool(found and found.needs_reason)
    return DecideForm(action=action, actor=place.actor, needs_reason=needs_reason, data=data, **values)
