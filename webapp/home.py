"""The front page, the health check, and the choice of language."""

from datetime import UTC, datetime

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp import first_steps, waiting
from webapp.access import Role, allow, open_to_everyone
from webapp.accounts.labels import waiting_text
from webapp.accounts.sessions import is_own_path, this_person
from webapp.db import db
from webapp.directory.pages import Pages
from webapp.i18n import LANGUAGES
from webapp.navigation import navigation

PER_PAGE = 25

bp = Blueprint("home", __name__)
bp.add_app_template_global(navigation)


@bp.get("/")
@open_to_everyone
def index() -> str:
    """Say what this is to a stranger, and what is waiting to a person who is signed in."""
    if not current_user.is_authenticated:
        return render_template("home/stranger.html")
    if not current_user.is_verified:
        return render_template("home/unverified.html", text=waiting_text(current_user), steps=_first_steps())
    parts = waiting.parts(current_user, datetime.now(UTC))
    oversees = current_user.role in (Role.COORDINATOR, Role.ADMINISTRATOR)
    last_round = waiting.last_round() if oversees else None
    return render_template(
        "home/index.html",
        parts=parts,
        n_waiting=sum(part.n for part in parts if part.waits),
        oversees=oversees,
        last_round=last_round,
        counts=waiting.counts_of(last_round) if last_round else [],
        steps=_first_steps(),
    )


def _first_steps() -> list[first_steps.FirstStep]:
    return first_steps.of(current_user) if current_user.role is Role.LECTURER else []


@bp.get("/awaited")
@allow(Role.COORDINATOR, Role.ADMINISTRATOR)
def awaited() -> str:
    """List the matches that wait for somebody, the most urgent first, and say for whom."""
    number = max(request.args.get("page", 1, type=int), 1)
    part = waiting.awaited(this_person(), number, PER_PAGE)
    last = waiting.n_pages(part.n, PER_PAGE)
    return render_template("home/awaited.html", part=part, pages=Pages(min(number, last), last))


@bp.get("/healthz")
@open_to_everyone
def healthz() -> dict[str, str]:
    """Answer a load balancer."""
    return {"status": "ok"}


@bp.post("/language")
@open_to_everyone
def set_language() -> Response:
    """Keep the choice of language, with the person or else in the session; go back to the page it was made on."""
    chosen = request.form.get("language")
    if chosen in LANGUAGES:
        session["language"] = chosen
        if current_user.is_authenticated:
            current_user.language = chosen
            db.session.commit()
    back = request.form.get("back")
    return redirect(back if back and is_own_path(back) else url_for("home.index"), code=303)
