"""Pages for what people set about themselves, and the digest's unsubscribe link, which works signed out."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from webapp.access import allow, open_to_everyone
from webapp.accounts import browsers, passwords, rules, sessions, tries
from webapp.accounts.blueprint import bp
from webapp.accounts.forms import ChangePasswordForm, text
from webapp.accounts.labels import role_label, waiting_text
from webapp.accounts.own_forms import PreferencesForm
from webapp.accounts.sessions import this_person
from webapp.accounts.tokens import BadLinkError, Purpose, read
from webapp.csrf import csrf
from webapp.db import db
from webapp.institutions import labels as institution_labels

Answer = Response | str | tuple[str, int]


def _preferences(**kwargs: Any) -> PreferencesForm:
    user = this_person()
    today = datetime.now(UTC).astimezone(ZoneInfo(user.time_zone)).date()
    return PreferencesForm(today=today, role=user.role, obj=user, **kwargs)


def _page(form: PreferencesForm | None = None, password_form: ChangePasswordForm | None = None) -> str:
    user = this_person()
    return render_template(
        "accounts/preferences.html",
        form=form or _preferences(formdata=None),
        password_form=password_form or ChangePasswordForm(formdata=None),
        user=user,
        browsers=browsers.open_of(user),
        this_browser=sessions.this_browser(),
        role=role_label(user.role),
        place=institution_labels.full_name(user.institution) if user.institution else None,
        waiting=None if user.is_verified else waiting_text(user),
    )


@bp.get("/preferences")
@allow(pending_ok=True)
def preferences() -> str:
    """Show what the person can set."""
    return _page()


@bp.post("/preferences")
@allow(pending_ok=True)
def save_preferences() -> Answer:
    """Keep what the person set."""
    form = _preferences()
    if not form.validate_on_submit():
        return _page(form=form), 422
    form.keep(this_person())
    db.session.commit()
    with force_locale(form.language.data):
        flash(_("Your preferences are saved."), "success")
    return redirect(url_for("accounts.preferences"), 303)


@bp.post("/preferences/password")
@allow(pending_ok=True)
def change_password() -> Answer:
    """Take a new password from somebody who knows the present one; other browsers are signed out."""
    user = this_person()
    form = ChangePasswordForm()
    form.personal = (user.name, user.email)
    kept_hash, email, now = user.password_hash, user.email, datetime.now(UTC)
    is_valid = form.validate_on_submit()
    # Hashing takes long on purpose; nobody else should wait for the database meanwhile.
    db.session.rollback()
    refusal = tries.refusal(email, now)
    if refusal is not None:
        return refusal
    if form.present.data and not passwords.matches(kept_hash, form.present.data):
        tries.note_failure(email, now)
        db.session.commit()
        form.present.errors = [_("This is not your present password.")]
        is_valid = False
    if not is_valid:
        return _page(password_form=form), 422
    rules.set_password(user, passwords.make(text(form.password)), now)
    sessions.start(user)
    db.session.commit()
    flash(_("Your password is changed. Every other browser was signed out."), "success")
    return redirect(url_for("accounts.preferences"), 303)


@bp.post("/preferences/sign-out-everywhere")
@allow(pending_ok=True)
def sign_out_everywhere() -> Response:
    """End every session of the person, this one too."""
    rules.sign_out_everywhere(this_person(), datetime.now(UTC))
    sessions.end()
    db.session.commit()
    flash(_("You are signed out in every browser."), "success")
    return redirect(url_for("accounts.sign_in"), 303)


@bp.post("/preferences/browsers/<int:session_id>/sign-out")
@allow(pending_ok=True)
def sign_out_browser(session_id: int) -> Response:
    """End the session of one of the person's browsers."""
    found = browsers.one_of(this_person(), session_id)
    if found is None:
        abort(404)
    name = found.browser
    found.ended_at = found.ended_at or datetime.now(UTC)
    db.session.commit()
    if name:
        flash(_("You are signed out of %(browser)s.", browser=name), "success")
    else:
        flash(_("You are signed out of that browser."), "success")
    return redirect(url_for("accounts.preferences"), 303)


def _set_digest(token: str, wanted: bool) -> tuple[str, int]:
    try:
        user = read(Purpose.UNSUBSCRIBE, token, datetime.now(UTC))
    except BadLinkError:
        return render_template("accounts/bad_link.html"), 404
    user.wants_digest, address = wanted, user.email
    db.session.commit()
    return _digest_page(token, address, wanted, just_changed=True), 200


def _digest_page(token: str, address: str, wanted: bool, *, just_changed: bool) -> str:
    return render_template(
        "accounts/unsubscribe.html", token=token, address=address, wanted=wanted, just_changed=just_changed
    )


@bp.get("/unsubscribe/<token>")
@open_to_everyone
def unsubscribe(token: str) -> Answer:
    """Show how the digest stands, with the button that stops it; opening the page changes nothing."""
    try:
        user = read(Purpose.UNSUBSCRIBE, token, datetime.now(UTC))
    except BadLinkError:
        return render_template("accounts/bad_link.html"), 404
    return _digest_page(token, user.email, user.wants_digest, just_changed=False)


@bp.post("/unsubscribe/<token>")
@open_to_everyone
@csrf.exempt  # type: ignore[untyped-decorator]
def unsubscribe_now(token: str) -> Answer:
    """Stop the digest; mail programs send this by themselves (RFC 8058), so there is no form token."""
    return _set_digest(token, wanted=False)


@bp.post("/unsubscribe/<token>/undo")
@open_to_everyone
def subscribe_again(token: str) -> Answer:
    """Send the digest again after all."""
    return _set_digest(token, wanted=True)
