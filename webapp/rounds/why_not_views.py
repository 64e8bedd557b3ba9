"""The page "Why not these two?"."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import abort, current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from config import Settings
from matcher.profile import Region
from webapp.access import Role, allow
from webapp.accounts.sessions import this_person
from webapp.errors import NotAllowedError
from webapp.incoming import HIGHEST_ID
from webapp.matches import wording as match_wording
from webapp.profiles.models import CourseProfile
from webapp.rounds import decision_queries, decision_rules, why_not, why_not_queries, why_not_words
from webapp.rounds.blueprint import bp
from webapp.rounds.models import Round
from webapp.rounds.why_not import Answer, Cost
from webapp.rounds.why_not_stored import Partner

MOST_FOUND = 12
LONGEST_TEXT = 200


@dataclass(frozen=True)
class Chooser:
    """One side of the question: the course that was chosen, or the words looked for and what was found."""

    name: str
    other: str
    region: Region
    course: CourseProfile | None
    text: str
    found: tuple[CourseProfile, ...]

    @property
    def is_cut(self) -> bool:
        """Whether there may be more than is shown."""
        return len(self.found) == MOST_FOUND


def _chooser(name: str, region: Region) -> Chooser:
    other = "b" if name == "a" else "a"
    course_id = request.args.get(name, type=int)
    course = None
    if course_id is not None:
        course = decision_queries.course(course_id) if 0 < course_id <= HIGHEST_ID else None
        if course is None or not decision_rules.may_know(this_person(), course):
            abort(404)
    text = request.args.get(f"text_{name}", "").strip()[:LONGEST_TEXT]
    found: tuple[CourseProfile, ...] = ()
    if course is None and text:
        found = tuple(decision_queries.find_courses(text, region.value, MOST_FOUND))
    return Chooser(name, other, region, course, text, found)


@bp.get("/<int:round_id>/why-not")
@allow(Role.COORDINATOR, Role.ADMINISTRATOR)
def why_not_pair(round_id: int) -> str | tuple[str, int]:
    """Say why two courses are not proposed to each other; the address names both.

    What forcing them would cost is computed with ``cost`` in the address; without it the page fetches that itself.
    """
    this_round = why_not_queries.round_of(round_id)
    if this_round is None:
        abort(404)
    sides = (_chooser("a", Region.ASIA), _chooser("b", Region.EUROPE))
    chosen = [side.course for side in sides if side.course is not None]
    context = _answer(this_round, *chosen) if len(chosen) == len(sides) else {}
    page = render_template("rounds/why_not.html", round=this_round, sides=sides, words=why_not_words, **context)
    is_busy = bool(context) and context["answer"].cost is Cost.BUSY
    return (page, 503) if is_busy else page


@bp.get("/why-not/<int:course_id>")
@allow(Role.COORDINATOR, Role.ADMINISTRATOR)
def why_not_course(course_id: int) -> Response:
    """Lead to the question about one course, in the newest round."""
    course = decision_queries.course(course_id) or abort(404)
    round_id = why_not_queries.newest_round()
    if round_id is None:
        return redirect(url_for("rounds.index"))
    side: dict[str, Any] = {"b" if course.institution.region == Region.EUROPE else "a": course_id}
    return redirect(url_for("rounds.why_not_pair", round_id=round_id, **side))


def _answer(this_round: Round, one: CourseProfile, other: CourseProfile) -> dict[str, Any]:
    me = this_person()
    if not decision_rules.may_decide(me, one, other):
        raise NotAllowedError(_("Neither of these two courses belongs to the institutions you work for."))
    settings: Settings = current_app.config["SETTINGS"]
    now = datetime.now(UTC)
    answer = why_not.ask(this_round, one, other, settings, now, with_cost="cost" in request.args)
    decision = decision_queries.decision_about(answer.a.id, answer.b.id)
    partners = _partners(answer)
    return {
        "answer": answer,
        "decision": decision,
        "least": settings.min_score,
        "points": match_wording.score_points,
        "partners": partners,
        "courses": why_not_queries.courses(_named(answer, partners)),
    }


def _partners(answer: Answer) -> tuple[tuple[Partner, ...], tuple[Partner, ...]]:
    """Give the partners both have: those of now, or those of the round where now is not computed."""
    of_now = answer.numbers or answer.stored
    return of_now.partners_a, of_now.partners_b


def _named(answer: Answer, partners: tuple[tuple[Partner, ...], tuple[Partner, ...]]) -> set[int]:
    """Collect the ids of all courses that the page names."""
    numbers = answer.numbers
    pairs = () if numbers is None else (*numbers.lost, *numbers.gained)
    return {one.course_id for side in partners for one in side} | {own for pair in pairs for own in pair}
