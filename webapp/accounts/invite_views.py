"""Pages for inviting people of one's institution, and the page an invitation leads to."""

from datetime import UTC, datetime

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from webapp.access import Role, allow, open_to_everyone
from webapp.accounts import invite_links, passwords
from webapp.accounts import invites as rules
from webapp.accounts.blueprint import bp
from webapp.accounts.forms import text
from webapp.accounts.labels import role_label
from webapp.accounts.models import AccountInvite
from webapp.accounts.people_forms import InviteForm, JoinForm
from webapp.accounts.sessions import this_person
from webapp.accounts.tokens import BadLinkError
from webapp.db import db
from webapp.errors import WrongStateError
from webapp.i18n import instant, locale

Answer = Response | str | tuple[str, int]


def _page(form: InviteForm) -> str:
    number, now = max(request.args.get("page", 1, type=int), 1), datetime.now(UTC)
    return render_template(
        "accounts/invites.html",
        form=form,
        page=rules.waiting(this_person().institution_id or 0, number),
        role_label=role_label,
        is_old=lambda row: invite_links.is_old(row, now),
        has_gone=lambda row: row.invited_at <= now,
        life=invite_links.LIFE,
    )


@bp.get("/people/invitations")
@allow(Role.OFFICE)
def invites() -> str:
    """List who is invited and has not come yet, and ask whom to invite."""
    return _page(InviteForm(formdata=None, language=this_person().language, role=Role.LECTURER.value))


@bp.post("/people/invitations")
@allow(Role.OFFICE)
def invite() -> Answer:
    """Invite somebody; the answer never tells whether the address was known before."""
    form, institution = InviteForm(), this_person().institution
    if not form.validate_on_submit() or institution is None:
        return _page(form), 422
    email, role, now = text(form.email), Role(form.role.data), datetime.now(UTC)
    try:
        row = rules.invite(institution, email, text(form.name), role, form.language.data, this_person(), now)
    except WrongStateError as error:
        form.email.errors = [error.message]
        return _page(form), 422
    at = row.invited_at
    db.session.commit()
    flash(_("%(address)s is invited.", address=email), "success")
    _say_when(at, now)
    return redirect(url_for("accounts.invites"), 303)


def _say_when(at: datetime, now: datetime) -> None:
    """Tell that mail goes later, when enough of it went this hour."""
    if at > now:
        flash(_("Enough mail of your institution went out this hour. This one goes later: %(instant)s.",
                instant=instant(at)), "warning")  # fmt: skip


def _invite(invite_id: int) -> AccountInvite:
    row = invite_links.held(invite_id)
    if row is None:
        abort(404)
    rules.check_may_invite(this_person(), row.institution_id)
    return row


@bp.post("/people/invitations/<int:invite_id>/again")
@allow(Role.OFFICE)
def invite_again(invite_id: int) -> Response:
    """Send an invitation once more."""
    row, now = _invite(invite_id), datetime.now(UTC)
    rules.send_again(row, this_person(), now)
    email, at = row.email, row.invited_at
    db.session.commit()
    flash(_("The invitation to %(address)s is sent again.", address=email), "success")
    _say_when(at, now)
    return redirect(url_for("accounts.invites"), 303)


@bp.post("/people/invitations/<int:invite_id>/withdraw")
@allow(Role.OFFICE)
def withdraw_invite(invite_id: int) -> Response:
    """Take an invitation back."""
    row = _invite(invite_id)
    email = row.email
    rules.withdraw(row, this_person(), datetime.now(UTC))
    db.session.commit()
    flash(_("The invitation to %(address)s is withdrawn.", address=email), "success")
    return redirect(url_for("accounts.invites"), 303)


def _join_page(row: AccountInvite, form: JoinForm) -> str:
    user = rules.account_of(row)
    return render_template(
        "accounts/join.html",
        row=row,
        form=form,
        role=role_label(row.role),
        has_account=user is not None,
        can_verify=user is not None and rules.can_verify(row, user),
    )


def _problem(row: AccountInvite | None) -> tuple[str, int]:
    """Say that a link leads nowhere, or is too old; in both cases the office can send another."""
    return render_template("accounts/invitation_over.html", row=row), 410 if row is not None else 404


@bp.get("/invitation/<token>")
@open_to_everyone
def invitation(token: str) -> Answer:
    """Ask who was invited for name and password; opening the page changes nothing, because mail scanners do."""
    try:
        row = invite_links.of_token(token)
    except BadLinkError:
        return _problem(None)
    if invite_links.is_old(row, datetime.now(UTC)):
        return _problem(row)
    language = row.language or locale().language
    return _join_page(row, JoinForm(formdata=None, name=row.name, language=language))


@bp.post("/invitation/<token>")
@open_to_everyone
def join(token: str) -> Answer:
    """Begin the account; whoever follows the link has shown that the address is theirs."""
    now = datetime.now(UTC)
    try:
        row = invite_links.of_token(token)
        if invite_links.is_old(row, now):
            return _problem(row)
        form = JoinForm()
        form.email = row.email
        known = rules.account_of(row)
        if known is not None:
            rules.accept(row, "", "", "", now)
        elif not form.validate_on_submit():
            return _join_page(row, form), 422
        else:
            # Hashing takes long on purpose; nobody else should wait for the database meanwhile.
            db.session.rollback()
            password_hash = passwords.make(text(form.password))
            row = invite_links.of_token(token)
            rules.accept(row, text(form.name), password_hash, form.language.data, now)
        db.session.commit()
    except BadLinkError:
        return _problem(None)
    except IntegrityError:
        # The address was signed up by another request at the same moment, as by a second click.
        db.session.rollback()
    flash(_("Welcome. Your account is ready; sign in with your mail address and password."), "success")
    return redirect(url_for("accounts.sign_in"), 303)
