"""Pages of what coordinators decided about pairs and places, and the steps that decide and undo."""

from collections.abc import Sequence
from datetime import UTC, datetime

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from matcher.rules import RuleSettings
from webapp.access import Role, allow
from webapp.accounts.sessions import this_person
from webapp.db import db
from webapp.errors import NotAllowedError, WrongStateError
from webapp.incoming import HIGHEST_ID
from webapp.matches import queries as match_queries
from webapp.profiles.models import CourseProfile
from webapp.rounds import decision_queries, decision_rules, decision_standing, kept_address, labels
from webapp.rounds.blueprint import bp
from webapp.rounds.draft_forms import NoteForm, PlacesForm, SearchPairForm
from webapp.rounds.models import DecisionKind

DECISIONS_A_PAGE = 25
MOST_FOUND = 12
"""Courses of each side that a search shows."""


@bp.get("/decisions")
@allow(Role.COORDINATOR, Role.ADMINISTRATOR)
def decisions() -> str:
    """List everything decided about pairs and places that holds for coming rounds."""
    page = db.paginate(decision_queries.pair_decisions(this_person()), per_page=DECISIONS_A_PAGE, error_out=False)
    settings = current_app.config["SETTINGS"]
    return render_template(
        "rounds/decisions.html",
        page=page,
        proposed=decision_standing.proposed([one.id for one in page.items]),
        ignored=decision_standing.ignored(settings.min_shared_weeks, datetime.now(UTC).date()),
        places=decision_queries.place_decisions(this_person()),
        kind_labels=labels.KIND_LABELS,
        Kind=DecisionKind,
    )


@bp.get("/decisions/new")
@allow(Role.COORDINATOR, Role.ADMINISTRATOR)
def new_decision() -> str:
    """Look for two courses to keep together or apart."""
    return _search_page(NoteForm(formdata=None))


def _search_page(note_form: NoteForm) -> str:
    form = SearchPairForm(request.args)
    texts = {side: (field.data or "").strip()[:200] for side, field in (("asia", form.asia), ("europe", form.europe))}
    chosen = {side: _chosen(side) for side in texts}
    was_sent = form_was_sent() or any(chosen.values())
    found = {side: _found(side, text, chosen[side]) if was_sent else () for side, text in texts.items()}
    return render_template(
        "rounds/decide.html",
        form=form,
        found=found,
        was_sent=was_sent,
        most=MOST_FOUND,
        note_form=note_form,
        Kind=DecisionKind,
    )


def form_was_sent() -> bool:
    """Whether the address names a search."""
    return "asia" in request.args or "europe" in request.args


def _found(side: str, text: str, chosen: CourseProfile | None) -> Sequence[CourseProfile]:
    """List the courses of a side to choose from: the one the address names, unless something is looked for."""
    if chosen is not None and not text:
        return (chosen,)
    return decision_queries.find_courses(text, side, MOST_FOUND)


def _chosen(side: str) -> CourseProfile | None:
    course_id = request.args.get(f"{side}_id", type=int)
    if course_id is None or not 0 < course_id <= HIGHEST_ID:
        return None
    found = decision_queries.course(course_id)
    if found is None or found.institution.region != side or not decision_rules.may_know(this_person(), found):
        return None
    return found


@bp.post("/decisions/pairs")
@allow(Role.COORDINATOR, Role.ADMINISTRATOR)
def decide_pair() -> Response | tuple[str, int]:
    """Keep two courses together or apart in coming rounds."""
    a, b = _course("asia_id"), _course("europe_id")
    try:
        kind = DecisionKind(request.form.get("kind", ""))
    except ValueError:
        abort(400)
    if not decision_rules.may_decide(this_person(), a, b):
        raise NotAllowedError(_("Neither of these two courses belongs to the institutions you work for."))
    form = NoteForm()
    if not form.validate_on_submit():
        return _problem(a, b, form)
    tried = frozenset(frozenset((str(a.id), str(partner))) for partner in match_queries.partners_tried(a.id))
    rules = RuleSettings(min_shared_weeks=current_app.config["SETTINGS"].min_shared_weeks, tried=tried)
    try:
        decision_rules.decide(a, b, kind, form.note.data or "", this_person(), datetime.now(UTC), rules)
    except WrongStateError as error:
        form.note.errors = [error.message]
        return _problem(a, b, form)
    db.session.commit()
    words = {
        DecisionKind.LOCK: _("These two are kept together from the next run on."),
        DecisionKind.FORBID: _("These two are kept apart from now on."),
    }
    flash(words[kind], "success")
    return _back()


def _problem(a: CourseProfile, b: CourseProfile, form: NoteForm) -> tuple[str, int]:
    page = render_template("rounds/decide_pair.html", course_a=a, course_b=b, form=form, Kind=DecisionKind, back=_to())
    return page, 422


@bp.post("/decisions/pairs/<int:decision_id>/undo")
@allow(Role.COORDINATOR, Role.ADMINISTRATOR)
def undo_pair(decision_id: int) -> Response:
    """Take a decision about a pair back."""
    decision = decision_queries.pair_decision(decision_id)
    if decision is None:
        abort(404)
    decision_rules.undo(decision, this_person(), datetime.now(UTC))
    db.session.commit()
    flash(_("Undone: the next run decides about these two by itself."), "success")
    return _back()


@bp.get("/decisions/places/<int:course_id>")
@allow(Role.COORDINATOR, Role.ADMINISTRATOR)
def places(course_id: int) -> str:
    """Show how many places a course has in coming rounds."""
    course = _covered(course_id)
    decision = decision_queries.place_decision(course_id)
    now = course.capacity if decision is None else decision.places
    return _places_page(course, PlacesForm(formdata=None, places=now))


def _places_page(course: CourseProfile, form: PlacesForm) -> str:
    return render_template(
        "rounds/places.html",
        course_row=course,
        decision=decision_queries.place_decision(course.id),
        form=form,
        back=_to(),
        kept={name: request.values[name] for name in ("round_id", "pair_id", "list") if request.values.get(name)},
    )


@bp.post("/decisions/places/<int:course_id>")
@allow(Role.COORDINATOR, Role.ADMINISTRATOR)
def set_places(course_id: int) -> Response | tuple[str, int]:
    """Leave a course fewer places in coming rounds than its lecturer offers, or give them back."""
    course = _covered(course_id)
    form = PlacesForm()
    if form.validate_on_submit():
        try:
            decision_rules.set_places(course, form.places.data or 0, this_person(), datetime.now(UTC))
        except WrongStateError as error:
            form.places.errors = [error.message]
        else:
            db.session.commit()
            flash(_("Saved for coming rounds. Matches that are open already stay."), "success")
            return _back()
    return _places_page(course, form), 422


@bp.post("/decisions/places/<int:course_id>/undo")
@allow(Role.COORDINATOR, Role.ADMINISTRATOR)
def undo_places(course_id: int) -> Response:
    """Give a course back the places its lecturer offers."""
    course = _covered(course_id)
    decision_rules.set_places(course, course.capacity, this_person(), datetime.now(UTC))
    db.session.commit()
    flash(_("Undone: the course has the places its lecturer offers."), "success")
    return _back()


def _course(field: str) -> CourseProfile:
    course_id = request.form.get(field, type=int)
    found = decision_queries.course(course_id) if course_id and 0 < course_id <= HIGHEST_ID else None
    return found if found is not None and decision_rules.may_know(this_person(), found) else abort(404)


def _covered(course_id: int) -> CourseProfile:
    course = decision_queries.course(course_id)
    if course is None:
        abort(404)
    if not decision_rules.may_decide(this_person(), course):
        raise NotAllowedError(_("This course does not belong to the institutions you work for."))
    return course


def _to() -> str:
    """Where the person came from: the same pairs of a round with the same filters, else the list of decisions."""
    round_id = request.values.get("round_id", type=int)
    if round_id and 0 < round_id <= HIGHEST_ID:
        pair_id = request.values.get("pair_id", type=int)
        kept = kept_address.pairs_of(request.values.get("list", ""))
        return url_for("rounds.show", round_id=round_id, _anchor=f"row-{pair_id}" if pair_id else None, **kept)
    return url_for("rounds.decisions")


def _back() -> Response:
    return redirect(_to(), 303)
