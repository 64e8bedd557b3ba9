"""Pages behind the links in mail to offices: a button that signs in, and never a decision."""

from datetime import UTC, datetime

from flask import redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp.access import open_to_everyone
from webapp.accounts import sessions
from webapp.db import db
from webapp.matches import approval_links
from webapp.matches.blueprint import bp

Answer = Response | str | tuple[str, int]


def _no_link(match_id: int) -> tuple[str, int]:
    return render_template("matches/link_is_bad.html", match_id=match_id), 404


def _old_link(opened: approval_links.Opened) -> tuple[str, int]:
    """Lead to the ordinary way in, and say why the link is none any more."""
    return render_template("matches/link_is_old.html", match_id=opened.match_id, is_old=opened.is_old), 410


@bp.get("/matches/<int:match_id>/open/<token>")
@open_to_everyone
def open_link(match_id: int, token: str) -> Answer:
    """Show the button that signs in; opening the page changes nothing, because mail scanners open links too."""
    try:
        opened = approval_links.read(token, match_id, datetime.now(UTC))
    except approval_links.BadLinkError:
        return _no_link(match_id)
    if current_user.is_authenticated and current_user.id == opened.user.id:
        return redirect(url_for("matches.show", match_id=match_id), 303)
    if not opened.signs_in:
        return _old_link(opened)
    return render_template("matches/open_link.html", person=opened.user, match_id=match_id, token=token)


@bp.post("/matches/<int:match_id>/open/<token>")
@open_to_everyone
def open_link_now(match_id: int, token: str) -> Answer:
    """Sign the person in and lead to the match."""
    try:
        opened = approval_links.read(token, match_id, datetime.now(UTC))
    except approval_links.BadLinkError:
        return _no_link(match_id)
    if not opened.signs_in:
        return _old_link(opened)
    if not current_user.is_authenticated or current_user.id != opened.user.id:
        sessions.start(opened.user)
        db.session.commit()
    return redirect(url_for("matches.show", match_id=match_id), 303)
