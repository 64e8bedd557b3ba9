"""Pages of courses and their form. Steps, drafts and the page about the lecturer stand in modules of their own."""

from datetime import UTC, datetime
from typing import Any

from flask import flash, render_template, request, session
from flask_babel import gettext as _
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response

from matcher.vocabulary.tools import commonly_blocked
from webapp.access import Role, allow
from webapp.accounts.sessions import this_person
from webapp.db import db
from webapp.errors import CausewayError, NotAllowedError
from webapp.profiles import (
    completeness,
    draft_views,
    drafts,
    facts,
    labels,
    lecturer_views,
    queries,
    rules,
    sections,
    step_views,
)
from webapp.profiles.asked import course_or_404, own_course, to_course
from webapp.profiles.blueprint import bp
from webapp.profiles.forms import CourseForm, course_data
from webapp.profiles.models import CourseProfile, CourseState, FormDraft

__all__ = ["bp", "draft_views", "lecturer_views", "step_views"]

bp.add_app_template_global(labels.course_state_label)
bp.add_app_template_global(labels.course_state_tone)
bp.add_app_template_global(labels.experience_label)
bp.add_app_template_global(labels.cefr_name)
bp.add_app_template_global(sections.controls)
bp.add_app_template_global(sections.level_texts)
bp.add_app_template_global(sections.needed_controls)
bp.add_app_template_global(sections.progress_label)

Answer = str | Response | tuple[str, int]


@bp.get("/courses")
@allow(Role.LECTURER, pending_ok=True)
def index() -> str:
    """List the lecturer's courses by state, each with how complete it is and what to do next."""
    courses = queries.of_lecturer(this_person())
    order = (CourseState.OPEN, CourseState.DRAFT, CourseState.PAUSED, CourseState.WITHDRAWN)
    return render_template(
        "profiles/index.html",
        by_state=[(state, own) for state in order if (own := [c for c in courses if c.state is state])],
        completeness={course.id: completeness.of(rules.values_of(course)) for course in courses},
        has_profile=queries.lecturer_profile(this_person()) is not None,
    )


@bp.get("/courses/<int:course_id>")
@allow(pending_ok=True)
def show(course_id: int) -> str:
    """Show a course as a partner would read it."""
    course = course_or_404(course_id)
    if not rules.may_see(course, this_person()):
        raise NotAllowedError()
    is_mine = course.lecturer_id == this_person().id
    values = rules.values_of(course)
    return render_template(
        "profiles/show.html",
        course=course,
        is_mine=is_mine,
        groups=[group for group in facts.groups(values) if group.stated],
        lecturer=queries.lecturer_profile(course.lecturer),
        completeness=completeness.of(values),
        hindrances=rules.hindrances(course, this_person(), datetime.now(UTC).date()) if is_mine else [],
        saved_form=session.pop("saved_form", None) if is_mine else None,
        autosave_key=drafts.browser_key(this_person()),
    )


def _form_page(form: CourseForm, course: CourseProfile | None, status: int = 200, **context: Any) -> tuple[str, int]:
    now, institution, values = datetime.now(UTC), this_person().institution, form.values()
    page = render_template(
        "profiles/edit.html",
        form=form,
        course=course,
        filled_in=course.filled_in if course else [],
        completeness=completeness.of(values),
        levels=completeness.levels(),
        sections=sections.of(values),
        autosave_key=drafts.browser_key(this_person()),
        draft_form=drafts.key_of(course),
        is_verified=this_person().is_verified,
        country=institution.country if institution else "",
        often_blocked=[tool.name for tool in commonly_blocked(institution.country)] if institution else [],
        can_publish=course is None or not rules.hindrances(course, this_person(), now.date()),
        **context,
    )
    return page, status


def _own_zone() -> str | None:
    """The time zone of the lecturer's institution; None when it is not known, and UTC stands in for it."""
    institution = this_person().institution
    return institution.time_zone if institution and institution.time_zone != "UTC" else None


def _kept(course: CourseProfile | None, data: dict[str, Any]) -> tuple[FormDraft, CourseForm] | None:
    """Find what the lecturer typed after the course was saved last, with the form as it was then.

    Parameters
    ----------
    data
        What the form is filled with otherwise; a draft that says the same is none.
    """
    draft = queries.draft(this_person(), drafts.key_of(course))
    if draft is None or not drafts.is_newer(draft, course):
        return None
    typed = CourseForm(drafts.as_sent(draft), data=data)
    return None if typed.values() == CourseForm(None, data=data).values() else (draft, typed)


@bp.get("/courses/new")
@allow(Role.LECTURER, pending_ok=True)
def new() -> Answer:
    """Show the form of a new course, with what was typed into it and never saved."""
    data = course_data(rules.no_values(_own_zone()))
    empty, kept = CourseForm(data=data), _kept(None, data)
    if kept is None:
        return _form_page(empty, None)
    draft, typed = kept
    return _form_page(typed, None, continued=draft)


@bp.post("/courses/new")
@allow(Role.LECTURER, pending_ok=True)
def create() -> Answer:
    """Save a new course as a draft, and open it for partners if asked to."""
    form = CourseForm(data=course_data(rules.no_values(_own_zone())))
    if "add" in request.form:
        form.add_row(request.form["add"])
        return _form_page(form, None, added=request.form["add"])
    if not form.validate():
        return _form_page(form, None, 422)
    now = datetime.now(UTC)
    course = rules.new_course(this_person(), form.values(), now)
    db.session.add(course)
    return _finish(course, drafts.key_of(None), now)


@bp.get("/courses/<int:course_id>/edit")
@allow(Role.LECTURER, pending_ok=True)
def edit(course_id: int) -> Answer:
    """Show the form of a course, and offer what was typed into it and never saved."""
    course = own_course(course_id)
    data = course_data(rules.values_of(course)) | {"version": course.version}
    kept = _kept(course, data)
    if kept is None:
        return _form_page(CourseForm(data=data), course)
    draft, typed = kept
    if request.args.get("draft") == "continue":
        return _form_page(typed, course, continued=draft)
    return _form_page(CourseForm(data=data), course, offered=draft)


@bp.post("/courses/<int:course_id>/edit")
@allow(Role.LECTURER, pending_ok=True)
def update(course_id: int) -> Answer:
    """Save a course, unless somebody saved it after this form was opened: then show both versions."""
    course = own_course(course_id)
    form = CourseForm(data=course_data(rules.values_of(course)) | {"version": course.version})
    if "add" in request.form:
        form.add_row(request.form["add"])
        return _form_page(form, course, added=request.form["add"])
    is_valid = form.validate()
    if form.version.data != str(course.version):
        return _conflict(form, course)
    if not is_valid:
        return _form_page(form, course, 422)
    now = datetime.now(UTC)
    rules.save(course, form.values(), now)
    try:
        return _finish(course, drafts.key_of(course), now)
    except StaleDataError:
        db.session.rollback()
        return _conflict(form, own_course(course_id))


def _conflict(form: CourseForm, course: CourseProfile) -> Answer:
    """Show the form as typed beside what was saved meanwhile; sending it again keeps what was typed."""
    form.version.data = str(course.version)
    differences = facts.differences(rules.values_of(course), form.values())
    return _form_page(form, course, 409, differences=differences)


def _finish(course: CourseProfile, key: str, now: datetime) -> Response:
    """Commit a saved course, opened for partners when the form asked for it and nothing keeps it from it.

    Parameters
    ----------
    key
        The form it was typed into; what was kept of it is forgotten.
    """
    refusal, before = "", course.state
    if request.form.get("then") == "publish" and course.state is CourseState.DRAFT:
        try:
            rules.publish(course, this_person(), now)
        except CausewayError as error:
            refusal = error.message
    queries.drop_draft(this_person(), key)
    db.session.commit()
    session["saved_form"] = key
    if refusal:
        flash(_("Saved as a draft, not yet open for partners. %(reason)s", reason=refusal), "warning")
    elif course.state is CourseState.OPEN:
        flash(_("Saved. “%(title)s” is open and takes part in the next weekly round.", title=course.title), "success")
    else:
        flash(_("Saved. “%(title)s” is not open for partners at present.", title=course.title), "success")
    if course.state is before:
        return to_course(course)
    step_views.note_step(course, before.value)
    return step_views.to_fits(course)
