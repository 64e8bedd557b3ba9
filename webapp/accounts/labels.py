"""Roles, and what a person is waiting for, in words."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from webapp.access import Role
from webapp.accounts.models import User

ROLES: dict[Role, LazyString] = {
    Role.LECTURER: _l("Lecturer"),
    Role.OFFICE: _l("International office"),
    Role.COORDINATOR: _l("Coordinator"),
    Role.ADMINISTRATOR: _l("Administrator"),
}

ROLES_TO_SIGN_UP_WITH: dict[Role, LazyString] = {
    Role.LECTURER: _l("Lecturer: I teach a course and look for a partner class"),
    Role.OFFICE: _l("International office: I approve exchanges for my institution"),
    Role.COORDINATOR: _l("Coordinator: I look after a network or a country"),
}


def role_label(role: Role) -> str:
    """Name a role."""
    return str(ROLES[role])


def waiting_text(user: User) -> str:
    """Say what a person without verification is waiting for, and what they can do meanwhile."""
    texts = {
        Role.LECTURER: _l(
            "Your address does not show that you work at this institution, so its international office or an "
            "administrator of Causeway checks it. Until then you can prepare your courses as drafts; you can publish "
            "them as soon as you are verified. We will write to you."
        ),
        Role.OFFICE: _l(
            "An administrator of Causeway checks that you work for this institution's international office. Until "
            "then you cannot approve anything. We will write to you."
        ),
    }
    otherwise = _l("An administrator of Causeway checks your role. We will write to you when that is done.")
    return str(texts.get(user.role, otherwise))
