"""Keeping what is typed into the course form while it is not saved yet."""

from datetime import UTC, datetime

from flask import abort, jsonify, redirect, request, url_for
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from webapp.access import Role, allow
from webapp.accounts.sessions import this_person
from webapp.db import db
from webapp.i18n import clock
from webapp.profiles import drafts, queries
from webapp.profiles.asked import course_in_query
from webapp.profiles.blueprint import bp


@bp.post("/courses/drafts")
@allow(Role.LECTURER, pending_ok=True)
def keep_draft() -> Response:
    """Keep what is typed into the form of a new course, or of the course in the address; nothing is published."""
    key, now = drafts.key_of(course_in_query()), datetime.now(UTC)
    fields = drafts.typed(request.form.items(multi=True))
    if fields is None:
        abort(413)
    try:
        db.session.add(drafts.keep(queries.draft(this_person(), key), this_person(), key, fields, now))
        db.session.commit()
    except IntegrityError:
        # Another page of the same person was first; what was typed here is the newer.
        db.session.rollback()
        db.session.add(drafts.keep(queries.draft(this_person(), key), this_person(), key, fields, now))
        db.session.commit()
    return jsonify(text=_("Kept at %(time)s", time=clock(now)))


@bp.post("/courses/drafts/drop")
@allow(Role.LECTURER, pending_ok=True)
def drop_draft() -> Response:
    """Forget what was typed and show the form as it was saved last."""
    course = course_in_query()
    queries.drop_draft(this_person(), drafts.key_of(course))
    db.session.commit()
    address = url_for("profiles.edit", course_id=course.id) if course else url_for("profiles.new")
    return redirect(address, 303)
