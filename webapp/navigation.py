"""What the header offers: pages by role, and the person's own menu."""

from dataclasses import dataclass
from typing import Any

from flask import current_app, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from webapp.access import Role, access_of
from webapp.i18n import N_

PAGES: dict[Role, tuple[tuple[str, str], ...]] = {
    Role.LECTURER: (
        ("home.index", N_("Home")),
        ("profiles.index", N_("My courses")),
        ("directory.index", N_("Find partners")),
        ("matches.index", N_("My matches")),
        ("profiles.lecturer", N_("My profile")),
    ),
    Role.OFFICE: (
        ("home.index", N_("Home")),
        ("matches.approvals", N_("Approvals")),
        ("offices.mine", N_("Balance")),
        ("accounts.people", N_("People")),
        ("institutions.mine", N_("Institution")),
    ),
    Role.COORDINATOR: (
        ("home.index", N_("Home")),
        ("rounds.index", N_("Rounds")),
        ("insights.network", N_("Insights")),
    ),
    Role.ADMINISTRATOR: (
        ("home.index", N_("Home")),
        ("rounds.index", N_("Rounds")),
        ("insights.network", N_("Insights")),
        ("accounts.people", N_("People")),
        ("accounts.audit", N_("Audit log")),
        ("mail.index", N_("Mail")),
    ),
}
"""Endpoint and label of the pages in the header, in their order."""

ENTRY = (("accounts.sign_in", N_("Sign in")), ("accounts.sign_up", N_("Sign up")))
"""What a stranger is offered."""


@dataclass(frozen=True)
class Item:
    """One link.

    Parameters
    ----------
    label
        Its text in the reader's language.
    href
        Where it leads.
    current
        ``page`` when it leads to the page that is open, ``true`` when that page lies behind it, else empty;
        the value of ``aria-current``.
    """

    label: str
    href: str
    current: str


@dataclass(frozen=True)
class Navigation:
    """Everything the header shows.

    Parameters
    ----------
    pages
        Links to the main pages of the person's role, as far as they may be opened; none for a stranger.
    account
        Links of the person's own menu; for a stranger, the ways in.
    name
        The person's name; empty for a stranger.
    sign_out
        Where to send the form that signs out; empty for a stranger.
    """

    pages: tuple[Item, ...]
    account: tuple[Item, ...]
    name: str = ""
    sign_out: str = ""


def _items(entries: tuple[tuple[str, str], ...], person: Any = None) -> tuple[Item, ...]:
    """The links that lead somewhere for this person; None is a stranger."""
    open_to_them = [entry for entry in entries if _lets_in(entry[0], person)]
    here = {endpoint for endpoint, _label in open_to_them if endpoint == request.endpoint}
    behind = [endpoint for endpoint, _label in open_to_them if endpoint.split(".")[0] == request.blueprint][:1]
    current = dict.fromkeys(here, "page") if here else dict.fromkeys(behind, "true")
    return tuple(Item(_(label), url_for(endpoint), current.get(endpoint, "")) for endpoint, label in open_to_them)


def _lets_in(endpoint: str, person: Any) -> bool:
    access = access_of(current_app, endpoint)
    if access is None:
        return False
    if access.roles is None or person is None:
        return access.roles is None
    return person.role in access.roles and (person.is_verified or access.pending_ok)


def navigation() -> Navigation:
    """Tell what the header shows to the person of this request."""
    if not current_user.is_authenticated:
        return Navigation((), _items(ENTRY))
    return Navigation(
        pages=_items(PAGES[current_user.role], current_user),
        account=_items(
            (("digests.index", N_("Weekly digests")), ("accounts.preferences", N_("Preferences"))), current_user
        ),
        name=current_user.name,
        sign_out=url_for("accounts.sign_out"),
    )
