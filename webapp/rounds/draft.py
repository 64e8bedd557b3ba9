"""Writing down what a round found: pairs, alternates, courses left out, figures. Nobody is told of it yet."""

from dataclasses import asdict

from webapp.db import db
from webapp.errors import WrongStateError
from webapp.matches.models import Alternate
from webapp.matches.proposals import in_order
from webapp.profiles.models import CourseProfile
from webapp.rounds import changes, draft_queries, draft_warnings, queries
from webapp.rounds.draft_warnings import Found
from webapp.rounds.matching import Computed
from webapp.rounds.models import LeftOut, Round, RoundPair, RoundState

WARNINGS = "warnings"
"""Where the report of a round keeps the ids of pairs to look at, by the code of the warning."""


def write(this_round: Round, computed: Computed) -> None:
    """Turn a round that is being computed into a draft, in the caller's transaction.

    Raises
    ------
    WrongStateError
        When somebody discarded it meanwhile.
    """
    report = computed.proposals.report
    if not queries.step(this_round.id, [RoundState.COMPUTING], RoundState.DRAFT, progress={}):
        raise WrongStateError()
    courses = draft_queries.courses([int(profile.id) for profile in computed.candidates.profiles])
    pairs = _write_pairs(this_round, computed, courses)
    _write_alternates(this_round, computed, courses)
    for one in computed.proposals.left_out:
        if int(one.profile_id) in courses:
            course_id = int(one.profile_id)
            # Publishing tells by the version whether the course was changed since.
            reason = one.reason.to_dict() | {"version": computed.candidates.versions.get(course_id)}
            reason[changes.SOUGHT] = one.profile_id not in computed.changes.unsought
            row = LeftOut(round_id=this_round.id, course_id=course_id, reason=reason)
            row.change = computed.changes.found.get(one.profile_id)
            db.session.add(row)
    warnings = draft_warnings.of(pairs, draft_queries.open_matches_by_institutions())
    this_round.n_courses_a, this_round.n_courses_b = report.n_a, report.n_b
    this_round.n_matches = len(pairs)
    this_round.report = asdict(report) | {WARNINGS: warnings}
    this_round.statistics = computed.statistics
    this_round.certificate = computed.proposals.certificate.to_dict()
    this_round.frontier = computed.frontier
    db.session.flush()


def _write_pairs(this_round: Round, computed: Computed, courses: dict[int, CourseProfile]) -> list[Found]:
    versions = computed.candidates.versions
    written = []
    for pair in computed.proposals.pairs:
        a_id, b_id = int(pair.a_id), int(pair.b_id)
        if not {a_id, b_id} <= courses.keys():
            continue
        row = RoundPair(
            round_id=this_round.id,
            course_a_id=a_id,
            course_b_id=b_id,
            version_a=versions[a_id],
            version_b=versions[b_id],
            score=pair.explanation.score,
            confidence=pair.explanation.confidence,
            is_locked=(pair.a_id, pair.b_id) in computed.locked,
            # Kept beside the explanation: a plan begins with the side the matcher lets lead.
            explanation={**pair.explanation.to_dict(), "lead": "a" if pair.lead == pair.a_id else "b"},
        )
        written.append(Found(row, pair.explanation, courses[a_id], courses[b_id]))
    db.session.add_all(one.row for one in written)
    db.session.flush()
    return written


def _write_alternates(this_round: Round, computed: Computed, courses: dict[int, CourseProfile]) -> None:
    versions = computed.candidates.versions
    for one in computed.proposals.alternates:
        course_id, partner_id = int(one.profile_id), int(one.partner_id)
        if not {course_id, partner_id} <= courses.keys():
            continue
        a, b = in_order(courses[course_id], courses[partner_id])
        explanation = computed.explanations[str(a.id), str(b.id)]
        db.session.add(
            Alternate(
                round_id=this_round.id,
                course_id=course_id,
                partner_id=partner_id,
                rank=one.rank,
                score=one.score,
                confidence=explanation.confidence,
                explanation=explanation.to_dict() | {"versions": [versions[course_id], versions[partner_id]]},
            )
        )


def warnings_of(this_round: Round) -> dict[str, set[int]]:
    """Give the pairs of a round to look at, by the code of the warning; rounds of former times have none."""
    kept = this_round.report.get(WARNINGS, {})
    return {code: set(kept.get(code, ())) for code in draft_warnings.CODES}
