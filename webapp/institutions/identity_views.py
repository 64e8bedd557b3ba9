"""The page on which administrators correct what an institution is called and where it is."""

from datetime import UTC, datetime

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp.access import Role, allow
from webapp.db import db
from webapp.institutions import identity_rules, queries
from webapp.institutions.blueprint import bp
from webapp.institutions.identity_forms import IdentityForm
from webapp.institutions.models import Institution


def _institution(institution_id: int) -> Institution:
    return queries.get(institution_id) or abort(404)


def _page(row: Institution, form: IdentityForm) -> str:
    return render_template("institutions/identity.html", row=row, form=form)


@bp.get("/institutions/<int:institution_id>/identity")
@allow(Role.ADMINISTRATOR)
def identity(institution_id: int) -> str:
    """Ask what an institution is called and in which country it is."""
    row = _institution(institution_id)
    return _page(row, IdentityForm(formdata=None, institution=row))


@bp.post("/institutions/<int:institution_id>/identity")
@allow(Role.ADMINISTRATOR)
def save_identity(institution_id: int) -> Response | tuple[str, int]:
    """Keep its name and country."""
    row = _institution(institution_id)
    form, country = IdentityForm(institution=row), row.country
    if not form.validate_on_submit():
        return _page(row, form), 422
    name = str(form.name.data)
    has_changed = identity_rules.identify(row, name, form.country.data, current_user, datetime.now(UTC))
    moved = row.country != country
    db.session.commit()
    flash(_("%(name)s is saved.", name=name) if has_changed else _("Everything is as before."), "success")
    if moved:
        text = _("Look at its city, time zone, credit system and data-protection law too: they stay as they were.")
        flash(text, "warning")
    return redirect(url_for("institutions.show", institution_id=institution_id), 303)
