"""The audit log: a page for administrators and offices, and the same as a file."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import DateField, SelectField, StringField
from wtforms.validators import Optional

from webapp.access import Role, allow
from webapp.accounts import audit_queries, audit_words
from webapp.accounts.audit_queries import Wanted
from webapp.accounts.blueprint import bp
from webapp.accounts.forms import trim
from webapp.audit.labels import action_label

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(9000, 1, 1)


class AuditFilters(FlaskForm):  # type: ignore[misc]
    """What of the audit log to show; it stands in the address, so that the page can be kept and shared."""

    class Meta:
        """Read from the address; nothing is changed, so no token is needed."""

        csrf = False

    who = StringField(_l("Who"), filters=[trim], description=_l("Part of a name or a mail address."))
    action = SelectField(_l("What"), validate_choice=False)
    since = DateField(_l("From"), name="from", validators=[Optional()])
    until = DateField(_l("Until"), validators=[Optional()])


def _institution_id() -> int | None:
    """Whose events somebody may see: an office those of its institution, administrators all."""
    return None if current_user.role is Role.ADMINISTRATOR else int(current_user.institution_id)


def _filters() -> AuditFilters:
    form = AuditFilters(request.args)
    codes = sorted(
        ((code, action_label(code)) for code in audit_queries.actions(_institution_id())), key=lambda c: c[1]
    )
    form.action.choices = [("", _("Everything")), *codes]
    form.validate()
    return form


def _midnight(value: date) -> datetime | None:
    """The beginning of a day where the reader is; None for days no clock of ours can tell."""
    if not FIRST_DAY <= value <= LAST_DAY:
        return None
    zone = ZoneInfo(current_user.time_zone)
    return datetime(value.year, value.month, value.day, tzinfo=zone).astimezone(UTC)


def _wanted(form: AuditFilters) -> Wanted:
    since, until = form.since.data, form.until.data
    return Wanted(
        institution_id=_institution_id(),
        who=(form.who.data or "")[:200],
        action=form.action.data or "",
        since=_midnight(since) if since else None,
        until=_midnight(until + timedelta(days=1)) if until and until < LAST_DAY else None,
    )


def _lines(rows: Any) -> list[audit_words.Line]:
    names = audit_queries.names([event for event, _actor in rows])
    return [audit_words.line(event, actor, names) for event, actor in rows]


@bp.get("/audit")
@allow(Role.ADMINISTRATOR, Role.OFFICE)
def audit() -> str:
    """Show what offices, coordinators and administrators did: all of it, or what concerns one's own institution."""
    form = _filters()
    page = audit_queries.page_of(_wanted(form), max(request.args.get("page", 1, type=int), 1))
    asked = {name: value for name, value in request.args.items() if name != "page" and value}
    return render_template(
        "accounts/audit.html",
        form=form,
        page=page,
        lines=_lines(page.items),
        said=audit_words.said,
        asked=asked,
        sees_all=_institution_id() is None,
        most=audit_queries.MOST_IN_FILE,
    )


@bp.get("/audit.csv")
@allow(Role.ADMINISTRATOR, Role.OFFICE)
def audit_file() -> Response:
    """Give the same events as a file."""
    text = audit_words.as_csv(_lines(audit_queries.newest(_wanted(_filters()))))
    headers = {"Content-Disposition": 'attachment; filename="causeway-audit.csv"'}
    return Response(text, content_type="text/csv; charset=utf-8", headers=headers)
