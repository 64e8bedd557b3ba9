"""Pages of the directory: search, one course of somebody else's, and who would fit a course of one's own."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypeAlias

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webapp.access import Role, allow
from webapp.accounts.sessions import this_person
from webapp.db import db
from webapp.directory import fits as partners
from webapp.directory import invite_views, labels, models, queries, saved_views  # noqa: F401
from webapp.directory.answers import chosen_course, desk, own_courses
from webapp.directory.blueprint import bp
from webapp.directory.filters import Order, Wanted
from webapp.directory.pages import Pages
from webapp.directory.search import PER_PAGE, order_of
from webapp.errors import NotAllowedError
from webapp.matches import wording
from webapp.profiles import facts, rules
from webapp.profiles import queries as profiles
from webapp.profiles.labels import course_state_label, experience_label
from webapp.profiles.models import CourseProfile

Answer: TypeAlias = str | Response

_WORDS = {
    "score_points": wording.score_points,
    "fit_words": wording.fit_words,
    "confidence_words": wording.confidence_words,
    "reason_words": wording.sentence,
}


def _address(wanted: Wanted) -> str:
    """The address of a search."""
    values: dict[str, Any] = {}
    for name, value in wanted.address():
        values.setdefault(name, []).append(value)
    return url_for("directory.index", **values)


@bp.get("/directory")
@allow()
def index() -> str:
    """Search the open courses."""
    now, me, wanted = datetime.now(UTC), this_person(), Wanted.read(request.args)
    snapshot = desk().index.look(now)
    own = own_courses(me)
    course = chosen_course(wanted, own)
    context: dict[str, Any] = {"wanted": wanted, "own": own, "course": course, "address": _address, **_WORDS}
    if snapshot is None:
        page = db.paginate(queries.plain_search(wanted.text, now.date(), me.id), per_page=PER_PAGE, error_out=False)
        progress = desk().index.progress
        return render_template("directory/preparing.html", page=page, progress=progress, **context)
    answer = desk().search(wanted, snapshot, me, course, now)
    found = answer.found
    is_compared = "weeks" in found.counts
    orders = [Order.FIT] * is_compared + [Order.RELEVANCE] * bool(wanted.text) + [Order.NEWEST]
    return render_template(
        "directory/index.html",
        answer=answer,
        found=found,
        pages=Pages(found.page, found.pages),
        is_compared=is_compared,
        facets=labels.choices(wanted, found.counts),
        least=labels.at_least(wanted, found.counts),
        chips=labels.chips(wanted),
        # Its option says nothing, so that words typed later are sorted by what then is usual.
        usual_order=order_of(replace(wanted, order=None), has_course=is_compared),
        orders=[(order, labels.ORDER_LABELS[order]) for order in orders],
        drops=[(labels.filter_label(name, wanted), n, _address(_dropped(wanted, name))) for name, n in found.drop],
        course_state_label=course_state_label,
        **context,
    )


def _dropped(wanted: Wanted, name: str) -> Wanted:
    return wanted.with_all_courses() if name == "possible" else wanted.without(name)


@bp.get("/directory/<int:course_id>")
@allow()
def show(course_id: int) -> Answer:
    """Show an open course of somebody else's, without contacts, and why it fits a course of one's own."""
    now, me, wanted = datetime.now(UTC), this_person(), Wanted.read(request.args)
    course = queries.cards([course_id], now.date()).get(course_id)
    if course is None:
        abort(404)
    if course.lecturer_id == me.id:
        return redirect(url_for("profiles.show", course_id=course_id), 303)
    snapshot = desk().index.look(now)
    own = own_courses(me)
    mine = chosen_course(wanted, own)
    why = None
    if snapshot is not None and mine is not None:
        why = partners.why(desk(), mine, course, snapshot, now)
    return render_template(
        "directory/show.html",
        course=course,
        groups=[group for group in facts.groups(rules.values_of(course)) if group.stated],
        lecturer=profiles.lecturer_profile(course.lecturer) if course.lecturer.shows_name else None,
        own=own,
        mine=mine,
        why=why,
        said=wording.sentences(why.explanation.to_dict()) if why and why.explanation else None,
        is_prepared=snapshot is not None,
        experience_label=experience_label,
        course_state_label=course_state_label,
        **_WORDS,
    )


@bp.get("/courses/<int:course_id>/fits")
@allow(Role.LECTURER, pending_ok=True)
def fits(course_id: int) -> str:
    """Show who would fit a course of one's own now, be it open or still a draft."""
    now = datetime.now(UTC)
    course = _mine(course_id)
    snapshot = desk().index.look(now)
    if snapshot is None:
        return render_template(
            "directory/fits.html", course=course, progress=desk().index.progress, seen=None, **_WORDS
        )
    return render_template(
        "directory/fits.html", course=course, seen=partners.of_course(desk(), course, snapshot, now), **_WORDS
    )


def _mine(course_id: int) -> CourseProfile:
    course = profiles.course(course_id)
    if course is None:
        abort(404)
    if course.lecturer_id != this_person().id:
        raise NotAllowedError()
    return course
