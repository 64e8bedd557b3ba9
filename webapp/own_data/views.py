"""Pages about one's own data."""

import json
from datetime import UTC, datetime

from flask import Blueprint, Response, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from webapp.access import allow, open_to_everyone
from webapp.accounts import invite_links, invites, passwords, sessions, tries
from webapp.accounts import queries as accounts
from webapp.accounts.models import User
from webapp.accounts.own_forms import LeaveForm
from webapp.accounts.sessions import this_person
from webapp.accounts.tokens import BadLinkError
from webapp.db import db
from webapp.matches.decisions import Limits
from webapp.offices import strangers
from webapp.own_data import collecting, leaving, queries

bp = Blueprint("own_data", __name__)


@bp.get("/preferences/my-data.json")
@allow(pending_ok=True)
def download() -> Response:
    """Give a person everything stored about them."""
    now = datetime.now(UTC)
    text = json.dumps(collecting.collect(this_person(), now), ensure_ascii=False, indent=2)
    name = f"causeway-{now:%Y-%m-%d}.json"
    headers = {"Content-Disposition": f"attachment; filename={name}"}
    return Response(text + "\n", mimetype="application/json", headers=headers)


def _page(form: LeaveForm) -> str:
    user = this_person()
    return render_template("own_data/leave.html", form=form, n_open=len(queries.matches_of(user, only_open=True)))


@bp.get("/preferences/leave")
@allow(pending_ok=True)
def leave() -> str:
    """Say what happens when an account is closed, and ask whether to."""
    return _page(LeaveForm(formdata=None))


@bp.post("/preferences/leave")
@allow(pending_ok=True)
def leave_now() -> AnyResponse | str | tuple[str, int]:
    """Close the account of somebody who knows its password."""
    user, form, now = this_person(), LeaveForm(), datetime.now(UTC)
    email, kept_hash, user_id = user.email, user.password_hash, user.id
    is_valid = form.validate_on_submit()
    # Hashing takes long on purpose; nobody else should wait for the database meanwhile.
    db.session.rollback()
    refusal = tries.refusal(email, now)
    if refusal is not None:
        return refusal
    if form.password.data and not passwords.matches(kept_hash, form.password.data):
        tries.note_failure(email, now)
        db.session.commit()
        form.password.errors = [_("This is not your password.")]
        is_valid = False
    if not is_valid:
        return _page(form), 422
    settings = current_app.config["SETTINGS"]
    limits = Limits(respond=settings.respond_days, approve=settings.approve_days)
    leaving.leave(db.session.get_one(User, user_id), now, limits)
    sessions.end()
    db.session.commit()
    flash(_("Your account is closed and your data is deleted. Thank you for having been here."), "success")
    return redirect(url_for("home.index"), 303)


@bp.get("/invitation/<token>/not-me")
@open_to_everyone
def not_me(token: str) -> str | tuple[str, int]:
    """Ask whether to delete what an office told us about somebody; opening the page changes nothing."""
    try:
        row = invite_links.of_token(token)
    except BadLinkError:
        return render_template("own_data/not_me.html", row=None), 404
    user = accounts.by_email(row.email)
    return render_template("own_data/not_me.html", row=row, has_account=user is not None and user.is_active)


@bp.post("/invitation/<token>/not-me")
@open_to_everyone
def forget_me(token: str) -> str | tuple[str, int]:
    """Delete it: whoever has the link reads the mail of the address."""
    try:
        row = invite_links.of_token(token)
    except BadLinkError:
        return render_template("own_data/not_me.html", row=None), 404
    strangers.decline(row, datetime.now(UTC))
    db.session.commit()
    return render_template("own_data/forgotten.html", days=invites.KEPT_FOR.days)
