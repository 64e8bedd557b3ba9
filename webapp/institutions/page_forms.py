"""Forms of what an institution says about itself: its page, and its terms."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, FieldList, Form, FormField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.fields import Field
from wtforms.validators import DataRequired, Length, Optional

from webapp.institutions import credits, data_protection, domains, labels, queries, zones
from webapp.institutions.forms import TOO_LONG, trim
from webapp.institutions.models import Institution, InstitutionTerm

MOST_DOMAINS = 20
MOST_NETWORKS = 20
MOST_BREAKS = 12
SPARE_ROWS = 3
"""Rows left empty below those filled in; more come with every saving."""
LONGEST_TEXT = 3000
LONGEST_TERM_DAYS = 366
NO_DATE = _l("Write the date as year-month-day, such as 2027-03-01.")


def _day(label: Any, *validators: Any) -> DateField:
    return DateField(label, validators=list(validators))


def _full_address(typed: str | None) -> str:
    """Give a web address with its scheme, which people often leave out."""
    text = trim(typed)
    return text if not text or "://" in text else f"https://{text}"


def _add_rows(rows: Any, n_filled: int, most: int) -> None:
    while len(rows) < min(n_filled + SPARE_ROWS, most):
        rows.append_entry()


def _lines(text: str) -> list[str]:
    return list(dict.fromkeys(one for line in text.splitlines() if (one := domains.cut(line))))


class PageForm(FlaskForm):  # type: ignore[misc]
    """What an institution says about itself.

    Parameters
    ----------
    institution
        The institution; its values stand in the form until something is typed.
    """

    description = TextAreaField(
        _l("About the institution"),
        filters=[trim],
        description=_l("What a partner should know: what you teach, how large you are, what you are known for."),
        validators=[Length(max=LONGEST_TEXT, message=_l("Write at most 3,000 characters."))],
        render_kw={"rows": 6},
    )
    institution_type = SelectField(_l("Institution type"))
    web_page = StringField(
        _l("Web page"),
        filters=[_full_address],
        description=_l("Of the institution or of its international office."),
        validators=[Length(max=200, message=TOO_LONG)],
        render_kw={"inputmode": "url"},
    )
    city = StringField(_l("City"), filters=[trim], validators=[Length(max=200, message=TOO_LONG)])
    time_zone = SelectField(_l("Time zone"))
    domains = TextAreaField(
        _l("Domains of its mail addresses"),
        filters=[trim],
        description=_l(
            "One on each line, such as hanu.edu.vn. Lecturers whose address ends in one of them are verified at once, "
            "so leave out domains that others use too."
        ),
        render_kw={"rows": 3, "spellcheck": "false", "autocapitalize": "off"},
    )
    credit_system = SelectField(_l("Credit system"))
    support = TextAreaField(
        _l("What the office offers lecturers"),
        filters=[trim],
        description=_l(
            "Such as hours off for planning, a seminar on virtual exchange, help with tools or certificates."
        ),
        validators=[Length(max=LONGEST_TEXT, message=_l("Write at most 3,000 characters."))],
        render_kw={"rows": 4},
    )
    privacy_regime = SelectField(
        _l("Data-protection law"), description=_l("The law your institution works under when it keeps student data.")
    )
    transfer_basis = SelectField(
        _l("Student data across borders"), description=_l("On what basis data of your students may go to a partner.")
    )
    networks = FieldList(
        StringField(_l("Network"), filters=[trim], validators=[Length(max=120, message=_l("Use a shorter name."))]),
        _l("Networks"),
        max_entries=MOST_NETWORKS,
    )

    def __init__(self, *args: Any, institution: Institution, **kwargs: Any) -> None:
        known = {"domains": "\n".join(domains.of_institution(institution))}
        super().__init__(*args, obj=institution, data=known, **kwargs)
        self.institution = institution
        self.time_zone.choices = zones.choices()
        if institution.time_zone not in dict(self.time_zone.choices):
            self.time_zone.choices.append((institution.time_zone, institution.time_zone))
        unknown = ("", _("Not stated"))
        self.institution_type.choices = [unknown, *((one.value, str(it)) for one, it in labels.TYPE_LABELS.items())]
        self.credit_system.choices = [unknown, *credits.choices(institution.country)]
        bases = data_protection.BASES
        offered = data_protection.regimes_of(institution.country)
        # What was stated before the list grew shorter stays.
        if institution.privacy_regime and institution.privacy_regime not in offered:
            offered.append(institution.privacy_regime)
        named = [(code, data_protection.regime_label(code, institution.country)) for code in offered]
        self.privacy_regime.choices = [unknown, *named]
        self.transfer_basis.choices = [unknown, *((code, str(label)) for code, (label, _help) in bases.items())]
        _add_rows(self.networks, sum(bool(row.data) for row in self.networks), MOST_NETWORKS)

    def validate_web_page(self, field: Field) -> None:
        """Refuse what no browser could open."""
        if not field.data:
            return
        try:
            parts = urlsplit(field.data)
            is_sound = parts.scheme in ("http", "https") and "." in (parts.hostname or "").strip(".")
        except ValueError:
            is_sound = False
        if not is_sound or not field.data.isprintable() or " " in field.data:
            raise ValidationError(_("Write the address as browsers show it, such as https://www.example.org."))

    def validate_domains(self, field: Field) -> None:
        """Refuse what is no domain, domains anybody can have an address in, and those of other institutions."""
        found = _lines(field.data or "")
        if len(found) > MOST_DOMAINS:
            raise ValidationError(_("Write at most %(n)d domains.", n=MOST_DOMAINS))
        new = [one for one in found if one not in domains.of_institution(self.institution)]
        for one in new:
            problem = TOO_LONG if len(one) > 200 else domains.problem_of(one)
            if problem:
                raise ValidationError(problem)
        for one, owner in queries.owners_of(new, self.institution.id).items():
            raise ValidationError(_("%(domain)s is a domain of %(owner)s.", domain=one, owner=owner))

    def values(self) -> dict[str, Any]:
        """Give the new values by column; networks others name already are spelled as they spell them."""
        found = _lines(self.domains.data or "")
        spelled = {name.casefold(): name for name in queries.networks_in_use()}
        typed = [" ".join(row.data.split()) for row in self.networks if row.data]
        texts = ("description", "institution_type", "web_page", "city", "time_zone", "credit_system", "support")
        return {
            **{key: self[key].data for key in texts},
            "privacy_regime": self.privacy_regime.data,
            "transfer_basis": self.transfer_basis.data,
            "website_domain": found[0] if found else "",
            "more_domains": found[1:],
            "networks": list(dict.fromkeys(spelled.get(name.casefold(), name) for name in typed)),
        }


class BreakRow(Form):
    """Days without teaching, from the first to the last."""

    first = _day(_l("From"), Optional())
    last = _day(_l("To"), Optional())


class TermForm(FlaskForm):  # type: ignore[misc]
    """A term with its breaks.

    Parameters
    ----------
    term
        The term to change; None asks for a new one.
    """

    name = StringField(
        _l("Name of the term"),
        filters=[trim],
        description=_l("As your institution calls it, such as “Semester 2”."),
        validators=[DataRequired(_l("Write the name.")), Length(max=200, message=TOO_LONG)],
    )
    starts_on = _day(_l("First day of teaching"), DataRequired(NO_DATE))
    ends_on = _day(_l("Last day of teaching"), DataRequired(NO_DATE))
    breaks = FieldList(FormField(BreakRow), _l("Breaks"), max_entries=MOST_BREAKS)

    def __init__(self, *args: Any, term: InstitutionTerm | None = None, **kwargs: Any) -> None:
        known = {}
        if term is not None:
            known = {"name": term.name, "starts_on": term.starts_on, "ends_on": term.ends_on}
            known["breaks"] = [{"first": start, "last": end} for start, end in break_days(term.breaks)]
        super().__init__(*args, data=known, **kwargs)
        _add_rows(self.breaks, sum(any(row.data.values()) for row in self.breaks), MOST_BREAKS)

    def validate_ends_on(self, field: Field) -> None:
        """Refuse a term that ends before it starts, or is longer than a year."""
        if self.starts_on.data is None:
            return
        if field.data < self.starts_on.data:
            raise ValidationError(_("The term ends before it starts; check both days."))
        if (field.data - self.starts_on.data).days > LONGEST_TERM_DAYS:
            raise ValidationError(_("The term is longer than a year; check both days."))

    def validate_breaks(self, field: Any) -> None:
        """Refuse breaks without a first day, in the wrong order or outside the term."""
        for row in field:
            first, last = row.form.first, row.form.last
            if last.data and not first.data and not first.errors:
                first.errors = [_("Give the first day of this break.")]
            elif first.data and last.data and last.data < first.data:
                last.errors = [_("This break ends before it starts; check both days.")]
            elif first.data and self.starts_on.data and self.ends_on.data:
                end = last.data or first.data
                if first.data < self.starts_on.data or end > self.ends_on.data:
                    first.errors = [_("This break lies outside the term; check its days or those of the term.")]
            if first.errors or last.errors:
                raise ValidationError()

    def break_values(self) -> list[dict[str, str]]:
        """Breaks as the model keeps them, in order of time; a break without a last day is one day long."""
        rows: Any = self.breaks
        typed = [(row.form.first.data, row.form.last.data) for row in rows if row.form.first.data]
        return [{"from": first.isoformat(), "to": (last or first).isoformat()} for first, last in sorted(typed)]


def break_days(breaks: Iterable[dict[str, str]]) -> list[tuple[date, date]]:
    """Give the first and last days of breaks as a term keeps them."""
    return [(date.fromisoformat(one["from"]), date.fromisoformat(one["to"])) for one in breaks]
