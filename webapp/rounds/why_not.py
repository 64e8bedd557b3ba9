"""Why two courses are not proposed to each other: the rule, or the numbers, as a round would see them now.

What is cheap is answered at once: rules, places, the score, and from what the round kept the partners of both, the
price they have to beat, and the least that forcing them would cost.

What forcing them would cost exactly is computed only when asked for. A round's profiles are not kept; so the question
is put to the courses as they stand now, with the round's own matches counted as never proposed and texts weighed as
it weighed them, and the answer names its instant. Up to `MOST_A_SIDE` courses a side this takes some seconds, in the
process that answers the request, one question at a time. A larger market, or one with many texts nobody has read yet,
is not computed.
"""

import threading
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from config import Settings
from matcher.market import Decisions
from matcher.partner_matcher import PartnerMatcher
from matcher.profile import ProfileError, Region
from matcher.reasons import Reason
from matcher.rules import RuleSettings, check
from matcher.why_not import WhyNot
from webapp.matches import house_limits
from webapp.matches import queries as match_queries
from webapp.matches.house_limits import Ledger, house_of
from webapp.matches.places import takes_proposals
from webapp.matches.proposals import in_order
from webapp.profiles.for_matcher import to_matcher
from webapp.profiles.models import CourseProfile, CourseState
from webapp.rounds import candidates, decision_checks, decision_queries, house_caps, why_not_queries
from webapp.rounds.candidates import Candidates
from webapp.rounds.matching import rules_of
from webapp.rounds.models import Round, RoundState
from webapp.rounds.why_not_scorer import TooMuchToReadError, scorer_of
from webapp.rounds.why_not_stored import Partner, Stored, stored

MOST_A_SIDE = 1000
PATIENCE = 15.0
"""Seconds a question waits for the one before it."""

Pair = tuple[int, int]
_one_at_a_time = threading.Lock()


class Cost(StrEnum):
    """How it stands with the exact cost of forcing a pair."""

    NONE = "none"
    """There is nothing to compute: a rule forbids them, one takes no part, or the round paired them."""
    OPEN = "open"
    """It can be computed."""
    KNOWN = "known"
    TOO_LARGE = "too_large"
    BUSY = "busy"
    """Another such question is being computed."""


class Absence(StrEnum):
    """Why a course takes no part in rounds."""

    CLOSED = "closed"
    PAUSES = "pauses"
    OVER = "over"
    FULL = "full"
    LEFT_NO_PLACE = "left_no_place"
    """A coordinator left it none."""
    LECTURER_FULL = "lecturer_full"
    """Its lecturer has as many matches at once as they want, over all their courses."""


@dataclass(frozen=True)
class Numbers:
    """The matcher's numbers, with courses by their ids."""

    why: WhyNot
    partners_a: tuple[Partner, ...]
    partners_b: tuple[Partner, ...]
    lost: tuple[Pair, ...]
    gained: tuple[Pair, ...]
    share_lost: float
    """Share of the total fit that forcing the pair would cost (0..1, negative when it would add some)."""
    is_capped: bool
    """Whether a limit of one of the two institutions speaks of such pairs."""


@dataclass(frozen=True)
class Answer:
    """What stands between two courses.

    Parameters
    ----------
    a, b
        The courses, the Asian one first.
    at
        The instant at which they and all others were read (aware).
    reasons
        Rules that forbid the pair.
    n_taken
        Places that are taken now, by course id, the round's own matches left away.
    absences
        Those of the two that take no part in a round of now, and why.
    score
        Their score (0..1); None where a rule forbids the pair, or the matcher cannot read one of the two.
    stored
        What the round kept.
    cost
        How it stands with `numbers`.
    numbers
        Everything else the matcher says; None unless `cost` is known.
    """

    a: CourseProfile
    b: CourseProfile
    at: datetime
    reasons: tuple[Reason, ...]
    n_taken: Counter[int]
    absences: tuple[tuple[CourseProfile, Absence], ...]
    score: float | None
    stored: Stored
    cost: Cost
    numbers: Numbers | None


def ask(
    this_round: Round,
    one: CourseProfile,
    other: CourseProfile,
    settings: Settings,
    now: datetime,
    *,
    with_cost: bool,
) -> Answer:
    """Find out why two courses are not proposed to each other; reads, and writes nothing.

    Parameters
    ----------
    this_round
        With its frontier; its position of the dial counts.
    one, other
        The two courses, with lecturer and institution.
    settings
        The rules of rounds, and the folder where text vectors are kept.
    now
        The instant (aware).
    with_cost
        Whether to compute what forcing them would cost, where it can be.
    """
    a, b = in_order(one, other)
    undone = why_not_queries.matches_of(this_round.id) if this_round.state is RoundState.PUBLISHED else []
    freed = Counter(course_id for *pair, is_open in undone if is_open for course_id in pair)
    n_taken = match_queries.open_counts([a.id, b.id]) - freed
    reasons = _rules_between(a, b, undone, settings, now)
    away = [(course, _absence(course, n_taken[course.id], now.date())) for course in (a, b)]
    absences = tuple((course, why) for course, why in away if why is not None)
    score = None if reasons else _score(a, b, this_round, settings, now)
    kept = stored(this_round, a.id, b.id, score)
    cost = Cost.NONE if score is None or absences or kept.is_pair else Cost.OPEN
    if cost is Cost.OPEN and why_not_queries.most_open_a_side() > MOST_A_SIDE:
        cost = Cost.TOO_LARGE
    answer = Answer(a, b, now, reasons, n_taken, absences, score, kept, cost, None)
    if not with_cost or cost is not Cost.OPEN:
        return answer
    if not _one_at_a_time.acquire(timeout=PATIENCE):
        return replace(answer, cost=Cost.BUSY)
    try:
        return _with_cost(answer, undone, this_round, settings)
    finally:
        _one_at_a_time.release()


def _with_cost(answer: Answer, undone: list[tuple[int, int, bool]], this_round: Round, settings: Settings) -> Answer:
    pair = (answer.a.id, answer.b.id)
    found = candidates.load(answer.at, undone=undone)
    if not set(pair) <= found.courses.keys():
        missing = [one for one in (answer.a, answer.b) if one.id not in found.courses]
        absences = tuple((one, _gap(one, answer.n_taken[one.id])) for one in missing)
        return replace(answer, absences=absences, cost=Cost.NONE)
    try:
        numbers = _numbers(found, undone, this_round, pair, settings, answer.at)
    except TooMuchToReadError:
        return replace(answer, cost=Cost.TOO_LARGE)
    return replace(answer, score=numbers.why.score, numbers=numbers, cost=Cost.KNOWN)


def _absence(course: CourseProfile, n_taken: int, today: date) -> Absence | None:
    if course.state is not CourseState.OPEN:
        return Absence.CLOSED
    if not takes_proposals(course.lecturer, today):
        return Absence.PAUSES
    if course.ends_on is not None and course.ends_on < today:
        return Absence.OVER
    return Absence.FULL if n_taken >= course.capacity else None


def _gap(course: CourseProfile, n_taken: int) -> Absence:
    """Say why a course is not among the candidates that is open, readable and has a place by its own word."""
    left = decision_queries.places_by_course().get(course.id, course.capacity)
    return Absence.LEFT_NO_PLACE if left <= n_taken else Absence.LECTURER_FULL


def _rules_between(
    a: CourseProfile, b: CourseProfile, undone: list[tuple[int, int, bool]], settings: Settings, now: datetime
) -> tuple[Reason, ...]:
    is_tried = frozenset((a.id, b.id)) in match_queries.tried_pairs() - {frozenset(pair[:2]) for pair in undone}
    tried = frozenset({frozenset((str(a.id), str(b.id)))}) if is_tried else frozenset()
    today = now.date()
    try:
        # Places that are taken are told apart, with who took them: as offered here.
        return check(to_matcher(a, a.capacity, today), to_matcher(b, b.capacity, today), rules_of(settings, tried))
    except ProfileError:
        return ()


def _score(a: CourseProfile, b: CourseProfile, this_round: Round, settings: Settings, now: datetime) -> float | None:
    try:
        profiles = [to_matcher(course, course.capacity, now.date()) for course in (a, b)]
    except ProfileError:
        return None
    return scorer_of(settings, this_round.id).explain(*profiles).score


def _numbers(
    found: Candidates,
    undone: list[tuple[int, int, bool]],
    this_round: Round,
    pair: Pair,
    settings: Settings,
    now: datetime,
) -> Numbers:
    rules = rules_of(settings, found.tried)
    decisions = _decisions(found, undone, rules, now)
    matcher = PartnerMatcher(
        balance=this_round.balance,
        rules=rules,
        scorer=scorer_of(settings, this_round.id),
        min_score=settings.min_score,
    )
    a_id, b_id = map(str, pair)
    _reasons, why = matcher.why_not(found.profiles, a_id, b_id, decisions)
    # As the matcher has them: each side by id, as text.
    left, right = (
        [int(own) for own in sorted(profile.id for profile in found.profiles if profile.region is region)]
        for region in (Region.ASIA, Region.EUROPE)
    )
    forced = why.forced
    lost, gained = ([], []) if forced is None else (forced.lost.tolist(), forced.gained.tolist())
    return Numbers(
        why=why,
        partners_a=tuple(Partner(right[one.position], one.score) for one in why.partners_left),
        partners_b=tuple(Partner(left[one.position], one.score) for one in why.partners_right),
        lost=tuple((left[row], right[column]) for row, column in lost),
        gained=tuple((left[row], right[column]) for row, column in gained if [row, column] != [why.row, why.column]),
        share_lost=forced.quality_lost / why.quality if forced is not None and why.quality else 0.0,
        is_capped=any(a_id in cap.left and b_id in cap.right for cap in decisions.caps),
    )


def _decisions(found: Candidates, undone: list[tuple[int, int, bool]], rules: RuleSettings, now: datetime) -> Decisions:
    """Give what coordinators decided and institutions allow, the round's own matches left away."""
    caps = house_caps.load(found.courses.values(), now)
    if caps.targets and undone:
        houses = {course_id: house_of(course) for course_id, course in found.courses.items()}
        own = Counter((houses[a], houses[b]) for a, b, is_open in undone if is_open and {a, b} <= houses.keys())
        rest = Counter(house_limits.open_pairs()) - own
        caps = replace(caps, ledger=Ledger(rest.elements()))
    return house_caps.within(found.profiles, decision_checks.effective(found, rules), caps)
