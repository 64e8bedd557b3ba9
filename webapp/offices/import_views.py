"""Courses of many lecturers out of one file: sent by the office, shown row by row, then drafts of the lecturers."""

from datetime import UTC, datetime
from functools import partial

from flask import Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as Answer

from webapp import error_pages
from webapp.access import Role, allow
from webapp.accounts import invite_links
from webapp.accounts.refusals import asked_not_to
from webapp.accounts.sessions import this_person
from webapp.db import db
from webapp.errors import NotAllowedError, WrongStateError
from webapp.imports import kinds, preview, writing
from webapp.imports import queries as import_queries
from webapp.imports import rules as imports
from webapp.imports.columns import COLUMNS, LECTURER_COLUMNS
from webapp.imports.models import ImportFile
from webapp.imports.reading import MOST_BYTES, MOST_ROWS, RefusedFileError
from webapp.institutions.models import Institution
from webapp.offices import bulk, bulk_log, bulk_words, newcomers, sent_files, undoing
from webapp.offices.blueprint import bp

_ALL = (*LECTURER_COLUMNS, *COLUMNS)
_AROUND = 64 * 1024
_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

Page = tuple[str, int]


@bp.url_value_preprocessor
def let_files_in(endpoint: str | None, _values: object) -> None:
    """Raise the limit of requests for the one address that takes files, before anything reads the request."""
    if endpoint == "offices.upload":
        request.max_content_length = MOST_BYTES + _AROUND


@bp.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> Page:
    """Say what to do with a file that is too large to be let in."""
    return error_pages.show(413, _("This file is too large"), kinds.too_large().message)


def _house() -> Institution:
    return this_person().institution or abort(404)


def _file(bulk_id: int) -> ImportFile:
    """Load a file somebody sent for lecturers; 404 when there is none."""
    found = import_queries.file(bulk_id)
    if found is None or not import_queries.is_of_office(found):
        abort(404)
    return found


def _own_file(bulk_id: int) -> ImportFile:
    """Load a file this person sent; 403 when it is somebody else's."""
    found = _file(bulk_id)
    if found.user_id != this_person().id:
        raise NotAllowedError()
    return found


def _file_to_undo(bulk_id: int) -> ImportFile:
    """Load a file somebody of this person's office sent; 403 when it was sent for another institution."""
    found = _file(bulk_id)
    if not sent_files.may_undo(found, this_person()):
        raise NotAllowedError()
    return found


def _found(file: ImportFile) -> tuple[bulk.People, imports.Courses]:
    rows = [bulk.parts(row["key"]) for row in file.rows if row["key"]]
    people = newcomers.people_of(row["lecturer"]["email"] for row in file.rows)
    return people, newcomers.courses_of(_house(), people, rows)


def _upload_page(status: int = 200, problem: str = "") -> Page:
    settings = current_app.config["SETTINGS"]
    page = render_template(
        "offices/import.html",
        problem=problem,
        house=_house(),
        columns=_ALL,
        waiting=import_queries.waiting(this_person()),
        imported=sent_files.imported(this_person()),
        most_rows=MOST_ROWS,
        most_megabytes=MOST_BYTES // 1024**2,
        too_large=kinds.too_large().message,
        mails_an_hour=min(settings.person_mails_an_hour, settings.office_mails_an_hour),
    )
    return page, status


@bp.get("/house/import")
@allow(Role.OFFICE)
def new_import() -> Page:
    """Ask for a file."""
    return _upload_page()


@bp.post("/house/import")
@allow(Role.OFFICE)
def upload() -> Page | Answer:
    """Read a file and keep what was read; no course and no account is touched yet."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return _upload_page(422, _("Choose a file first."))
    try:
        read = kinds.read(sent.read())
    except RefusedFileError as error:
        return _upload_page(422, error.message)
    name = " ".join(sent.filename.replace("\0", "").split())[-200:]
    file = bulk.read_in(
        read,
        name,
        this_person(),
        datetime.now(UTC),
        newcomers.people_of,
        partial(newcomers.courses_of, _house()),
        asked_not_to,
    )
    db.session.add(file)
    db.session.commit()
    if read.unknown:
        names = ", ".join(read.unknown[:10]) + ("…" if len(read.unknown) > 10 else "")
        flash(_("These columns are not known here and were left out: %(names)s.", names=names), "warning")
    return redirect(url_for("offices.show_import", bulk_id=file.id), 303)


def _sender(file: ImportFile) -> str:
    """Name the colleague who sent a file; empty for the person's own."""
    return "" if file.user_id == this_person().id else sent_files.sender_of(file)


def _file_page(file: ImportFile, page: int, status: int = 200, problem: str = "") -> Page:
    _people, courses = _found(file)
    shown = preview.of(file, courses, page, imports.empty_values(this_person()))
    text = render_template(
        "offices/import_file.html",
        file=file,
        house=_house(),
        preview=shown,
        summary=preview.summary(shown.counts, shown.n_made),
        teachers={row["n"]: bulk.teacher_of(row) for row in file.rows},
        need_word=bulk.need_word(file),
        mails=newcomers.times_of(file, _house()),
        may_undo=sent_files.may_undo(file, this_person()),
        sender=_sender(file),
        now=datetime.now(UTC),
        undo_days=invite_links.LIFE.days,
        problem=problem,
    )
    return text, status


@bp.get("/house/import/<int:bulk_id>")
@allow(Role.OFFICE)
def show_import(bulk_id: int) -> Page:
    """Show what was read, row by row, with every problem."""
    # What was imported is the whole office's to look at; a choice that is being made is that of one person.
    file = _file(bulk_id)
    if file.imported_at is None or not sent_files.may_undo(file, this_person()):
        file = _own_file(bulk_id)
    return _file_page(file, request.args.get("page", 1, type=int))


@bp.post("/house/import/<int:bulk_id>")
@allow(Role.OFFICE)
def decide_import(bulk_id: int) -> Page | Answer:
    """Keep which rows are chosen and for whom the office speaks, and import them if asked to."""
    file = _own_file(bulk_id)
    _check_is_open(file)
    then, page = request.form.get("then", ""), request.form.get("page", 1, type=int)
    imports.choose(file, request.form.getlist("shown", type=int), request.form.getlist("row", type=int))
    bulk.give_word(file, request.form.getlist("works_here"))
    if then == "import":
        # The choice is kept, whatever becomes of the import.
        db.session.commit()
        return _import(file, page)
    if then in ("all", "none"):
        imports.choose_sound(file, _found(file)[1], then == "all")
    elif then in ("previous", "next"):
        page += 1 if then == "next" else -1
    db.session.commit()
    return redirect(url_for("offices.show_import", bulk_id=file.id, page=page), 303)


def _check_is_open(file: ImportFile) -> None:
    if file.imported_at is not None:
        raise WrongStateError(_("This file was imported already. Send it again to import more of it."))


def _check_was_imported(file: ImportFile) -> None:
    if file.imported_at is None:
        raise WrongStateError(_("This file was not imported, or its import was undone already."))


def _import(file: ImportFile, page: int) -> Page | Answer:
    db.session.refresh(file, with_for_update=True)
    _check_is_open(file)
    me, house, now = this_person(), _house(), datetime.now(UTC)
    people, courses = _found(file)
    problem = bulk.hindrance(file, courses) or newcomers.hindrance(file, people, house)
    if problem:
        return _file_page(file, page, 422, problem)
    try:
        outcome = bulk.import_chosen(
            file, me, people, courses, lambda name, email: newcomers.account_for(name, email, house, me, now), now
        )
        db.session.add_all(outcome.made.values())
        db.session.flush()
    except IntegrityError:
        db.session.rollback()
        raise WrongStateError(
            _("The same courses were imported from another window just now. Open this page again to see them.")
        ) from None
    try:
        invited = newcomers.tell(file, outcome.of_lecturers, me, house, now)
    except NotAllowedError as error:
        db.session.rollback()
        return _file_page(file, page, 422, error.message)
    bulk.note_done(file, outcome, invited)
    bulk_log.log_import(file, outcome, me, now)
    db.session.commit()
    flash(bulk_words.done(outcome), "success")
    return redirect(url_for("offices.show_import", bulk_id=file.id, page=page), 303)


@bp.get("/house/import/<int:bulk_id>/undo")
@allow(Role.OFFICE)
def ask_undo(bulk_id: int) -> str:
    """Show what undoing an import would remove, and what would stay."""
    file = _file_to_undo(bulk_id)
    _check_was_imported(file)
    what = undoing.plan(file, _house())
    return render_template("offices/undo_import.html", file=file, what=what, house=_house(), sender=_sender(file))


@bp.post("/house/import/<int:bulk_id>/undo")
@allow(Role.OFFICE)
def undo_import(bulk_id: int) -> Answer:
    """Remove what an import made, as far as nobody has it in hand."""
    file = _file_to_undo(bulk_id)
    db.session.refresh(file, with_for_update=True)
    what = undoing.undo(file, _house(), this_person(), datetime.now(UTC))
    said, stay = bulk_words.undone(what), bulk_words.stays(what) if what.kept else ""
    is_own = file.user_id == this_person().id
    db.session.commit()
    flash(said, "success")
    if stay:
        flash(stay, "warning")
    # Who sent the file may choose again; a colleague has nothing more to see there.
    there = url_for("offices.show_import", bulk_id=bulk_id) if is_own else url_for("offices.new_import")
    return redirect(there, 303)


@bp.get("/house/import/template.<any(csv, xlsx):ending>")
@allow(Role.OFFICE)
def import_template(ending: str) -> Response:
    """Give the template in the reader's language."""
    headers = {
        "Content-Disposition": f'attachment; filename="causeway-courses-of-lecturers.{ending}"',
        "Cache-Control": "private, no-store",
    }
    return Response(writing.template(ending, _ALL), headers=headers, content_type=_TYPES[ending])
