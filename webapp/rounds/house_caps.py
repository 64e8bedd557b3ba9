"""Limits of institutions in a round: how many exchanges at once they want and allow with whom.

"At most n" is a hard rule, with one partner, with one country or in all, and counts what is open already. "At least n
in all" comes before fit and balance, as far as partners can be found. "At least n" with one partner or country is a
wish an office watches on its own page: the matcher cannot promise it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from matcher.limits import Limits
from matcher.market import Decisions, groups
from matcher.pair_caps import PairCap
from matcher.partner_matcher import PartnerMatcher
from matcher.profile import CourseProfile as MatcherProfile
from matcher.profile import Region
from matcher.proposals import Proposals
from webapp.institutions.models import TargetScope
from webapp.matches import house_limits
from webapp.matches.house_limits import House, Ledger, Target, house_of
from webapp.profiles.models import CourseProfile

log = structlog.get_logger()


@dataclass(frozen=True)
class Caps:
    """What institutions want and allow, and what is open already.

    Parameters
    ----------
    houses
        The institution of each course, by the course's id as text.
    targets
        Of all institutions, in the order of their ids.
    ledger
        Open exchanges; whoever publishes counts every new one in it.
    loaded_at
        The instant of which this speaks (aware).
    """

    houses: Mapping[str, House]
    targets: tuple[Target, ...]
    ledger: Ledger
    loaded_at: datetime

    def leaves_room(self, a_id: str, b_id: str) -> bool:
        """Whether one more exchange between two courses (ids as text) breaks no limit."""
        return self.ledger.broken(self.targets, self.houses[a_id], self.houses[b_id]) is None

    def take(self, a_id: str, b_id: str) -> None:
        """Count one more exchange between two courses."""
        self.ledger.add(self.houses[a_id], self.houses[b_id])


def load(courses: Iterable[CourseProfile], now: datetime, *, hold: bool = False) -> Caps:
    """Load the limits of all institutions in a market, in two queries.

    Parameters
    ----------
    courses
        Rows of the courses that take part, with their institutions: ``candidates.courses.values()``.
    now
        The instant (aware).
    hold
        Whether nobody else may propose within these limits until the transaction ends.
    """
    houses = {str(course.id): house_of(course) for course in courses}
    ids = {house.institution_id for house in houses.values()}
    targets = tuple(target for target in house_limits.targets_of(hold=hold) if target.institution_id in ids)
    return Caps(houses, targets, Ledger(house_limits.open_pairs() if targets else ()), now)


def within(profiles: Sequence[MatcherProfile], decisions: Decisions, caps: Caps) -> Decisions:
    """Add the limits of institutions to what coordinators decided; unchanged where no institution has any."""
    if not caps.targets:
        return decisions
    sides = {region: [one for one in profiles if one.region is region] for region in (Region.ASIA, Region.EUROPE)}
    bounds = [
        bound
        for region, other in ((Region.ASIA, Region.EUROPE), (Region.EUROPE, Region.ASIA))
        for bound in _bounds(region, sides[region], sides[other], caps)
    ]
    limits = {**_limits(sides[Region.ASIA], caps), **_limits(sides[Region.EUROPE], caps)}
    return replace(decisions, limits={**decisions.limits, **limits}, caps=(*decisions.caps, *bounds))


def propose_within(
    matcher: PartnerMatcher, profiles: Sequence[MatcherProfile], decisions: Decisions, caps: Caps
) -> Proposals:
    """Propose partnerships that break no limit of an institution; `matcher.propose` where there are none.

    Parameters
    ----------
    profiles
        Courses whose institutions ``caps`` knows.
    decisions
        Pairs a coordinator locked or forbids. Of more locked pairs than a limit allows the best are made.
    caps
        See `load`.
    """
    proposals = matcher.propose(profiles, within(profiles, decisions, caps))
    for institution_id, n_missing in sorted(short_of(proposals, caps).items()):
        log.info("an institution stays below the number it wants", institution_id=institution_id, n_missing=n_missing)
    return proposals


def short_of(proposals: Proposals, caps: Caps) -> dict[int, int]:
    """Count the exchanges missing below what institutions (id) want at least in all; only where some are."""
    new = Counter(caps.houses[end].institution_id for pair in proposals.pairs for end in (pair.a_id, pair.b_id))
    missing: dict[int, int] = {}
    for target in caps.targets:
        if target.scope is TargetScope.ALL and target.at_least is not None:
            own = target.institution_id
            its = target.at_least - caps.ledger.n_open(own, ("all", "")) - new[own]
            missing[own] = max(its, missing.get(own, 0))
    return {own: its for own, its in missing.items() if its > 0}


def _bounds(
    region: Region, side: Sequence[MatcherProfile], partners: Sequence[MatcherProfile], caps: Caps
) -> list[PairCap]:
    """Caps of the institutions of one side; those that places alone already keep are left away."""
    own_courses = defaultdict(list)
    for one in side:
        own_courses[caps.houses[one.id].institution_id].append(one)
    found = []
    for target in caps.targets:
        own = own_courses.get(target.institution_id)
        if target.at_most is None or not own:
            continue
        spoken_of: dict[tuple[str, int | str], list[MatcherProfile]] = defaultdict(list)
        for one in partners:
            house = caps.houses[one.id]
            if target.speaks_of(house):
                spoken_of[target.group(house)].append(one)
        for group, others in spoken_of.items():
            room = max(target.at_most - caps.ledger.n_open(target.institution_id, group), 0)
            if min(sum(one.capacity for one in part) for part in (own, others)) > room:
                near, far = (frozenset(one.id for one in part) for part in (own, others))
                found.append(PairCap(near, far, room) if region is Region.ASIA else PairCap(far, near, room))
    return found


def _limits(side: Sequence[MatcherProfile], caps: Caps) -> dict[str, Limits]:
    """Limits over all partners, by one course of each institution.

    Institutions whose names the matcher cannot tell apart get none: their caps are kept pair by pair, too.
    """
    known_as: dict[str, dict[int, str]] = defaultdict(dict)
    for one, label in zip(side, groups(side)[0], strict=True):
        known_as[label].setdefault(caps.houses[one.id].institution_id, one.id)
    course_of = {own: course_id for its in known_as.values() if len(its) == 1 for own, course_id in its.items()}
    found: dict[str, Limits] = {}
    for target in caps.targets:
        course_id = course_of.get(target.institution_id)
        if target.scope is not TargetScope.ALL or course_id is None:
            continue
        n_open = caps.ledger.n_open(target.institution_id, ("all", ""))
        before = found.get(course_id, Limits())
        rooms = [max(target.at_most - n_open, 0)] if target.at_most is not None else []
        cap = min([*rooms, *([] if before.cap is None else [before.cap])], default=None)
        minimum = max(before.minimum, (target.at_least or 0) - n_open)
        found[course_id] = Limits(minimum if cap is None else min(minimum, cap), cap)
    return found
