"""Pages of lecturers' profiles and courses."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, cast

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response

from matcher.vocabulary.tools import commonly_blocked
from webapp.access import Role, allow
from webapp.accounts.models import User
from webapp.db import db
from webapp.errors import CausewayError, NotAllowedError
from webapp.profiles import completeness, facts, labels, queries, rules
from webapp.profiles.forms import CourseForm, LecturerForm, course_data, lecturer_data
from webapp.profiles.models import CourseProfile, CourseState

bp = Blueprint("profiles", __name__)
bp.add_app_template_global(labels.course_state_label)
bp.add_app_template_global(labels.course_state_tone)
bp.add_app_template_global(labels.experience_label)

Answer = str | Response | tuple[str, int]


def _me() -> User:
    return cast(User, current_user._get_current_object())


def _course(course_id: int) -> CourseProfile:
    """Load a course, or answer 404."""
    found = queries.course(course_id)
    return abort(404) if found is None else found


def _mine(course_id: int) -> CourseProfile:
    """Load a course of the signed-in lecturer; 404 when there is none, 403 when it is somebody else's."""
    course = _course(course_id)
    if course.lecturer_id != _me().id:
        raise NotAllowedError()
    return course


def _to_course(course: CourseProfile) -> Response:
    return redirect(url_for("profiles.show", course_id=course.id), 303)


@bp.get("/courses")
@allow(Role.LECTURER, pending_ok=True)
def index() -> str:
    """List the lecturer's courses by state, each with how complete it is and what to do next."""
    courses = queries.of_lecturer(_me())
    order = (CourseState.OPEN, CourseState.DRAFT, CourseState.PAUSED, CourseState.WITHDRAWN)
    return render_template(
        "profiles/index.html",
        by_state=[(state, own) for state in order if (own := [c for c in courses if c.state is state])],
        completeness={course.id: completeness.of(rules.values_of(course)) for course in courses},
        has_profile=queries.lecturer_profile(_me()) is not None,
    )


@bp.get("/courses/<int:course_id>")
@allow(pending_ok=True)
def show(course_id: int) -> str:
    """Show a course as a partner would read it."""
    course = _course(course_id)
    if not rules.may_see(course, _me()):
        raise NotAllowedError()
    is_mine = course.lecturer_id == _me().id
    undo = session.pop("undo", None) if is_mine else None
    values = rules.values_of(course)
    return render_template(
        "profiles/show.html",
        course=course,
        is_mine=is_mine,
        groups=[group for group in facts.groups(values) if group.stated],
        lecturer=queries.lecturer_profile(course.lecturer),
        completeness=completeness.of(values),
        hindrances=rules.hindrances(course, _me(), datetime.now(UTC).date()) if is_mine else [],
        undo=undo if undo and undo["course_id"] == course.id else None,
    )


def _form_page(form: CourseForm, course: CourseProfile | None, status: int = 200, **context: Any) -> tuple[str, int]:
    now, institution = datetime.now(UTC), _me().institution
    page = render_template(
        "profiles/edit.html",
        form=form,
        course=course,
        filled_in=course.filled_in if course else [],
        completeness=completeness.of(rules.values_of(course) if course else rules.no_values()),
        is_verified=_me().is_verified,
        country=institution.country if institution else "",
        often_blocked=[tool.name for tool in commonly_blocked(institution.country)] if institution else [],
        can_publish=course is None or not rules.hindrances(course, _me(), now.date()),
        **context,
    )
    return page, status


def _own_zone() -> str | None:
    """The time zone of the lecturer's institution; None when it is not known, and UTC stands in for it."""
    institution = _me().institution
    return institution.time_zone if institution and institution.time_zone != "UTC" else None


@bp.get("/courses/new")
@allow(Role.LECTURER, pending_ok=True)
def new() -> Answer:
    """Show an empty course form."""
    return _form_page(CourseForm(data=course_data(rules.no_values(_own_zone()))), None)


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
    course = rules.new_course(_me(), form.values(), now)
    db.session.add(course)
    return _finish(course, now)


@bp.get("/courses/<int:course_id>/edit")
@allow(Role.LECTURER, pending_ok=True)
def edit(course_id: int) -> Answer:
    """Show the form of a course."""
    course = _mine(course_id)
    data = course_data(rules.values_of(course)) | {"version": course.version}
    return _form_page(CourseForm(data=data), course)


@bp.post("/courses/<int:course_id>/edit")
@allow(Role.LECTURER, pending_ok=True)
def update(course_id: int) -> Answer:
    """Save a course, unless somebody saved it after this form was opened: then show both versions."""
    course = _mine(course_id)
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
        return _finish(course, now)
    except StaleDataError:
        db.session.rollback()
        return _conflict(form, _mine(course_id))


def _conflict(form: CourseForm, course: CourseProfile) -> Answer:
    """Show the form as typed beside what was saved meanwhile; sending it again keeps what was typed."""
    form.version.data = str(course.version)
    differences = facts.differences(rules.values_of(course), form.values())
    return _form_page(form, course, 409, differences=differences)


def _finish(course: CourseProfile, now: datetime) -> Response:
    """Commit a saved course, opened for partners when the form asked for it and nothing keeps it from it."""
    refusal = ""
    if request.form.get("then") == "publish" and course.state is CourseState.DRAFT:
        try:
            rules.publish(course, _me(), now)
        except CausewayError as error:
            refusal = error.message
    db.session.commit()
    if refusal:
        flash(_("Saved as a draft, not yet open for partners. %(reason)s", reason=refusal), "warning")
    elif course.state is CourseState.OPEN:
        flash(_("Saved. “%(title)s” is open and takes part in the next weekly round.", title=course.title), "success")
    else:
        flash(_("Saved. “%(title)s” is not open for partners at present.", title=course.title), "success")
    return _to_course(course)


def _stepped(course: CourseProfile, step: Callable[[], None], message: str) -> Response:
    """Take a step that changes a course's state, commit, say it, and offer to undo it."""
    before = course.state
    step()
    db.session.commit()
    flash(message, "success")
    session["undo"] = {"course_id": course.id, "to": before.value, "version": course.version}
    return _to_course(course)


@bp.post("/courses/<int:course_id>/publish")
@allow(Role.LECTURER)
def publish(course_id: int) -> Response:
    """Open a draft for partners."""
    course = _mine(course_id)
    message = _("“%(title)s” is open and takes part in the next weekly round.", title=course.title)
    return _stepped(course, lambda: rules.publish(course, _me(), datetime.now(UTC)), message)


@bp.post("/courses/<int:course_id>/pause")
@allow(Role.LECTURER)
def pause(course_id: int) -> Response:
    """Take a course out of the next rounds for now."""
    course = _mine(course_id)
    message = _("“%(title)s” is paused: no partners are proposed until you resume it.", title=course.title)
    return _stepped(course, lambda: rules.pause(course), message)


@bp.post("/courses/<int:course_id>/resume")
@allow(Role.LECTURER)
def resume(course_id: int) -> Response:
    """Open a paused course again."""
    course = _mine(course_id)
    message = _("“%(title)s” is open again and takes part in the next weekly round.", title=course.title)
    return _stepped(course, lambda: rules.resume(course, _me(), datetime.now(UTC)), message)


@bp.post("/courses/<int:course_id>/withdraw")
@allow(Role.LECTURER, pending_ok=True)
def withdraw(course_id: int) -> Response:
    """Take a course out for good."""
    course = _mine(course_id)
    message = _("“%(title)s” is withdrawn.", title=course.title)
    return _stepped(course, lambda: rules.withdraw(course), message)


@bp.post("/courses/<int:course_id>/undo")
@allow(Role.LECTURER, pending_ok=True)
def undo(course_id: int) -> Response:
    """Take the last change of state back."""
    course = _mine(course_id)
    rules.undo(
        course,
        _me(),
        request.form.get("to", ""),
        request.form.get("version", -1, type=int),
        datetime.now(UTC),
    )
    db.session.commit()
    flash(_("Undone: everything is as it was before."), "success")
    return _to_course(course)


@bp.post("/courses/<int:course_id>/copy")
@allow(Role.LECTURER, pending_ok=True)
def copy(course_id: int) -> Response:
    """Make a draft for another term out of a course."""
    made = rules.copy(_mine(course_id), datetime.now(UTC))
    db.session.add(made.course)
    db.session.commit()
    if made.weeks:
        text = _(
            "This is your copy. The first and last day and the breaks were moved by %(weeks)d weeks, weekdays kept: "
            "check them, the live hours and the number of students, and name the term.",
            weeks=made.weeks,
        )
    else:
        text = _("This is your copy. Add the days of the term, and check the live hours and the number of students.")
    flash(text, "success")
    return redirect(url_for("profiles.edit", course_id=made.course.id), 303)


def _lecturer_page(form: LecturerForm, status: int = 200, added: str = "") -> tuple[str, int]:
    return render_template("profiles/lecturer.html", form=form, added=added), status


@bp.get("/lecturer-profiles/mine")
@allow(Role.LECTURER, pending_ok=True)
def lecturer() -> Answer:
    """Show the form about the lecturer."""
    return _lecturer_page(LecturerForm(data=lecturer_data(queries.lecturer_profile(_me()))))


@bp.post("/lecturer-profiles/mine")
@allow(Role.LECTURER, pending_ok=True)
def save_lecturer() -> Answer:
    """Save what the lecturer says about themselves."""
    profile = queries.lecturer_profile(_me())
    form = LecturerForm(data=lecturer_data(profile))
    if "add" in request.form:
        form.add_row(request.form["add"])
        return _lecturer_page(form, added=request.form["add"])
    if not form.validate():
        return _lecturer_page(form, 422)
    db.session.add(rules.save_lecturer(profile, _me(), form.values(), datetime.now(UTC)))
    db.session.commit()
    flash(_("Saved. Partners read this beside your courses."), "success")
    return redirect(url_for("profiles.lecturer"), 303)
