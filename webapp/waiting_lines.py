"""Lines of what waits: the shape that the front page and the list of everything awaited share."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from webapp.i18n import day
from webapp.matches.models import Match
from webapp.profiles.models import CourseProfile

N_SHOWN = 8
"""Lines of a part before the rest is left to its own page."""


@dataclass(frozen=True)
class Line:
    """One thing, with the page where it is dealt with.

    Parameters
    ----------
    text
        What it is; the text of the link.
    href
        Where it is dealt with.
    detail
        One line more about it.
    until
        Until when, in words.
    region
        The side it belongs to, ``asia`` or ``europe``; empty when it has none.
    note
        Who is awaited.
    """

    text: str
    href: str
    detail: str = ""
    until: str = ""
    region: str = ""
    note: str = ""


@dataclass(frozen=True)
class Part:
    """A part of the page.

    Parameters
    ----------
    title
        Its heading.
    lines
        The most urgent of its things.
    n
        How many there are in all.
    more
        Text and address of the link to the rest; empty when all are shown.
    waits
        Whether its things wait for this person, rather than for others.
    """

    title: str
    lines: Sequence[Line]
    n: int
    more: tuple[str, str] | None = None
    waits: bool = True


def answer_by(match: Match) -> str:
    """Say until when a match is to be answered by the reader; empty when it has no deadline."""
    return str(_("Answer by %(day)s", day=day(match.respond_by))) if match.respond_by else ""


def until(match: Match) -> str:
    """Say until when a match waits for others; empty when it has no deadline."""
    return str(_("Until %(day)s", day=day(match.respond_by))) if match.respond_by else ""


def place(course: CourseProfile) -> str:
    """Name a course and where it is taught."""
    return str(_("%(course)s, %(institution)s", course=course.title, institution=course.institution.name))


def both(match: Match, until: str, note: str = "") -> Line:
    """Name both courses of a match for somebody who takes part in neither."""
    return Line(
        place(match.course_a),
        url_for("matches.show", match_id=match.id),
        _("with %(partner)s", partner=place(match.course_b)),
        until,
        note=note,
    )
