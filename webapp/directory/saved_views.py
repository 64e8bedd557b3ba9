"""Pages of the searches somebody keeps, and the link in mail that works signed out."""

from datetime import UTC, datetime
from typing import Any

from flask import abort, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from webapp.access import allow, open_to_everyone
from webapp.accounts.sessions import this_person
from webapp.accounts.tokens import BadLinkError
from webapp.csrf import csrf
from webapp.db import db
from webapp.directory import labels, saved_queries
from webapp.directory import saved as rules
from webapp.directory.blueprint import bp
from webapp.directory.filters import Wanted
from webapp.directory.models import SavedSearch
from webapp.directory.saved_forms import KeepForm, RenameForm
from webapp.errors import WrongStateError

Answer = Response | str | tuple[str, int]

_UNDO = "deleted_search"


def _mine(search_id: int) -> SavedSearch:
    search = saved_queries.by_id(search_id)
    return rules.mine(search, this_person()) if search is not None else abort(404)


def _words(wanted: Wanted) -> list[str]:
    """Say in a few words what a search looks for."""
    return [chip.label for chip in labels.chips(wanted)]


def _list(failed: tuple[int, RenameForm] | None = None) -> str:
    rows: list[dict[str, Any]] = []
    for search in saved_queries.of_person(this_person()):
        wanted = rules.wanted_of(search)
        form = RenameForm(formdata=None, data={"name": search.name})
        if failed is not None and failed[0] == search.id:
            form = failed[1]
        form.name.id = f"name-{search.id}"
        rows.append({"search": search, "words": _words(wanted), "query": rules.query_of(wanted), "form": form})
    return render_template("directory/saved.html", rows=rows, undo=session.pop(_UNDO, None))


@bp.get("/directory/saved")
@allow()
def saved() -> str:
    """List the searches somebody keeps."""
    return _list()


@bp.get("/directory/saved/new")
@allow()
def new_saved() -> str:
    """Ask for the name of a search; the address states the search as that of the directory does."""
    wanted = Wanted.read(request.args)
    # The words looked for stand first, and a name needs no quotation marks.
    name = ", ".join([wanted.text, *_words(wanted)[1:]] if wanted.text else _words(wanted))
    form = KeepForm(formdata=None, data={"name": name[:100], "wants_mail": True})
    return _keep_page(wanted, form)


def _keep_page(wanted: Wanted, form: KeepForm) -> str:
    return render_template("directory/saved_new.html", form=form, words=_words(wanted), query=rules.query_of(wanted))


@bp.post("/directory/saved")
@allow()
def keep() -> Answer:
    """Keep a search."""
    wanted, form = Wanted.read(request.args), KeepForm()
    if not form.validate_on_submit():
        return _keep_page(wanted, form), 422
    try:
        search = rules.keep(
            this_person(), form.name.data or "", wanted, wants_mail=form.wants_mail.data, now=datetime.now(UTC)
        )
    except WrongStateError as error:
        if not error.message:
            raise
        form.name.errors = [error.message]
        return _keep_page(wanted, form), 422
    db.session.commit()
    flash(_("“%(name)s” is kept.", name=search.name), "success")
    return redirect(url_for("directory.saved"), 303)


@bp.post("/directory/saved/<int:search_id>/name")
@allow()
def rename_saved(search_id: int) -> Answer:
    """Give a search another name."""
    search, form = _mine(search_id), RenameForm()
    if not form.validate_on_submit():
        return _list((search_id, form)), 422
    try:
        rules.rename(search, form.name.data or "")
    except WrongStateError as error:
        if not error.message:
            raise
        form.name.errors = [error.message]
        return _list((search_id, form)), 422
    db.session.commit()
    flash(_("The search is now called “%(name)s”.", name=search.name), "success")
    return redirect(url_for("directory.saved"), 303)


@bp.post("/directory/saved/<int:search_id>/mail")
@allow()
def set_saved_mail(search_id: int) -> Answer:
    """Turn the mail of a search on or off."""
    search, wanted = _mine(search_id), request.form.get("wanted") == "1"
    rules.set_mail(search, wanted=wanted, now=datetime.now(UTC))
    db.session.commit()
    said = _("We write to you when something new fits “%(name)s”.", name=search.name)
    flash(said if wanted else _("No more mail for “%(name)s”.", name=search.name), "success")
    return redirect(url_for("directory.saved"), 303)


@bp.post("/directory/saved/<int:search_id>/delete")
@allow()
def delete_saved(search_id: int) -> Answer:
    """Delete a search; the next page offers to keep it again."""
    search = _mine(search_id)
    session[_UNDO] = {"name": search.name, "query": search.query, "wants_mail": search.wants_mail}
    db.session.delete(search)
    db.session.commit()
    return redirect(url_for("directory.saved"), 303)


@bp.get("/directory/saved/off/<token>")
@open_to_everyone
def stop_mail(token: str) -> Answer:
    """Show how the mail of a search stands, with the button that stops it; opening the page changes nothing."""
    try:
        search = rules.read_token(token)
    except BadLinkError:
        return render_template("accounts/bad_link.html"), 404
    return _mail_page(token, search)


@bp.post("/directory/saved/off/<token>")
@open_to_everyone
@csrf.exempt  # type: ignore[untyped-decorator]
def stop_mail_now(token: str) -> Answer:
    """Stop the mail; mail programs send this by themselves (RFC 8058), so there is no form token."""
    try:
        search = rules.read_token(token)
    except BadLinkError:
        return render_template("accounts/bad_link.html"), 404
    rules.set_mail(search, wanted=False, now=datetime.now(UTC))
    db.session.commit()
    return _mail_page(token, search)


def _mail_page(token: str, search: SavedSearch) -> str:
    return render_template("directory/saved_off.html", token=token, name=search.name, wants_mail=search.wants_mail)
