"""A round's computation: courses in, pairs out; it touches no database.

It takes seconds to minutes and stands between two transactions, so that nobody waits for the database while it
runs: `draft` writes what was found, `draft_publishing` proposes it.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from config import Settings
from matcher import proposals as matcher_proposals
from matcher.explanation import Explanation
from matcher.file_cache import FileCache
from matcher.partner_matcher import PartnerMatcher
from matcher.profile import Region
from matcher.proposals import Proposals
from matcher.rules import RuleSettings
from matcher.scorer import CompatibilityScorer
from matcher.text import TextEncoder
from webapp.rounds import changes, decision_checks, frontiers, house_caps
from webapp.rounds.candidates import Candidates
from webapp.rounds.changes import Looked

Say = Callable[[str], None]
"""Where progress is told, one line at a time."""
Tell = Callable[[str, int, int], None]
"""Where progress is told in figures: what, how many are done, of how many."""

ROUND_HOUR = 5
"""Hour (UTC) of the weekly round on Mondays: early in Europe, before Asia's afternoon."""
EMBEDDINGS = "embeddings.sqlite3"
_STEPS = {
    "embedding": "Reading texts seen for the first time",
    "reading": "Reading courses",
    "comparing": "Comparing all pairs",
    "proving": "Looking for better pairs",
    "explaining": "Explaining proposals",
    "tracing": "Trying other positions of the dial",
    "changing": "Looking for small changes that would help",
}


@dataclass(frozen=True)
class Computed:
    """What the matcher found for the candidates it was given.

    Parameters
    ----------
    started_at
        The instant at which the candidates were loaded (aware).
    candidates
        The courses as they stood then.
    proposals
        The matcher's answer.
    explanations
        Of the alternates, by (Asian or first, European or second) id.
    locked
        Pairs that are there because a coordinator wants them together.
    statistics
        What the scores were computed from, packed here because the database need not wait for it.
    frontier
        What every position of the dial would give.
    changes
        The smallest changes that would help courses left out; see `changes.look_for`.
    """

    started_at: datetime
    candidates: Candidates
    proposals: Proposals
    explanations: dict[tuple[str, str], Explanation]
    locked: frozenset[tuple[str, str]]
    statistics: bytes
    frontier: dict[str, Any] | None
    changes: Looked


def week_of(now: datetime) -> str:
    """Name the ISO week of an instant, such as ``2026-W48``."""
    year, week, _weekday = now.isocalendar()
    return f"{year}-W{week:02d}"


def next_week(now: datetime) -> date:
    """Give the Monday that begins the ISO week after that of an instant, see `week_of`."""
    return now.date() + timedelta(days=7 - now.weekday())


def next_round_at(now: datetime) -> datetime:
    """Tell when the next weekly round runs, after an instant (aware)."""
    here = now.astimezone(UTC)
    monday = (here - timedelta(days=here.weekday())).replace(hour=ROUND_HOUR, minute=0, second=0, microsecond=0)
    return monday if monday > here else monday + timedelta(days=7)


def rules_of(settings: Settings, tried: frozenset[frozenset[str]]) -> RuleSettings:
    """Give the rules of a round, with the pairs that were tried before."""
    return RuleSettings(min_shared_weeks=settings.min_shared_weeks, tried=tried)


def compute(
    found: Candidates,
    now: datetime,
    settings: Settings,
    say: Say,
    *,
    balance: float | None = None,
    tell: Tell | None = None,
) -> Computed:
    """Let the matcher propose; touches no database and gives the same answer for the same candidates.

    Parameters
    ----------
    found
        The courses, the pairs already tried, and what coordinators decided.
    now
        When they were loaded (aware).
    settings
        The alternates, the rules, and the folder where text vectors are kept.
    say
        Where progress is told, in words.
    balance
        The position of the dial; None is that of the settings.
    tell
        Where progress is told, in figures.
    """
    profiles = found.profiles
    counts = Counter(profile.region for profile in profiles)
    say(f"Open courses: {counts[Region.ASIA]} in Asia, {counts[Region.EUROPE]} in Europe.")
    settings.cache_folder.mkdir(parents=True, exist_ok=True)
    progress = _Progress(say, tell or (lambda *_: None))
    encoder = TextEncoder(
        cache=FileCache(settings.cache_folder / EMBEDDINGS), done=lambda *done: progress("embedding", *done)
    )
    rules = rules_of(settings, found.tried)
    decided = decision_checks.effective(found, rules)
    decisions = decided if found.caps is None else house_caps.within(profiles, decided, found.caps)
    matcher = PartnerMatcher(
        balance=settings.balance if balance is None else balance,
        alternates=settings.alternates,
        rules=rules,
        scorer=CompatibilityScorer(encoder=encoder),
        min_score=settings.min_score,
        say=progress,
    )
    proposals = (
        matcher.propose(profiles, decisions)
        if found.caps is None
        else house_caps.propose_within(matcher, profiles, decided, found.caps)
    )
    say(f"Proposals: {len(proposals.pairs)}. Explaining the alternates ...")
    region = {profile.id: profile.region for profile in profiles}
    sides = sorted({_in_order(one, region) for one in proposals.alternates})
    explanations = {pair: proposals.explain(*pair) for pair in sides}
    statistics = proposals.statistics.to_bytes()
    progress("tracing", 0, 1)
    # What follows repeats the steps that were told before, once for all positions.
    progress.is_quiet = True
    frontier = frontiers.trace(matcher, profiles, decisions)
    left_out = [one.profile_id for one in proposals.left_out]
    looked = changes.look_for(
        matcher, profiles, left_out, decisions, now, lambda *done: progress.tell("changing", *done)
    )
    return Computed(now, found, proposals, explanations, decisions.locked, statistics, frontier, looked)


class _Progress:
    """Tells each step once it begins, and how far it is every tenth of the way."""

    def __init__(self, say: Say, tell: Tell) -> None:
        self._say = say
        self._tell = tell
        self._told = ("", 0)
        self.is_quiet = False

    def __call__(self, what: str, done: int, total: int) -> None:
        if not self.is_quiet:
            self.tell(what, done, total)

    def tell(self, what: str, done: int, total: int) -> None:
        """Tell a step even while those that repeat are not told."""
        tenth = 10 * done // total if total else 0
        if self._told != (what, tenth):
            self._told = (what, tenth)
            self._say(f"{_STEPS[what]}: {done} of {total}")
            self._tell(what, done, total)


def _in_order(one: matcher_proposals.Alternate, region: dict[str, Region | None]) -> tuple[str, str]:
    """Ids of a course and its alternate, the Asian first: the order in which a pair is explained."""
    ids = (one.profile_id, one.partner_id)
    return ids if region[one.profile_id] is Region.ASIA else (ids[1], ids[0])
