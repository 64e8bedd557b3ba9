"""Pages on which a pasted syllabus becomes suggestions for a course, and suggestions what stands in its form."""

import json
from datetime import UTC, datetime
from functools import cache

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from matcher.embedders import default_embedder
from webapp.access import Role, allow
from webapp.accounts.sessions import this_person
from webapp.db import db, reading
from webapp.directory.embedding import OneAtATime
from webapp.profiles import drafts, queries
from webapp.syllabus.filling import Fields, Filling, filled
from webapp.syllabus.forms import PasteForm
from webapp.syllabus.meaning import Meaning
from webapp.syllabus.page_text import MOST_SIGNS
from webapp.syllabus.reading import read
from webapp.syllabus.shown import shown

bp = Blueprint("syllabus", __name__)
bp.add_app_template_global(PasteForm, "paste_form")

_NEW_COURSE: Fields = [["capacity", "1"]]
"""What the form of a new course holds before anybody types."""


@cache
def _meaning() -> Meaning:
    """The sentence model with its vocabularies, made once for a process."""
    return Meaning(OneAtATime.around(default_embedder()))


@bp.post("/courses/suggestions")
@allow(Role.LECTURER, pending_ok=True)
def suggest() -> str | tuple[str, int]:
    """Say what a pasted text suggests: as a part of the course form's page, or as a page of its own."""
    form = PasteForm()
    is_part = request.headers.get("HX-Request") == "true"
    template = "syllabus/_suggestions.html" if is_part else "syllabus/suggestions.html"
    if not form.validate_on_submit():
        return render_template(template, form=form, suggestions=None, is_part=is_part), 422
    text = form.text.data or ""
    # Reading takes a second or two, and nobody shall wait for this request's transaction meanwhile.
    db.session.rollback()
    with reading():
        found = read(text, _meaning())
        # Beside the form the script knows better what stands in it than the draft that was kept last.
        draft = queries.draft(this_person(), drafts.key_of(None))
        return render_template(
            template,
            form=form,
            suggestions=shown(found, draft.fields if draft and not is_part else []),
            is_part=is_part,
            most_signs=MOST_SIGNS if len(text) > MOST_SIGNS else None,
        )


@bp.post("/courses/suggestions/taken")
@allow(Role.LECTURER, pending_ok=True)
def take() -> Response:
    """Put what was chosen into the draft of a new course, beside what is typed there, and open its form."""
    chosen = [
        Filling.from_json(_loaded(value))
        for name, value in request.form.items(multi=True)
        if name.partition("-")[0] == "take" and _loaded(value) is not None
    ]
    if not chosen:
        flash(_("Nothing was chosen, so nothing was taken over."), "warning")
        return redirect(url_for("profiles.new"), 303)
    try:
        is_kept = _keep(chosen)
    except IntegrityError:
        # Another page of the same person made the draft meanwhile; what it holds stays.
        db.session.rollback()
        is_kept = _keep(chosen)
    if is_kept:
        text = ngettext(
            "%(num)d suggestion is in the form now, not saved yet. Please check it.",
            "%(num)d suggestions are in the form now, not saved yet. Please check each of them.",
            len(chosen),
        )
        flash(text, "success")
    else:
        flash(_("The form holds too much already; nothing was taken over."), "warning")
    return redirect(url_for("profiles.new"), 303)


def _keep(chosen: list[Filling]) -> bool:
    """Write what was chosen into the draft of a new course; False when that is more than a form can hold."""
    key = drafts.key_of(None)
    draft = queries.draft(this_person(), key)
    fields: Fields = draft.fields if draft else _NEW_COURSE
    for filling in chosen:
        fields = filled(fields, filling)
    kept = drafts.typed((name, value) for name, value in fields)
    if kept is None:
        return False
    db.session.add(drafts.keep(draft, this_person(), key, kept, datetime.now(UTC)))
    db.session.commit()
    return True


def _loaded(text: str) -> object | None:
    try:
        found: object = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found
