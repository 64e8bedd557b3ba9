"""What coordinators decide about pairs and places for coming rounds, and how they undo it."""

from collections.abc import Mapping
from datetime import date, datetime

from flask_babel import gettext as _

from matcher.profile import ProfileError
from matcher.rules import RuleSettings, check
from webapp.accounts import scope
from webapp.accounts.models import User
from webapp.audit import log
from webapp.db import db
from webapp.errors import NotAllowedError, WrongStateError
from webapp.matches.places import takes_proposals
from webapp.matches.proposals import in_order
from webapp.matches.wording import sentence
from webapp.profiles.for_matcher import to_matcher
from webapp.profiles.models import CourseProfile, CourseState
from webapp.rounds import decision_queries
from webapp.rounds.models import DecisionKind, PairDecision, PlaceDecision

LONGEST_NOTE = 500
"""Letters of a note."""


def may_decide(actor: User, *courses: CourseProfile) -> bool:
    """Whether a coordinator works for one of these courses' institutions."""
    return any(scope.covers(actor, course.institution) for course in courses)


def may_know(actor: User, course: CourseProfile) -> bool:
    """Whether a coordinator may read of a course at all: drafts of other coordinators' institutions are not shown."""
    return course.state is not CourseState.DRAFT or may_decide(actor, course)


def why_not_together(one: CourseProfile, other: CourseProfile, rules: RuleSettings, today: date) -> str:
    """Say why two courses cannot be kept together in a round, in the language in force; empty when they can.

    Parameters
    ----------
    one, other
        The courses, with lecturer and institution loaded.
    rules
        The rules of rounds, with the pairs that were tried.
    today
        The day of the question.
    """
    a, b = in_order(one, other)
    for course in (a, b):
        if course.state is not CourseState.OPEN:
            return str(_("“%(title)s” is not open for partners.", title=course.title))
        if not takes_proposals(course.lecturer, today):
            return str(_("The lecturer of “%(title)s” takes no proposals at present.", title=course.title))
        if course.ends_on is not None and course.ends_on < today:
            return str(_("The term of “%(title)s” is over.", title=course.title))
    try:
        reasons = check(to_matcher(a, a.capacity, today), to_matcher(b, b.capacity, today), rules)
    except ProfileError:
        return str(_("One of the two courses cannot be read by the matcher."))
    worded = [text for reason in reasons if (text := sentence(reason))]
    return worded[0] if worded else ""


def decide(
    one: CourseProfile,
    other: CourseProfile,
    kind: DecisionKind,
    note: str,
    actor: User,
    now: datetime,
    rules: RuleSettings,
) -> PairDecision:
    """Keep two courses together or apart in coming rounds; an earlier decision about them is replaced.

    Raises
    ------
    NotAllowedError
        When neither course belongs to this coordinator's institutions.
    WrongStateError
        When a rule forbids the pair that is to be kept together, when a course has more such pairs than places, or
        when the two are one course or stand on one side.
    """
    if not may_decide(actor, one, other):
        raise NotAllowedError(_("Neither of these two courses belongs to the institutions you work for."))
    a, b = in_order(one, other)
    if (a.institution.region, b.institution.region) != ("asia", "europe"):
        raise WrongStateError(_("A pair has one course in Asia and one in Europe."))
    found = decision_queries.decision_about(a.id, b.id)
    if kind is DecisionKind.LOCK:
        _check_lock(a, b, rules, now.date(), found)
    before = {} if found is None else {"kind": found.kind, "note": found.note}
    if found is None:
        found = PairDecision(course_a=a, course_b=b)
        db.session.add(found)
    found.kind, found.note, found.by_id, found.at = kind, note.strip()[:LONGEST_NOTE], actor.id, now
    db.session.flush()
    action = "rounds.lock" if kind is DecisionKind.LOCK else "rounds.forbid"
    _note_pair(action, found, actor, now, before, {"kind": kind, "note": found.note})
    return found


def _check_lock(
    a: CourseProfile, b: CourseProfile, rules: RuleSettings, today: date, found: PairDecision | None
) -> None:
    why_not = why_not_together(a, b, rules, today)
    if why_not:
        raise WrongStateError(_("These two cannot be kept together: %(reason)s", reason=why_not))
    locks = decision_queries.n_locks([a.id, b.id], without=None if found is None else found.id)
    left = decision_queries.places_by_course()
    for course in (a, b):
        places = min(course.capacity, left.get(course.id, course.capacity))
        if not places:
            raise WrongStateError(
                _("A coordinator left “%(title)s” no place in coming rounds. Change its places first.",
                  title=course.title)
            )  # fmt: skip
        if locks[course.id] >= places:
            raise WrongStateError(
                _("“%(title)s” is kept together with as many courses as it has places.", title=course.title)
            )


def undo(decision: PairDecision, actor: User, now: datetime) -> None:
    """Take a decision about a pair back.

    Raises
    ------
    NotAllowedError
        See `decide`.
    """
    if not may_decide(actor, decision.course_a, decision.course_b):
        raise NotAllowedError(_("Neither of these two courses belongs to the institutions you work for."))
    _note_pair("rounds.undo_pair", decision, actor, now, {"kind": decision.kind, "note": decision.note}, {})
    db.session.delete(decision)


def set_places(course: CourseProfile, places: int, actor: User, now: datetime) -> None:
    """Leave a course fewer places in coming rounds than its lecturer offers; as many as these undoes it.

    Raises
    ------
    NotAllowedError
        When the course does not belong to this coordinator's institutions.
    WrongStateError
        When the number lies below 0 or above what the lecturer offers.
    """
    if not may_decide(actor, course):
        raise NotAllowedError(_("This course does not belong to the institutions you work for."))
    if not 0 <= places <= course.capacity:
        raise WrongStateError(_("Places go from 0 to %(n)d, which the lecturer offers.", n=course.capacity))
    found = decision_queries.place_decision(course.id)
    before = course.capacity if found is None else found.places
    if places == course.capacity:
        if found is not None:
            db.session.delete(found)
            _note_places("rounds.undo_places", course, actor, now, before, places)
        return
    if found is None:
        found = PlaceDecision(course_id=course.id)
        db.session.add(found)
    found.places, found.by_id, found.at = places, actor.id, now
    _note_places("rounds.places", course, actor, now, before, places)


def _note_pair(
    action: str,
    decision: PairDecision,
    actor: User,
    now: datetime,
    before: Mapping[str, object],
    after: Mapping[str, object],
) -> None:
    log.note(
        action,
        actor_id=actor.id,
        now=now,
        kind="pair_decisions",
        object_id=decision.id,
        name=_pair_name(decision.course_a, decision.course_b),
        before=before,
        after=after,
    )


def _pair_name(a: CourseProfile, b: CourseProfile) -> str:
    """Name both courses with their institutions; long names are cut, so that all four have room in the log."""
    names = [a.title, a.institution.name, b.title, b.institution.name]
    while len(named := "{} ({}) – {} ({})".format(*names)) > log.LONGEST_NAME:
        longest = max(range(len(names)), key=lambda at: len(names[at]))
        names[longest] = names[longest].removesuffix("…")[:-1] + "…"
    return named


def _note_places(action: str, course: CourseProfile, actor: User, now: datetime, before: int, after: int) -> None:
    log.note(
        action,
        actor_id=actor.id,
        now=now,
        kind="course_profiles",
        object_id=course.id,
        name=course.title,
        institution_id=course.institution_id,
        before={"places": before},
        after={"places": after},
    )
