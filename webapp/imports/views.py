"""Pages for courses from files, and one's own courses as files."""

from datetime import UTC, datetime

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as Answer

from webapp import error_pages
from webapp.access import Role, allow
from webapp.accounts.sessions import this_person
from webapp.db import db
from webapp.errors import NotAllowedError, WrongStateError
from webapp.imports import keys, kinds, preview, queries, rules, writing
from webapp.imports.columns import COLUMNS, OWN_ID
from webapp.imports.models import ImportFile
from webapp.imports.reading import MOST_BYTES, MOST_ROWS, RefusedFileError
from webapp.profiles import queries as profile_queries
from webapp.profiles.rules import values_of

bp = Blueprint("imports", __name__)
bp.add_app_template_global(preview.fate_label, "import_fate_label")
bp.add_app_template_global(preview.fate_tone, "import_fate_tone")

_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jsonl": "application/jsonl; charset=utf-8",
}
# What a browser sends around the file.
_AROUND = 64 * 1024

Page = tuple[str, int]


@bp.url_value_preprocessor
def let_files_in(endpoint: str | None, _values: object) -> None:
    """Raise the limit of requests for the one address that takes files, before anything reads the request."""
    if endpoint == "imports.upload":
        request.max_content_length = MOST_BYTES + _AROUND


@bp.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> Page:
    """Say what to do with a file that is too large to be let in."""
    return error_pages.show(413, _("This file is too large"), kinds.too_large().message)


def _file(file_id: int) -> ImportFile:
    """Load a file of the signed-in lecturer; 404 when there is none, 403 when it is somebody else's."""
    found = queries.file(file_id)
    if found is None or queries.is_of_office(found):
        abort(404)
    if found.user_id != this_person().id:
        raise NotAllowedError()
    return found


def _courses(file: ImportFile) -> rules.Courses:
    return queries.courses_of_keys(this_person(), (row["key"] for row in file.rows if row["key"]))


def _upload_page(status: int = 200, problem: str = "") -> Page:
    page = render_template(
        "imports/new.html",
        problem=problem,
        columns=COLUMNS,
        waiting=queries.waiting(this_person()),
        most_rows=MOST_ROWS,
        too_large=kinds.too_large().message,
        most_megabytes=MOST_BYTES // 1024**2,
    )
    return page, status


@bp.get("/courses/import")
@allow(Role.LECTURER, pending_ok=True)
def new() -> Page:
    """Ask for a file."""
    return _upload_page()


@bp.post("/courses/import")
@allow(Role.LECTURER, pending_ok=True)
def upload() -> Page | Answer:
    """Read a file and keep what was read; no course is touched yet."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return _upload_page(422, _("Choose a file first."))
    try:
        read = kinds.read(sent.read())
    except RefusedFileError as error:
        return _upload_page(422, error.message)
    me = this_person()
    name = " ".join(sent.filename.replace("\0", "").split())[-200:]
    file = rules.read_in(read, name, me, datetime.now(UTC), lambda wanted: queries.courses_of_keys(me, wanted))
    db.session.add(file)
    db.session.commit()
    unknown = [*read.unknown, *kinds.lecturer_columns(read)]
    if unknown:
        names = ", ".join(unknown[:10]) + ("…" if len(unknown) > 10 else "")
        flash(_("These columns are not known here and were left out: %(names)s.", names=names), "warning")
    return redirect(url_for("imports.show", file_id=file.id), 303)


def _file_page(file: ImportFile, page: int, status: int = 200, problem: str = "") -> Page:
    me = this_person()
    shown = preview.of(file, _courses(file), page, rules.empty_values(me))
    text = render_template(
        "imports/show.html",
        file=file,
        preview=shown,
        summary=preview.summary(shown.counts, shown.n_made),
        problem=problem,
        institution=me.institution.name if me.institution else "",
        n_removable=len(rules.untouched(queries.courses(me, rules.made_by(file)))) if file.imported_at else 0,
    )
    return text, status


@bp.get("/courses/import/<int:file_id>")
@allow(Role.LECTURER, pending_ok=True)
def show(file_id: int) -> Page:
    """Show what was read, row by row, with every problem."""
    return _file_page(_file(file_id), request.args.get("page", 1, type=int))


@bp.post("/courses/import/<int:file_id>")
@allow(Role.LECTURER, pending_ok=True)
def decide(file_id: int) -> Page | Answer:
    """Keep which rows are chosen, and import them if asked to."""
    file = _file(file_id)
    then, page = request.form.get("then", ""), request.form.get("page", 1, type=int)
    rules.choose(file, request.form.getlist("shown", type=int), request.form.getlist("row", type=int))
    if then == "import":
        return _import(file, page)
    if then in ("all", "none"):
        rules.choose_sound(file, _courses(file), then == "all")
    elif then in ("previous", "next"):
        page += 1 if then == "next" else -1
    db.session.commit()
    return redirect(url_for("imports.show", file_id=file.id, page=page), 303)


def _import(file: ImportFile, page: int) -> Page | Answer:
    courses = _courses(file)
    problem = rules.hindrance(file, courses)
    if problem:
        db.session.commit()
        return _file_page(file, page, 422, problem)
    outcome = rules.import_chosen(file, this_person(), courses, datetime.now(UTC))
    db.session.add_all(outcome.made.values())
    try:
        db.session.flush()
    except IntegrityError:
        db.session.rollback()
        raise WrongStateError(
            _("The same courses were imported from another window just now. Open this page again to see them.")
        ) from None
    rules.note_made(file, outcome.made)
    db.session.commit()
    flash(preview.done(outcome), "success")
    return redirect(url_for("imports.show", file_id=file.id, page=page), 303)


@bp.post("/courses/import/<int:file_id>/undo")
@allow(Role.LECTURER, pending_ok=True)
def undo(file_id: int) -> Answer:
    """Remove the drafts an import has made, as far as nobody has changed them since."""
    file = _file(file_id)
    made = rules.made_by(file)
    removed = rules.untouched(queries.courses(this_person(), made))
    queries.forget_typed(this_person(), [course.id for course in removed])
    for course in removed:
        db.session.delete(course)
    rules.take_back(file)
    db.session.commit()
    flash(ngettext("%(num)d draft was removed.", "%(num)d drafts were removed.", len(removed)), "success")
    if len(removed) < len(made):
        n = len(made) - len(removed)
        text = ngettext(
            "%(num)d course has changed since and stays.", "%(num)d courses have changed since and stay.", n
        )
        flash(text, "warning")
    return redirect(url_for("imports.show", file_id=file.id), 303)


def _download(content: bytes, name: str, ending: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}.{ending}"', "Cache-Control": "private, no-store"}
    return Response(content, headers=headers, content_type=_TYPES[ending])


@bp.get("/courses/import/template.<any(csv, xlsx):ending>")
@allow(Role.LECTURER, pending_ok=True)
def template(ending: str) -> Response:
    """Give the template in the reader's language."""
    return _download(writing.template(ending), "causeway-courses-template", ending)


@bp.get("/courses/export.<any(csv, xlsx, jsonl):ending>")
@allow(Role.LECTURER, pending_ok=True)
def export(ending: str) -> Response:
    """Give the lecturer's own courses as a file, which an import reads again."""
    courses = profile_queries.of_lecturer(this_person())
    if ending == "jsonl":
        content = writing.json_lines((course, keys.our_name(course)) for course in courses)
    else:
        content = writing.table(ending, ({**values_of(course), OWN_ID: keys.our_name(course)} for course in courses))
    return _download(content, "causeway-courses", ending)
