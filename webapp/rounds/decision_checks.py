"""Which of the coordinators' decisions a round can keep: a rule is never broken, not even by a lock."""

from collections import Counter
from collections.abc import Mapping

from matcher.market import Decisions
from matcher.profile import CourseProfile, Region
from matcher.reasons import Reason
from matcher.rules import RuleSettings, check
from webapp.rounds.candidates import Candidates


def effective(found: Candidates, rules: RuleSettings) -> Decisions:
    """Pick the decisions that hold for these courses.

    Left away are decisions about courses that do not take part, locks that a rule forbids, and locks beyond the
    places of a course: the older decision comes first.

    Parameters
    ----------
    found
        The courses of a round, and what was decided.
    rules
        The rules of the round.
    """
    profiles = {profile.id: profile for profile in found.profiles}
    used: Counter[str] = Counter()
    locked: list[tuple[str, str]] = []
    for pair in found.locked:
        if _stands_between_regions(pair, profiles) and not _hindrances(pair, profiles, rules):
            if pair in found.forbidden or any(used[one] >= profiles[one].capacity for one in pair):
                continue
            used.update(pair)
            locked.append(pair)
    forbidden = {pair for pair in found.forbidden if _stands_between_regions(pair, profiles)}
    return Decisions(locked=frozenset(locked), forbidden=frozenset(forbidden))


def _hindrances(
    pair: tuple[str, str], profiles: Mapping[str, CourseProfile], rules: RuleSettings
) -> tuple[Reason, ...]:
    return check(profiles[pair[0]], profiles[pair[1]], rules)


def _stands_between_regions(pair: tuple[str, str], profiles: Mapping[str, CourseProfile]) -> bool:
    """Whether both courses take part, the Asian one named first."""
    sides = [profiles[one].region if one in profiles else None for one in pair]
    return sides == [Region.ASIA, Region.EUROPE]
