"""Pages for joining and coming in. The pages of people who are in stand in own_views and people_views."""

from datetime import UTC, datetime, timedelta
from email.utils import parseaddr

from flask import current_app, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from config import Settings
from webapp.access import Role, open_to_everyone
from webapp.accounts import (
    audit_views,
    browsers,
    institution_requests,
    invite_views,
    invites,
    office_views,
    own_views,
    password_views,
    passwords,
    people_views,
    queries,
    request_views,
    rules,
    sessions,
    throttle,
    tries,
)
from webapp.accounts.blueprint import bp
from webapp.accounts.forms import ConfirmForm, SignInForm, SignUpForm, text
from webapp.accounts.labels import waiting_text
from webapp.accounts.models import User
from webapp.accounts.tokens import BadLinkError, ExpiredLinkError, Purpose, read
from webapp.db import db, reading
from webapp.i18n import locale

__all__ = [
    "audit_views",
    "bp",
    "invite_views",
    "office_views",
    "own_views",
    "password_views",
    "people_views",
    "request_views",
]

Answer = Response | str | tuple[str, int]


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


def _link_is_bad() -> tuple[str, int]:
    return render_template("accounts/bad_link.html"), 404


@bp.get("/privacy")
@open_to_everyone
def privacy() -> str:
    """Say what is stored, why, who sees it and for how long."""
    return render_template(
        "accounts/privacy.html",
        settings=_settings(),
        contact=parseaddr(_settings().mail_sender)[1],
        browser_days=browsers.KEPT_DAYS,
        request_days=institution_requests.KEPT_FOR.days,
        invite_days=invites.KEPT_FOR.days,
    )


@bp.get("/sign-up")
@open_to_everyone
def sign_up() -> str:
    """Ask who wants to join."""
    return render_template("accounts/sign_up.html", form=SignUpForm(language=locale().language))


@bp.post("/sign-up")
@open_to_everyone
def sign_up_now() -> Answer:
    """Take the details and write to the address; the answer never tells whether it was known before."""
    form = SignUpForm()
    if not form.validate_on_submit():
        return render_template("accounts/sign_up.html", form=form), 422
    institution = form.found
    zone = form.time_zone.data or (institution.time_zone if institution else "UTC")
    # Hashing takes long on purpose; nobody else should wait for the database meanwhile.
    db.session.rollback()
    password_hash = passwords.make(text(form.password))
    data = rules.SignUp(
        email=text(form.email),
        name=text(form.name),
        role=Role(form.role.data),
        institution=institution,
        language=form.language.data,
        time_zone=zone,
        password_hash=password_hash,
    )
    try:
        rules.sign_up(data, datetime.now(UTC), _settings().confirm_link_hours)
        db.session.commit()
    except IntegrityError:
        # The address was signed up by another request at the same moment, as by a second click; now it is known.
        db.session.rollback()
        rules.sign_up(data, datetime.now(UTC), _settings().confirm_link_hours)
        db.session.commit()
    sessions.note_password(password_hash)
    return sessions.to_mail_sent(text(form.email))


@bp.get("/mail-sent")
@open_to_everyone
def mail_sent() -> str:
    """Say that a message may be on its way, and what to do if it is not."""
    return render_template("accounts/mail_sent.html", address=session.get("mail_sent_to"))


def _confirm_link_age() -> timedelta:
    return timedelta(hours=_settings().confirm_link_hours)


@bp.get("/confirm/<token>")
@open_to_everyone
def confirm(token: str) -> Answer:
    """Show the button that confirms an address; opening the page changes nothing, because mail scanners do."""
    try:
        user = read(Purpose.CONFIRM, token, datetime.now(UTC), _confirm_link_age())
    except BadLinkError:
        return _link_is_bad()
    except ExpiredLinkError as error:
        return render_template("accounts/confirm_expired.html", token=token, user=error.user), 410
    return _confirm_page(user)


def _confirm_page(user: User, form: ConfirmForm | None = None) -> str:
    """Ask for the confirmation; in another browser than the one of the sign-up for the password as well."""
    form = form or ConfirmForm(formdata=None)
    return render_template(
        "accounts/confirm.html", user=user, form=form, needs_password=not sessions.knows_password(user)
    )


@bp.post("/confirm/<token>")
@open_to_everyone
def confirm_now(token: str) -> Answer:
    """Note that the address is theirs, once they show that they are who signed up.

    The link alone is not enough: a stranger may sign up with somebody's address and a password of their own, and
    hope that the owner confirms it for them.
    """
    now = datetime.now(UTC)
    try:
        user = read(Purpose.CONFIRM, token, now, _confirm_link_age())
        if user.confirmed_at is None and not sessions.knows_password(user):
            form, kept_hash = ConfirmForm(), user.password_hash
            is_valid = form.validate_on_submit()
            # Hashing takes long on purpose; nobody else should wait for the database meanwhile.
            db.session.rollback()
            if is_valid and not passwords.matches(kept_hash, text(form.password)):
                form.password.errors = [_("This is not the password chosen at sign-up.")]
                is_valid = False
            user = read(Purpose.CONFIRM, token, now, _confirm_link_age())
            if not is_valid:
                return _confirm_page(user, form), 422
    except BadLinkError:
        return _link_is_bad()
    except ExpiredLinkError as error:
        return render_template("accounts/confirm_expired.html", token=token, user=error.user), 410
    if rules.confirm(user, now):
        flash(_("Thank you, your address is confirmed. You can sign in now."), "success")
    else:
        flash(_("Your address was confirmed before. You can sign in."), "success")
    db.session.commit()
    return redirect(url_for("accounts.sign_in"), 303)


@bp.post("/confirm/<token>/again")
@open_to_everyone
def confirm_again(token: str) -> Answer:
    """Send a new link in place of one that grew too old."""
    now = datetime.now(UTC)
    try:
        user = read(Purpose.CONFIRM, token, now)
    except BadLinkError:
        return _link_is_bad()
    rules.send_confirmation(user, now, _settings().confirm_link_hours)
    address = user.email
    db.session.commit()
    return sessions.to_mail_sent(address)


@bp.get("/sign-in")
@open_to_everyone
def sign_in() -> Answer:
    """Ask for address and password."""
    if current_user.is_authenticated:
        return redirect(url_for("home.index"))
    return render_template("accounts/sign_in.html", form=SignInForm())


@bp.post("/sign-in")
@open_to_everyone
def sign_in_now() -> Answer:
    """Let the person in, or say no in the same words whatever was wrong."""
    form = SignInForm()
    if not form.validate_on_submit():
        return render_template("accounts/sign_in.html", form=form), 422
    settings, now = _settings(), datetime.now(UTC)
    email = text(form.email)[:200]
    refusal = tries.refusal(email, now)
    if refusal is not None:
        return refusal
    with reading():
        known = queries.by_email(email)
        kept_hash = known.password_hash if known else None
        db.session.rollback()
    if not passwords.matches(kept_hash, text(form.password)):
        tries.note_failure(email, now)
        db.session.commit()
        form.password.errors = [_("Address and password do not belong together. Try again, or set a new password.")]
        return render_template("accounts/sign_in.html", form=form), 422
    new_hash = passwords.make(text(form.password)) if kept_hash and passwords.is_outdated(kept_hash) else None
    user = queries.by_email(email)
    if user is None or user.closed_at is not None:
        form.password.errors = [_("This account was closed. You can sign up again.")]
        return render_template("accounts/sign_in.html", form=form), 422
    if user.confirmed_at is None:
        sessions.note_password(user.password_hash)
        rules.send_confirmation(user, now, settings.confirm_link_hours)
        db.session.commit()
        flash(_("Your address is not confirmed yet. We have sent you the link once more."), "warning")
        return sessions.to_mail_sent(email)
    throttle.forget(email)
    if new_hash and user.password_hash == kept_hash:
        user.password_hash = new_hash
    sessions.start(user)
    db.session.commit()
    if not user.is_verified:
        flash(waiting_text(user), "warning")
    target = request.args.get("next")
    return redirect(target if target and sessions.is_own_path(target) else url_for("home.index"), 303)


@bp.post("/sign-out")
@open_to_everyone
def sign_out() -> Response:
    """End the session in this browser."""
    sessions.end()
    db.session.commit()
    flash(_("You are signed out."), "success")
    return redirect(url_for("home.index"), 303)
