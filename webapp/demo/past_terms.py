"""Past terms of the demonstration: its courses as they were offered earlier, and the rounds that matched them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from config import Settings
from matcher.file_cache import FileCache
from matcher.partner_matcher import PartnerMatcher
from matcher.proposals import Proposals
from matcher.scorer import CompatibilityScorer
from matcher.text import TextEncoder
from webapp.accounts.models import User
from webapp.db import db
from webapp.demo.dates import moved
from webapp.matches import proposals
from webapp.matches.models import Match
from webapp.profiles import rules
from webapp.profiles.for_matcher import to_matcher
from webapp.profiles.models import CourseProfile
from webapp.rounds import draft, draft_queries, queries
from webapp.rounds.candidates import Candidates
from webapp.rounds.changes import Looked
from webapp.rounds.matching import EMBEDDINGS, Computed, rules_of, week_of
from webapp.rounds.models import Round, RoundState

_OPENED_BEFORE = timedelta(days=5)
_QUARTERS = 4


@dataclass(frozen=True)
class PastTerm:
    """One past term.

    Parameters
    ----------
    begins
        Weeks from the Monday of loading to the one on which its first course begins; before it when negative.
    matched
        The same to the Monday of its round.
    quarters
        Which courses were offered: each belongs to one of four quarters, 0 to 3, by its line in the file.
    """

    begins: int
    matched: int
    quarters: frozenset[int]


PAST_TERMS = (
    PastTerm(begins=-70, matched=-81, quarters=frozenset({0, 1, 2})),
    PastTerm(begins=-38, matched=-49, quarters=frozenset({1, 2, 3})),
    PastTerm(begins=-12, matched=-19, quarters=frozenset({0, 2})),
)
"""The oldest first. The last one is under way: some of its exchanges run, some begin soon."""


@dataclass(frozen=True)
class Offered:
    """The courses of a past term, and the line of the file each was made from.

    Parameters
    ----------
    rows
        By id, in the order of the file.
    lines
        Id of the course in the file, by the row's id.
    """

    rows: Mapping[int, CourseProfile]
    lines: Mapping[int, str]


def offer(
    term: PastTerm,
    mappings: Sequence[Mapping[str, Any]],
    filled_in: Mapping[str, list[str]],
    lecturers: Mapping[str, User],
    monday: datetime,
) -> Offered:
    """Open the courses of a past term, flushed: those of the demonstration that have dates, moved by whole weeks.

    Parameters
    ----------
    term
        Which one.
    mappings
        The courses as in profiles.jsonl.
    filled_in
        Which fields were filled in, by the course's id in the file.
    lecturers
        Who teaches a course, by its id in the file.
    monday
        The Monday of loading (aware).
    """
    dated = [mapping for mapping in mappings if mapping.get("starts_on") and mapping.get("ends_on")]
    first = min(date.fromisoformat(mapping["starts_on"]) for mapping in dated)
    begins = monday.date() + timedelta(weeks=term.begins)
    step = timedelta(weeks=(begins - first).days // 7)
    at = _round_of(term, monday) - _OPENED_BEFORE
    rows, lines = [], []
    for line, mapping in enumerate(moved(dated, step)):
        if line % _QUARTERS not in term.quarters:
            continue
        stated = {name: mapping[name] for name in rules.COLUMNS if name in mapping}
        days = {name: date.fromisoformat(mapping[name]) for name in ("starts_on", "ends_on")}
        course = rules.new_course(lecturers[mapping["id"]], rules.no_values() | stated | days, at)
        course.filled_in = filled_in[mapping["id"]]
        rules.publish(course, course.lecturer, at)
        rows.append(course)
        lines.append(mapping["id"])
    db.session.add_all(rows)
    db.session.flush()
    return Offered({row.id: row for row in rows}, {row.id: line for row, line in zip(rows, lines, strict=True)})


def run_round(
    term: PastTerm, offered: Offered, tried: Iterable[frozenset[str]], monday: datetime, settings: Settings
) -> tuple[Sequence[Match], Proposals]:
    """Match the courses of a past term as a weekly round does, publish what was found, and write to nobody.

    Parameters
    ----------
    term, offered
        The term and its courses.
    tried
        Pairs of lines that were matched in a term before; who has met looks for somebody new.
    monday
        The Monday of loading (aware).
    settings
        The dial, the rules, and the folder where text vectors are kept.

    Returns
    -------
    (sequence of Match, Proposals)
        The proposals, the best first, and what the matcher said.
    """
    at = _round_of(term, monday)
    row_of = {line: str(row_id) for row_id, line in offered.lines.items()}
    met = frozenset(frozenset(row_of[line] for line in pair) for pair in tried if pair <= row_of.keys())
    courses = offered.rows
    profiles = tuple(to_matcher(course, course.capacity, at.date()) for course in courses.values())
    settings.cache_folder.mkdir(parents=True, exist_ok=True)
    matcher = PartnerMatcher(
        balance=settings.balance,
        alternates=settings.alternates,
        rules=rules_of(settings, met),
        scorer=CompatibilityScorer(encoder=TextEncoder(cache=FileCache(settings.cache_folder / EMBEDDINGS))),
        min_score=settings.min_score,
    )
    found = matcher.propose(profiles)
    versions = {course_id: course.version for course_id, course in courses.items()}
    computed = Computed(
        started_at=at,
        candidates=Candidates(courses, profiles, versions, met, {}),
        # Nobody comes in for a match that fell away, see `webapp.matches.decisions.move`.
        proposals=replace(found, alternates=()),
        explanations={},
        locked=frozenset(),
        statistics=b"",
        frontier=None,
        # Nor are small changes looked for in a term that is over.
        changes=Looked(unsought=frozenset(one.profile_id for one in found.left_out)),
    )
    week = week_of(at)
    this_round = Round(week=week, state=RoundState.COMPUTING, started_at=at, balance=settings.balance)
    db.session.add(this_round)
    db.session.flush()
    draft.write(this_round, computed)
    # A round of former times: nobody asks it for new scores.
    this_round.statistics = None
    published = {"published_week": week, "published_at": at, "digests_done_at": at}
    queries.step(this_round.id, [RoundState.DRAFT], RoundState.PUBLISHED, **published)
    matches = [
        proposals.propose(
            courses[pair.course_a_id],
            courses[pair.course_b_id],
            round_id=this_round.id,
            score=pair.score,
            confidence=pair.confidence,
            explanation=pair.explanation,
            respond_by=at + timedelta(days=settings.respond_days),
            now=at,
        )
        for pair in draft_queries.pairs_to_publish(this_round.id)
    ]
    db.session.flush()
    return matches, found


def _round_of(term: PastTerm, monday: datetime) -> datetime:
    return monday + timedelta(weeks=term.matched)
