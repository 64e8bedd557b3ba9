"""The balance of one institution out of its matches: by country, by term, students, leads, days to answer.

Pure: rows in, figures out; every figure with the number of matches it rests on.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Any

from webapp.matches.lifecycle import Action, Side, State
from webapp.matches.models import Match
from webapp.profiles.for_matcher import usual_students
from webapp.profiles.models import CourseProfile

_DAY = 86_400
_SHARE = 0.9
EXCHANGES = frozenset({State.APPROVED, State.ACTIVE, State.COMPLETED})
"""States in which a match is an exchange: it is approved, and nobody has ended it."""


@dataclass(frozen=True)
class HouseMatch:
    """A match as one of its two institutions sees it.

    Parameters
    ----------
    own, partner
        The two courses.
    own_students, partner_students
        Students on each side; None where nobody said.
    leader
        ``own``, ``partner`` or ``both``; empty where nobody is named.
    lecturer_seconds, office_seconds
        How long the own side took for each of its answers.
    """

    match: Match
    own: CourseProfile
    partner: CourseProfile
    own_students: float | None
    partner_students: float | None
    leader: str
    lecturer_seconds: tuple[float, ...]
    office_seconds: tuple[float, ...]


@dataclass(frozen=True)
class Group:
    """Figures of some matches.

    ``own_students`` rests on ``own_base`` of the ``n`` matches, ``partner_students`` on ``partner_base``; of
    ``lead_base`` matches somebody leads. ``n_exchanges`` of the matches are approved.
    """

    key: Hashable
    n: int
    n_exchanges: int
    own_students: int
    own_base: int
    partner_students: int
    partner_base: int
    own_leads: int
    partner_leads: int
    both_lead: int

    @property
    def lead_base(self) -> int:
        """Matches in which somebody is named to lead."""
        return self.own_leads + self.partner_leads + self.both_lead


@dataclass(frozen=True)
class Waits:
    """How long answers took, in days: half were there after ``middle``, 90 of 100 after ``most``; None without any."""

    n: int
    middle: float | None
    most: float | None


@dataclass(frozen=True)
class Balance:
    """Everything the page shows."""

    total: Group
    countries: tuple[Group, ...]
    terms: tuple[Group, ...]
    lecturers: Waits
    office: Waits


def seen_from(match: Match, side: Side, plan: Mapping[str, Any] | None) -> HouseMatch:
    """See a match from one side.

    Parameters
    ----------
    match
        With courses and events loaded.
    plan
        The newest document of its plan; None when it has none. What it says goes before what the courses say.
    """
    own, partner = match.course(side), match.course(side.other)
    leader = str((plan or {}).get("leader") or match.explanation.get("lead") or "")
    seen = {side.value: "own", side.other.value: "partner", "both": "both"}
    return HouseMatch(
        match=match,
        own=own,
        partner=partner,
        own_students=_students(plan, side, own),
        partner_students=_students(plan, side.other, partner),
        leader=seen.get(leader, ""),
        lecturer_seconds=tuple(_lecturer_answers(match, side)),
        office_seconds=tuple(_office_answers(match, side)),
    )


def _students(plan: Mapping[str, Any] | None, side: Side, course: CourseProfile) -> float | None:
    """The middle of what the plan says, else the usual size of the class."""
    stated = ((plan or {}).get("students") or {}).get(side.value) or {}
    ends = [number for name in ("from", "to") if isinstance(number := stated.get(name), int)]
    return sum(ends) / len(ends) if ends else usual_students(course)


def _lecturer_answers(match: Match, side: Side) -> Iterator[float]:
    """Seconds from each question to the yes or no of the lecturer of a side."""
    asked: datetime | None = None
    for event in match.events:
        if event.action is Action.PROPOSE:
            # Who invites the other has answered before being asked.
            asked = None if event.side is side else event.at
        elif event.action is Action.RETURN:
            asked = event.at
        elif asked and event.side is side and event.action in (Action.ACCEPT, Action.DECLINE):
            yield (event.at - asked).total_seconds()
            asked = None


def _office_answers(match: Match, side: Side) -> Iterator[float]:
    """Seconds from each question to the first step of the office of a side."""
    asked: datetime | None = None
    accepted: set[tuple[int, Side | None]] = set()
    for event in match.events:
        if event.action is Action.ACCEPT:
            accepted.add((event.turn, event.side))
            if {(event.turn, Side.A), (event.turn, Side.B)} <= accepted:
                asked = event.at
        elif event.action is Action.CHANGE:
            asked = event.at
        elif asked and event.action in (Action.ENDORSE, Action.APPROVE, Action.RETURN, Action.DECLINE):
            if event.side is side and event.actor_id is not None:
                yield (event.at - asked).total_seconds()
                asked = None
            elif event.action in (Action.RETURN, Action.DECLINE):
                asked = None


def balance(matches: Sequence[HouseMatch]) -> Balance:
    """Count all matches of an institution."""
    countries = grouped(matches, lambda one: one.partner.institution.country)
    terms = grouped(matches, lambda one: term_key(one.own))
    return Balance(
        total=_group("", matches),
        countries=tuple(sorted(countries, key=lambda group: (-group.n, str(group.key)))),
        terms=tuple(sorted(terms, key=lambda group: str(group.key))),
        lecturers=waits(seconds for one in matches for seconds in one.lecturer_seconds),
        office=waits(seconds for one in matches for seconds in one.office_seconds),
    )


def term_key(course: CourseProfile) -> tuple[str, str]:
    """Name the term of a course for sorting: month of its first day (``2027-02``), and what people call it."""
    month = course.starts_on.strftime("%Y-%m") if course.starts_on else "9999"
    return month, " ".join((course.term_name or "").split())


def grouped(matches: Iterable[HouseMatch], key: Callable[[HouseMatch], Hashable]) -> list[Group]:
    """Count matches in groups."""
    found: dict[Hashable, list[HouseMatch]] = defaultdict(list)
    for one in matches:
        found[key(one)].append(one)
    return [_group(name, ones) for name, ones in found.items()]


def _group(key: Hashable, matches: Sequence[HouseMatch]) -> Group:
    own = [one.own_students for one in matches if one.own_students is not None]
    partner = [one.partner_students for one in matches if one.partner_students is not None]
    leaders = [one.leader for one in matches]
    return Group(
        key=key,
        n=len(matches),
        n_exchanges=sum(one.match.state in EXCHANGES for one in matches),
        own_students=round(sum(own)),
        own_base=len(own),
        partner_students=round(sum(partner)),
        partner_base=len(partner),
        own_leads=leaders.count("own"),
        partner_leads=leaders.count("partner"),
        both_lead=leaders.count("both"),
    )


def waits(seconds: Iterable[float]) -> Waits:
    """Tell how long answers took."""
    ordered = sorted(seconds)
    if not ordered:
        return Waits(0, None, None)
    return Waits(len(ordered), median(ordered) / _DAY, ordered[math.ceil(_SHARE * len(ordered)) - 1] / _DAY)
