"""The front page, the health check, and the choice of language."""

from flask import Blueprint, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from webapp.access import open_to_everyone
from webapp.i18n import LANGUAGES
from webapp.navigation import navigation

bp = Blueprint("home", __name__)
bp.add_app_template_global(navigation)


@bp.get("/")
@open_to_everyone
def index() -> str:
    """Say what this is to a stranger, and what is waiting to a person who is signed in."""
    return render_template("home/index.html")


@bp.get("/healthz")
@open_to_everyone
def healthz() -> dict[str, str]:
    """Answer a load balancer."""
    return {"status": "ok"}


@bp.post("/language")
@open_to_everyone
def set_language() -> Response:
    """Keep a stranger's choice of language in the session, and go back to the page it was made on."""
    chosen = request.form.get("language")
    if chosen in LANGUAGES:
        session["language"] = chosen
    back = request.form.get("back", "")
    return redirect(back if back.startswith("/") and not back.startswith(("//", "/\\")) else url_for("home.index"))
