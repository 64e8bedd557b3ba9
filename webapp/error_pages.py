"""Pages for what went wrong: what happened, what is kept, what to do."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask, current_app, g, render_template
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from webapp.db import db
from webapp.errors import CausewayError, NotAllowedError, Way, WrongStateError

Page = tuple[str, int]


def _calm(handler: Callable[[Any], Page]) -> Callable[[Any], Page]:
    """Let a page of errors appear even while the database cannot say who is reading it: as for a stranger."""

    @wraps(handler)
    def handle(error: Any) -> Page:
        _know_reader()
        return handler(error)

    return handle


def _know_reader() -> None:
    """Load who is reading, and their language and role, before anything asks for it; a rollback forgets them."""
    try:
        bool(current_user.is_authenticated and current_user.role)
    except SQLAlchemyError:
        db.session.rollback()
        g._login_user = current_app.login_manager.anonymous_user()  # type: ignore[attr-defined]


def show(status: int, title: str, text: str, way: Way | None = None) -> Page:
    """Render the page of an error, with a link to where one goes on."""
    _know_reader()
    return render_template("error.html", status=status, title=title, text=text, way=way), status


def not_allowed(error: NotAllowedError) -> Page:
    """Say that this is somebody else's (403)."""
    text = error.message or _("This belongs to somebody else. If it should be yours, write to your coordinator.")
    return show(403, _("You may not open this"), text)


def wrong_state(error: CausewayError | StaleDataError) -> Page:
    """Say that somebody was faster (409)."""
    db.session.rollback()
    text = getattr(error, "message", "") or _(
        "Somebody changed this while your page was open. Nothing of yours was saved; open the page again to see "
        "how it stands now."
    )
    return show(409, _("This changed meanwhile"), text, getattr(error, "way", None))


def form_expired(_error: CSRFError) -> Page:
    """Say that a form's token is too old or missing (400)."""
    return show(
        400,
        _("This form was open too long"),
        _(
            "For your safety forms expire. Go back, reload the page and send it again; "
            "your browser keeps what you typed."
        ),
    )


def http_error(error: HTTPException) -> Page:
    """Explain the remaining errors of the web in plain words."""
    status = error.code or 500
    if status == 404:
        return show(404, _("There is no such page"), _("The address may be mistyped, or what it showed was removed."))
    if status == 403:
        return not_allowed(NotAllowedError())
    if status == 405:
        return show(405, _("This address takes no such request"), _("Go back and use the buttons of the page."))
    if status == 413:
        return show(
            413, _("That is too large"), _("A form takes up to 500 kilobytes. Shorten what you send and try again.")
        )
    if status == 429:
        return show(429, _("Too many tries"), _("Wait a quarter of an hour and try again."))
    if status < 500:
        return show(
            status,
            _("This request could not be understood"),
            _("Go back, check what you entered and try again."),
        )
    return broken(error)


def broken(error: Exception) -> Page:
    """Say that the fault is ours (500 and above)."""
    db.session.rollback()
    return show(
        getattr(error, "code", None) or 500,
        _("Something broke on our side"),
        _("Nothing was saved. The fault is recorded with its time; please try again in a few minutes."),
    )


def init_app(app: Flask) -> None:
    """Attach the pages."""
    handlers: dict[type[Exception] | int, Callable[[Any], Page]] = {
        NotAllowedError: not_allowed,
        WrongStateError: wrong_state,
        StaleDataError: wrong_state,
        CSRFError: form_expired,
        HTTPException: http_error,
        500: broken,
    }
    for what, handler in handlers.items():
        app.register_error_handler(what, _calm(handler))
