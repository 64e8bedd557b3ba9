"""Pages of rounds."""

from flask import Blueprint, abort, render_template, request

from webapp.access import Role, allow
from webapp.db import db
from webapp.matches import labels as match_labels
from webapp.matches import queries as match_queries
from webapp.matches import wording as match_wording
from webapp.matches.lifecycle import State
from webapp.rounds import models, queries, wording  # noqa: F401
from webapp.rounds.forms import FilterForm

bp = Blueprint("rounds", __name__, url_prefix="/rounds")

ROUNDS_A_PAGE = 20
MATCHES_A_PAGE = 25


@bp.get("")
@allow(Role.COORDINATOR, Role.ADMINISTRATOR)
def index() -> str:
    """List the rounds, the newest first."""
    page = db.paginate(queries.newest_first(), per_page=ROUNDS_A_PAGE, error_out=False)
    return render_template("rounds/index.html", page=page, percent=wording.percent)


@bp.get("/<int:round_id>")
@allow(Role.COORDINATOR, Role.ADMINISTRATOR)
def show(round_id: int) -> str:
    """Show what a round did: its figures, its matches with filters, and the courses it left out."""
    this_round = queries.by_id(round_id)
    if this_round is None:
        abort(404)
    form = FilterForm(request.args)
    form.offer(queries.institutions_in(round_id))
    matches = match_queries.in_round(
        round_id,
        state=State(form.state.data) if form.state.data else None,
        country=form.country.data or None,
        institution_id=int(form.institution.data) if form.institution.data else None,
        text=form.letters,
    )
    left_out = queries.left_out_of(round_id)
    return render_template(
        "rounds/show.html",
        round=this_round,
        form=form,
        page=db.paginate(matches, per_page=MATCHES_A_PAGE, error_out=False),
        n_by_state=queries.n_by_state(round_id),
        figures=wording.figures(this_round),
        left_out=wording.by_reason(left_out),
        why=wording.why,
        state_label=match_labels.state_label,
        state_tone=match_labels.state_tone,
        points=match_wording.score_points,
        confidence_words=match_wording.confidence_words,
        n_left_out=len(left_out),
    )
