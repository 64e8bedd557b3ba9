"""Pages for verifying people."""

from datetime import UTC, datetime

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from webapp.access import Role, allow
from webapp.accounts import queries, rules
from webapp.accounts.blueprint import bp
from webapp.accounts.forms import RefuseForm, text
from webapp.accounts.labels import role_label
from webapp.accounts.models import User
from webapp.accounts.sessions import this_person
from webapp.db import db
from webapp.institutions import labels as institution_labels


def _actor() -> User:
    user: User = this_person()
    return user


def _page(form: RefuseForm | None = None, refused_id: int | None = None) -> str:
    actor = _actor()
    number = request.args.get("page", 1, type=int)
    page = queries.pending(None if actor.role is Role.ADMINISTRATOR else actor.institution_id, max(number, 1))
    told = queries.verifiers_of(actor.institution_id) if actor.role is Role.OFFICE and actor.institution_id else [actor]
    return render_template(
        "accounts/people.html",
        page=page,
        role_label=role_label,
        full_name=institution_labels.full_name,
        form=form or RefuseForm(formdata=None),
        refused_id=refused_id,
        is_written_to=actor.id in {user.id for user in told},
        may_add_institutions=actor.role is Role.ADMINISTRATOR,
    )


def _person(user_id: int) -> User:
    user = queries.hold(user_id)
    if user is None:
        abort(404)
    return user


@bp.get("/people")
@allow(Role.ADMINISTRATOR, Role.OFFICE)
def people() -> str:
    """List who waits to be verified: for an office the lecturers of its institution."""
    return _page()


@bp.post("/people/<int:user_id>/verify")
@allow(Role.ADMINISTRATOR, Role.OFFICE)
def verify(user_id: int) -> Response:
    """Find somebody's role and institution to be true."""
    user = _person(user_id)
    rules.verify(user, _actor(), datetime.now(UTC))
    name = user.name
    db.session.commit()
    flash(_("%(name)s is verified, and we have written to them.", name=name), "success")
    return redirect(url_for("accounts.people"), 303)


@bp.post("/people/<int:user_id>/refuse")
@allow(Role.ADMINISTRATOR, Role.OFFICE)
def refuse(user_id: int) -> Response | tuple[str, int]:
    """Say that somebody's role or institution is not true, and why."""
    user = _person(user_id)
    rules.check_may_judge(_actor(), user)
    form = RefuseForm()
    if not form.validate_on_submit():
        return _page(form, user_id), 422
    rules.refuse(user, _actor(), text(form.reason), datetime.now(UTC))
    name = user.name
    db.session.commit()
    flash(_("%(name)s is refused, and we have written to them with your reason.", name=name), "success")
    return redirect(url_for("accounts.people"), 303)
