"""Pages for institutions that are missing: asking for one, and answering."""

from datetime import UTC, datetime

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp.access import Role, allow, open_to_everyone
from webapp.accounts import institution_requests
from webapp.accounts.blueprint import bp
from webapp.accounts.forms import RefuseForm, text
from webapp.accounts.request_forms import MissingForm
from webapp.db import db
from webapp.i18n import locale
from webapp.institutions import reference
from webapp.institutions.forms import InstitutionForm, domain
from webapp.institutions.models import Institution, InstitutionRequest

Answer = Response | str | tuple[str, int]


@bp.get("/institutions/missing")
@open_to_everyone
def missing_institution() -> str:
    """Ask which institution is missing; what was typed at sign-up stands in the form already."""
    form = MissingForm(formdata=None, name=request.args.get("name", "")[:200])
    return render_template("accounts/missing_institution.html", form=form)


@bp.post("/institutions/missing")
@open_to_everyone
def ask_for_institution() -> Answer:
    """Take the wish and tell those who can add institutions."""
    form = MissingForm()
    if not form.validate_on_submit():
        return render_template("accounts/missing_institution.html", form=form), 422
    fields = {name: text(form[name]) for name in ("name", "country", "city", "web_page", "email")}
    wanted = institution_requests.Wanted(**fields, language=locale().language)
    institution_requests.ask(wanted, datetime.now(UTC))
    db.session.commit()
    flash(_("Thank you. We look at it and write to %(address)s.", address=wanted.email), "success")
    return redirect(url_for("home.index"), 303)


def _row(request_id: int) -> InstitutionRequest:
    row = institution_requests.get(request_id)
    return abort(404) if row is None else row


@bp.get("/institutions/requests")
@allow(Role.ADMINISTRATOR)
def institution_request_list() -> str:
    """List the institutions people miss."""
    return render_template("accounts/institution_requests.html", rows=institution_requests.undecided())


def _page(row: InstitutionRequest, form: InstitutionForm | None = None, refusal: RefuseForm | None = None) -> str:
    known = {"name": row.name, "country": row.country, "city": row.city, "website_domain": domain(row.web_page)}
    return render_template(
        "accounts/institution_request.html",
        row=row,
        form=form or InstitutionForm(formdata=None, data=known),
        refusal=refusal or RefuseForm(formdata=None),
    )


@bp.get("/institutions/requests/<int:request_id>")
@allow(Role.ADMINISTRATOR)
def institution_request(request_id: int) -> str:
    """Show one wish with the form that fulfils it."""
    return _page(_row(request_id))


@bp.post("/institutions/requests/<int:request_id>/add")
@allow(Role.ADMINISTRATOR)
def add_requested(request_id: int) -> Answer:
    """Add the institution, and write to whoever asked."""
    row, form = _row(request_id), InstitutionForm()
    if not form.validate_on_submit():
        return _page(row, form=form), 422
    made = Institution()
    form.populate_obj(made)
    made.time_zone = made.time_zone or reference.time_zone_of(made.country, made.city)
    institution_requests.add(row, made, current_user, datetime.now(UTC))
    name = made.name
    db.session.commit()
    flash(_("%(name)s is added. People can sign up for it now.", name=name), "success")
    return redirect(url_for("accounts.institution_request_list"), 303)


@bp.post("/institutions/requests/<int:request_id>/decline")
@allow(Role.ADMINISTRATOR)
def decline_requested(request_id: int) -> Answer:
    """Say why it is not added, and write that to whoever asked."""
    row, form = _row(request_id), RefuseForm()
    if not form.validate_on_submit():
        return _page(row, refusal=form), 422
    institution_requests.decline(row, text(form.reason), current_user, datetime.now(UTC))
    name = row.name
    db.session.commit()
    flash(_("%(name)s is not added, and we have written your reason to whoever asked.", name=name), "success")
    return redirect(url_for("accounts.institution_request_list"), 303)
