"""Pages for people who forgot their password."""

from datetime import UTC, datetime, timedelta

from flask import current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from webapp.access import open_to_everyone
from webapp.accounts import passwords, rules, sessions, throttle
from webapp.accounts.blueprint import bp
from webapp.accounts.forms import ForgotForm, NewPasswordForm, text
from webapp.accounts.tokens import BadLinkError, ExpiredLinkError, Purpose, read
from webapp.db import db

Answer = Response | str | tuple[str, int]


@bp.get("/password/forgotten")
@open_to_everyone
def forgot() -> str:
    """Ask for the address of who forgot their password."""
    return render_template("accounts/forgot.html", form=ForgotForm())


@bp.post("/password/forgotten")
@open_to_everyone
def forgot_now() -> Answer:
    """Send a link if somebody has this address; the answer is the same if nobody has."""
    form = ForgotForm()
    if not form.validate_on_submit():
        return render_template("accounts/forgot.html", form=form), 422
    settings = current_app.config["SETTINGS"]
    rules.ask_for_reset(text(form.email), datetime.now(UTC), settings.reset_link_minutes, settings.confirm_link_hours)
    db.session.commit()
    return sessions.to_mail_sent(text(form.email))


def _reset_link_age() -> timedelta:
    return timedelta(minutes=current_app.config["SETTINGS"].reset_link_minutes)


@bp.get("/password/reset/<token>")
@open_to_everyone
def reset(token: str) -> Answer:
    """Ask for a new password."""
    try:
        user = read(Purpose.RESET, token, datetime.now(UTC), _reset_link_age())
    except (BadLinkError, ExpiredLinkError):
        return render_template("accounts/reset_expired.html"), 410
    return render_template("accounts/reset.html", form=NewPasswordForm(), email=user.email)


@bp.post("/password/reset/<token>")
@open_to_everyone
def reset_now(token: str) -> Answer:
    """Take the new password; the link is used up by that, and every session ends."""
    now = datetime.now(UTC)
    try:
        user = read(Purpose.RESET, token, now, _reset_link_age())
        form = NewPasswordForm()
        form.personal = (user.name, user.email)
        if not form.validate_on_submit():
            return render_template("accounts/reset.html", form=form, email=user.email), 422
        db.session.rollback()
        password_hash = passwords.make(text(form.password))
        user = read(Purpose.RESET, token, now, _reset_link_age())
    except (BadLinkError, ExpiredLinkError):
        return render_template("accounts/reset_expired.html"), 410
    rules.set_password(user, password_hash, now)
    throttle.forget(user.email)
    sessions.end()
    db.session.commit()
    flash(_("Your new password is set. Sign in with it."), "success")
    return redirect(url_for("accounts.sign_in"), 303)
