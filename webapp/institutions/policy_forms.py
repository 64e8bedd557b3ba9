"""The form of how an institution approves."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, RadioField, StringField, TextAreaField, ValidationError
from wtforms.fields import Field
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from webapp.institutions.forms import TOO_LONG, trim
from webapp.institutions.models import ApprovalPolicy, Chain
from webapp.institutions.policy_rules import Terms

LONGEST_ASKS = 1000
MOST_DAYS = 120

CHAIN_LABELS = {
    Chain.OFFICE: _l("The international office"),
    Chain.OFFICE_THEN_SECOND: _l("The international office, and then a second person"),
    Chain.NONE: _l("Nobody: a match counts as approved here once both lecturers have accepted"),
}


class PolicyForm(FlaskForm):  # type: ignore[misc]
    """Who approves for an institution, and what they need for it."""

    chain = RadioField(
        _l("Who approves"),
        choices=[(chain.value, label) for chain, label in CHAIN_LABELS.items()],
        validators=[InputRequired(_l("Choose who approves."))],
    )
    second_title = StringField(
        _l("Who the second person is"),
        filters=[trim],
        description=_l(
            "Such as the dean or the board, as your colleagues call them; only where a second person approves. It is "
            "always another person than the one who approved for the office."
        ),
        validators=[Length(max=200, message=TOO_LONG)],
    )
    needs_agreement = BooleanField(
        _l("Only with an agreement on file"),
        description=_l(
            "Nobody can approve until an agreement with the partner institution is on file and has not ended."
        ),
    )
    answer_days = IntegerField(
        _l("Days to answer"),
        description=_l("Both institutions have as long as the slower of them needs. Empty means the usual time."),
        validators=[
            Optional(),
            NumberRange(1, MOST_DAYS, message=_l("Write a number of days from %(min)s to %(max)s, or nothing.")),
        ],
        render_kw={"inputmode": "numeric"},
    )
    asks = TextAreaField(
        _l("What your people look at"),
        filters=[trim],
        description=_l(
            "Those who approve read it beside the match and in the message that asks them: credit, workload, student "
            "data, whatever counts for you."
        ),
        validators=[Length(max=LONGEST_ASKS, message=_l("Write at most 1,000 characters."))],
        render_kw={"rows": 5},
    )

    def validate_second_title(self, field: Field) -> None:
        """Ask who the second person is where there is one."""
        if self.chain.data == Chain.OFFICE_THEN_SECOND and not field.data:
            raise ValidationError(_l("Write who the second person is, so that everybody knows who is awaited."))

    def show(self, policy: ApprovalPolicy) -> None:
        """Put what holds now into the fields."""
        self.chain.data = policy.chain.value
        self.second_title.data = policy.second_title
        self.needs_agreement.data = policy.needs_agreement
        self.answer_days.data = policy.answer_days
        self.asks.data = policy.asks

    def terms(self) -> Terms:
        """Give what was chosen; the second person is forgotten where none approves."""
        chain = Chain(self.chain.data)
        return Terms(
            chain=chain,
            second_title=self.second_title.data or "" if chain is Chain.OFFICE_THEN_SECOND else "",
            needs_agreement=bool(self.needs_agreement.data),
            answer_days=self.answer_days.data,
            asks=self.asks.data or "",
        )
