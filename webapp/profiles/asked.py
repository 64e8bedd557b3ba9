"""Who asks for a page, and the course it is about."""

from flask import abort, redirect, request, url_for
from werkzeug.wrappers import Response

from webapp.accounts.sessions import this_person
from webapp.errors import NotAllowedError
from webapp.incoming import HIGHEST_ID
from webapp.profiles import queries
from webapp.profiles.models import CourseProfile


def course_or_404(course_id: int) -> CourseProfile:
    """Load a course, or answer 404."""
    found = queries.course(course_id)
    return abort(404) if found is None else found


def own_course(course_id: int) -> CourseProfile:
    """Load a course of the signed-in lecturer; 404 when there is none, 403 when it is somebody else's."""
    course = course_or_404(course_id)
    if course.lecturer_id != this_person().id:
        raise NotAllowedError()
    return course


def course_in_query() -> CourseProfile | None:
    """Load the lecturer's own course the address names after the question mark; None when it names none."""
    text = request.args.get("course", "")
    if not text:
        return None
    if not (text.isascii() and text.isdecimal()) or int(text) > HIGHEST_ID:
        abort(404)
    return own_course(int(text))


def to_course(course: CourseProfile) -> Response:
    """Lead to the page of a course."""
    return redirect(url_for("profiles.show", course_id=course.id), 303)
