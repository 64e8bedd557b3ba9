"""Who may use which page: closed by default, declared beside each view, checked before it runs."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from flask import Flask, current_app, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp.errors import NotAllowedError


class Role(StrEnum):
    """What a person does here."""

    LECTURER = "lecturer"
    OFFICE = "office"
    COORDINATOR = "coordinator"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True)
class Access:
    """Who may use a view.

    Parameters
    ----------
    roles
        Roles that may use it; None opens it to everyone, strangers included.
    pending_ok
        Whether a signed-in person whose role nobody has verified yet may use it too.
    """

    roles: frozenset[Role] | None
    pending_ok: bool = False


View = TypeVar("View", bound=Callable[..., Any])


def open_to_everyone(view: View) -> View:
    """Declare that strangers may use this view."""
    view.access = Access(roles=None, pending_ok=True)  # type: ignore[attr-defined]
    return view


def allow(*roles: Role, pending_ok: bool = False) -> Callable[[View], View]:
    """Declare which roles may use this view; without roles, everyone who is signed in.

    Parameters
    ----------
    *roles
        The roles; none means all of them.
    pending_ok
        Also for people whose institution and role are not verified yet.
    """
    access = Access(frozenset(roles or Role), pending_ok)

    def declare(view: View) -> View:
        view.access = access  # type: ignore[attr-defined]
        return view

    return declare


def access_of(app: Flask, endpoint: str) -> Access | None:
    """Tell what a route declares, None when it declares nothing."""
    if endpoint == "static":
        return Access(roles=None, pending_ok=True)
    return getattr(app.view_functions.get(endpoint), "access", None)


def check() -> Response | None:
    """Refuse the request unless its view lets this person in.

    Raises
    ------
    NotAllowedError
        For a role the view does not name, and for every view that names none.
    """
    if request.endpoint is None:
        return None
    access = access_of(current_app, request.endpoint)
    if access is None:
        raise NotAllowedError()
    if access.roles is None:
        return None
    if not current_user.is_authenticated:
        target = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("accounts.sign_in", next=target))
    if current_user.role not in access.roles:
        raise NotAllowedError(_("This page is for another role than yours."))
    if not current_user.is_verified and not access.pending_ok:
        raise NotAllowedError(
            _("Your account waits to be verified for your institution. We will write to you when it is.")
        )
    return None


def init_app(app: Flask) -> None:
    """Check every request, and refuse to start with a route that says nothing about access.

    Raises
    ------
    RuntimeError
        When a registered route declares no access; call this after all blueprints are registered.
    """
    silent = sorted(name for name in app.view_functions if access_of(app, name) is None)
    if silent:
        raise RuntimeError(f"routes that do not say who may use them: {', '.join(silent)}")
    app.before_request(check)
