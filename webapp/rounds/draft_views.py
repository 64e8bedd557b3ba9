"""Pages of a draft's pairs, one at a time, and of two rounds side by side."""

from datetime import UTC, datetime
from typing import Any

from flask import abort, render_template, request
from flask_babel import gettext as _

from webapp.access import Role, allow
from webapp.accounts.sessions import this_person
from webapp.errors import NotAllowedError
from webapp.matches import wording as match_wording
from webapp.rounds import (
    comparing,
    comparing_pages,
    comparing_queries,
    decision_queries,
    decision_rules,
    draft,
    draft_queries,
    kept_address,
    labels,
    wording,
)
from webapp.rounds.blueprint import bp
from webapp.rounds.console_views import round_or_404
from webapp.rounds.draft_forms import NoteForm
from webapp.rounds.models import DecisionKind, RoundPair

MOST_TO_COMPARE = 20


@bp.get("/<int:round_id>/pairs/<int:pair_id>")
@allow(Role.COORDINATOR, Role.ADMINISTRATOR)
def pair(round_id: int, pair_id: int) -> str:
    """Show why a pair was chosen, what to look at, and what is decided about it."""
    this_round = round_or_404(round_id)
    found = draft_queries.pair(round_id, pair_id)
    if found is None:
        abort(404)
    if not decision_rules.may_decide(this_person(), found.course_a, found.course_b):
        raise NotAllowedError(_("Neither of these two courses belongs to the institutions you work for."))
    template = "rounds/_pair.html" if request.headers.get("HX-Request") else "rounds/pair.html"
    warned = draft.warnings_of(this_round)
    return render_template(
        template,
        round=this_round,
        kept=kept_address.of_pairs(request.args),
        packed=kept_address.packed,
        form=NoteForm(formdata=None),
        **pair_context(found, warned),
    )


def pair_context(found: RoundPair, warned: dict[str, set[int]]) -> dict[str, Any]:
    """Collect what a pair's page shows."""
    return {
        "pair": found,
        "said": match_wording.sentences(found.explanation),
        "points": match_wording.score_points(found.score),
        "sure": match_wording.confidence_words(found.confidence),
        "warnings": [str(labels.WARNING_LABELS[code]) for code, ids in warned.items() if found.id in ids],
        "decision": decision_queries.decision_about(found.course_a_id, found.course_b_id),
        "has_changed": (found.version_a, found.version_b) != (found.course_a.version, found.course_b.version),
        "kind_labels": labels.KIND_LABELS,
        "Kind": DecisionKind,
    }


@bp.get("/<int:round_id>/compare")
@allow(Role.COORDINATOR, Role.ADMINISTRATOR)
def compare(round_id: int) -> str:
    """Compare a round with another one, pair by pair."""
    this_round = round_or_404(round_id)
    others = comparing_queries.others(this_round, MOST_TO_COMPARE)
    wanted = request.args.get("with", type=int) or this_round.based_on_id
    other = next((one for one in others if one.id == wanted), None)
    shown = None if other is None else comparing_pages.shown(this_round, other, this_person(), request.args)
    return render_template(
        "rounds/compare.html",
        round=this_round,
        others=others,
        other=other,
        shown=shown,
        Found=comparing.Found,
        state_labels=labels.STATE_LABELS,
        points=match_wording.score_points,
        percent=wording.percent,
        now=datetime.now(UTC),
    )
