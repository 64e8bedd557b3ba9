"""Mail about accounts. People who have not shown that an address is theirs are not greeted by the name they gave,
so that nobody can have us send their words to strangers."""

from flask import url_for

from webapp.accounts import invite_links
from webapp.accounts.labels import role_label
from webapp.accounts.models import AccountInvite, User
from webapp.accounts.tokens import Purpose, sign
from webapp.institutions.models import Institution, InstitutionRequest
from webapp.mail.render import Mail, render


def confirm(user: User, hours: int) -> Mail:
    """Ask to confirm the address; the link lives for some hours."""
    link = url_for("accounts.confirm", token=sign(Purpose.CONFIRM, user), _external=True)
    return render("confirm_address", user.email, user.language_of_mail, link=link, hours=hours)


def known_address(user: User) -> Mail:
    """Tell the owner of an account that somebody signed up with their address once more."""
    return render(
        "known_address",
        user.email,
        user.language_of_mail,
        sign_in=url_for("accounts.sign_in", _external=True),
        forgot=url_for("accounts.forgot", _external=True),
    )


def reset(user: User, minutes: int) -> Mail:
    """Send the link that sets a new password; it lives for some minutes and works once."""
    link = url_for("accounts.reset", token=sign(Purpose.RESET, user), _external=True)
    return render("reset_password", user.email, user.language_of_mail, link=link, minutes=minutes)


def password_changed(user: User) -> Mail:
    """Tell a person that their password was changed, in case it was not they."""
    forgot = url_for("accounts.forgot", _external=True)
    return render("password_changed", user.email, user.language_of_mail, user=user, forgot=forgot)


def somebody_waits(to: User, user: User) -> Mail:
    """Tell somebody who can verify people that one more is waiting."""
    link = url_for("accounts.people", _external=True)
    return render("somebody_waits", to.email, to.language_of_mail, to=to, user=user, role_label=role_label, link=link)


def verified(user: User) -> Mail:
    """Tell a person that they are verified."""
    return render("verified", user.email, user.language_of_mail, user=user, link=url_for("home.index", _external=True))


def refused(user: User, reason: str) -> Mail:
    """Tell a person that they could not be verified, with the reason in the words of who decided."""
    link = url_for("accounts.sign_up", _external=True)
    return render("refused", user.email, user.language_of_mail, user=user, reason=reason, link=link)


def institution_asked(to: User, row: InstitutionRequest) -> Mail:
    """Tell an administrator that somebody misses an institution."""
    link = url_for("accounts.institution_request", request_id=row.id, _external=True)
    return render("institution_asked", to.email, to.language_of_mail, to=to, row=row, link=link)


def institution_added(row: InstitutionRequest, institution: Institution) -> Mail:
    """Tell whoever asked that the institution is there, under the name it has now."""
    link = url_for("accounts.sign_up", _external=True)
    return render("institution_added", row.email, row.language, institution=institution, link=link)


def institution_declined(row: InstitutionRequest, reason: str) -> Mail:
    """Tell whoever asked why the institution is not added, in the words of who decided."""
    return render("institution_declined", row.email, row.language, row=row, reason=reason)


def not_me_link(invite: AccountInvite) -> str:
    """Give the address at which whoever was invited has us delete what we know about them."""
    return url_for("own_data.not_me", token=invite_links.token(invite), _external=True)


def account_reminded(invite: AccountInvite) -> Mail:
    """Remind somebody of an invitation, once."""
    return render(
        "account_reminded",
        invite.email,
        invite.language,
        invite=invite,
        link=url_for("accounts.invitation", token=invite_links.token(invite), _external=True),
        not_me=not_me_link(invite),
        until=invite.invited_at + invite_links.LIFE,
    )


def account_invited(invite: AccountInvite, by: User) -> Mail:
    """Ask somebody to join their institution."""
    return render(
        "account_invited",
        invite.email,
        invite.language,
        invite=invite,
        by=by,
        role=role_label(invite.role),
        link=url_for("accounts.invitation", token=invite_links.token(invite), _external=True),
        days=invite_links.LIFE.days,
        not_me=not_me_link(invite),
    )


def office_yours(to: User, leaves: User) -> Mail:
    """Tell somebody that they sign for their office from now on, because a colleague leaves it."""
    link = url_for("home.index", _external=True)
    return render("office_yours", to.email, to.language_of_mail, to=to, leaves=leaves, link=link)


def office_empty(to: User, leaves: User) -> Mail:
    """Tell an administrator that the last person of an office has left it."""
    link = url_for("accounts.members", q=leaves.institution.name if leaves.institution else "", _external=True)
    return render("office_empty", to.email, to.language_of_mail, to=to, leaves=leaves, link=link)


def role_changed(user: User) -> Mail:
    """Tell a person that an administrator changed their role, institution or reach."""
    link = url_for("home.index", _external=True)
    return render("role_changed", user.email, user.language_of_mail, user=user, role_label=role_label, link=link)
