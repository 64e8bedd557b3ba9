"""Steps in the life of a course: publish, pause, resume, withdraw, copy, each with a way back."""

from collections.abc import Callable
from datetime import UTC, datetime

from flask import current_app, flash, redirect, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from webapp.access import Role, allow
from webapp.accounts.sessions import this_person
from webapp.db import db
from webapp.profiles import drafts, queries, rules, terms
from webapp.profiles.asked import own_course, to_course
from webapp.profiles.blueprint import bp
from webapp.profiles.models import CourseProfile

COPIED = "copied"
"""In the place of a state: the step to take back is the copy itself."""


@bp.app_template_global()
def last_step(course: CourseProfile | None) -> dict[str, object] | None:
    """Give the last step taken with a course in this browser, for the button that takes it back; None when none was.

    It is offered once: the next page no longer has it.
    """
    if course is None or session.get("undo", {}).get("course_id") != course.id:
        return None
    undo: dict[str, object] = session.pop("undo")
    return undo


@bp.app_template_global()
def who_fits(course: CourseProfile) -> str | None:
    """Give the address of the page that shows who would fit a course now."""
    if "directory.fits" not in current_app.view_functions:
        return None
    return url_for("directory.fits", course_id=course.id)


def to_fits(course: CourseProfile) -> Response:
    """Lead to who would fit a course just opened."""
    address = who_fits(course)
    return redirect(address, 303) if address else to_course(course)


def note_step(course: CourseProfile, to: str) -> None:
    """Remember in the browser's session how to take a step back; call after the commit."""
    session["undo"] = {"course_id": course.id, "to": to, "version": course.version}


def _step(course: CourseProfile, step: Callable[[], None], message: str) -> None:
    """Take a step that changes a course's state, commit, say it, and offer to undo it."""
    before = course.state
    step()
    db.session.commit()
    flash(message, "success")
    note_step(course, before.value)


@bp.post("/courses/<int:course_id>/publish")
@allow(Role.LECTURER)
def publish(course_id: int) -> Response:
    """Open a draft for partners."""
    course = own_course(course_id)
    message = _("“%(title)s” is open and takes part in the next weekly round.", title=course.title)
    _step(course, lambda: rules.publish(course, this_person(), datetime.now(UTC)), message)
    return to_fits(course)


@bp.post("/courses/<int:course_id>/pause")
@allow(Role.LECTURER)
def pause(course_id: int) -> Response:
    """Take a course out of the next rounds for now."""
    course = own_course(course_id)
    message = _("“%(title)s” is paused: no partners are proposed until you resume it.", title=course.title)
    _step(course, lambda: rules.pause(course), message)
    return to_course(course)


@bp.post("/courses/<int:course_id>/resume")
@allow(Role.LECTURER)
def resume(course_id: int) -> Response:
    """Open a paused course again."""
    course = own_course(course_id)
    message = _("“%(title)s” is open again and takes part in the next weekly round.", title=course.title)
    _step(course, lambda: rules.resume(course, this_person(), datetime.now(UTC)), message)
    return to_course(course)


@bp.post("/courses/<int:course_id>/withdraw")
@allow(Role.LECTURER, pending_ok=True)
def withdraw(course_id: int) -> Response:
    """Take a course out for good."""
    course = own_course(course_id)
    message = _("“%(title)s” is withdrawn.", title=course.title)
    _step(course, lambda: rules.withdraw(course), message)
    return to_course(course)


@bp.post("/courses/<int:course_id>/undo")
@allow(Role.LECTURER, pending_ok=True)
def undo(course_id: int) -> Response:
    """Take the last step back: a change of state, or a copy."""
    course = own_course(course_id)
    to, version = request.form.get("to", ""), request.form.get("version", -1, type=int)
    if to == COPIED:
        return _undo_copy(course, version)
    rules.undo(course, this_person(), to, version, datetime.now(UTC))
    db.session.commit()
    flash(_("Undone: everything is as it was before."), "success")
    return to_course(course)


def _undo_copy(course: CourseProfile, version: int) -> Response:
    original_id = rules.original_of_fresh_copy(course, version)
    queries.drop_draft(this_person(), drafts.key_of(course))
    db.session.delete(course)
    db.session.commit()
    flash(_("Undone: the copy is gone."), "success")
    return redirect(url_for("profiles.show", course_id=original_id), 303)


@bp.post("/courses/<int:course_id>/copy")
@allow(Role.LECTURER, pending_ok=True)
def copy(course_id: int) -> Response:
    """Make a draft for another term out of a course."""
    now, course = datetime.now(UTC), own_course(course_id)
    term = terms.following(course, now.date())
    made = rules.copy(course, now, term)
    db.session.add(made.course)
    db.session.commit()
    if term is not None:
        text = _(
            "This is your copy, for the next term of your institution, %(term)s. Check the days, the live hours and "
            "the number of students.",
            term=term.label,
        )
    elif made.weeks:
        text = _(
            "This is your copy. The first and last day and the breaks were moved by %(weeks)d weeks, weekdays kept: "
            "check them, the live hours and the number of students, and name the term.",
            weeks=made.weeks,
        )
    else:
        text = _("This is your copy. Add the days of the term, and check the live hours and the number of students.")
    flash(text, "success")
    note_step(made.course, COPIED)
    return redirect(url_for("profiles.edit", course_id=made.course.id), 303)
