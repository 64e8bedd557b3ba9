"""The page of an institution, and the forms behind it: what it says about itself, and its terms."""

from datetime import UTC, datetime
from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp.access import Role, allow
from webapp.db import db
from webapp.institutions import credits, data_protection, domains, labels, queries, rules
from webapp.institutions.blueprint import bp
from webapp.institutions.models import Institution, InstitutionTerm
from webapp.institutions.page_forms import PageForm, TermForm, break_days

Answer = Response | str | tuple[str, int]


def _institution(institution_id: int) -> Institution:
    return queries.get(institution_id) or abort(404)


def _own(institution_id: int) -> Institution:
    """The institution, if this person may change it."""
    row = _institution(institution_id)
    rules.check_may_edit(current_user, row)
    return row


@bp.get("/institution")
@allow(Role.LECTURER, Role.OFFICE)
def mine() -> Response:
    """Lead to the page of one's own institution."""
    return redirect(url_for("institutions.show", institution_id=current_user.institution_id))


@bp.get("/institutions/<int:institution_id>")
@allow()
def show(institution_id: int) -> str:
    """Show what an institution says about itself to everybody who is signed in."""
    row = _institution(institution_id)
    return render_template(
        "institutions/show.html",
        row=row,
        place=labels.place(row),
        type_label=labels.type_label(row.institution_type),
        terms=queries.terms_of(row.id),
        break_days=break_days,
        system=credits.systems().get(row.credit_system),
        regime=data_protection.regime_label(row.privacy_regime, row.country),
        regime_help=data_protection.help_of(data_protection.REGIMES, row.privacy_regime),
        basis=data_protection.basis_label(row.transfer_basis),
        basis_help=data_protection.help_of(data_protection.BASES, row.transfer_basis),
        domains=domains.of_institution(row),
        may_edit=rules.may_edit(current_user, row),
        is_own=current_user.institution_id == row.id,
    )


def _edit_page(row: Institution, form: PageForm) -> str:
    return render_template(
        "institutions/edit.html",
        row=row,
        form=form,
        networks=queries.networks_in_use(),
        usual_regime=data_protection.regime_label(data_protection.usual_regime(row.country), row.country),
        bases=data_protection.BASES.values(),
    )


@bp.get("/institutions/<int:institution_id>/edit")
@allow(Role.OFFICE, Role.ADMINISTRATOR)
def edit(institution_id: int) -> str:
    """Ask what the institution says about itself."""
    row = _own(institution_id)
    return _edit_page(row, PageForm(formdata=None, institution=row))


@bp.post("/institutions/<int:institution_id>/edit")
@allow(Role.OFFICE, Role.ADMINISTRATOR)
def update(institution_id: int) -> Answer:
    """Keep what it says."""
    row = _own(institution_id)
    form = PageForm(institution=row)
    if not form.validate_on_submit():
        return _edit_page(row, form), 422
    has_changed = rules.edit(row, form.values(), current_user, datetime.now(UTC))
    db.session.commit()
    flash(_("The page is saved.") if has_changed else _("Everything is as before."), "success")
    return redirect(url_for("institutions.show", institution_id=institution_id), 303)


def _term(institution_id: int, term_id: int) -> InstitutionTerm:
    return queries.term_of(institution_id, term_id) or abort(404)


def _term_page(row: Institution, form: TermForm, term: InstitutionTerm | None) -> str:
    return render_template(
        "institutions/terms.html", row=row, form=form, term=term, terms=queries.terms_of(row.id), break_days=break_days
    )


@bp.get("/institutions/<int:institution_id>/terms")
@allow(Role.OFFICE, Role.ADMINISTRATOR)
def terms(institution_id: int) -> str:
    """List the terms of an institution, and ask for another."""
    return _term_page(_own(institution_id), TermForm(formdata=None), None)


@bp.get("/institutions/<int:institution_id>/terms/<int:term_id>")
@allow(Role.OFFICE, Role.ADMINISTRATOR)
def term(institution_id: int, term_id: int) -> str:
    """Ask what changes in a term."""
    row, found = _own(institution_id), _term(institution_id, term_id)
    return _term_page(row, TermForm(formdata=None, term=found), found)


def _save(row: Institution, found: InstitutionTerm | None) -> Answer:
    # What was sent counts, also where it leaves out a break.
    form = TermForm()
    if not form.validate_on_submit():
        return _term_page(row, form, found), 422
    dates: Any = (form.starts_on.data, form.ends_on.data)
    name = str(form.name.data)
    rules.save_term(row, found, name, dates, form.break_values(), current_user, datetime.now(UTC))
    institution_id = row.id
    db.session.commit()
    flash(_("%(name)s is saved. Lecturers can choose it in their courses.", name=name), "success")
    return redirect(url_for("institutions.terms", institution_id=institution_id), 303)


@bp.post("/institutions/<int:institution_id>/terms")
@allow(Role.OFFICE, Role.ADMINISTRATOR)
def add_term(institution_id: int) -> Answer:
    """Add a term."""
    return _save(_own(institution_id), None)


@bp.post("/institutions/<int:institution_id>/terms/<int:term_id>")
@allow(Role.OFFICE, Role.ADMINISTRATOR)
def save_term(institution_id: int, term_id: int) -> Answer:
    """Change a term."""
    return _save(_own(institution_id), _term(institution_id, term_id))


@bp.post("/institutions/<int:institution_id>/terms/<int:term_id>/delete")
@allow(Role.OFFICE, Role.ADMINISTRATOR)
def delete_term(institution_id: int, term_id: int) -> Response:
    """Delete a term."""
    row, found = _own(institution_id), _term(institution_id, term_id)
    name = found.name
    rules.delete_term(row, found, current_user, datetime.now(UTC))
    db.session.commit()
    flash(_("%(name)s is deleted. Courses that took over its days keep them.", name=name), "success")
    return redirect(url_for("institutions.terms", institution_id=institution_id), 303)
