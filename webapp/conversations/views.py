"""Pages of a conversation: its messages, its files and the list for the first meeting."""

from datetime import UTC, datetime
from io import BytesIO

from flask import abort, flash, redirect, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from webapp import error_pages
from webapp.access import Role, allow
from webapp.accounts.sessions import this_person
from webapp.conversations import meeting_views, models, page, queries, rules
from webapp.conversations.blueprint import bp
from webapp.conversations.forms import MessageForm
from webapp.conversations.parties import require_open
from webapp.db import db

__all__ = ["bp", "meeting_views", "models"]

FILE_POLICY = "default-src 'none'; sandbox"
"""What a file may do when a browser opens it after all: nothing."""


@bp.get("/matches/<int:match_id>/conversation")
@allow(Role.LECTURER)
def show(match_id: int) -> str:
    """Show what the two lecturers of a match wrote, when they meet, and what they have settled."""
    return page.render(page.load(match_id))


@bp.post("/matches/<int:match_id>/conversation")
@allow(Role.LECTURER)
def send(match_id: int) -> Response | tuple[str, int]:
    """Send a message, with files."""
    party = page.load(match_id)
    require_open(party)
    form = MessageForm(party)
    if not form.validate_on_submit():
        return page.render(party, message_form=form), 422
    me = this_person()
    message = rules.send(party, me, form.text.data or "", form.checked, datetime.now(UTC))
    db.session.commit()
    flash(_("Your message was sent."), "success")
    return redirect(url_for("conversations.show", match_id=match_id, _anchor=f"message-{message.id}"), 303)


@bp.post("/matches/<int:match_id>/conversation/read")
@allow(Role.LECTURER)
def mark_read(match_id: int) -> Response:
    """Remember how far the reader has read."""
    party = page.load(match_id)
    message_id = request.form.get("message", type=int)
    if message_id is None:
        abort(400)
    rules.mark_read(party, this_person(), message_id)
    db.session.commit()
    return redirect(url_for("conversations.show", match_id=match_id), 303)


@bp.get("/matches/<int:match_id>/attachments/<int:attachment_id>")
@allow(Role.LECTURER)
def attachment(match_id: int, attachment_id: int) -> Response:
    """Give a file of the conversation, to be saved and never shown as a page of ours."""
    party = page.load(match_id)
    found = queries.attachment(party.match.id, attachment_id)
    if found is None:
        abort(404)
    response = send_file(BytesIO(found.content), found.kind, as_attachment=True, download_name=found.name)
    # Nobody knows the encoding of a text; the reader's own program finds it.
    response.headers["Content-Type"] = found.kind
    response.headers["Content-Security-Policy"] = FILE_POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@bp.post("/matches/<int:match_id>/checklist")
@allow(Role.LECTURER)
def tick(match_id: int) -> Response:
    """Tick a point of the first meeting off, or take the tick back."""
    party = page.load(match_id)
    item, done = request.form.get("item", ""), request.form.get("done") == "1"
    rules.tick(party, this_person(), item, done=done, now=datetime.now(UTC))
    db.session.commit()
    return redirect(url_for("conversations.show", match_id=match_id, _anchor=f"point-{item}"), 303)


@bp.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> error_pages.Page:
    """Say what a message may weigh (413)."""
    return error_pages.show(
        413,
        _("That is too large"),
        _(
            "A message takes up to 3 files of 5 MB each. Nothing was sent; go back, where your browser keeps what "
            "you typed, and choose smaller files."
        ),
    )
