"""The weekly round: read, compute, write; what happens between reading and writing is checked again.

The computation takes seconds to minutes and stands between two transactions, so that nobody waits for the
database while it runs. Whoever calls these functions commits once, after `publish`.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

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
from webapp.db import db
from webapp.matches import proposals as match_proposals
from webapp.matches.models import Match
from webapp.rounds import candidates, digest, queries
from webapp.rounds.candidates import Candidates
from webapp.rounds.models import LeftOut, Round, RoundState

Say = Callable[[str], None]
"""Where progress is told, one line at a time."""

EMBEDDINGS = "embeddings.sqlite3"
_STEPS = {
    "embedding": "Reading texts seen for the first time",
    "reading": "Reading courses",
    "comparing": "Comparing all pairs",
    "proving": "Looking for better pairs",
    "explaining": "Explaining proposals",
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
    statistics
        What the scores were computed from, packed here because the database need not wait for it.
    """

    started_at: datetime
    candidates: Candidates
    proposals: Proposals
    explanations: dict[tuple[str, str], Explanation]
    statistics: bytes


def week_of(now: datetime) -> str:
    """Name the ISO week of an instant, such as ``2026-W48``."""
    year, week, _weekday = now.isocalendar()
    return f"{year}-W{week:02d}"


def compute(found: Candidates, now: datetime, settings: Settings, say: Say) -> Computed:
    """Let the matcher propose; touches no database and gives the same answer for the same candidates.

    Parameters
    ----------
    found
        The courses and the pairs already tried.
    now
        When they were loaded (aware).
    settings
        The dial, the alternates, the rules, and the folder where text vectors are kept.
    say
        Where progress is told.
    """
    profiles = found.profiles
    counts = Counter(profile.region for profile in profiles)
    say(f"Open courses: {counts[Region.ASIA]} in Asia, {counts[Region.EUROPE]} in Europe.")
    settings.cache_folder.mkdir(parents=True, exist_ok=True)
    progress = _Progress(say)
    encoder = TextEncoder(
        cache=FileCache(settings.cache_folder / EMBEDDINGS), done=lambda *done: progress("embedding", *done)
    )
    matcher = PartnerMatcher(
        balance=settings.balance,
        alternates=settings.alternates,
        rules=RuleSettings(
            min_shared_weeks=settings.min_shared_weeks,
            tried=found.tried,
        ),
        scorer=CompatibilityScorer(encoder=encoder),
        min_score=settings.min_score,
        say=progress,
    )
    proposals = matcher.propose(profiles)
    say(f"Proposals: {len(proposals.pairs)}. Explaining the alternates ...")
    region = {profile.id: profile.region for profile in profiles}
    sides = sorted({_in_order(one, region) for one in proposals.alternates})
    explanations = {pair: proposals.explain(*pair) for pair in sides}
    return Computed(now, found, proposals, explanations, proposals.statistics.to_bytes())


class _Progress:
    """Tells each step once it begins, and how far it is every tenth of the way."""

    def __init__(self, say: Say) -> None:
        self._say = say
        self._told = ("", 0)

    def __call__(self, what: str, done: int, total: int) -> None:
        tenth = 10 * done // total if total else 0
        if self._told != (what, tenth):
            self._told = (what, tenth)
            self._say(f"{_STEPS[what]}: {done} of {total}")


def _in_order(one: matcher_proposals.Alternate, region: dict[str, Region | None]) -> tuple[str, str]:
    """Ids of a course and its alternate, the Asian first: the order in which a pair is explained."""
    ids = (one.profile_id, one.partner_id)
    return ids if region[one.profile_id] is Region.ASIA else (ids[1], ids[0])


def publish(computed: Computed, now: datetime, settings: Settings) -> Round:
    """Write the round, its matches, alternates and left-out courses, and promise the digest.

    Call it in a transaction of its own and commit after it: all or nothing. Courses that were changed,
    withdrawn or matched since they were loaded are left away with every pair they stand in, and pairs of lecturers
    beyond the number of exchanges they want at once.

    Parameters
    ----------
    computed
        What the matcher found.
    now
        The instant of publication (aware); the round belongs to its ISO week.
    settings
        Days to answer, and what the digest needs.

    Raises
    ------
    sqlalchemy.exc.IntegrityError
        When this week's round was published meanwhile.
    """
    report = computed.proposals.report
    this_round = Round(
        week=week_of(now),
        published_week=week_of(now),
        state=RoundState.PUBLISHED,
        started_at=computed.started_at,
        published_at=now,
        balance=settings.balance,
        n_courses_a=report.n_a,
        n_courses_b=report.n_b,
        n_matches=0,
        report=asdict(report),
        statistics=computed.statistics,
        certificate=computed.proposals.certificate.to_dict(),
    )
    db.session.add(this_round)
    # The unique key speaks now, before anything else is written.
    db.session.flush()
    current = candidates.load(now, hold=True)
    matches = _write_matches(computed, current, this_round, now, settings)
    _write_alternates(computed, current, this_round)
    left_out = _write_left_out(computed, current, this_round)
    this_round.n_matches = len(matches)
    db.session.flush()
    digest.promise_all(this_round, matches, left_out, queries.before(this_round.week), now)
    return this_round


def _is_unchanged(profile_id: str, before: Candidates, current: Candidates) -> bool:
    course_id = int(profile_id)
    return course_id in current.versions and current.versions[course_id] == before.versions[course_id]


def _write_matches(
    computed: Computed, current: Candidates, this_round: Round, now: datetime, settings: Settings
) -> list[Match]:
    free = {profile.id: profile.capacity for profile in current.profiles}
    room = dict(current.room)
    written: list[Match] = []
    # The better pair first: of several courses of one lecturer it is the one that fits best that gets the place.
    for pair in sorted(computed.proposals.pairs, key=lambda it: (-it.explanation.score, it.a_id, it.b_id)):
        ids = (pair.a_id, pair.b_id)
        if not all(_is_unchanged(each, computed.candidates, current) and free[each] > 0 for each in ids):
            continue
        lecturers = [current.courses[int(each)].lecturer_id for each in ids]
        if frozenset(ids) in current.tried or any(room.get(lecturer, 1) < 1 for lecturer in lecturers):
            continue
        for each, lecturer in zip(ids, lecturers, strict=True):
            free[each] -= 1
            if lecturer in room:
                room[lecturer] -= 1
        written.append(
            match_proposals.propose(
                current.courses[int(pair.a_id)],
                current.courses[int(pair.b_id)],
                round_id=this_round.id,
                score=pair.explanation.score,
                confidence=pair.explanation.confidence,
                explanation=pair.explanation.to_dict(),
                respond_by=now + timedelta(days=settings.respond_days),
                now=now,
            )
        )
    return written


def _write_alternates(computed: Computed, current: Candidates, this_round: Round) -> None:
    region = {profile.id: profile.region for profile in computed.candidates.profiles}
    for one in computed.proposals.alternates:
        ids = (one.profile_id, one.partner_id)
        if not all(_is_unchanged(each, computed.candidates, current) for each in ids):
            continue
        explanation = computed.explanations[_in_order(one, region)]
        match_proposals.keep_alternate(
            current.courses[int(one.profile_id)],
            current.courses[int(one.partner_id)],
            round_id=this_round.id,
            rank=one.rank,
            score=one.score,
            confidence=explanation.confidence,
            explanation=explanation.to_dict(),
        )


def _write_left_out(computed: Computed, current: Candidates, this_round: Round) -> list[LeftOut]:
    written: list[LeftOut] = []
    for one in computed.proposals.left_out:
        if not _is_unchanged(one.profile_id, computed.candidates, current):
            continue
        row = LeftOut(round=this_round, course=current.courses[int(one.profile_id)], reason=one.reason.to_dict())
        db.session.add(row)
        written.append(row)
    return written
