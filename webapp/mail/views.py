"""Pages of mail, for administrators."""

from datetime import UTC, datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp.access import Role, allow
from webapp.audit.log import note
from webapp.db import db
from webapp.mail import outbox, queries

bp = Blueprint("mail", __name__)


@bp.get("/mail")
@allow(Role.ADMINISTRATOR)
def index() -> str:
    """Show what waits to be sent, and what rests with its error."""
    page = queries.unsent(max(request.args.get("page", 1, type=int), 1))
    return render_template("mail_pages/index.html", page=page, counts=queries.counts())


@bp.post("/mail/<int:message_id>/try-again")
@allow(Role.ADMINISTRATOR)
def try_again(message_id: int) -> Response:
    """Put a message back in the line."""
    message = queries.get(message_id)
    if message is None:
        abort(404)
    now = datetime.now(UTC)
    before = {"tries": message.n_attempts, "gave_up_at": message.gave_up_at}
    outbox.try_again(message, now)
    note(
        "mail.try_again",
        actor_id=current_user.id,
        now=now,
        kind="outbox_messages",
        object_id=message.id,
        name=message.subject,
        before=before,
        after={"tries": 0, "gave_up_at": None},
    )
    db.session.commit()
    flash(_("The message will be tried again within a minute or two."), "success")
    return redirect(url_for("mail.index"), 303)


@bp.post("/mail/try-all-again")
@allow(Role.ADMINISTRATOR)
def try_all_again() -> Response:
    """Put every resting message back in the line, as after a fault of the mail server."""
    now = datetime.now(UTC)
    n = outbox.try_all_again(now)
    note(
        "mail.try_all_again",
        actor_id=current_user.id,
        now=now,
        kind="outbox_messages",
        before={"resting": n},
        after={"resting": 0},
    )
    db.session.commit()
    flash(ngettext("%(num)d message will be tried again.", "%(num)d messages will be tried again.", n), "success")
    return redirect(url_for("mail.index"), 303)
