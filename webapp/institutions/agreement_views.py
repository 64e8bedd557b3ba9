"""The agreements an institution has on file: list, add, change, remove."""

from datetime import UTC, date, datetime

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp.access import Role, allow
from webapp.db import db
from webapp.errors import WrongStateError
from webapp.institutions import agreement_queries, agreement_rules, queries, rules
from webapp.institutions.agreement_forms import AgreementForm, NewAgreementForm
from webapp.institutions.blueprint import bp
from webapp.institutions.models import Institution, PartnerAgreement

PER_PAGE = 25

Answer = Response | str | tuple[str, int]


def _today() -> date:
    return datetime.now(UTC).date()


def _own() -> Institution:
    return queries.get(current_user.institution_id) or abort(404)


def _agreement(agreement_id: int) -> PartnerAgreement:
    row = agreement_queries.get(agreement_id) or abort(404)
    rules.check_may_edit(current_user, row.institution)
    return row


@bp.get("/agreements")
@allow(Role.OFFICE)
def agreements() -> str:
    """List the agreements on file, and warn of those that end soon."""
    today = _today()
    key = current_user.institution_id
    return render_template(
        "institutions/agreements.html",
        page=db.paginate(agreement_queries.of_institution(key), per_page=PER_PAGE, error_out=False),
        ending=agreement_queries.ending(key, today, today + agreement_rules.SOON),
        today=today,
    )


@bp.get("/agreements/new")
@allow(Role.OFFICE)
def new_agreement() -> str:
    """Ask for an agreement; the partner may stand in the address."""
    form = NewAgreementForm(formdata=None)
    partner = queries.get(request.args.get("partner", 0, type=int))
    if partner is not None:
        form.partner.data, form.country.data = partner.name, partner.country
    return render_template("institutions/agreement.html", form=form, row=None)


@bp.post("/agreements")
@allow(Role.OFFICE)
def add_agreement() -> Answer:
    """Put it on file."""
    form = NewAgreementForm()
    if not form.validate_on_submit() or form.found is None:
        return render_template("institutions/agreement.html", form=form, row=None), 422
    name = form.found.name
    try:
        agreement_rules.add(_own(), form.found, form.paper(), current_user, datetime.now(UTC))
    except WrongStateError as error:
        form.reference.errors = [error.message]
        return render_template("institutions/agreement.html", form=form, row=None), 422
    db.session.commit()
    flash(_("The agreement with %(partner)s is on file.", partner=name), "success")
    return redirect(url_for("institutions.agreements"), 303)


@bp.get("/agreements/<int:agreement_id>")
@allow(Role.OFFICE)
def agreement(agreement_id: int) -> str:
    """Ask what changes in an agreement."""
    row = _agreement(agreement_id)
    return render_template("institutions/agreement.html", form=AgreementForm(formdata=None, obj=row), row=row)


@bp.post("/agreements/<int:agreement_id>")
@allow(Role.OFFICE)
def save_agreement(agreement_id: int) -> Answer:
    """Keep what changed."""
    row = _agreement(agreement_id)
    form = AgreementForm()
    if not form.validate_on_submit():
        return render_template("institutions/agreement.html", form=form, row=row), 422
    try:
        has_changed = agreement_rules.change(row, form.paper(), current_user, datetime.now(UTC))
    except WrongStateError as error:
        form.reference.errors = [error.message]
        return render_template("institutions/agreement.html", form=form, row=row), 422
    db.session.commit()
    flash(_("The agreement is saved.") if has_changed else _("Everything is as before."), "success")
    return redirect(url_for("institutions.agreements"), 303)


@bp.post("/agreements/<int:agreement_id>/remove")
@allow(Role.OFFICE)
def remove_agreement(agreement_id: int) -> Response:
    """Take it off the file."""
    row = _agreement(agreement_id)
    name = row.partner.name
    agreement_rules.remove(row, current_user, datetime.now(UTC))
    db.session.commit()
    flash(_("The agreement with %(partner)s is no longer on file.", partner=name), "success")
    return redirect(url_for("institutions.agreements"), 303)
