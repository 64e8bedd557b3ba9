"""What becomes of pairs that are to be kept together: proposed by now, ignored for a reason, or kept next time."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from matcher.rules import RuleSettings
from webapp.accounts import scope
from webapp.accounts.models import User
from webapp.i18n import week_days
from webapp.matches import queries as match_queries
from webapp.profiles.models import CourseProfile
from webapp.rounds import comparing_queries, decision_queries
from webapp.rounds.decision_rules import why_not_together
from webapp.rounds.models import PairDecision, Round


@dataclass(frozen=True)
class Proposed:
    """A pair that was to be kept together and is proposed: in which round (id; None by an invitation), in words."""

    round_id: int | None
    words: str


@dataclass(frozen=True)
class Ignored:
    """A decision that could not be kept, and why."""

    decision: PairDecision
    why: str


@dataclass(frozen=True)
class Places:
    """Places of courses, as a round of now would count them.

    Parameters
    ----------
    left
        Places coordinators left, by course id; only where they decided.
    n_taken
        Open matches, by course id.
    room
        Exchanges lecturers (id) still want, over all their courses; only of those who said how many.
    """

    left: dict[int, int]
    n_taken: Counter[int]
    room: dict[int, int]

    def offered(self, course: CourseProfile) -> int:
        """Give the places of a course, a coordinator's decision counted."""
        return min(course.capacity, self.left.get(course.id, course.capacity))

    def why_none(self, course: CourseProfile, n_given: int) -> str:
        """Say why a course has no place for one more partner, so many (`n_given`) being given away; empty if it has."""
        offered, taken = self.offered(course), self.n_taken[course.id]
        if offered < 1 <= course.capacity:
            return str(_("A coordinator left “%(title)s” no place in coming rounds.", title=course.title))
        if taken >= offered:
            return str(
                _(
                    "Every place of “%(title)s” is taken by other matches: %(n)d of %(all)d.",
                    title=course.title,
                    n=taken,
                    all=offered,
                )
            )
        room = self.room.get(course.lecturer_id, offered)
        if room < 1:
            return str(_("The lecturer of “%(title)s” has as many matches at once as wanted.", title=course.title))
        if n_given >= min(offered - taken, room):
            return str(_("The free places of “%(title)s” go to pairs kept together before.", title=course.title))
        return ""


def places_of(courses: Collection[CourseProfile]) -> Places:
    """Count the places of some courses, with their lecturers loaded, in three queries."""
    most = {
        one.lecturer_id: one.lecturer.exchanges_at_once for one in courses if one.lecturer.exchanges_at_once is not None
    }
    n_open = match_queries.open_counts_of_lecturers(list(most)) if most else Counter()
    return Places(
        left=decision_queries.places_by_course(),
        n_taken=match_queries.open_counts([one.id for one in courses]),
        room={lecturer_id: its - n_open[lecturer_id] for lecturer_id, its in most.items()},
    )


def proposed(decision_ids: Collection[int]) -> dict[int, Proposed]:
    """Tell which of these decisions are about pairs that are proposed already, by id."""
    found = decision_queries.proposed(decision_ids)
    return {decision_id: Proposed(round_id, _proposed_words(week)) for decision_id, (round_id, week) in found.items()}


def _proposed_words(week: str | None) -> str:
    if week is None:
        return str(_("The two were proposed to each other by an invitation."))
    return str(_("The two were proposed to each other in the round of %(days)s.", days=week_days(week)))


def ignored(min_shared_weeks: int, today: date) -> dict[int, Ignored]:
    """Tell which pairs that are to be kept together would be ignored in a round of now, by the decision's id.

    Parameters
    ----------
    min_shared_weeks
        As in the settings.
    today
        The day of the question.
    """
    return _ignored(decision_queries.waiting_locks(), min_shared_weeks, today)


def _ignored(locks: Sequence[PairDecision], min_shared_weeks: int, today: date) -> dict[int, Ignored]:
    rules = RuleSettings(min_shared_weeks=min_shared_weeks)
    places = places_of({course for one in locks for course in (one.course_a, one.course_b)})
    found: dict[int, Ignored] = {}
    given: Counter[int] = Counter()
    # The older decision comes first, as in a round; see `decision_checks.effective`.
    for one in locks:
        both = (one.course_a, one.course_b)
        why = why_not_together(*both, rules, today) or next(
            (none for course in both if (none := places.why_none(course, given[course.id]))), ""
        )
        if why:
            found[one.id] = Ignored(one, why)
        else:
            given.update(course.id for course in both)
    return found


def ignored_in(draft: Round, reader: User, min_shared_weeks: int, today: date) -> list[Ignored]:
    """List the pairs that were to be kept together and that a draft does not have, as far as the reader may see them.

    Parameters
    ----------
    draft
        The draft. Decisions made after its courses were read are not looked at: it knows nothing of them.
    reader
        A coordinator or an administrator.
    min_shared_weeks, today
        See `ignored`.
    """
    pairs = {key.ids for key in comparing_queries.keys_of(draft.id)}
    locks = decision_queries.waiting_locks()
    reasons = _ignored(locks, min_shared_weeks, today)
    missing = [
        one
        for one in locks
        if one.at <= draft.started_at
        and (one.course_a_id, one.course_b_id) not in pairs
        and (scope.covers(reader, one.course_a.institution) or scope.covers(reader, one.course_b.institution))
    ]
    unknown = str(_("When this draft was computed, something stood in the way that does not any longer."))
    return [reasons.get(one.id) or Ignored(one, unknown) for one in missing]
