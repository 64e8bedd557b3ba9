"""Pages of a plan: reading it, changing it, its versions to keep and to print."""

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from webapp.access import Role, allow
from webapp.accounts.sessions import this_person
from webapp.db import db
from webapp.errors import NotAllowedError, WrongStateError
from webapp.institutions import credits
from webapp.institutions.models import Institution
from webapp.matches import approval, plan_changes, plan_documents, plan_pages, plan_versions, queries
from webapp.matches.decisions import Limits
from webapp.matches.lifecycle import Side
from webapp.matches.models import Match, PlanVersion
from webapp.matches.people import may_see, place_of, shows_contacts
from webapp.matches.plan_forms import PlanForm

bp = Blueprint("plans", __name__)


@bp.get("/matches/<int:match_id>/plan")
@allow()
def show(match_id: int) -> str:
    """Show the plan that stands, who approved it, and every version before it."""
    match = _load(match_id)
    return render_template(
        "matches/plan.html",
        match=match,
        plan_page=plan_pages.of(match, this_person()),
        may_edit=plan_changes.may_edit(match, this_person()),
        **_words(match),
    )


@bp.get("/matches/<int:match_id>/plan/versions/<int:number>")
@allow()
def version(match_id: int, number: int) -> str:
    """Show one version alone, to be printed."""
    match = _load(match_id)
    kept = plan_versions.all_of(match)
    found = next((it for it in plan_pages.versions_of(match, kept, this_person()) if it.number == number), None)
    if found is None:
        abort(404)
    return render_template(
        "matches/plan_version.html",
        match=match,
        it=found,
        is_standing=number == kept[-1].number,
        rows=plan_pages.rows(kept[number - 1].document),
        **_words(match),
    )


@bp.get("/matches/<int:match_id>/plan/versions/<int:number>.json")
@allow()
def download(match_id: int, number: int) -> Response:
    """Give one version as the very bytes its fingerprint was made of."""
    match = _load(match_id)
    found = next((it for it in plan_versions.all_of(match) if it.number == number), None)
    if found is None:
        abort(404)
    name = f"causeway-plan-{match_id}-{number}.json"
    return Response(
        plan_documents.canonical(found.document),
        mimetype="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@bp.get("/matches/<int:match_id>/plan/edit")
@allow(Role.LECTURER)
def edit(match_id: int) -> str:
    """Show the form of the plan."""
    match, standing = _to_edit(match_id)
    return _form_page(match, PlanForm(match, standing.document, standing.number))


@bp.post("/matches/<int:match_id>/plan/edit")
@allow(Role.LECTURER)
def update(match_id: int) -> Response | tuple[str, int]:
    """Save the plan as its next version, unless somebody saved one after this form was opened: then show both."""
    match, standing = _to_edit(match_id, hold=True)
    form = PlanForm(match, standing.document, standing.number)
    is_valid = form.validate()
    if form.version.data != str(standing.number):
        return _conflict(match, standing, form)
    if not is_valid:
        return _form_page(match, form), 422
    settings = current_app.config["SETTINGS"]
    offices = _asked_again(match, datetime.now(UTC))
    made = plan_changes.revise(
        match,
        plan_documents.edited(match, standing.document, form.values()),
        this_person(),
        datetime.now(UTC),
        Limits(respond=settings.respond_days, approve=settings.approve_days),
    )
    if made is None:
        flash(_("Nothing was changed: the plan says this already."), "success")
        return redirect(url_for("plans.show", match_id=match_id), 303)
    number = made.number
    db.session.commit()
    if len(offices) == len(Side):
        flash(_("Saved as version %(number)d. Both offices are asked again.", number=number), "success")
    elif offices:
        text = _(
            "Saved as version %(number)d. The office of %(institution)s is asked again.",
            number=number,
            institution=offices[0],
        )
        flash(text, "success")
    else:
        flash(_("Saved as version %(number)d.", number=number), "success")
    return redirect(url_for("plans.show", match_id=match_id), 303)


def _load(match_id: int, *, hold: bool = False) -> Match:
    match = queries.by_id(match_id, hold=hold)
    if match is None:
        abort(404)
    if not may_see(match, this_person()):
        raise NotAllowedError()
    return match


def _to_edit(match_id: int, *, hold: bool = False) -> tuple[Match, PlanVersion]:
    """The match and the version that stands, for a lecturer who may change it now."""
    match = _load(match_id, hold=hold)
    if place_of(match, this_person()) is None:
        raise NotAllowedError()
    standing = plan_versions.current(match)
    if standing is None:
        raise WrongStateError(_("There is a plan once both lecturers have accepted."))
    if not plan_changes.may_edit(match, this_person()):
        raise WrongStateError(_("The plan can no longer be changed. Its page shows how it stands."))
    return match, standing


def _asked_again(match: Match, now: datetime) -> list[str]:
    """Name the institutions whose office a change asks again; empty where nobody has said yes or nobody is asked."""
    on = approval.ground(match, now)
    asked = [side for side in Side if not approval.approves_by_itself(side, on)]
    return [match.course(side).institution.name for side in asked] if approval.must_ask_again(match) else []


def _conflict(match: Match, standing: PlanVersion, form: PlanForm) -> tuple[str, int]:
    """Show the form as typed beside what was saved meanwhile; sending it again keeps what was typed."""
    form.version.data = str(standing.number)
    typed = plan_documents.edited(match, standing.document, form.values())
    differences = plan_documents.changes(standing.document, typed)
    return _form_page(match, form, differences=differences, standing_number=standing.number), 409


def _form_page(match: Match, form: PlanForm, **context: Any) -> str:
    return render_template(
        "matches/plan_edit.html",
        match=match,
        form=form,
        asked_again=_asked_again(match, datetime.now(UTC)),
        credit_helps={side: _credit_help(match.course(side).institution) for side in Side},
        **context,
        **_words(match),
    )


def _credit_help(institution: Institution) -> str:
    system = credits.label(institution.credit_system)
    if not system:
        return str(_("In the credits of this institution, such as 2 or 1.5."))
    return str(_("Counted in %(system)s, such as 2 or 1.5.", system=system))


def _words(match: Match) -> dict[str, Any]:
    return {"sides": list(Side), "title": _pair(match), "shows_contacts": shows_contacts(match)}


def _pair(match: Match) -> str:
    return str(_("%(a)s with %(b)s", a=match.course_a.title, b=match.course_b.title))
