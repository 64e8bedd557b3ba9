"""Suggestions of institutions, and adding one. The page of an institution stands in page_views."""

from datetime import UTC, datetime

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp.access import Role, allow, open_to_everyone
from webapp.db import db
from webapp.institutions import (
    agreement_views,
    identity_views,
    labels,
    page_views,
    policy_views,
    queries,
    reference,
    rules,
)
from webapp.institutions.blueprint import bp
from webapp.institutions.forms import InstitutionForm
from webapp.institutions.models import Institution

__all__ = ["agreement_views", "bp", "identity_views", "page_views", "policy_views"]


@bp.get("/institutions/options")
@open_to_everyone
def options() -> str:
    """Suggest institutions for what has been typed so far, as options of a datalist."""
    typed = next((typed for name in ("q", "institution", "partner") if (typed := request.args.get(name))), "")
    found = [(row.name, labels.place(row)) for row in queries.search(typed[:200])]
    return render_template("institutions/options.html", found=found)


@bp.get("/institutions/new")
@allow(Role.ADMINISTRATOR)
def new() -> str:
    """Ask for an institution the reference list lacks."""
    return render_template("institutions/new.html", form=InstitutionForm())


@bp.post("/institutions/new")
@allow(Role.ADMINISTRATOR)
def add() -> Response | tuple[str, int]:
    """Add it."""
    form = InstitutionForm()
    if not form.validate_on_submit():
        return render_template("institutions/new.html", form=form), 422
    row = Institution()
    form.populate_obj(row)
    row.time_zone = row.time_zone or reference.time_zone_of(row.country, row.city)
    rules.add(row, current_user, datetime.now(UTC))
    name = row.name
    db.session.commit()
    flash(_("%(name)s is added. People can sign up for it now.", name=name), "success")
    return redirect(url_for("institutions.new"), 303)
