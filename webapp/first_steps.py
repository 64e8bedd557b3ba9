"""The way of a new lecturer: who they are, a first course, and who would fit it."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from webapp.accounts.models import User
from webapp.profiles import queries
from webapp.profiles.models import CourseState


@dataclass(frozen=True)
class FirstStep:
    """One step.

    Parameters
    ----------
    text, detail
        What to do, and what it brings.
    href
        Where; empty while an earlier step has to come first.
    is_done
        Whether it is done.
    """

    text: str
    detail: str
    href: str
    is_done: bool


def of(user: User) -> list[FirstStep]:
    """List the first steps of a lecturer; empty once a course has ever been opened for partners."""
    courses = queries.of_lecturer(user)
    if any(course.state is not CourseState.DRAFT for course in courses):
        return []
    draft = courses[0] if courses else None
    return [
        FirstStep(
            _("Describe a course"),
            _("Ten minutes: paste your syllabus and accept what we read out of it. Only the title is needed."),
            url_for("profiles.edit", course_id=draft.id) if draft else url_for("profiles.new"),
            draft is not None,
        ),
        FirstStep(
            _("Say who you are"),
            _("A few sentences and your languages, for a partner who has never met you."),
            url_for("profiles.lecturer"),
            queries.lecturer_profile(user) is not None,
        ),
        FirstStep(
            _("See who would fit"),
            _("Classes on the other continent that fit your course today, with reasons. Then open it for them."),
            url_for("directory.fits", course_id=draft.id) if draft else "",
            False,
        ),
    ]
