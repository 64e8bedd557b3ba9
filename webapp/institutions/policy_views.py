"""The page of how an institution approves."""

from datetime import UTC, datetime

from flask import abort, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp.access import Role, allow
from webapp.db import db
from webapp.institutions import policy_queries, policy_rules, queries, rules, signers
from webapp.institutions.blueprint import bp
from webapp.institutions.models import Institution
from webapp.institutions.policy_forms import PolicyForm

Answer = Response | str | tuple[str, int]


def _own(institution_id: int) -> Institution:
    row = queries.get(institution_id) or abort(404)
    rules.check_may_edit(current_user, row)
    return row


def _page(row: Institution, form: PolicyForm) -> str:
    settings = current_app.config["SETTINGS"]
    return render_template(
        "institutions/policy.html",
        row=row,
        form=form,
        usual_days=settings.approve_days,
        warning=signers.warning(row),
    )


@bp.get("/institutions/<int:institution_id>/policy")
@allow(Role.OFFICE, Role.ADMINISTRATOR)
def policy(institution_id: int) -> str:
    """Ask how the institution approves."""
    row = _own(institution_id)
    form = PolicyForm(formdata=None)
    form.show(policy_queries.of(row.id))
    return _page(row, form)


@bp.post("/institutions/<int:institution_id>/policy")
@allow(Role.OFFICE, Role.ADMINISTRATOR)
def save_policy(institution_id: int) -> Answer:
    """Keep how it approves."""
    row = _own(institution_id)
    form = PolicyForm()
    if not form.validate_on_submit():
        return _page(row, form), 422
    has_changed = policy_rules.save(row, form.terms(), current_user, datetime.now(UTC))
    db.session.commit()
    flash(_("How you approve is saved.") if has_changed else _("Everything is as before."), "success")
    return redirect(url_for("institutions.policy", institution_id=institution_id), 303)
