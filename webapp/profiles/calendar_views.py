"""The calendar in the form of a course: terms to choose from, and the strip of weeks that follows the dates."""

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, has_request_context, render_template, request
from flask_login import current_user

from webapp.access import Role, allow
from webapp.accounts.sessions import this_person
from webapp.profiles import teaching_calendar, terms, week_grid

bp = Blueprint("calendar", __name__)
bp.add_app_template_global(teaching_calendar.offer_words, "offer_words")

FORM_PAGES = frozenset({"profiles.new", "profiles.create", "profiles.edit", "profiles.update"})
"""Pages with the form of a course."""


def _calendar(form: Any) -> teaching_calendar.TeachingCalendar | None:
    institution = this_person().institution
    return teaching_calendar.of_form(form, institution.country if institution else "")


@bp.app_context_processor
def calendar_parts() -> dict[str, Any]:
    """Give the pages with the form of a course what their calendar shows."""
    if not has_request_context() or request.endpoint not in FORM_PAGES or not current_user.is_authenticated:
        return {}
    return {
        "proposed_terms": terms.proposals(this_person(), datetime.now(UTC).date()),
        "calendar_of": _calendar,
        "week_grid": week_grid.lay_out,
    }


@bp.get("/courses/calendar")
@allow(Role.LECTURER, pending_ok=True)
def show() -> str:
    """Draw the weeks of the term in the address, with the holidays of the lecturer's country."""
    form = teaching_calendar.CalendarForm(request.args)
    return render_template("profiles/_calendar_strip.html", calendar=_calendar(form))
