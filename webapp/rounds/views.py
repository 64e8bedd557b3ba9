"""Pages of rounds: the list of all, and one round in whatever state it is. Its steps stand in modules of their own."""

from datetime import UTC, datetime
from typing import Any

from flask import current_app, render_template, request

from webapp.access import Role, allow
from webapp.accounts import scope
from webapp.accounts.sessions import this_person
from webapp.db import db
from webapp.matches import labels as match_labels
from webapp.matches import queries as match_queries
from webapp.matches import wording as match_wording
from webapp.matches.lifecycle import State
from webapp.rounds import (
    console,
    console_queries,
    console_views,
    decision_queries,
    decision_standing,
    decision_views,
    dial_views,
    digest_progress,
    draft_pages,
    draft_queries,
    draft_views,
    kept_address,
    labels,
    left_out_views,
    queries,
    supply,
    why_not_views,
    wording,
)
from webapp.rounds.blueprint import bp
from webapp.rounds.console_views import round_or_404
from webapp.rounds.forms import FilterForm
from webapp.rounds.matching import next_round_at
from webapp.rounds.models import Round, RoundState

__all__ = ["bp", "console_views", "decision_views", "dial_views", "draft_views", "left_out_views", "why_not_views"]

ROUNDS_A_PAGE = 20
MATCHES_A_PAGE = 25

UNDER_WAY = frozenset({RoundState.WAITING, RoundState.COMPUTING, RoundState.FAILED})
AS_PAIRS = "pairs"
"""What the address of a published round says after ``as=`` to show its pairs as they were found."""


@bp.get("")
@allow(Role.COORDINATOR, Role.ADMINISTRATOR)
def index() -> str:
    """List the rounds with their states, the newest first, and say when the next one comes."""
    now, settings = datetime.now(UTC), current_app.config["SETTINGS"]
    drafts = draft_queries.open_drafts()
    return render_template(
        "rounds/index.html",
        page=db.paginate(queries.newest_first(), per_page=ROUNDS_A_PAGE, error_out=False),
        percent=wording.percent,
        next_at=next_round_at(now),
        waits=settings.round_waits,
        drafts=drafts,
        is_computing=any(one.state in UNDER_WAY for one in drafts),
        may_run=scope.is_of_all(this_person()),
        supply=_supply(),
        state_labels=labels.STATE_LABELS,
        state_tones=labels.STATE_TONES,
        digests_of=digest_progress.of,
        now=now,
    )


@bp.get("/<int:round_id>")
@allow(Role.COORDINATOR, Role.ADMINISTRATOR)
def show(round_id: int) -> str:
    """Show a round: how far it is, its draft with everything to decide, or what became of its matches."""
    this_round = round_or_404(round_id)
    if this_round.state in UNDER_WAY:
        return render_template(
            "rounds/under_way.html",
            round=this_round,
            state_label=labels.STATE_LABELS[this_round.state],
            progress=draft_pages.progress_of(this_round),
            is_late=draft_pages.is_late(this_round, datetime.now(UTC)),
            may_run=scope.is_of_all(this_person()),
            supply=_supply() if this_round.state is RoundState.FAILED else None,
        )
    if this_round.state is RoundState.PUBLISHED and request.args.get("as") != AS_PAIRS:
        return _published(this_round)
    return render_template(
        "rounds/draft.html",
        shown=draft_pages.shown(this_round, this_person(), request.args),
        n_changed=draft_queries.n_changed(round_id),
        n_decisions=draft_queries.n_decisions_since(this_round.started_at),
        ignored=_ignored(this_round),
        supply=_supply() if this_round.state is RoundState.DRAFT else None,
        pair_name=wording.pair,
        kept=kept_address.of_pairs(request.args),
        dial_words=wording.dial(this_round),
        kind_labels=labels.KIND_LABELS,
        state_tone=labels.STATE_TONES[this_round.state],
        state_label=labels.STATE_LABELS[this_round.state],
        **_in_common(this_round),
    )


def _ignored(this_round: Round) -> list[decision_standing.Ignored]:
    """List what coordinators decided and a draft could not keep."""
    if this_round.state is not RoundState.DRAFT:
        return []
    min_shared_weeks = current_app.config["SETTINGS"].min_shared_weeks
    return decision_standing.ignored_in(this_round, this_person(), min_shared_weeks, datetime.now(UTC).date())


def _supply() -> supply.Supply | None:
    """Count what a round begun now would find, for whoever may begin one."""
    return supply.at(datetime.now(UTC)) if scope.is_of_all(this_person()) else None


def _published(this_round: Round) -> str:
    """Show what became of the matches of a published round."""
    reader = this_person()
    within = None if scope.is_of_all(reader) else decision_queries.courses_of(reader)
    form = FilterForm(request.args)
    form.offer(queries.institutions_in(this_round.id, within))
    matches = match_queries.in_round(
        this_round.id,
        state=State(form.state.data) if form.state.data else None,
        country=form.country.data or None,
        institution_id=int(form.institution.data) if form.institution.data else None,
        text=form.letters,
        within=within,
    )
    return render_template(
        "rounds/show.html",
        form=form,
        page=db.paginate(matches, per_page=MATCHES_A_PAGE, error_out=False),
        n_by_state=queries.n_by_state(this_round.id) if scope.is_of_all(reader) else {},
        state_label=match_labels.state_label,
        state_tone=match_labels.state_tone,
        digests=digest_progress.of(this_round, datetime.now(UTC)),
        why_not_back=console.why_not_back(console_queries.matches_of(this_round.id)),
        dial_words=wording.dial(this_round),
        **_in_common(this_round),
    )


def _in_common(this_round: Round) -> dict[str, Any]:
    """What the page of a round shows before and after it is published."""
    reader = this_person()
    rows = queries.left_out_of(this_round.id)
    left_out = [row for row in rows if scope.covers(reader, row.course.institution)]
    return {
        "round": this_round,
        "as_pairs": AS_PAIRS,
        "figures": wording.figures(this_round),
        "left_out": wording.by_reason(left_out),
        "n_left_out": len(left_out),
        "why": wording.why,
        "points": match_wording.score_points,
        "confidence_words": match_wording.confidence_words,
        "may_run": scope.is_of_all(reader),
        "is_partial": not scope.is_of_all(reader),
    }
