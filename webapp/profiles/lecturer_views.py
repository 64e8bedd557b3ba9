"""The page about the lecturer."""

from datetime import UTC, datetime

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from webapp.access import Role, allow
from webapp.accounts.sessions import this_person
from webapp.db import db
from webapp.profiles import queries, rules
from webapp.profiles.blueprint import bp
from webapp.profiles.lecturer_form import LecturerForm, lecturer_data

Answer = str | Response | tuple[str, int]


def _lecturer_page(form: LecturerForm, status: int = 200, added: str = "") -> tuple[str, int]:
    return render_template("profiles/lecturer.html", form=form, added=added), status


@bp.get("/lecturer-profiles/mine")
@allow(Role.LECTURER, pending_ok=True)
def lecturer() -> Answer:
    """Show the form about the lecturer."""
    return _lecturer_page(LecturerForm(data=lecturer_data(queries.lecturer_profile(this_person()))))


@bp.post("/lecturer-profiles/mine")
@allow(Role.LECTURER, pending_ok=True)
def save_lecturer() -> Answer:
    """Save what the lecturer says about themselves."""
    profile = queries.lecturer_profile(this_person())
    form = LecturerForm(data=lecturer_data(profile))
    if "add" in request.form:
        form.add_row(request.form["add"])
        return _lecturer_page(form, added=request.form["add"])
    if not form.validate():
        return _lecturer_page(form, 422)
    db.session.add(rules.save_lecturer(profile, this_person(), form.values(), datetime.now(UTC)))
    db.session.commit()
    flash(_("Saved. Partners read this beside your courses."), "success")
    return redirect(url_for("profiles.lecturer"), 303)
