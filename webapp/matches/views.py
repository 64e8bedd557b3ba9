"""Pages of matches."""

from datetime import UTC, datetime
from typing import Any

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp.access import Role, allow
from webapp.accounts.sessions import this_person
from webapp.db import db
from webapp.errors import NotAllowedError, WrongStateError
from webapp.matches import (
    approval,
    approval_link_views,
    approval_page,
    approval_people,
    approval_views,
    clocks,
    comparison,
    designs,
    labels,
    leads,
    models,
    passages,
    pictures,
    plan_changes,
    plan_pages,
    plan_versions,
    queries,
    reserves,
    sight,
    steps,
    travel,
    wording,
)
from webapp.matches.blueprint import bp
from webapp.matches.decisions import Limits, move
from webapp.matches.forms import DecideForm, forms_for, make_form
from webapp.matches.lifecycle import Action, Actor, Side, State
from webapp.matches.people import Place, awaited, may_see, place_of, shows_contacts
from webapp.profiles import queries as profiles

__all__ = ["approval_link_views", "approval_views", "bp"]

PER_PAGE = 20
MANY_MISSING = 4
"""So many things a course does not say make its profile thin."""


@bp.get("/matches")
@allow(Role.LECTURER)
def index() -> str:
    """Show a lecturer their matches: what waits for them, for others, what runs, what is past."""
    waiting = queries.waiting_for(current_user)
    others = queries.listed(queries.of_person(current_user, queries.UNDECIDED_STATES))
    running = queries.listed(queries.of_person(current_user, queries.RUNNING_STATES))
    past = db.paginate(queries.of_person(current_user, queries.PAST_STATES), per_page=PER_PAGE, error_out=False)
    courses = profiles.of_lecturer(current_user)
    return render_template(
        "matches/index.html",
        waiting=waiting,
        others=others,
        running=running,
        past=past,
        courses=courses,
        unmatched=_unmatched(courses, [*waiting, *others, *running]),
        **_words(),
    )


@bp.get("/matches/<int:match_id>")
@allow()
def show(match_id: int) -> str:
    """Show one match: who, why, when, how far, and what this person can do now."""
    return _page(_load(match_id))


@bp.post("/matches/<int:match_id>/decisions")
@allow(Role.LECTURER, Role.OFFICE)
def decide(match_id: int) -> Response | tuple[str, int]:
    """Accept, decline, approve, return or withdraw."""
    match = _load(match_id, hold=True)
    place = place_of(match, current_user)
    if place is None:
        raise NotAllowedError()
    try:
        action = Action(request.form.get("action", ""))
    except ValueError:
        abort(400)
    if action not in labels.ACTION_LABELS:
        raise WrongStateError()
    standing = plan_versions.current(match)
    form = make_form(match, action, place)
    meanwhile = _meanwhile(match, place, form.seen.data or "", standing.sha256 if standing else "")
    if meanwhile:
        flash(meanwhile, "warning")
        return _page(match), 409
    if not form.validate_on_submit():
        return _page(match, sent=form), 422
    settings, now = current_app.config["SETTINGS"], datetime.now(UTC)
    move(
        match,
        action,
        actor=this_person(),
        now=now,
        limits=Limits(respond=settings.respond_days, approve=settings.approve_days),
        reason=form.reason.data or "" if form.needs_reason else "",
        note=form.note.data or "" if form.needs_reason else "",
        shown_plan=standing.sha256 if standing else "",
    )
    db.session.commit()
    flash(approval_people.done_words(match, place.side, action, approval.ground(match, now)), "success")
    return redirect(url_for("matches.show", match_id=match_id), 303)


def _meanwhile(match: models.Match, place: Place, sent: str, plan: str) -> str:
    """Say what keeps a decision from counting because it changed after the page was opened; empty for nothing."""
    if match.state in queries.PAST_STATES:
        return steps.too_late_words(match)
    return sight.what_changed(match, place, sight.read(sent), plan, this_person())


def _load(match_id: int, *, hold: bool = False) -> models.Match:
    match = queries.by_id(match_id, hold=hold)
    if match is None:
        abort(404)
    if not may_see(match, current_user):
        raise NotAllowedError()
    return match


def _page(match: models.Match, sent: DecideForm | None = None) -> str:
    """Render the page of a match, with the forms of what this person can do."""
    now = datetime.now(UTC)
    on = approval.ground(match, now)
    standing = plan_versions.current(match)
    explanation = wording.read(match.explanation)
    place = place_of(match, current_user)
    rows = comparison.rows(match)
    gaps = {side: comparison.missing(match.course(side)) for side in Side}
    without_office = [
        match.course(waited.side).institution.name
        for waited in awaited(match)
        if waited.actor is Actor.OFFICE and not approval_people.signers(match, waited.side, on)
    ]
    return render_template(
        "matches/show.html",
        match=match,
        own_side=place.side if place else None,
        sides=list(Side),
        lead=leads.lead(explanation),
        said=wording.sentences(match.explanation),
        passages=passages.of(match, explanation),
        plan=designs.suggest(match, explanation),
        plan_page=plan_pages.of(match, current_user),
        travel=travel.saved(match),
        reserve=reserves.of(match, place),
        can_talk=place is not None
        and place.actor is Actor.LECTURER
        and "conversations.show" in current_app.view_functions,
        shows_contacts=shows_contacts(match),
        gaps=gaps,
        thin=[side for side in Side if len(gaps[side]) >= MANY_MISSING],
        edited=[side for side in Side if match.course(side).updated_at > match.proposed_at],
        weeks=pictures.weeks_picture(match, explanation),
        hours=clocks.hours_picture(match, explanation),
        is_text_fallback=explanation.is_text_fallback,
        rows=rows,
        has_filled_in=any(cell.is_filled_in for row in rows for cell in (row.a, row.b)),
        steps=steps.steps(match),
        waiting_words=steps.waiting_words(match, current_user),
        next_words=steps.next_words(match),
        without_office=without_office,
        returned=steps.returned_with(match),
        reason_label=labels.reason_label,
        may_edit_plan=plan_changes.may_edit(match, this_person()),
        history=steps.history(match, current_user),
        forms=forms_for(match, current_user, on, plan=standing.sha256 if standing else "", sent=sent),
        office=approval_page.of(match, place, current_user, on),
        Action=Action,
        State=State,
        **_words(),
    )


def _unmatched(courses: Any, matches: list[models.Match]) -> list[Any]:
    """Pick the open courses that have no match under way."""
    busy = {course_id for match in matches for course_id in (match.course_a_id, match.course_b_id)}
    return [course for course in courses if course.state == "open" and course.id not in busy]


def _words() -> dict[str, Any]:
    """Give templates the functions that put a match into words."""
    return {
        "state_label": labels.state_label,
        "state_tone": labels.state_tone,
        "action_labels": labels.ACTION_LABELS,
        "score_points": wording.score_points,
        "fit_words": wording.fit_words,
        "confidence_words": wording.confidence_words,
        "decimal": wording.decimal,
        "top_sentence": wording.top_sentence,
        "waiting_words_of": lambda match: steps.waiting_words(match, current_user),
    }
